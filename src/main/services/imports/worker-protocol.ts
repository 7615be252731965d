import type { FileRefusalCode } from '../../../shared/imports/reasons.ts'
import type { ReadSettings } from '../../../shared/imports/settings.ts'
import type { ImportBatch } from './read.ts'
import type { ImportWindow } from './windows.ts'

/** What the worker is started with. */
export interface ImportWorkerData {
  readonly path: string
  readonly settings: ReadSettings
  readonly afterRow: number
  readonly batchRows: number
  /** Windows are wanted instead of batches. `firstEnd`: the last row of the first one; null: as many rows as usual. */
  readonly windows: { readonly firstEnd: number | null } | null
}

/** To the worker: one more batch or window is wanted. */
export type ImportWorkerRequest = { readonly type: 'next' }

/** From the worker: the answer to one request. After `end` and `failed` nothing follows. */
export type ImportWorkerAnswer =
  | { readonly type: 'part'; readonly part: ImportBatch | ImportWindow }
  | { readonly type: 'end' }
  /** `code` is null when something other than the file is at fault. */
  | { readonly type: 'failed'; readonly code: FileRefusalCode | null; readonly message: string }
