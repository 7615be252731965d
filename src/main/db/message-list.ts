import { MESSAGE_STATES, type Message, type MessageState } from '../../shared/operations/messages.ts'
import type { Reader } from './database.ts'

/** A message as people see it. */
export interface ListedMessage extends Omit<Message, 'recalled' | 'kind' | 'held'> {
  readonly kind: 'confirmation' | 'answer' | 'reply' | 'test' | 'direct' | 'campaign'
  /** 1 while a phone is asked to give it back. */
  readonly recalled: number
  readonly simId: number | null
  readonly zones: string
  readonly dueAt: number
  /** The place of its first text among the variants. */
  readonly variantPlace: number
}

const MESSAGE = `SELECT m.id, m.kind, m.campaign_id AS campaignId, m.contact_id AS contactId, m.number, m.state, m.reason,
  m.recall IS NOT NULL AS recalled, m.body, m.segments, p.name AS phone, s.slot, m.repeats, m.evidence, m.created_at AS createdAt,
  m.attempted_at AS attemptedAt, m.settled_at AS settledAt, m.text_removed_at AS textRemovedAt, m.sim_id AS simId, m.zones, m.due_at AS dueAt, m.step,
  m.variant AS variantPlace, coalesce(g.variants ->> ('$[' || m.variant || '].label'), '') AS variant
  FROM messages m LEFT JOIN campaigns g ON g.id = m.campaign_id LEFT JOIN sims s ON s.id = m.sim_id LEFT JOIN phones p ON p.id = s.phone_id`

export function messageById(db: Reader, id: string): ListedMessage | undefined {
  return db.get(`${MESSAGE} WHERE m.id = ?`, id)
}

/** All that wait for a contact, the first one due first. */
export function queuedOfContact(
  db: Reader,
  contactId: number,
): Pick<ListedMessage, 'id' | 'campaignId' | 'state' | 'zones' | 'dueAt' | 'step'>[] {
  const waiting = db.all<Pick<ListedMessage, 'id' | 'campaignId' | 'state' | 'zones' | 'dueAt' | 'step'>>(
    `SELECT id, campaign_id AS campaignId, state, zones, due_at AS dueAt, step FROM messages
       WHERE contact_id = ? AND state = 'queued'`,
    contactId,
  )
  return waiting.sort((one, other) => one.dueAt - other.dueAt)
}

/** The messages that repeat this one. */
export function repeatsOf(db: Reader, id: string): { id: string; state: MessageState }[] {
  return db.all('SELECT id, state FROM messages WHERE repeats = ?', id)
}

export interface MessageFilter {
  /** Undefined: of every campaign and of none. */
  readonly campaignId?: number
  /** Empty: in any state. */
  readonly states: readonly MessageState[]
  /** Those made before this message; undefined: from the newest on. */
  readonly before?: string
  readonly limit: number
}

/** Newest first. Every id comes from an index by campaign and state, so that a page costs the same at any depth. */
export function listMessages(db: Reader, filter: MessageFilter): ListedMessage[] {
  return newestIds(db, filter).map(id => messageById(db, id)!)
}

/** Sorts after every id. */
const LAST_ID = '~'

function newestIds(db: Reader, filter: MessageFilter): string[] {
  const before = filter.before ?? LAST_ID
  if (filter.campaignId === undefined && filter.states.length === 0) {
    return db
      .all<{ id: string }>('SELECT id FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?', before, filter.limit)
      .map(row => row.id)
  }
  const ids: string[] = []
  for (const state of filter.states.length === 0 ? MESSAGE_STATES : new Set(filter.states)) {
    for (const campaignId of filter.campaignId === undefined ? campaignsWith(db, state) : [filter.campaignId]) {
      ids.push(
        ...db
          .all<{ id: string }>(
            'SELECT id FROM messages WHERE campaign_id IS ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?',
            campaignId,
            state,
            before,
            filter.limit,
          )
          .map(row => row.id),
      )
    }
  }
  return ids.sort().reverse().slice(0, filter.limit)
}

/** Campaigns with messages in a state, and null for the messages of none. */
function campaignsWith(db: Reader, state: MessageState): (number | null)[] {
  const rows = db.all<{ id: number }>(
    'SELECT campaign_id AS id FROM campaign_counts WHERE state = ? AND messages > 0',
    state,
  )
  return [null, ...rows.map(row => row.id)]
}
