import { z } from 'zod'
import { CAMPAIGN_STATES, MESSAGE_STATES } from './campaigns.ts'
import { count, id, page, paged, time } from './common.ts'
import { operation } from './define.ts'

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

/** By when campaigns began: not before `from`, and before `to`. */
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
] as const
