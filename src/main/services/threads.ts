import { Refusal } from '../../shared/errors.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import { automaticActionsOf } from '../db/automatic-actions.ts'
import { campaignNames } from '../db/campaigns.ts'
import { type NoteRow, notesOf, tagsOfThreads } from '../db/conversations.ts'
import type { Reader } from '../db/database.ts'
import { suppressionById, suppressionOf } from '../db/suppression.ts'
import { inboundOf, outboundTo, type ThreadRow, threadById } from '../db/threads.ts'
import { answeredMessage } from '../db/triage.ts'
import { fullName } from '../domain/fields.ts'
import { nameOf } from './actor-name.ts'
import { badCursor } from './cursor.ts'
import { shownAction } from './keyword-rules.ts'
import { isE164 } from './numbers.ts'
import type { NumberHash } from './ports.ts'

type Entry = OutputOf<'inbox.thread'>['entries'][number]

/** The thread, or a refusal when there is none. */
export function wantedThread(db: Reader, id: number): ThreadRow {
  const thread = threadById(db, id)
  if (!thread) throw new Refusal('not_found', `There is no thread ${id}.`)
  return thread
}

/** A thread with the newest of what was said, or with what was said before a place in it. `reader`: who looks at it. */
export function threadWithEntries(
  db: Reader,
  thread: ThreadRow,
  limit: number,
  before: string | undefined,
  hash: NumberHash,
  reader: { readonly actor: string; readonly mentions: number },
): OutputOf<'inbox.thread'> {
  const { id, number, contactId } = thread
  const { entries, older } = entriesOf(db, thread, limit, before)
  const named = new Set(entries.flatMap(entry => entry.campaignId ?? []))
  const suppression = isE164(number) ? suppressionOf(db, number, hash.of(number)) : undefined
  const known = suppression && suppressionById(db, suppression.id)
  return {
    id,
    number,
    contactId,
    name: fullName(thread),
    unread: thread.unread,
    suppressed: known ? { reason: known.reason, note: known.note, at: known.createdAt } : null,
    tags: tagsOfThreads(db, [id]).get(id) ?? [],
    ...{ state: thread.state, snoozedUntil: thread.snoozedUntil },
    ...{ assignedTo: thread.assignedTo, assignee: thread.assignee, mentions: reader.mentions },
    notes: notesOf(db, id).map(note => shownNote(db, note, reader.actor)),
    campaigns: campaignNames(db, [...named]),
    entries,
    older,
  }
}

/** A note as the person who acts as `actor` sees it. */
export function shownNote(db: Reader, note: NoteRow, actor: string): OutputOf<'inbox.add-note'> {
  const { id, body, by, at, editedAt } = note
  return { id, body, by: nameOf(db, by), at, editedAt, own: by === actor }
}

/** How far a reader has come: the oldest entry of each direction that was handed out. */
interface Place {
  readonly received: { readonly at: number; readonly id: number }
  readonly made: { readonly createdAt: number; readonly place: number }
}

const END = Number.MAX_SAFE_INTEGER
const NEWEST: Place = { received: { at: END, id: END }, made: { createdAt: END, place: END } }

/**
 * Both directions, the newest ones before a place, in the order of their times; of two at the same instant the text that
 * came in stands first. Pages go by when texts were received and messages were made: both have an index for it.
 */
function entriesOf(
  db: Reader,
  { id, number }: ThreadRow,
  limit: number,
  before: string | undefined,
): { entries: Entry[]; older: string | null } {
  const from = before === undefined ? NEWEST : readPlace(before)
  const all = [
    ...inboundOf(db, id, from.received, limit + 1).map(entry => ({ in: entry, out: null, order: entry.at })),
    ...outboundTo(db, number, from.made, limit + 1).map(entry => ({ in: null, out: entry, order: entry.createdAt })),
  ].sort((a, b) => b.order - a.order)
  const page = all.slice(0, limit)
  const lastIn = page.findLast(one => one.in)?.in
  const lastOut = page.findLast(one => one.out)?.out
  const to: Place = {
    received: lastIn ? { at: lastIn.at, id: lastIn.id } : from.received,
    made: lastOut ? { createdAt: lastOut.createdAt, place: lastOut.place } : from.made,
  }
  const actions = automaticActionsOf(
    db,
    page.flatMap(one => one.in?.id ?? []),
  )
  // Turned round first: of several at one instant the one that was made first stands first.
  const entries = page.toReversed().map((one): Entry => {
    if (one.in) {
      const { campaignId, at } = one.in
      const answers = campaignId === null ? null : answeredMessage(db, number, campaignId, at)
      const action = actions.get(one.in.id)
      return { direction: 'in', ...one.in, answers, automatic: action ? shownAction(action) : null }
    }
    const { createdAt: _made, place: _place, ...out } = one.out
    return { direction: 'out', ...out }
  })
  entries.sort((a, b) => a.at - b.at || Number(a.direction === 'out') - Number(b.direction === 'out'))
  return { entries, older: all.length > limit ? writePlace(to) : null }
}

function writePlace({ received, made }: Place): string {
  return `${received.at}.${received.id}.${made.createdAt}.${made.place}`
}

function readPlace(text: string): Place {
  const match = /^(\d{1,16})\.(\d{1,16})\.(\d{1,16})\.(\d{1,16})$/.exec(text)
  if (!match) throw badCursor()
  return {
    received: { at: Number(match[1]), id: Number(match[2]) },
    made: { createdAt: Number(match[3]), place: Number(match[4]) },
  }
}
