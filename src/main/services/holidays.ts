import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { HolidayCalendar, HolidayKind } from '../domain/timetable.ts'

/** What is used of date-holidays. */
interface Library {
  new (country: string, state?: string): { getHolidays(year: number): readonly Holiday[] }
}
interface Holiday {
  /** Local date and time at which it begins: `2026-12-25 00:00:00`. */
  readonly date: string
  readonly start: Date
  readonly end: Date
  readonly type: string
  readonly name: string
}

const DAY = 86_400_000
/** Areas and years that are kept: all states and countries that a campaign may reach, for two years. */
const KEPT = 1_000

/**
 * Holidays by the data of date-holidays. The package is loaded when somebody asks for the first time, since most hubs
 * never do; after that each country or state is worked out once a year.
 */
export function createHolidays(load: () => Library = loadLibrary): HolidayCalendar {
  const known = new Map<string, ReadonlyMap<number, readonly Named[]>>()
  let library: Library | undefined
  return {
    holidayOn: (area, day, kinds) => {
      const year = new Date(day * DAY).getUTCFullYear()
      const key = `${area} ${year}`
      let days = known.get(key)
      if (!days) {
        library ??= load()
        days = daysOf(library, area, year)
        if (known.size >= KEPT) known.clear()
        known.set(key, days)
      }
      return days.get(day)?.find(holiday => kinds.includes(holiday.kind))?.name
    },
  }
}

interface Named {
  readonly kind: HolidayKind
  readonly name: string
}

/** A country or state that the data does not have has no holidays; a state's are those of its country and its own. */
function daysOf(library: Library, area: string, year: number): Map<number, Named[]> {
  const days = new Map<number, Named[]>()
  const [country = '', state] = area.split('-')
  // One that began in the last days of the year before may go on.
  const list = [year - 1, year].flatMap(each => new library(country, state).getHolidays(each) ?? [])
  for (const { date, start, end, type, name } of list) {
    const first = Date.parse(`${date.slice(0, 10)}T00:00Z`) / DAY
    const hours = (end.getTime() - start.getTime()) / 3_600_000
    // One that begins in the evening belongs to the day it ends on too. A day with a change of the clocks has 23 or 25 hours.
    const begins = Number(date.slice(11, 13))
    const last = first + Math.max(1, Math.round((begins + hours) / 24)) - 1
    for (let day = first; day <= last; day += 1) {
      const named = days.get(day) ?? []
      named.push({ kind: type as HolidayKind, name })
      days.set(day, named)
    }
  }
  return days
}

/** A build has it beside its own files; in the sources it is the package. */
function loadLibrary(): Library {
  const built = ['./holiday-library.mjs', '../holiday-library.mjs'].map(path => new URL(path, import.meta.url))
  const file = built.find(url => existsSync(url))
  const loaded = createRequire(import.meta.url)(file ? fileURLToPath(file) : 'date-holidays') as
    | Library
    | { default: Library }
  return 'default' in loaded ? loaded.default : loaded
}
