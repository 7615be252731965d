import type { FileRefusalCode } from '../../../shared/imports/reasons.ts'
import type { ReadSettings } from '../../../shared/imports/settings.ts'
import type { ImportBatch } from './read.ts'

/** What the worker is started with. */
export interface ImportWorkerData {
  readonly path: string
  readonly settings: ReadSettings
  readonly afterRow: number
  readonly batchRows: number
}

/** To the worker: one more batch is wanted. */
export type ImportWorkerRequest = { readonly type: 'next' }

/** From the worker: the answer to one request. After `end` and `failed` nothing follows. */
export type ImportWorkerAnswer =
  | { readonly type: 'batch'; readonly batch: ImportBatch }
  | { readonly type: 'end' }
  /** `code` is null when something other than the file is at fault. */
  | { readonly type: 'failed'; readonly code: FileRefusalCode | null; readonly message: string }
