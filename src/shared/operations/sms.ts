import { z } from 'zod'
import { count, country, e164, messageId, time } from './common.ts'
import { operation } from './define.ts'
import { MESSAGE_STATES } from './messages.ts'

const text = z.string().trim().min(1).max(1530)

/** One text that was taken on. `sent` is known later: ask sms.status. */
const orderedSchema = z.strictObject({
  id: messageId,
  /** E.164. */
  phone: z.string(),
  state: z.enum(MESSAGE_STATES),
  segments: count,
  encoding: z.enum(['GSM-7', 'UCS-2']),
  /** When it may go at the earliest, by the allowed hours where the recipient is. */
  dueAt: time,
  /** What the caller should know, such as that it waits behind the same text; empty when there is nothing. */
  notice: z.string(),
})
export type OrderedSms = z.infer<typeof orderedSchema>

/** Nothing is sent after this; left out: whenever it becomes possible. */
const expiresAt = time.optional()

export const sms = [
  operation({
    name: 'sms.send',
    permission: 'sms:send',
    effect: 'change',
    http: { method: 'POST', path: '/api/sms/send' },
    sends: true,
    /** One text to one number in international form. */
    input: z.strictObject({ phone: e164, message: text, expiresAt }),
    output: orderedSchema,
  }),
  operation({
    name: 'sms.send-enhanced',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/sms/send/enhanced' },
    sends: true,
    /** The same to a number in any form; one without a country code is read under `country`, or that of the settings. */
    input: z.strictObject({
      phone: z.string().trim().min(3).max(40),
      message: text,
      country: country.optional(),
      expiresAt,
    }),
    output: orderedSchema,
  }),
  operation({
    name: 'sms.send-reply',
    permission: 'sms:send',
    effect: 'change',
    http: { method: 'POST', path: '/api/sms/send-reply' },
    sends: true,
    /** An answer to somebody who has texted. Within a day of their text it goes at any hour. */
    input: z.strictObject({ phone: e164, message: text }),
    output: orderedSchema,
  }),
  operation({
    name: 'sms.test',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/sms/test' },
    sends: true,
    /** A fixed text to the operator's own number, at any hour; it is given up after an hour. */
    input: z.strictObject({ phone: z.string().trim().min(3).max(40), country: country.optional() }),
    output: orderedSchema,
  }),
  operation({
    name: 'sms.status',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/sms/status' },
    input: z.strictObject({ id: messageId }),
    output: z.strictObject({
      id: messageId,
      phone: z.string(),
      state: z.enum(MESSAGE_STATES),
      reason: z.string(),
      /** True once nothing more will become of it by itself. */
      settled: z.boolean(),
      segments: count,
      createdAt: time,
      attemptedAt: time.nullable(),
      settledAt: time.nullable(),
    }),
  }),
  operation({
    name: 'sms.device',
    permission: 'sms:send',
    effect: 'read',
    http: { method: 'GET', path: '/api/sms/device' },
    input: z.strictObject({}),
    /** What a script on a phone needs to know before it hands in texts: neither numbers nor messages. */
    output: z.strictObject({
      /** Whether a text that is handed in now can go to a phone. */
      ready: z.boolean(),
      /** Why not, a sentence each. */
      blockedBy: z.array(z.string()),
      phones: z.array(
        z.strictObject({
          id: count,
          name: z.string(),
          connected: z.boolean(),
          canProve: z.boolean(),
          lanes: z.array(z.strictObject({ slot: count, enabled: z.boolean(), halt: z.string().nullable() })),
        }),
      ),
    }),
  }),
] as const
