import { z } from 'zod'
import { done, id, name } from './common.ts'
import { operation } from './define.ts'
import { grantSchema } from './friends.ts'

const days = z.int().min(1).max(3650).nullable()

/** A user name and its password, in the clear. */
export const credentialSchema = z.strictObject({ username: z.string(), password: z.string() })
export type Credential = z.infer<typeof credentialSchema>

export const grants = [
  operation({
    name: 'grants.list',
    permission: 'access:manage',
    effect: 'read',
    /** Who holds what. */
    input: z.strictObject({ personId: id.optional(), serviceId: id.optional() }),
    output: z.strictObject({ grants: z.array(grantSchema) }),
    http: { method: 'GET', path: '/api/grants' },
  }),
  operation({
    name: 'grants.create',
    permission: 'access:manage',
    effect: 'change',
    /** `days`: how long its credential counts; left out: what the service says; null: until it is ended. */
    input: z.strictObject({ personId: id, serviceId: id, days: days.optional() }),
    output: grantSchema,
    http: { method: 'POST', path: '/api/grants' },
  }),
  operation({
    name: 'grants.delete',
    permission: 'access:manage',
    effect: 'change',
    input: z.strictObject({ id }),
    output: done,
    http: { method: 'DELETE', path: '/api/grants/{id}' },
  }),
  operation({
    name: 'grants.reveal',
    permission: 'access:manage',
    /** Changes nothing, and is on record. */
    effect: 'change',
    input: z.strictObject({ id }),
    output: credentialSchema,
    http: { method: 'POST', path: '/api/grants/{id}/reveal' },
  }),
  operation({
    name: 'grants.regenerate',
    permission: 'access:manage',
    effect: 'change',
    /** A new password; the old one ends at once, and the days until it expires begin anew. */
    input: z.strictObject({ id }),
    output: credentialSchema,
    http: { method: 'POST', path: '/api/grants/{id}/regenerate' },
  }),
  operation({
    name: 'grants.set-expiry',
    permission: 'access:manage',
    effect: 'change',
    /** So many days from now; null: it does not expire. */
    input: z.strictObject({ id, days }),
    output: grantSchema,
    http: { method: 'POST', path: '/api/grants/{id}/expiry' },
  }),
  operation({
    name: 'grants.adopt',
    permission: 'access:manage',
    effect: 'change',
    /** Entries of the file that belong to nobody become those of people; a `name` makes a new person. Passwords stay. */
    input: z.strictObject({
      serviceId: id,
      entries: z
        .array(
          z.union([
            z.strictObject({ username: z.string().min(1).max(300), personId: id }),
            z.strictObject({ username: z.string().min(1).max(300), name }),
          ]),
        )
        .min(1)
        .max(1_000),
    }),
    output: z.strictObject({ grants: z.array(grantSchema) }),
    http: { method: 'POST', path: '/api/services/{serviceId}/adopt' },
  }),
] as const
