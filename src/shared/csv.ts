import { isFormula } from './imports/formula.ts'

/** What a cell of an exported CSV can be; null and undefined are written as an empty cell. */
export type CsvCell = string | number | boolean | null | undefined

/** First characters of a file: without them Excel reads UTF-8 as Windows-1252. */
export const csvByteOrderMark = '\uFEFF'

/**
 * One line of CSV (RFC 4180, comma, CRLF at its end) that no spreadsheet runs: text that would be a formula gets an
 * apostrophe in front, which spreadsheets take as "this is text".
 */
export function csvLine(cells: readonly CsvCell[]): string {
  // A lone empty cell would be a blank line, which readers skip.
  if (cells.length === 1 && writeCell(cells[0]) === '') return '""\r\n'
  return `${cells.map(writeCell).join(',')}\r\n`
}

function writeCell(cell: CsvCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = isFormula(cell) ? `'${cell}` : cell
  // Beyond the RFC: other separators and outer spaces too, since some readers guess the separator or trim.
  return /[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
