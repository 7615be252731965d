import { z } from 'zod'
import { count, done, id, nothing, page, paged, time } from './common.ts'
import { operation } from './define.ts'
import { username } from './users.ts'

export const THREAD_STATES = ['open', 'snoozed', 'closed'] as const
export const threadState = z.enum(THREAD_STATES)
export type ThreadState = z.infer<typeof threadState>

/** Where a thread stands in the work of those who answer. */
export const standing = {
  state: threadState,
  /** When it comes back by itself; null unless it is snoozed. */
  snoozedUntil: time.nullable(),
  /** The user who has it; null: nobody. */
  assignedTo: id.nullable(),
}
const standingSchema = z.strictObject(standing)

/** What somebody of the hub wrote for the others; never sent. */
export const noteSchema = z.strictObject({
  id,
  body: z.string(),
  by: z.string(),
  at: time,
  /** When it was changed last; null: never. */
  editedAt: time.nullable(),
  /** Whether it is the caller's own, who alone can change it. */
  own: z.boolean(),
})
export const noteBody = z.string().trim().min(1).max(2000)

const minute = z.int().min(0).max(1439)
/** Of what a user wants to be told. */
const rulesSchema = z.strictObject({
  /** Of every reply, whoever has its thread. */
  anyReply: z.boolean(),
  /** Of replies in threads that the user has. */
  assignedReplies: z.boolean(),
  /** Of notes that call the user by @name. */
  mentions: z.boolean(),
  /** Of texts that likely ask to stop. */
  likelyOptOuts: z.boolean(),
  /** Minutes since midnight where the user sits; from 1320 to 420 goes over midnight. Null: told at any hour. */
  quiet: z
    .strictObject({ from: minute, to: minute })
    .refine(({ from, to }) => from !== to, 'quiet hours end at another time than they begin')
    .nullable(),
})
export type NotificationRules = z.infer<typeof rulesSchema>

/** Whose rules: left out, those of the caller. Only the command line on the hub's computer names somebody else. */
const whose = { username: username.optional() }

export const triage = [
  operation({
    name: 'inbox.people',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations/people' },
    /** Who can have a thread and be called in a note: users who can sign in, by name. */
    input: nothing,
    output: z.strictObject({ people: z.array(z.strictObject({ id, username: z.string(), name: z.string() })) }),
  }),
  operation({
    name: 'inbox.assign',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/{threadId}/assign' },
    /** `userId` null: nobody has it any more. */
    input: z.strictObject({ threadId: id, userId: id.nullable() }),
    output: standingSchema,
  }),
  operation({
    name: 'inbox.snooze',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/{threadId}/snooze' },
    /** It comes back then, or as soon as they text. */
    input: z.strictObject({ threadId: id, until: time }),
    output: standingSchema,
  }),
  operation({
    name: 'inbox.unsnooze',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/{threadId}/unsnooze' },
    input: z.strictObject({ threadId: id }),
    output: standingSchema,
  }),
  operation({
    name: 'inbox.close',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/{threadId}/close' },
    /** It is done with until they text again. */
    input: z.strictObject({ threadId: id }),
    output: standingSchema,
  }),
  operation({
    name: 'inbox.reopen',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/{threadId}/reopen' },
    input: z.strictObject({ threadId: id }),
    output: standingSchema,
  }),
  operation({
    name: 'inbox.edit-note',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'PUT', path: '/api/conversations/notes/{id}' },
    /** One's own only: nobody puts words into somebody else's mouth. Whom it calls now and did not before is told. */
    input: z.strictObject({ id, body: noteBody }),
    output: noteSchema,
  }),
  operation({
    name: 'inbox.mentions',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations/mentions' },
    /** Notes that call the caller by @name, newest first. Only users are called, so others get none. */
    input: z.strictObject({ ...page, unseen: z.boolean().default(false) }),
    output: paged(
      z.strictObject({
        /** Of the note. */
        id,
        threadId: id,
        number: z.string(),
        name: z.string(),
        body: z.string(),
        by: z.string(),
        at: time,
        seen: z.boolean(),
      }),
    ),
  }),
  operation({
    name: 'inbox.see-mentions',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/{threadId}/see-mentions' },
    /** The caller has seen the notes of this thread that call them. */
    input: z.strictObject({ threadId: id }),
    output: done,
  }),
  operation({
    name: 'inbox.fill-template',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations/templates/{id}/filled' },
    /** A saved reply with the fields of the person of a thread. */
    input: z.strictObject({ id, threadId: id }),
    output: z.strictObject({
      /** Empty where it cannot be filled in. */
      text: z.string(),
      /** Why not, and what to do; null: it is filled in. */
      problem: z.string().nullable(),
      segments: count,
      encoding: z.enum(['GSM-7', 'UCS-2']),
    }),
  }),
  operation({
    name: 'inbox.search',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations/search' },
    /**
     * Texts in, texts out and notes that say every word of `query` or words that begin so, newest first; words in quotes stand
     * side by side. `from` and `to` go by when the hub took the text.
     */
    input: z.strictObject({
      ...page,
      query: z.string().trim().min(1).max(200),
      kind: z.enum(['in', 'out', 'note']).optional(),
      campaignId: id.optional(),
      phoneId: id.optional(),
      from: time.optional(),
      to: time.optional(),
    }),
    output: paged(
      z.strictObject({
        kind: z.enum(['in', 'out', 'note']),
        /** Of the text that came in, of the message, or of the note. */
        id: z.string(),
        /** Null: they have never written. */
        threadId: id.nullable(),
        contactId: id.nullable(),
        number: z.string(),
        name: z.string(),
        at: time,
        snippet: z.array(z.strictObject({ text: z.string(), isHit: z.boolean() })),
        campaign: z.strictObject({ id, name: z.string() }).nullable(),
      }),
      /** False: what was there before the search is still being taken into it, the newest first. */
    ).extend({ complete: z.boolean() }),
  }),
] as const

export const notificationRules = [
  operation({
    name: 'account.notification-rules',
    permission: 'account:own',
    effect: 'read',
    http: { method: 'GET', path: '/api/account/notification-rules' },
    input: z.strictObject(whose),
    output: rulesSchema,
  }),
  operation({
    name: 'account.set-notification-rules',
    permission: 'account:own',
    effect: 'change',
    http: { method: 'PUT', path: '/api/account/notification-rules' },
    /** What is left out stays as it is. */
    input: rulesSchema.partial().extend(whose),
    output: rulesSchema,
  }),
] as const
