/**
 * Local times of a phone, `yyyy-MM-dd HH:mm:ss` without an offset, as instants in ms UTC, earliest first: one in general,
 * two in the hour that comes twice. A time that the clock skips is read with the offset before the change. Empty when the
 * text is no such time. Digits may be of any script, since Android writes those of the phone's language.
 */
export function localToUtc(text: string, zone: string): number[] {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(asciiDigits(text.trim()))
  if (!match) return []
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const local = Date.UTC(year, month - 1, day, hour, minute, second)
  const before = offsetAt(zone, local - DAY_MS)
  const after = offsetAt(zone, local + DAY_MS)
  const found = [...new Set([before, after])].map(offset => local - offset)
  const real = found.filter(utc => offsetAt(zone, utc) === local - utc)
  return real.length > 0 ? real.sort((a, b) => a - b) : [local - before]
}

/** The choice among the readings of one local time that keeps the order of the rows, otherwise the earliest. */
export function inOrder(readings: readonly number[], previous: number): number | undefined {
  return readings.find(utc => utc >= previous) ?? readings[0]
}

/** The zone if this machine knows it, otherwise the machine's own. */
export function usableZone(zone: string | null): string {
  if (zone) {
    try {
      return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone
    } catch {
      // A zone that is newer than this Node: its own setting is the best guess left.
    }
  }
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}

const DAY_MS = 86_400_000
/** Offsets change at multiples of a quarter of an hour. */
const QUARTER_MS = 900_000
const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

/** Offset of the zone from UTC at an instant, in ms. */
function offsetAt(zone: string, utc: number): number {
  const quarter = Math.floor(utc / QUARTER_MS)
  const key = `${zone} ${quarter}`
  let offset = offsets.get(key)
  if (offset === undefined) {
    if (offsets.size > 10_000) offsets.clear()
    offset = readOffset(zone, quarter * QUARTER_MS)
    offsets.set(key, offset)
  }
  return offset
}

function readOffset(zone: string, utc: number): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    })
    formats.set(zone, format)
  }
  const part: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(utc)) part[type] = value
  const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year'])
  const at = new Date(0)
  at.setUTCFullYear(year, Number(part['month']) - 1, Number(part['day']))
  at.setUTCHours(Number(part['hour']), Number(part['minute']), Number(part['second']), 0)
  return at.getTime() - utc
}

function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, digit => {
    const code = digit.codePointAt(0)!
    if (code < 0x80) return digit
    let zero = code
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--
    return String(code - zero)
  })
}
