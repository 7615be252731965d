import { type CountryCode, getCountries, getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max'
import { alpha2ByAlpha3, countryAliases } from './country-codes.ts'

/**
 * The country that a cell means: ISO codes of two or three letters, names in English and the languages lists come in,
 * everyday names ("UK", "Holland"), dial codes ("+44", "0044"), and mixtures such as "Germany (DE)" or "FR - France".
 * Null if it is not understood, or has no phone numbers of its own.
 */
export function countryFrom(text: string): CountryCode | null {
  const known = cache.get(text)
  if (known !== undefined) return known
  // Lists hold few countries; a column full of something else must not fill the memory.
  if (cache.size >= 5_000) cache.clear()
  const country = understand(text)
  cache.set(text, country)
  return country
}

/** English first: where two languages use one name for two countries, English decides. */
const LANGUAGES =
  'en es fr de it pt nl pl sv da nb fi cs sk hu ro tr hr sl et lv lt ca id vi ru uk el bg ar he zh ja ko'

const cache = new Map<string, CountryCode | null>()
let names: Map<string, CountryCode> | null = null
let dialCodes: Map<string, CountryCode> | null = null

function understand(text: string): CountryCode | null {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > 100) return null
  const dial = /^(?:\+|00)?\s?(\d{1,4}(?:[- ]\d{3})?)$/.exec(trimmed)?.[1]
  if (dial !== undefined) return byDialCode(dial.replace(/\D/g, ''))
  const whole = byName(trimmed)
  if (whole !== null) return whole
  const parts = trimmed.split(/[()[\]/,;|]|\s[-–—:]\s/).filter(part => part.trim() !== '')
  if (parts.length < 2) return null
  const found = new Set(parts.map(byName).filter(country => country !== null))
  return found.size === 1 ? ([...found][0] ?? null) : null
}

function byName(text: string): CountryCode | null {
  const name = simplify(text)
  if (/^[a-z]{2}$/.test(name)) {
    const code = name.toUpperCase()
    if (isSupportedCountry(code)) return code
  }
  const code = alpha2ByAlpha3.get(name.toUpperCase()) ?? countryAliases.get(name)
  if (code !== undefined) return isSupportedCountry(code) ? code : null
  names ??= readNames()
  return names.get(name) ?? names.get(name.replace(/^the /, '')) ?? null
}

function byDialCode(digits: string): CountryCode | null {
  dialCodes ??= readDialCodes()
  return dialCodes.get(digits) ?? null
}

function readNames(): Map<string, CountryCode> {
  const read = new Map<string, CountryCode>()
  const countries = getCountries()
  for (const language of LANGUAGES.split(' ')) {
    const display = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
    for (const country of countries) {
      const name = display.of(country)
      if (name === undefined) continue
      for (const form of [simplify(name), simplify(name.replace(/\s*[([].*$/, ''))]) {
        if (form !== '' && !read.has(form)) read.set(form, country)
      }
    }
  }
  return read
}

function readDialCodes(): Map<string, CountryCode> {
  const read = new Map<string, CountryCode>([
    // Codes that several countries share, where the smaller ones come first in the alphabet.
    ['1', 'US'],
    ['7', 'RU'],
    ['39', 'IT'],
    ['44', 'GB'],
    ['47', 'NO'],
    ['61', 'AU'],
    ['212', 'MA'],
    ['262', 'RE'],
    ['290', 'SH'],
    ['358', 'FI'],
    ['590', 'GP'],
    ['599', 'CW'],
  ])
  for (const country of getCountries()) {
    const code = getCountryCallingCode(country)
    if (!read.has(code)) read.set(code, country)
  }
  return read
}

/** Lower case, without accents and punctuation, so that "Côte d’Ivoire" and "cote d ivoire" are one name. */
function simplify(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('&', ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
