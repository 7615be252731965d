/** Failures that count, and the lock that they led to. Times in ms since 1970. */
export interface FailureCount {
  /** Oldest first, never more than lock. */
  readonly failures: readonly number[]
  /** The last failure, or the last attempt that came during the lock. */
  readonly lastAt: number
  readonly lockedAt: number | null
  readonly lockedUntil: number | null
}

/** So many failures within `withinMs` lock for `lockMs`. */
export interface LockoutLimits {
  readonly failures: number
  readonly withinMs: number
  readonly lockMs: number
}

/** How long a lock still holds, in ms; 0 when there is none. */
export function lockedFor(count: FailureCount | undefined, now: number): number {
  if (!count) return 0
  const { lockedUntil } = settled(count, now)
  return lockedUntil === null ? 0 : Math.max(0, lockedUntil - now)
}

/** The count after one more failure. One during a lock does not make it longer. */
export function afterFailure(count: FailureCount | undefined, limits: LockoutLimits, now: number): FailureCount {
  const before = count && settled(count, now)
  if (before && lockedFor(before, now) > 0) return { ...before, lastAt: now }
  const counting = before && before.lockedAt === null ? before.failures : []
  const failures = [...counting.filter(at => at > now - limits.withinMs), now].slice(-limits.failures)
  const locks = failures.length >= limits.failures
  return {
    failures,
    lastAt: now,
    lockedAt: locks ? now : null,
    lockedUntil: locks ? now + limits.lockMs : null,
  }
}

/**
 * The same count by a clock that was set back. Times to come cannot be: they are moved back together, so that the last
 * one known is now. So a lock never ends before its time has passed, and holds for twice its time at most however far
 * the clock went. A clock that was set forward looks like a computer that slept, and locks end as it says.
 */
export function settled<T extends FailureCount>(count: T, now: number): T {
  const ahead = Math.max(count.lastAt, count.lockedAt ?? 0) - now
  if (ahead <= 0) return count
  return {
    ...count,
    failures: count.failures.map(at => at - ahead),
    lastAt: count.lastAt - ahead,
    lockedAt: count.lockedAt === null ? null : count.lockedAt - ahead,
    lockedUntil: count.lockedUntil === null ? null : count.lockedUntil - ahead,
  }
}
