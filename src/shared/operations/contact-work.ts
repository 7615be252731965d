import { z } from 'zod'
import { count, id, name, nothing, page, paged, time } from './common.ts'
import { audienceSchema, contactSchema } from './contacts.ts'
import { operation } from './define.ts'
import { undoable } from './undo.ts'

const ids = z.array(id).min(1).max(1000)

/** What is done to many contacts at once. `name`: of the list or tag. */
const bulkActionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['tag', 'untag', 'add-to-list', 'remove-from-list']), name }),
  z.strictObject({ kind: z.literal('delete') }),
])
export type BulkAction = z.infer<typeof bulkActionSchema>

export const bulkJobSchema = z.strictObject({
  id,
  kind: z.enum(['tag', 'untag', 'add-to-list', 'remove-from-list', 'delete']),
  /** Of the list or tag; empty where none is meant. */
  name: z.string(),
  state: z.enum(['running', 'done']),
  /** How far it is among all contacts, from 0 to 1. */
  share: z.number().min(0).max(1),
  /** Contacts that were looked at, and those of them for which it made a difference. */
  contacts: count,
  changed: count,
  createdBy: z.string(),
  createdAt: time,
  finishedAt: time.nullable(),
  /** By which it can be undone; null: it cannot, or it was. */
  undo: id.nullable(),
})
export type BulkJob = z.infer<typeof bulkJobSchema>

const segmentSchema = z.strictObject({
  id,
  name: z.string(),
  audience: audienceSchema,
  createdBy: z.string(),
  createdAt: time,
  updatedAt: time,
})
export type SavedSegment = z.infer<typeof segmentSchema>

export const TIMELINE_KINDS = ['received', 'sent', 'suppressed', 'consent', 'created'] as const

export const contactWork = [
  operation({
    name: 'contacts.bulk',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/contacts/bulk' },
    /**
     * Does the same to many contacts, in the background: to those with these ids, or to all of an audience that are there
     * now. A tag or list to be put on is made where there is none.
     */
    input: z.strictObject({
      selection: z.union([
        z.strictObject({ ids }),
        z.strictObject({ audience: audienceSchema, importId: id.optional() }),
      ]),
      action: bulkActionSchema,
    }),
    output: bulkJobSchema,
  }),
  operation({
    name: 'contacts.bulk-jobs',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/contacts/bulk' },
    /** The last 20, newest first. */
    input: nothing,
    output: z.strictObject({ jobs: z.array(bulkJobSchema) }),
  }),
  operation({
    name: 'contacts.merge',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/contacts/{id}/merge' },
    /**
     * Two contacts are one person: `id` stays with its number, gets what it lacks from `other`, and the tags, lists and
     * messages of both; `other` goes. Where the number of `other` is on the suppression list, that of `id` comes onto it.
     */
    input: z.strictObject({ id, other: id }),
    output: contactSchema,
  }),
  operation({
    name: 'contacts.timeline',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/contacts/{id}/timeline' },
    /** What happened with a contact, newest first. */
    input: z.strictObject({ id, ...page }),
    output: paged(
      z.strictObject({
        key: z.string(),
        kind: z.enum(TIMELINE_KINDS),
        at: time,
        /** The text of a message; the source of consent; the reason of a suppression; the file that a contact came with. */
        text: z.string(),
        /** Of a message: its state. Of consent: its wording. Of a suppression: the note. */
        detail: z.string(),
        by: z.string(),
        campaignId: id.nullable(),
        importId: id.nullable(),
      }),
    ),
  }),
] as const

export const segments = [
  operation({
    name: 'segments.list',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/segments' },
    /** Saved segments: audiences that were given a name. */
    input: nothing,
    output: z.strictObject({ segments: z.array(segmentSchema) }),
  }),
  operation({
    name: 'segments.create',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/segments' },
    input: z.strictObject({ name, audience: audienceSchema }),
    output: segmentSchema,
  }),
  operation({
    name: 'segments.update',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'PATCH', path: '/api/segments/{id}' },
    input: z.strictObject({ id, name: name.optional(), audience: audienceSchema.optional() }),
    output: segmentSchema,
  }),
  operation({
    name: 'segments.delete',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/segments/{id}' },
    /** Its contacts stay. */
    input: z.strictObject({ id }),
    output: undoable,
  }),
] as const
