import { type FlagCode, flagReasons, type RejectionCode } from '../../../shared/imports/reasons.ts'
import type { ImportMapping, ImportSettings, Sniffed } from '../../../shared/imports/settings.ts'
import type { Rejection, RowFlag } from '../../domain/imports/candidate.ts'
import { NumberSet } from '../../domain/imports/number-set.ts'
import { inspectFile } from './inspect.ts'
import { readBatches } from './read.ts'

interface CheckedRejection {
  /** The row a spreadsheet shows. */
  readonly row: number
  readonly code: RejectionCode
  readonly message: string
  /** The text at fault, at most 200 characters. */
  readonly value: string
}

interface CheckedFlag {
  readonly row: number
  readonly column: string
  readonly code: FlagCode
  readonly message: string
  readonly value: string
}

/** How a list would come in. `rows = accepted + duplicates + rejected.length`; blank lines are no rows. */
export interface CheckReport extends Sniffed {
  /** Unique names of the columns; the mapping speaks of these. */
  readonly columns: readonly string[]
  readonly mapping: ImportMapping
  readonly rows: number
  readonly accepted: number
  /** Rows whose number an earlier row of the file has. Never among the rejected. */
  readonly duplicates: number
  readonly rejected: readonly CheckedRejection[]
  /** Cells that deserve a look, in rows of any outcome. */
  readonly flagged: readonly CheckedFlag[]
}

export interface CheckOptions {
  readonly signal?: AbortSignal
  /** Bytes read so far and the size of the file. */
  readonly onProgress?: (bytesRead: number, fileSize: number) => void
  /**
   * Takes the rejected rows one by one. The report then holds none of them, and the memory of a check grows by the
   * numbers alone (about 16 bytes a row) instead of by every line of the report.
   */
  readonly onRejected?: (rejection: CheckedRejection) => void
  /** The same for the flagged cells. */
  readonly onFlagged?: (flag: CheckedFlag) => void
}

/**
 * Reads a whole list without taking anything in, and without a database.
 * @throws ImportFileError when the file is not a list
 */
export async function checkFile(
  path: string,
  settings: ImportSettings,
  options: CheckOptions = {},
): Promise<CheckReport> {
  const inspection = await inspectFile(path, settings)
  const rejected: CheckedRejection[] = []
  const flagged: CheckedFlag[] = []
  const reject = options.onRejected ?? (rejection => rejected.push(rejection))
  const flag = options.onFlagged ?? (one => flagged.push(one))
  const numbers = new NumberSet()
  let rows = 0
  let duplicates = 0
  const read = readBatches(path, inspection.settings, options.signal ? { signal: options.signal } : {})
  for await (const batch of read) {
    for (const candidate of batch.candidates) {
      if (!numbers.add(candidate.number)) duplicates += 1
      for (const one of candidate.flags) flag(checkedFlag(candidate.row, one))
    }
    for (const rejection of batch.rejections) {
      reject(checkedRejection(rejection))
      for (const one of rejection.flags) flag(checkedFlag(rejection.row, one))
    }
    rows = batch.rowsSeen
    options.onProgress?.(batch.bytesRead, inspection.fileSize)
  }
  const { format, mapping } = inspection.settings
  return {
    ...format,
    columns: inspection.columns,
    mapping,
    rows,
    accepted: numbers.size,
    duplicates,
    rejected,
    flagged: flagged.sort((one, other) => one.row - other.row),
  }
}

function checkedRejection({ row, code, message, value }: Rejection): CheckedRejection {
  return { row, code, message, value: ownCopy(value) }
}

function checkedFlag(row: number, { column, code, value }: RowFlag): CheckedFlag {
  return { row, column, code, message: flagReasons[code], value: ownCopy(value) }
}

/** A cell is a window on the piece of the file it was read from; kept as it is, it would keep that piece in memory. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString()
}
