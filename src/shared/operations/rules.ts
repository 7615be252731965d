import { z } from 'zod'
import { REQUIRABLE_KINDS } from '../consent.ts'
import { done, e164, id, name, nothing, page, paged, time } from './common.ts'
import { operation } from './define.ts'

export const RULE_FITS = ['whole', 'begins', 'within'] as const
export type RuleFits = (typeof RULE_FITS)[number]

const phrases = z.array(z.string().trim().min(1).max(80)).min(1).max(50)
const optionalName = z.string().trim().max(120)

const fields = {
  name,
  active: z.boolean(),
  /** Compared without case, accents, punctuation and emoji. */
  phrases,
  /** `whole`: a phrase is the whole text. `begins`: the text begins with it. `within`: it stands anywhere, as whole words. */
  fits: z.enum(RULE_FITS),
  /** A template such as `We open at 9, {{ first_name | default: "dear guest" }}.`; empty: it answers nothing. */
  answer: z.string().trim().max(1530),
  /** Of the contact, which is made where there is none; empty: none. */
  tag: optionalName,
  /** The list that the contact comes onto, and which is made where there is none; empty: none. */
  list: optionalName,
  /** Whether a notification says that somebody wrote it, whatever people want to be told otherwise. */
  notify: z.boolean(),
  /**
   * What a text that is one of the phrases agrees to; null: nothing. Only with `whole`: "do not join" has the word, too.
   * `wording`: what was advertised with the keyword.
   */
  consent: z.strictObject({ kind: z.enum(REQUIRABLE_KINDS), wording: z.string().trim().min(1).max(2000) }).nullable(),
  /** So long it does not answer the same person again. */
  waitMinutes: z.int().min(0).max(43_200),
}

const ruleSchema = z.strictObject({ id, ...fields })
export type KeywordRule = z.infer<typeof ruleSchema>

const actionSchema = z.strictObject({
  cause: z.enum(['rule', 'stop', 'start', 'help']),
  /** The rule, as it was called then; empty for STOP, START and HELP. */
  rule: z.string(),
  answer: z.enum(['none', 'queued', 'held']),
  /** Why the answer was held back, as a code and in a sentence; empty: it was not. */
  heldFor: z.string(),
  why: z.string(),
  /** What the contact was tagged with and put onto; empty: nothing. */
  tag: z.string(),
  list: z.string(),
  /** Of which kind a consent was recorded; null: none, or it was on record already. */
  consent: z.enum(REQUIRABLE_KINDS).nullable(),
  notified: z.boolean(),
})
export const automaticActionSchema = actionSchema
export type ShownAction = z.infer<typeof actionSchema>

export const rules = [
  operation({
    name: 'rules.list',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/rules' },
    /** In the order in which they are tried: the first one that fits acts. */
    input: nothing,
    output: z.strictObject({ rules: z.array(ruleSchema) }),
  }),
  operation({
    name: 'rules.create',
    permission: 'settings:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/rules' },
    /** It is tried after all others. */
    input: z.strictObject({
      ...fields,
      active: fields.active.default(true),
      fits: fields.fits.default('whole'),
      answer: fields.answer.default(''),
      tag: fields.tag.default(''),
      list: fields.list.default(''),
      notify: fields.notify.default(false),
      consent: fields.consent.default(null),
      waitMinutes: fields.waitMinutes.default(0),
    }),
    output: ruleSchema,
  }),
  operation({
    name: 'rules.update',
    permission: 'settings:manage',
    effect: 'change',
    http: { method: 'PATCH', path: '/api/admin/rules/{id}' },
    /** What is left out stays. */
    input: z.strictObject({ id, ...z.strictObject(fields).partial().shape }),
    output: ruleSchema,
  }),
  operation({
    name: 'rules.delete',
    permission: 'settings:manage',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/admin/rules/{id}' },
    input: z.strictObject({ id }),
    output: done,
  }),
  operation({
    name: 'rules.order',
    permission: 'settings:manage',
    effect: 'change',
    http: { method: 'PUT', path: '/api/admin/rules/order' },
    /** The ids of all rules, in the order in which they are to be tried. */
    input: z.strictObject({ ids: z.array(id).max(200) }),
    output: z.strictObject({ rules: z.array(ruleSchema) }),
  }),
  operation({
    name: 'rules.try',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'POST', path: '/api/rules/try' },
    /** What a text would do. `number`: from whom; then it says also whether the answer would be held back. */
    input: z.strictObject({ text: z.string().max(2000), number: e164.optional() }),
    output: z.strictObject({
      /** What the text is read as before any rule is tried: anything but `none` keeps the rules out. */
      intent: z.string(),
      rule: z.strictObject({ id, name: z.string() }).nullable(),
      /** The phrase of the rule that is in the text. */
      phrase: z.string(),
      /** What would be answered; empty: nothing. */
      answer: z.string(),
      heldFor: z.string(),
      /** All of it in a sentence. */
      why: z.string(),
    }),
  }),
  operation({
    name: 'rules.actions',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/rules/actions' },
    /** What texts have caused by themselves, newest first. `held`: only answers that were held back. */
    input: z.strictObject({ ...page, held: z.boolean().default(false) }),
    output: paged(
      z.strictObject({
        ...actionSchema.shape,
        inboundId: id,
        threadId: id,
        number: z.string(),
        body: z.string(),
        at: time,
      }),
    ),
  }),
] as const
