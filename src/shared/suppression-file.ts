import Papa from 'papaparse'

/** One number of a list as it is written, with the row of the spreadsheet and what is noted beside it. */
export interface ListedNumber {
  readonly row: number
  readonly number: string
  readonly note: string
}

/** Names of columns with the numbers, and with notes, in small letters. */
const NUMBER_NAMES = [
  'number',
  'phone',
  'phone number',
  'mobile',
  'mobile number',
  'telephone',
  'cell',
  'e164',
  'msisdn',
]
const NOTE_NAMES = ['note', 'notes', 'reason', 'comment']
/** What may be a number in some form: digits with what people write between them. */
const NUMBER_LIKE = /^['=]?["']?\+?[\d\s().\-/]{5,25}["']?$/

/**
 * Reads a list of numbers that must not be texted: one number a line, or a CSV file with any separator, with or without
 * names of columns. Takes back what the suppression list writes. What a cell holds is not judged here.
 */
export function readSuppressionFile(text: string): ListedNumber[] {
  const whole = text.replace(/^\uFEFF/, '')
  // Blank lines count as rows, and must not count where the separator is guessed.
  const guess = { delimitersToGuess: [',', ';', '\t', '|'], preview: 100, skipEmptyLines: 'greedy' as const }
  const { delimiter } = Papa.parse<string[]>(whole, guess).meta
  const { data } = Papa.parse<string[]>(whole, { delimiter })
  const rows = data.map((cells, at) => ({ row: at + 1, cells: cells.map(unquoted) }))
  const filled = rows.filter(({ cells }) => cells.some(cell => cell !== ''))
  const [first] = filled
  if (!first) return []
  const names = first.cells.map(cell => cell.toLowerCase().replace(/[_-]/g, ' '))
  const hasNames = names.some(name => NUMBER_NAMES.includes(name)) || !first.cells.some(cell => NUMBER_LIKE.test(cell))
  const body = hasNames ? filled.slice(1) : filled
  const at = numberColumn(
    hasNames ? names : [],
    body.map(({ cells }) => cells),
  )
  const noteAt = NOTE_NAMES.map(name => (hasNames ? names.indexOf(name) : -1)).find(place => place >= 0 && place !== at)
  return body.flatMap(({ row, cells }) => {
    const number = cells[at] ?? ''
    return number === '' ? [] : [{ row, number, note: noteAt === undefined ? '' : (cells[noteAt] ?? '').slice(0, 500) }]
  })
}

/** The text of a file: UTF-8, UTF-16 with its mark, or Windows-1252 where it is neither. */
export function textOfFile(bytes: Uint8Array): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
  if (mark === 0xfffe) return new TextDecoder('utf-16le').decode(bytes)
  if (mark === 0xfeff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** By its name, or else the column in which most cells look like numbers. */
function numberColumn(names: readonly string[], rows: readonly (readonly string[])[]): number {
  const named = NUMBER_NAMES.map(name => names.indexOf(name)).find(place => place >= 0)
  if (named !== undefined) return named
  const counts: number[] = []
  for (const cells of rows.slice(0, 200)) {
    for (const [at, cell] of cells.entries()) counts[at] = (counts[at] ?? 0) + (NUMBER_LIKE.test(cell) ? 1 : 0)
  }
  return counts.reduce((best, count, at) => (count > (counts[best] ?? 0) ? at : best), 0)
}

/** Without what keeps a spreadsheet from running a cell. */
function unquoted(cell: string): string {
  return cell.trim().replace(/^'/, '')
}
