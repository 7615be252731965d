import { cityOf, partsOf } from './places/places.ts'
import { REGIONAL_HOURS, weekdayOf } from './places/regional-hours.ts'
import type { AllowedHours, Timetable } from './timetable.ts'
import { offsetSpanAt } from './zones/offsets.ts'

export type { AllowedHours } from './timetable.ts'

/** 8:00 to 21:00 at the called party's location: 47 CFR 64.1200(c)(1). */
export const LEGAL_HOURS: AllowedHours = { from: 8 * 60, to: 21 * 60 }

const MINUTE = 60_000
const DAY = 86_400_000
/** An overlap that opens at no time in a year (and some days, for leap years) does not open. */
const HORIZON = 370 * DAY
/** Hours that never close still give an end, since every command to a phone carries one. */
const LONGEST_WINDOW = 7 * DAY

/**
 * Whether a message may be attempted now. With several candidate places every one of them must allow it; without any
 * the recipient's time is not known and nothing is allowed.
 * @param places zones, or zones with their states (`placeOf`)
 * @param at milliseconds since 1970
 */
export function isAllowed(times: Timetable, places: readonly string[], at: number): boolean {
  for (const place of places) if (!isOpen(times, place, at)) return false
  return places.length > 0
}

/**
 * The first instant at or after `at` that is allowed in every place, or null when there is none within a year: no place,
 * or places so far apart that their hours do not overlap (`zone_ambiguous` at review).
 */
export function nextOpening(times: Timetable, places: readonly string[], at: number): number | null {
  if (places.length === 0) return null
  const limit = at + HORIZON
  let candidate = at
  // Each place in turn moves the candidate on to its own hours, until a whole round leaves it where it is.
  for (let settled = 0, i = 0; settled < places.length; i = (i + 1) % places.length) {
    const opening = openingIn(times, places[i]!, candidate, limit)
    if (opening === null) return null
    settled = opening === candidate ? settled + 1 : 1
    candidate = opening
  }
  return candidate
}

/**
 * The end of the window that is open at `at`: the first instant after it that is not allowed in every place. At most
 * seven days ahead; `at` itself when nothing is allowed then.
 */
export function closesAt(times: Timetable, places: readonly string[], at: number): number {
  if (!isAllowed(times, places, at)) return at
  return places.reduce((end, place) => closingIn(times, place, at, end), at + LONGEST_WINDOW)
}

/** Why something waits for an opening: at which clock it opens, and what keeps it until then. */
export interface Hold {
  /** The zone of the place that opens last. */
  readonly zone: string
  /** A part of a sentence, such as "it is before 08:00 in Chicago". */
  readonly because: string
}

/**
 * Why nothing may be attempted at `at`, for the person who wonders. Undefined when it may, or when nobody knows where
 * the recipient is.
 * @param until the next opening
 */
export function holdOf(times: Timetable, places: readonly string[], at: number, until: number): Hold | undefined {
  const closed = places.find(place => !isOpen(times, place, at))
  if (closed === undefined) return undefined
  const last = places.find(place => !isOpen(times, place, until - 1)) ?? closed
  const cities = [...new Set(places.map(place => cityOf(partsOf(place).zone)))]
  const several =
    cities.length > 1
      ? `; they may be in ${cities.slice(0, -1).join(', ')} or ${cities.at(-1)}, and all must allow it`
      : ''
  return { zone: partsOf(last).zone, because: `${closedBecause(times, closed, at)}${several}` }
}

function closedBecause(times: Timetable, place: string, at: number): string {
  const { zone, region } = partsOf(place)
  const span = offsetSpanAt(zone, at)
  if (!span) return `${zone} is not known as a time zone here`
  const day = Math.floor((at + span.offset) / DAY)
  const { from, to, by, name } = times.on(place, day)
  const city = cityOf(zone)
  if (by === 'holiday') return `${name} is a holiday in ${city}`
  if (by === 'day') return `${DAYS[weekdayOf(day) - 1]} in ${city} is none of the allowed days`
  const rule = by === 'region' && region !== null ? REGIONAL_HOURS[region] : undefined
  if (rule && from >= to) return `${rule.name} allows none on ${DAYS[weekdayOf(day) - 1]} (${rule.source})`
  const isEarly = at + span.offset - day * DAY < from * MINUTE
  const clock = `it is ${isEarly ? 'before' : 'after'} ${clockText(isEarly ? from : to)} in ${city}`
  const ruled = rule && (isEarly ? from > times.hours.from : to < times.hours.to)
  return ruled ? `${clock}, where ${rule.name} ${isEarly ? 'begins' : 'ends'} (${rule.source})` : clock
}

/** What is wrong with hours, as a sentence for the operator; undefined when they can be used. */
export function hoursProblem(hours: AllowedHours): string | undefined {
  const { from, to, days } = hours
  if (![from, to].every(minute => Number.isInteger(minute) && minute >= 0 && minute <= 1440)) {
    return 'Allowed hours are given from 00:00 to 24:00.'
  }
  if (from >= to) return 'Allowed hours must end after they begin, on the same day.'
  if (days?.length === 0) return 'Allowed hours need at least one day of the week.'
  if (days?.some(day => !Number.isInteger(day) || day < 1 || day > 7)) return 'Days go from 1 (Monday) to 7 (Sunday).'
  return undefined
}

/** Whether hours go beyond the legal ones, which needs a reason that the operator states. */
export function isWiderThanLegal(hours: AllowedHours): boolean {
  return hours.from < LEGAL_HOURS.from || hours.to > LEGAL_HOURS.to
}

/** Reads `08:00-21:00` or `9-20:30`; undefined when it is something else or cannot be used. */
export function parseHours(text: string): AllowedHours | undefined {
  const match = /^\s*(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?\s*$/.exec(text)
  if (!match) return undefined
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(part => Number(part ?? 0))
  if (fromMinute > 59 || toMinute > 59) return undefined
  const hours = { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute }
  return hoursProblem(hours) ? undefined : hours
}

/** Writes hours as `08:00-21:00`, with the days where they are not all: `08:00-21:00 Mon Tue`. */
export function formatHours(hours: AllowedHours): string {
  const days = hours.days && [...new Set(hours.days)].sort((a, b) => a - b)
  const named = days && days.length < 7 ? ` ${days.map(day => WEEKDAYS[day - 1]).join(' ')}` : ''
  return `${clockText(hours.from)}-${clockText(hours.to)}${named}`
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

function isOpen(times: Timetable, place: string, at: number): boolean {
  const span = offsetSpanAt(partsOf(place).zone, at)
  return span !== undefined && isWithin(times, place, at + span.offset)
}

function isWithin(times: Timetable, place: string, local: number): boolean {
  const day = Math.floor(local / DAY)
  const time = local - day * DAY
  const { from, to } = times.on(place, day)
  return time >= from * MINUTE && time < to * MINUTE
}

function openingIn(times: Timetable, place: string, at: number, limit: number): number | null {
  const { zone } = partsOf(place)
  for (let from = at; from < limit; ) {
    const span = offsetSpanAt(zone, from)
    if (!span) return null
    const local = openingBetween(times, place, from + span.offset, span.until + span.offset)
    if (local !== null) return local - span.offset
    from = span.until
  }
  return null
}

/** The first allowed local time in a stretch of plain local time. */
function openingBetween(times: Timetable, place: string, start: number, end: number): number | null {
  for (let day = Math.floor(start / DAY); day * DAY < end; day++) {
    const { from, to } = times.on(place, day)
    const opens = Math.max(start, day * DAY + from * MINUTE)
    if (opens < day * DAY + to * MINUTE && opens < end) return opens
  }
  return null
}

/** The first instant after `at`, where the place allows it, at which it does not; `limit` when that is later. */
function closingIn(times: Timetable, place: string, at: number, limit: number): number {
  const { zone } = partsOf(place)
  for (let from = at; from < limit; ) {
    const span = offsetSpanAt(zone, from)
    if (!span || !isWithin(times, place, from + span.offset)) return from
    const day = Math.floor((from + span.offset) / DAY)
    const closes = day * DAY + times.on(place, day).to * MINUTE - span.offset
    // At the end of the stretch the clocks may change; at midnight hours until 24:00 may go on.
    from = Math.min(closes, span.until)
  }
  return limit
}
