import { Refusal } from '../../shared/errors.ts'
import { TIMELINE_KINDS } from '../../shared/operations/contact-work.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import { consentsById } from '../db/consents.ts'
import { type ContactRow, contactById } from '../db/contacts.ts'
import type { Database, Reader } from '../db/database.ts'
import { importById } from '../db/imports.ts'
import { suppressionRowOf } from '../db/suppression.ts'
import { inboundOf, outboundTo, threadByNumber } from '../db/threads.ts'
import { badCursor } from './cursor.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { NumberHash } from './ports.ts'

type Entry = OutputOf<'contacts.timeline'>['items'][number]

/** A place among all entries: time, kind, and place within the kind. Later is higher. */
interface Place {
  readonly at: number
  /** Of the kinds, those first in the table stand above the others of the same moment. */
  readonly rank: number
  readonly place: number
}
type Placed = Place & { readonly entry: Omit<Entry, 'key'> }

const rankOf = (kind: Entry['kind']): number => TIMELINE_KINDS.length - TIMELINE_KINDS.indexOf(kind)
const END = Number.MAX_SAFE_INTEGER
const NO_LINKS = { campaignId: null, importId: null }

/** What happened with a contact: texts of both ways, consent, opt-out, and where it came from. */
export function timelineHandlers(parts: { db: Database; numberHash: NumberHash }): HandlersFor<'contacts.timeline'> {
  const { db, numberHash } = parts
  return {
    'contacts.timeline': ({ id, limit, after }) => {
      const contact = contactById(db, id)
      if (!contact) throw new Refusal('not_found', 'There is no such contact (any more).')
      const before = placeOf(after)
      const entries = [
        ...received(db, contact, before, limit),
        ...sent(db, contact, before, limit),
        ...facts(db, contact, numberHash).filter(fact => order(fact, before) < 0),
      ]
        .sort((one, other) => order(other, one))
        .slice(0, limit)
      const items = entries.map(({ entry, ...place }) => ({ ...entry, key: keyOf(place) }))
      return { items, next: items.length < limit ? null : items.at(-1)!.key }
    },
  }
}

function received(db: Reader, { number }: ContactRow, before: Place, limit: number): Placed[] {
  const thread = threadByNumber(db, number)
  if (!thread) return []
  const { at, id } = within('received', before)
  return inboundOf(db, thread.id, { at, id }, limit).map(text => ({
    ...{ at: text.at, rank: rankOf('received'), place: text.id },
    entry: {
      ...{ kind: 'received', at: text.at, text: textOr(text), detail: text.intent, by: '' },
      ...{ campaignId: text.campaignId, importId: null },
    },
  }))
}

function sent(db: Reader, { number }: ContactRow, before: Place, limit: number): Placed[] {
  const { at, id } = within('sent', before)
  return outboundTo(db, number, { createdAt: at, place: id }, limit).map(message => ({
    ...{ at: message.createdAt, rank: rankOf('sent'), place: message.place },
    entry: {
      ...{ kind: 'sent', at: message.at, text: textOr(message), detail: message.state, by: message.kind },
      ...{ campaignId: message.campaignId, importId: null },
    },
  }))
}

function textOr({ body, textRemovedAt }: { body: string; textRemovedAt: number | null }): string {
  return textRemovedAt === null ? body : 'text removed by age rule'
}

/** What there is one of. */
function facts(db: Reader, contact: ContactRow, numberHash: NumberHash): Placed[] {
  const found: Placed[] = []
  const add = (entry: Omit<Entry, 'key'>): void => {
    found.push({ at: entry.at, rank: rankOf(entry.kind), place: 0, entry })
  }
  const opted = suppressionRowOf(db, contact.number, numberHash.of(contact.number))
  if (opted) {
    const { createdAt: at, createdBy: by, reason: text, note: detail } = opted
    add({ kind: 'suppressed', at, text, detail, by, ...NO_LINKS })
  }
  const consent = contact.consentId === null ? undefined : consentsById(db, [contact.consentId]).get(contact.consentId)
  if (consent) {
    const { source: text, wording: detail, recordedBy: by } = consent
    add({ kind: 'consent', at: consent.givenAt ?? consent.recordedAt, text, detail, by, ...NO_LINKS })
  }
  const source = contact.importId === null ? undefined : importById(db, contact.importId)
  add({
    ...{
      kind: 'created',
      at: contact.createdAt,
      text: source?.fileName ?? '',
      detail: '',
      by: source?.createdBy ?? '',
    },
    ...{ campaignId: null, importId: source?.id ?? null },
  })
  return found
}

/** Where a list that goes by time and id has to begin, so that all it gives stands before a place. */
function within(kind: Entry['kind'], before: Place): { at: number; id: number } {
  const rank = rankOf(kind)
  if (rank === before.rank) return { at: before.at, id: before.place }
  return rank < before.rank ? { at: before.at, id: END } : { at: before.at, id: 0 }
}

function order(one: Place, other: Place): number {
  return one.at - other.at || one.rank - other.rank || one.place - other.place
}

function keyOf({ at, rank, place }: Place): string {
  return `${at}.${rank}.${place}`
}

function placeOf(after: string | undefined): Place {
  if (after === undefined) return { at: END, rank: END, place: END }
  const [, at, rank, place] = /^(\d{1,16})\.(\d)\.(\d{1,16})$/.exec(after) ?? []
  if (place === undefined) throw badCursor()
  return { at: Number(at), rank: Number(rank), place: Number(place) }
}
