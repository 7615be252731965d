import { setImmediate } from 'node:timers/promises'
import { ERRORS, Refusal } from '../../../shared/errors.ts'
import { Checkpointer } from '../../db/checkpointer.ts'
import type { Database } from '../../db/database.ts'
import { type ImportRow, importById, setImportState } from '../../db/imports.ts'
import { writeUnsynced } from '../../db/unsynced.ts'
import { ImportFileError } from '../../domain/imports/file-error.ts'
import type { ContactSearch } from '../contact-search.ts'
import type { OnMoved } from '../dispatch/refit.ts'
import { Pace } from '../pace.ts'
import type { Clock, Happenings, Log, NumberHash } from '../ports.ts'
import { type ImportReader, windowsOf } from './import-reader.ts'
import { changeOf, type ImportPlan } from './plan.ts'
import { ImportStore } from './store.ts'
import { type ImportWindow, release, rowsUpTo, sizeOf } from './windows.ts'

export interface ImportParts {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly happenings: Happenings
  readonly numberHash: NumberHash
  readonly search: ContactSearch
  /** Fits what waits for a contact that an import or its undoing has moved. */
  readonly onMoved?: OnMoved
  /** The built worker, where the sources are bundled. */
  readonly workerUrl?: URL
}

/** How long one transaction should keep the main thread, in ms. */
const CHUNK_MS = 9
/** An import of no more rows is completed once all of them can be found; of a longer one the search index comes after it. */
const FOUND_AT_ONCE = 50_000
/** How often the progress is told, in ms. */
const TOLD_EVERY = 200

/**
 * Runs one import from where it stands to its end, or until it is paused, cancelled or fails: all of that stands in the
 * database. Returns why it failed when not even that could be stored. `signal` stops it where it is.
 */
export async function runImport(parts: ImportParts, id: number, signal: AbortSignal): Promise<string | null> {
  const { db, clock, log, happenings } = parts
  const row = importById(db, id)
  if (row?.state !== 'running') return null
  try {
    const ended = await new ImportRun(parts, row, signal).toEnd()
    if (!ended) return null
    db.write(tx => {
      if (importById(tx, id)?.state === 'running') setImportState(tx, id, 'completed', { finishedAt: clock.now() })
    })
    return null
  } catch (error) {
    if (signal.aborted) return null
    const sentence = sentenceFor(error)
    if (!(error instanceof ImportFileError || error instanceof ChangedFile)) log.error('import failed', error, { id })
    return storeFailure(parts, id, sentence)
  } finally {
    happenings.tell({ type: 'import', id })
  }
}

class ImportRun {
  readonly #parts: ImportParts
  readonly #row: ImportRow
  readonly #signal: AbortSignal
  readonly #plan: ImportPlan
  readonly #store: ImportStore
  readonly #storing = new Pace(CHUNK_MS, { first: 200, least: 50, most: 5000 })
  #stored = 0
  #toldAt: number

  constructor(parts: ImportParts, row: ImportRow, signal: AbortSignal) {
    this.#parts = parts
    this.#row = row
    this.#signal = signal
    this.#plan = JSON.parse(row.settings) as ImportPlan
    this.#store = new ImportStore(row, this.#plan, parts.numberHash, parts.onMoved)
    this.#toldAt = parts.clock.mono()
  }

  /** Returns whether the end of the file was reached. */
  async toEnd(): Promise<boolean> {
    const { path, doneRow, windowEnd } = this.#row
    await this.#refuseChanged()
    const { workerUrl } = this.#parts
    const from = { afterRow: doneRow, firstEnd: windowEnd, ...(workerUrl ? { workerUrl } : {}) }
    const windows = windowsOf(path, this.#plan, from)
    const stop = () => void windows.close()
    this.#signal.addEventListener('abort', stop, { once: true })
    const checkpointer = new Checkpointer(this.#parts.db)
    try {
      return await this.#storeAll(windows, checkpointer)
    } finally {
      await checkpointer.close()
      this.#signal.removeEventListener('abort', stop)
      await windows.close()
    }
  }

  async #storeAll(windows: ImportReader<ImportWindow>, checkpointer: Checkpointer): Promise<boolean> {
    let isFirst = true
    for await (const window of windows) {
      if (!(await this.#storeWindow(window, isFirst ? this.#storedOf(window) : 0, checkpointer))) return false
      isFirst = false
      release(window)
    }
    await this.#refuseChanged()
    if (this.#stored <= FOUND_AT_ONCE) await this.#parts.search.complete()
    return true
  }

  /** Returns false when the import was paused, cancelled or stopped. */
  async #storeWindow(window: ImportWindow, from: number, checkpointer: Checkpointer): Promise<boolean> {
    const { db, clock } = this.#parts
    const size = sizeOf(window)
    do {
      await setImmediate()
      if (this.#signal.aborted) return false
      const to = Math.min(size, from + this.#storing.rows)
      const began = clock.mono()
      const stored = writeUnsynced(db, tx => {
        if (importById(tx, this.#row.id)?.state !== 'running') return false
        this.#store.store(tx, window, from, to, clock.now())
        return true
      })
      if (!stored) return false
      this.#storing.took(to - from, clock.mono() - began)
      this.#stored += to - from
      from = to
      this.#tell()
      await checkpointer.relieve()
    } while (from < size)
    return true
  }

  /** How much of the window that was cut off is stored already. */
  #storedOf(window: ImportWindow): number {
    const { windowEnd, windowNumber: number, windowRow: row } = this.#row
    return windowEnd === null ? 0 : rowsUpTo(window, { number, row })
  }

  #tell(): void {
    const now = this.#parts.clock.mono()
    if (now - this.#toldAt < TOLD_EVERY) return
    this.#toldAt = now
    this.#parts.happenings.tell({ type: 'import', id: this.#row.id })
  }

  async #refuseChanged(): Promise<void> {
    const change = await changeOf(this.#row.path, this.#row)
    if (change !== null) throw new ChangedFile(change)
  }
}

class ChangedFile extends Error {}

function storeFailure({ db, clock, log }: ImportParts, id: number, sentence: string): string | null {
  try {
    db.write(tx => setImportState(tx, id, 'failed', { error: sentence, finishedAt: clock.now() }))
    return null
  } catch (error) {
    log.error('the failure of an import could not be stored', error, { id })
    return sentence
  }
}

function sentenceFor(error: unknown): string {
  if (error instanceof ImportFileError || error instanceof ChangedFile || error instanceof Refusal) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^SQLITE_(FULL|IOERR|READONLY)|^(ENOSPC|EROFS|EDQUOT|EIO)$/.test(code)) return DISK
  return /^SQLITE_(BUSY|LOCKED)/.test(code) ? BUSY : ERRORS.internal.message
}

const DISK =
  'The disk is full or cannot be written. Make room, then resume: the import goes on where it stopped, and no row is taken twice.'
const BUSY =
  'Another program keeps the database locked. Close it, then resume: the import goes on where it stopped, and no row is taken twice.'
