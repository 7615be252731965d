import type { LockoutKind } from '../../../shared/operations/accounts.ts'
import type { Reader, Writer } from '../../db/database.ts'
import { deleteLockout, deleteOldLockouts, lockoutOf, lockoutsAfter, putLockout } from '../../db/lockouts.ts'
import { afterFailure, type LockoutLimits, lockedFor, settled } from '../../domain/lockout.ts'
import type { SettingsView } from '../settings.ts'

const MINUTE_MS = 60_000
/** An attempt during a lock is noted, but not more often than this. */
const NOTE_MS = MINUTE_MS

/** The failures that are stored, and the locks that they lead to. */
export interface Lockouts {
  /** How long attempts are refused, in ms; 0 when they are not. */
  lockedFor(db: Reader, kind: LockoutKind, subject: string, now: number): number
  /** Counts a failure. Returns the id of the lock when this failure has led to one, and null otherwise. */
  fail(tx: Writer, kind: LockoutKind, subject: string, now: number): number | null
  /** Whether an attempt during a lock should be noted by `fail`; the last note may be too young. */
  isWorthNoting(db: Reader, kind: LockoutKind, subject: string, now: number): boolean
  /** Ends a lock and forgets the failures. */
  clear(tx: Writer, kind: LockoutKind, subject: string): void
  /** Brings back what a clock set back has left in the future, and removes what counts no more. Returns how many rows. */
  tidy(tx: Writer, now: number, limit: number): number
}

export function createLockouts(settings: SettingsView): Lockouts {
  return {
    lockedFor: (db, kind, subject, now) => lockedFor(lockoutOf(db, kind, subject), now),
    fail: (tx, kind, subject, now) => {
      const before = lockoutOf(tx, kind, subject)
      const wasLocked = lockedFor(before, now) > 0
      const after = afterFailure(before, limitsOf(settings), now)
      putLockout(tx, { kind, subject, ...after })
      return !wasLocked && after.lockedUntil !== null ? lockoutOf(tx, kind, subject)!.id : null
    },
    isWorthNoting: (db, kind, subject, now) => {
      const row = lockoutOf(db, kind, subject)
      return !row || Math.abs(now - row.lastAt) >= NOTE_MS
    },
    clear: (tx, kind, subject) => deleteLockout(tx, kind, subject),
    tidy: (tx, now, limit) => {
      const ahead = lockoutsAfter(tx, now, limit)
      for (const row of ahead) putLockout(tx, settled(row, now))
      const { withinMs } = limitsOf(settings)
      return ahead.length + deleteOldLockouts(tx, now, now - withinMs, limit)
    },
  }
}

/** What a failure of a user counts against. */
export function accountSubject(userId: number): string {
  return `user:${userId}`
}

function limitsOf(settings: SettingsView): LockoutLimits {
  const { failures, withinMinutes, lockMinutes } = settings.current().lockout
  return { failures, withinMs: withinMinutes * MINUTE_MS, lockMs: lockMinutes * MINUTE_MS }
}
