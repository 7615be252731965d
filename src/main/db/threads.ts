import type { MessageState } from '../../shared/operations/messages.ts'
import { searchQuery } from './contact-search.ts'
import type { Reader, Value, Writer } from './database.ts'
import type { ThreadStanding } from './triage.ts'

/** A conversation with one number, as the list shows it. */
export interface ThreadRow extends ThreadStanding {
  readonly id: number
  /** E.164, or the sender as the phone shows it where it is no number. */
  readonly number: string
  readonly contactId: number | null
  readonly firstName: string
  readonly lastName: string
  readonly unread: number
  readonly lastAt: number
  readonly lastText: string
  /** By what lists are ordered, ms UTC: when the last text was, or when it came back by itself. */
  readonly movedAt: number
  /** The name of who has it; null: nobody. */
  readonly assignee: string | null
}

// By number and not by contact_id: a contact that was made after the text belongs to the thread as well.
const THREAD = `SELECT t.id, t.number, c.id AS contactId, coalesce(c.first_name, '') AS firstName, coalesce(c.last_name, '') AS lastName,
  t.unread, t.last_at AS lastAt, t.last_text AS lastText, t.moved_at AS movedAt, t.state, t.snoozed_until AS snoozedUntil,
  t.assigned_to AS assignedTo, iif(u.full_name = '', u.username, u.full_name) AS assignee
  FROM threads t LEFT JOIN contacts c ON c.number = t.number LEFT JOIN users u ON u.id = t.assigned_to`

export function threadById(db: Reader, id: number): ThreadRow | undefined {
  return db.get(`${THREAD} WHERE t.id = ?`, id)
}

export function threadByNumber(db: Reader, number: string): ThreadRow | undefined {
  return db.get(`${THREAD} WHERE t.number = ?`, number)
}

export interface ThreadFilter {
  readonly unread: boolean
  readonly tag: string | null
  /** Words that begin a name, or digits of the number; empty: any. */
  readonly search: string
  /** Null: any. */
  readonly state: ThreadStanding['state'] | null
  /** The user who has it; null: nobody; undefined: whoever. */
  readonly assignedTo?: number | null
}

/** Those that moved last first, from after a place in that order on. */
export function listThreads(
  db: Reader,
  filter: ThreadFilter,
  before: { movedAt: number; id: number },
  limit: number,
): ThreadRow[] {
  const { where, values } = conditionsOf(filter)
  return db.all(
    `${THREAD} WHERE (t.moved_at, t.id) < (?, ?) ${where} ORDER BY t.moved_at DESC, t.id DESC LIMIT ?`,
    before.movedAt,
    before.id,
    ...values,
    limit,
  )
}

function conditionsOf(filter: ThreadFilter): { where: string; values: Value[] } {
  const { unread, tag, search, state, assignedTo } = filter
  const conditions = unread ? ['t.unread > 0'] : []
  const values: Value[] = []
  // A plus keeps a condition from choosing the index: few threads are unread, and most belong to nobody in any state.
  if (state !== null) {
    conditions.push(`${unread ? '+' : ''}t.state = ?`)
    values.push(state)
  }
  if (assignedTo !== undefined) {
    const plus = unread || (state === null && assignedTo === null) ? '+' : ''
    conditions.push(assignedTo === null ? `${plus}t.assigned_to IS NULL` : `${plus}t.assigned_to = ?`)
    if (assignedTo !== null) values.push(assignedTo)
  }
  if (tag !== null) {
    conditions.push('EXISTS (SELECT 1 FROM thread_tags g WHERE g.thread_id = t.id AND g.name = ?)')
    values.push(tag)
  }
  if (search.trim() !== '') {
    const found: string[] = []
    const query = searchQuery(search)
    if (query) {
      found.push('c.id IN (SELECT rowid FROM contacts_search WHERE contacts_search MATCH ?)')
      values.push(query.exact)
    }
    // Some senders are names and no numbers, and some numbers are of nobody who is a contact.
    found.push("t.number LIKE ? ESCAPE '\\'")
    const digits = search.replace(/\D/g, '')
    const isNumber = /^[\d\s()+./-]+$/.test(search.trim()) && digits !== ''
    values.push(`%${(isNumber ? digits : search.trim()).replace(/[\\%_]/g, '\\$&')}%`)
    conditions.push(`(${found.join(' OR ')})`)
  }
  return { where: conditions.map(condition => `AND ${condition}`).join(' '), values }
}

/**
 * All threads, those with a text that nobody has read, all texts that came in, those that asked to stop beyond doubt, and
 * those that likely did and wait for a word.
 */
export function countInbox(db: Reader): {
  threads: number
  unread: number
  texts: number
  optOuts: number
  review: number
} {
  return db.get(
    `SELECT (SELECT coalesce(sum(threads), 0) FROM thread_counts) AS threads, (SELECT count(*) FROM threads WHERE unread > 0) AS unread,
       (SELECT coalesce(sum(texts), 0) FROM inbound_counts) AS texts,
       coalesce((SELECT texts FROM inbound_counts WHERE intent = 'stop'), 0) AS optOuts,
       (SELECT count(*) FROM suppressions WHERE reason = 'likely') AS review`,
  )!
}

/**
 * Makes the thread of a number, or brings it up to date; returns its id. A text that is older than the newest one known
 * does not become the one that is shown. `unreadBy` is added to the count of unread texts.
 */
export function touchThread(
  db: Writer,
  touch: { number: string; contactId: number | null; at: number; text: string; unreadBy: number },
): number {
  return db.get<{ id: number }>(
    `INSERT INTO threads (number, contact_id, unread, last_at, last_text) VALUES (?, ?, max(0, ?), ?, ?)
       ON CONFLICT (number) DO UPDATE SET
         contact_id = coalesce(excluded.contact_id, contact_id),
         unread = max(0, unread + ?),
         last_text = iif(excluded.last_at >= last_at, excluded.last_text, last_text),
         last_at = max(last_at, excluded.last_at)
       RETURNING id`,
    touch.number,
    touch.contactId,
    touch.unreadBy,
    touch.at,
    shown(touch.text),
    touch.unreadBy,
  )!.id
}

export function markRead(db: Writer, id: number): void {
  db.run('UPDATE threads SET unread = 0 WHERE id = ?', id)
}

export interface InboundEntry {
  readonly id: number
  readonly at: number
  /** Empty where it was removed by its age. */
  readonly body: string
  readonly textRemovedAt: number | null
  readonly intent: string
  readonly campaignId: number | null
}

/** The newest texts that came in, newest first, those before a place in that order. */
export function inboundOf(
  db: Reader,
  threadId: number,
  before: { at: number; id: number },
  limit: number,
): InboundEntry[] {
  return db.all(
    `SELECT id, received_at AS at, body, text_removed_at AS textRemovedAt, intent, campaign_id AS campaignId
       FROM inbound WHERE thread_id = ?
       AND (received_at, id) < (?, ?) ORDER BY received_at DESC, id DESC LIMIT ?`,
    threadId,
    before.at,
    before.id,
    limit,
  )
}

/** A text that came in, with where it belongs. */
export interface InboundText extends Omit<InboundEntry, 'textRemovedAt'> {
  readonly threadId: number
  readonly number: string
  /** The user who has its thread; null: nobody. */
  readonly assignedTo: number | null
  /** The keyword rule that wants it told; empty: none. */
  readonly notifies: string
}

/** Those that came in after another one, oldest first. */
export function inboundAfter(db: Reader, after: number, limit: number): InboundText[] {
  return db.all(
    `SELECT i.id, i.thread_id AS threadId, i.sender AS number, i.received_at AS at, i.body, i.intent,
       i.campaign_id AS campaignId, t.assigned_to AS assignedTo, coalesce(a.rule_name, '') AS notifies
       FROM inbound i JOIN threads t ON t.id = i.thread_id
       LEFT JOIN automatic_actions a ON a.inbound_id = i.id AND a.notified = 1 WHERE i.id > ? ORDER BY i.id LIMIT ?`,
    after,
    limit,
  )
}

/** The id of the newest text that came in; 0 before the first. */
export function newestInbound(db: Reader): number {
  return db.get<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM inbound')!.id
}

export interface OutboundEntry {
  readonly id: string
  readonly at: number
  /** Empty where it was removed by its age. */
  readonly body: string
  readonly textRemovedAt: number | null
  readonly kind: string
  readonly state: MessageState
  readonly campaignId: number | null
  /** Their order, and of several made at once their place in it. */
  readonly createdAt: number
  readonly place: number
}

/**
 * The newest messages to a number that have or had a text, newest first, those before a place in that order. `at`: when it was
 * attempted, else when it was made.
 */
export function outboundTo(
  db: Reader,
  number: string,
  before: { createdAt: number; place: number },
  limit: number,
): OutboundEntry[] {
  return db.all(
    `SELECT id, coalesce(attempted_at, created_at) AS at, coalesce(body, '') AS body,
       text_removed_at AS textRemovedAt, kind, state, campaign_id AS campaignId,
       created_at AS createdAt, rowid AS place FROM messages
       WHERE number = ? AND (body IS NOT NULL OR text_removed_at IS NOT NULL) AND (created_at, rowid) < (?, ?) ORDER BY created_at DESC, rowid DESC LIMIT ?`,
    number,
    before.createdAt,
    before.place,
    limit,
  )
}

/** When the last text came in, by the phone's clock but never later than it was stored; null when none did. */
export function lastInboundAt(db: Reader, threadId: number): number | null {
  return db.get<{ at: number | null }>(
    'SELECT max(min(received_at, stored_at)) AS at FROM (SELECT received_at, stored_at FROM inbound WHERE thread_id = ? ORDER BY received_at DESC LIMIT 50)',
    threadId,
  )!.at
}

/** The list shows one line. */
const SHOWN = 200

function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= SHOWN ? line : `${line.slice(0, SHOWN - 1).toWellFormed()}…`
}
