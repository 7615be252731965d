import { type FileHandle, open } from 'node:fs/promises'
import type { ReadSettings } from '../../../shared/imports/settings.ts'
import type { Candidate, Rejection } from '../../domain/imports/candidate.ts'
import { CsvReader, type CsvRow } from '../../domain/imports/csv-reader.ts'
import { fileDecoder } from '../../domain/imports/file-decoder.ts'
import { type RowReader, rowReader } from '../../domain/imports/row.ts'
import { asFileError, inspectFile } from './inspect.ts'
import type { Packer } from './packer.ts'
import { QuickRows } from './quick-rows.ts'

export interface ReadOptions {
  /** Rows up to this one (as a spreadsheet counts) are passed over quickly: where an import that was cut off goes on. */
  readonly afterRow?: number
  /** Rows in a batch. Default 500. */
  readonly batchRows?: number
  readonly signal?: AbortSignal
  /** Takes the candidates instead of the batches, in their order and as they are read: many are not even made texts of. */
  readonly packer?: Packer
  /** A batch ends with this row, whatever its size. */
  readonly endRow?: number | null
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
const LF = 10

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
  const batches = new Batches(columns, settings, options)
  for await (const { text, bytesRead, final } of readText(path, settings.format.encoding)) {
    options.signal?.throwIfAborted()
    for (const batch of batches.take(text, bytesRead, final)) {
      yield batch
      options.signal?.throwIfAborted()
    }
  }
}

class Batches {
  readonly #csv: CsvReader
  readonly #rowReader: RowReader
  readonly #quick: QuickRows | null
  readonly #packer: Packer | null
  readonly #size: number
  readonly #afterRow: number
  readonly #endRow: number | null
  #headerDue: boolean
  /** Whether the start of a row that is not whole yet is nothing but plain letters. */
  #restIsPlain = true
  #bytesRead = 0
  #rowsSeen = 0
  #lastRow: number
  /** Rows in the batch. */
  #taken = 0
  #candidates: Candidate[] = []
  #rejections: Rejection[] = []

  constructor(columns: readonly string[], settings: ReadSettings, options: ReadOptions) {
    const { delimiter, header } = settings.format
    this.#rowReader = rowReader(columns, settings)
    this.#packer = options.packer ?? null
    const isQuick = this.#packer !== null && QuickRows.canRead(columns, settings)
    this.#quick = isQuick ? new QuickRows(columns, settings, this.#packer!) : null
    this.#headerDue = header
    this.#size = options.batchRows ?? 500
    this.#afterRow = options.afterRow ?? 0
    this.#endRow = options.endRow ?? null
    this.#csv = new CsvReader({ delimiter, afterRow: this.#afterRow })
    this.#lastRow = this.#afterRow
  }

  *take(text: string, bytesRead: number, final: boolean): Generator<ImportBatch> {
    this.#bytesRead = bytesRead
    if (this.#quick === null) yield* this.#takeRows(this.#csv.push(text), text)
    else yield* this.#takeQuickly(this.#quick, Buffer.from(text))
    if (!final) return
    yield* this.#takeRows(this.#csv.end(), '')
    yield this.#flush()
  }

  /** Hands each row that is not taken quickly to the usual reader, and more lines when the row goes on behind its line. */
  *#takeQuickly(quick: QuickRows, bytes: Buffer): Generator<ImportBatch> {
    const lastEnd = bytes.lastIndexOf(LF)
    let lines = 1
    for (let at = 0; at < bytes.length; ) {
      const row = this.#csv.row + 1
      const isQuick = this.#csv.isBetweenRows && !this.#headerDue && row > this.#afterRow
      const next = isQuick && at <= lastEnd ? quick.take(bytes, at, row) : -1
      if (next >= 0) {
        at = next
        this.#csv.passRow()
        if (this.#isFull(row)) yield this.#flush()
        continue
      }
      // Twice as many each time, or a cell of many lines would be read from its beginning for each of them.
      lines = isQuick ? 1 : lines * 2
      const end = row > this.#afterRow ? linesEnd(bytes, at, lines) : bytes.length
      const text = bytes.toString('utf8', at, end)
      yield* this.#takeRows(this.#csv.push(text), text)
      at = end
    }
  }

  *#takeRows(rows: readonly CsvRow[], text: string): Generator<ImportBatch> {
    const textIsPlain = !/[^\t\n\r\x20-\x7E\xA0-\u02FF]/.test(text)
    const plain = textIsPlain && this.#restIsPlain
    this.#restIsPlain = textIsPlain && (rows.length > 0 || this.#restIsPlain)
    for (const row of rows) {
      if (!this.#isData(row)) continue
      const result = this.#rowReader.read(row, plain)
      if ('rejection' in result) this.#rejections.push(result.rejection)
      else if (this.#packer) this.#packer.add(result.candidate)
      else this.#candidates.push(result.candidate)
      if (this.#isFull(row.row)) yield this.#flush()
    }
  }

  /** Counts the row into the batch. Returns whether the batch ends with it. */
  #isFull(row: number): boolean {
    this.#rowsSeen += 1
    this.#taken += 1
    this.#lastRow = row
    return this.#taken >= this.#size || row === this.#endRow
  }

  #isData(row: CsvRow): boolean {
    if (this.#headerDue && row.fault === null) {
      this.#headerDue = false
      return false
    }
    return row.row > this.#afterRow
  }

  #flush(): ImportBatch {
    const batch = {
      candidates: this.#candidates,
      rejections: this.#rejections,
      bytesRead: this.#bytesRead,
      rowsSeen: this.#rowsSeen,
      lastRow: this.#lastRow,
    }
    this.#taken = 0
    this.#candidates = []
    this.#rejections = []
    return batch
  }
}

/** Where the n-th line from `from` on ends, or the end. */
function linesEnd(bytes: Buffer, from: number, lines: number): number {
  let end = from
  for (let line = 0; line < lines; line += 1) {
    const found = bytes.indexOf(LF, end)
    if (found < 0) return bytes.length
    end = found + 1
  }
  return end
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
