import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { RejectionCode } from '../../../shared/imports/reasons.ts'
import { parseDigits, type ValidNumber } from './numbering-plans.ts'

/** `either`: the country does not tell mobiles from landlines (US, Canada). */
export type PhoneKind = 'mobile' | 'either' | 'fixed' | 'voip'

export type PhoneRejection = Extract<RejectionCode, `phone_${string}`>

export type NormalisedPhone =
  | {
      readonly ok: true
      readonly e164: string
      /** Null for numbers of no country, such as satellite phones. */
      readonly country: CountryCode | null
      readonly type: PhoneKind
      /** The cell held more numbers than this one. */
      readonly several: boolean
    }
  | { readonly ok: false; readonly code: PhoneRejection }

export interface PhoneOptions {
  /** Takes fixed lines and VoIP numbers too. Premium, toll-free, pager and other numbers of no person stay out. */
  readonly allowLandlines: boolean
}

/**
 * Reads one cell as a phone number, under a country where it has no country code of its own. What is valid is what
 * libphonenumber-js calls valid, with two rules on top: an E.164 number has at most 15 digits, and `00` in front
 * means + everywhere. Of several numbers in a cell the first usable one is taken.
 */
export function normalisePhone(text: string, country: CountryCode | null, options: PhoneOptions): NormalisedPhone {
  const value = text.trim()
  if (value === '') return MISSING
  if (PLAIN.test(value) && !value.includes('/')) return single(value, country, options)
  if (NOTHING.test(value)) return MISSING
  if (SCIENTIFIC.test(value) || ERROR_CELL.test(value)) return EXCEL_DAMAGED
  const parts = severalNumbers(value)
  if (parts.length < 2) return single(value, country, options)
  const read = parts.map(part => single(part, country, options))
  const first = read.find(one => one.ok) ?? read[0] ?? INVALID
  return first.ok ? { ...first, several: true } : first
}

/**
 * The same for a cell of digits and what people put between them, which has been taken out. Null: it is not usable, or only
 * the whole cell tells.
 * @param digits with + in front or without
 */
export function usableDigits(
  digits: string,
  country: CountryCode | null,
  options: PhoneOptions,
): Extract<NormalisedPhone, { ok: true }> | null {
  const valid = parseDigits(digits, country)
  if (!valid) return null
  const read = accept(valid, options)
  return read.ok ? read : null
}

/** Why the number of a cell is not usable, best first: what the operator can do most about. */
export const phoneRejectionsByUse: readonly PhoneRejection[] = [
  'phone_not_mobile',
  'phone_extension',
  'phone_excel_damaged',
  'phone_country_unknown',
  'phone_country_missing',
  'phone_invalid',
  'phone_missing',
]

const PLAIN = /^\+?[ (]*\d[\d ()./-]*$/
const NOTHING = /^(?:n\/?a|none|null|nil|unknown|no phone|keine?|ninguno|aucun|[-–—.?*_]+)$/i
/** 4.41E+11, also with a decimal comma. */
const SCIENTIFIC = /^[+'"=\s]*\d+(?:[.,]\d+)?e\+?\d{1,2}["\s]*$/i
/** `#####`, `#REF!` and the like. */
const ERROR_CELL = /^#(?:#+|N\/A|NAME\?|NULL!|NUM!|REF!|VALUE!|DIV\/0!)$/i
const DECIMALS = /^\+?\d{5,}[.,]0+$/
const EXTENSION_WORD =
  /\d\D{0,3}\b(?:e?xt(?:ension)?|durchwahl|dw|poste|ramal|anexo|interno|int|toestel|wewn|app)\b\W{0,3}\d{1,6}$/i
const SEPARATOR = /[;|\n\r&,/]|\s(?:or|and|oder|und|ou|et|o|y|e|of|en)\s/i

const MISSING: NormalisedPhone = { ok: false, code: 'phone_missing' }
const INVALID: NormalisedPhone = { ok: false, code: 'phone_invalid' }
const EXTENSION: NormalisedPhone = { ok: false, code: 'phone_extension' }
const NOT_MOBILE: NormalisedPhone = { ok: false, code: 'phone_not_mobile' }
const EXCEL_DAMAGED: NormalisedPhone = { ok: false, code: 'phone_excel_damaged' }
const COUNTRY_MISSING: NormalisedPhone = { ok: false, code: 'phone_country_missing' }

function single(value: string, country: CountryCode | null, options: PhoneOptions): NormalisedPhone {
  if (DECIMALS.test(value)) return EXCEL_DAMAGED
  if (PLAIN.test(value)) {
    const digits = value.replace(/[ ()./-]+/g, '')
    const valid = parse(digits, country)
    return valid ? accept(valid, options) : explain(value, digits, country, options)
  }
  const parsed = parsePhoneNumberFromString(value, country === null ? {} : { defaultCountry: country })
  if (parsed?.ext || EXTENSION_WORD.test(value)) return EXTENSION
  if (parsed?.isValid()) return accept(fromLibrary(parsed), options)
  // Wide and Arabic digits, or words around the number.
  const digits = asciiDigits(value).replace(/[^\d+]+/g, '')
  return explain(value, digits, country, options)
}

function parse(digits: string, country: CountryCode | null): ValidNumber | null {
  const decided = parseDigits(digits, country)
  if (decided !== undefined) return decided
  const parsed = parsePhoneNumberFromString(digits, country === null ? {} : { defaultCountry: country })
  return parsed?.isValid() ? fromLibrary(parsed) : null
}

function fromLibrary(parsed: NonNullable<ReturnType<typeof parsePhoneNumberFromString>>): ValidNumber {
  return { e164: parsed.number, country: parsed.country ?? null, type: parsed.getType() ?? '' }
}

function accept(valid: ValidNumber, options: PhoneOptions): NormalisedPhone {
  // Some countries allow more digits than E.164, and no phone sends to those.
  if (valid.e164.length > 16) return INVALID
  const type = KINDS[valid.type]
  if (type === undefined) return NOT_MOBILE
  if ((type === 'fixed' || type === 'voip') && !options.allowLandlines) return NOT_MOBILE
  return { ok: true, e164: valid.e164, country: valid.country, type, several: false }
}

const KINDS: Readonly<Record<string, PhoneKind>> = {
  MOBILE: 'mobile',
  FIXED_LINE_OR_MOBILE: 'either',
  FIXED_LINE: 'fixed',
  VOIP: 'voip',
}

/** Why a number is not valid; or the number after all, where it has 00 in front. */
function explain(value: string, digits: string, country: CountryCode | null, options: PhoneOptions): NormalisedPhone {
  if (digits.startsWith('00')) {
    const valid = parse(`+${digits.slice(2)}`, country)
    if (valid) return accept(valid, options)
  }
  if (digits.length < 3 || digits.startsWith('+')) return INVALID
  // A spreadsheet that took the number for a quantity leaves digits alone.
  const untouched = /^\d+$/.test(value)
  if (untouched && digits.length >= 11 && parse(`+${digits}`, null)) return EXCEL_DAMAGED
  if (country === null) return COUNTRY_MISSING
  if (!untouched) return INVALID
  return parse(`0${digits}`, country) ? EXCEL_DAMAGED : INVALID
}

/** The numbers of a cell that holds more than one; a dialling code before a slash is no number of its own. */
function severalNumbers(value: string): string[] {
  if (!SEPARATOR.test(value)) return []
  return value
    .split(SEPARATOR)
    .map(part => part.trim())
    .filter(part => /^\D{0,12}(?:\d\D{0,3}){7,}$/.test(part))
}

function asciiDigits(text: string): string {
  return text.replace(/[\uFF10-\uFF19\u0660-\u0669\u06F0-\u06F9\uFF0B]/g, digit => {
    const code = digit.charCodeAt(0)
    if (code === 0xff0b) return '+'
    return String(code - (code >= 0xff10 ? 0xff10 : code >= 0x06f0 ? 0x06f0 : 0x0660))
  })
}
