import { z } from 'zod'
import { importSettingsSchema } from '../imports/settings.ts'
import { count, done, id, nothing, time } from './common.ts'
import { operation } from './define.ts'
import { importSchema, imports } from './imports.ts'

const uploadId = z.string().regex(/^[0-9a-f]{32}$/, 'the id of an upload, as the upload answered it')

export const uploadSchema = z.strictObject({
  id: uploadId,
  fileName: z.string(),
  bytes: count,
  /** The import that reads it; null while there is none. Without one it is removed a day after it came. */
  importId: id.nullable(),
  createdBy: z.string(),
  createdAt: time,
})
export type Upload = z.infer<typeof uploadSchema>

const preview = imports.find(entry => entry.name === 'imports.preview')!

/** Lists that came in over the network: what imports.preview and imports.start are for files of the hub's computer. */
export const uploads = [
  operation({
    name: 'uploads.register',
    permission: 'imports:write',
    effect: 'change',
    /** Puts on record what was received under this id. POST /api/csv/upload does it when the last byte has come. */
    input: z.strictObject({ id: uploadId, fileName: z.string().trim().min(1).max(200) }),
    output: uploadSchema,
  }),
  operation({
    name: 'uploads.list',
    permission: 'imports:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/uploads' },
    /** One's own; an administrator sees all. */
    input: nothing,
    output: z.strictObject({ uploads: z.array(uploadSchema) }),
  }),
  operation({
    name: 'uploads.preview',
    permission: 'imports:write',
    effect: 'read',
    http: { method: 'POST', path: '/api/imports/preview' },
    /** Looks at the head of it: its format, the proposed mapping, and how the first rows would be taken in. */
    input: z.strictObject({
      upload: uploadId,
      settings: importSettingsSchema.partial().prefault({}),
      rows: z.int().min(1).max(200).default(20),
    }),
    output: preview.output,
  }),
  operation({
    name: 'uploads.start',
    permission: 'imports:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/imports/start' },
    /** Runs in the background, one import at a time. The file is removed when the import has ended. */
    input: z.strictObject({ upload: uploadId, settings: importSettingsSchema.prefault({}) }),
    output: importSchema,
  }),
  operation({
    name: 'uploads.delete',
    permission: 'imports:write',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/uploads/{id}' },
    input: z.strictObject({ id: uploadId }),
    output: done,
  }),
] as const
