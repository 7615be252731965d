import { SUPPRESSION_REASONS, type SuppressionReason } from '../../shared/operations/suppression.ts'
import type { Reader, Writer } from './database.ts'

export type { SuppressionReason } from '../../shared/operations/suppression.ts'

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

/** A person has decided: it is one for this reason from now on. Without a note the present one stays. */
export function confirmSuppression(
  db: Writer,
  id: number,
  reason: SuppressionReason,
  by: string,
  note: string | null = null,
): void {
  db.run(
    'UPDATE suppressions SET reason = ?, created_by = ?, note = coalesce(?, note) WHERE id = ?',
    reason,
    by,
    note,
    id,
  )
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

/** Returns false when the number was not suppressed. Where it may be texted again, see `liftSuppression`. */
export function deleteSuppression(db: Writer, number: string, hash: Uint8Array): boolean {
  return db.run('DELETE FROM suppressions WHERE number = ? OR number_hash = ?', number, hash).changes > 0
}

/** Why a number may be texted again, and who says so. */
export interface Lift {
  readonly why: string
  readonly by: string
  readonly at: number
}

/** Takes a number off the list and keeps why. Returns the id of what is kept, or null when it was not on the list. */
export function liftSuppression(db: Writer, number: string, hash: Uint8Array, lift: Lift): number | null {
  const { changes, id } = db.run(
    `INSERT INTO suppression_lifts (number, number_hash, reason, note, added_by, added_at, why, lifted_by, lifted_at)
       SELECT number, number_hash, reason, note, created_by, created_at, ?, ?, ? FROM suppressions
       WHERE number = ? OR number_hash = ?`,
    lift.why,
    lift.by,
    lift.at,
    number,
    hash,
  )
  if (changes === 0) return null
  deleteSuppression(db, number, hash)
  return id
}

export interface LiftRow {
  readonly id: number
  /** Null: the person was erased since. */
  readonly number: string | null
  readonly reason: SuppressionReason
  readonly note: string
  readonly addedBy: string
  readonly addedAt: number
  readonly why: string
  readonly liftedBy: string
  readonly liftedAt: number
}

const LIFT = `SELECT id, number, reason, note, added_by AS addedBy, added_at AS addedAt, why, lifted_by AS liftedBy,
  lifted_at AS liftedAt FROM suppression_lifts`

/** Numbers that came off the list, newest first, those with an id below `before`. */
export function listLifts(db: Reader, before: number, limit: number): LiftRow[] {
  return db.all(`${LIFT} WHERE id < ? ORDER BY id DESC LIMIT ?`, before, limit)
}

/** How often one number came off the list, newest first. */
export function liftsOf(db: Reader, hash: Uint8Array): LiftRow[] {
  return db.all(`${LIFT} WHERE number_hash = ? ORDER BY id DESC`, hash)
}

/** Newest first, those with an id below `before`; of one reason, or of all (null). */
export function listSuppressions(
  db: Reader,
  reason: SuppressionReason | null,
  before: number,
  limit: number,
): SuppressionRow[] {
  if (reason === null) {
    return db.all(`SELECT ${COLUMNS} FROM suppressions WHERE id < ? ORDER BY id DESC LIMIT ?`, before, limit)
  }
  return db.all(
    `SELECT ${COLUMNS} FROM suppressions WHERE reason = ? AND id < ? ORDER BY id DESC LIMIT ?`,
    reason,
    before,
    limit,
  )
}

/** How many numbers are on the list for each reason that there is; erased ones too. */
export function countSuppressions(db: Reader): { reason: SuppressionReason; numbers: number }[] {
  return db
    .all<{ reason: SuppressionReason; numbers: number }>(
      'SELECT j.value AS reason, (SELECT count(*) FROM suppressions WHERE reason = j.value) AS numbers FROM json_each(?) j',
      JSON.stringify(SUPPRESSION_REASONS),
    )
    .filter(row => row.numbers > 0)
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
