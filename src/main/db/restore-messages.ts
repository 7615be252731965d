import type { MessageState } from '../../shared/operations/messages.ts'
import type { Reader, Value, Writer } from './database.ts'

/** A message that was attempted, or may have been, as the replaced database knows it. */
export interface AttemptedRow {
  readonly id: string
  readonly number: string
  readonly state: MessageState
  readonly reason: string
  readonly body: string | null
  readonly bodyHash: Uint8Array | null
  readonly segments: number
  readonly simId: number | null
  readonly assignment: number
  readonly rowId: number | null
  readonly assignedAt: number | null
  readonly attemptedAt: number | null
  readonly settledAt: number | null
  readonly createdAt: number
}

export function everyAttempt(db: Reader): IterableIterator<AttemptedRow> {
  return db.iterate(
    `SELECT id, number, state, reason, body, body_hash AS bodyHash, segments, sim_id AS simId, assignment, row_id AS rowId,
       assigned_at AS assignedAt, attempted_at AS attemptedAt, settled_at AS settledAt, created_at AS createdAt
     FROM messages
     WHERE state IN ('attempting', 'handed_over', 'sent', 'unknown') OR (state = 'failed' AND attempted_at IS NOT NULL)`,
  )
}

/**
 * Brings in that a message was attempted since the backup, so that it does not go out a second time even when its phone
 * can tell nothing any more. One that the backup does not know blocks its number and body. Returns whether it was news.
 */
export function mergeAttempt(db: Writer, row: AttemptedRow, lanes: ReadonlyMap<number, number>): boolean {
  const simId = row.simId === null ? null : (lanes.get(row.simId) ?? null)
  const own = db.get<{ state: MessageState }>('SELECT state FROM messages WHERE id = ?', row.id)
  if (!own) return simId !== null && row.bodyHash !== null && addForeignAttempt(db, row, row.bodyHash, simId)
  if (own.state === row.state || own.state === 'sent') return false
  // Without its lane nobody will ever say how it ended.
  const open = row.state === 'attempting' || row.state === 'handed_over'
  const values: Value[] = [
    open && simId === null ? 'unknown' : row.state,
    row.reason,
    row.body,
    row.bodyHash,
    row.segments,
    simId,
    row.assignment,
    row.rowId,
    row.assignedAt,
    row.attemptedAt,
    row.settledAt,
  ]
  db.run(
    `UPDATE messages SET state = ?, reason = ?, body = ?, body_hash = ?, segments = ?, sim_id = ?, assignment = ?, row_id = ?,
       assigned_at = ?, attempted_at = ?, settled_at = ?, recall = NULL WHERE id = ?`,
    ...values,
    row.id,
  )
  return true
}

/** What the replaced database already had on record as known to a phone alone. */
export function mergeForeignAttempts(db: Writer, from: Reader, phones: ReadonlyMap<number, number>): void {
  const rows = from.all<Record<string, Value>>('SELECT * FROM foreign_attempts')
  for (const row of rows) {
    const phoneId = phones.get(Number(row['phone_id']))
    if (phoneId === undefined) continue
    db.run(
      `INSERT INTO foreign_attempts (phone_id, message_id, assignment, number, body_hash, state, attempted_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      phoneId,
      ...['message_id', 'assignment', 'number', 'body_hash', 'state', 'attempted_at'].map(key => row[key]!),
    )
  }
}

function addForeignAttempt(db: Writer, row: AttemptedRow, bodyHash: Uint8Array, simId: number): boolean {
  const state = row.state === 'failed' ? 'unknown' : row.state
  return (
    db.run(
      `INSERT INTO foreign_attempts (message_id, phone_id, assignment, number, body_hash, state, attempted_at)
       SELECT ?, phone_id, ?, ?, ?, ?, ? FROM sims WHERE id = ? ON CONFLICT DO NOTHING`,
      row.id,
      row.assignment,
      row.number,
      bodyHash,
      state,
      row.attemptedAt ?? row.assignedAt ?? row.createdAt,
      simId,
    ).changes > 0
  )
}
