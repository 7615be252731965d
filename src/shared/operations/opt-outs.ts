import { z } from 'zod'
import { done, id, nothing } from './common.ts'
import { operation } from './define.ts'

/** A word or a phrase; compared without case, accents, punctuation and emoji. */
const phrase = z.string().trim().min(1).max(80)
export const WORD_ACTS = ['stop', 'review', 'ignore'] as const
export type WordAct = (typeof WORD_ACTS)[number]
export const WORD_PLACES = ['whole', 'within'] as const

const wordSchema = z.strictObject({
  id,
  phrase: z.string(),
  /** `stop`: an opt-out at once. `review`: held until somebody decides. `ignore`: no opt-out, though it is built in. */
  act: z.enum(WORD_ACTS),
  /** `whole`: as the whole text. `within`: anywhere in it. */
  place: z.enum(WORD_PLACES),
  /** The list whose people it is for; null: for everybody. */
  list: z.strictObject({ id, name: z.string() }).nullable(),
})
export type OptOutWord = z.infer<typeof wordSchema>

export const INTENTS = ['stop', 'stop_likely', 'start', 'help', 'none'] as const

const readingSchema = z.strictObject({
  /** What the text asks for. `stop_likely`: it is held until somebody decides. */
  intent: z.enum(INTENTS),
  /** By which kind of rule; empty where it asks for nothing. */
  reason: z.string(),
  /** The words that decided, in plain form; empty where it asks for nothing. */
  matched: z.string(),
  /** Both in a sentence. */
  why: z.string(),
})

export const optOuts = [
  operation({
    name: 'optouts.words',
    permission: 'suppression:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/opt-outs/words' },
    input: nothing,
    output: z.strictObject({
      words: z.array(wordSchema),
      /** Words that are an opt-out as the whole text without anybody adding them. `law`: they cannot be switched off. */
      builtIn: z.array(z.strictObject({ word: z.string(), law: z.boolean() })),
    }),
  }),
  operation({
    name: 'optouts.add-word',
    permission: 'settings:manage',
    effect: 'change',
    http: { method: 'POST', path: '/api/admin/opt-outs/words' },
    /** `listId` left out or null: for everybody. The same phrase for the same people takes the place of the one before. */
    input: z.strictObject({
      phrase,
      act: z.enum(WORD_ACTS).default('stop'),
      place: z.enum(WORD_PLACES).default('whole'),
      listId: id.nullable().default(null),
    }),
    output: wordSchema,
  }),
  operation({
    name: 'optouts.remove-word',
    permission: 'settings:manage',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/admin/opt-outs/words/{id}' },
    /** A built-in word that was ignored acts again. */
    input: z.strictObject({ id }),
    output: done,
  }),
  operation({
    name: 'optouts.try',
    permission: 'suppression:read',
    effect: 'read',
    http: { method: 'POST', path: '/api/opt-outs/try' },
    /** What a text would do, and why. `listIds`: whose words apply too. `sent`: what the person was texted before, since a reply may quote it. */
    input: z.strictObject({
      text: z.string().max(2000),
      listIds: z.array(id).max(50).default([]),
      sent: z.string().max(2000).default(''),
    }),
    output: readingSchema,
  }),
] as const
