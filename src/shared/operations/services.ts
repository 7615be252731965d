import { z } from 'zod'
import { count, done, id, name, nothing, page, paged, time } from './common.ts'
import { operation } from './define.ts'
import { credentialSchema } from './grants.ts'

export const AUTH_TYPES = ['none', 'basic'] as const
export const ENTRY_STATES = ['in_order', 'missing', 'changed', 'should_be_gone', 'nobody'] as const
/**
 * How an entry of an htpasswd file stands. `missing`: in the database only. `changed`: with another password, or twice.
 * `should_be_gone`: it has expired. `nobody`: in the file only.
 */
export type EntryState = (typeof ENTRY_STATES)[number]

const subdomain = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/, 'letters, digits and hyphens, such as wiki')
  .transform(text => text.toLowerCase())
const address = z
  .string()
  .trim()
  .max(500)
  .regex(/^https?:\/\/[^\s/@?#]+(?:[/?#]\S*)?$/i, 'an address such as https://wiki.example.org/, without a password')
const host = z.string().trim().max(320)
const file = z.string().max(1_000).regex(/^\//, 'the whole path of the file, from the root on')
const reload = z
  .array(
    z
      .string()
      .max(1_000)
      .regex(/^[^\0]*$/, 'no NUL'),
  )
  .min(1)
  .max(30)
  .nullable()
const expiryDays = z.int().min(1).max(3650).nullable()
const warnDays = z.int().min(0).max(365)

const changeable = {
  name: name.optional(),
  subdomain: subdomain.optional(),
  address: address.optional(),
  authType: z.enum(AUTH_TYPES).optional(),
  /** Where ssh goes for file and reload, such as deploy@proxy.example.org; empty: this computer. */
  host: host.optional(),
  /** The htpasswd file; for `basic`. */
  htpasswdFile: file.optional(),
  /** The arguments of the command that makes the proxy read the file again; null: none is needed, as for nginx. */
  reload: reload.optional(),
  /** How long a new credential counts, in days; null: until it is ended. */
  expiryDays: expiryDays.optional(),
  /** So many days before is warned. */
  warnDays: warnDays.optional(),
  /** The access log of the proxy, on the hub's computer; several services may share one. Null: none is read. */
  logFile: file.nullable().optional(),
  /** The personal page offers to put the credential into the address, which browsers may block. */
  handOver: z.boolean().optional(),
  /** People may make a new password on their personal page. */
  selfRenewal: z.boolean().optional(),
}

export const serviceSchema = z.strictObject({
  id,
  name: z.string(),
  subdomain: z.string(),
  address: z.string(),
  authType: z.enum(AUTH_TYPES),
  host: z.string(),
  htpasswdFile: z.string().nullable(),
  reload: z.array(z.string()).nullable(),
  expiryDays,
  warnDays,
  logFile: z.string().nullable(),
  handOver: z.boolean(),
  selfRenewal: z.boolean(),
  adminUsername: z.string().nullable(),
  grants: count,
  /** Null: not asked yet. */
  health: z.strictObject({ at: time, ok: z.boolean(), detail: z.string() }).nullable(),
  /** What the last look at the file has found. Null: no look yet. `drift`: entries that are not as they should be. */
  file: z.strictObject({ at: time, drift: count, problem: z.string() }).nullable(),
  createdBy: z.string(),
  createdAt: time,
  updatedAt: time,
})
export type Service = z.infer<typeof serviceSchema>

export const serviceEntrySchema = z.strictObject({
  username: z.string(),
  state: z.enum(ENTRY_STATES),
  /** How the password is kept in the file; null: there is no such entry in it. */
  kind: z.enum(['bcrypt', 'apr1', 'sha', 'crypt', 'plain', 'other']).nullable(),
  /** The one of the administrators, which always stays. */
  admin: z.boolean(),
  grantId: id.nullable(),
  personId: id.nullable(),
  /** As the access log has it. */
  lastAccessAt: time.nullable(),
})
export type ServiceEntry = z.infer<typeof serviceEntrySchema>

/** A stretch of time in which a credential was used from one address. */
export const visitSchema = z.strictObject({
  id,
  serviceId: id,
  service: z.string(),
  username: z.string(),
  /** Whose credential it was; null: nobody's, such as a shared one. */
  personId: id.nullable(),
  person: z.string().nullable(),
  address: z.string(),
  firstAt: time,
  lastAt: time,
  requests: count,
})
export type Visit = z.infer<typeof visitSchema>

/** An address whose credentials were refused. */
export const accessSourceSchema = z.strictObject({
  id,
  /** An IPv6 address counts with its /64 network. */
  address: z.string(),
  /** Failures that count now, and all of them. */
  failures: count,
  total: count,
  lastAt: time,
  /** By the built-in counter. */
  bannedUntil: time.nullable(),
})
export type AccessSource = z.infer<typeof accessSourceSchema>

/** Services behind the proxy, which people open with credentials of their own. */
export const services = [
  operation({
    name: 'services.list',
    permission: 'access:manage',
    effect: 'read',
    input: nothing,
    output: z.strictObject({ services: z.array(serviceSchema) }),
    http: { method: 'GET', path: '/api/services' },
  }),
  operation({
    name: 'services.get',
    permission: 'access:manage',
    effect: 'read',
    input: z.strictObject({ id }),
    output: serviceSchema,
    http: { method: 'GET', path: '/api/services/{id}' },
  }),
  operation({
    name: 'services.create',
    permission: 'access:manage',
    effect: 'change',
    /** A file that is there keeps all its entries; `nobody` of the answer counts those that belong to nobody yet. */
    input: z.strictObject({
      ...changeable,
      name,
      address,
      /** Left out: made from the name. */
      subdomain: subdomain.optional(),
      authType: z.enum(AUTH_TYPES).default('basic'),
    }),
    output: z.strictObject({ service: serviceSchema, nobody: count }),
    http: { method: 'POST', path: '/api/services' },
  }),
  operation({
    name: 'services.update',
    permission: 'access:manage',
    effect: 'change',
    /** With another file the entries move there. The kind can change while nobody has a grant. */
    input: z.strictObject({ id, ...changeable }),
    output: serviceSchema,
    http: { method: 'PUT', path: '/api/services/{id}' },
  }),
  operation({
    name: 'services.delete',
    permission: 'access:manage',
    effect: 'change',
    /** Ends all grants and takes our entries out of the file; `leaveFile` where it cannot be reached any more. */
    input: z.strictObject({ id, leaveFile: z.boolean().default(false) }),
    output: done,
    http: { method: 'DELETE', path: '/api/services/{id}' },
  }),
  operation({
    name: 'services.check',
    permission: 'access:manage',
    effect: 'change',
    /** Asks the address whether it answers, and whether it wants a password. */
    input: z.strictObject({ id }),
    output: serviceSchema,
    http: { method: 'POST', path: '/api/services/{id}/check' },
  }),
  operation({
    name: 'services.reveal-admin',
    permission: 'access:manage',
    /** Changes nothing, and is on record. */
    effect: 'change',
    input: z.strictObject({ id }),
    output: credentialSchema,
    http: { method: 'POST', path: '/api/services/{id}/admin/reveal' },
  }),
  operation({
    name: 'services.regenerate-admin',
    permission: 'access:manage',
    effect: 'change',
    input: z.strictObject({ id }),
    output: credentialSchema,
    http: { method: 'POST', path: '/api/services/{id}/admin/regenerate' },
  }),
  operation({
    name: 'services.entries',
    permission: 'access:manage',
    effect: 'read',
    /** File and database side by side. */
    input: z.strictObject({ id }),
    output: z.strictObject({ exists: z.boolean(), entries: z.array(serviceEntrySchema) }),
    http: { method: 'GET', path: '/api/services/{id}/entries' },
  }),
  operation({
    name: 'services.mend',
    permission: 'access:manage',
    effect: 'change',
    /**
     * Mends what differs between file and database: `file` writes the file as the database has it, `database` takes over
     * what the file says (a missing entry ends its grant, a changed password is kept but not known). Left out `usernames`
     * means all that differ; entries of nobody are removed from the file only when they are named.
     */
    input: z.strictObject({
      id,
      change: z.enum(['file', 'database']),
      usernames: z.array(z.string().min(1).max(300)).min(1).max(10_000).optional(),
    }),
    output: z.strictObject({ mended: count }),
    http: { method: 'POST', path: '/api/services/{id}/mend' },
  }),
  operation({
    name: 'services.visits',
    permission: 'access:manage',
    effect: 'read',
    /** Who opened what and when, as the access logs have it; newest first. */
    input: z.strictObject({ serviceId: id.optional(), personId: id.optional(), ...page }),
    output: paged(visitSchema),
    http: { method: 'GET', path: '/api/services/visits' },
  }),
  operation({
    name: 'services.bans',
    permission: 'access:manage',
    effect: 'read',
    /** What fail2ban and the built-in counter ban, the addresses that failed last, and how reading the logs goes. */
    input: nothing,
    output: z.strictObject({
      fail2ban: z.strictObject({
        state: z.enum(['runs', 'no_jail', 'no_access', 'absent']),
        banned: z.array(z.string()),
      }),
      sources: z.array(accessSourceSchema),
      /** Why the proxy could not be told whom to turn away; empty: nothing. */
      problem: z.string(),
      logs: z.array(z.strictObject({ file: z.string(), readAt: time.nullable(), problem: z.string() })),
    }),
    http: { method: 'GET', path: '/api/services/bans' },
  }),
  operation({
    name: 'services.lift-ban',
    permission: 'access:manage',
    effect: 'change',
    /** Forgets what the built-in counter has against an address. */
    input: z.strictObject({ id }),
    output: done,
    http: { method: 'POST', path: '/api/services/bans/{id}/lift' },
  }),
] as const
