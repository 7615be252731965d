import type { LockoutKind } from '../../shared/operations/accounts.ts'
import type { Reader, Writer } from './database.ts'

/** Failures that count against an account or a source, and the lock that they led to. Times in ms. */
export interface LockoutRow {
  readonly id: number
  readonly kind: LockoutKind
  readonly subject: string
  /** Oldest first. */
  readonly failures: readonly number[]
  readonly lastAt: number
  readonly lockedAt: number | null
  readonly lockedUntil: number | null
}

interface Stored extends Omit<LockoutRow, 'failures'> {
  readonly failures: string
}

const COLUMNS = `id, kind, subject, failures, last_at AS lastAt, locked_at AS lockedAt, locked_until AS lockedUntil`

export function lockoutOf(db: Reader, kind: LockoutKind, subject: string): LockoutRow | undefined {
  return read(db.get(`SELECT ${COLUMNS} FROM lockouts WHERE kind = ? AND subject = ?`, kind, subject))
}

export function lockoutById(db: Reader, id: number): LockoutRow | undefined {
  return read(db.get(`SELECT ${COLUMNS} FROM lockouts WHERE id = ?`, id))
}

/** Newest first, those before `before`. `counting`: also those that are not locked at `at`. */
export function listLockouts(db: Reader, at: number, counting: boolean, before: number, limit: number): LockoutRow[] {
  const rows = db.all<Stored>(
    `SELECT ${COLUMNS} FROM lockouts WHERE id < ? AND (? OR locked_until > ?) ORDER BY id DESC LIMIT ?`,
    before,
    counting ? 1 : 0,
    at,
    limit,
  )
  return rows.map(row => read(row)!)
}

export function putLockout(db: Writer, row: Omit<LockoutRow, 'id'>): void {
  db.run(
    `INSERT INTO lockouts (kind, subject, failures, last_at, locked_at, locked_until) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind, subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at,
       locked_at = excluded.locked_at, locked_until = excluded.locked_until`,
    row.kind,
    row.subject,
    JSON.stringify(row.failures),
    row.lastAt,
    row.lockedAt,
    row.lockedUntil,
  )
}

export function deleteLockout(db: Writer, kind: LockoutKind, subject: string): void {
  db.run('DELETE FROM lockouts WHERE kind = ? AND subject = ?', kind, subject)
}

/** Those that count no more: the last failure was before `before`, and no lock holds at `at`. Returns how many. */
export function deleteOldLockouts(db: Writer, at: number, before: number, limit: number): number {
  return db.run(
    `DELETE FROM lockouts WHERE id IN
       (SELECT id FROM lockouts WHERE last_at < ? AND (locked_until IS NULL OR locked_until <= ?) LIMIT ?)`,
    before,
    at,
    limit,
  ).changes
}

/** Those of a time to come, which a clock that was set back leaves. */
export function lockoutsAfter(db: Reader, at: number, limit: number): LockoutRow[] {
  return db.all<Stored>(`SELECT ${COLUMNS} FROM lockouts WHERE last_at > ? LIMIT ?`, at, limit).map(row => read(row)!)
}

function read(row: Stored | undefined): LockoutRow | undefined {
  return row && { ...row, failures: JSON.parse(row.failures) as number[] }
}
