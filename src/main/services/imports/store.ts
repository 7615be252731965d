import { rejectionReasons } from '../../../shared/imports/reasons.ts'
import { recordConsent } from '../../db/consents.ts'
import {
  ContactChanges,
  type ContactDetails,
  type ContactRow,
  contactByNumber,
  insertContactRow,
  updateContactRow,
} from '../../db/contacts.ts'
import type { Writer } from '../../db/database.ts'
import {
  type ImportCounts,
  type ImportRow,
  importChange,
  insertFlag,
  insertRejection,
  storeCounts,
  storeImportChange,
} from '../../db/imports.ts'
import { addMembers, ensureGroup } from '../../db/lists.ts'
import { hasErasedSuppressions, suppressedBetween, suppressionOf } from '../../db/suppression.ts'
import type { Candidate, Rejection } from '../../domain/imports/candidate.ts'
import type { NumberHash } from '../ports.ts'
import type { ImportPlan } from './plan.ts'
import { type ImportItem, type ImportWindow, isCandidate, placeOf } from './windows.ts'

/** Duplicates that are listed in the report; all of them are counted. */
const LISTED_DUPLICATES = 10_000
/** Consents that are remembered, of a list with a time for every row. */
const KEPT_CONSENTS = 1000

/** Stores the rows of one import, some at a time. After a failed transaction it must not be used again. */
export class ImportStore {
  readonly #id: number
  readonly #by: string
  readonly #plan: ImportPlan
  readonly #numberHash: NumberHash
  readonly #counts: ImportCounts
  readonly #rejectedByCode: Record<string, number>
  readonly #phoneColumn: string
  readonly #consents = new Map<string, number>()
  /** Bytes of the file before the window at work. */
  #bytesBefore: number
  /** The number of the row before, in the order of numbers. */
  #previous: string

  constructor(row: ImportRow, plan: ImportPlan, numberHash: NumberHash) {
    const { doneRow, windowEnd, windowNumber, windowRow, bytesRead, rows, created, updated, duplicates } = row
    const { rejected, flagged, rejectedByCode } = row
    this.#counts = {
      ...{ doneRow, windowEnd, windowNumber, windowRow, bytesRead, rows, created, updated, duplicates },
      ...{ rejected, flagged, rejectedByCode },
    }
    this.#id = row.id
    this.#by = row.createdBy
    this.#plan = plan
    this.#numberHash = numberHash
    this.#rejectedByCode = JSON.parse(rejectedByCode) as Record<string, number>
    this.#phoneColumn = plan.mapping.phones[0] ?? ''
    this.#bytesBefore = bytesRead
    this.#previous = windowNumber
  }

  /** Stores the items of a window from one place to another, and how far the import is, in one transaction. */
  store(tx: Writer, window: ImportWindow, from: number, to: number, at: number): void {
    const chunk = window.items.slice(from, to)
    const contacts = new Chunk(this.#id)
    const suppressed = this.#suppressedIn(tx, chunk)
    for (const item of chunk) {
      this.#counts.rows += 1
      if (!isCandidate(item)) this.#reject(tx, item)
      else if (suppressed(item.number) === 'number') this.#rejectSuppressed(tx, item)
      else if (suppressed(item.number) === 'hash') this.#rejectErased(tx, item)
      else this.#take(tx, item, contacts, at)
    }
    contacts.store(tx, this.#plan, at)
    this.#checkpoint(tx, window, to)
  }

  #checkpoint(tx: Writer, window: ImportWindow, to: number): void {
    const counts = this.#counts
    const last = window.items[to - 1]
    if (to < window.items.length && last) {
      const place = placeOf(last)
      counts.windowEnd = window.lastRow
      counts.windowNumber = place.number
      counts.windowRow = place.row
      counts.bytesRead =
        this.#bytesBefore + Math.floor((window.bytesRead - this.#bytesBefore) * (to / window.items.length))
    } else {
      counts.doneRow = window.lastRow
      counts.windowEnd = null
      counts.windowNumber = ''
      counts.windowRow = 0
      counts.bytesRead = window.bytesRead
      this.#bytesBefore = window.bytesRead
    }
    counts.rejectedByCode = JSON.stringify(this.#rejectedByCode)
    storeCounts(tx, this.#id, counts)
  }

  /** How a number of the chunk is suppressed, if it is. */
  #suppressedIn(tx: Writer, chunk: readonly ImportItem[]): (number: string) => 'number' | 'hash' | null {
    const first = chunk.find(isCandidate)
    const last = chunk.at(-1)
    if (!first || !last || !isCandidate(last)) return () => null
    const numbers = new Set(suppressedBetween(tx, first.number, last.number))
    const erased = hasErasedSuppressions(tx)
    return number => {
      if (numbers.has(number)) return 'number'
      return erased && suppressionOf(tx, number, this.#numberHash.of(number)) ? 'hash' : null
    }
  }

  #take(tx: Writer, candidate: Candidate, chunk: Chunk, at: number): void {
    this.#flag(tx, candidate)
    const consentId = this.#consentOf(tx, candidate, at)
    const contact = {
      number: candidate.number,
      country: candidate.country,
      firstName: candidate.firstName,
      lastName: candidate.lastName,
      email: candidate.email,
      zone: candidate.zone,
      attributes: JSON.stringify(candidate.attributes),
      consentId,
      importId: this.#id,
    }
    const id = insertContactRow(tx, contact, at)
    if (id !== null) {
      this.#counts.created += 1
      chunk.changes.created(contact, candidate.attributes)
      chunk.joins(id, candidate.tags, false)
    } else {
      const there = contactByNumber(tx, candidate.number)!
      this.#meet(tx, there, candidate, consentId, chunk, at)
      chunk.joins(there.id, candidate.tags, true)
    }
    this.#previous = candidate.number
  }

  /** The row of somebody who is there already. */
  #meet(tx: Writer, there: ContactRow, candidate: Candidate, consentId: number | null, chunk: Chunk, at: number): void {
    const own = there.importId === this.#id
    const change = own ? undefined : importChange(tx, this.#id, there.id)
    const inFile = own || change !== undefined || this.#previous === candidate.number
    const update = this.#plan.options.onDuplicate === 'update'
    if (inFile || !update) this.#countDuplicate(tx, candidate, inFile)
    else this.#counts.updated += 1
    if (!update) return
    const given = changesBy(candidate, consentId, there)
    if (given === null) {
      if (!own && !change) this.#remember(tx, there.id, null, there.version)
      return
    }
    const again = own ? there.version === 0 : change?.before != null && change.afterVersion === there.version
    updateContactRow(tx, there, given, at, chunk.changes, again)
    if (!own && !change?.before) this.#remember(tx, there.id, detailsOf(there), there.version + 1)
  }

  #remember(tx: Writer, contactId: number, before: ContactDetails | null, afterVersion: number): void {
    storeImportChange(tx, this.#id, { contactId, before, afterVersion })
  }

  #countDuplicate(tx: Writer, { row, number }: Candidate, inFile: boolean): void {
    this.#counts.duplicates += 1
    if (this.#counts.duplicates > LISTED_DUPLICATES) return
    const code = inFile ? 'duplicate_in_file' : 'duplicate_contact'
    insertFlag(tx, this.#id, { row, field: this.#phoneColumn, code, value: number })
  }

  #reject(tx: Writer, rejection: Rejection): void {
    const { row, code, message, value, cells } = rejection
    const own = message === rejectionReasons[code] ? '' : message
    insertRejection(tx, this.#id, { row, code, message: own, value, cells: JSON.stringify(cells) })
    this.#countRejected(code)
    this.#flag(tx, rejection)
  }

  #rejectSuppressed(tx: Writer, candidate: Candidate): void {
    const { row, number } = candidate
    const cells = JSON.stringify(cellsOf(candidate, this.#plan))
    insertRejection(tx, this.#id, { row, code: 'suppressed', message: '', value: number, cells })
    this.#countRejected('suppressed')
    this.#flag(tx, candidate)
  }

  /** Nothing of this person may be kept again. */
  #rejectErased(tx: Writer, { row }: Candidate): void {
    insertRejection(tx, this.#id, { row, code: 'suppressed', message: '', value: '', cells: '[]' })
    this.#countRejected('suppressed')
  }

  #countRejected(code: string): void {
    this.#counts.rejected += 1
    this.#rejectedByCode[code] = (this.#rejectedByCode[code] ?? 0) + 1
  }

  #flag(tx: Writer, { row, flags }: ImportItem): void {
    for (const { column, code, value } of flags) {
      this.#counts.flagged += insertFlag(tx, this.#id, { row, field: column, code, value })
    }
  }

  /** The row's own consent, filled up from that of the whole import. */
  #consentOf(tx: Writer, candidate: Candidate, at: number): number | null {
    const general = this.#plan.options.consent
    const own = candidate.consent
    if (!general && !own) return null
    const source = own?.source || general?.source || ''
    const wording = own?.wording || general?.wording || ''
    const givenAt = own?.at ?? general?.at ?? null
    const key = `${givenAt}\n${source}\n${wording}`
    const known = this.#consents.get(key)
    if (known !== undefined) return known
    const id = recordConsent(tx, { source, wording, givenAt, recordedBy: this.#by, recordedAt: at, importId: this.#id })
    if (this.#consents.size >= KEPT_CONSENTS) this.#consents.clear()
    this.#consents.set(key, id)
    return id
  }
}

/** What belongs to the contacts of one transaction and is stored at its end. */
class Chunk {
  readonly changes = new ContactChanges()
  readonly #importId: number
  readonly #contacts: number[] = []
  readonly #before: number[] = []
  readonly #byTag = new Map<string, number[]>()

  constructor(importId: number) {
    this.#importId = importId
  }

  /** @param before the contact was there before this row */
  joins(contactId: number, tags: readonly string[], before: boolean): void {
    this.#contacts.push(contactId)
    if (before) this.#before.push(contactId)
    for (const tag of tags) {
      const contacts = this.#byTag.get(tag)
      if (contacts) contacts.push(contactId)
      else this.#byTag.set(tag, [contactId])
    }
  }

  store(tx: Writer, { options }: ImportPlan, at: number): void {
    this.changes.store(tx)
    for (const tag of options.tags) this.#byTag.set(tag, this.#contacts)
    const { list } = options
    const groups = [
      ...(list === null ? [] : [['list', list, this.#contacts] as const]),
      ...[...this.#byTag].map(([tag, contacts]) => ['tag', tag, contacts] as const),
    ]
    if (groups.length === 0) return
    for (const [kind, name, contacts] of groups) {
      if (contacts.length > 0)
        addMembers(tx, kind, ensureGroup(tx, kind, name, this.#importId, at), contacts, this.#importId)
    }
    // So that undo finds those that it has to take out again.
    for (const id of this.#before) noteTouched(tx, this.#importId, id)
  }
}

function noteTouched(tx: Writer, importId: number, contactId: number): void {
  if (!importChange(tx, importId, contactId))
    storeImportChange(tx, importId, { contactId, before: null, afterVersion: 0 })
}

/** What a row changes of a contact: it overwrites with what it has and keeps what it lacks. Null: nothing. */
function changesBy(candidate: Candidate, consentId: number | null, there: ContactRow): Partial<ContactDetails> | null {
  const attributes =
    Object.keys(candidate.attributes).length === 0
      ? there.attributes
      : JSON.stringify({ ...(JSON.parse(there.attributes) as object), ...candidate.attributes })
  const after: ContactDetails = {
    country: candidate.country ?? there.country,
    firstName: candidate.firstName || there.firstName,
    lastName: candidate.lastName || there.lastName,
    email: candidate.email || there.email,
    zone: candidate.zone ?? there.zone,
    attributes,
    consentId: consentId ?? there.consentId,
  }
  const before = detailsOf(there)
  const same = (Object.keys(after) as (keyof ContactDetails)[]).every(key => after[key] === before[key])
  return same ? null : after
}

function detailsOf(contact: ContactRow): ContactDetails {
  const { country, firstName, lastName, email, zone, attributes, consentId } = contact
  return { country, firstName, lastName, email, zone, attributes, consentId }
}

/** The mapped cells of a row as they were read, each in its column. */
function cellsOf(candidate: Candidate, { columns, mapping }: ImportPlan): string[] {
  const cells = new Map<string | null, string>([
    [mapping.zone, candidate.zone ?? ''],
    [mapping.country, candidate.country ?? ''],
    [mapping.tags, candidate.tags.join('; ')],
    [mapping.email, candidate.email],
    [mapping.fullName, `${candidate.firstName} ${candidate.lastName}`.trim()],
    [mapping.lastName, candidate.lastName],
    [mapping.firstName, candidate.firstName],
    [mapping.consent.source, candidate.consent?.source ?? ''],
    [mapping.consent.wording, candidate.consent?.wording ?? ''],
    ...Object.entries(mapping.attributes).map(([key, column]) => [column, candidate.attributes[key] ?? ''] as const),
    [mapping.phones[0] ?? null, candidate.number],
  ])
  return columns.map(column => cells.get(column) ?? '')
}
