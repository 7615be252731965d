import { z } from 'zod'
import { importSettingsSchema, sniffedSchema } from '../imports/settings.ts'
import { count, done, id, page, paged, time } from './common.ts'
import { operation } from './define.ts'

export const IMPORT_STATES = ['running', 'paused', 'completed', 'cancelled', 'failed', 'undone'] as const

const rejection = z.strictObject({ row: count, code: z.string(), message: z.string(), value: z.string() })
const flag = z.strictObject({ row: count, column: z.string(), code: z.string(), value: z.string() })

export const importSchema = z.strictObject({
  id,
  fileName: z.string(),
  state: z.enum(IMPORT_STATES),
  /** Bytes read of the file and its size: the progress. */
  bytesRead: count,
  fileSize: count,
  rows: count,
  created: count,
  updated: count,
  duplicates: count,
  rejected: count,
  flagged: count,
  rejectedByCode: z.record(z.string(), count),
  error: z.string(),
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
          rejected: z.string().nullable(),
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
    /** Runs in the background; `imports.get` tells how far it is. */
    input: z.strictObject({ path: z.string().min(1).max(4096), settings: importSettingsSchema }),
    output: importSchema,
  }),
  operation({
    name: 'imports.list',
    permission: 'imports:read',
    effect: 'read',
    input: z.strictObject(page),
    output: paged(importSchema),
  }),
  operation({ name: 'imports.get', permission: 'imports:read', effect: 'read', input: one, output: importSchema }),
  operation({ name: 'imports.pause', permission: 'imports:write', effect: 'change', input: one, output: importSchema }),
  operation({ name: 'imports.resume', permission: 'imports:write', effect: 'change', input: one, output: importSchema }),
  operation({
    name: 'imports.cancel',
    permission: 'imports:write',
    effect: 'change',
    /** Stops where it is. What was taken in stays until it is undone. */
    input: one,
    output: importSchema,
  }),
  operation({
    name: 'imports.undo',
    permission: 'imports:write',
    effect: 'change',
    /** Contacts that were texted, or changed by hand since, are kept and counted. */
    input: one,
    output: z.strictObject({ removed: count, restored: count, kept: count }),
  }),
  operation({
    name: 'imports.rejections',
    permission: 'imports:read',
    effect: 'read',
    input: z.strictObject({ id, ...page }),
    output: paged(rejection),
  }),
  operation({
    name: 'imports.flags',
    permission: 'imports:read',
    effect: 'read',
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
  operation({ name: 'imports.forget', permission: 'imports:write', effect: 'change', input: one, output: done }),
] as const
