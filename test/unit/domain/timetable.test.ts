import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closesAt, holdOf, isAllowed, nextOpening } from '../../../src/main/domain/allowed-hours.ts'
import { REGIONAL_HOURS } from '../../../src/main/domain/places/regional-hours.ts'
import { type AllowedHours, type HolidayCalendar, timetableOf } from '../../../src/main/domain/timetable.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const ALL: AllowedHours = { from: 480, to: 1260 }
const utc = (text: string) => Date.parse(`${text}Z`)
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(0, 16))
const NEVER: HolidayCalendar = { holidayOn: () => undefined }

/** Holidays by area and local date. */
function calendar(days: Readonly<Record<string, string>>): HolidayCalendar {
  return {
    holidayOn: (area, day, kinds) =>
      kinds.includes('public') ? days[`${area} ${new Date(day * DAY).toISOString().slice(0, 10)}`] : undefined,
  }
}

describe('the hours of states', () => {
  const times = timetableOf(ALL, NEVER)

  it.each([
    ['Florida closes at 20:00', 'America/New_York@US-FL', '2026-07-01T23:59', true],
    ['Florida is closed from 20:00', 'America/New_York@US-FL', '2026-07-02T00:00', false],
    ['Georgia is not', 'America/New_York@US-GA', '2026-07-02T00:00', true],
    ['the west of Florida goes by its own clock', 'America/Chicago@US-FL', '2026-07-02T00:30', true],
    ['Texas opens at noon on Sundays', 'America/Chicago@US-TX', '2026-07-05T16:30', false],
    ['Texas is open from noon', 'America/Chicago@US-TX', '2026-07-05T17:00', true],
    ['Texas opens at 9:00 on Mondays', 'America/Chicago@US-TX', '2026-07-06T13:30', false],
    ['Rhode Island has no Sunday', 'America/New_York@US-RI', '2026-07-05T17:00', false],
  ])('%s', (_, place, at, allowed) => expect(isAllowed(times, [place], utc(at))).toBe(allowed))

  it('can be left out, and never widen the hours of the operator', () => {
    const plain = timetableOf({ ...ALL, regional: false }, NEVER)
    expect(isAllowed(plain, ['America/New_York@US-FL'], utc('2026-07-02T00:30'))).toBe(true)
    const narrow = timetableOf({ from: 600, to: 720 }, NEVER)
    for (const region of Object.keys(REGIONAL_HOURS)) {
      expect(isAllowed(narrow, [`America/New_York@${region}`], utc('2026-07-01T13:30'))).toBe(false)
      expect(isAllowed(narrow, [`America/New_York@${region}`], utc('2026-07-01T16:30'))).toBe(false)
    }
  })
})

describe('holidays', () => {
  const times = timetableOf(
    { ...ALL, holidays: ['public'] },
    calendar({ 'DE 2026-10-03': 'Tag der Deutschen Einheit', 'US-TX 2026-07-03': 'Independence Day' }),
  )

  it('close the whole day at the recipient', () => {
    // Friday evening in Berlin: the next day is one, and Sunday is open.
    expect(iso(nextOpening(times, ['Europe/Berlin'], utc('2026-10-02T19:00')))).toBe('2026-10-04T06:00')
    expect(isAllowed(times, ['Europe/Berlin'], utc('2026-10-03T12:00'))).toBe(false)
    expect(isAllowed(times, ['Europe/Vienna'], utc('2026-10-03T12:00'))).toBe(true)
    expect(isAllowed(times, ['America/Chicago@US-TX'], utc('2026-07-03T17:00'))).toBe(false)
    expect(isAllowed(times, ['America/Chicago@US-IL'], utc('2026-07-03T17:00'))).toBe(true)
  })

  it('hold where one of the candidates has one', () => {
    expect(isAllowed(times, ['Europe/Vienna', 'Europe/Berlin'], utc('2026-10-03T12:00'))).toBe(false)
  })

  it('are not asked for where none are kept', () => {
    const asked: string[] = []
    const spy: HolidayCalendar = { holidayOn: area => void asked.push(area) as undefined }
    expect(isAllowed(timetableOf(ALL, spy), ['Europe/Berlin'], utc('2026-10-03T12:00'))).toBe(true)
    expect(asked).toEqual([])
  })
})

describe('why something is held', () => {
  const times = timetableOf(
    { ...ALL, days: [1, 2, 3, 4, 5, 6], holidays: ['public'] },
    calendar({ 'DE 2026-12-25': 'Weihnachten' }),
  )
  const because = (places: string[], at: string) => {
    const now = utc(at)
    return holdOf(times, places, now, nextOpening(times, places, now)!)
  }

  it.each([
    [['America/Chicago'], '2026-07-01T10:00', 'America/Chicago', 'it is before 08:00 in Chicago'],
    [['America/Chicago'], '2026-07-02T03:00', 'America/Chicago', 'it is after 21:00 in Chicago'],
    [['Europe/Berlin'], '2026-07-05T10:00', 'Europe/Berlin', 'Sunday in Berlin is none of the allowed days'],
    [['Europe/Berlin'], '2026-12-25T10:00', 'Europe/Berlin', 'Weihnachten is a holiday in Berlin'],
    [
      ['America/New_York@US-FL'],
      '2026-07-02T00:30',
      'America/New_York',
      'it is after 20:00 in New York, where Florida ends (Fla. Stat. 501.616(6)(a))',
    ],
    [
      ['America/New_York@US-RI'],
      '2026-07-02T00:30',
      'America/New_York',
      'it is after 18:00 in New York, where Rhode Island ends (R.I. Gen. Laws 5-61-3.6)',
    ],
    [
      ['America/New_York', 'America/Los_Angeles'],
      '2026-07-01T13:00',
      'America/Los_Angeles',
      'it is before 08:00 in Los Angeles; they may be in New York or Los Angeles, and all must allow it',
    ],
  ])('%s at %s', (places, at, zone, text) => expect(because(places, at)).toEqual({ zone, because: text }))

  it('is nothing while it is allowed', () => {
    expect(holdOf(times, ['America/Chicago'], utc('2026-07-01T15:00'), utc('2026-07-02T13:00'))).toBeUndefined()
    expect(holdOf(times, [], utc('2026-07-01T15:00'), 0)).toBeUndefined()
  })
})

describe('at any instant, in any places, whatever is kept', () => {
  const zones = [
    ...['Asia/Kolkata', 'Australia/Eucla', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kathmandu'],
    ...['Pacific/Chatham', 'America/New_York', 'Europe/London', 'Africa/Casablanca', 'America/Santiago'],
  ]
  const regions = [null, null, ...Object.keys(REGIONAL_HOURS)]
  const place = fc
    .tuple(fc.constantFrom(...zones), fc.constantFrom(...regions))
    .map(([zone, region]) => (region === null ? zone : `${zone}@${region}`))
  const places = fc.uniqueArray(place, { minLength: 1, maxLength: 3 })
  const hours = fc
    .record({
      from: fc.integer({ min: 0, max: 1100 }),
      length: fc.integer({ min: 1, max: 340 }),
      holidays: fc.constantFrom(undefined, ['public' as const]),
      regional: fc.constantFrom(undefined, true, false),
    })
    .map(({ from, length, ...rest }): AllowedHours => ({ from, to: from + length, ...rest }))
  /** Every third day of the calendar is one, differently by area. */
  const odd: HolidayCalendar = {
    holidayOn: (area, day) => ((day + area.charCodeAt(0)) % 3 === 0 ? 'Odd day' : undefined),
  }
  // Changes of the clocks on both sides of the earth, one of half an hour.
  const changes = [
    ...['2026-03-08T07:00', '2026-11-01T06:00', '2026-03-29T01:00', '2026-10-25T01:00', '2026-04-04T15:00'],
    ...['2026-10-03T15:30', '2026-04-05T03:00', '2026-02-15T02:00', '2026-03-22T02:00'],
  ]
  const at = fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -40 * HOUR, max: 40 * HOUR }))
    .map(([change, by]) => utc(change) + by)

  function clockSays(rules: AllowedHours, where: string, t: number): boolean {
    const [zone = '', region] = where.split('@')
    const parts = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    }).formatToParts(t)
    const of = (type: string) => parts.find(part => part.type === type)!.value
    const minute = Number(of('hour')) * 60 + Number(of('minute'))
    if (minute < rules.from || minute >= rules.to) return false
    const day = Date.parse(`${of('year')}-${of('month')}-${of('day')}T00:00Z`) / DAY
    if (rules.holidays && odd.holidayOn(region ?? country(zone), day, rules.holidays)) return false
    const rule = rules.regional === false || region === undefined ? undefined : REGIONAL_HOURS[region]
    if (!rule) return true
    const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(of('weekday')) + 1
    const except = rule.except?.[weekday]
    if (except === null) return false
    const { from, to } = except ?? rule
    return minute >= from && minute < to
  }

  const COUNTRIES: Readonly<Record<string, string>> = {
    ...{ 'Asia/Kolkata': 'IN', 'Australia/Eucla': 'AU', 'Australia/Lord_Howe': 'AU', 'America/St_Johns': 'CA' },
    ...{ 'Asia/Kathmandu': 'NP', 'Pacific/Chatham': 'NZ', 'America/New_York': 'US', 'Europe/London': 'GB' },
    ...{ 'Africa/Casablanca': 'MA', 'America/Santiago': 'CL' },
  }
  const country = (zone: string) => COUNTRIES[zone]!

  it('is allowed exactly when every clock, holiday and state allows it', () => {
    fc.assert(
      fc.property(hours, places, at, (h, p, t) => {
        expect(isAllowed(timetableOf(h, odd), p, t)).toBe(p.every(where => clockSays(h, where, t)))
      }),
      { numRuns: 1500 },
    )
  })

  it('opens only at allowed instants, the first of them, and closes before the first that is not', () => {
    fc.assert(
      fc.property(hours, places, at, (h, p, t) => {
        const times = timetableOf(h, odd)
        const opening = nextOpening(times, p, t)
        if (opening === null) return
        expect(p.every(where => clockSays(h, where, opening))).toBe(true)
        if (opening > t) expect(p.every(where => clockSays(h, where, opening - 1))).toBe(false)
        const closing = closesAt(times, p, opening)
        expect(p.every(where => clockSays(h, where, closing - 1))).toBe(true)
        if (closing < opening + 7 * DAY) expect(p.every(where => clockSays(h, where, closing))).toBe(false)
        if (opening > t) expect(holdOf(times, p, t, opening)?.because).toMatch(/\S/)
      }),
      { numRuns: 300 },
    )
  })
})
