import { consentsById, consentsOfContact } from '../../db/consents.ts'
import { type ContactRow, contactByNumber } from '../../db/contacts.ts'
import type { Database, Reader } from '../../db/database.ts'
import { erasuresOf } from '../../db/erasures.ts'
import { importById } from '../../db/imports.ts'
import { groupNamesOf } from '../../db/lists.ts'
import {
  attemptsTo,
  auditAbout,
  automaticActionsIn,
  bulkActionsOn,
  deliveriesAbout,
  importChangesOf,
  inboundFrom,
  laneOf,
  leftOutOf,
  messagesTo,
  notesOf,
  reportRowsLike,
  searchesFor,
  threadOf,
  threadTagsOf,
} from '../../db/person.ts'
import { liftsOf, suppressionRowOf } from '../../db/suppression.ts'
import { attributesOf } from '../../domain/fields.ts'
import { countryFrom } from '../../domain/imports/country.ts'
import { normalisePhone } from '../../domain/imports/phone-number.ts'
import { shownConsent } from '../consents.ts'
import type { ImportPlan } from '../imports/plan.ts'
import type { Clock, NumberHash } from '../ports.ts'

export interface PersonParts {
  readonly db: Database
  readonly clock: Clock
  readonly numberHash: NumberHash
}

type Section = Record<string, unknown>

/**
 * Everything that is stored about one number, for programs and, with `readable`, for people. A part of which there is nothing
 * is left out. A test walks the schema for what is missing here.
 */
export function personRecord(
  { db, clock, numberHash }: PersonParts,
  number: string,
): { data: Section; found: boolean } {
  const hash = numberHash.of(number)
  const contact = contactByNumber(db, number)
  const thread = threadOf(db, number)
  const received = thread ? inboundFrom(db, thread.id) : []
  const sent = messagesTo(db, number)
  const entry = suppressionRowOf(db, number, hash)
  const lifts = liftsOf(db, hash)
  const erasures = erasuresOf(db, hash)
  const audit = auditAbout(db, [
    ...(contact ? [`contact:${contact.id}`] : []),
    ...(thread ? [`thread:${thread.id}`] : []),
    ...received.map(({ id }) => `inbound:${id}`),
    ...sent.map(({ id }) => `message:${id}`),
    ...(entry ? [`suppression:${entry.id}`] : []),
    ...lifts.map(({ id }) => `suppression-lift:${id}`),
    ...erasures.map(({ id }) => `erasure:${id}`),
  ])
  const told = deliveriesAbout(
    db,
    received.map(({ id }) => id),
    sent.map(({ id }) => id),
  )
  const sections: Section = {
    ...(contact && contactSections(db, contact)),
    ...(thread && { conversation: conversationOf(db, thread) }),
    received: receivedOf(db, thread?.id, received),
    sent: sent.map(sentMessage),
    notes: thread
      ? notesOf(db, thread.id).map(({ at, editedAt, ...note }) => ({ at: iso(at), ...note, edited: isoOr(editedAt) }))
      : [],
    attemptsKnownToPhones: attemptsTo(db, number).map(({ at, ...attempt }) => ({ at: iso(at), ...attempt })),
    ...(entry && {
      suppression: { reason: entry.reason, note: entry.note, by: entry.createdBy, since: iso(entry.createdAt) },
    }),
    earlierSuppressions: lifts.map(lift => ({
      ...{ reason: lift.reason, note: lift.note, by: lift.addedBy, since: iso(lift.addedAt) },
      ...{ why: lift.why, liftedBy: lift.liftedBy, liftedAt: iso(lift.liftedAt) },
    })),
    importReports: reportsOf(db, number),
    savedSearches: searchesFor(db, number),
    // Of the address only the host: the rest of it can be a secret.
    webhooksTold: told.map(({ at, url, detail, lastAttemptAt, ...delivery }) => ({
      ...{ at: iso(at), ...delivery, host: new URL(url).host, told: JSON.parse(detail) as unknown },
      lastAttempt: isoOr(lastAttemptAt),
    })),
    auditLog: audit.map(({ at, ...row }) => ({ at: iso(at), ...row })),
    erasures: erasures.map(row => ({
      ...{ ordered: iso(row.requestedAt), by: row.requestedBy, finished: isoOr(row.finishedAt) },
    })),
  }
  const filled = Object.entries(sections).filter(([, value]) => !Array.isArray(value) || value.length > 0)
  return {
    data: { number, exportedAt: iso(clock.now()), ...Object.fromEntries(filled) },
    found: filled.length > 0,
  }
}

function contactSections(db: Reader, contact: ContactRow): Section {
  const { id, country, firstName, lastName, email, postcode, zone, zoneByHand, createdAt, updatedAt } = contact
  const list = contact.importId === null ? undefined : importById(db, contact.importId)
  const lane = laneOf(db, id)
  return {
    contact: {
      ...{ firstName, lastName, email, country, postcode, timeZone: zone, timeZoneSetByHand: zoneByHand === 1 },
      fields: attributesOf(contact),
      lists: groupNamesOf(db, 'list', [id]).get(id) ?? [],
      tags: groupNamesOf(db, 'tag', [id]).get(id) ?? [],
      ...{ cameWithList: list?.fileName ?? null, textedFrom: lane ? laneName(lane.phone, lane.slot) : null },
      ...{ added: iso(createdAt), changed: iso(updatedAt) },
    },
    changedByLists: importChangesOf(db, id).map(({ list, at, before }) => ({
      ...{ list, at: iso(at), before: before === null ? null : (JSON.parse(before) as unknown) },
    })),
    bulkActions: bulkActionsOn(db, id).map(({ at, ...action }) => ({ at: iso(at), ...action })),
    consents: consentsOf(db, contact),
    leftOutOfCampaigns: leftOutOf(db, id),
  }
}

function consentsOf(db: Reader, { id, consentId }: ContactRow): Section[] {
  const present = consentId === null ? undefined : consentsById(db, [consentId]).get(consentId)
  const earlier = consentsOfContact(db, id).filter(row => row.id !== consentId)
  return [...(present ? [present] : []), ...earlier].map(row => {
    const { at, recordedAt, import: list, text, ...rest } = shownConsent(row)
    return {
      ...rest,
      ...{ given: isoOr(at), recorded: iso(recordedAt) },
      ...{ list: list?.fileName ?? null, keyword: text?.keyword ?? null },
      ...{ ended: isoOr(row.endedAt), endedBy: row.endedBy },
    }
  })
}

function conversationOf(db: Reader, thread: NonNullable<ReturnType<typeof threadOf>>): Section {
  const { state, unread, lastAt, assignedTo, snoozedUntil, wokenAt } = thread
  return {
    ...{ state, assignedTo, unread, last: iso(lastAt), snoozedUntil: isoOr(snoozedUntil), cameBack: isoOr(wokenAt) },
    // From before tags had a time.
    tags: threadTagsOf(db, thread.id).map(({ tag, at }) => ({ tag, since: at === 0 ? null : iso(at) })),
  }
}

function receivedOf(db: Reader, threadId: number | undefined, texts: ReturnType<typeof inboundFrom>): Section[] {
  const actions = threadId === undefined ? [] : automaticActionsIn(db, threadId)
  const byText = new Map(
    actions.map(({ inboundId, at, notified, ...action }) => [
      inboundId,
      { at: iso(at), ...action, notified: notified === 1 },
    ]),
  )
  return texts.map(({ id, at, storedAt, textRemovedAt, ...text }) => ({
    ...{ at: iso(at), ...text, stored: iso(storedAt), doneByItself: byText.get(id) ?? null },
    ...(textRemovedAt !== null && { textRemovedByAge: iso(textRemovedAt) }),
  }))
}

function sentMessage(message: ReturnType<typeof messagesTo>[number]): Section {
  const { at, recall, phone, slot, followUps, textRemovedAt, ...rest } = message
  const { dueAt, expiresAt, assignedAt, attemptedAt, settledAt, answeredAt, stoppedAt, answersTextOf, ...facts } = rest
  return {
    ...{ at: iso(at), ...facts, takenBackAs: recall, from: phone === null ? null : laneName(phone, slot ?? 0) },
    ...{ answersTextOf: isoOr(answersTextOf), due: iso(dueAt), expires: isoOr(expiresAt), assigned: isoOr(assignedAt) },
    ...{ attempted: isoOr(attemptedAt), settled: isoOr(settledAt), answered: isoOr(answeredAt) },
    ...{ optedOutAfter: isoOr(stoppedAt), followUpsAreLookedAt: followUps === 1 },
    ...(textRemovedAt !== null && { textRemovedByAge: iso(textRemovedAt) }),
  }
}

/** Rows of import reports in which this very number stands, in whatever form. */
function reportsOf(db: Reader, number: string): Section[] {
  return reportRowsLike(db, number).flatMap(({ settings, cells, value, ...row }) => {
    const { columns, options } = JSON.parse(settings) as ImportPlan
    const texts = cells === null ? [] : (JSON.parse(cells) as string[])
    if (![value, ...texts].some(text => names(text, number, options.defaultCountry))) return []
    const named = Object.fromEntries(texts.map((text, at) => [columns[at] ?? `column ${at + 1}`, text]))
    return [{ ...row, value, ...(texts.length > 0 && { cells: named }) }]
  })
}

/** Whether a cell holds a number, and not one of another country that ends alike. */
function names(text: string, number: string, country: string | null): boolean {
  const home = country === null ? null : countryFrom(country)
  return [text, ...(text.match(LIKE_A_NUMBER) ?? [])].some(part => {
    const read = normalisePhone(part, home, { allowLandlines: true })
    return read.ok && read.e164 === number
  })
}

const LIKE_A_NUMBER = /\+?\d[\d\s()./-]{5,}\d/g

function laneName(phone: string, slot: number): string {
  return `${phone}, SIM ${slot + 1}`
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function isoOr(at: number | null): string | null {
  return at === null ? null : iso(at)
}
