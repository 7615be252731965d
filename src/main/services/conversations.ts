import { Refusal } from '../../shared/errors.ts'
import {
  countThreadTags,
  deleteNote,
  deleteReplyTemplate,
  insertNote,
  insertReplyTemplate,
  likelyOptOut,
  likelyOptOuts,
  listReplyTemplates,
  noteById,
  replyTemplateById,
  replyTemplateNamed,
  setIntent,
  setThreadTags,
  tagsOfThreads,
  threadTagNamed,
  updateReplyTemplate,
} from '../db/conversations.ts'
import type { Reader } from '../db/database.ts'
import { confirmSuppression, liftSuppression } from '../db/suppression.ts'
import { fullName } from '../domain/fields.ts'
import type { CampaignParts } from './campaigns/parts.ts'
import { idCursor, nextCursor } from './cursor.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import { nameOf, wantedThread } from './threads.ts'

type ConversationOperations =
  | 'inbox.set-tags'
  | 'inbox.tags'
  | 'inbox.add-note'
  | 'inbox.delete-note'
  | 'inbox.templates'
  | 'inbox.save-template'
  | 'inbox.delete-template'
  | 'inbox.review'
  | 'inbox.decide-opt-out'

/** What people of the hub add to threads: tags, notes, saved texts, and their word on likely opt-outs. */
export function conversationHandlers(parts: CampaignParts): HandlersFor<ConversationOperations> {
  const { db, clock, happenings } = parts
  return {
    'inbox.set-tags': ({ threadId, tags }, { commit }) => {
      const set = commit((tx, about) => {
        about('thread', wantedThread(tx, threadId).id)
        setThreadTags(
          tx,
          threadId,
          tags.map(tag => threadTagNamed(tx, tag) ?? tag),
        )
        return tagsOfThreads(tx, [threadId]).get(threadId) ?? []
      })
      happenings.tell({ type: 'thread', id: threadId })
      return { tags: set }
    },

    'inbox.tags': () => ({ tags: countThreadTags(db) }),

    'inbox.add-note': ({ threadId, body }, { actor, commit }) => {
      const note = commit((tx, about) => {
        about('thread', wantedThread(tx, threadId).id)
        const note = { body, by: actor, at: clock.now() }
        return { id: insertNote(tx, { threadId, ...note }), ...note, by: nameOf(tx, actor) }
      })
      happenings.tell({ type: 'thread', id: threadId })
      return note
    },

    'inbox.delete-note': ({ id }, { commit }) => {
      const threadId = commit((tx, about) => {
        const note = noteById(tx, id)
        if (!note) throw new Refusal('not_found', 'There is no such note (any more).')
        about('thread', note.threadId)
        deleteNote(tx, id)
        return note.threadId
      })
      happenings.tell({ type: 'thread', id: threadId })
      return { done: true }
    },

    'inbox.templates': () => ({ templates: listReplyTemplates(db) }),

    'inbox.save-template': ({ id, name, body }, { actor, commit }) =>
      commit((tx, about) => {
        if (id !== undefined) wantedTemplate(tx, id)
        const other = replyTemplateNamed(tx, name)
        if (other && other.id !== id) {
          const message = `There is a reply template "${other.name}" already. Choose another name.`
          throw new Refusal('exists_already', message, { name: message })
        }
        const saved = { name, body }
        if (id !== undefined) updateReplyTemplate(tx, { id, ...saved }, clock.now())
        const kept = id ?? insertReplyTemplate(tx, { ...saved, by: actor, at: clock.now() })
        about('reply-template', kept)
        return { id: kept, ...saved }
      }),

    'inbox.delete-template': ({ id }, { commit }) => {
      commit((tx, about) => {
        about('reply-template', wantedTemplate(tx, id).id)
        deleteReplyTemplate(tx, id)
      })
      return { done: true }
    },

    'inbox.review': ({ limit, after }) => {
      const rows = likelyOptOuts(db, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      return {
        items: rows.map(({ firstName, lastName, inboundId: _text, ...row }) => ({
          ...row,
          name: fullName({ firstName, lastName }),
        })),
        next: nextCursor(rows, limit, row => row.id),
      }
    },

    'inbox.decide-opt-out': ({ id, as }, { actor, commit }) => {
      const threadId = commit((tx, about) => {
        const likely = likelyOptOut(tx, id)
        if (!likely) throw new Refusal('not_found', 'Somebody has decided this already.')
        about('suppression', id)
        if (as === 'opt-out') confirmSuppression(tx, id, 'wording', actor)
        else {
          const lift = { why: 'It was no opt-out.', by: actor, at: parts.clock.now() }
          liftSuppression(tx, likely.number, parts.numberHash.of(likely.number), lift)
        }
        if (likely.inboundId !== null) setIntent(tx, likely.inboundId, as === 'opt-out' ? 'stop' : 'none')
        return likely.threadId
      })
      if (threadId !== null) happenings.tell({ type: 'thread', id: threadId })
      return { done: true }
    },
  }
}

function wantedTemplate(db: Reader, id: number) {
  const template = replyTemplateById(db, id)
  if (!template) throw new Refusal('not_found', 'There is no such reply template (any more).')
  return template
}
