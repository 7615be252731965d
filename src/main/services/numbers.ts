import { Refusal } from '../../shared/errors.ts'
import { rejectionReasons } from '../../shared/imports/reasons.ts'
import { countryFrom } from '../domain/imports/country.ts'
import { normalisePhone } from '../domain/imports/phone-number.ts'

export interface TypedNumber {
  /** E.164. */
  readonly number: string
  /** ISO 3166-1 alpha-2; null where the number tells none. */
  readonly country: string | null
}

/**
 * Reads a number that a person typed in, under a country where it has no country code of its own.
 * @throws Refusal that names `field` and says what is wrong with the number
 */
export function typedNumber(text: string, country: string | null, field: string): TypedNumber {
  // A person who types in one number knows whether it takes texts.
  const read = normalisePhone(text, country === null ? null : countryFrom(country), { allowLandlines: true })
  if (read.ok) return { number: read.e164, country: read.country }
  throw new Refusal('invalid_input', rejectionReasons[read.code], { [field]: rejectionReasons[read.code] })
}

/** The country of an E.164 number; null where it tells none. */
export function numberCountry(number: string): string | null {
  const read = normalisePhone(number, null, { allowLandlines: true })
  return read.ok ? read.country : null
}

/** E.164: what a phone can be told to dial, unlike a short code or a name. */
export function isE164(text: string): boolean {
  return /^\+[1-9][0-9]{4,14}$/.test(text)
}
