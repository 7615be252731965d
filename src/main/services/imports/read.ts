import { type FileHandle, open } from 'node:fs/promises'
import type { ReadSettings } from '../../../shared/imports/settings.ts'
import type { Candidate, Rejection } from '../../domain/imports/candidate.ts'
import { CsvReader, type CsvRow } from '../../domain/imports/csv-reader.ts'
import { fileDecoder } from '../../domain/imports/file-decoder.ts'
import { type RowReader, rowReader } from '../../domain/imports/row.ts'
import { asFileError, inspectFile } from './inspect.ts'

export interface ReadOptions {
  /** Rows up to this one (as a spreadsheet counts) are passed over quickly: where an import that was cut off goes on. */
  readonly afterRow?: number
  /** Rows in a batch. Default 500. */
  readonly batchRows?: number
  readonly signal?: AbortSignal
}

/** Some rows of a file, in its order. */
export interface ImportBatch {
  readonly candidates: readonly Candidate[]
  readonly rejections: readonly Rejection[]
  /** Bytes of the file that were read so far: the progress. */
  readonly bytesRead: number
  /** Rows so far that are not blank, without the header and the ones passed over. */
  readonly rowsSeen: number
  /** The last row of the batch, as a spreadsheet counts: hand it in as `afterRow` to go on behind it. */
  readonly lastRow: number
}

const CHUNK_BYTES = 262_144

/**
 * Reads the rows of a file in batches. The next piece of the file is read when the next batch is asked for, so the
 * memory it takes does not depend on the size of the file. The last batch may be empty, so that `bytesRead` gets to the end.
 *
 * @throws ImportFileError when the file is not the list that the settings are for
 */
export async function* readBatches(
  path: string,
  settings: ReadSettings,
  options: ReadOptions = {},
): AsyncGenerator<ImportBatch, void, undefined> {
  const { columns } = await inspectFile(path, settings)
  const batches = new Batches(rowReader(columns, settings), settings.format.header, options)
  const reader = new CsvReader({ delimiter: settings.format.delimiter, afterRow: options.afterRow ?? 0 })
  for await (const { text, bytesRead, final } of readText(path, settings.format.encoding)) {
    options.signal?.throwIfAborted()
    const rows = reader.push(text)
    if (final) rows.push(...reader.end())
    for (const batch of batches.take(rows, text, bytesRead, final)) {
      yield batch
      options.signal?.throwIfAborted()
    }
  }
}

class Batches {
  readonly #rowReader: RowReader
  readonly #size: number
  readonly #afterRow: number
  #headerDue: boolean
  /** Whether the start of a row that is not whole yet is nothing but plain letters. */
  #restIsPlain = true
  #rowsSeen = 0
  #lastRow: number
  #candidates: Candidate[] = []
  #rejections: Rejection[] = []

  constructor(reader: RowReader, header: boolean, options: ReadOptions) {
    this.#rowReader = reader
    this.#headerDue = header
    this.#size = options.batchRows ?? 500
    this.#afterRow = options.afterRow ?? 0
    this.#lastRow = this.#afterRow
  }

  *take(rows: readonly CsvRow[], text: string, bytesRead: number, final: boolean): Generator<ImportBatch> {
    const textIsPlain = !/[^\t\n\r\x20-\x7E\xA0-\u02FF]/.test(text)
    const plain = textIsPlain && this.#restIsPlain
    this.#restIsPlain = textIsPlain && (rows.length > 0 || this.#restIsPlain)
    for (const row of rows) {
      if (!this.#isData(row)) continue
      const result = this.#rowReader.read(row, plain)
      if ('candidate' in result) this.#candidates.push(result.candidate)
      else this.#rejections.push(result.rejection)
      this.#rowsSeen += 1
      this.#lastRow = row.row
      if (this.#candidates.length + this.#rejections.length >= this.#size) yield this.#flush(bytesRead)
    }
    if (final) yield this.#flush(bytesRead)
  }

  #isData(row: CsvRow): boolean {
    if (this.#headerDue && row.fault === null) {
      this.#headerDue = false
      return false
    }
    return row.row > this.#afterRow
  }

  #flush(bytesRead: number): ImportBatch {
    const batch = {
      candidates: this.#candidates,
      rejections: this.#rejections,
      bytesRead,
      rowsSeen: this.#rowsSeen,
      lastRow: this.#lastRow,
    }
    this.#candidates = []
    this.#rejections = []
    return batch
  }
}

async function* readText(path: string, encoding: ReadSettings['format']['encoding']) {
  const decoder = fileDecoder(encoding)
  let bytesRead = 0
  let file: FileHandle | undefined
  try {
    file = await open(path)
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    for (;;) {
      const read = await file.read(chunk, 0, CHUNK_BYTES, bytesRead)
      bytesRead += read.bytesRead
      const final = read.bytesRead === 0
      yield { text: decoder.decode(chunk.subarray(0, read.bytesRead), final), bytesRead, final }
      if (final) return
    }
  } catch (error) {
    throw asFileError(error)
  } finally {
    await file?.close()
  }
}
