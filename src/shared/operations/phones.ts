import { z } from 'zod'
import { doctorFindingSchema, laneLimitsSchema, phoneStatusSchema } from '../phone-protocol.ts'
import { count, country, done, hoursSchema, id, name, nothing, time } from './common.ts'
import { operation } from './define.ts'

export const simSchema = z.strictObject({
  id,
  slot: count,
  carrier: z.string().nullable(),
  country: z.string().nullable(),
  enabled: z.boolean(),
  /** Null: the limits of the settings. */
  limits: laneLimitsSchema.nullable(),
})

export const phoneSchema = z.strictObject({
  id,
  name: z.string(),
  connected: z.boolean(),
  canProve: z.boolean(),
  country: z.string().nullable(),
  agentVersion: z.string(),
  pairedAt: time,
  lastSeenAt: time.nullable(),
  revokedAt: time.nullable(),
  journalProblem: z.enum(['journal_changed', 'journal_rolled_back']).nullable(),
  replayNeeded: z.boolean(),
  sims: z.array(simSchema),
  status: phoneStatusSchema.nullable(),
  findings: z.array(doctorFindingSchema),
  /** Messages that it holds and has not attempted. */
  holding: count,
})
export type Phone = z.infer<typeof phoneSchema>

const pairingSchema = z.strictObject({
  link: z.string(),
  /** The line to paste into Termux: fetches the agent over the pinned connection, checks it and pairs. */
  line: z.string(),
  expiresAt: time,
  addresses: z.array(z.string()),
})

export const phones = [
  operation({
    name: 'phones.list',
    permission: 'phones:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/phones' },
    input: z.strictObject({ revoked: z.boolean().default(false) }),
    output: z.strictObject({ phones: z.array(phoneSchema) }),
  }),
  operation({
    name: 'phones.pair',
    permission: 'phones:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/phones/pair' },
    /** Opens the pairing for five minutes and one phone; a second call replaces the first. Needs a running hub. */
    input: z.strictObject({ name: name.default('Phone') }),
    output: pairingSchema,
  }),
  operation({
    name: 'phones.stop-pairing',
    permission: 'phones:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/phones/stop-pairing' },
    input: nothing,
    output: done,
  }),
  operation({
    name: 'phones.pairing',
    permission: 'phones:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/phones/pairing' },
    input: nothing,
    /** `paired`: the phone that used the last pairing. */
    output: z.strictObject({ open: z.boolean(), expiresAt: time.nullable(), paired: id.nullable() }),
  }),
  operation({
    name: 'phones.rename',
    permission: 'phones:manage',
    effect: 'change',
    http: { method: 'PATCH', path: '/api/admin/phones/{id}' },
    input: z.strictObject({ id, name }),
    output: phoneSchema,
  }),
  operation({
    name: 'phones.rotate-key',
    permission: 'phones:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/phones/{id}/rotate-key' },
    input: z.strictObject({ id }),
    output: done,
  }),
  operation({
    name: 'phones.revoke',
    permission: 'phones:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/phones/{id}/revoke' },
    /** Cut off at once. What it may have attempted becomes unknown. */
    input: z.strictObject({ id }),
    output: phoneSchema,
  }),
  operation({
    name: 'phones.accept-journal',
    permission: 'phones:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/phones/{id}/accept-journal' },
    /** Lets a phone in whose journal is another one or older; what the lost journal held stays unknown. */
    input: z.strictObject({ id }),
    output: phoneSchema,
  }),
  operation({
    name: 'phones.write-off',
    permission: 'phones:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/phones/{id}/write-off' },
    /** After a restore: goes on without waiting for what this phone did since the backup. */
    input: z.strictObject({ id }),
    output: phoneSchema,
  }),
  operation({
    name: 'phones.set-sim',
    permission: 'phones:manage',
    effect: 'change',
    http: { method: 'PATCH', path: '/api/admin/sims/{simId}' },
    input: z.strictObject({
      simId: id,
      enabled: z.boolean().optional(),
      limits: laneLimitsSchema.nullable().optional(),
    }),
    output: phoneSchema,
  }),
  operation({
    name: 'phones.resume-lane',
    permission: 'phones:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/sims/{simId}/resume' },
    input: z.strictObject({ simId: id }),
    output: done,
  }),
  operation({
    name: 'phones.run-doctor',
    permission: 'phones:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/phones/{id}/run-doctor' },
    input: z.strictObject({ id }),
    output: done,
  }),
] as const

export const settingsSchema = z.strictObject({
  organisation: z.string().max(120),
  defaultCountry: country,
  hours: hoursSchema,
  /** For lanes without limits of their own. */
  limits: laneLimitsSchema,
  takeAllTexts: z.boolean(),
  /** The answers to STOP, START and HELP. */
  texts: z.strictObject({
    stop: z.string().trim().min(1).max(300),
    start: z.string().trim().min(1).max(300),
    help: z.string().trim().min(1).max(300),
  }),
  /** So many automatic answers (to START and HELP, and of rules) may one number get, all together. */
  autoAnswers: z.strictObject({ perHour: z.int().min(1).max(60), perDay: z.int().min(1).max(200) }),
  /** `host:port` pairs the phone link listens on. Loopback only until an admin opens it. */
  linkHost: z.string().max(255),
  linkPort: z.int().min(0).max(65535),
  /** `host:port` pairs under which phones reach the link besides its own, such as those of a router or a container's host. */
  linkAddresses: z
    .array(
      z
        .string()
        .max(260)
        .regex(/^([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}$/, 'an address with a port such as 192.168.1.20:8443'),
    )
    .max(8),
  proofSeconds: z.int().min(10).max(3600),
  pollSeconds: z.strictObject({ active: z.number().min(0.2).max(60), idle: z.number().min(0.2).max(300) }),
  backups: z.strictObject({ keep: z.int().min(1).max(365), daily: z.boolean() }),
  /** So many failures within so many minutes lock an account or a source for so many minutes. */
  lockout: z.strictObject({
    failures: z.int().min(2).max(50),
    withinMinutes: z.int().min(1).max(1440),
    lockMinutes: z.int().min(1).max(1440),
  }),
  /** The same for addresses whose credentials a service refuses, by the built-in counter. */
  accessBans: z.strictObject({
    failures: z.int().min(2).max(50),
    withinMinutes: z.int().min(1).max(1440),
    banMinutes: z.int().min(1).max(10_080),
    /** The file of `deny` lines that nginx includes; empty: the proxy is not told. */
    denyFile: z
      .string()
      .max(1_000)
      .regex(/^(\/|$)/, 'the whole path of the file, from the root on'),
    /** The arguments of the command that makes the proxy read it; null: none. */
    reload: z.array(z.string().min(1).max(1_000)).min(1).max(30).nullable(),
  }),
  /** The pages on which people see their own credentials; on a listener of their own. */
  personalPage: z.strictObject({
    enabled: z.boolean(),
    host: z.string().max(255),
    port: z.int().min(0).max(65535),
    /** Where people reach it through the proxy, such as https://access.example.org; empty: on this computer only. */
    address: z
      .string()
      .trim()
      .max(300)
      .regex(/^(https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/?)?$/, 'an address such as https://access.example.org'),
    /** Addresses of proxies on other computers that hand requests on. */
    proxies: z.array(z.string().max(64)).max(20),
  }),
  /** The window of the workstation. */
  window: z.strictObject({
    /** It asks for the password when nobody was there for so many minutes. 0: never. */
    lockAfterMinutes: z.int().min(0).max(1440),
    /** Notifications of the desktop about replies and troubles. */
    notifications: z.boolean(),
    /** Whether they show who wrote and what; everybody near the screen can read that. */
    notificationTexts: z.boolean(),
  }),
})
export type Settings = z.infer<typeof settingsSchema>

export const settings = [
  operation({
    name: 'settings.get',
    permission: 'settings:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/settings' },
    input: nothing,
    output: settingsSchema,
  }),
  operation({
    name: 'settings.update',
    permission: 'settings:manage',
    effect: 'change',
    http: { method: 'PATCH', path: '/api/admin/settings' },
    input: settingsSchema.partial(),
    output: settingsSchema,
  }),
] as const

export const system = [
  operation({
    name: 'system.status',
    permission: 'system:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/system/status' },
    input: nothing,
    output: z.strictObject({
      version: z.string(),
      schema: count,
      epoch: time,
      /** For administrators. */
      dataFolder: z.string().nullable(),
      pid: count.nullable(),
      link: z.strictObject({ listening: z.array(z.string()), pin: z.string() }).nullable(),
      /** What is wrong with the phone link and what mends it; null where nothing is. It is tried again by itself. */
      linkProblem: z.string().nullable(),
      /** What was said at the start, by --link-host and --link-port, and decides instead of the settings; null where they do. */
      linkGiven: z.strictObject({ host: z.string().nullable(), port: z.number().nullable() }),
      /** The headless API; null while there is none. */
      http: z
        .strictObject({
          url: z.string(),
          listening: z.array(z.string()),
          web: z.boolean(),
          tls: z.boolean(),
          /** Whether only the hub's own computer reaches it. */
          loopback: z.boolean(),
          certificateUntil: time.nullable(),
        })
        .nullable(),
      /** Why nothing is sent at the moment; empty when sending is possible. */
      sendingBlockedBy: z.array(z.string()),
    }),
  }),
  operation({
    name: 'system.doctor',
    // Its findings name files and what is weak.
    permission: 'settings:manage',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/doctor' },
    input: nothing,
    output: z.strictObject({ ok: z.boolean(), findings: z.array(doctorFindingSchema) }),
  }),
  operation({
    name: 'system.allow-headless',
    permission: 'settings:manage',
    effect: 'change',
    local: true,
    /** Lets a key file open this data folder, too, which `serve` needs: it has no keychain. The file is readable by its owner only. */
    input: nothing,
    output: done,
  }),
] as const

/** What has to be typed to put a backup in the place of the database. */
export const RESTORE_CONFIRMATION = 'replace everything with this backup'

/** How much of each there is. */
const made = { contacts: count, campaigns: count, messages: count, imports: count, users: count }
const holdings = z.strictObject({ ...made, phones: count })

const backup = z.strictObject({ path: z.string(), bytes: count, createdAt: time, schema: count })
export const backups = [
  operation({
    name: 'backups.create',
    permission: 'backups:manage',
    effect: 'change',
    local: true,
    /** Into the folder of backups, or to `path`. With `passphrase` the copy can be opened elsewhere. */
    input: z.strictObject({ path: z.string().max(4096).optional(), passphrase: z.string().min(8).max(128).optional() }),
    output: backup,
  }),
  operation({
    name: 'backups.list',
    permission: 'backups:manage',
    effect: 'read',
    local: true,
    input: nothing,
    output: z.strictObject({ backups: z.array(backup) }),
  }),
  operation({
    name: 'backups.verify',
    permission: 'backups:manage',
    effect: 'read',
    local: true,
    input: z.strictObject({ path: z.string().min(1).max(4096) }),
    output: z.strictObject({
      ok: z.boolean(),
      faults: z.array(z.string()),
      schema: count,
      contacts: count,
      messages: count,
    }),
  }),
  operation({
    name: 'backups.preview',
    permission: 'backups:manage',
    effect: 'read',
    local: true,
    /** What a backup holds, and what would be lost by putting it in the place of the database. Changes nothing. */
    input: z.strictObject({ path: z.string().min(1).max(4096) }),
    output: z.strictObject({
      ok: z.boolean(),
      faults: z.array(z.string()),
      schema: count,
      /** The last thing that it knows of; null where it knows of nothing. */
      until: time.nullable(),
      holds: holdings,
      now: holdings,
      /** What was made here since then. */
      since: z.strictObject(made),
      /** Whether a passphrase opens it, which is needed where it comes from another computer. */
      hasPassphrase: z.boolean(),
    }),
  }),
  operation({
    name: 'backups.allow-restore',
    permission: 'backups:manage',
    effect: 'change',
    local: true,
    /**
     * The word of an administrator that a backup may take the place of the database, on record in the one that is replaced.
     * `confirm`: the words that have to be typed. `password`: of the user who asks. The window does the rest.
     */
    input: z.strictObject({
      path: z.string().min(1).max(4096),
      confirm: z.string().max(100),
      password: z.string().max(128).optional(),
    }),
    output: done,
  }),
] as const
