const dayOnly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

const MINUTE_MS = 60_000

/** A moment (ms UTC) in the zone of the person who looks: today only the time, otherwise date and time. */
export function moment(at: number, now = Date.now()): string {
  return dayOnly.format(at) === dayOnly.format(now) ? timeOfDay.format(at) : dayAndTime.format(at)
}

/** The same, always with its date. */
export function dateAndTime(at: number): string {
  return dayAndTime.format(at)
}

export function date(at: number): string {
  return dayOnly.format(at)
}

/** A local date such as `2026-07-04`, with its weekday. */
export function day(localDate: string): string {
  return weekdayAndDate.format(Date.parse(`${localDate}T12:00Z`))
}

const weekdayAndDate = new Intl.DateTimeFormat(undefined, {
  ...{ weekday: 'short', day: 'numeric', month: 'short' },
  timeZone: 'UTC',
})
const WEEK_MS = 6 * 86_400_000

/**
 * A moment by the clock of a zone, and by one's own where that differs: `Tue 09:00 (10:00 for you)`. With its date when
 * it is not of the next days. Null: one's own clock alone.
 */
export function atBoth(at: number, zone: string | null, now = Date.now()): string {
  const there = clockText(at, zone, now)
  const here = clockText(at, null, now)
  if (zone === null || there === here) return here
  const isSameDay = there.slice(0, there.lastIndexOf(' ')) === here.slice(0, here.lastIndexOf(' '))
  return `${there} (${isSameDay ? here.slice(here.lastIndexOf(' ') + 1) : here} for you)`
}

/** The time comes last and has no space in it. */
function clockText(at: number, zone: string | null, now: number): string {
  const timeZone = zone === null ? {} : { timeZone: zone }
  const date = new Intl.DateTimeFormat('en', {
    ...{ weekday: 'short', ...(at - now > WEEK_MS && { day: 'numeric', month: 'short' }) },
    ...timeZone,
  }).format(at)
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...timeZone })
  return `${date} ${time.format(at)}`
}

/** How long ago something was, or how far away it is, in words. */
export function ago(at: number, now = Date.now()): string {
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
  const minutes = Math.round((at - now) / MINUTE_MS)
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute')
  if (Math.abs(minutes) < 48 * 60) return words.format(Math.round(minutes / 60), 'hour')
  return words.format(Math.round(minutes / 1440), 'day')
}

/** A length of time in ms, in two units at most: `3 h 20 min`. */
export function duration(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS)
  if (minutes < 1) return 'less than a minute'
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor((minutes % 1440) / 60), 'h'],
    [minutes % 60, 'min'],
  ] as const
  return parts
    .filter(([value]) => value > 0)
    .slice(0, 2)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ')
}

const whole = new Intl.NumberFormat()

/** A count with separators. */
export function figure(value: number): string {
  return whole.format(value)
}

/** A count with what is counted: `1 contact`, `1,250 contacts`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${figure(count)} ${count === 1 ? one : many}`
}

/** A share from 0 to 1 as percent: one digit below ten percent, none above. */
export function percent(share: number): string {
  return new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(
    share,
  )
}
