import { z } from 'zod'
import { count, id, nothing, time } from './common.ts'
import { operation } from './define.ts'

/** A change that can be undone for a day. Null: there is nothing to undo. */
export const undoable = z.strictObject({ done: z.literal(true), undo: id.nullable() })

const UNDO_KINDS = [
  ...(['tag', 'untag', 'add-to-list', 'remove-from-list', 'rename-list', 'delete-list', 'delete-segment'] as const),
  'delete-campaign',
] as const

const undoSchema = z.strictObject({
  id,
  kind: z.enum(UNDO_KINDS),
  /** Of the list, tag, segment or draft, as it was called. */
  name: z.string(),
  /** open: it can be undone; working: what is to be undone is still being done, or is being undone; undone: it was. */
  state: z.enum(['open', 'working', 'undone']),
  by: z.string(),
  at: time,
  /** Until then. */
  until: time,
  /** Contacts, of a change to many: for how many it made a difference, and how many were restored. */
  changed: count,
  restored: count,
})
export type Undo = z.infer<typeof undoSchema>

export const undo = [
  operation({
    name: 'undo.list',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/undo' },
    /** Changes of the last day that can be undone or were, newest first; 50 at most. */
    input: nothing,
    output: z.strictObject({ undos: z.array(undoSchema) }),
  }),
  operation({
    name: 'undo.contacts',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/undo/contacts/{id}' },
    /**
     * Undoes a change to contacts, lists or segments: what it changed becomes what it was, where nobody changed it since, and
     * nothing else. Of many contacts this is done in the background.
     */
    input: z.strictObject({ id }),
    output: undoSchema,
  }),
  operation({
    name: 'undo.campaigns',
    permission: 'campaigns:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/undo/campaigns/{id}' },
    /** Brings a deleted draft back. */
    input: z.strictObject({ id }),
    output: undoSchema,
  }),
] as const
