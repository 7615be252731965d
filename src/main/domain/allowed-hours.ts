import { offsetSpanAt } from './zones/offsets.ts'

/**
 * When messages may be attempted, by the wall clock of the recipient. Minutes since midnight, 0 to 1440: `from` is the
 * first minute allowed, `to` the first one that is not any more. Days as in ISO 8601, 1 for Monday to 7 for Sunday;
 * absent means every day. Hours over midnight are not possible.
 */
export interface AllowedHours {
  readonly from: number
  readonly to: number
  readonly days?: readonly number[]
}

/** 8:00 to 21:00 at the called party's location: 47 CFR 64.1200(c)(1). */
export const LEGAL_HOURS: AllowedHours = { from: 8 * 60, to: 21 * 60 }

const MINUTE = 60_000
const DAY = 86_400_000
/** An overlap that opens at no time in a year (and some days, for leap years) does not open. */
const HORIZON = 370 * DAY
/** Hours that never close still give an end, since every command to a phone carries one. */
const LONGEST_WINDOW = 7 * DAY

/**
 * Whether a message may be attempted now. With several candidate zones every one of them must allow it; without any
 * the recipient's time is not known and nothing is allowed.
 * @param at milliseconds since 1970
 */
export function isAllowed(hours: AllowedHours, zones: readonly string[], at: number): boolean {
  for (const zone of zones) {
    const span = offsetSpanAt(zone, at)
    if (!span || !isWithin(hours, at + span.offset)) return false
  }
  return zones.length > 0
}

/**
 * The first instant at or after `at` that is allowed in every zone, or null when there is none within a year: no zone,
 * or zones so far apart that their hours do not overlap (`zone_ambiguous` at review).
 */
export function nextOpening(hours: AllowedHours, zones: readonly string[], at: number): number | null {
  if (zones.length === 0) return null
  const limit = at + HORIZON
  let candidate = at
  // Each zone in turn moves the candidate on to its own hours, until a whole round leaves it where it is.
  for (let settled = 0, i = 0; settled < zones.length; i = (i + 1) % zones.length) {
    const opening = openingIn(hours, zones[i]!, candidate, limit)
    if (opening === null) return null
    settled = opening === candidate ? settled + 1 : 1
    candidate = opening
  }
  return candidate
}

/**
 * The end of the window that is open at `at`: the first instant after it that is not allowed in every zone. At most
 * seven days ahead; `at` itself when nothing is allowed then.
 */
export function closesAt(hours: AllowedHours, zones: readonly string[], at: number): number {
  if (!isAllowed(hours, zones, at)) return at
  return zones.reduce((end, zone) => closingIn(hours, zone, at, end), at + LONGEST_WINDOW)
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
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  const days = hours.days && [...new Set(hours.days)].sort((a, b) => a - b)
  const named = days && days.length < 7 ? ` ${days.map(day => WEEKDAYS[day - 1]).join(' ')}` : ''
  return `${clock(hours.from)}-${clock(hours.to)}${named}`
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function isWithin(hours: AllowedHours, local: number): boolean {
  const day = Math.floor(local / DAY)
  const time = local - day * DAY
  return time >= hours.from * MINUTE && time < hours.to * MINUTE && isOnDay(hours, day)
}

/** @param day local days since 1970, which began on a Thursday */
function isOnDay(hours: AllowedHours, day: number): boolean {
  return !hours.days || hours.days.includes(((((day + 3) % 7) + 7) % 7) + 1)
}

function openingIn(hours: AllowedHours, zone: string, at: number, limit: number): number | null {
  for (let from = at; from < limit; ) {
    const span = offsetSpanAt(zone, from)
    if (!span) return null
    const local = openingBetween(hours, from + span.offset, span.until + span.offset)
    if (local !== null) return local - span.offset
    from = span.until
  }
  return null
}

/** The first allowed local time in a stretch of plain local time. */
function openingBetween(hours: AllowedHours, start: number, end: number): number | null {
  for (let day = Math.floor(start / DAY); day * DAY < end; day++) {
    if (!isOnDay(hours, day)) continue
    const opens = Math.max(start, day * DAY + hours.from * MINUTE)
    if (opens < day * DAY + hours.to * MINUTE && opens < end) return opens
  }
  return null
}

/** The first instant after `at`, where the zone allows it, at which it does not; `limit` when that is later. */
function closingIn(hours: AllowedHours, zone: string, at: number, limit: number): number {
  for (let from = at; from < limit; ) {
    const span = offsetSpanAt(zone, from)
    if (!span || !isWithin(hours, from + span.offset)) return from
    const midnight = Math.floor((from + span.offset) / DAY) * DAY
    const closes = midnight + hours.to * MINUTE - span.offset
    // At the end of the stretch the clocks may change; at midnight hours until 24:00 may go on.
    from = Math.min(closes, span.until)
  }
  return limit
}
