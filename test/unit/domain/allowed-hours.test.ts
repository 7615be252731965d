import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as rules from '../../../src/main/domain/allowed-hours.ts'
import {
  type AllowedHours,
  formatHours,
  hoursProblem,
  isWiderThanLegal,
  LEGAL_HOURS,
  parseHours,
} from '../../../src/main/domain/allowed-hours.ts'
import { plainTimetable } from '../../../src/main/domain/timetable.ts'

type Place = readonly string[]
const isAllowed = (hours: AllowedHours, places: Place, at: number) => rules.isAllowed(plainTimetable(hours), places, at)
const nextOpening = (hours: AllowedHours, places: Place, at: number) =>
  rules.nextOpening(plainTimetable(hours), places, at)
const closesAt = (hours: AllowedHours, places: Place, at: number) => rules.closesAt(plainTimetable(hours), places, at)

const MINUTE = 60_000
const DAY = 86_400_000

/** The wall clock by another way than the one under test: parts, in another locale. */
const clocks = new Map<string, Intl.DateTimeFormat>()
function wallClock(zone: string, at: number): { minute: number; weekday: number } {
  let clock = clocks.get(zone)
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      timeStyle: undefined,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    clocks.set(zone, clock)
  }
  const parts = Object.fromEntries(clock.formatToParts(at).map(part => [part.type, part.value]))
  const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts['weekday'] ?? '') + 1
  return { minute: Number(parts['hour']) * 60 + Number(parts['minute']), weekday }
}

function allowedByClock(hours: AllowedHours, zones: readonly string[], at: number): boolean {
  return zones.every(zone => {
    const { minute, weekday } = wallClock(zone, at)
    return minute >= hours.from && minute < hours.to && (hours.days?.includes(weekday) ?? true)
  })
}

const utc = (text: string) => Date.parse(`${text}Z`)
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(0, 16))

describe('the legal hours', () => {
  it('open at 8:00 and close at 21:00 where the recipient is', () => {
    const zone = ['America/New_York']
    expect(isAllowed(LEGAL_HOURS, zone, utc('2026-07-01T11:59:59.999'))).toBe(false)
    expect(isAllowed(LEGAL_HOURS, zone, utc('2026-07-01T12:00:00'))).toBe(true)
    expect(isAllowed(LEGAL_HOURS, zone, utc('2026-07-02T00:59:59.999'))).toBe(true)
    expect(isAllowed(LEGAL_HOURS, zone, utc('2026-07-02T01:00:00'))).toBe(false)
  })

  it.each([
    // Half-hours and three quarters.
    ['Asia/Kolkata', '2026-01-10T00:00', '2026-01-10T02:30', '2026-01-10T15:30'],
    ['Asia/Kathmandu', '2026-01-10T00:00', '2026-01-10T02:15', '2026-01-10T15:15'],
    ['Australia/Eucla', '2026-01-10T00:00', '2026-01-10T00:00', '2026-01-10T12:15'],
    ['Pacific/Chatham', '2026-07-10T00:00', '2026-07-10T00:00', '2026-07-10T08:15'],
    ['America/St_Johns', '2026-01-10T00:30', '2026-01-10T11:30', '2026-01-11T00:30'],
    // Both sides of the date line.
    ['Pacific/Kiritimati', '2026-01-10T08:00', '2026-01-10T18:00', '2026-01-11T07:00'],
    ['Pacific/Pago_Pago', '2026-01-10T08:00', '2026-01-10T19:00', '2026-01-11T08:00'],
    // The weekend of the change: 23 and 25 hours from one opening to the next.
    ['America/New_York', '2026-03-08T02:00', '2026-03-08T12:00', '2026-03-09T01:00'],
    ['America/New_York', '2026-11-01T02:00', '2026-11-01T13:00', '2026-11-02T02:00'],
    ['Europe/London', '2026-03-29T00:00', '2026-03-29T07:00', '2026-03-29T20:00'],
    ['Australia/Lord_Howe', '2026-04-04T12:00', '2026-04-04T21:30', '2026-04-05T10:30'],
  ])('%s from %s: %s to %s UTC', (zone, from, opens, closes) => {
    const opening = nextOpening(LEGAL_HOURS, [zone], utc(from))
    expect(iso(opening)).toBe(opens)
    expect(iso(closesAt(LEGAL_HOURS, [zone], opening!))).toBe(closes)
  })
})

describe('several candidate zones', () => {
  const coasts = ['America/New_York', 'America/Los_Angeles']

  it('open only while all of them are open', () => {
    const opening = nextOpening(LEGAL_HOURS, coasts, utc('2026-07-01T12:00'))
    expect(iso(opening)).toBe('2026-07-01T15:00')
    expect(iso(closesAt(LEGAL_HOURS, coasts, opening!))).toBe('2026-07-02T01:00')
    expect(isAllowed(LEGAL_HOURS, coasts, utc('2026-07-01T14:59'))).toBe(false)
  })

  it('have no opening when their hours do not overlap, when there is none, or when a zone is not known', () => {
    expect(nextOpening({ from: 540, to: 600 }, coasts, utc('2026-07-01T12:00'))).toBeNull()
    expect(nextOpening(LEGAL_HOURS, ['Europe/London', 'Asia/Shanghai', 'America/Anchorage'], 0)).toBeNull()
    expect(nextOpening(LEGAL_HOURS, [], 0)).toBeNull()
    expect(isAllowed(LEGAL_HOURS, [], utc('2026-07-01T15:00'))).toBe(false)
    expect(nextOpening(LEGAL_HOURS, ['Mars/Olympus'], 0)).toBeNull()
    expect(isAllowed({ from: 0, to: 1440 }, ['Mars/Olympus'], 0)).toBe(false)
  })
})

describe('days of the week', () => {
  const weekdays: AllowedHours = { from: 480, to: 1260, days: [1, 2, 3, 4, 5] }

  it('are those of the recipient', () => {
    // Friday evening in New York is Saturday in UTC.
    expect(isAllowed(weekdays, ['America/New_York'], utc('2026-07-04T00:30'))).toBe(true)
    expect(iso(nextOpening(weekdays, ['America/New_York'], utc('2026-07-04T01:00')))).toBe('2026-07-06T12:00')
    // The day that Samoa left out.
    expect(iso(nextOpening({ from: 0, to: 1440, days: [5] }, ['Pacific/Apia'], utc('2011-12-29T12:00')))).toBe(
      '2012-01-05T10:00',
    )
  })
})

describe('the hour that is left out and the hour that comes twice', () => {
  const night: AllowedHours = { from: 60, to: 180 }
  const gap: AllowedHours = { from: 130, to: 170 }

  it('a window within the hour left out opens the next day', () => {
    expect(iso(nextOpening(gap, ['America/New_York'], utc('2026-03-08T00:00')))).toBe('2026-03-09T06:10')
  })

  it('a window that begins in it opens when the clock goes on', () => {
    expect(iso(nextOpening({ from: 150, to: 240 }, ['America/New_York'], utc('2026-03-08T06:00')))).toBe(
      '2026-03-08T07:00',
    )
  })

  it('a window over it is an hour shorter or longer', () => {
    expect(iso(closesAt(night, ['America/New_York'], utc('2026-03-08T06:00')))).toBe('2026-03-08T07:00')
    expect(iso(closesAt(night, ['America/New_York'], utc('2026-11-01T05:00')))).toBe('2026-11-01T08:00')
  })

  it('a window within the hour that comes twice opens twice', () => {
    const hours: AllowedHours = { from: 70, to: 80 }
    const first = nextOpening(hours, ['America/New_York'], utc('2026-11-01T04:00'))
    expect(iso(first)).toBe('2026-11-01T05:10')
    expect(iso(nextOpening(hours, ['America/New_York'], closesAt(hours, ['America/New_York'], first!)))).toBe(
      '2026-11-01T06:10',
    )
  })
})

describe('closesAt', () => {
  it('is the instant itself when nothing is allowed, and a week ahead when nothing closes', () => {
    const at = utc('2026-07-01T03:00')
    expect(closesAt(LEGAL_HOURS, ['America/New_York'], at)).toBe(at)
    expect(closesAt({ from: 0, to: 1440 }, ['America/New_York'], at)).toBe(at + 7 * DAY)
  })
})

describe('at any time, in any zones', () => {
  const zone = fc.constantFrom(
    ...['America/New_York', 'America/Los_Angeles', 'America/St_Johns', 'America/Sao_Paulo', 'America/Santiago'],
    ...['Europe/London', 'Europe/Berlin', 'Africa/Casablanca', 'Africa/Cairo', 'Asia/Tehran', 'Asia/Kolkata'],
    ...['Asia/Kathmandu', 'Asia/Gaza', 'Australia/Lord_Howe', 'Australia/Adelaide', 'Pacific/Chatham'],
    ...['Pacific/Apia', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Antarctica/Troll', 'UTC'],
  )
  const zones = fc.uniqueArray(zone, { minLength: 1, maxLength: 3 })
  const hours: fc.Arbitrary<AllowedHours> = fc
    .tuple(
      fc.integer({ min: 0, max: 1439 }),
      fc.integer({ min: 1, max: 1440 }),
      fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), { nil: undefined }),
    )
    .map(([a, b, days]) => ({ from: Math.min(a, b - 1), to: Math.max(a + 1, b), ...(days && { days }) }))
  // Half of the instants lie around changes of the clocks.
  const changes = ['2026-03-08T07:00', '2026-11-01T06:00', '2026-03-29T01:00', '2026-10-25T01:00', '2026-04-04T15:00']
  const at = fc.oneof(
    fc.integer({ min: utc('2005-01-01T00:00'), max: utc('2037-01-01T00:00') }),
    fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -30 * 3_600_000, max: 30 * 3_600_000 }))
      .map(([change, by]) => utc(change) + by),
  )

  it('is allowed exactly when the wall clock of every zone is within the hours', () => {
    fc.assert(
      fc.property(hours, zones, at, (h, z, t) => {
        expect(isAllowed(h, z, t)).toBe(allowedByClock(h, z, t))
      }),
      { numRuns: 3000 },
    )
  })

  it('opens at the first instant that is allowed', () => {
    fc.assert(
      fc.property(hours, zones, at, (h, z, t) => {
        const opening = nextOpening(h, z, t)
        // Looking at each minute of the days ahead finds the same; windows begin on whole minutes.
        const ahead = Math.min(opening ?? Number.POSITIVE_INFINITY, t + 3 * DAY)
        for (let minute = t; minute < ahead; minute += 7 * MINUTE) expect(allowedByClock(h, z, minute)).toBe(false)
        if (opening === null) return
        expect(allowedByClock(h, z, opening)).toBe(true)
        if (opening > t) {
          expect(allowedByClock(h, z, opening - 1)).toBe(false)
          expect(opening % MINUTE).toBe(0)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('closes at the first instant that is not, and stays open until then', () => {
    fc.assert(
      fc.property(hours, zones, at, (h, z, t) => {
        fc.pre(isAllowed(h, z, t))
        const closing = closesAt(h, z, t)
        expect(closing).toBeGreaterThan(t)
        for (let minute = t; minute < Math.min(closing, t + DAY); minute += 7 * MINUTE) {
          expect(allowedByClock(h, z, minute)).toBe(true)
        }
        expect(allowedByClock(h, z, closing - 1)).toBe(true)
        if (closing < t + 7 * DAY) expect(allowedByClock(h, z, closing)).toBe(false)
      }),
      { numRuns: 400 },
    )
  })
})

describe('hours in words', () => {
  it.each([
    ['08:00-21:00', { from: 480, to: 1260 }],
    ['9 - 20:30', { from: 540, to: 1230 }],
    ['0-24', { from: 0, to: 1440 }],
    ['21-8', undefined],
    ['8:60-9', undefined],
    ['8-25', undefined],
    ['morning', undefined],
  ])('%s', (text, hours) => expect(parseHours(text)).toEqual(hours))

  it('are written back, with the days', () => {
    expect(formatHours(LEGAL_HOURS)).toBe('08:00-21:00')
    expect(formatHours({ from: 545, to: 1440, days: [7, 1] })).toBe('09:05-24:00 Mon Sun')
  })

  it('say what is wrong, and when they are wider than the law', () => {
    expect(hoursProblem(LEGAL_HOURS)).toBeUndefined()
    expect(hoursProblem({ from: 600, to: 600 })).toMatch(/end after they begin/)
    expect(hoursProblem({ from: -1, to: 600 })).toMatch(/00:00 to 24:00/)
    expect(hoursProblem({ from: 480, to: 600, days: [] })).toMatch(/at least one day/)
    expect(hoursProblem({ from: 480, to: 600, days: [0] })).toMatch(/1 \(Monday\)/)
    expect(isWiderThanLegal(LEGAL_HOURS)).toBe(false)
    expect(isWiderThanLegal({ from: 479, to: 1260 })).toBe(true)
    expect(isWiderThanLegal({ from: 480, to: 1261 })).toBe(true)
  })
})
