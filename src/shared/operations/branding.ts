import { z } from 'zod'
import { count, nothing, time } from './common.ts'
import { operation } from './define.ts'

/** The largest file that is taken as a logo, in bytes: as text it still fits into one request. */
export const MOST_LOGO_BYTES = 128 * 1024
/** The smallest and the largest edge of a logo, in pixels. */
export const LOGO_EDGE = { least: 16, most: 1024 } as const

const logo = z.strictObject({
  type: z.enum(['image/png', 'image/jpeg', 'image/webp']),
  width: count,
  height: count,
  bytes: count,
  /** Changes with the picture. */
  tag: z.string(),
  updatedAt: time,
  /** The file itself as base64, where it was asked for. */
  image: z.string().nullable(),
})

const branding = z.strictObject({
  /** The name, which is a setting. */
  organisation: z.string(),
  logo: logo.nullable(),
})
export type Branding = z.infer<typeof branding>

export const brandings = [
  operation({
    name: 'branding.get',
    permission: 'settings:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/branding' },
    /** Name and logo of the organisation. `image`: with the file of the logo. */
    input: z.strictObject({ image: z.boolean().default(false) }),
    output: branding,
  }),
  operation({
    name: 'branding.set-logo',
    permission: 'settings:manage',
    effect: 'change',
    http: { method: 'PUT', path: '/api/admin/branding/logo' },
    /** `image`: a PNG, JPEG or WebP file of at most 128 KiB as base64, with edges of 16 to 1024 pixels. */
    input: z.strictObject({ image: z.base64().max(Math.ceil(MOST_LOGO_BYTES / 3) * 4) }),
    output: branding,
  }),
  operation({
    name: 'branding.remove-logo',
    permission: 'settings:manage',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/admin/branding/logo' },
    input: nothing,
    output: branding,
  }),
] as const
