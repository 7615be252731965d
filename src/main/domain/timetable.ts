import { countryOf, partsOf } from './places/places.ts'
import { regionalHoursOn, weekdayOf } from './places/regional-hours.ts'

/**
 * When messages may be attempted, by the wall clock of the recipient. Minutes since midnight, 0 to 1440: `from` is the
 * first minute allowed, `to` the first one that is not any more. Days as in ISO 8601, 1 for Monday to 7 for Sunday;
 * absent means every day. Hours over midnight are not possible.
 */
export interface AllowedHours {
  readonly from: number
  readonly to: number
  readonly days?: readonly number[]
  /** Kinds of holidays at the recipient on which nothing goes; absent: none. */
  readonly holidays?: readonly HolidayKind[] | undefined
  /** False: stricter hours of states are not kept. */
  readonly regional?: boolean | undefined
}

export type HolidayKind = 'public' | 'bank' | 'optional' | 'school' | 'observance'

/** What is known of holidays. */
export interface HolidayCalendar {
  /**
   * The name of a holiday of one of these kinds, or undefined.
   * @param area a country (`DE`) or a state (`US-TX`)
   * @param day local days since 1970
   */
  holidayOn(area: string, day: number, kinds: readonly HolidayKind[]): string | undefined
}

/** The hours of one local day at one place, and what they come from where the day is closed or shorter than usual. */
export interface DayHours {
  readonly from: number
  /** Not later than `from`: nothing is allowed that day. */
  readonly to: number
  readonly by: 'hours' | 'day' | 'holiday' | 'region'
  /** Of a holiday. */
  readonly name?: string
}

/** Hours with all that narrows them, asked by place and day. */
export interface Timetable {
  readonly hours: AllowedHours
  on(place: string, day: number): DayHours
}

/** Days kept per place, so that a process that runs for years does not grow. */
const DAYS_KEPT = 2_000

/**
 * Puts the rules together: the operator's hours and days, the holidays that are to be kept, and the stricter hours of
 * states. The answer for a day is the overlap of them all.
 */
export function timetableOf(hours: AllowedHours, calendar: HolidayCalendar): Timetable {
  const places = new Map<string, Map<number, DayHours>>()
  return {
    hours,
    on: (place, day) => {
      let days = places.get(place)
      if (!days) {
        days = new Map()
        places.set(place, days)
      }
      let known = days.get(day)
      if (!known) {
        known = dayAt(hours, calendar, place, day)
        if (days.size >= DAYS_KEPT) days.clear()
        days.set(day, known)
      }
      return known
    },
  }
}

/** Hours by themselves: neither holidays nor states narrow them. */
export function plainTimetable(hours: AllowedHours): Timetable {
  const open: DayHours = { from: hours.from, to: hours.to, by: 'hours' }
  return { hours, on: (_place, day) => (isOnDay(hours, day) ? open : CLOSED) }
}

const CLOSED: DayHours = { from: 0, to: 0, by: 'day' }

function dayAt(hours: AllowedHours, calendar: HolidayCalendar, place: string, day: number): DayHours {
  if (!isOnDay(hours, day)) return CLOSED
  const parts = partsOf(place)
  const kinds = hours.holidays ?? []
  const area = kinds.length === 0 ? null : (parts.region ?? countryOf(parts))
  const holiday = area === null ? undefined : calendar.holidayOn(area, day, kinds)
  if (holiday !== undefined) return { from: 0, to: 0, by: 'holiday', name: holiday }
  const state = hours.regional === false || parts.region === null ? undefined : regionalHoursOn(parts.region, day)
  if (state === undefined) return { from: hours.from, to: hours.to, by: 'hours' }
  if (state === null) return { from: 0, to: 0, by: 'region' }
  const from = Math.max(hours.from, state.from)
  const to = Math.min(hours.to, state.to)
  return { from, to, by: from > hours.from || to < hours.to ? 'region' : 'hours' }
}

function isOnDay(hours: AllowedHours, day: number): boolean {
  return !hours.days || hours.days.includes(weekdayOf(day))
}
