import type { Reader, Writer } from './database.ts'

export type SuppressionReason = 'stop' | 'wording' | 'likely' | 'manual' | 'import' | 'erased'

export interface SuppressionRow {
  readonly id: number
  /** Null: the person was erased, and only the keyed hash is known. */
  readonly number: string | null
  readonly reason: SuppressionReason
  readonly note: string
  readonly createdBy: string
  readonly createdAt: number
}

export interface NewSuppression {
  /** E.164 */
  readonly number: string
  /** The keyed hash of the number. */
  readonly hash: Uint8Array
  readonly reason: SuppressionReason
  readonly note: string
  /** The text that asked for it. */
  readonly inboundId: number | null
  readonly createdBy: string
  readonly createdAt: number
}

/**
 * Why a number must not be texted, by the number or, after an erasure, by its hash; undefined: it may.
 * @param hash a function where many numbers are asked for: hashing takes longer than looking, and nobody may be erased
 */
export function suppressionOf(
  db: Reader,
  number: string,
  hash: Uint8Array | (() => Uint8Array),
): { id: number; reason: SuppressionReason } | undefined {
  const known = db.get<{ id: number; reason: SuppressionReason }>(
    'SELECT id, reason FROM suppressions WHERE number = ?',
    number,
  )
  if (known || (typeof hash === 'function' && !hasErasedSuppressions(db))) return known
  return db.get('SELECT id, reason FROM suppressions WHERE number_hash = ?', typeof hash === 'function' ? hash() : hash)
}

/** What is on record about a suppression. */
export function suppressionById(db: Reader, id: number): SuppressionRow | undefined {
  return db.get(`SELECT ${COLUMNS} FROM suppressions WHERE id = ?`, id)
}

/** A person has decided: it is one for this reason from now on. */
export function confirmSuppression(db: Writer, id: number, reason: SuppressionReason, by: string): void {
  db.run('UPDATE suppressions SET reason = ?, created_by = ? WHERE id = ?', reason, by, id)
}

/** The whole entry of a number; of one that was erased too. */
export function suppressionRowOf(db: Reader, number: string, hash: Uint8Array): SuppressionRow | undefined {
  const found = suppressionOf(db, number, hash)
  return found && db.get(`SELECT ${COLUMNS} FROM suppressions WHERE id = ?`, found.id)
}

/** Returns false when the number is suppressed already. */
export function insertSuppression(db: Writer, suppression: NewSuppression): boolean {
  return (
    db.run(
      `INSERT INTO suppressions (number, number_hash, reason, note, inbound_id, created_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      suppression.number,
      suppression.hash,
      suppression.reason,
      suppression.note,
      suppression.inboundId,
      suppression.createdBy,
      suppression.createdAt,
    ).changes === 1
  )
}

/** Returns false when the number was not suppressed. */
export function deleteSuppression(db: Writer, number: string, hash: Uint8Array): boolean {
  return db.run('DELETE FROM suppressions WHERE number = ? OR number_hash = ?', number, hash).changes > 0
}

/** Newest first, those with an id below `before`. */
export function listSuppressions(db: Reader, before: number, limit: number): SuppressionRow[] {
  return db.all(`SELECT ${COLUMNS} FROM suppressions WHERE id < ? ORDER BY id DESC LIMIT ?`, before, limit)
}

/** Those whose number begins like this (`+4479`), by number, from after `after` on. */
export function suppressionsByPrefix(db: Reader, prefix: string, after: string, limit: number): SuppressionRow[] {
  return db.all(
    `SELECT ${COLUMNS} FROM suppressions WHERE number >= ? AND number < ? AND number > ? ORDER BY number LIMIT ?`,
    prefix,
    // The character after 9.
    `${prefix}:`,
    after,
    limit,
  )
}

/** Reasons by number, of those of the numbers that are suppressed by number. */
export function reasonsByNumber(db: Reader, numbers: readonly string[]): Map<string, SuppressionReason> {
  const rows = db.all<{ number: string; reason: SuppressionReason }>(
    'SELECT s.number, s.reason FROM json_each(?) j CROSS JOIN suppressions s ON s.number = j.value',
    JSON.stringify(numbers),
  )
  return new Map(rows.map(row => [row.number, row.reason]))
}

/** The suppressed numbers from `first` to `last`: for imports, which go through numbers in their order. */
export function suppressedBetween(db: Reader, first: string, last: string): string[] {
  return db
    .all<{ number: string }>('SELECT number FROM suppressions WHERE number BETWEEN ? AND ?', first, last)
    .map(row => row.number)
}

/** Whether some are known by their hash alone. While there is none, no hash has to be computed. */
export function hasErasedSuppressions(db: Reader): boolean {
  return db.get('SELECT 1 FROM suppressions WHERE number IS NULL LIMIT 1') !== undefined
}

const COLUMNS = 'id, number, reason, note, created_by AS createdBy, created_at AS createdAt'
