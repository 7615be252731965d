import type { CountryCode } from 'libphonenumber-js/max'
import type { ConsentKind } from '../../../shared/consent.ts'
import type { FlagCode, RejectionCode } from '../../../shared/imports/reasons.ts'
import type { PhoneKind } from './phone-number.ts'

/** Something odd in a row that does not keep it out. `column` is the name of the column. */
export interface RowFlag {
  readonly column: string
  readonly code: FlagCode
  /** The cell as it was, at most 200 characters. */
  readonly value: string
}

/** What a row itself tells of the consent of the person. */
export interface RowConsent {
  /** Null when the row does not tell. */
  readonly kind: ConsentKind | null
  readonly source: string
  readonly wording: string
  /** ms UTC; null when the row does not tell. */
  readonly at: number | null
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
  /** As `postcodeFrom` gives it, or null when the list gives none. */
  readonly postcode: string | null
  /** Those of the row; the tags of the whole import are the caller's. */
  readonly tags: readonly string[]
  /** Only cells that are not empty, by the keys of the mapping. */
  readonly attributes: Readonly<Record<string, string>>
  /** From the row's own columns; null when it says nothing. */
  readonly consent: RowConsent | null
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
