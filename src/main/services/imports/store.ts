import { rejectionReasons } from '../../../shared/imports/reasons.ts'
import { recordConsent } from '../../db/consents.ts'
import { type ContactDetails, type ContactRow, contactByNumber, updateContactRow } from '../../db/contacts.ts'
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
import { hasErasedSuppressions, suppressedBetween, suppressionOf } from '../../db/suppression.ts'
import type { Rejection, RowFlag } from '../../domain/imports/candidate.ts'
import { hasMoved, type OnMoved } from '../dispatch/refit.ts'
import type { NumberHash } from '../ports.ts'
import { Chunk, type TakenRow } from './chunk.ts'
import type { ImportPlan } from './plan.ts'
import { type ImportWindow, placeAt, sizeOf } from './windows.ts'

/** Duplicates that are listed in the report; all of them are counted. */
const LISTED_DUPLICATES = 10_000
/** When no more than one in so many can be suppressed, these are looked for; else each row is looked at. */
const FEW = 16
/** Consents that are remembered, of a list with a time for every row. */
const KEPT_CONSENTS = 1000

/** Stores the rows of one import, some at a time. After a failed transaction it must not be used again. */
export class ImportStore {
  readonly #id: number
  readonly #by: string
  readonly #fileName: string
  readonly #plan: ImportPlan
  readonly #numberHash: NumberHash
  readonly #onMoved: OnMoved | undefined
  readonly #counts: ImportCounts
  readonly #rejectedByCode: Record<string, number>
  readonly #phoneColumn: string
  readonly #consents = new Map<string, number>()
  /** Bytes of the file before the window at work. */
  #bytesBefore: number
  /** The number of the row before, in the order of numbers. */
  #previous: string

  constructor(row: ImportRow, plan: ImportPlan, numberHash: NumberHash, onMoved: OnMoved | undefined) {
    const { doneRow, windowEnd, windowNumber, windowRow, bytesRead, rows, created, updated, duplicates } = row
    const { rejected, flagged, rejectedByCode } = row
    this.#counts = {
      ...{ doneRow, windowEnd, windowNumber, windowRow, bytesRead, rows, created, updated, duplicates },
      ...{ rejected, flagged, rejectedByCode },
    }
    this.#id = row.id
    this.#by = row.createdBy
    this.#fileName = row.fileName
    this.#plan = plan
    this.#numberHash = numberHash
    this.#onMoved = onMoved
    this.#rejectedByCode = JSON.parse(rejectedByCode) as Record<string, number>
    this.#phoneColumn = plan.mapping.phones[0] ?? ''
    this.#bytesBefore = bytesRead
    this.#previous = windowNumber
  }

  /** Stores the rows of a window from one place to another, and how far the import is, in one transaction. */
  store(tx: Writer, window: ImportWindow, from: number, to: number, at: number): void {
    const { rejections } = window
    for (const rejection of rejections.slice(from, to)) this.#reject(tx, rejection)
    const first = Math.max(0, from - rejections.length)
    const end = Math.max(0, to - rejections.length)
    if (end > first) this.#take(tx, new Chunk(window, first, end), at)
    this.#counts.rows += to - from
    this.#checkpoint(tx, window, to)
  }

  #checkpoint(tx: Writer, window: ImportWindow, to: number): void {
    const counts = this.#counts
    const size = sizeOf(window)
    if (to < size) {
      const place = placeAt(window, to - 1)
      counts.windowEnd = window.lastRow
      counts.windowNumber = place.number
      counts.windowRow = place.row
      counts.bytesRead = this.#bytesBefore + Math.floor((window.bytesRead - this.#bytesBefore) * (to / size))
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

  /** New contacts are made all at once; whatever is special about a row is looked at by itself. */
  #take(tx: Writer, chunk: Chunk, at: number): void {
    const suppressed = this.#suppressedIn(tx, chunk)
    const there = chunk.there(tx)
    const met: number[] = []
    for (let place = 0; place < chunk.size; place += 1) {
      const how = suppressed(place)
      if (how !== null) this.#rejectSuppressed(tx, chunk, place, how)
      else if (there.has(place) || chunk.repeats(place)) met.push(place)
      else chunk.make(place, this.#ownConsentOf(tx, chunk, place, at))
    }
    chunk.insert(tx, this.#id, (this.#plan.mapping.postcode ?? null) !== null, () => this.#consentOf(tx, null, at), at)
    this.#counts.created += chunk.made
    for (const place of met) {
      const { id, importId } = there.get(place) ?? contactByNumber(tx, chunk.numberAt(place))!
      this.#meet(tx, chunk, place, { id, own: importId === this.#id }, at)
    }
    for (const { place, flags } of chunk.flagged())
      if (suppressed(place) === null) this.#flag(tx, chunk.rowAt(place), flags)
    chunk.store(tx, this.#plan, this.#id, at)
    this.#previous = chunk.numberAt(chunk.size - 1)
  }

  /** How the number at a place is suppressed, if it is. */
  #suppressedIn(tx: Writer, chunk: Chunk): (place: number) => 'number' | 'hash' | null {
    const found = suppressedBetween(tx, chunk.numberAt(0), chunk.numberAt(chunk.size - 1))
    const erased = hasErasedSuppressions(tx)
    if (!erased && found.length * FEW <= chunk.size) {
      const places = new Set(found.flatMap(number => chunk.placesOf(number)))
      return place => (places.has(place) ? 'number' : null)
    }
    const numbers = new Set(found)
    return place => {
      const number = chunk.numberAt(place)
      if (numbers.has(number)) return 'number'
      return erased && suppressionOf(tx, number, this.#numberHash.of(number)) ? 'hash' : null
    }
  }

  /** The row of somebody who is there already. */
  #meet(tx: Writer, chunk: Chunk, place: number, there: { id: number; own: boolean }, at: number): void {
    const { id, own } = there
    chunk.meet(place, id, own)
    const repeats = () => chunk.repeats(place) || (place === 0 && this.#previous === chunk.numberAt(place))
    const inFile = () => own || repeats() || importChange(tx, this.#id, id) !== undefined
    if (this.#plan.options.onDuplicate === 'skip') this.#countDuplicate(tx, chunk, place, inFile)
    else this.#update(tx, chunk, place, inFile(), at)
  }

  #update(tx: Writer, chunk: Chunk, place: number, inFile: boolean, at: number): void {
    const there = contactByNumber(tx, chunk.numberAt(place))!
    const own = there.importId === this.#id
    const change = own ? undefined : importChange(tx, this.#id, there.id)
    if (inFile) this.#countDuplicate(tx, chunk, place, () => true)
    else this.#counts.updated += 1
    const row = chunk.row(place)
    const given = changesBy(row, this.#consentOf(tx, row.consent, at), there)
    if (given === null) {
      if (!own && !change) this.#remember(tx, there.id, null, there.version)
      return
    }
    const again = own ? there.version === 0 : change?.before != null && change.afterVersion === there.version
    updateContactRow(tx, there, given, at, chunk.changes, again)
    if (!own && !change?.before) this.#remember(tx, there.id, detailsOf(there), there.version + 1)
    const after = { ...there, ...given }
    if (hasMoved(there, after)) this.#onMoved?.(tx, after)
  }

  #remember(tx: Writer, contactId: number, before: ContactDetails | null, afterVersion: number): void {
    storeImportChange(tx, this.#id, { contactId, before, afterVersion })
  }

  #countDuplicate(tx: Writer, chunk: Chunk, place: number, inFile: () => boolean): void {
    this.#counts.duplicates += 1
    if (this.#counts.duplicates > LISTED_DUPLICATES) return
    const code = inFile() ? 'duplicate_in_file' : 'duplicate_contact'
    const [row, value] = [chunk.rowAt(place), chunk.numberAt(place)]
    insertFlag(tx, this.#id, { row, field: this.#phoneColumn, code, value })
  }

  #reject(tx: Writer, rejection: Rejection): void {
    const { row, code, message, value, cells, flags } = rejection
    const own = message === rejectionReasons[code] ? '' : message
    insertRejection(tx, this.#id, { row, code, message: own, value, cells: JSON.stringify(cells) })
    this.#countRejected(code)
    this.#flag(tx, row, flags)
  }

  /** Of an erased person, who is known by the hash alone, nothing may be kept again. */
  #rejectSuppressed(tx: Writer, chunk: Chunk, place: number, how: 'number' | 'hash'): void {
    const taken = chunk.row(place)
    const { row, number } = taken
    const kept = how === 'hash' ? { value: '', cells: '[]' } : { value: number, cells: cellsText(taken, this.#plan) }
    insertRejection(tx, this.#id, { row, code: 'suppressed', message: '', ...kept })
    this.#countRejected('suppressed')
    if (how === 'number') this.#flag(tx, row, taken.flags)
  }

  #countRejected(code: string): void {
    this.#counts.rejected += 1
    this.#rejectedByCode[code] = (this.#rejectedByCode[code] ?? 0) + 1
  }

  #flag(tx: Writer, row: number, flags: readonly RowFlag[]): void {
    for (const { column, code, value } of flags) {
      this.#counts.flagged += insertFlag(tx, this.#id, { row, field: column, code, value })
    }
  }

  /** The consent that a row itself tells of; null: that of the whole import is meant. */
  #ownConsentOf(tx: Writer, chunk: Chunk, place: number, at: number): number | null {
    const own = chunk.consentAt(place)
    return own === null ? null : this.#consentOf(tx, own, at)
  }

  /** The row's own consent, filled up from that of the whole import. */
  #consentOf(tx: Writer, own: TakenRow['consent'], at: number): number | null {
    const general = this.#plan.options.consent
    if (!general && !own) return null
    const source = own?.source || general?.source || ''
    const wording = own?.wording || general?.wording || ''
    const givenAt = own?.at ?? general?.at ?? null
    const kind = own?.kind ?? general?.kind ?? 'unspecified'
    const key = `${kind}\n${givenAt}\n${source}\n${wording}`
    const known = this.#consents.get(key)
    if (known !== undefined) return known
    const id = recordConsent(tx, {
      ...{ kind, source, wording, givenAt, proof: general?.proof ?? '', recordedBy: this.#by, recordedAt: at },
      ...{ importId: this.#id, importFile: this.#fileName },
    })
    if (this.#consents.size >= KEPT_CONSENTS) this.#consents.clear()
    this.#consents.set(key, id)
    return id
  }
}

/** What a row changes of a contact: it overwrites with what it has and keeps what it lacks. Null: nothing. */
function changesBy(candidate: TakenRow, consentId: number | null, there: ContactRow): Partial<ContactDetails> | null {
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
    zoneByHand: candidate.zone === null ? there.zoneByHand : 0,
    postcode: candidate.postcode ?? there.postcode,
    attributes,
    consentId: consentId ?? there.consentId,
  }
  const before = detailsOf(there)
  const same = (Object.keys(after) as (keyof ContactDetails)[]).every(key => after[key] === before[key])
  return same ? null : after
}

function detailsOf(contact: ContactRow): ContactDetails {
  const { country, firstName, lastName, email, zone, zoneByHand, postcode, attributes, consentId } = contact
  return { country, firstName, lastName, email, zone, zoneByHand, postcode, attributes, consentId }
}

/** The mapped cells of a row as they were read, each in its column, as a JSON array. */
function cellsText(row: TakenRow, { columns, mapping }: ImportPlan): string {
  const cells = new Map<string | null, string>([
    [mapping.zone, row.zone ?? ''],
    [mapping.postcode, row.postcode ?? ''],
    [mapping.country, row.country ?? ''],
    [mapping.tags, row.tags.join('; ')],
    [mapping.email, row.email],
    [mapping.fullName, `${row.firstName} ${row.lastName}`.trim()],
    [mapping.lastName, row.lastName],
    [mapping.firstName, row.firstName],
    [mapping.consent.source, row.consent?.source ?? ''],
    [mapping.consent.wording, row.consent?.wording ?? ''],
    [mapping.consent.kind, row.consent?.kind ?? ''],
    ...Object.entries(mapping.attributes).map(([key, column]) => [column, row.attributes[key] ?? ''] as const),
    [mapping.phones[0] ?? null, row.number],
  ])
  return JSON.stringify(columns.map(column => cells.get(column) ?? ''))
}
