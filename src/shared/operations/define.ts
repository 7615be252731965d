import type { z } from 'zod'

export const ROLES = ['admin', 'user', 'termux'] as const
/** `termux` is for scripts on a phone: it sends and tells the state of its device, and nothing else. */
export type Role = (typeof ROLES)[number]

export const PERMISSIONS = [
  'access:manage',
  'account:own',
  'audit:read',
  'backups:manage',
  'campaigns:read',
  'campaigns:write',
  'contacts:read',
  'contacts:write',
  'imports:read',
  'imports:write',
  'inbox:read',
  'inbox:write',
  'keys:manage',
  'messages:decide',
  'phones:manage',
  'phones:read',
  'privacy:manage',
  'settings:manage',
  'settings:read',
  'sms:send',
  'suppression:read',
  'suppression:write',
  'system:read',
  'system:reset',
  'users:manage',
  'webhooks:manage',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export type Effect = 'read' | 'change'

/** Where the headless API offers an operation. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{name}` for fields of the input that stand in the path; the others come as query of a GET or DELETE, else as JSON. */
  readonly path: `/${string}`
}

/** One thing that a person or a script can do. The three doors (IPC, HTTP, command line) offer exactly these. */
export interface Operation<
  Name extends string = string,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Does extends Effect = Effect,
> {
  /** `noun.verb`. */
  readonly name: Name
  readonly permission: Permission
  /** A change runs in one transaction with its audit row; a read changes nothing. */
  readonly effect: Does
  /** Strict: an unknown key is an error. */
  readonly input: Input
  readonly output: Output
  /** True where it names files of the hub's computer or needs its owner: the command line and the window only. */
  readonly local?: boolean
  /** Left out where the headless API does not offer it. */
  readonly http?: Route
  /** True where a caller may hand in an Idempotency-Key: the same key does it once, whatever gets lost on the way. */
  readonly sends?: boolean
}

/** Declares an operation. One without a permission does not compile. */
export function operation<
  const Name extends `${string}.${string}`,
  Input extends z.ZodType,
  Output extends z.ZodType,
  const Does extends Effect,
>(definition: Operation<Name, Input, Output, Does>): Operation<Name, Input, Output, Does> {
  return definition
}
