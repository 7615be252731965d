// "=", "+", "-", "@", tab, CR and LF first, and the full-width forms that East Asian spreadsheets take as the same.
const TRIGGERS = '=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20'
const LEADING = /^[\s=+\-@\uFF1D\uFF0B\uFF0D\uFF20]+/
const NUMBER = /^[+-]?\s?[\p{Sc}]?\s?(?:\d+(?:[.,\u00A0 ]\d+)*|[.,]\d+)(?:[eE][+-]?\d+)?\s?[%\p{Sc}]?$/u
const PHONE = /^\+[\d\s()./-]{5,30}(?:\s*(?:x|ext|extension)[.:]?\s*\d{1,6})?$/i

/**
 * Whether a spreadsheet that opens this text as a cell would run it as a formula. Numbers and phone numbers are
 * not formulas, and a sign that stands alone is not one either.
 */
export function isFormula(cell: string): boolean {
  if (cell === '' || !TRIGGERS.includes(cell.charAt(0))) {
    // A spreadsheet may trim spaces first, and so does the import.
    if (cell.charCodeAt(0) !== 0x20) return false
    const trimmed = cell.trimStart()
    return trimmed !== '' && isFormula(trimmed)
  }
  const text = cell.trim()
  if (text === '' || LEADING.exec(text)?.[0].length === text.length) return false
  if (NUMBER.test(text)) return false
  return !(PHONE.test(text) && countDigits(text) >= 6)
}

/** The text without the signs that make it a formula. */
export function stripFormula(cell: string): string {
  return isFormula(cell) ? cell.replace(LEADING, '') : cell
}

function countDigits(text: string): number {
  return text.replace(/\D/g, '').length
}
