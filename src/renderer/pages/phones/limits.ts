const MINUTE_MS = 60_000
const UNITS = [
  ['day', 1440 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
  ['second', 1000],
] as const

/** A sliding window of `ms` as people say it: `a minute`, `an hour`, `in 2 days`. */
export function windowWord(ms: number): string {
  const [unit, length] = UNITS.find(([, of]) => ms % of === 0 && ms >= of) ?? UNITS[3]
  const count = Math.round(ms / length)
  if (count > 1) return `in ${count} ${unit}s`
  return unit === 'hour' ? 'an hour' : `a ${unit}`
}
