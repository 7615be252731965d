import { z } from 'zod'
import { count, heldSchema, id, messageId, nothing, page, paged, time } from './common.ts'
import { operation } from './define.ts'

export const MESSAGE_STATES = [
  'queued',
  'assigned',
  'accepted',
  'attempting',
  'handed_over',
  'sent',
  'unknown',
  'suppressed',
  'expired',
  'cancelled',
  'failed',
] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

export const messageSchema = z.strictObject({
  id: messageId,
  kind: z.string(),
  campaignId: id.nullable(),
  contactId: id.nullable(),
  number: z.string(),
  state: z.enum(MESSAGE_STATES),
  reason: z.string(),
  recalled: z.boolean(),
  body: z.string().nullable(),
  segments: count,
  phone: z.string().nullable(),
  slot: count.nullable(),
  repeats: messageId.nullable(),
  /** 0: a first text; else the follow-up. */
  step: count,
  /** Of the first text that this person got; empty without variants. */
  variant: z.string(),
  /** What the phone's store showed when no proof was found. */
  evidence: z.string(),
  /** Of a queued one that has to wait: until when, and why. */
  held: heldSchema.nullable(),
  createdAt: time,
  attemptedAt: time.nullable(),
  settledAt: time.nullable(),
  /** When a rule removed its text by its age; `body` is null then. */
  textRemovedAt: time.nullable(),
})
export type Message = z.infer<typeof messageSchema>

export const messages = [
  operation({
    name: 'messages.list',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/messages' },
    input: z.strictObject({ ...page, campaignId: id.optional(), states: z.array(z.enum(MESSAGE_STATES)).default([]) }),
    output: paged(messageSchema),
  }),
  operation({
    name: 'messages.get',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/messages/{id}' },
    input: z.strictObject({ id: messageId }),
    output: messageSchema,
  }),
  operation({
    name: 'messages.decide',
    permission: 'messages:decide',
    effect: 'change',
    http: { method: 'POST', path: '/api/messages/{id}/decide' },
    /** Settles one without proof by an operator's knowledge. */
    input: z.strictObject({ id: messageId, as: z.enum(['sent', 'failed']) }),
    output: messageSchema,
  }),
  operation({
    name: 'messages.unknown',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/messages/unknown' },
    /** How many messages wait for a decision, by campaign (null: replies and the like) and reason. */
    input: nothing,
    output: z.strictObject({
      groups: z.array(
        z.strictObject({ campaignId: id.nullable(), reason: z.string(), messages: count, meaning: z.string() }),
      ),
    }),
  }),
  operation({
    name: 'messages.decide-all',
    permission: 'messages:decide',
    effect: 'change',
    http: { method: 'POST', path: '/api/messages/decide' },
    /** Settles up to a thousand of one campaign (null: of none) and reason alike; `left` says how many are still to do. */
    input: z.strictObject({
      campaignId: id.nullable(),
      reason: z.string().min(1).max(60),
      as: z.enum(['sent', 'failed']),
    }),
    output: z.strictObject({ decided: count, left: count }),
  }),
  operation({
    name: 'messages.send-again',
    permission: 'messages:decide',
    effect: 'change',
    http: { method: 'POST', path: '/api/messages/{id}/send-again' },
    sends: true,
    /** Makes a new message that names the old one. `mayArriveTwice` must be true where the old one is `unknown`. */
    input: z.strictObject({ id: messageId, mayArriveTwice: z.boolean().default(false) }),
    output: messageSchema,
  }),
] as const
