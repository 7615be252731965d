import type { Candidate, Rejection } from '../../domain/imports/candidate.ts'
import { Packer } from './packer.ts'
import type { ImportBatch } from './read.ts'

/**
 * Rows that are sorted by number before they are stored. Stored in the order of the file, each would touch another page
 * of the index of numbers, and every transaction would write as many pages as it has rows. The first windows are smaller,
 * so that storing begins early.
 */
const WINDOW_ROWS = { first: 10_000, most: 160_000 }

/** Some rows of the file, to be stored in this order: rejected ones by row, then the others by number and row. */
export interface ImportWindow extends PackedRows {
  readonly rejections: readonly Rejection[]
  /** The row of the spreadsheet that it ends with. */
  readonly lastRow: number
  readonly bytesRead: number
}

/** Rows as the worker hands them over: bytes, which change threads without a copy and which the database reads by itself. */
export interface PackedRows {
  readonly size: number
  /** JSON in UTF-8, a StoredRow and a comma each, and where each begins; one more place tells the end. */
  readonly texts: Uint8Array
  readonly textsAt: Uint32Array
  /** Their numbers, likewise. */
  readonly numbers: Uint8Array
  readonly numbersAt: Uint32Array
  /** The rows a spreadsheet shows. */
  readonly rows: Uint32Array
  /** Places in `fillings`, which are the names of the fields that have a value. */
  readonly filled: Uint32Array
  readonly fillings: readonly (readonly string[])[]
  /** Those that have more to them, by place, and what it is: often the same for many, which is handed over once. */
  readonly notesAt: Uint32Array
  readonly notes: readonly RowNotes[]
}

/** Number, country, first name, last name, e-mail address, zone, attributes; the postcode where a column holds it. */
export type StoredRow = readonly [
  string,
  string | null,
  string,
  string,
  string,
  string | null,
  Readonly<Record<string, string>>,
  (string | null)?,
]

export type RowNotes = Pick<Candidate, 'tags' | 'consent' | 'flags'>

/** A place within a window. */
export interface WindowPlace {
  /** Empty for rejected rows. */
  readonly number: string
  readonly row: number
}

export function sizeOf(window: ImportWindow): number {
  return window.rejections.length + window.size
}

/** The place of the n-th row of a window. */
export function placeAt(window: ImportWindow, n: number): WindowPlace {
  const rejection = window.rejections[n]
  if (rejection) return { number: '', row: rejection.row }
  const at = n - window.rejections.length
  return { number: numberAt(window, at), row: window.rows[at]! }
}

/** How many rows of a window come up to a place. */
export function rowsUpTo(window: ImportWindow, place: WindowPlace): number {
  let [low, high] = [0, sizeOf(window)]
  while (low < high) {
    const middle = (low + high) >> 1
    if (comparePlaces(placeAt(window, middle), place) > 0) high = middle
    else low = middle + 1
  }
  return low
}

/** E.164. */
export function numberAt({ numbers, numbersAt }: PackedRows, at: number): string {
  return latin(numbers, numbersAt[at]! + 1, numbersAt[at + 1]! - 2)
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}

function comparePlaces(one: WindowPlace, other: WindowPlace): number {
  if (one.number !== other.number) return one.number < other.number ? -1 : 1
  return one.row - other.row
}

/** What changes threads without a copy. */
export function buffersOf({ texts, textsAt, numbers, numbersAt, rows, filled, notesAt }: PackedRows): ArrayBuffer[] {
  return [texts, textsAt, numbers, numbersAt, rows, filled, notesAt].map(list => list.buffer as ArrayBuffer)
}

/** Gives the memory of a window back at once, which else is done much later: to the collector it looks small. */
export function release(window: PackedRows): void {
  for (const buffer of buffersOf(window)) buffer.transfer(0)
}

/** Puts the batches of a file together to windows. */
export class WindowReader {
  readonly #batches: AsyncIterator<ImportBatch, void>
  readonly #packer: Packer
  #windowRows = WINDOW_ROWS.first
  #rest: ImportBatch | null = null

  /** @param packer the one that the batches go into by themselves, if there is one; one of rows without postcodes else */
  constructor(batches: AsyncIterator<ImportBatch, void>, packer = new Packer()) {
    this.#batches = batches
    this.#packer = packer
  }

  /**
   * The next window, or null at the end of the file.
   * @param lastRow where the window ends: of one that was stored in part, so that it is the same again
   */
  async next(lastRow: number | null = null): Promise<ImportWindow | null> {
    const packer = this.#packer
    const rejections: Rejection[] = []
    let end = 0
    let bytesRead = 0
    for (;;) {
      const batch = this.#rest ?? (await this.#batches.next()).value
      if (!batch) {
        if (bytesRead === 0) return null
        break
      }
      const part = lastRow === null ? batch : this.#upTo(batch, lastRow)
      this.#rest = part === batch ? null : this.#rest
      for (const candidate of part.candidates) packer.add(candidate)
      rejections.push(...part.rejections)
      end = part.lastRow
      bytesRead = part.bytesRead
      if (lastRow === null ? packer.size + rejections.length >= this.#windowRows : this.#rest !== null) break
      if (lastRow !== null && end >= lastRow) break
    }
    if (lastRow === null) this.#windowRows = Math.min(WINDOW_ROWS.most, this.#windowRows * 2)
    return { ...packer.take(), rejections, lastRow: end, bytesRead }
  }

  /** The part of a batch up to a row; what is behind it waits for the next window. */
  #upTo(batch: ImportBatch, lastRow: number): ImportBatch {
    if (batch.lastRow <= lastRow) return batch
    const within = (item: Candidate | Rejection) => item.row <= lastRow
    this.#rest = {
      ...batch,
      candidates: batch.candidates.filter(item => !within(item)),
      rejections: batch.rejections.filter(item => !within(item)),
    }
    return {
      ...batch,
      candidates: batch.candidates.filter(within),
      rejections: batch.rejections.filter(within),
      lastRow,
    }
  }
}
