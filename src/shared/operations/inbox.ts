import { z } from 'zod'
import { count, done, id, messageId, name, nothing, page, paged, time } from './common.ts'
import { operation } from './define.ts'
import { MESSAGE_STATES, messageSchema } from './messages.ts'
import { automaticActionSchema } from './rules.ts'
import { noteBody, noteSchema, standing, threadState } from './triage.ts'

/** What a thread may be called, so that it is found again. */
const tags = z.array(name).max(20)
const replyBody = z.string().trim().min(1).max(1530)

/** The campaign that a text answers, and the message of it, as far as that is known. */
const answers = z.strictObject({
  campaignId: id,
  campaign: z.string(),
  messageId: messageId.nullable(),
})

const replyTemplateSchema = z.strictObject({ id, name: z.string(), body: z.string() })
export type ReplyTemplate = z.infer<typeof replyTemplateSchema>

/** When a rule removed the text by its age; `body` is empty then. */
const textRemovedAt = time.nullable()

export const inbox = [
  operation({
    name: 'inbox.threads',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations' },
    /** `search`: words that begin a name, or digits of a number. */
    input: z.strictObject({
      ...page,
      unread: z.boolean().default(false),
      search: z.string().max(200).default(''),
      tag: name.optional(),
      state: z.union([threadState, z.literal('all')]).default('all'),
      /** Only those that the caller has. */
      mine: z.boolean().default(false),
      /** Only those that this user has. */
      assignedTo: id.optional(),
      /** Only those that nobody has. */
      unassigned: z.boolean().default(false),
    }),
    output: paged(
      z.strictObject({
        id,
        number: z.string(),
        contactId: id.nullable(),
        name: z.string(),
        unread: count,
        lastAt: time,
        lastText: z.string(),
        suppressed: z.boolean(),
        tags: z.array(z.string()),
        ...standing,
        /** The name of who has it; null: nobody. */
        assignee: z.string().nullable(),
        /** What their last text answers; null: no campaign, or they have not written. */
        answers: answers.nullable(),
      }),
    ),
  }),
  operation({
    name: 'inbox.thread',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations/{id}' },
    /** Newest last. `before`: the `older` of the last answer, for what came before that. */
    input: z.strictObject({
      id,
      limit: z.int().min(1).max(500).default(100),
      before: z.string().max(200).optional(),
    }),
    output: z.strictObject({
      id,
      number: z.string(),
      contactId: id.nullable(),
      name: z.string(),
      unread: count,
      /** Why this number gets no text; null: it may get some. */
      suppressed: z.strictObject({ reason: z.string(), note: z.string(), at: time }).nullable(),
      tags: z.array(z.string()),
      ...standing,
      /** The name of who has it; null: nobody. */
      assignee: z.string().nullable(),
      /** Notes of this thread that call the caller and that they have not seen. */
      mentions: count,
      /** Oldest first; only people of the hub see them. */
      notes: z.array(noteSchema),
      /** Campaigns that the entries name. */
      campaigns: z.array(z.strictObject({ id, name: z.string() })),
      entries: z.array(
        z.discriminatedUnion('direction', [
          z.strictObject({
            direction: z.literal('in'),
            id,
            at: time,
            body: z.string(),
            textRemovedAt,
            intent: z.string(),
            campaignId: id.nullable(),
            /** The message of that campaign which it answers, as far as that is known. */
            answers: messageId.nullable(),
            /** What it caused by itself; null: nothing. */
            automatic: automaticActionSchema.nullable(),
          }),
          z.strictObject({
            direction: z.literal('out'),
            id: messageId,
            at: time,
            body: z.string(),
            textRemovedAt,
            kind: z.string(),
            state: z.enum(MESSAGE_STATES),
            campaignId: id.nullable(),
          }),
        ]),
      ),
      /** Null: there is nothing older. */
      older: z.string().nullable(),
    }),
  }),
  operation({
    name: 'inbox.reply',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/{threadId}/reply' },
    sends: true,
    input: z.strictObject({ threadId: id, body: replyBody }),
    output: messageSchema,
  }),
  operation({
    name: 'inbox.mark-read',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/{threadId}/read' },
    input: z.strictObject({ threadId: id }),
    output: done,
  }),
  operation({
    name: 'inbox.set-tags',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'PUT', path: '/api/conversations/{threadId}/tags' },
    /** All tags of the thread: what is left out is taken off. */
    input: z.strictObject({ threadId: id, tags }),
    output: z.strictObject({ tags: z.array(z.string()) }),
  }),
  operation({
    name: 'inbox.tags',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations/tags' },
    /** Tags of threads, by name. */
    input: nothing,
    output: z.strictObject({ tags: z.array(z.strictObject({ name: z.string(), threads: count })) }),
  }),
  operation({
    name: 'inbox.add-note',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/{threadId}/notes' },
    /** `@name` in it calls a user. */
    input: z.strictObject({ threadId: id, body: noteBody }),
    output: noteSchema,
  }),
  operation({
    name: 'inbox.delete-note',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/conversations/notes/{id}' },
    input: z.strictObject({ id }),
    output: done,
  }),
  operation({
    name: 'inbox.templates',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations/templates' },
    /** Saved texts for replies, by name. */
    input: nothing,
    output: z.strictObject({ templates: z.array(replyTemplateSchema) }),
  }),
  operation({
    name: 'inbox.save-template',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/templates' },
    /**
     * A new one, or with `id` another name and text for one that is there. The text is a template as that of a campaign:
     * `{{ first_name | default: "there" }}` stands for a field of the person.
     */
    input: z.strictObject({ id: id.optional(), name, body: replyBody }),
    output: replyTemplateSchema,
  }),
  operation({
    name: 'inbox.delete-template',
    permission: 'inbox:write',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/conversations/templates/{id}' },
    input: z.strictObject({ id }),
    output: done,
  }),
  operation({
    name: 'inbox.review',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations/review' },
    /** Texts that were read as a likely opt-out, newest first. Their numbers get nothing until somebody decides. */
    input: z.strictObject(page),
    output: paged(
      z.strictObject({
        id,
        number: z.string(),
        name: z.string(),
        threadId: id.nullable(),
        at: time,
        body: z.string(),
        /** By which kind of rule, by which of its words, and both in a sentence. Empty: it came in before that was kept. */
        reason: z.string(),
        matched: z.string(),
        why: z.string(),
      }),
    ),
  }),
  operation({
    name: 'inbox.decide-opt-out',
    permission: 'suppression:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/conversations/review/{id}' },
    /** `opt-out`: the number stays suppressed. `dismiss`: it was none, and the number may be texted again. */
    input: z.strictObject({ id, as: z.enum(['opt-out', 'dismiss']) }),
    output: done,
  }),
  operation({
    name: 'inbox.texts',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations/texts' },
    /** What came in, oldest first. To learn of new texts, hand the id of the last one in as `after`. */
    input: z.strictObject(page),
    output: paged(
      z.strictObject({
        id,
        threadId: id,
        number: z.string(),
        at: time,
        body: z.string(),
        intent: z.string(),
        campaignId: id.nullable(),
        /** The user who has its thread; null: nobody. */
        assignedTo: id.nullable(),
        /** The keyword rule that wants it told; empty: none. */
        notifies: z.string(),
      }),
      /** `newest`: the id of the newest text that there is, to begin from there. 0: none has come in. */
    ).extend({ newest: count }),
  }),
  operation({
    name: 'inbox.counts',
    permission: 'inbox:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/conversations/counts' },
    input: nothing,
    /**
     * `texts`: all that came in. `optOuts`: those that were read as STOP. `review`: likely opt-outs that wait for a word.
     * `mine`: open threads that the caller has. `unassigned`: open threads that nobody has. `mentions`: notes that call the
     * caller and that they have not seen.
     */
    output: z.strictObject({
      ...{ threads: count, unread: count, texts: count, optOuts: count, review: count },
      ...{ open: count, snoozed: count, closed: count, mine: count, unassigned: count, mentions: count },
    }),
  }),
] as const
