import { Refusal } from '../../shared/errors.ts'
import { reasonSentence } from '../../shared/opt-out-reasons.ts'
import {
  countThreadTags,
  deleteNote,
  insertNote,
  likelyOptOut,
  likelyOptOuts,
  noteById,
  setIntent,
  setThreadTags,
  tagsOfThreads,
  threadTagNamed,
} from '../db/conversations.ts'
import { confirmSuppression, liftSuppression } from '../db/suppression.ts'
import { fullName } from '../domain/fields.ts'
import type { CampaignParts } from './campaigns/parts.ts'
import { idCursor, nextCursor } from './cursor.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import { shownNote, wantedThread } from './threads.ts'
import { callMentioned } from './triage.ts'

type ConversationOperations =
  | 'inbox.set-tags'
  | 'inbox.tags'
  | 'inbox.add-note'
  | 'inbox.delete-note'
  | 'inbox.review'
  | 'inbox.decide-opt-out'

/** What people of the hub add to threads: tags, notes, and their word on likely opt-outs. */
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
          clock.now(),
        )
        return tagsOfThreads(tx, [threadId]).get(threadId) ?? []
      })
      parts.background.wake()
      happenings.tell({ type: 'thread', id: threadId })
      return { tags: set }
    },

    'inbox.tags': () => ({ tags: countThreadTags(db) }),

    'inbox.add-note': ({ threadId, body }, { actor, caller, commit }) => {
      const note = commit((tx, about) => {
        about('thread', wantedThread(tx, threadId).id)
        const id = insertNote(tx, { threadId, body, by: actor, at: clock.now() })
        callMentioned(tx, id, body, caller)
        return shownNote(tx, noteById(tx, id)!, actor)
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

    'inbox.review': ({ limit, after }) => {
      const rows = likelyOptOuts(db, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      return {
        items: rows.map(({ firstName, lastName, inboundId: _text, ...row }) => ({
          ...row,
          name: fullName({ firstName, lastName }),
          why: row.reason === '' ? '' : reasonSentence('stop_likely', row.reason, row.matched),
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
