import { z } from 'zod'
import { count, done, id, name, nothing, page, paged, time } from './common.ts'
import { operation } from './define.ts'

/**
 * What a webhook can ask for. `message.state`: a message has come to an end (or to another one). `phone.reach`: a phone
 * has been out of reach for two minutes, or is back.
 */
export const WEBHOOK_TOPICS = ['inbound.text', 'message.state', 'campaign.state', 'phone.reach'] as const
export type WebhookTopic = (typeof WEBHOOK_TOPICS)[number]

export const WEBHOOK_EVENTS = [
  'test',
  'inbound.text',
  'message.state',
  'campaign.state',
  'phone.offline',
  'phone.online',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

/** `before_restore`: it waited in a backup that was restored, so nobody knows whether it was sent; replay it by hand. */
export const DELIVERY_STATES = ['pending', 'delivered', 'given_up', 'before_restore'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

const topics = z.array(z.enum(WEBHOOK_TOPICS)).min(1).max(WEBHOOK_TOPICS.length)
const url = z.string().trim().min(1).max(2000)

export const webhookSchema = z.strictObject({
  id,
  name: z.string(),
  url: z.string(),
  events: topics,
  active: z.boolean(),
  createdBy: z.string(),
  createdAt: time,
  updatedAt: time,
  /** Deliveries by state; counted up to 10,000. */
  pending: count,
  givenUp: count,
  beforeRestore: count,
  /** Since when no attempt has succeeded, and when the next one is made; null while all is well. */
  failingSince: time.nullable(),
  restsUntil: time.nullable(),
  lastError: z.string(),
})
export type Webhook = z.infer<typeof webhookSchema>

export const deliverySchema = z.strictObject({
  /** The same at every attempt and replay. */
  id: z.string(),
  event: z.enum(WEBHOOK_EVENTS),
  /** The id of the text, message, campaign or phone that it tells of. */
  subject: z.string(),
  at: time,
  state: z.enum(DELIVERY_STATES),
  attempts: count,
  lastAttemptAt: time.nullable(),
  nextAttemptAt: time.nullable(),
  /** The status that the target answered last; null: none. */
  status: count.nullable(),
  error: z.string(),
})
export type Delivery = z.infer<typeof deliverySchema>

export const webhooks = [
  operation({
    name: 'webhooks.list',
    permission: 'webhooks:manage',
    effect: 'read',
    input: nothing,
    output: z.strictObject({ webhooks: z.array(webhookSchema) }),
    http: { method: 'GET', path: '/api/admin/webhooks' },
  }),
  operation({
    name: 'webhooks.create',
    permission: 'webhooks:manage',
    effect: 'change',
    input: z.strictObject({ name, url, events: topics, active: z.boolean().default(true) }),
    /** The secret is shown this once. */
    output: z.strictObject({ webhook: webhookSchema, secret: z.string() }),
    http: { method: 'POST', path: '/api/admin/webhooks' },
  }),
  operation({
    name: 'webhooks.update',
    permission: 'webhooks:manage',
    effect: 'change',
    /** While it is not active nothing is stored for it, and what waits stays where it is. */
    input: z.strictObject({
      id,
      name: name.optional(),
      url: url.optional(),
      events: topics.optional(),
      active: z.boolean().optional(),
    }),
    output: webhookSchema,
    http: { method: 'PATCH', path: '/api/admin/webhooks/{id}' },
  }),
  operation({
    name: 'webhooks.rotate-secret',
    permission: 'webhooks:manage',
    effect: 'change',
    /** For `graceHours` every delivery is signed with the old secret too. */
    input: z.strictObject({ id, graceHours: z.int().min(0).max(168).default(24) }),
    output: z.strictObject({ secret: z.string(), oldUntil: time.nullable() }),
    http: { method: 'POST', path: '/api/admin/webhooks/{id}/rotate-secret' },
  }),
  operation({
    name: 'webhooks.delete',
    permission: 'webhooks:manage',
    effect: 'change',
    input: z.strictObject({ id }),
    output: done,
    http: { method: 'DELETE', path: '/api/admin/webhooks/{id}' },
  }),
  operation({
    name: 'webhooks.test',
    permission: 'webhooks:manage',
    effect: 'change',
    /** Queues a delivery of the event `test`, which goes the way of all others. */
    input: z.strictObject({ id }),
    output: deliverySchema,
    http: { method: 'POST', path: '/api/admin/webhooks/{id}/test' },
  }),
  operation({
    name: 'webhooks.deliveries',
    permission: 'webhooks:manage',
    effect: 'read',
    /** Newest first. With `delivery` that one alone. */
    input: z.strictObject({
      id,
      state: z.enum(DELIVERY_STATES).optional(),
      delivery: z.string().max(60).optional(),
      ...page,
    }),
    output: paged(deliverySchema),
    http: { method: 'GET', path: '/api/admin/webhooks/{id}/deliveries' },
  }),
  operation({
    name: 'webhooks.replay',
    permission: 'webhooks:manage',
    effect: 'change',
    /**
     * Sends one delivery again whatever its state, or up to 1,000 of a state, oldest first: `more` says whether there
     * are others. Each keeps its id.
     */
    input: z.strictObject({
      id,
      delivery: z.string().max(60).optional(),
      state: z.enum(['given_up', 'before_restore']).optional(),
    }),
    output: z.strictObject({ replayed: count, more: z.boolean() }),
    http: { method: 'POST', path: '/api/admin/webhooks/{id}/replay' },
  }),
] as const
