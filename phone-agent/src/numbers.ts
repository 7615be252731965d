import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** Reads phone numbers as a phone with a SIM of one country does. */
export interface Numbers {
  /** E.164, or null where the text is no number of a person (short codes, names). */
  e164(raw: string): string | null
  /** E.164 where possible, otherwise the bare digits or the name, so that one sender has one form. */
  canonical(raw: string): string
}

/** @param country ISO 3166, upper case; null when it is not known. */
export function numbersOf(country: string | null): Numbers {
  const known = new Map<string, string | null>()
  const home = country && isSupportedCountry(country) ? (country as CountryCode) : undefined
  const e164 = (raw: string): string | null => {
    if (/^\+[1-9][0-9]{6,14}$/.test(raw)) return raw
    let found = known.get(raw)
    if (found === undefined) {
      found = parse(raw, home)
      if (known.size >= 20_000) known.clear()
      known.set(raw, found)
    }
    return found
  }
  return { e164, canonical: raw => e164(raw) ?? bare(raw) }
}

/**
 * What two spellings of one number have in common whatever the country: the last seven digits. Used where taking two
 * numbers for one only costs a short wait, and taking one for two could text somebody who has opted out.
 */
export function blockKey(raw: string): string {
  const digits = raw.replace(/[^0-9]/g, '')
  return digits.length >= 3 ? digits.slice(-7) : raw.trim().toLowerCase()
}

function parse(raw: string, home: CountryCode | undefined): string | null {
  const digits = raw.replace(/[^0-9]/g, '')
  // Up to six digits is a short code, even where a local number could be as short.
  if (digits.length < 7 || /\p{L}/u.test(raw)) return null
  const number = parsePhoneNumberFromString(raw, home === undefined ? {} : { defaultCountry: home })
  if (!number?.isPossible()) return null
  return /^\+[0-9]{5,15}$/.test(number.number) ? number.number : null
}

function bare(raw: string): string {
  return /\p{L}/u.test(raw) ? raw.trim().toLowerCase() : raw.replace(/[^0-9]/g, '') || raw.trim()
}
