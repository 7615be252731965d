import type { Writer } from './database.ts'

// What phones hold or have done that this database does not know of, or does not want: after a restore, or with an old
// journal that was let in.

/** Attempts of messages that this database does not know. */
export function recordForeignAttempt(
  db: Writer,
  attempt: { messageId: string; phoneId: number; assignment: number; number: string; bodyHash: Uint8Array; at: number },
): void {
  db.run(
    `INSERT INTO foreign_attempts (message_id, phone_id, assignment, number, body_hash, state, attempted_at)
       VALUES (?, ?, ?, ?, ?, 'attempting', ?) ON CONFLICT DO NOTHING`,
    attempt.messageId,
    attempt.phoneId,
    attempt.assignment,
    attempt.number,
    attempt.bodyHash,
    attempt.at,
  )
}

export function settleForeignAttempt(db: Writer, messageId: string, assignment: number, state: string): void {
  db.run('UPDATE foreign_attempts SET state = ? WHERE message_id = ? AND assignment = ?', state, messageId, assignment)
}

/** Notes that a phone has accepted what nobody wants from it (any more). */
export function noteStray(db: Writer, phoneId: number, id: string, assignment: number): void {
  db.run(
    `INSERT INTO strays (phone_id, message_id, assignment) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET assignment = excluded.assignment`,
    phoneId,
    id,
    assignment,
  )
}

/** The phone has said what became of it. */
export function forgetStray(db: Writer, phoneId: number, id: string): void {
  db.run('DELETE FROM strays WHERE phone_id = ? AND message_id = ?', phoneId, id)
}
