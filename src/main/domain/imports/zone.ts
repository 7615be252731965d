const cache = new Map<string, string | null>()

/**
 * The IANA time zone that a cell names, in its usual spelling; null for anything else. Bare offsets such as "+02:00"
 * and abbreviations such as "EST" are not taken, since they know no daylight saving time.
 */
export function zoneFrom(text: string): string | null {
  const name = text.trim()
  const known = cache.get(name)
  if (known !== undefined) return known
  if (cache.size >= 5_000) cache.clear()
  const zone = understand(name)
  cache.set(name, zone)
  return zone
}

function understand(name: string): string | null {
  const spelled = name.replace(/\s*\/\s*/g, '/').replace(/\s+/g, '_')
  if (spelled.length > 60 || !/^[A-Za-z]+\/[A-Za-z0-9_+\-/]+$/.test(spelled)) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: spelled }).resolvedOptions().timeZone
  } catch {
    return null
  }
}
