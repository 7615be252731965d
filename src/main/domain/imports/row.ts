import type { CountryCode } from 'libphonenumber-js/max'
import { isFormula, stripFormula } from '../../../shared/imports/formula.ts'
import {
  type FlagCode,
  type Malformation,
  malformations,
  type RejectionCode,
  rejectionReasons,
} from '../../../shared/imports/reasons.ts'
import type { ImportMapping, ReadSettings } from '../../../shared/imports/settings.ts'
import { postcodeFrom } from '../places/postcodes.ts'
import type { Candidate, Rejection, RowFlag } from './candidate.ts'
import { cellAt, composed, cut, oneLine, splitName } from './cell-text.ts'
import { consentAnswer, consentKindFrom, parseConsentTime } from './consent.ts'
import { countryFrom } from './country.ts'
import type { CsvRow } from './csv-reader.ts'
import { REPAIR_MARK } from './file-decoder.ts'
import { ImportFileError } from './file-error.ts'
import { mappedColumns } from './mapping.ts'
import { normalisePhone, type PhoneRejection, phoneRejectionsByUse } from './phone-number.ts'
import { tagsFrom } from './tags.ts'
import { looksLikeEmail } from './values.ts'
import { zoneFrom } from './zone.ts'

type RowResult = { readonly candidate: Candidate } | { readonly rejection: Rejection }

export interface RowReader {
  /**
   * @param plain the row is known to be printable letters below U+0300, where nothing is left to compose: a few checks can be left out
   */
  read(row: CsvRow, plain?: boolean): RowResult
}

/** Longest texts that are kept; what goes beyond is cut off and flagged. */
export const LIMITS = { name: 200, attribute: 2_000, consentSource: 200, consentWording: 2_000, email: 254 }
const EXCERPT = 200

/**
 * Prepares to read the rows of one file.
 * @param columns the unique names of its columns
 * @throws ImportFileError `columns_changed` when the mapping names a column that the file does not have
 * @throws RangeError when the default country is not one that has phone numbers
 */
export function rowReader(columns: readonly string[], settings: ReadSettings): RowReader {
  for (const name of mappedColumns(settings.mapping)) {
    if (!columns.includes(name)) throw new ImportFileError('columns_changed')
  }
  return new MappedRows(columns, placesOf(columns, settings.mapping), settings)
}

export type Places = ReturnType<typeof placesOf>

/** Columns by their place in the row; -1 where the list has none. */
export function placesOf(columns: readonly string[], mapping: ImportMapping) {
  // An import that an older version began knows nothing of some fields.
  const place = (name: string | null | undefined) => (name == null ? -1 : columns.indexOf(name))
  return {
    phones: mapping.phones.map(place),
    firstName: place(mapping.firstName),
    lastName: place(mapping.lastName),
    fullName: place(mapping.fullName),
    email: place(mapping.email),
    country: place(mapping.country),
    zone: place(mapping.zone),
    postcode: place(mapping.postcode),
    tags: place(mapping.tags),
    given: place(mapping.consent.given),
    refused: place(mapping.consent.refused),
    source: place(mapping.consent.source),
    wording: place(mapping.consent.wording),
    at: place(mapping.consent.at),
    consentKind: place(mapping.consent.kind),
    attributes: Object.entries(mapping.attributes).map(([key, name]) => ({ key, at: place(name) })),
  }
}

class MappedRows implements RowReader {
  readonly #columns: readonly string[]
  readonly #at: Places
  readonly #phonePlaces: ReadonlySet<number>
  readonly #options: ReadSettings['options']
  readonly #defaultCountry: CountryCode | null

  constructor(columns: readonly string[], at: Places, settings: ReadSettings) {
    this.#columns = columns
    this.#at = at
    this.#phonePlaces = new Set(at.phones)
    this.#options = settings.options
    const { defaultCountry } = settings.options
    this.#defaultCountry = defaultCountry === null ? null : countryFrom(defaultCountry)
    if (defaultCountry !== null && this.#defaultCountry === null) {
      throw new RangeError(`${defaultCountry} is not the code of a country. Use a two-letter code such as US.`)
    }
  }

  read(row: CsvRow, plain = false): RowResult {
    if (row.fault !== null) {
      const [code, message] =
        row.fault === 'quote_open'
          ? (['row_malformed', malformations.quote_open] as const)
          : (['row_too_long', rejectionReasons.row_too_long] as const)
      return rejection(row, code, message, row.cells[0] ?? '', NO_FLAGS)
    }
    const malformation = this.#malformation(row, plain)
    if (malformation !== null) {
      return rejection(row, 'row_malformed', malformations[malformation], row.cells.join(' '), NO_FLAGS)
    }
    const flags: RowFlag[] = []
    const text = plain ? row.cells : row.cells.map((cell, at) => this.#tidy(cell, at, flags))
    const countryCell = cellAt(text, this.#at.country).trim()
    const country = countryCell === '' ? this.#defaultCountry : countryFrom(countryCell)
    const cells = this.#withoutFormulas(text, country, flags)

    const phone = this.#phone(cells, country)
    if (!phone.ok) {
      const unknown = phone.code === 'phone_country_missing' && countryCell !== ''
      const code = unknown ? 'phone_country_unknown' : phone.code
      const message = phone.beyond ? malformations.cells_before_phone : rejectionReasons[code]
      return rejection(row, phone.beyond ? 'row_malformed' : code, message, unknown ? countryCell : phone.value, flags)
    }
    if (country === null && countryCell !== '') flags.push(this.#flag(this.#at.country, 'country_unknown', countryCell))
    if (phone.several) flags.push(this.#flag(phone.at, 'phone_several', cells[phone.at] ?? ''))

    const refusal = this.#refusal(cells)
    if (refusal !== null) return rejection(row, 'consent_refused', rejectionReasons.consent_refused, refusal, flags)
    const kind = cellAt(cells, this.#at.consentKind).trim()
    if (kind !== '' && consentKindFrom(kind) === null) {
      return rejection(row, 'consent_kind_unknown', rejectionReasons.consent_kind_unknown, kind, flags)
    }

    const names = this.#names(cells, flags)
    return {
      candidate: {
        row: row.row,
        number: phone.e164,
        country: phone.country,
        kind: phone.type,
        firstName: names.first,
        lastName: names.last,
        email: this.#email(cells, flags),
        zone: this.#zone(cells, flags),
        postcode: this.#postcode(cells, flags),
        tags: this.#tags(cells, flags),
        attributes: this.#attributes(cells, flags),
        consent: this.#consent(cells, flags),
        flags: flags.length === 0 ? NO_FLAGS : flags,
      },
    }
  }

  #malformation(row: CsvRow, plain: boolean): Malformation | null {
    const { cells } = row
    const width = this.#columns.length
    if (!plain && cells.some(cell => cell.includes('\0'))) return 'zero_byte'
    if (cells.length === width) return null
    if (row.strayQuote) return 'quote_stray'
    // Separators at the end are a habit of spreadsheets; text there means that the cells have shifted.
    return cells.slice(width).some(cell => cell.trim() !== '') ? 'cells_extra' : null
  }

  /** Composes the text, takes control characters out, and flags what came in damaged. */
  #tidy(cell: string, at: number, flags: RowFlag[]): string {
    let text = cell
    if (text.includes(REPAIR_MARK)) {
      text = text.replaceAll(REPAIR_MARK, '')
      flags.push(this.#flag(at, 'text_repaired', text))
    }
    if (text.includes('\uFFFD')) flags.push(this.#flag(at, 'text_damaged', text))
    return composed(text)
  }

  /** Flags every cell that a spreadsheet would run, and strips it where the operator wants that. */
  #withoutFormulas(cells: readonly string[], country: CountryCode | null, flags: RowFlag[]): readonly string[] {
    let stripped: string[] | null = null
    for (let at = 0; at < cells.length; at += 1) {
      const cell = cells[at] ?? ''
      if (!mayBeFormula(cell) || !isFormula(cell)) continue
      const phone = this.#phonePlaces.has(at)
      // ="07400123456" is how careful people keep a spreadsheet from damaging a number.
      if (phone && normalisePhone(cell, country, { allowLandlines: true }).ok) continue
      flags.push(this.#flag(at, 'formula', cell))
      if (phone || !this.#options.stripFormulas) continue
      stripped ??= [...cells]
      stripped[at] = stripFormula(cell)
    }
    return stripped ?? cells
  }

  /** The first usable number by priority, or the reason against the one that comes closest. */
  #phone(cells: readonly string[], country: CountryCode | null) {
    let code: PhoneRejection = 'phone_missing'
    let value = ''
    let beyond = this.#at.phones.length > 0
    for (const at of this.#at.phones) {
      const cell = cells[at]
      if (cell === undefined) continue
      beyond = false
      const read = normalisePhone(cell, country, this.#options)
      if (read.ok) return { ...read, at }
      if (phoneRejectionsByUse.indexOf(read.code) < phoneRejectionsByUse.indexOf(code)) {
        code = read.code
        value = cell
      }
    }
    return { ok: false as const, code, value: beyond ? cells.join(' ') : value, beyond }
  }

  /** The cell in which the list itself says no to texts. */
  #refusal(cells: readonly string[]): string | null {
    for (const at of [this.#at.given, this.#at.consentKind]) {
      const agreed = cellAt(cells, at)
      if (agreed !== '' && consentAnswer(agreed) === 'no') return agreed
    }
    const refused = cellAt(cells, this.#at.refused)
    return refused !== '' && consentAnswer(refused) === 'yes' ? refused : null
  }

  #names(cells: readonly string[], flags: RowFlag[]): { first: string; last: string } {
    const first = this.#name(cells, this.#at.firstName, flags)
    const last = this.#name(cells, this.#at.lastName, flags)
    if (first !== '' || last !== '' || this.#at.fullName < 0) return { first, last }
    return splitName(this.#name(cells, this.#at.fullName, flags))
  }

  #name(cells: readonly string[], at: number, flags: RowFlag[]): string {
    return oneLine(this.#text(cells, at, LIMITS.name, flags))
  }

  #email(cells: readonly string[], flags: RowFlag[]): string {
    const email = cellAt(cells, this.#at.email).trim()
    if (email === '') return ''
    if (looksLikeEmail(email) && email.length <= LIMITS.email) return email
    flags.push(this.#flag(this.#at.email, 'email_invalid', email))
    return ''
  }

  #zone(cells: readonly string[], flags: RowFlag[]): string | null {
    const cell = cellAt(cells, this.#at.zone).trim()
    if (cell === '') return null
    const zone = zoneFrom(cell)
    if (zone === null) flags.push(this.#flag(this.#at.zone, 'zone_invalid', cell))
    return zone
  }

  #postcode(cells: readonly string[], flags: RowFlag[]): string | null {
    const cell = cellAt(cells, this.#at.postcode).trim()
    if (cell === '') return null
    const postcode = postcodeFrom(cell)
    if (postcode === null) flags.push(this.#flag(this.#at.postcode, 'postcode_invalid', cell))
    return postcode
  }

  #tags(cells: readonly string[], flags: RowFlag[]): readonly string[] {
    const cell = cellAt(cells, this.#at.tags).trim()
    if (cell === '') return NO_TAGS
    return tagsFrom(cell, () => flags.push(this.#flag(this.#at.tags, 'text_cut', cell)))
  }

  #attributes(cells: readonly string[], flags: RowFlag[]): Record<string, string> {
    const attributes: Record<string, string> = {}
    for (const { key, at } of this.#at.attributes) {
      const value = this.#text(cells, at, LIMITS.attribute, flags)
      if (value !== '') attributes[key] = value
    }
    return attributes
  }

  #consent(cells: readonly string[], flags: RowFlag[]): Candidate['consent'] {
    const { given, source, wording, at, consentKind } = this.#at
    if (given < 0 && source < 0 && wording < 0 && at < 0 && consentKind < 0) return null
    const answer = this.#text(cells, given, LIMITS.consentSource, flags)
    const words = this.#text(cells, wording, LIMITS.consentWording, flags)
    const dated = cellAt(cells, at).trim()
    const time = dated === '' ? null : parseConsentTime(dated)
    if (dated !== '' && time === null) flags.push(this.#flag(at, 'consent_time_invalid', dated))
    let origin = this.#text(cells, source, LIMITS.consentSource, flags)
    if (origin === '' && answer !== '') {
      origin = consentAnswer(answer) === null ? answer : this.#named(given, answer)
    }
    const kindCell = cellAt(cells, consentKind).trim()
    const kind = kindCell === '' ? null : consentKindFrom(kindCell)
    // Where nothing else tells where it comes from, the list does.
    if (origin === '' && kind !== null && this.#options.consent === null) origin = this.#named(consentKind, kindCell)
    if (origin === '' && words === '' && time === null && kind === null) return null
    return { kind, source: origin, wording: words, at: time }
  }

  /** A cell as the source of consent: "SMS opt-in: yes". */
  #named(at: number, text: string): string {
    return cut(`${this.#columns[at] ?? ''}: ${text}`, LIMITS.consentSource)
  }

  /** A cell without spaces around it, cut to what is kept of it. */
  #text(cells: readonly string[], at: number, longest: number, flags: RowFlag[]): string {
    const text = cellAt(cells, at).trim()
    if (text.length <= longest) return text
    flags.push(this.#flag(at, 'text_cut', text))
    return cut(text, longest)
  }

  #flag(at: number, code: FlagCode, value: string): RowFlag {
    return { column: this.#columns[at] ?? `Column ${at + 1}`, code, value: cut(value, EXCERPT) }
  }
}

const NO_FLAGS: readonly RowFlag[] = []
const NO_TAGS: readonly string[] = []
function rejection(
  row: CsvRow,
  code: RejectionCode,
  message: string,
  value: string,
  flags: readonly RowFlag[],
): RowResult {
  const cells = row.cells.map(cell => (cell.includes(REPAIR_MARK) ? cell.replaceAll(REPAIR_MARK, '') : cell))
  return { rejection: { row: row.row, code, message, value: cut(value.trim(), EXCERPT), cells, flags } }
}

/** A first look that spares nearly every cell the closer one. */
function mayBeFormula(cell: string): boolean {
  const code = cell.charCodeAt(0)
  return code <= 0x20 || code === 0x2b || code === 0x2d || code === 0x3d || code === 0x40 || code >= 0xff0b
}
