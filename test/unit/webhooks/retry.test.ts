import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedWait, backOff, isTaken, restAfter } from '../../../src/main/services/webhooks/retry.ts'

const HOUR = 3_600_000
const chance = fc.double({ min: 0, max: 1, noNaN: true })

describe('when a delivery is tried again', () => {
  it('waits twice as long each time, up to an hour', () => {
    expect([1, 2, 3, 4].map(failures => backOff(failures, 0))).toEqual([10_000, 20_000, 40_000, 80_000])
    expect(backOff(50, 0)).toBe(HOUR)
  })

  it('spreads what failed together over half of the wait, and never waits longer than an hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), chance, (failures, given) => {
        const longest = backOff(failures, 0)
        const wait = backOff(failures, given)
        return wait >= longest / 2 - 1 && wait <= longest && longest <= HOUR
      }),
    )
  })

  it('leaves a target alone at once when it is down, and after five refusals when it refuses', () => {
    expect(restAfter(1, null, 0)).toBe(10_000)
    for (const status of [500, 503, 429, 408]) expect(restAfter(1, status, 0)).toBe(10_000)
    for (const status of [400, 401, 404, 301]) {
      expect([1, 4, 5, 6].map(failures => restAfter(failures, status, 0))).toEqual([0, 0, 10_000, 20_000])
    }
  })

  it('waits as long as the target asks for, but no longer than an hour', () => {
    expect([null, 5_000, 99 * HOUR].map(askedWait)).toEqual([0, 5_000, HOUR])
  })

  it('takes 2xx alone for a success', () => {
    expect([199, 200, 204, 299, 300, 302, 404, 500].map(isTaken)).toEqual([
      ...[false, true, true, true],
      ...[false, false, false, false],
    ])
  })
})
