const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

const MINUTE_MS = 60_000

/** A moment (ms UTC) in the zone of the person who looks: today only the time, otherwise date and time. */
export function moment(at: number, now = Date.now()): string {
  return day.format(at) === day.format(now) ? timeOfDay.format(at) : dayAndTime.format(at)
}

/** The same, always with its date. */
export function dateAndTime(at: number): string {
  return dayAndTime.format(at)
}

export function date(at: number): string {
  return day.format(at)
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

/** A share from 0 to 1 as percent: one digit below ten percent, none above. */
export function percent(share: number): string {
  return new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(
    share,
  )
}
