import { z } from 'zod'
import { count, done, id, nothing, page, paged, time } from './common.ts'
import { operation, ROLES } from './define.ts'
import { password } from './users.ts'

const sessionSchema = z.strictObject({
  id,
  userId: id,
  username: z.string(),
  /** Null: the window on this workstation. */
  ip: z.string().nullable(),
  userAgent: z.string(),
  createdAt: time,
  lastSeenAt: time,
  expiresAt: time,
  /** True for the session that asks. */
  current: z.boolean(),
})
export type Session = z.infer<typeof sessionSchema>

export const LOGIN_OUTCOMES = [
  'ok',
  'wrong_password',
  'unknown_user',
  'not_active',
  'locked',
  'password_check_failed',
] as const
export type LoginOutcome = (typeof LOGIN_OUTCOMES)[number]

/** `account`: of one user name. `source`: sign-ins from one address. `key_source`: wrong API keys from one address. */
export const LOCKOUT_KINDS = ['account', 'source', 'key_source'] as const
export type LockoutKind = (typeof LOCKOUT_KINDS)[number]

const lockoutSchema = z.strictObject({
  id,
  kind: z.enum(LOCKOUT_KINDS),
  userId: id.nullable(),
  /** The user name or the address; null where it is a name that no user has: what was typed there is not kept. */
  subject: z.string().nullable(),
  failures: count,
  lastAt: time,
  /** Null: the failures are counted, and nothing is locked yet. */
  lockedUntil: time.nullable(),
})
export type Lockout = z.infer<typeof lockoutSchema>

export const account = [
  operation({
    name: 'auth.status',
    permission: 'account:own',
    effect: 'read',
    http: { method: 'GET', path: '/api/auth/status' },
    input: nothing,
    output: z.strictObject({
      /** `local`: the owner of the data folder at the command line. */
      kind: z.enum(['local', 'user', 'key']),
      role: z.enum(ROLES),
      user: z.strictObject({ id, username: z.string(), fullName: z.string(), email: z.string() }).nullable(),
      /** True: nothing else is possible until a password of one's own is chosen. */
      mustChangePassword: z.boolean(),
      session: z.strictObject({ id, createdAt: time, expiresAt: time }).nullable(),
      /** The name of the API key that asks. */
      key: z.string().nullable(),
    }),
  }),
  operation({
    name: 'auth.change-password',
    permission: 'account:own',
    effect: 'change',
    http: { method: 'POST', path: '/api/auth/change-password' },
    /** Of the user who asks. Ends all of their sessions, the one that asks, too: they sign in again with the new one. */
    input: z.strictObject({ currentPassword: z.string().max(1024), newPassword: password }),
    output: done,
  }),
  operation({
    name: 'passwords.score',
    permission: 'account:own',
    effect: 'read',
    http: { method: 'POST', path: '/api/auth/password-score' },
    /** `username`: whose password it would be; the one who asks where it is left out. */
    input: z.strictObject({ password: z.string().max(128), username: z.string().max(64).optional() }),
    output: z.strictObject({
      /** How hard it is to guess: 0 and 1 are refused, 4 is best. */
      score: z.int().min(0).max(4),
      /** Whether it could be used. */
      accepted: z.boolean(),
      /** What is wrong with it and how to make it better, a sentence each. */
      feedback: z.array(z.string()),
    }),
  }),
  operation({
    name: 'account.sessions',
    permission: 'account:own',
    effect: 'read',
    http: { method: 'GET', path: '/api/auth/sessions' },
    input: nothing,
    output: z.strictObject({ sessions: z.array(sessionSchema) }),
  }),
  operation({
    name: 'account.revoke-session',
    permission: 'account:own',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/auth/sessions/{id}' },
    input: z.strictObject({ id }),
    output: done,
  }),
] as const

export const sessions = [
  operation({
    name: 'sessions.list',
    permission: 'users:manage',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/sessions' },
    /** Newest first. */
    input: z.strictObject({ ...page, userId: id.optional() }),
    output: paged(sessionSchema),
  }),
  operation({
    name: 'sessions.revoke',
    permission: 'users:manage',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/admin/sessions/{id}' },
    input: z.strictObject({ id }),
    output: done,
  }),
  operation({
    name: 'sessions.revoke-all',
    permission: 'users:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/sessions/revoke-all' },
    /** Of one user, or of everybody. */
    input: z.strictObject({ userId: id.optional() }),
    output: z.strictObject({ ended: count }),
  }),
  operation({
    name: 'logins.list',
    permission: 'users:manage',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/logins' },
    /** Newest first. */
    input: z.strictObject({ ...page, userId: id.optional() }),
    output: paged(
      z.strictObject({
        id,
        at: time,
        userId: id.nullable(),
        /** Null where no user has the name: what was typed there is not kept. */
        username: z.string().nullable(),
        ip: z.string().nullable(),
        userAgent: z.string(),
        outcome: z.enum(LOGIN_OUTCOMES),
      }),
    ),
  }),
  operation({
    name: 'lockouts.list',
    permission: 'users:manage',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/lockouts' },
    /** Newest first. `counting`: also those with failures that have locked nothing yet. */
    input: z.strictObject({ ...page, counting: z.boolean().default(false) }),
    output: paged(lockoutSchema),
  }),
  operation({
    name: 'lockouts.lift',
    permission: 'users:manage',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/admin/lockouts/{id}' },
    /** Ends the lock and forgets the failures. */
    input: z.strictObject({ id }),
    output: done,
  }),
] as const
