import { z } from 'zod'
import { done, id, name, nothing, time } from './common.ts'
import { operation } from './define.ts'

/** `expired`: out of the file until a new password is made. */
export const GRANT_STATES = ['active', 'expired'] as const

/** Who may open what. A person has at most one grant at a service. */
export const grantSchema = z.strictObject({
  id,
  personId: id,
  person: z.string(),
  serviceId: id,
  service: z.string(),
  /** Null for a service that asks for nothing. */
  username: z.string().nullable(),
  /** Whether the password can be shown; not one that was taken over from a file. */
  known: z.boolean(),
  state: z.enum(GRANT_STATES),
  createdAt: time,
  /** When the password was made, or taken over. */
  renewedAt: time,
  expiresAt: time.nullable(),
  /** Within the days of warning before it expires. */
  expiresSoon: z.boolean(),
  lastAccessAt: time.nullable(),
})
export type Grant = z.infer<typeof grantSchema>

const note = z.string().trim().max(2_000)
const services = z.array(id).max(500)

export const friendSchema = z.strictObject({
  id,
  name: z.string(),
  note: z.string(),
  /** When their private link was made; null: there is none. */
  linkMadeAt: time.nullable(),
  createdBy: z.string(),
  createdAt: time,
  updatedAt: time,
  grants: z.array(grantSchema),
})
export type Friend = z.infer<typeof friendSchema>

/** How the personal page does; it is switched on in the settings. */
export const pageStateSchema = z.strictObject({
  enabled: z.boolean(),
  /** Where it listens; null: it does not, because it is off, no hub runs, or for the reason in `problem`. */
  listening: z.string().nullable(),
  problem: z.string(),
})
export type PageState = z.infer<typeof pageStateSchema>

/** People who use services behind the proxy; no users of this application. Pages call them people. */
export const friends = [
  operation({
    name: 'friends.list',
    permission: 'access:manage',
    effect: 'read',
    input: nothing,
    output: z.strictObject({ friends: z.array(friendSchema), page: pageStateSchema }),
    http: { method: 'GET', path: '/api/friends' },
  }),
  operation({
    name: 'friends.get',
    permission: 'access:manage',
    effect: 'read',
    input: z.strictObject({ id }),
    output: friendSchema,
    http: { method: 'GET', path: '/api/friends/{id}' },
  }),
  operation({
    name: 'friends.create',
    permission: 'access:manage',
    effect: 'change',
    /** With grants at these services. */
    input: z.strictObject({ name, note: note.default(''), services: services.default([]) }),
    output: friendSchema,
    http: { method: 'POST', path: '/api/friends' },
  }),
  operation({
    name: 'friends.update',
    permission: 'access:manage',
    effect: 'change',
    /** With `services` grants are made and ended until these are all; left out they stay. User names stay in any case. */
    input: z.strictObject({ id, name: name.optional(), note: note.optional(), services: services.optional() }),
    output: friendSchema,
    http: { method: 'PUT', path: '/api/friends/{id}' },
  }),
  operation({
    name: 'friends.delete',
    permission: 'access:manage',
    effect: 'change',
    /** All their grants end in the same step. */
    input: z.strictObject({ id }),
    output: done,
    http: { method: 'DELETE', path: '/api/friends/{id}' },
  }),
  operation({
    name: 'friends.new-link',
    permission: 'access:manage',
    effect: 'change',
    /** A private link to their personal page, shown this once; the one before stops at once. */
    input: z.strictObject({ id }),
    output: z.strictObject({ token: z.string(), url: z.string().nullable() }),
    http: { method: 'POST', path: '/api/friends/{id}/link' },
  }),
  operation({
    name: 'friends.revoke-link',
    permission: 'access:manage',
    effect: 'change',
    /** The link stops at once, and where it is open. */
    input: z.strictObject({ id }),
    output: friendSchema,
    http: { method: 'DELETE', path: '/api/friends/{id}/link' },
  }),
] as const
