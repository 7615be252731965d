import { z } from 'zod'
import { count, done, id, nothing, page, paged, time } from './common.ts'
import { operation } from './define.ts'

export const username = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u, 'letters, digits and . _ @ - only, 64 at most')
export const password = z.string().min(8, 'at least 8 characters').max(128, 'at most 128 characters')
const role = z.enum(['admin', 'user'])

export const userSchema = z.strictObject({
  id,
  username: z.string(),
  fullName: z.string(),
  email: z.string(),
  role,
  active: z.boolean(),
  mustChangePassword: z.boolean(),
  createdAt: time,
})
export type User = z.infer<typeof userSchema>

/** A user is named by id or by user name, by one of them. */
const who = { id: id.optional(), username: username.optional() }
const isNamed = (given: { id?: number | undefined; username?: string | undefined }) =>
  (given.id === undefined) !== (given.username === undefined)
const NAMED = { message: 'the id of a user, or the user name', path: ['username'] }

const profile = { fullName: z.string().max(200), email: z.union([z.email(), z.literal('')]), role }

export const users = [
  operation({
    name: 'users.list',
    permission: 'users:manage',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/users' },
    input: nothing,
    output: z.strictObject({ users: z.array(userSchema) }),
  }),
  operation({
    name: 'users.create',
    permission: 'users:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/users/create' },
    input: z.strictObject({
      username,
      password,
      role,
      fullName: profile.fullName.default(''),
      email: profile.email.default(''),
      mustChangePassword: z.boolean().default(false),
    }),
    output: userSchema,
  }),
  operation({
    name: 'users.update',
    permission: 'users:manage',
    effect: 'change',
    http: { method: 'PATCH', path: '/api/admin/users/{username}' },
    input: z
      .strictObject({
        ...who,
        role: role.optional(),
        fullName: profile.fullName.optional(),
        email: profile.email.optional(),
        active: z.boolean().optional(),
      })
      .refine(isNamed, NAMED),
    output: userSchema,
  }),
  operation({
    name: 'users.set-password',
    permission: 'users:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/users/{username}/password' },
    input: z.strictObject({ ...who, password, mustChange: z.boolean().default(true) }).refine(isNamed, NAMED),
    output: done,
  }),
  operation({
    name: 'users.delete',
    permission: 'users:manage',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/admin/users/{username}' },
    input: z.strictObject(who).refine(isNamed, NAMED),
    output: done,
  }),
] as const

export const audit = [
  operation({
    name: 'audit.list',
    permission: 'audit:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/audit' },
    input: z.strictObject(page),
    output: paged(
      z.strictObject({
        seq: count,
        at: time,
        /** As it is in the chain: `local`, `user:3`, `key:7`. `by` is the name that it has now. */
        actor: z.string(),
        by: z.string(),
        action: z.string(),
        subject: z.string(),
        outcome: z.enum(['ok', 'refused']),
        code: z.string(),
      }),
    ),
  }),
  operation({
    name: 'audit.verify',
    permission: 'audit:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/audit/verify' },
    input: nothing,
    /** `brokenAt`: the first row whose hash does not fit, null when the chain is whole. */
    output: z.strictObject({ rows: count, brokenAt: count.nullable(), head: z.string() }),
  }),
] as const
