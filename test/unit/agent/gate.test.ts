import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LaneUse, type Moment, passed } from '../../../phone-agent/src/gate.ts'
import type { LaneLimits } from '../../../src/shared/phone-protocol.ts'

const limits: LaneLimits = {
  windows: [
    { segments: 5, windowMs: 60_000 },
    { segments: 12, windowMs: 600_000 },
  ],
  recipientsPerMonth: null,
  pauseMs: [0, 0],
}
const at = (up: number, boot = 0, hub = up): Moment => ({ boot, up, hub })
const HOUR = 3_600_000

function laneWith(some: Partial<LaneLimits> = {}): LaneUse {
  const use = new LaneUse()
  use.setLimits({ ...limits, ...some })
  return use
}

describe('the limits of a lane', () => {
  it('let segments go up to the limit, and then tell how long to wait', () => {
    const use = laneWith()
    use.add(at(0), 3, '+1')
    use.add(at(10_000), 2, '+2')
    expect(use.check(at(10_000), 1, '+3')).toEqual({ kind: 'wait', ms: 50_000 })
    expect(use.check(at(59_999), 1, '+3')).toEqual({ kind: 'wait', ms: 1 })
    expect(use.check(at(60_000), 3, '+3')).toEqual({ kind: 'go' })
    expect(use.check(at(60_000), 4, '+3')).toEqual({ kind: 'wait', ms: 10_000 })
  })

  it('give back a message that is larger than a whole window', () => {
    expect(laneWith().check(at(0), 6, '+1')).toEqual({ kind: 'full' })
  })

  it('give back a message to a new recipient once the cap of the month is reached, and only to a new one', () => {
    const use = laneWith({ recipientsPerMonth: 2 })
    use.add(at(0), 1, '+1')
    use.add(at(0), 1, '+2')
    expect(use.check(at(HOUR), 1, '+3')).toEqual({ kind: 'full' })
    expect(use.check(at(HOUR), 1, '+2')).toEqual({ kind: 'go' })
    expect(use.check(at(30 * 24 * HOUR), 1, '+3')).toEqual({ kind: 'go' })
  })

  it('do not count what the command refused', () => {
    const use = laneWith({ recipientsPerMonth: 1 })
    const undo = use.add(at(0), 5, '+1')
    undo()
    expect(use.used(at(1))).toEqual([0, 0])
    expect(use.check(at(1), 5, '+2')).toEqual({ kind: 'go' })
  })

  it('tell the room of the next minute', () => {
    const use = laneWith()
    expect(use.room(at(0))).toBe(5)
    use.add(at(0), 5, '+1')
    // All of these will have left the short window within that minute.
    expect(use.room(at(1000))).toBe(5)
    use.add(at(61_000), 5, '+1')
    expect(use.room(at(62_000))).toBe(2)
    expect(laneWith({ pauseMs: [20_000, 40_000] }).room(at(0))).toBe(2)
  })

  it('count by the hub’s clock what was sent before the phone was restarted', () => {
    const use = laneWith()
    use.add({ boot: 0, up: 9 * HOUR, hub: 1000 }, 5, '+1')
    expect(use.check({ boot: 1, up: 5000, hub: 30_000 }, 1, '+2')).toMatchObject({ kind: 'wait' })
    expect(use.check({ boot: 1, up: 5000, hub: 61_000 }, 1, '+2')).toEqual({ kind: 'go' })
  })

  it('count what seems to be sent in the future until the phone itself has been up for long enough', () => {
    const use = laneWith()
    use.add({ boot: 0, up: 0, hub: 50 * HOUR }, 5, '+1')
    expect(use.check({ boot: 1, up: 59_999, hub: HOUR }, 1, '+2')).toMatchObject({ kind: 'wait' })
    expect(use.check({ boot: 1, up: 60_000, hub: HOUR }, 1, '+2')).toEqual({ kind: 'go' })
  })

  it('are never exceeded in any window of real time, however the clocks are set and however often limits change', () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 40_000 }),
      segments: fc.integer({ min: 1, max: 4 }),
      hubStep: fc.integer({ min: -1e9, max: 1e9 }),
      relimit: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), steps => {
        const use = laneWith()
        const sent: { up: number; segments: number }[] = []
        let up = 0
        for (const { wait, segments, hubStep, relimit } of steps) {
          up += wait
          const now = { boot: 0, up, hub: up + hubStep }
          if (relimit) {
            use.setLimits({ ...limits, windows: [{ segments: 100, windowMs: 1000 }] })
            use.setLimits(limits)
          }
          if (use.check(now, segments, '+1').kind !== 'go') continue
          use.add(now, segments, '+1')
          sent.push({ up, segments })
        }
        for (const { windowMs, segments: most } of limits.windows) {
          for (const first of sent) {
            const inside = sent.filter(one => one.up >= first.up && one.up < first.up + windowMs)
            expect(inside.reduce((all, one) => all + one.segments, 0)).toBeLessThanOrEqual(most)
          }
        }
      }),
    )
  })

  it('tell a wait after which the message goes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 1, max: 5 })), { maxLength: 40 }), list => {
        const use = laneWith()
        let up = 0
        for (const [wait, segments] of list) {
          up += wait
          const verdict = use.check(at(up), segments, '+1')
          if (verdict.kind === 'full') continue
          if (verdict.kind === 'wait') up += verdict.ms
          expect(use.check(at(up), segments, '+1')).toEqual({ kind: 'go' })
          use.add(at(up), segments, '+1')
        }
      }),
    )
  })

  it('count the same from what another journal carries over', () => {
    const use = laneWith()
    use.add(at(0, 0, 1000), 2, '+1')
    use.add(at(5, 0, 2000), 2, '+2')
    const next = laneWith()
    for (const [hub, segments, recipient] of use.recent()) next.add({ boot: -1, up: 0, hub }, segments, recipient)
    expect(next.check({ boot: 0, up: 1, hub: 3000 }, 2, '+3')).toMatchObject({ kind: 'wait' })
    expect(next.used({ boot: 0, up: 1, hub: 61_500 })).toEqual([2, 4])
    expect(next.recipients({ boot: 0, up: 1, hub: 3000 })).toBe(2)
  })

  it('stay fast after very many messages', () => {
    const use = laneWith({ windows: [{ segments: 1_000_000, windowMs: 1000 }] })
    for (let i = 0; i < 200_000; i++) {
      use.add(at(i), 1, '+1')
      expect(use.check(at(i), 1, '+1').kind).toBe('go')
    }
    expect(use.used(at(200_000))).toEqual([999])
  })
})

it('time that has passed is never negative, and never more than the uptime within one start of the phone', () => {
  const moment = fc.record({ boot: fc.nat(2), up: fc.nat(1e9), hub: fc.nat(2e12) })
  fc.assert(
    fc.property(moment, moment, (since, now) => {
      const ms = passed(since, now)
      expect(ms).toBeGreaterThanOrEqual(0)
      if (since.boot === now.boot) expect(ms).toBe(Math.max(0, now.up - since.up))
    }),
  )
})
