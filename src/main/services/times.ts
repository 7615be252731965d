import type { Hours } from '../../shared/operations/common.ts'
import { type HolidayCalendar, type Timetable, timetableOf } from '../domain/timetable.ts'

/** Gives the timetable of some hours: with the holidays and the stricter hours of states that they ask for. */
export type Times = (hours: Hours) => Timetable

/** Hours that are kept: those of the settings and of every campaign under way. */
const KEPT = 200

/** The same hours get the same timetable, which remembers the days that were asked for. */
export function createTimes(calendar: HolidayCalendar): Times {
  const known = new Map<string, Timetable>()
  return hours => {
    const key = JSON.stringify(hours)
    let times = known.get(key)
    if (!times) {
      times = timetableOf(hours, calendar)
      if (known.size >= KEPT) known.clear()
      known.set(key, times)
    }
    return times
  }
}
