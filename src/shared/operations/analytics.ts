import { z } from 'zod'
import { CAMPAIGN_STATES, LEFT_OUT } from './campaigns.ts'
import { count, id, page, paged, time } from './common.ts'
import { operation } from './define.ts'
import { MESSAGE_STATES } from './messages.ts'

/** What became of the messages of campaigns, and how people answered. Nobody knows what was delivered. */
const figures = {
  messages: count,
  states: z.record(z.enum(MESSAGE_STATES), count),
  segmentsSent: count,
  /** Contacts of the audience that got no message. */
  leftOut: count,
  /** Texts that came in as answers, opt-outs among them. */
  replies: count,
  /** Those that asked to stop beyond doubt. */
  optOuts: count,
  /** For each message that was sent, 0.031 is 31 in a thousand; people may answer more than once. Null: none was sent. */
  replyRate: z.number().min(0).nullable(),
  optOutRate: z.number().min(0).nullable(),
}

/**
 * Not before `from`, and before `to`. For campaigns and their totals it is when they began; elsewhere when messages were
 * attempted (or ended without an attempt) and texts came in, to the quarter of an hour.
 */
const period = { from: time.optional(), to: time.optional() }
const inOrder = ({ from, to }: { from?: number | undefined; to?: number | undefined }) =>
  from === undefined || to === undefined || from < to
const ORDER = { message: 'has to be later than from', path: ['to'] }

const campaignFigures = z.strictObject({
  id,
  name: z.string(),
  state: z.enum(CAMPAIGN_STATES),
  startedAt: time,
  finishedAt: time.nullable(),
  ...figures,
})

const totals = z.strictObject({ campaigns: count, ...figures })

export const REPORT_UNITS = ['hour', 'day', 'week', 'month'] as const
export type ReportUnit = (typeof REPORT_UNITS)[number]

export const REPORT_TABLES = ['campaigns', 'timeline', 'phones', 'reasons'] as const
export type ReportTable = (typeof REPORT_TABLES)[number]

/** An IANA zone, by whose clock the days are. */
const zone = z.string().min(1).max(60).default('UTC')
const by = z.enum(REPORT_UNITS).optional()
const share = z.number().min(0).nullable()

/** Of campaigns, other than `otherSent`. */
const timeFigures = {
  sent: count,
  segmentsSent: count,
  unknown: count,
  failed: count,
  /** Held back, expired or cancelled. */
  notSent: count,
  replies: count,
  optOuts: count,
  replyRate: share,
  optOutRate: share,
  /** Replies, confirmations and other texts that belong to no campaign. */
  otherSent: count,
}

/** Of campaigns and all else. */
const laneFigures = { sent: count, ofCampaigns: count, segmentsSent: count, unknown: count, failed: count }

export const analytics = [
  operation({
    name: 'analytics.campaigns',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/analytics/campaigns' },
    /** Those that have begun, newest first. */
    input: z.strictObject({ ...page, ...period }).refine(inOrder, ORDER),
    output: paged(campaignFigures),
  }),
  operation({
    name: 'analytics.totals',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/analytics/totals' },
    input: z.strictObject(period).refine(inOrder, ORDER),
    output: totals,
  }),
  operation({
    name: 'analytics.timeline',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/analytics/timeline' },
    /** By hours, days, weeks (from Monday on) or months; by what suits the period where nothing is asked for. */
    input: z.strictObject({ ...period, zone, by }).refine(inOrder, ORDER),
    output: z.strictObject({
      zone: z.string(),
      by: z.enum(REPORT_UNITS),
      from: time,
      to: time,
      total: z.strictObject(timeFigures),
      points: z.array(z.strictObject({ from: time, to: time, ...timeFigures })),
    }),
  }),
  operation({
    name: 'analytics.phones',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/analytics/phones' },
    input: z.strictObject(period).refine(inOrder, ORDER),
    output: z.strictObject({
      phones: z.array(
        z.strictObject({
          id,
          name: z.string(),
          revoked: z.boolean(),
          ...laneFigures,
          /** Answers to campaigns that came in on this phone. */
          replies: count,
          optOuts: count,
          replyRate: share,
          optOutRate: share,
          sims: z.array(z.strictObject({ id, slot: z.int().min(0), carrier: z.string().nullable(), ...laneFigures })),
        }),
      ),
    }),
  }),
  operation({
    name: 'analytics.reasons',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/analytics/reasons' },
    /** Why messages were not sent, and why contacts were left out of campaigns that began in the period. */
    input: z.strictObject(period).refine(inOrder, ORDER),
    output: z.strictObject({
      reasons: z.array(
        z.strictObject({
          state: z.enum(MESSAGE_STATES),
          reason: z.string(),
          meaning: z.string(),
          messages: count,
          ofCampaigns: count,
        }),
      ),
      leftOut: z.array(z.strictObject({ code: z.enum(LEFT_OUT), meaning: z.string(), contacts: count })),
    }),
  }),
  operation({
    name: 'analytics.export',
    permission: 'campaigns:read',
    effect: 'read',
    local: true,
    /** Writes one of the tables as a CSV file on the hub's computer; refuses to replace one. */
    input: z
      .strictObject({
        table: z.enum(REPORT_TABLES),
        ...period,
        zone,
        by,
        path: z.string().min(1).max(4096),
      })
      .refine(inOrder, ORDER),
    output: z.strictObject({ rows: count, path: z.string() }),
  }),
] as const
