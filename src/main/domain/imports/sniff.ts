import type { FileRefusalCode } from '../../../shared/imports/reasons.ts'
import type { Sniffed } from '../../../shared/imports/settings.ts'
import { CsvReader } from './csv-reader.ts'
import { fileDecoder, sequenceAt, unfinished } from './file-decoder.ts'
import { foreignKind, foreignText } from './file-kinds.ts'
import { hasHeader } from './header.ts'

/** How many bytes of a file are worth handing to {@link sniff}. */
export const SNIFF_BYTES = 262_144

/** The most rows that format and columns are judged by. */
const SAMPLE_ROWS = 500

export type SniffResult =
  | {
      readonly ok: true
      readonly format: Sniffed
      /** The first rows, the header among them if there is one; those that cannot be read are left out. */
      readonly sample: readonly (readonly string[])[]
    }
  | { readonly ok: false; readonly code: FileRefusalCode }

/**
 * Tells from the first bytes of a file how it is written, or what it is if it is no list at all.
 * `known` is what the operator says about it, which is not guessed then. `whole` tells that these are all its bytes.
 */
export function sniff(head: Uint8Array, whole: boolean, known: Partial<Sniffed> = {}): SniffResult {
  if (head.length === 0) return { ok: false, code: 'file_empty' }
  const foreign = foreignKind(head)
  if (foreign !== null) return { ok: false, code: foreign }
  const encoding = known.encoding ?? encodingOf(head, whole)
  if (encoding === null) return { ok: false, code: 'file_binary' }
  const text = fileDecoder(encoding).decode(head, whole)
  if (text.trim() === '') return { ok: false, code: 'file_empty' }
  // Data that looks like UTF-16 by chance turns into control characters, text does not.
  if (/\0/.test(text) || (encoding.startsWith('utf-16') && /[\x01-\x08\x0E-\x1F]/.test(text))) {
    return { ok: false, code: 'file_binary' }
  }
  const foreignStart = foreignText(text.slice(0, 5_000))
  if (foreignStart !== null) return { ok: false, code: foreignStart }
  const delimiter = known.delimiter ?? delimiterOf(text, whole)
  const sample = readSample(text, delimiter, whole)
  const header = known.header ?? hasHeader(sample)
  const lineEnd = known.lineEnd ?? lineEndOf(text)
  return { ok: true, format: { encoding, lineEnd, delimiter, header }, sample }
}

function encodingOf(head: Uint8Array, whole: boolean): Sniffed['encoding'] | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8-bom'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head.includes(0)) return utf16Of(head)
  return mostlyUtf8(head, whole) ? 'utf-8' : 'windows-1252'
}

/** UTF-16 without a byte order mark: text has its zero bytes on one side, data has them anywhere. */
function utf16Of(head: Uint8Array): Sniffed['encoding'] | null {
  let even = 0
  let odd = 0
  for (let at = 0; at < head.length; at += 1) {
    if (head[at] !== 0) continue
    if (at % 2 === 0) even += 1
    else odd += 1
  }
  // Separators, digits and line ends of a list are ASCII whatever its language is.
  const enough = Math.max(2, head.length / 10)
  if (odd > enough && even === 0) return 'utf-16le'
  return even > enough && odd === 0 ? 'utf-16be' : null
}

/** A stray Windows-1252 byte in a UTF-8 list is repaired while reading, so the larger part decides. */
function mostlyUtf8(head: Uint8Array, whole: boolean): boolean {
  const end = whole ? head.length : head.length - unfinished(head)
  let good = 0
  let bad = 0
  for (let at = 0; at < end; ) {
    const size = sequenceAt(head, at)
    if (size > 1) good += 1
    if (size === 0) bad += 1
    at += size || 1
  }
  return bad === 0 || good > bad
}

/** Line breaks within quoted cells are left out, since they say nothing about the rows. */
function lineEndOf(text: string): Sniffed['lineEnd'] {
  const outside = text.replace(/(?<=^|[,;|\t\r\n]) *"(?:[^"]|"")*"(?= *(?:[,;|\t\r\n]|$))/g, '')
  const found = new Set(outside.match(/\r\n|\n|\r(?!$)/g))
  if (found.size > 1) return 'mixed'
  if (found.has('\r\n')) return 'CRLF'
  return found.has('\r') || (found.size === 0 && outside.endsWith('\r')) ? 'CR' : 'LF'
}

const DELIMITERS: readonly Sniffed['delimiter'][] = [',', ';', '\t', '|']

/** The separator that cuts the most rows, the first among them, into the same number of cells, and into many. */
function delimiterOf(text: string, whole: boolean): Sniffed['delimiter'] {
  const told = /^\uFEFF?"?sep=([,;|\t])"?[\r\n]/i.exec(text)?.[1]
  if (told !== undefined) return told as Sniffed['delimiter']
  let best: Sniffed['delimiter'] = ','
  let bestScore = 0
  for (const delimiter of DELIMITERS) {
    const score = evenness(readSample(text, delimiter, whole))
    if (score > bestScore + 1e-9) {
      best = delimiter
      bestScore = score
    }
  }
  return best
}

function evenness(sample: readonly (readonly string[])[]): number {
  const rowsByWidth = new Map<number, number>()
  for (const cells of sample) rowsByWidth.set(cells.length, (rowsByWidth.get(cells.length) ?? 0) + 1)
  let score = 0
  for (const [width, rows] of rowsByWidth) {
    const fitsFirst = sample[0]?.length === width ? 1 : 0.5
    if (width > 1) score = Math.max(score, (rows / sample.length) * Math.log2(width + 1) * fitsFirst)
  }
  return score
}

function readSample(text: string, delimiter: string, whole: boolean): (readonly string[])[] {
  const reader = new CsvReader({ delimiter })
  const rows = reader.push(text)
  // A line that the head cuts off in the middle says nothing; but one long line may be all there is.
  if (whole || rows.length === 0) rows.push(...reader.end())
  const sample: (readonly string[])[] = []
  for (const row of rows) {
    if (row.fault === null) sample.push(row.cells)
    if (sample.length === SAMPLE_ROWS) break
  }
  return sample
}
