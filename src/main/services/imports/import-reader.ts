import { Worker } from 'node:worker_threads'
import type { ReadSettings } from '../../../shared/imports/settings.ts'
import { ImportFileError } from '../../domain/imports/file-error.ts'
import type { ImportBatch } from './read.ts'
import type { ImportWorkerAnswer, ImportWorkerData, ImportWorkerRequest } from './worker-protocol.ts'

export interface ImportReaderOptions {
  /** See `ReadOptions.afterRow`. */
  readonly afterRow?: number
  /** See `ReadOptions.batchRows`. */
  readonly batchRows?: number
  /** The built worker, where the sources are bundled. Default: `worker.ts` beside this file. */
  readonly workerUrl?: URL
}

/** Batches that are read ahead: one waits here while the worker is at the next. */
const AHEAD = 2

/**
 * Reads a list in a worker, batch by batch, like `readBatches`. Iterate over it, or call `next` until it says null;
 * always `close` it in the end.
 */
export class ImportReader implements AsyncIterable<ImportBatch>, AsyncDisposable {
  readonly #worker: Worker
  #batches: ImportBatch[] = []
  #outcome: 'end' | Error | null = null
  #waiting: (() => void)[] = []

  constructor(path: string, settings: ReadSettings, options: ImportReaderOptions = {}) {
    const workerData: ImportWorkerData = {
      path,
      settings,
      afterRow: options.afterRow ?? 0,
      batchRows: options.batchRows ?? 500,
    }
    this.#worker = new Worker(options.workerUrl ?? new URL('./worker.ts', import.meta.url), { workerData })
    this.#worker.on('message', (answer: ImportWorkerAnswer) => this.#hear(answer))
    this.#worker.on('error', error => this.#finish(error instanceof Error ? error : new Error(String(error))))
    this.#worker.on('exit', () => this.#finish(new Error('The reading of the list was cut off.')))
    for (let ahead = 0; ahead < AHEAD; ahead += 1) this.#ask()
  }

  /**
   * The next batch, or null at the end.
   * @throws ImportFileError when the file is not the list that the settings are for
   */
  async next(): Promise<ImportBatch | null> {
    for (;;) {
      const batch = this.#batches.shift()
      if (batch !== undefined) {
        if (this.#outcome === null) this.#ask()
        return batch
      }
      if (this.#outcome === 'end') return null
      if (this.#outcome !== null) throw this.#outcome
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  /** Stops reading, at once and wherever it is. Who still waits for a batch gets an error. */
  async close(): Promise<void> {
    this.#finish(new Error('The reading of the list was stopped.'))
    this.#batches = []
    await this.#worker.terminate()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ImportBatch, void, undefined> {
    for (let batch = await this.next(); batch !== null; batch = await this.next()) yield batch
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #ask(): void {
    this.#worker.postMessage({ type: 'next' } satisfies ImportWorkerRequest)
  }

  #hear(answer: ImportWorkerAnswer): void {
    if (this.#outcome !== null) return
    if (answer.type === 'batch') {
      this.#batches.push(answer.batch)
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
