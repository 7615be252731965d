import { z } from 'zod'
import { count, e164, id, nothing, page, paged, time } from './common.ts'
import { operation } from './define.ts'

/** What was erased or may be, by what it is called; each with how many rows of it. */
const removedSchema = z.record(z.string(), count)

export const erasureSchema = z.strictObject({
  id,
  /** `waiting`: texts are on their way, and nothing more is sent meanwhile. `done`: the hub holds nothing of the person any more. */
  state: z.enum(['waiting', 'done']),
  /** How many texts are waited for. */
  underway: count,
  requestedBy: z.string(),
  requestedAt: time,
  finishedAt: time.nullable(),
  removed: removedSchema,
  /** Phones whose journals may name the person, and when each has said that it names them no more (null: not yet). */
  phones: z.array(z.strictObject({ id, name: z.string(), revoked: z.boolean(), confirmedAt: time.nullable() })),
  /** What this does not reach, a sentence each. */
  stays: z.array(z.string()),
})
export type Erasure = z.infer<typeof erasureSchema>

const days = z.int().min(7).max(3650).nullable()

/** After how many days what is removed; null: it stays. */
export const retentionSchema = z.strictObject({
  /** Texts of messages that went out or came to another end. */
  messages: days,
  /** Texts that came in. */
  replies: days,
  /** Sign-ins, deliveries of webhooks, and rows of import reports. */
  logs: days,
})
export type Retention = z.infer<typeof retentionSchema>

const removesSchema = z.strictObject({
  messages: count,
  replies: count,
  signIns: count,
  deliveries: count,
  importReports: count,
})
export type Removes = z.infer<typeof removesSchema>

const person = z.strictObject({ number: e164 })

export const privacy = [
  operation({
    name: 'person.export',
    permission: 'privacy:manage',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/person' },
    input: person,
    /** Everything about one number: `data` for programs, `text` for people. */
    output: z.strictObject({
      number: z.string(),
      found: z.boolean(),
      data: z.record(z.string(), z.unknown()),
      text: z.string(),
    }),
  }),
  operation({
    name: 'person.save',
    permission: 'privacy:manage',
    effect: 'read',
    local: true,
    /** The same as a file on the hub's computer, JSON or for people; refuses to replace one. */
    input: person.extend({ format: z.enum(['json', 'text']), path: z.string().min(1).max(4096) }),
    output: z.strictObject({ path: z.string(), found: z.boolean() }),
  }),
  operation({
    name: 'person.erase',
    permission: 'privacy:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/person/erase' },
    /** `confirm`: the number once more, as a person has typed it. */
    input: person.extend({ confirm: z.string().max(40) }),
    output: erasureSchema,
  }),
  operation({
    name: 'person.erasures',
    permission: 'privacy:manage',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/erasures' },
    /** Receipts, newest first. */
    input: z.strictObject(page),
    output: paged(erasureSchema),
  }),
  operation({
    name: 'person.erasure',
    permission: 'privacy:manage',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/erasures/{id}' },
    input: z.strictObject({ id }),
    output: erasureSchema,
  }),
  operation({
    name: 'retention.get',
    permission: 'privacy:manage',
    effect: 'read',
    http: { method: 'GET', path: '/api/admin/retention' },
    input: nothing,
    output: retentionSchema,
  }),
  operation({
    name: 'retention.set',
    permission: 'privacy:manage',
    effect: 'change',
    http: { method: 'PUT', path: '/api/admin/retention' },
    input: retentionSchema,
    output: retentionSchema,
  }),
  operation({
    name: 'retention.preview',
    permission: 'privacy:manage',
    effect: 'read',
    http: { method: 'POST', path: '/api/admin/retention/preview' },
    /** What these rules would remove now; nothing is removed. */
    input: retentionSchema,
    output: z.strictObject({ removes: removesSchema }),
  }),
  operation({
    name: 'retention.run',
    permission: 'privacy:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/retention/run' },
    /** Removes now what the rules say, instead of with the next day. */
    input: nothing,
    output: z.strictObject({ removed: removesSchema }),
  }),
] as const
