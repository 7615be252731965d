import type { Reader, Writer } from './database.ts'

/** What was answered to a request with a key. */
export interface StoredAnswer {
  /** SHA-256 of the operation and its input. */
  readonly request: Uint8Array
  /** JSON. */
  readonly answer: string
}

export function storedAnswer(db: Reader, actor: string, key: string): StoredAnswer | undefined {
  return db.get('SELECT request, answer FROM idempotency WHERE actor = ? AND key = ?', actor, key)
}

export function storeAnswer(db: Writer, stored: StoredAnswer & { actor: string; key: string; at: number }): void {
  db.run(
    'INSERT INTO idempotency (actor, key, request, answer, created_at) VALUES (?, ?, ?, ?, ?)',
    stored.actor,
    stored.key,
    stored.request,
    stored.answer,
    stored.at,
  )
}

/** Whether there are answers from before this time. */
export function hasAnswersBefore(db: Reader, at: number): boolean {
  return db.get('SELECT 1 FROM idempotency WHERE created_at < ? LIMIT 1', at) !== undefined
}

/** Forgets up to `limit` answers from before this time. Returns how many. */
export function forgetAnswersBefore(db: Writer, at: number, limit: number): number {
  return db.run(
    `DELETE FROM idempotency WHERE (actor, key) IN (
       SELECT actor, key FROM idempotency WHERE created_at < ? ORDER BY created_at LIMIT ?)`,
    at,
    limit,
  ).changes
}
