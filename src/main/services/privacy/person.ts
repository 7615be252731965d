import { open, unlink } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isErasedNumber } from '../../../shared/erased.ts'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { consentsById, consentsOfContact } from '../../db/consents.ts'
import { contactByNumber } from '../../db/contacts.ts'
import type { Database, Reader } from '../../db/database.ts'
import { erasedAt } from '../../db/erasures.ts'
import { groupNamesOf } from '../../db/lists.ts'
import { attemptsTo, inboundFrom, messagesTo, notesAbout, reportRowsOf } from '../../db/person.ts'
import { liftsOf, suppressionRowOf } from '../../db/suppression.ts'
import { attributesOf } from '../../domain/fields.ts'
import { shownConsent } from '../consents.ts'
import { fileRefusal } from '../csv-file.ts'
import type { HandlersFor } from '../operations/dispatch.ts'
import type { Clock, NumberHash } from '../ports.ts'

export interface PersonParts {
  readonly db: Database
  readonly clock: Clock
  readonly numberHash: NumberHash
}

/** Everything about one number (GDPR, articles 15 and 20). */
export function personHandlers(parts: PersonParts): HandlersFor<'person.export' | 'person.save'> {
  return {
    'person.export': ({ number }) => exportPerson(parts, number),
    'person.save': async ({ number, format, path }) => {
      const { found, data, text } = exportPerson(parts, number)
      const whole = await writeFile(path, format === 'json' ? `${JSON.stringify(data, null, 2)}\n` : text)
      return { path: whole, found }
    },
  }
}

function exportPerson({ db, clock, numberHash }: PersonParts, number: string): OutputOf<'person.export'> {
  const hash = numberHash.of(number)
  const sections = { ...contactOf(db, number), ...conversationOf(db, number), ...listOf(db, number, hash) }
  const reports = reportRowsOf(db, number)
  const erased = erasedAt(db, hash)
  const data = {
    number,
    exportedAt: iso(clock.now()),
    ...sections,
    ...(reports.length > 0 && { importReports: reports }),
    ...(erased !== undefined && { erasedAt: iso(erased) }),
  }
  const found = Object.keys(data).length > 2
  return { number, found, data, text: readable(data, found) }
}

function contactOf(db: Reader, number: string): Record<string, unknown> {
  const contact = contactByNumber(db, number)
  if (!contact) return {}
  const { id, country, firstName, lastName, email, postcode, zone, consentId, createdAt, updatedAt } = contact
  const present = consentId === null ? undefined : consentsById(db, [consentId]).get(consentId)
  const earlier = consentsOfContact(db, id).filter(row => row.id !== consentId)
  return {
    contact: {
      ...{ firstName, lastName, email, country, postcode, timeZone: zone },
      fields: attributesOf(contact),
      lists: groupNamesOf(db, 'list', [id]).get(id) ?? [],
      tags: groupNamesOf(db, 'tag', [id]).get(id) ?? [],
      ...{ added: iso(createdAt), changed: iso(updatedAt) },
    },
    consents: [...(present ? [present] : []), ...earlier].map(row => {
      const { at, recordedAt, import: list, text, ...rest } = shownConsent(row)
      return {
        ...rest,
        ...{ given: at === null ? null : iso(at), recorded: iso(recordedAt) },
        ...{ list: list?.fileName ?? null, keyword: text?.keyword ?? null },
        ended: row.endedAt === null ? null : iso(row.endedAt),
      }
    }),
  }
}

function conversationOf(db: Reader, number: string): Record<string, unknown> {
  const sent = messagesTo(db, number).map(({ at, attemptedAt, textRemovedAt, ...message }) => ({
    ...{ at: iso(at), attempted: attemptedAt === null ? null : iso(attemptedAt), ...message },
    ...(textRemovedAt !== null && { textRemovedByAge: iso(textRemovedAt) }),
  }))
  const received = inboundFrom(db, number).map(({ at, textRemovedAt, ...text }) => ({
    ...{ at: iso(at), ...text },
    ...(textRemovedAt !== null && { textRemovedByAge: iso(textRemovedAt) }),
  }))
  const notes = notesAbout(db, number).map(({ at, ...note }) => ({ at: iso(at), ...note }))
  const attempts = attemptsTo(db, number).map(({ at, ...attempt }) => ({ at: iso(at), ...attempt }))
  return {
    ...(sent.length > 0 && { sent }),
    ...(received.length > 0 && { received }),
    ...(notes.length > 0 && { notes }),
    ...(attempts.length > 0 && { attemptsKnownToPhones: attempts }),
  }
}

function listOf(db: Reader, number: string, hash: Uint8Array): Record<string, unknown> {
  const entry = suppressionRowOf(db, number, hash)
  const lifts = liftsOf(db, hash)
  return {
    ...(entry && {
      suppression: { reason: entry.reason, note: entry.note, by: entry.createdBy, since: iso(entry.createdAt) },
    }),
    ...(lifts.length > 0 && {
      earlierSuppressions: lifts.map(lift => ({
        ...{ reason: lift.reason, note: lift.note, since: iso(lift.addedAt) },
        ...{ why: lift.why, liftedBy: lift.liftedBy, liftedAt: iso(lift.liftedAt) },
      })),
    }),
  }
}

const TITLES: Readonly<Record<string, string>> = {
  contact: 'Contact',
  consents: 'Consent',
  sent: 'Messages to this number',
  received: 'Messages from this number',
  notes: 'Notes about the conversation',
  attemptsKnownToPhones: 'Attempts that only a phone knows of',
  suppression: 'On the suppression list',
  earlierSuppressions: 'Was on the suppression list before',
  importReports: 'Rows of imported lists that were not taken in',
  erasedAt: 'Erased at',
}

/** The same for people: a heading for each part, and a line for each thing in it. */
function readable(data: Readonly<Record<string, unknown>>, found: boolean): string {
  const lines = [`Everything about ${String(data['number'])}`, `As of ${String(data['exportedAt'])}`]
  if (!found) lines.push('', 'Nothing is known about this number.')
  for (const [key, value] of Object.entries(data)) {
    const title = TITLES[key]
    if (title === undefined) continue
    lines.push('', title, '-'.repeat(title.length))
    const items = Array.isArray(value) ? (value as unknown[]) : [value]
    if (items.length === 0) lines.push('none')
    for (const [at, item] of items.entries()) {
      if (at > 0) lines.push('')
      lines.push(...linesOf(item))
    }
  }
  return `${lines.join('\n')}\n`
}

function linesOf(item: unknown): string[] {
  if (typeof item !== 'object' || item === null) return [String(item)]
  return Object.entries(item).flatMap(([key, value]) => {
    const text = wordsOf(value)
    return text === '' ? [] : [`${key.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)}: ${text}`]
  })
}

function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(wordsOf).join(', ')
  if (typeof value === 'object') return linesOf(value).join('; ')
  return typeof value === 'string' && isErasedNumber(value) ? 'erased' : String(value)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** Readable by its owner only, and never over a file that is there. */
async function writeFile(path: string, text: string): Promise<string> {
  const whole = resolve(path)
  const file = await open(whole, 'wx', 0o600).catch(error => {
    throw fileRefusal(error, whole)
  })
  try {
    await file.writeFile(text)
    await file.sync()
    await file.close()
    return whole
  } catch (error) {
    await file.close().catch(() => {})
    await unlink(whole).catch(() => {})
    throw fileRefusal(error, whole)
  }
}
