import { z } from 'zod'
import { importSettingsSchema, sniffedSchema } from '../imports/settings.ts'
import { count, done, id, page, paged, time } from './common.ts'
import { operation } from './define.ts'

/**
 * `failed` says why in `error`, keeps what was taken in, and can be resumed once that is mended. `undoing` goes on in the
 * background until it is `undone`.
 */
export const IMPORT_STATES = ['running', 'paused', 'completed', 'cancelled', 'failed', 'undoing', 'undone'] as const

const rejection = z.strictObject({ row: count, code: z.string(), message: z.string(), value: z.string() })
const flag = z.strictObject({
  row: count,
  column: z.string(),
  code: z.string(),
  message: z.string(),
  value: z.string(),
})

export const importSchema = z.strictObject({
  id,
  fileName: z.string(),
  state: z.enum(IMPORT_STATES),
  /** Bytes read of the file and its size: the progress. */
  bytesRead: count,
  fileSize: count,
  /** Rows handled: created + updated + duplicates + rejected. */
  rows: count,
  created: count,
  /** Contacts that were there before and were changed to what a row says. */
  updated: count,
  /** Rows whose number an earlier row of the file has, or (when skipped) a contact that was there before. */
  duplicates: count,
  rejected: count,
  /** Cells that deserve a look, in rows of any outcome. */
  flagged: count,
  rejectedByCode: z.record(z.string(), count),
  error: z.string(),
  /** What an undo did so far; null while there was none. */
  undone: z.strictObject({ removed: count, restored: count, kept: count }).nullable(),
  createdBy: z.string(),
  createdAt: time,
  finishedAt: time.nullable(),
})
export type Import = z.infer<typeof importSchema>

const one = z.strictObject({ id })

export const imports = [
  operation({
    name: 'imports.preview',
    permission: 'imports:write',
    effect: 'read',
    local: true,
    /** Looks at the head of the file: its format, the proposed mapping, and how the first rows would be taken in. */
    input: z.strictObject({
      path: z.string().min(1).max(4096),
      settings: importSettingsSchema.partial().prefault({}),
      rows: z.int().min(1).max(200).default(20),
    }),
    output: z.strictObject({
      sniffed: sniffedSchema,
      columns: z.array(z.strictObject({ name: z.string(), examples: z.array(z.string()) })),
      mapping: importSettingsSchema.shape.mapping.unwrap(),
      rows: z.array(
        z.strictObject({
          row: count,
          number: z.string().nullable(),
          firstName: z.string(),
          lastName: z.string(),
          email: z.string(),
          /** Code of the reason why the row would not be taken in. */
          rejected: z.string().nullable(),
          /** `duplicate_in_file` or `duplicate_contact`, as far as the rows shown tell. */
          duplicate: z.string().nullable(),
          flags: z.array(z.string()),
        }),
      ),
    }),
  }),
  operation({
    name: 'imports.start',
    permission: 'imports:write',
    effect: 'change',
    local: true,
    /** Runs in the background, one import at a time; `imports.get` tells how far it is. */
    input: z.strictObject({ path: z.string().min(1).max(4096), settings: importSettingsSchema }),
    output: importSchema,
  }),
  operation({
    name: 'imports.list',
    permission: 'imports:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/imports' },
    input: z.strictObject(page),
    output: paged(importSchema),
  }),
  operation({
    name: 'imports.get',
    permission: 'imports:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/imports/{id}' },
    input: one,
    output: importSchema,
  }),
  operation({
    name: 'imports.pause',
    permission: 'imports:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/imports/{id}/pause' },
    input: one,
    output: importSchema,
  }),
  operation({
    name: 'imports.resume',
    permission: 'imports:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/imports/{id}/resume' },
    input: one,
    output: importSchema,
  }),
  operation({
    name: 'imports.cancel',
    permission: 'imports:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/imports/{id}/cancel' },
    /** Stops where it is. What was taken in stays until it is undone. */
    input: one,
    output: importSchema,
  }),
  operation({
    name: 'imports.undo',
    permission: 'imports:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/imports/{id}/undo' },
    /**
     * Removes the contacts it made, gives those it changed back what they were, and takes all of them out of the lists and
     * tags it put them into. Contacts that were texted, or changed since, are kept as they are and counted.
     */
    input: one,
    output: z.strictObject({ removed: count, restored: count, kept: count }),
  }),
  operation({
    name: 'imports.rejections',
    permission: 'imports:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/imports/{id}/rejections' },
    input: z.strictObject({ id, ...page }),
    output: paged(rejection),
  }),
  operation({
    name: 'imports.flags',
    permission: 'imports:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/imports/{id}/flags' },
    /** Duplicates stand here too, the first 10,000 of them, with the codes `duplicate_in_file` and `duplicate_contact`. */
    input: z.strictObject({ id, ...page }),
    output: paged(flag),
  }),
  operation({
    name: 'imports.export-rejections',
    permission: 'imports:read',
    effect: 'read',
    local: true,
    /** The rejected rows as they were, with code and sentence, as a CSV file that can be mended and imported. */
    input: z.strictObject({ id, path: z.string().min(1).max(4096) }),
    output: z.strictObject({ rows: count, path: z.string() }),
  }),
  operation({
    name: 'imports.forget',
    permission: 'imports:write',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/imports/{id}' },
    /** Removes the report of an import that has ended. Its contacts stay, and it cannot be undone any more. */
    input: one,
    output: done,
  }),
] as const
