import { z } from 'zod'
import { done, id, name, time } from './common.ts'
import { operation, ROLES } from './define.ts'

const keySchema = z.strictObject({
  id,
  name: z.string(),
  role: z.enum(ROLES),
  /** The beginning of the key, such as `cc_user_4fTz9Q`. */
  prefix: z.string(),
  createdBy: z.string(),
  createdAt: time,
  /** Since when it is this key. */
  rotatedAt: time,
  expiresAt: time.nullable(),
  /** To the minute. */
  lastUsedAt: time.nullable(),
  /** Until when the key before the last rotation is valid, too. */
  previousUntil: time.nullable(),
  revokedAt: time.nullable(),
  /** What should be done about it, a sentence; null when nothing. */
  reminder: z.string().nullable(),
})
export type ApiKey = z.infer<typeof keySchema>

const MOST_DAYS = 3650
const days = z.int().min(1).max(MOST_DAYS)
/** The whole key, which is shown this once. */
const shownOnce = z.strictObject({ key: z.string(), details: keySchema })

export const keys = [
  operation({
    name: 'keys.list',
    permission: 'keys:manage',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/keys' },
    input: z.strictObject({ revoked: z.boolean().default(false) }),
    output: z.strictObject({
      keys: z.array(keySchema),
      /** Roles of keys that come from the environment and are accepted, too. */
      environment: z.array(z.enum(ROLES)),
    }),
  }),
  operation({
    name: 'keys.create',
    permission: 'keys:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/keys/create' },
    /** `days`: how long it is valid; null for a key without an end. */
    input: z.strictObject({ name, role: z.enum(ROLES), days: days.nullable().default(90) }),
    output: shownOnce,
  }),
  operation({
    name: 'keys.rotate',
    permission: 'keys:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/keys/{id}/rotate' },
    /**
     * A new key in the place of the old one, which stays valid for `graceMinutes` but no longer than it would have been.
     * `days` left out: valid as long as the old one was meant to be.
     */
    input: z.strictObject({
      id,
      graceMinutes: z
        .int()
        .min(0)
        .max(30 * 24 * 60)
        .default(24 * 60),
      days: days.nullable().optional(),
    }),
    output: shownOnce,
  }),
  operation({
    name: 'keys.revoke',
    permission: 'keys:manage',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/admin/keys/{id}' },
    /** At once and for good, also the key before the last rotation. */
    input: z.strictObject({ id }),
    output: done,
  }),
] as const
