import { closesAt, isAllowed, nextOpening } from './allowed-hours.ts'
import type { Timetable } from './timetable.ts'
import { offsetSpanAt } from './zones/offsets.ts'

/** Messages alike in what counts here. */
export interface ForecastGroup {
  /** Candidate places of the recipients. */
  readonly zones: readonly string[]
  readonly count: number
  /** Segments of each message. */
  readonly segments: number
}

/** What one SIM may send. Null and absent mean: no such limit. */
export interface ForecastLane {
  /** Segments in any stretch of `windowMs`. */
  readonly windows: readonly { readonly segments: number; readonly windowMs: number }[]
  /** Segments in any 24 hours. */
  readonly dailyCap?: number | null
  /** Different recipients it may still text before earlier ones are 30 days old. */
  readonly recipientsLeft?: number | null
  /** Different recipients in 30 days. */
  readonly recipientsPerMonth?: number | null
  /** The mean pause between two sends. */
  readonly pauseMsBetween: number
}

export interface ForecastInput {
  readonly messages: readonly ForecastGroup[]
  readonly lanes: readonly ForecastLane[]
  readonly times: Timetable
  /** When sending begins, in milliseconds since 1970. */
  readonly from: number
  /** When the campaign expires; what is not sent by then stays unsent. */
  readonly until?: number | null
  /** The zone in which days are counted; UTC when absent. */
  readonly zone?: string
}

export interface ForecastDay {
  readonly date: string
  readonly messages: number
  readonly perLane: readonly number[]
}

/** What slows a campaign most, or keeps it from ending. */
export type ForecastLimit =
  | 'nothing'
  | 'hours'
  | 'rate'
  | 'pause'
  | 'daily_cap'
  | 'recipients'
  | 'expiry'
  | 'no_lanes'
  | 'no_opening'

export interface Forecast {
  /** When the last message leaves, or null when some are never sent: within the expiry, or within a year. */
  readonly endsAt: number | null
  /** From the begin to the last message that is sent. */
  readonly durationMs: number
  /** Messages on each day on which some are sent; they add up to what is sent in all. */
  /** `perLane`: the same by lane, in the order of the input. */
  readonly perDay: ForecastDay[]
  readonly unsent: number
  readonly limitedBy: ForecastLimit
}

/** What handing a text over takes on a phone with Android 14 or newer. */
export const SEND_MS = 500

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MONTH = 30 * DAY
const HORIZON = 366 * DAY
/** Fine steps at first, where a person compares with the clock; coarse ones later, so that a year stays quick. */
const FINE_STEP = MINUTE
const FINE_FOR = DAY
const COARSE_STEP = 15 * MINUTE
const NOTHING_LEFT = 1e-6

/**
 * Estimates how long a campaign takes, by letting groups of messages flow through the lanes in steps of minutes. It
 * assumes that every phone is connected all the time, that nothing else is sent, and that limits are used up fully; so
 * it is the shortest time to expect, not a promise.
 */
export function forecast(input: ForecastInput): Forecast {
  const groups = openGroups(input)
  const lanes = input.lanes.map(lane => new Flow(lane, input.from))
  const days = new DayCounts(input.zone ?? 'UTC', input.lanes.length)
  const blame = new Map<ForecastLimit, number>()
  const end = Math.min(input.from + HORIZON, input.until ?? Number.POSITIVE_INFINITY)
  let left = groups.reduce((sum, group) => sum + group.count, 0)
  const total = input.messages.reduce((sum, group) => sum + group.count, 0)
  let lastSent = input.from
  let t = input.from
  while (left > NOTHING_LEFT && t < end && lanes.length > 0) {
    const open = groups.filter(group => group.count > NOTHING_LEFT && group.hours.isOpenAt(t))
    const change = Math.min(
      end,
      ...groups.filter(group => group.count > NOTHING_LEFT).map(group => group.hours.changesAt),
    )
    if (open.length === 0) {
      // A zone that never opens has its change at infinity.
      add(blame, change >= end ? 'no_opening' : 'hours', change - t)
      t = change
      continue
    }
    const step = Math.min(t - input.from < FINE_FOR ? FINE_STEP : COARSE_STEP, change - t, days.endOfDay(t) - t)
    const waiting = open.reduce((sum, group) => sum + group.count, 0)
    const mean = open.reduce((sum, group) => sum + group.count * group.segments, 0) / waiting
    const rooms = lanes.map(lane => lane.room(t, step, mean))
    const room = rooms.reduce((sum, one) => sum + one.messages, 0)
    const sent = Math.min(room, waiting)
    if (room < waiting) for (const one of rooms) add(blame, one.limit, step / rooms.length)
    else if (waiting < left) add(blame, 'hours', step)
    if (sent > 0) {
      for (const group of open) group.count -= (sent * group.count) / waiting
      const shares = rooms.map(one => (one.messages * sent) / room)
      for (const [i, lane] of lanes.entries()) lane.use(t, step, shares[i]!, mean)
      days.count(t, sent, shares)
      left -= sent
      lastSent = t + step * (room > 0 ? sent / room : 1)
    }
    t += step
  }
  const unsent = left <= NOTHING_LEFT ? total - days.total : Math.max(1, total - days.total)
  return {
    endsAt: unsent === 0 ? lastSent : null,
    durationMs: days.total > 0 ? lastSent - input.from : 0,
    perDay: days.list(),
    unsent,
    limitedBy: limitOf(input, blame, unsent),
  }
}

function limitOf(input: ForecastInput, blame: ReadonlyMap<ForecastLimit, number>, unsent: number): ForecastLimit {
  if (input.lanes.length === 0) return input.messages.length > 0 ? 'no_lanes' : 'nothing'
  const worst = [...blame].sort((a, b) => b[1] - a[1])
  if (unsent === 0) return worst.find(([limit]) => limit !== 'no_opening')?.[0] ?? 'nothing'
  if (input.messages.some(group => group.count > 0 && nextOpening(input.times, group.zones, input.from) === null)) {
    return 'no_opening'
  }
  if (input.until != null && input.until < input.from + HORIZON) return 'expiry'
  return worst[0]?.[0] ?? 'rate'
}

function add(blame: Map<ForecastLimit, number>, limit: ForecastLimit, ms: number): void {
  blame.set(limit, (blame.get(limit) ?? 0) + ms)
}

interface OpenGroup {
  count: number
  readonly segments: number
  readonly hours: OpenHours
}

/** Groups that some lane can take; those of the same zones share one clock. */
function openGroups(input: ForecastInput): OpenGroup[] {
  const clocks = new Map<string, OpenHours>()
  const largest = Math.max(0, ...input.lanes.map(largestMessage))
  return input.messages
    .filter(group => group.count > 0 && group.segments <= largest)
    .map(({ count, segments, zones }) => {
      const key = zones.join(' ')
      const hours = clocks.get(key) ?? new OpenHours(input.times, zones)
      clocks.set(key, hours)
      return { count, segments, hours }
    })
}

function largestMessage(lane: ForecastLane): number {
  return Math.min(...windowsOf(lane).map(window => window.segments), Number.POSITIVE_INFINITY)
}

function windowsOf(lane: ForecastLane): { segments: number; windowMs: number }[] {
  const daily = lane.dailyCap == null ? [] : [{ segments: lane.dailyCap, windowMs: DAY }]
  return [...lane.windows, ...daily]
}

/** Whether a set of zones is open, asked in order of time, and when that changes. */
class OpenHours {
  changesAt = Number.NEGATIVE_INFINITY
  #open = false
  readonly #times: Timetable
  readonly #zones: readonly string[]

  constructor(times: Timetable, zones: readonly string[]) {
    this.#times = times
    this.#zones = zones
  }

  isOpenAt(t: number): boolean {
    if (t < this.changesAt) return this.#open
    this.#open = isAllowed(this.#times, this.#zones, t)
    this.changesAt = this.#open
      ? closesAt(this.#times, this.#zones, t)
      : (nextOpening(this.#times, this.#zones, t) ?? Number.POSITIVE_INFINITY)
    return this.#open
  }
}

/** One lane as a stream: how much of each limit the last steps have used. */
class Flow {
  readonly #windows: { limit: ForecastLimit; use: SlidingSum; most: number }[]
  readonly #lane: ForecastLane
  readonly #from: number
  readonly #recipients = new SlidingSum(MONTH)

  constructor(lane: ForecastLane, from: number) {
    this.#lane = lane
    this.#from = from
    this.#windows = windowsOf(lane).map(({ segments, windowMs }) => ({
      limit: windowMs < DAY / 2 ? 'rate' : 'daily_cap',
      use: new SlidingSum(windowMs),
      most: segments,
    }))
  }

  /** Messages of a mean size that fit into a step, and the limit that allows no more. */
  room(t: number, step: number, mean: number): { messages: number; limit: ForecastLimit } {
    let messages = step / (this.#lane.pauseMsBetween + SEND_MS)
    let limit: ForecastLimit = 'pause'
    for (const window of this.#windows) {
      const fits = window.use.room(window.most, t, step) / mean
      if (fits < messages) [messages, limit] = [fits, window.limit]
    }
    const fits = this.#recipientRoom(t, step)
    if (fits < messages) [messages, limit] = [fits, 'recipients']
    return { messages: Math.max(0, messages), limit }
  }

  use(t: number, step: number, messages: number, mean: number): void {
    for (const { use } of this.#windows) use.add(t, step, messages * mean)
    this.#recipients.add(t, step, messages)
  }

  /** Recipients of earlier days make room one by one; that is not known, so they count until they all have. */
  #recipientRoom(t: number, step: number): number {
    const { recipientsPerMonth: most, recipientsLeft: left } = this.#lane
    const now = t < this.#from + MONTH ? (left ?? most) : (most ?? left)
    return now == null ? Number.POSITIVE_INFINITY : this.#recipients.room(now, t, step)
  }
}

/** What was used in the last `windowMs`, where each step's use is spread evenly over the step. */
class SlidingSum {
  readonly #windowMs: number
  readonly #uses: { from: number; until: number; amount: number }[] = []
  #head = 0
  #sum = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  add(t: number, step: number, amount: number): void {
    this.#uses.push({ from: t, until: t + step, amount })
    this.#sum += amount
  }

  /** What may still be used between `t` and `t + step` when no window may hold more than `most`. */
  room(most: number, t: number, step: number): number {
    if (this.#windowMs <= step) return (most * step) / this.#windowMs
    const begin = t + step - this.#windowMs
    for (let use = this.#uses[this.#head]; use && use.until <= begin; use = this.#uses[this.#head]) {
      this.#sum -= use.amount
      this.#head++
    }
    const first = this.#uses[this.#head]
    const gone = first && first.from < begin ? (first.amount * (begin - first.from)) / (first.until - first.from) : 0
    return most - (first ? this.#sum - gone : 0)
  }
}

/** Messages by local date and lane, rounded so that the days add up to the whole and the lanes to their day. */
class DayCounts {
  readonly #zone: string
  readonly #lanes: number
  readonly #days = new Map<string, { sum: number; lanes: number[] }>()
  #date = ''
  #end = Number.NEGATIVE_INFINITY

  constructor(zone: string, lanes: number) {
    this.#zone = zone
    this.#lanes = lanes
  }

  endOfDay(t: number): number {
    if (t < this.#end) return this.#end
    const span = offsetSpanAt(this.#zone, t) ?? { offset: 0, until: Number.POSITIVE_INFINITY }
    const local = t + span.offset
    this.#date = new Date(local).toISOString().slice(0, 10)
    this.#end = Math.min((Math.floor(local / DAY) + 1) * DAY - span.offset, span.until)
    return this.#end
  }

  count(t: number, messages: number, shares: readonly number[]): void {
    this.endOfDay(t)
    const day = this.#days.get(this.#date) ?? { sum: 0, lanes: new Array<number>(this.#lanes).fill(0) }
    day.sum += messages
    for (const [lane, share] of shares.entries()) day.lanes[lane]! += share
    this.#days.set(this.#date, day)
  }

  get total(): number {
    return this.list().reduce((sum, day) => sum + day.messages, 0)
  }

  list(): ForecastDay[] {
    let before = 0
    let sum = 0
    return [...this.#days]
      .map(([date, day]) => {
        sum += day.sum
        const messages = Math.round(sum) - before
        before = Math.round(sum)
        return { date, messages, perLane: split(messages, day.lanes) }
      })
      .filter(day => day.messages > 0)
  }
}

/** Whole numbers in the proportion of the shares, which add up to the whole: the largest rests are rounded up. */
function split(whole: number, shares: readonly number[]): number[] {
  const sum = shares.reduce((total, share) => total + share, 0)
  const exact = shares.map(share => (sum > 0 ? (whole * share) / sum : 0))
  const parts = exact.map(Math.floor)
  const left = whole - parts.reduce((total, part) => total + part, 0)
  const byRest = exact.map((share, lane) => ({ lane, rest: share - Math.floor(share) })).sort((a, b) => b.rest - a.rest)
  for (const { lane } of byRest.slice(0, left)) parts[lane]! += 1
  return parts
}
