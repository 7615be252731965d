import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAllowed, LEGAL_HOURS } from '../../../src/main/domain/allowed-hours.ts'
import { type ForecastInput, type ForecastLane, forecast, SEND_MS } from '../../../src/main/domain/forecast.ts'
import { plainTimetable } from '../../../src/main/domain/timetable.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NEW_YORK = ['America/New_York']
const LOS_ANGELES = ['America/Los_Angeles']
const LEGAL = plainTimetable(LEGAL_HOURS)
/** Wednesday, 12:00 in New York. */
const NOON = Date.parse('2026-07-01T16:00:00Z')

/** One send in ten seconds, and nothing else in the way. */
const free: ForecastLane = { windows: [], pauseMsBetween: 10_000 - SEND_MS }
const one = (count: number, over: Partial<ForecastInput> = {}): ForecastInput => ({
  messages: [{ zones: NEW_YORK, count, segments: 1 }],
  lanes: [free],
  times: LEGAL,
  from: NOON,
  ...over,
})
const at = (time: number | null) => (time === null ? null : new Date(time).toISOString().slice(0, 16))

describe('the pace of one lane', () => {
  it('is the pause between sends when nothing else limits it', () => {
    expect(forecast(one(360))).toEqual({
      endsAt: NOON + HOUR,
      durationMs: HOUR,
      perDay: [{ date: '2026-07-01', messages: 360, perLane: [360] }],
      unsent: 0,
      limitedBy: 'pause',
    })
  })

  it('is the window in segments, so a longer text takes longer', () => {
    const lanes = [{ windows: [{ segments: 30, windowMs: MINUTE }], pauseMsBetween: 100 }]
    const short = forecast(one(1800, { lanes }))
    expect(short.durationMs).toBe(HOUR)
    expect(short.limitedBy).toBe('rate')
    expect(forecast(one(1800, { lanes, messages: [{ zones: NEW_YORK, count: 900, segments: 2 }] })).durationMs).toBe(
      HOUR,
    )
  })

  it('is the narrowest of several windows', () => {
    const windows = [
      { segments: 30, windowMs: 30 * MINUTE },
      { segments: 100, windowMs: HOUR },
    ]
    expect(forecast(one(240, { lanes: [{ windows, pauseMsBetween: 1000 }] })).durationMs).toBeGreaterThan(3.5 * HOUR)
  })

  it('uses up a window at once and then waits for it to slide', () => {
    const lanes = [{ windows: [{ segments: 100, windowMs: HOUR }], pauseMsBetween: 1500 }]
    expect(forecast(one(100, { lanes })).durationMs).toBeLessThan(5 * MINUTE)
    const { durationMs } = forecast(one(101, { lanes }))
    expect(durationMs).toBeGreaterThanOrEqual(HOUR - 2 * MINUTE)
    expect(durationMs).toBeLessThan(HOUR + 2 * MINUTE)
  })

  it('is halved by a second lane', () => {
    expect(forecast(one(360, { lanes: [free, free] })).durationMs).toBe(HOUR / 2)
  })
})

describe('the allowed hours', () => {
  it('end a day and the next begins where the recipient is', () => {
    // 9 hours until 21:00, 3240 messages; the rest from 8:00 on.
    const result = forecast(one(3240 + 360, { zone: 'America/New_York' }))
    expect(at(result.endsAt)).toBe('2026-07-02T13:00')
    expect(result.perDay).toEqual([
      { date: '2026-07-01', messages: 3240, perLane: [3240] },
      { date: '2026-07-02', messages: 360, perLane: [360] },
    ])
    expect(result.limitedBy).toBe('hours')
  })

  it('let zones begin one after the other', () => {
    const messages = [
      { zones: NEW_YORK, count: 10, segments: 1 },
      { zones: LOS_ANGELES, count: 10, segments: 1 },
    ]
    const result = forecast(one(0, { messages, from: Date.parse('2026-07-01T12:00Z') }))
    expect(at(result.endsAt)).toBe('2026-07-01T15:01')
    expect(result.limitedBy).toBe('hours')
  })

  it('wait for the opening when sending begins at night', () => {
    const result = forecast(one(6, { from: Date.parse('2026-07-01T04:00Z') }))
    expect(at(result.endsAt)).toBe('2026-07-01T12:01')
  })

  it('skip days that are not allowed', () => {
    const times = plainTimetable({ ...LEGAL_HOURS, days: [1] })
    expect(at(forecast(one(6, { times })).endsAt)).toBe('2026-07-06T12:01')
  })

  it('are told when they never open for some, and the rest is still counted', () => {
    const messages = [
      { zones: NEW_YORK, count: 6, segments: 1 },
      { zones: [], count: 3, segments: 1 },
    ]
    const result = forecast(one(0, { messages }))
    expect(result).toMatchObject({ endsAt: null, unsent: 3, limitedBy: 'no_opening', durationMs: MINUTE })
  })
})

describe('caps', () => {
  it('of a day spread a campaign over days', () => {
    const lanes = [{ ...free, pauseMsBetween: 1500, dailyCap: 500 }]
    const result = forecast(one(2000, { lanes, zone: 'America/New_York' }))
    expect(result.perDay.map(day => day.date)).toEqual(['2026-07-01', '2026-07-02', '2026-07-03', '2026-07-04'])
    for (const day of result.perDay) expect(Math.abs(day.messages - 500)).toBeLessThan(10)
    expect(result.perDay.reduce((sum, day) => sum + day.messages, 0)).toBe(2000)
    expect(result.unsent).toBe(0)
  })

  it('of recipients hold until the earlier ones are a month old', () => {
    const lanes = [{ ...free, recipientsLeft: 50, recipientsPerMonth: 100 }]
    expect(forecast(one(50, { lanes })).durationMs).toBeLessThan(10 * MINUTE)
    const result = forecast(one(80, { lanes }))
    expect(result.durationMs).toBeGreaterThan(29 * DAY)
    expect(result.durationMs).toBeLessThan(32 * DAY)
    expect(result.limitedBy).toBe('recipients')
  })

  it('that can never be met are said, and end nothing', () => {
    expect(forecast(one(10, { lanes: [{ ...free, recipientsLeft: 0 }] }))).toMatchObject({
      endsAt: null,
      unsent: 10,
      perDay: [],
      durationMs: 0,
      limitedBy: 'recipients',
    })
    const narrow = [{ windows: [{ segments: 2, windowMs: HOUR }], pauseMsBetween: 0 }]
    const messages = [{ zones: NEW_YORK, count: 5, segments: 3 }]
    expect(forecast(one(0, { lanes: narrow, messages }))).toMatchObject({ endsAt: null, unsent: 5, limitedBy: 'rate' })
    expect(forecast(one(5, { lanes: [] }))).toMatchObject({ endsAt: null, unsent: 5, limitedBy: 'no_lanes' })
  })

  it('an expiry cuts off what is left', () => {
    expect(forecast(one(3600, { until: NOON + HOUR }))).toMatchObject({
      endsAt: null,
      unsent: 3240,
      limitedBy: 'expiry',
    })
  })
})

describe('any campaign', () => {
  const lane: fc.Arbitrary<ForecastLane> = fc.record({
    windows: fc.array(
      fc.record({
        segments: fc.integer({ min: 5, max: 200 }),
        windowMs: fc.constantFrom(MINUTE, 20 * MINUTE, HOUR, DAY),
      }),
      { maxLength: 2 },
    ),
    dailyCap: fc.option(fc.integer({ min: 20, max: 2000 }), { nil: null }),
    pauseMsBetween: fc.integer({ min: 0, max: 60_000 }),
  })
  const group = fc.record({
    zones: fc.constantFrom(NEW_YORK, LOS_ANGELES, [...NEW_YORK, ...LOS_ANGELES], ['Asia/Kathmandu'], ['Europe/London']),
    count: fc.integer({ min: 0, max: 3000 }),
    segments: fc.integer({ min: 1, max: 5 }),
  })
  const campaign = fc.tuple(
    fc.array(group, { minLength: 1, maxLength: 4 }),
    fc.array(lane, { minLength: 1, maxLength: 3 }),
    fc.integer({ min: 0, max: 400 * DAY }),
  )

  it('ends when somebody may be texted, no faster than its limits, and its days add up', () => {
    fc.assert(
      fc.property(campaign, ([messages, lanes, offset]) => {
        const from = NOON + offset
        const result = forecast({ messages, lanes, times: LEGAL, from })
        const total = messages.reduce((sum, one) => sum + one.count, 0)
        expect(result.perDay.reduce((sum, day) => sum + day.messages, 0) + result.unsent).toBe(total)
        if (total === 0 || result.endsAt === null) return
        expect(result.endsAt - from).toBe(result.durationMs)
        expect(messages.some(one => isAllowed(LEGAL, one.zones, result.endsAt! - 1))).toBe(true)
        const perMs = lanes.reduce((sum, one) => sum + 1 / (one.pauseMsBetween + SEND_MS), 0)
        expect(result.durationMs).toBeGreaterThanOrEqual(total / perMs - MINUTE)
        // In the long run no lane exceeds a window.
        const segments = messages.reduce((sum, one) => sum + one.count * one.segments, 0)
        const most = lanes.reduce((sum, one) => {
          const caps = [...one.windows, ...(one.dailyCap ? [{ segments: one.dailyCap, windowMs: DAY }] : [])]
          const windows = caps.map(cap => cap.segments * Math.ceil(result.durationMs / cap.windowMs + 1))
          return sum + Math.min(...windows, Number.POSITIVE_INFINITY)
        }, 0)
        expect(segments).toBeLessThanOrEqual(most)
      }),
      { numRuns: 200 },
    )
  })

  it('is no slower with another lane', () => {
    fc.assert(
      fc.property(campaign, lane, ([messages, lanes, offset], more) => {
        const base = { messages, times: LEGAL, from: NOON + offset }
        const before = forecast({ ...base, lanes })
        const after = forecast({ ...base, lanes: [...lanes, more] })
        if (before.endsAt !== null) expect(after.durationMs).toBeLessThanOrEqual(before.durationMs + 16 * MINUTE)
      }),
      { numRuns: 100 },
    )
  })

  it('of a million messages over months is counted to the last one', () => {
    const messages = [NEW_YORK, LOS_ANGELES, ['America/Chicago']].flatMap(zones =>
      [1, 2, 3].map(segments => ({ zones, count: 111_111, segments })),
    )
    const lanes = Array.from({ length: 10 }, () => ({ ...free, pauseMsBetween: 3000, dailyCap: 1000 }))
    const result = forecast({ messages, lanes, times: LEGAL, from: NOON })
    expect(result.unsent).toBe(0)
    expect(result.perDay.reduce((sum, day) => sum + day.messages, 0)).toBe(999_999)
    // 2 million segments at 10,000 a day.
    expect(result.durationMs / DAY).toBeGreaterThan(195)
    expect(result.durationMs / DAY).toBeLessThan(205)
    expect(result.limitedBy).toBe('daily_cap')
  })
})
