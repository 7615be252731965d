import { Refusal } from '../../shared/errors.ts'
import type { InputOf, OutputOf } from '../../shared/operations/index.ts'
import { MAX_SEGMENTS, measure } from '../../shared/sms/segments.ts'
import { tidyBody } from '../../shared/sms/template.ts'
import { contactByNumber } from '../db/contacts.ts'
import { tagsOfThreads } from '../db/conversations.ts'
import type { Reader, Writer } from '../db/database.ts'
import { lastAttemptTo, queueMessage } from '../db/messages.ts'
import { suppressionOf } from '../db/suppression.ts'
import {
  countInbox,
  inboundAfter,
  lastInboundAt,
  listThreads,
  markRead,
  newestInbound,
  type ThreadFilter,
  type ThreadRow,
  touchThread,
} from '../db/threads.ts'
import { answeredMessage, countStandings, lastAnswers } from '../db/triage.ts'
import { nextOpening } from '../domain/allowed-hours.ts'
import { fullName } from '../domain/fields.ts'
import { candidatesOf, zonesKey } from '../domain/zones.ts'
import { pinFor } from './campaigns/lanes.ts'
import type { CampaignParts } from './campaigns/parts.ts'
import { conversationHandlers } from './conversations.ts'
import { badCursor, idCursor, nextCursor } from './cursor.ts'
import { shownMessage, wantedMessage } from './messages.ts'
import { isE164 } from './numbers.ts'
import type { Caller } from './operations/caller.ts'
import type { Handlers, HandlersFor } from './operations/dispatch.ts'
import type { NumberHash } from './ports.ts'
import type { SaidSearch } from './said-search.ts'
import { snippetHandlers } from './snippets.ts'
import { threadWithEntries, wantedThread } from './threads.ts'
import { triageHandlers, unseenMentions } from './triage.ts'

type InboxOperations = Extract<keyof Handlers, `inbox.${string}`>

/** `lookupHash`: finds what can be found without the data key, since reading goes on while that is closed. */
export type InboxParts = CampaignParts & { readonly lookupHash: NumberHash; readonly said: SaidSearch }

/** For so long after a text a person's answer is no solicitation and may go out at any hour. */
const ANSWER_MS = 24 * 3_600_000

export function inboxHandlers(parts: InboxParts): HandlersFor<InboxOperations> {
  const { db, happenings } = parts
  return {
    ...conversationHandlers(parts),
    ...triageHandlers(parts),
    ...snippetHandlers(parts),

    'inbox.threads': async ({ limit, after, mine, ...input }, { caller }) => {
      if (input.search.trim() !== '') await parts.search.complete()
      const filter = wantedFilter(input, mine, caller)
      const rows = filter === null ? [] : listThreads(db, filter, readCursor(after), limit)
      const ids = rows.map(row => row.id)
      const tags = tagsOfThreads(db, ids)
      const answers = lastAnswers(db, ids)
      return {
        items: rows.map(row => ({
          ...shownThread(db, row, parts.lookupHash),
          tags: tags.get(row.id) ?? [],
          answers: shownAnswer(db, answers.get(row.id)),
        })),
        next: nextCursor(rows, limit, row => `${row.movedAt}:${row.id}`),
      }
    },

    'inbox.thread': ({ id, limit, before }, { actor, caller }) =>
      threadWithEntries(db, wantedThread(db, id), limit, before, parts.lookupHash, {
        actor,
        mentions: unseenMentions(db, caller, id),
      }),

    'inbox.reply': ({ threadId, body }, { actor, commit }) => {
      const text = wantedText(body)
      const message = commit((tx, about) => {
        const thread = wantedThread(tx, threadId)
        const id = queueReply(tx, thread, text, actor, parts)
        about('thread', thread.id)
        about('message', id)
        return shownMessage(tx, wantedMessage(tx, id), parts)
      })
      happenings.tell({ type: 'thread', id: threadId })
      parts.dispatch.wake()
      return message
    },

    'inbox.mark-read': ({ threadId }, { commit }) => {
      commit((tx, about) => {
        about('thread', wantedThread(tx, threadId).id)
        markRead(tx, threadId)
      })
      happenings.tell({ type: 'thread', id: threadId })
      return { done: true }
    },

    'inbox.counts': (_input, { caller }) => ({
      ...countInbox(db),
      ...countStandings(db, caller.kind === 'user' ? caller.id : null),
      mentions: unseenMentions(db, caller, null),
    }),

    'inbox.texts': ({ limit, after }) => {
      const items = inboundAfter(db, idCursor(after, 0), limit)
      return { items, next: nextCursor(items, limit, text => text.id), newest: newestInbound(db) }
    },
  }
}

/**
 * Queues an answer in a thread, which counts as read from then on, and returns the id of the message.
 * @throws Refusal where the number is none, is suppressed, or has no allowed hour
 */
export function queueReply(tx: Writer, thread: ThreadRow, text: string, actor: string, parts: CampaignParts): string {
  refuseReply(tx, thread, parts)
  const now = parts.clock.now()
  const contact = contactByNumber(tx, thread.number)
  const zones = zonesKey(candidatesOf(contact ?? thread, parts.zones).places)
  const usable = parts.phones.lanes().filter(lane => lane.enabled)
  const known = contact?.simId ?? lastAttemptTo(tx, thread.number)?.simId ?? null
  const id = parts.ids.next()
  queueMessage(
    tx,
    {
      id,
      kind: 'reply',
      number: thread.number,
      contactId: contact?.id ?? null,
      body: text,
      segments: measure(text).segments,
      simId: pinFor(known, usable),
      zones,
      dueAt: replyDue(tx, thread.id, zones, now, parts),
      expiresAt: null,
      causeId: null,
      repeats: null,
      campaignId: null,
      createdBy: actor,
    },
    now,
  )
  touchThread(tx, { number: thread.number, contactId: contact?.id ?? null, at: now, text, unreadBy: 0 })
  markRead(tx, thread.id)
  return id
}

type Thread = OutputOf<'inbox.threads'>['items'][number]

/** Null: nobody who is no user has a thread. */
function wantedFilter(
  input: Pick<InputOf<'inbox.threads'>, 'unread' | 'search' | 'tag' | 'state' | 'assignedTo' | 'unassigned'>,
  mine: boolean,
  caller: Caller,
): ThreadFilter | null {
  const { unread, search, tag = null, state, assignedTo, unassigned } = input
  const filter = { unread, search, tag, state: state === 'all' ? null : state }
  if (mine) return caller.kind === 'user' ? { ...filter, assignedTo: caller.id } : null
  if (unassigned) return { ...filter, assignedTo: null }
  return assignedTo === undefined ? filter : { ...filter, assignedTo }
}

function shownAnswer(
  db: Reader,
  answer: { campaignId: number; campaign: string; number: string; at: number } | undefined,
): Thread['answers'] {
  if (!answer) return null
  const { campaignId, campaign, number, at } = answer
  return { campaignId, campaign, messageId: answeredMessage(db, number, campaignId, at) }
}

function shownThread(db: Reader, row: ThreadRow, hash: NumberHash): Omit<Thread, 'tags' | 'answers'> {
  const { firstName: _first, lastName: _last, movedAt: _moved, ...thread } = row
  const suppressed = isE164(row.number) && suppressionOf(db, row.number, hash.of(row.number)) !== undefined
  return { ...thread, name: fullName(row), suppressed }
}

function refuseReply(db: Reader, thread: ThreadRow, parts: CampaignParts): void {
  if (!isE164(thread.number)) {
    throw new Refusal('conflict', `"${thread.number}" is a name and no number, so nobody can be answered there.`)
  }
  if (suppressionOf(db, thread.number, parts.numberHash.of(thread.number))) {
    throw new Refusal(
      'conflict',
      `${thread.number} has opted out or was put on the suppression list. They can be texted again once they send START, or once they are taken off the list.`,
    )
  }
}

/** At once within a day of a text from the recipient, else in the allowed hours where they are. */
function replyDue(db: Reader, threadId: number, zones: string, now: number, parts: CampaignParts): number {
  const last = lastInboundAt(db, threadId)
  if (last !== null && now < last + ANSWER_MS) return now
  const opening = nextOpening(parts.times(parts.settings.current().hours), zones === '' ? [] : zones.split(' '), now)
  if (opening === null) {
    throw new Refusal(
      'conflict',
      'Their last text is more than a day old, and the places where they may be have no allowed hour in common. Give the contact a time zone, and answer again.',
    )
  }
  return opening
}

function wantedText(body: string): string {
  const text = tidyBody(body)
  if (text === '') throw new Refusal('invalid_input', 'The text is empty.', { body: 'Write something.' })
  const { segments, encoding } = measure(text)
  if (segments > MAX_SEGMENTS) {
    const message = `The text has ${segments} segments in ${encoding}; at most ${MAX_SEGMENTS} are possible. Shorten it.`
    throw new Refusal('invalid_input', message, { body: message })
  }
  return text
}

function readCursor(after: string | undefined): { movedAt: number; id: number } {
  if (after === undefined) return { movedAt: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER }
  const match = /^(\d{1,15}):(\d{1,15})$/.exec(after)
  if (!match) throw badCursor()
  return { movedAt: Number(match[1]), id: Number(match[2]) }
}
