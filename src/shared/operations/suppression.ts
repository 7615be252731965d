import { z } from 'zod'
import { count, country, e164, id, page, paged, time } from './common.ts'
import { operation } from './define.ts'

/**
 * Why a number is never texted. `stop`: they texted a keyword. `wording`: they asked in their own words. `likely`: they
 * probably did, and somebody has to decide. `manual`: put on the list by hand. `import`: a list of such numbers was taken
 * in. `erased`: the person was erased, and only a keyed hash of the number is left.
 */
export const SUPPRESSION_REASONS = ['stop', 'wording', 'likely', 'manual', 'import', 'erased'] as const
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number]

/** Most numbers that one `suppression.import` takes. */
export const IMPORT_AT_ONCE = 500

const note = z.string().trim().min(1).max(500)

/** What was waiting for numbers and is taken back, by how far it was. `underway`: being sent already, which nothing stops. */
const stoppedSchema = z.strictObject({ queued: count, assigned: count, accepted: count, underway: count })
export type Stopped = z.infer<typeof stoppedSchema>

export const suppression = [
  operation({
    name: 'suppression.list',
    permission: 'suppression:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/suppression' },
    /** `search`: how the number begins, with its country code. `reason` counts where nothing is searched for. */
    input: z.strictObject({
      ...page,
      search: z.string().max(40).default(''),
      reason: z.enum(SUPPRESSION_REASONS).optional(),
    }),
    output: paged(
      z.strictObject({
        id,
        number: z.string().nullable(),
        reason: z.enum(SUPPRESSION_REASONS),
        note: z.string(),
        createdBy: z.string(),
        createdAt: time,
      }),
    ),
  }),
  operation({
    name: 'suppression.counts',
    permission: 'suppression:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/suppression/counts' },
    input: z.strictObject({}),
    output: z.strictObject({
      numbers: count,
      reasons: z.array(z.strictObject({ reason: z.enum(SUPPRESSION_REASONS), numbers: count })),
    }),
  }),
  operation({
    name: 'suppression.check',
    permission: 'suppression:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/suppression/check' },
    /** Also finds a number of which only the keyed hash is left. */
    input: z.strictObject({ number: e164 }),
    output: z.strictObject({ suppressed: z.boolean(), reason: z.enum(SUPPRESSION_REASONS).nullable() }),
  }),
  operation({
    name: 'suppression.add',
    permission: 'suppression:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/suppression' },
    input: z.strictObject({ number: e164, note }),
    output: z.strictObject({ added: z.boolean(), stopped: stoppedSchema }),
  }),
  operation({
    name: 'suppression.remove',
    permission: 'suppression:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/suppression/remove' },
    /** `note` says why the person may be texted again; it is kept with the number, and the audit log names it by its id. */
    input: z.strictObject({ number: e164, note }),
    output: z.strictObject({ removed: z.boolean() }),
  }),
  operation({
    name: 'suppression.lifts',
    permission: 'suppression:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/suppression/lifts' },
    /** Numbers that came off the list, newest first: by hand, by START, or since a likely opt-out was none. */
    input: z.strictObject(page),
    output: paged(
      z.strictObject({
        id,
        number: z.string().nullable(),
        reason: z.enum(SUPPRESSION_REASONS),
        note: z.string(),
        addedBy: z.string(),
        addedAt: time,
        why: z.string(),
        liftedBy: z.string(),
        liftedAt: time,
      }),
    ),
  }),
  operation({
    name: 'suppression.import',
    permission: 'suppression:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/suppression/import' },
    /**
     * Up to 500 numbers in any form, read under `country` (that of the settings when left out) where they have no country
     * code. `note`: where the list is from, for numbers without a note of their own.
     */
    input: z.strictObject({
      numbers: z
        .array(z.strictObject({ number: z.string().max(100), note: z.string().trim().max(500).optional() }))
        .min(1)
        .max(IMPORT_AT_ONCE),
      country: country.optional(),
      note,
    }),
    /** `present`: on the list already. `rejected`: which of them (from 0), and what is wrong. */
    output: z.strictObject({
      added: count,
      present: count,
      rejected: z.array(z.strictObject({ at: count, message: z.string() })),
      stopped: stoppedSchema,
    }),
  }),
  operation({
    name: 'suppression.export',
    permission: 'suppression:read',
    effect: 'read',
    local: true,
    /**
     * Writes a CSV file on the hub's computer; refuses to replace one. Of erased people there is no number to write: they are
     * left out. `suppression.import` takes the file back.
     */
    input: z.strictObject({ path: z.string().min(1).max(4096) }),
    output: z.strictObject({ rows: count, path: z.string() }),
  }),
] as const
