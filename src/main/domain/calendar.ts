import { offsetSpanAt } from './zones/offsets.ts'

export type CalendarUnit = 'hour' | 'day' | 'week' | 'month'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/**
 * The first instant of the hour, day, week (from Monday on, ISO 8601) or month of a zone that holds `at`. Milliseconds since
 * 1970. Where the clocks skip midnight, a day begins when they have.
 * @param zone an IANA zone that this computer knows (`zoneNamed`)
 */
export function startOf(unit: CalendarUnit, zone: string, at: number): number {
  const offset = offsetAt(zone, at)
  const local = at + offset
  if (unit === 'hour') return at - modulo(local, HOUR)
  return instantOf(zone, startOfLocal(unit, local))
}

/** The first instant of the next one. `start`: of a unit, as `startOf` gives it. */
export function nextAfter(unit: CalendarUnit, zone: string, start: number): number {
  if (unit === 'hour') return start + HOUR
  // From the middle of the first day on: a change of the clocks is hours long at most.
  const local = startOfLocal('day', start + 12 * HOUR + offsetAt(zone, start + 12 * HOUR))
  if (unit !== 'month') return instantOf(zone, local + (unit === 'day' ? 1 : 7) * DAY)
  const date = new Date(local)
  return instantOf(zone, Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1))
}

/** The calendar date of an instant in a zone: `2026-01-31`. */
export function dateIn(zone: string, at: number): string {
  return new Date(at + offsetAt(zone, at)).toISOString().slice(0, 10)
}

/** Date and time to the minute, by the clock of a zone: `2026-01-31 18:00`. */
export function minuteIn(zone: string, at: number): string {
  return new Date(at + offsetAt(zone, at)).toISOString().slice(0, 16).replace('T', ' ')
}

function startOfLocal(unit: 'day' | 'week' | 'month', local: number): number {
  const day = local - modulo(local, DAY)
  if (unit === 'day') return day
  const date = new Date(day)
  if (unit === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  return day - ((date.getUTCDay() + 6) % 7) * DAY
}

/** The first instant at which the clock of a zone shows `local`, or has skipped it. */
function instantOf(zone: string, local: number): number {
  const candidates = [local - offsetAt(zone, local - DAY), local - offsetAt(zone, local + DAY)]
  const reached = candidates.filter(at => at + offsetAt(zone, at) >= local)
  return Math.min(...reached)
}

function offsetAt(zone: string, at: number): number {
  const span = offsetSpanAt(zone, at)
  if (!span) throw new Error(`there is no zone ${zone}`)
  return span.offset
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
