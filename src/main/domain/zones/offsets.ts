/** A stretch of time in which a zone keeps one offset from UTC. Milliseconds since 1970; `until` is outside of it. */
export interface OffsetSpan {
  /** Local time minus UTC, in milliseconds. */
  readonly offset: number
  readonly from: number
  readonly until: number
}

const DAY = 86_400_000
/** Days kept per zone, so that a process that runs for years does not grow. */
const DAYS_KEPT = 2_000

interface ZoneTable {
  readonly clock: Intl.DateTimeFormat
  readonly days: Map<number, readonly OffsetSpan[]>
}

const tables = new Map<string, ZoneTable | undefined>()

/**
 * The stretch that holds `at`, never longer than one UTC day, exact to the millisecond around a change of the clocks.
 * Undefined for a name that this computer does not know as a zone. Asking Intl costs microseconds, so each day of a
 * zone is asked for once.
 */
export function offsetSpanAt(zone: string, at: number): OffsetSpan | undefined {
  const table = tableOf(zone)
  if (!table) return undefined
  const day = Math.floor(at / DAY)
  let spans = table.days.get(day)
  if (!spans) {
    spans = spansOfDay(table.clock, day * DAY)
    if (table.days.size >= DAYS_KEPT) table.days.clear()
    table.days.set(day, spans)
  }
  const first = spans[0]!
  return spans.length === 1 || at < first.until ? first : spans.find(span => at < span.until)
}

function tableOf(zone: string): ZoneTable | undefined {
  if (tables.has(zone)) return tables.get(zone)
  const clock = clockOf(zone)
  const table = clock && { clock, days: new Map<number, readonly OffsetSpan[]>() }
  tables.set(zone, table)
  return table
}

function clockOf(zone: string): Intl.DateTimeFormat | undefined {
  const numeric = 'numeric' as const
  const parts = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric }
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...parts })
  } catch {
    return undefined
  }
}

/** A day in most cases keeps one offset; a change within it is found by halving. */
function spansOfDay(clock: Intl.DateTimeFormat, start: number): OffsetSpan[] {
  const spans: OffsetSpan[] = []
  const end = start + DAY
  let from = start
  let offset = offsetBy(clock, start)
  while (offset !== offsetBy(clock, end)) {
    let same = from
    let other = end
    while (other - same > 1) {
      const middle = Math.floor((same + other) / 2)
      if (offsetBy(clock, middle) === offset) same = middle
      else other = middle
    }
    spans.push({ offset, from, until: other })
    if (other === end) return spans
    from = other
    offset = offsetBy(clock, other)
  }
  spans.push({ offset, from, until: end })
  return spans
}

function offsetBy(clock: Intl.DateTimeFormat, at: number): number {
  const whole = Math.floor(at / 1000) * 1000
  const [month, day, year, hour, minute, second] = clock.format(whole).match(/\d+/g)!.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole
}
