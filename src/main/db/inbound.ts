import type { IntentReason } from '../domain/opt-out.ts'
import type { Reader, Writer } from './database.ts'
import { lookAtFollowUps, markAnswers } from './follow-ups.ts'

export interface NewInbound {
  readonly threadId: number
  readonly phoneId: number
  readonly store: string
  readonly rowId: number
  readonly sender: string
  readonly body: string
  readonly bodyHash: Uint8Array
  readonly receivedAt: number
  readonly storedAt: number
  readonly intent: 'none' | 'stop' | 'stop_likely' | 'start' | 'help'
  /** By which kind of rule; left out where it asks for nothing. */
  readonly intentReason?: IntentReason | '' | undefined
  /** The words that decided, in plain form. */
  readonly intentMatch?: string | undefined
  readonly campaignId: number | null
}

const QUARTER_MS = 15 * 60_000
const ZONES_APART_MS = 26 * 3_600_000

/**
 * Whether this very row of a phone's store is there already. A phone that is paired anew comes as another one and may
 * tell its last texts again, so rows of a phone that is revoked, or has not been seen since, count as its own. Times that
 * differ by whole quarters of an hour, up to a day, are one and the same: the phone shows them in its zone of the moment.
 */
export function hasInbound(
  db: Reader,
  text: Pick<NewInbound, 'phoneId' | 'store' | 'rowId' | 'receivedAt' | 'sender' | 'bodyHash'>,
): boolean {
  return (
    db.get(
      `SELECT 1 FROM inbound i WHERE i.row_id = ? AND i.sender = ? AND i.body_hash = ?
         AND abs(i.received_at - ?) <= ${ZONES_APART_MS} AND (i.received_at - ?) % ${QUARTER_MS} = 0 AND (i.phone_id = ? OR i.store = ? OR EXISTS (SELECT 1 FROM phones other JOIN phones this ON this.id = ?
           WHERE other.id = i.phone_id AND (other.revoked_at IS NOT NULL OR coalesce(other.last_seen_at, 0) <= this.paired_at)))`,
      text.rowId,
      text.sender,
      text.bodyHash,
      text.receivedAt,
      text.receivedAt,
      text.phoneId,
      text.store,
      text.phoneId,
    ) !== undefined
  )
}

/** Stores a text, notes which message of its campaign it answers, and returns its id. */
export function insertInbound(db: Writer, text: NewInbound): number {
  const { id } = db.run(
    `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent,
       intent_reason, intent_match, campaign_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    text.threadId,
    text.phoneId,
    text.store,
    text.rowId,
    text.sender,
    text.body,
    text.bodyHash,
    text.receivedAt,
    text.storedAt,
    text.intent,
    text.intentReason ?? '',
    text.intentMatch ?? '',
    text.campaignId,
  )
  if (text.campaignId !== null) markAnswers(db, text.threadId, text.campaignId)
  lookAtFollowUps(db, text.threadId)
  return id
}

/** When the last text of a number came in, ms; by our clock where the phone's is ahead. */
export function lastTextFrom(db: Reader, number: string): number | undefined {
  return db.get<{ at: number }>(
    `SELECT min(i.received_at, i.stored_at) AS at FROM inbound i JOIN threads t ON t.id = i.thread_id
       WHERE t.number = ? ORDER BY i.received_at DESC LIMIT 1`,
    number,
  )?.at
}

/** Which of these numbers belong to contacts, or have been texted. */
export function knownNumbers(db: Reader, numbers: readonly string[]): string[] {
  return numbers.filter(
    number =>
      db.get(
        'SELECT 1 FROM contacts WHERE number = ? UNION ALL SELECT 1 FROM messages WHERE number = ? UNION ALL SELECT 1 FROM foreign_attempts WHERE number = ? LIMIT 1',
        number,
        number,
        number,
      ) !== undefined,
  )
}
