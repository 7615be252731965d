import { z } from 'zod'
import { REQUIRABLE_KINDS } from '../consent.ts'
import { count, e164, heldSchema, hoursSchema, id, messageId, name, page, paged, time } from './common.ts'
import { audienceSchema } from './contacts.ts'
import { operation } from './define.ts'
import { MESSAGE_STATES } from './messages.ts'
import { undoable } from './undo.ts'

export const CAMPAIGN_STATES = ['draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled'] as const
export type CampaignState = (typeof CAMPAIGN_STATES)[number]

/**
 * Why a contact of the audience gets no message. `zone_ambiguous`: the places where they may be have no allowed hour in
 * common. `template_error`: the template cannot work with what is known of this contact. `has_message`: this campaign has
 * a message to their number already. `consent_other_kind`: their consent is on record, but not for what this campaign is.
 */
export const LEFT_OUT = [
  'suppressed',
  'zone_ambiguous',
  'field_missing',
  'body_too_long',
  'body_empty',
  'template_error',
  'consent_missing',
  'consent_other_kind',
  'has_message',
] as const
export type LeftOut = (typeof LEFT_OUT)[number]

const template = z.string().trim().min(1).max(5000)

/** What the best variant is the one of: most replies, or fewest opt-outs. */
export const GOALS = ['replies', 'few_opt_outs'] as const
export type Goal = (typeof GOALS)[number]

/** One of several first texts. `share`: percent of the audience that gets it. */
export const variantSchema = z.strictObject({
  label: z.string().trim().min(1).max(40),
  share: z.int().min(1).max(99),
  template,
})
export type Variant = z.infer<typeof variantSchema>

const variants = z
  .array(variantSchema)
  .max(5)
  .refine(list => list.length !== 1, 'give at least two variants, or none')
  .refine(list => list.length === 0 || list.reduce((sum, one) => sum + one.share, 0) === 100, {
    error: 'the shares of the variants must add up to 100',
  })
  .refine(list => new Set(list.map(one => one.label.toLowerCase())).size === list.length, {
    error: 'each variant needs a label of its own',
  })

const delayHours = z.int().max(2160)
/**
 * A follow-up, which a person gets once at most. `no_reply`: so many hours after the text before it (the first one, or the
 * last `no_reply` step) was sent, to whoever has not texted since. `reply`: so long after their first reply. `tag`: so long
 * after their conversation got this tag.
 */
export const stepSchema = z.discriminatedUnion('condition', [
  z.strictObject({ condition: z.literal('no_reply'), delayHours: delayHours.min(1), template }),
  z.strictObject({ condition: z.literal('reply'), delayHours: delayHours.min(0), template }),
  z.strictObject({ condition: z.literal('tag'), tag: name, delayHours: delayHours.min(0), template }),
])
export type Step = z.infer<typeof stepSchema>

const plan = {
  name,
  template,
  /** First texts among which the audience is shared out; empty: `template` is the only one. */
  variants,
  /** Follow-ups: step 1, step 2 and so on. */
  steps: z.array(stepSchema).max(8),
  goal: z.enum(GOALS),
  /** So many days after its last text the campaign still waits for replies and tags that a step needs. */
  waitDays: z.int().min(1).max(90),
  audience: audienceSchema,
  hours: hoursSchema,
  /** Lanes that may send it; null: every enabled one. */
  sims: z.array(id).min(1).max(100).nullable(),
  /** Whether contacts without consent on record are left out. */
  requireConsent: z.boolean(),
  /** Of which kind that has to be; null: any. Naming a kind requires it. */
  consentKind: z.enum(REQUIRABLE_KINDS).nullable(),
  /** Nothing of it is attempted after this. */
  expiresAt: time.nullable(),
}

export const campaignSchema = z.strictObject({
  id,
  ...plan,
  /** With variants that of the first one. */
  template: z.string(),
  state: z.enum(CAMPAIGN_STATES),
  allowUnproven: z.boolean(),
  scheduledAt: time.nullable(),
  createdBy: z.string(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
})
export type Campaign = z.infer<typeof campaignSchema>

/** One of the list, with how far it is. */
const listedCampaignSchema = campaignSchema.extend({
  messages: count,
  /** Messages that have come to an end, whichever. */
  ended: count,
  sent: count,
  replies: count,
})
export type ListedCampaign = z.infer<typeof listedCampaignSchema>

export const progressSchema = z.strictObject({
  id,
  state: z.enum(CAMPAIGN_STATES),
  /** False before the start, and while messages are still being made from the audience. */
  filled: z.boolean(),
  messages: count,
  states: z.record(z.enum(MESSAGE_STATES), count),
  segmentsSent: count,
  leftOut: z.record(z.string(), count),
  /** Texts that came in as answers, opt-outs among them. */
  replies: count,
  /** Those that asked to stop beyond doubt. */
  optOuts: count,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
})
export type Progress = z.infer<typeof progressSchema>

const finding = z.strictObject({
  level: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
})

/** What is likely to be sent on one day, and by which phones. */
const forecastDay = z.strictObject({
  date: z.string(),
  messages: count,
  lanes: z.array(z.strictObject({ simId: id, name: z.string(), messages: count })),
})
export type ForecastDay = z.infer<typeof forecastDay>

export const reviewSchema = z.strictObject({
  audience: count,
  messages: count,
  leftOut: z.array(z.strictObject({ code: z.enum(LEFT_OUT), contacts: count, message: z.string() })),
  segments: count,
  /** How many messages have so many segments: [[1, 400], [2, 31]]. */
  bySegments: z.array(z.tuple([count, count])),
  ucs2: count,
  /** How many get which first text; empty without variants. */
  variants: z.array(z.strictObject({ label: z.string(), share: count, messages: count, segments: count })),
  /** Each follow-up: how many it goes to at the most, and a sentence that says so. */
  steps: z.array(
    z.strictObject({
      step: count,
      messages: count,
      segments: count,
      /** Of those, how many lack what its text needs. */
      failing: count,
      /** When the first one would be due, and about when the last would have gone; null where nobody can tell. */
      beginsAt: time.nullable(),
      endsAt: time.nullable(),
      message: z.string(),
    }),
  ),
  /** Of the first texts. An estimate from the limits of the lanes and the allowed hours; null when some would not be sent. */
  endsAt: time.nullable(),
  durationMs: count.nullable(),
  /** What slows it most, or keeps it from ending, in words; empty when nothing does. */
  limitedBy: z.string(),
  /** By the days of most recipients. */
  perDay: z.array(forecastDay),
  findings: z.array(finding),
  /** False while there is an error among the findings. */
  startable: z.boolean(),
})
export type Review = z.infer<typeof reviewSchema>

export const previewSchema = z.strictObject({
  contact: z.strictObject({ id, number: z.string(), name: z.string() }).nullable(),
  ok: z.boolean(),
  text: z.string(),
  error: z.string(),
  encoding: z.enum(['GSM-7', 'UCS-2']),
  segments: count,
  unitsLeft: count,
  forcing: z.array(z.strictObject({ char: z.string(), suggestion: z.string().nullable() })),
})

/** A share from 0 to 1. */
const share = z.number().min(0).max(1)
const rate = z.strictObject({
  people: count,
  /** Of the texts that left; null while there is none. */
  rate: share.nullable(),
  /** Where the true rate lies with a confidence of 95 percent. */
  interval: z.tuple([share, share]).nullable(),
})

export const resultsSchema = z.strictObject({
  goal: z.enum(GOALS),
  /** The first text (step 0), then each follow-up. */
  steps: z.array(
    z.strictObject({
      step: count,
      /** What it is, in words. */
      about: z.string(),
      variants: z.array(
        z.strictObject({
          /** Empty without variants. */
          label: z.string(),
          /** Proven. */
          sent: count,
          /** Without proof. */
          unknown: count,
          /** People whose first reply (other than an opt-out) came after this text and before the next. */
          replies: rate,
          optOuts: rate,
        }),
      ),
      /** Whether the variants differ by the goal; null without variants. */
      verdict: z
        .strictObject({
          kind: z.enum(['too_few', 'chance', 'difference']),
          /** Of the variant that did better beyond chance. */
          best: z.string().nullable(),
          /** Two-sided, corrected for the number of comparisons; null where there are too few to say. */
          p: share.nullable(),
          sentence: z.string(),
        })
        .nullable(),
    }),
  ),
})
export type Results = z.infer<typeof resultsSchema>

const one = z.strictObject({ id })

export const campaigns = [
  operation({
    name: 'campaigns.create',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/campaign/create' },
    input: z.strictObject({
      ...plan,
      /** May be left out where there are variants, which have their own. */
      template: plan.template.optional(),
      variants: plan.variants.default([]),
      steps: plan.steps.default([]),
      goal: plan.goal.default('replies'),
      waitDays: plan.waitDays.default(14),
      audience: plan.audience.prefault({}),
      /** The hours of the settings when left out. */
      hours: plan.hours.optional(),
      sims: plan.sims.default(null),
      requireConsent: plan.requireConsent.optional(),
      consentKind: plan.consentKind.default(null),
      expiresAt: plan.expiresAt.default(null),
    }),
    output: campaignSchema,
  }),
  operation({
    name: 'campaigns.update',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'PATCH', path: '/api/campaign/{id}' },
    /** A draft or a scheduled one; of a running or paused one the hours, lanes and expiry only. */
    input: z.strictObject({
      id,
      name: plan.name.optional(),
      template: plan.template.optional(),
      variants: plan.variants.optional(),
      steps: plan.steps.optional(),
      goal: plan.goal.optional(),
      waitDays: plan.waitDays.optional(),
      audience: plan.audience.optional(),
      hours: plan.hours.optional(),
      sims: plan.sims.optional(),
      requireConsent: plan.requireConsent.optional(),
      consentKind: plan.consentKind.optional(),
      expiresAt: plan.expiresAt.optional(),
    }),
    output: campaignSchema,
  }),
  operation({
    name: 'campaigns.list',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/campaign/list' },
    input: z.strictObject({ ...page, states: z.array(z.enum(CAMPAIGN_STATES)).default([]) }),
    output: paged(listedCampaignSchema),
  }),
  operation({
    name: 'campaigns.get',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/campaign/{id}' },
    input: one,
    output: campaignSchema,
  }),
  operation({
    name: 'campaigns.preview',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'POST', path: '/api/campaign/preview' },
    /** The template against real contacts of the audience. */
    input: z.strictObject({
      template,
      audience: audienceSchema.prefault({}),
      contactId: id.optional(),
      contacts: z.int().min(1).max(20).default(3),
    }),
    output: z.strictObject({
      previews: z.array(previewSchema),
      unknownFields: z.array(z.string()),
      /** The template with smart quotes and the like replaced, when that changes it. */
      replaced: z.string().nullable(),
    }),
  }),
  operation({
    name: 'campaigns.review',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/campaign/review' },
    input: one,
    output: reviewSchema,
  }),
  operation({
    name: 'campaigns.start',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/campaign/start' },
    sends: true,
    /**
     * Starts now, or at `at`; a scheduled one is started or scheduled anew. Refused with `review_failed` and the sentences
     * of the review while that has errors. `allowUnproven` (admins only): also through phones that cannot prove a send.
     */
    input: z.strictObject({ id, at: time.optional(), allowUnproven: z.boolean().default(false) }),
    output: campaignSchema,
  }),
  operation({
    name: 'campaigns.unschedule',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/campaign/unschedule' },
    /** Makes a scheduled one a draft again, so that it does not begin by itself. */
    input: one,
    output: campaignSchema,
  }),
  operation({
    name: 'campaigns.pause',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/campaign/pause' },
    input: one,
    output: campaignSchema,
  }),
  operation({
    name: 'campaigns.resume',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/campaign/resume' },
    sends: true,
    input: one,
    output: campaignSchema,
  }),
  operation({
    name: 'campaigns.cancel',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/campaign/cancel' },
    input: one,
    output: campaignSchema,
  }),
  operation({
    name: 'campaigns.duplicate',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/campaign/duplicate' },
    input: z.strictObject({ id, name: name.optional() }),
    output: campaignSchema,
  }),
  operation({
    name: 'campaigns.delete',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/campaign/{id}' },
    /** Drafts only: what was sent stays on record. */
    input: one,
    output: undoable,
  }),
  operation({
    name: 'campaigns.progress',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/campaign/status' },
    input: one,
    output: progressSchema,
  }),
  operation({
    name: 'campaigns.outlook',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/campaign/outlook' },
    /** When what is left will have been sent: an estimate from a sample of it, the limits of the lanes and the hours. */
    input: one,
    output: z.strictObject({
      left: count,
      /** Null when nothing is left, or when nobody can tell; `limitedBy` says why. */
      endsAt: time.nullable(),
      limitedBy: z.string(),
      /** By the days of most recipients. */
      perDay: z.array(forecastDay),
      /** What waits for the hours of the recipients, the first to open first. `more`: at least so many. */
      held: z.array(z.strictObject({ ...heldSchema.shape, messages: count, more: z.boolean() })),
      /** When the next follow-up is due, once nothing but follow-ups waits. */
      nextAt: time.nullable(),
    }),
  }),
  operation({
    name: 'campaigns.outcomes',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/campaign/outcomes' },
    /** Messages that failed or are without proof, by reason. */
    input: one,
    output: z.strictObject({
      groups: z.array(
        z.strictObject({
          state: z.enum(['failed', 'unknown']),
          reason: z.string(),
          messages: count,
          meaning: z.string(),
        }),
      ),
    }),
  }),
  operation({
    name: 'campaigns.results',
    permission: 'campaigns:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/campaign/results' },
    /** Replies and opt-outs of each text side by side, and whether a difference between variants means anything. */
    input: one,
    output: resultsSchema,
  }),
  operation({
    name: 'campaigns.replies',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/campaign/replies' },
    /** What came in as answers, newest first. */
    input: z.strictObject({ id, ...page }),
    output: paged(
      z.strictObject({
        id,
        threadId: id,
        number: z.string(),
        name: z.string(),
        at: time,
        body: z.string(),
        intent: z.string(),
      }),
    ),
  }),
  operation({
    name: 'campaigns.export',
    permission: 'campaigns:read',
    effect: 'read',
    local: true,
    /** Writes what became of each message as a CSV file on the hub's computer; refuses to replace one. */
    input: z.strictObject({ id, path: z.string().min(1).max(4096) }),
    output: z.strictObject({ rows: count, path: z.string() }),
  }),
  operation({
    name: 'campaigns.test',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/campaign/test' },
    sends: true,
    /**
     * One message to oneself, rendered for `contactId` or the first contact of the audience: the first text, or follow-up
     * `step`; of several first texts the one called `variant`, or the first.
     */
    input: z.strictObject({
      id,
      number: e164,
      contactId: id.optional(),
      step: z.int().min(0).max(8).default(0),
      variant: z.string().max(40).optional(),
    }),
    output: z.strictObject({ messageId, text: z.string(), segments: count }),
  }),
] as const
