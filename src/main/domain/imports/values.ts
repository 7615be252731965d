import { postcodeFrom } from '../places/postcodes.ts'

/** Guesses what a cell is from the cell alone, for lists whose header says too little. */

/** Digits with what people put around them; also the ways in which a spreadsheet damages a number. */
export function looksLikePhone(text: string): boolean {
  const value = text.trim()
  if (/^\+?\d+(?:[.,]\d+)?e\+?\d+$/i.test(value)) return true
  if (value.length < 7 || value.length > 40) return false
  if (DATE.test(value) || ADDRESS.test(value) || /^-?\d+[.,]\d{1,6}$/.test(value)) return false
  if (!/^['="\s]*(?:tel:|\+|\(|\d)[\d\s()./+\-\u2010-\u2015\u00A0]*(?:(?:x|ext\.?)\s*\d{1,6})?["\s]*$/i.test(value)) {
    return false
  }
  const digits = value.replace(/\D/g, '').length
  return digits >= 7 && digits <= 20
}

export function looksLikeEmail(text: string): boolean {
  if (text.length > 300) return false
  return /^[^\s@,;:"<>()]+@[^\s@,;:"<>()]+\.[^\s@,;:"<>()]{2,}$/.test(text.trim())
}

export function looksLikeZone(text: string): boolean {
  return /^[A-Z][A-Za-z]+\/[A-Z][\w+\-/]+$/.test(text.trim())
}

/** Digits, or letters and digits, as posts write them: what a column that is named so may hold. */
export function looksLikePostcode(text: string): boolean {
  return (
    postcodeFrom(text) !== null &&
    /^\d{3,6}(?:-?\d{3,4})?$|^[A-Za-z]{1,2}[- ]?\d|^\d{3,4} ?[A-Za-z]{2}$|^\d{3} \d{2}$/.test(text.trim())
  )
}

/** Postcodes that look like nothing else: of the United States with nine digits, of Canada, of the United Kingdom. */
export function isWrittenAsPostcode(text: string): boolean {
  return /^(?:\d{5}-\d{4}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})$/i.test(text.trim())
}

/** Numbers, dates, web addresses: what no header is called. */
export function looksLikeData(text: string): boolean {
  const value = text.trim()
  if (value === '' || value.length > 300) return false
  return (
    looksLikePhone(value) ||
    looksLikeEmail(value) ||
    DATE.test(value) ||
    /^[+-]?[\p{Sc}]?\d+(?:[.,]\d+)*%?$/u.test(value) ||
    /^(?:https?:\/\/|www\.)/i.test(value)
  )
}

/** One word or a few, without digits: what names look like. */
export function looksLikeName(text: string): boolean {
  return /^\p{L}[\p{L}\p{M}'’.\- ]{0,60}$/u.test(text.trim())
}

const DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4}))(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/
/** An address on the internet, 192.0.2.1. */
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/
