import { Worker } from 'node:worker_threads'
import type { ReadSettings } from '../../../shared/imports/settings.ts'
import { ImportFileError } from '../../domain/imports/file-error.ts'
import type { ImportBatch } from './read.ts'
import type { ImportWindow } from './windows.ts'
import type { ImportWorkerAnswer, ImportWorkerData, ImportWorkerRequest } from './worker-protocol.ts'

export interface ImportReaderOptions {
  /** See `ReadOptions.afterRow`. */
  readonly afterRow?: number
  /** See `ReadOptions.batchRows`. */
  readonly batchRows?: number
  /** See `windowsOf`. */
  readonly windows?: { readonly firstEnd: number | null }
  /** The built worker, where the sources are bundled. Default: `worker.ts` beside this file. */
  readonly workerUrl?: URL
}

/** Batches that are read ahead: one waits here while the worker is at the next. Of the large windows the one at work is enough. */
const AHEAD = { batches: 2, windows: 1 }

/**
 * Reads a list in a worker, batch by batch, like `readBatches`, or window by window. Iterate over it, or call `next`
 * until it says null; always `close` it in the end.
 */
export class ImportReader<T = ImportBatch> implements AsyncIterable<T> {
  readonly #worker: Worker
  #parts: T[] = []
  #outcome: 'end' | Error | null = null
  #waiting: (() => void)[] = []

  constructor(path: string, settings: ReadSettings, options: ImportReaderOptions = {}) {
    const workerData: ImportWorkerData = {
      path,
      settings,
      afterRow: options.afterRow ?? 0,
      batchRows: options.batchRows ?? 500,
      windows: options.windows ?? null,
    }
    this.#worker = new Worker(options.workerUrl ?? new URL('./worker.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 24 },
    })
    this.#worker.on('message', (answer: ImportWorkerAnswer) => this.#hear(answer))
    this.#worker.on('error', error => this.#finish(error instanceof Error ? error : new Error(String(error))))
    this.#worker.on('exit', () => this.#finish(new Error('The reading of the list was cut off.')))
    const ahead = options.windows ? AHEAD.windows : AHEAD.batches
    for (let asked = 0; asked < ahead; asked += 1) this.#ask()
  }

  /**
   * The next one, or null at the end.
   * @throws ImportFileError when the file is not the list that the settings are for
   */
  async next(): Promise<T | null> {
    for (;;) {
      const part = this.#parts.shift()
      if (part !== undefined) {
        if (this.#outcome === null) this.#ask()
        return part
      }
      if (this.#outcome === 'end') return null
      if (this.#outcome !== null) throw this.#outcome
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  /** Stops reading, at once and wherever it is. Who still waits gets an error. */
  async close(): Promise<void> {
    this.#finish(new Error('The reading of the list was stopped.'))
    this.#parts = []
    await this.#worker.terminate()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (let part = await this.next(); part !== null; part = await this.next()) yield part
  }

  #ask(): void {
    this.#worker.postMessage({ type: 'next' } satisfies ImportWorkerRequest)
  }

  #hear(answer: ImportWorkerAnswer): void {
    if (this.#outcome !== null) return
    if (answer.type === 'part') {
      this.#parts.push(answer.part as T)
      this.#wake()
    } else if (answer.type === 'end') {
      this.#finish('end')
    } else {
      this.#finish(answer.code === null ? new Error(answer.message) : new ImportFileError(answer.code))
    }
  }

  #finish(outcome: 'end' | Error): void {
    this.#outcome ??= outcome
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/**
 * Reads a list window by window, sorted and packed by the worker.
 * @param firstEnd where the first window ends: of one that was stored in part, so that it is the same again
 */
export function windowsOf(
  path: string,
  settings: ReadSettings,
  options: { afterRow: number; firstEnd: number | null; workerUrl?: URL },
): ImportReader<ImportWindow> {
  const { firstEnd, ...rest } = options
  return new ImportReader<ImportWindow>(path, settings, { ...rest, windows: { firstEnd } })
}
