import type { Candidate, Rejection } from '../../domain/imports/candidate.ts'
import type { ImportBatch } from './read.ts'

/**
 * Rows that are sorted by number before they are stored. Stored in the order of the file, each would touch another page
 * of the index of numbers, and every transaction would write as many pages as it has rows.
 */
export const WINDOW_ROWS = 20_000

export type ImportItem = Candidate | Rejection

/** Some rows of the file, to be stored in this order: rejected ones by row, then the others by number and row. */
export interface ImportWindow {
  readonly items: readonly ImportItem[]
  /** The row of the spreadsheet that it ends with. */
  readonly lastRow: number
  readonly bytesRead: number
}

/** A place within a window. */
export interface WindowPlace {
  /** Empty for rejected rows. */
  readonly number: string
  readonly row: number
}

export function placeOf(item: ImportItem): WindowPlace {
  return { number: isCandidate(item) ? item.number : '', row: item.row }
}

export function isCandidate(item: ImportItem): item is Candidate {
  return 'number' in item
}

export function comparePlaces(one: WindowPlace, other: WindowPlace): number {
  if (one.number !== other.number) return one.number < other.number ? -1 : 1
  return one.row - other.row
}

/** Puts the batches of a reader together to windows. */
export class WindowReader {
  readonly #batches: { next(): Promise<ImportBatch | null> }
  readonly #windowRows: number
  #rest: ImportBatch | null = null

  constructor(batches: { next(): Promise<ImportBatch | null> }, windowRows: number = WINDOW_ROWS) {
    this.#batches = batches
    this.#windowRows = windowRows
  }

  /**
   * The next window, or null at the end of the file.
   * @param lastRow where the window ends: of one that was stored in part, so that it is the same again
   */
  async next(lastRow: number | null = null): Promise<ImportWindow | null> {
    const candidates: Candidate[] = []
    const rejections: Rejection[] = []
    let end = 0
    let bytesRead = 0
    for (;;) {
      const batch = this.#rest ?? (await this.#batches.next())
      if (batch === null) {
        if (bytesRead === 0) return null
        break
      }
      const part = lastRow === null ? batch : this.#upTo(batch, lastRow)
      this.#rest = part === batch ? null : this.#rest
      // Each batch by itself, so that sorting the whole has little left to do and never takes long.
      candidates.push(...part.candidates.toSorted(comparePlaces))
      rejections.push(...part.rejections)
      end = part.lastRow
      bytesRead = part.bytesRead
      if (lastRow === null ? candidates.length + rejections.length >= this.#windowRows : this.#rest !== null) break
      if (lastRow !== null && end >= lastRow) break
    }
    return { items: [...rejections, ...candidates.sort(comparePlaces)], lastRow: end, bytesRead }
  }

  /** The part of a batch up to a row; what is behind it waits for the next window. */
  #upTo(batch: ImportBatch, lastRow: number): ImportBatch {
    if (batch.lastRow <= lastRow) return batch
    const within = (item: ImportItem) => item.row <= lastRow
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
