import { setImmediate } from 'node:timers/promises'
import { ERRORS, Refusal } from '../../../shared/errors.ts'
import { indexSearch, mergeSearch } from '../../db/contact-search.ts'
import type { Database } from '../../db/database.ts'
import { type ImportRow, importById, setImportState } from '../../db/imports.ts'
import { writeUnsynced } from '../../db/unsynced.ts'
import { ImportFileError } from '../../domain/imports/file-error.ts'
import type { Clock, Happenings, Log, NumberHash } from '../ports.ts'
import { ImportReader } from './import-reader.ts'
import { Pace } from './pace.ts'
import { changeOf, type ImportPlan } from './plan.ts'
import { ImportStore } from './store.ts'
import { comparePlaces, type ImportWindow, placeOf, WindowReader } from './windows.ts'

export interface ImportParts {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly happenings: Happenings
  readonly numberHash: NumberHash
  /** The built worker, where the sources are bundled. */
  readonly workerUrl?: URL
}

/** How long one transaction should keep the main thread, in ms. */
const CHUNK_MS = 9
/** Steps of merging that go with each step of the search index. */
const MERGES = 2
/** Pages that one step of merging writes. */
export const MERGE_PAGES = 50
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
  readonly #storing = new Pace(CHUNK_MS, { first: 200, least: 50, most: 2000 })
  readonly #indexing = new Pace(CHUNK_MS, { first: 500, least: 200, most: 4000 })
  /** Rows stored that the search index may not have yet. */
  #unindexed = 0
  #toldAt: number

  constructor(parts: ImportParts, row: ImportRow, signal: AbortSignal) {
    this.#parts = parts
    this.#row = row
    this.#signal = signal
    this.#plan = JSON.parse(row.settings) as ImportPlan
    this.#store = new ImportStore(row, this.#plan, parts.numberHash)
    this.#toldAt = parts.clock.mono()
  }

  /** Returns whether the end of the file was reached. */
  async toEnd(): Promise<boolean> {
    const { path, doneRow } = this.#row
    await this.#refuseChanged()
    const { workerUrl } = this.#parts
    const reader = new ImportReader(path, this.#plan, { afterRow: doneRow, ...(workerUrl ? { workerUrl } : {}) })
    const stop = () => void reader.close()
    this.#signal.addEventListener('abort', stop, { once: true })
    try {
      return await this.#storeAll(new WindowReader(reader))
    } finally {
      this.#signal.removeEventListener('abort', stop)
      await reader.close()
    }
  }

  async #storeAll(windows: WindowReader): Promise<boolean> {
    const next = (lastRow: number | null = null) => {
      const window = windows.next(lastRow)
      // It is read ahead: when the import stops before it is wanted, nobody asks how it went.
      window.catch(() => {})
      return window
    }
    let window = await next(this.#row.windowEnd)
    let from = window ? this.#storedOf(window) : 0
    while (window) {
      const ahead: Promise<ImportWindow | null> = next()
      if (!(await this.#storeWindow(window, from))) return false
      from = 0
      window = await ahead
    }
    await this.#refuseChanged()
    while (this.#indexSome()) await setImmediate()
    return true
  }

  /** Returns false when the import was paused, cancelled or stopped. */
  async #storeWindow(window: ImportWindow, from: number): Promise<boolean> {
    const { db, clock } = this.#parts
    do {
      await setImmediate()
      if (this.#signal.aborted) return false
      const to = Math.min(window.items.length, from + this.#storing.rows)
      const began = clock.mono()
      const stored = writeUnsynced(db, tx => {
        if (importById(tx, this.#row.id)?.state !== 'running') return false
        this.#store.store(tx, window, from, to, clock.now())
        return true
      })
      if (!stored) return false
      this.#storing.took(to - from, clock.mono() - began)
      this.#unindexed += to - from
      from = to
      this.#tell()
      if (this.#unindexed >= this.#indexing.rows) await this.#index()
    } while (from < window.items.length)
    return true
  }

  /** In transactions of its own: many rows at a time make few parts of the index, and little to merge. */
  async #index(): Promise<void> {
    await setImmediate()
    this.#indexSome()
    for (let step = 0; step < MERGES; step += 1) {
      await setImmediate()
      if (!writeUnsynced(this.#parts.db, tx => mergeSearch(tx, MERGE_PAGES))) return
    }
  }

  /** Returns whether there is more. */
  #indexSome(): boolean {
    const { db, clock } = this.#parts
    const { rows } = this.#indexing
    const began = clock.mono()
    const more = writeUnsynced(db, tx => indexSearch(tx, rows))
    this.#unindexed = Math.max(0, this.#unindexed - rows)
    if (more) this.#indexing.took(rows, clock.mono() - began)
    return more
  }

  /** How much of the window that was cut off is stored already. */
  #storedOf(window: ImportWindow): number {
    const { windowEnd, windowNumber: number, windowRow: row } = this.#row
    if (windowEnd === null) return 0
    const next = window.items.findIndex(item => comparePlaces(placeOf(item), { number, row }) > 0)
    return next < 0 ? window.items.length : next
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
