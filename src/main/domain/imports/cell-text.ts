/** The cell at a place; empty where the list has no such column (-1) or the row is short. */
export function cellAt(cells: readonly string[], at: number): string {
  return at < 0 ? '' : (cells[at] ?? '')
}

/** Composed letters (NFC), and nothing that cannot be seen. */
export function composed(text: string): string {
  return UNUSUAL.test(text) ? text.normalize('NFC').replace(INVISIBLE, '') : text
}

/** Every letter before U+0300, where marks to compose begin, is composed already. */
const UNUSUAL = /[^\t\n\r\x20-\x7E\xA0-\u02FF]/

/** Text on one line with single spaces. */
export function oneLine(text: string): string {
  return /\s\s|[\t\n\r]/.test(text) ? text.replace(/\s+/g, ' ') : text
}

/** "Doe, Jane" and "Jane Doe". Of several names the first is what a message greets with. */
export function splitName(name: string): { first: string; last: string } {
  const comma = name.indexOf(',')
  if (comma > 0) return { first: name.slice(comma + 1).trim(), last: name.slice(0, comma).trim() }
  const space = name.indexOf(' ')
  return space < 0 ? { first: name, last: '' } : { first: name.slice(0, space), last: name.slice(space + 1) }
}

/** At most so many UTF-16 units, without half a character at the end. */
export function cut(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')
}

/** Control characters except tab and line ends, marks of direction, spaces of no width, byte order marks. */
const INVISIBLE = /[\x01-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g
