import type { CountryCode } from 'libphonenumber-js/max'
import { isFormula, stripFormula } from '../../../shared/imports/formula.ts'
import { type FlagCode, malformations, type RejectionCode, rejectionReasons } from '../../../shared/imports/reasons.ts'
import type { ImportMapping, ReadSettings } from '../../../shared/imports/settings.ts'
import { consentAnswer, parseConsentTime } from './consent.ts'
import { countryFrom } from './country.ts'
import type { CsvRow } from './csv-reader.ts'
import { REPAIR_MARK } from './file-decoder.ts'
import { ImportFileError } from './file-error.ts'
import { mappedColumns } from './mapping.ts'
import { normalisePhone, type PhoneKind, type PhoneRejection, phoneRejectionsByUse } from './phone-number.ts'
import { looksLikeEmail } from './values.ts'
import { zoneFrom } from './zone.ts'

/** Something odd in a row that does not keep it out. `column` is the name of the column. */
export interface RowFlag {
  readonly column: string
  readonly code: FlagCode
  /** The cell as it was, at most 200 characters. */
  readonly value: string
}

/** A row that can become a contact. Texts are trimmed and composed (NFC); what is missing is empty. */
export interface Candidate {
  /** The row a spreadsheet shows. */
  readonly row: number
  /** E.164. */
  readonly number: string
  /** Country of the number; null for numbers of no country, such as satellite phones. */
  readonly country: CountryCode | null
  readonly kind: PhoneKind
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  /** IANA name, or null when the list gives none. */
  readonly zone: string | null
  /** Those of the row; the tags of the whole import are the caller's. */
  readonly tags: readonly string[]
  /** Only cells that are not empty, by the keys of the mapping. */
  readonly attributes: Readonly<Record<string, string>>
  /** From the row's own columns; null when it says nothing. `at` is ms UTC, null when the row does not tell. */
  readonly consent: { readonly source: string; readonly wording: string; readonly at: number | null } | null
  readonly flags: readonly RowFlag[]
}

/** A row that cannot become a contact. */
export interface Rejection {
  readonly row: number
  readonly code: RejectionCode
  /** The sentence for the operator. */
  readonly message: string
  /** The text at fault, at most 200 characters. */
  readonly value: string
  /** All cells as they were; one with the head of the raw text where the row could not be read. */
  readonly cells: readonly string[]
  readonly flags: readonly RowFlag[]
}

export type RowResult = { readonly candidate: Candidate } | { readonly rejection: Rejection }

export interface RowReader {
  /**
   * @param plain the row is known to be printable ASCII without zero bytes, so a few checks can be left out
   */
  read(row: CsvRow, plain?: boolean): RowResult
}

/** Longest texts that are kept; what goes beyond is cut off and flagged. */
const LIMITS = { name: 200, attribute: 2_000, tag: 120, consentSource: 200, consentWording: 2_000, email: 254 }
const EXCERPT = 200
const MAX_TAGS = 50

/**
 * Prepares to read the rows of one file.
 * @param columns the unique names of its columns
 * @throws ImportFileError `columns_changed` when the mapping names a column that the file does not have
 */
export function rowReader(columns: readonly string[], settings: ReadSettings): RowReader {
  const { mapping, options } = settings
  for (const name of mappedColumns(mapping)) if (!columns.includes(name)) throw new ImportFileError('columns_changed')
  return new MappedRows(columns, compile(columns, mapping), settings)
}

type Places = ReturnType<typeof compile>

/** Columns by their place in the row; -1 where the list has none. */
function compile(columns: readonly string[], mapping: ImportMapping) {
  const place = (name: string | null) => (name === null ? -1 : columns.indexOf(name))
  return {
    phones: mapping.phones.map(place),
    firstName: place(mapping.firstName),
    lastName: place(mapping.lastName),
    fullName: place(mapping.fullName),
    email: place(mapping.email),
    country: place(mapping.country),
    zone: place(mapping.zone),
    tags: place(mapping.tags),
    given: place(mapping.consent.given),
    refused: place(mapping.consent.refused),
    source: place(mapping.consent.source),
    wording: place(mapping.consent.wording),
    at: place(mapping.consent.at),
    attributes: Object.entries(mapping.attributes).map(([key, name]) => ({ key, at: place(name) })),
  }
}
