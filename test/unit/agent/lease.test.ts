import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elapsedAtMost } from '../../../phone-agent/src/clock.ts'
import { hubEstimate, hubLatest, leaseLeft } from '../../../phone-agent/src/lease.ts'
import { LEASE_MS } from '../../../src/shared/phone-protocol.ts'

const start = { wall: 1_700_000_000_000, mono: 5000, up: 90_000 }

/** The three clocks after some real time: asleep for a part of it, and set to anything. */
function later(awakeMs: number, asleepMs: number, wallStep: number) {
  return {
    wall: start.wall + awakeMs + asleepMs + wallStep,
    mono: start.mono + awakeMs,
    up: start.up + awakeMs + asleepMs,
  }
}

describe('a lease', () => {
  it('counts from the moment at which the ping was sent', () => {
    const grant = { sent: start, hubNow: 0, lease: true }
    expect(leaseLeft(grant, start)).toBe(LEASE_MS)
    expect(leaseLeft(grant, later(LEASE_MS - 1, 0, 0))).toBe(1)
    expect(leaseLeft(grant, later(LEASE_MS, 0, 0))).toBe(0)
  })

  it('is none without a pong, and none with a pong that gives none', () => {
    expect(leaseLeft(null, start)).toBe(0)
    expect(leaseLeft({ sent: start, hubNow: 0, lease: false }, start)).toBe(0)
  })

  it('never lasts longer than its time, whatever is done to the clock and however long the phone sleeps', () => {
    const ms = fc.integer({ min: 0, max: 100_000 })
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: -1e12, max: 1e12 }), (awake, asleep, step) => {
        const left = leaseLeft({ sent: start, hubNow: 0, lease: true }, later(awake, asleep, step))
        expect(left).toBeLessThanOrEqual(LEASE_MS - awake - asleep)
      }),
    )
  })

  it('counts sleep by the clock on the wall where the uptime stands still too', () => {
    const now = { wall: start.wall + 60_000, mono: start.mono, up: start.up }
    expect(leaseLeft({ sent: start, hubNow: 0, lease: true }, now)).toBeLessThanOrEqual(0)
  })
})

describe("the hub's time", () => {
  it('is never later than the upper bound, if the hub answered after the ping was sent', () => {
    const ms = fc.integer({ min: 0, max: 1_000_000 })
    fc.assert(
      fc.property(ms, ms, ms, fc.integer({ min: -1e12, max: 1e12 }), (travel, awake, asleep, step) => {
        const hubAtPing = 1_600_000_000_000
        const grant = { sent: start, hubNow: hubAtPing + travel, lease: true }
        const real = hubAtPing + Math.max(travel, awake + asleep)
        const now = later(Math.max(travel - asleep, awake), asleep, step)
        expect(hubLatest(grant, now)!).toBeGreaterThanOrEqual(real)
      }),
    )
  })

  it('is not known before the hub has said it, and the phone then goes by its own clock', () => {
    expect(hubLatest(null, start)).toBeNull()
    expect(hubEstimate(null, start)).toBe(start.wall)
  })

  it('is estimated without what was done to the phone’s clock', () => {
    const grant = { sent: start, hubNow: 1_600_000_000_000, lease: true }
    expect(hubEstimate(grant, later(7000, 3000, -5e11))).toBe(1_600_000_010_000)
  })
})

it('time between two instants is what the fastest clock says, and never negative', () => {
  expect(elapsedAtMost(start, later(10, 0, 500))).toBe(510)
  expect(elapsedAtMost(start, { wall: 0, mono: 0, up: 0 })).toBe(0)
})
