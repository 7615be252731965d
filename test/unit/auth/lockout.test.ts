import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterFailure, type FailureCount, lockedFor, settled } from '../../../src/main/domain/lockout.ts'

const MINUTE = 60_000
const LIMITS = { failures: 5, withinMs: 10 * MINUTE, lockMs: 60 * MINUTE }
const NOON = Date.parse('2026-01-14T12:00:00Z')

function failures(times: readonly number[], before?: FailureCount): FailureCount {
  let count = before
  for (const at of times) count = afterFailure(count, LIMITS, at)
  return count!
}

describe('failures', () => {
  it('lock at the fifth within ten minutes, for an hour to the millisecond', () => {
    const four = failures([0, 1, 2, 3].map(minute => NOON + minute * MINUTE))
    expect(lockedFor(four, NOON + 3 * MINUTE)).toBe(0)
    const at = NOON + 10 * MINUTE - 1
    const five = failures([at], four)
    expect(lockedFor(five, at)).toBe(LIMITS.lockMs)
    expect(lockedFor(five, at + LIMITS.lockMs - 1)).toBe(1)
    expect(lockedFor(five, at + LIMITS.lockMs)).toBe(0)
  })

  it('that are ten minutes old do not count any more', () => {
    const four = failures([0, 1, 2, 3].map(minute => NOON + minute * MINUTE))
    const late = failures([NOON + 10 * MINUTE], four)
    expect(lockedFor(late, NOON + 10 * MINUTE)).toBe(0)
    expect(late.failures).toHaveLength(4)
  })

  it('during a lock make it no longer, and after it counting begins anew', () => {
    const locked = failures(Array(5).fill(NOON))
    const during = failures([NOON + 30 * MINUTE], locked)
    expect(lockedFor(during, NOON + 60 * MINUTE)).toBe(0)
    const after = failures([NOON + 60 * MINUTE], during)
    expect(after.failures).toHaveLength(1)
    expect(lockedFor(after, NOON + 60 * MINUTE)).toBe(0)
  })
})

describe('a clock that is set back', () => {
  const YEAR = 365 * 24 * 60 * MINUTE

  it('by a year makes a lock neither endless nor shorter', () => {
    const locked = failures(Array(5).fill(NOON))
    const seen = settled(failures([NOON + 20 * MINUTE], locked), NOON - YEAR)
    expect(lockedFor(seen, NOON - YEAR)).toBe(40 * MINUTE)
    expect(lockedFor(seen, NOON - YEAR + 40 * MINUTE)).toBe(0)
  })

  it('keeps failures counting, for as long as they should', () => {
    const four = failures(Array(4).fill(NOON))
    expect(lockedFor(failures([NOON - YEAR], four), NOON - YEAR)).toBeGreaterThan(0)
    const settledFour = settled(four, NOON - YEAR)
    expect(failures([NOON - YEAR + 10 * MINUTE], settledFour).failures).toHaveLength(1)
  })

  type Step = { wait: number } | { back: number } | 'fail'
  const step: fc.Arbitrary<Step> = fc.oneof(
    { arbitrary: fc.constant('fail' as const), weight: 3 },
    { arbitrary: fc.integer({ min: 1, max: 40 * MINUTE }).map(wait => ({ wait })), weight: 3 },
    { arbitrary: fc.integer({ min: 1, max: 3 * YEAR }).map(back => ({ back })), weight: 1 },
  )

  it('never lets a guess through while the hour has not passed, nor holds longer than an hour from then on', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        let count: FailureCount | undefined
        let real = NOON
        let clock = NOON
        let lockedAt = Number.NEGATIVE_INFINITY
        const guesses: number[] = []
        for (const next of steps) {
          if (next === 'fail') {
            if (lockedFor(count, clock) > 0) {
              count = afterFailure(count, LIMITS, clock)
              continue
            }
            expect(real - lockedAt).toBeGreaterThanOrEqual(LIMITS.lockMs)
            guesses.push(real)
            count = afterFailure(count, LIMITS, clock)
            if (lockedFor(count, clock) > 0) lockedAt = real
          } else if ('wait' in next) {
            real += next.wait
            clock += next.wait
          } else clock -= next.back
          // What the hub does once a minute.
          count = count && settled(count, clock)
          expect(lockedFor(count, clock)).toBeLessThanOrEqual(LIMITS.lockMs)
        }
        // However the clock went: never more than five guesses in ten minutes.
        for (const [index, at] of guesses.entries()) {
          const sixth = guesses[index + LIMITS.failures]
          if (sixth !== undefined) expect(sixth - at).toBeGreaterThanOrEqual(LIMITS.withinMs)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
