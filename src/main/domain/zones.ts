import { ZONES_OF_COUNTRY } from './zones/countries.ts'

/** What the numbering plan says about a number's zones. */
export interface NumberZones {
  readonly zones: readonly string[]
  /**
   * Whether the number is bound to a place (an area code). Without that the zones are all those of the calling code,
   * which may span several countries.
   */
  readonly geographic: boolean
}

/** Looks a number in E.164 up in the numbering plan; undefined where it says nothing. */
export type ZoneLookup = (number: string) => NumberZones | undefined

/** What is known of a contact about where they are. */
export interface Whereabouts {
  /** The contact's own zone, as imported or chosen; used alone when it is a zone. */
  readonly zone?: string | null | undefined
  /** E.164 */
  readonly number: string
  /** ISO 3166-1 alpha-2 */
  readonly country?: string | null | undefined
}

/**
 * Every zone in which the contact may be, the best source first: their own zone; the area of their number; all zones
 * of their country; all zones of the calling code. An empty list means that nothing is known, and so that no hour is
 * allowed. The lists are shared: do not change them.
 */
export function candidateZones(contact: Whereabouts, lookup: ZoneLookup): readonly string[] {
  const own = contact.zone ? zoneNamed(contact.zone) : undefined
  if (own) return [own]
  const planned = lookup(contact.number)
  if (planned?.geographic) return planned.zones
  const ofCountry = contact.country ? zonesOfCountry(contact.country) : NONE
  return ofCountry.length > 0 ? ofCountry : (planned?.zones ?? NONE)
}

/**
 * The IANA zone with this name, in its usual spelling (`america/new_york` gives `America/New_York`), or undefined. An
 * older name may come back as the one in use.
 * Abbreviations and plain offsets are refused: `EST` would stay on winter time all year, and `-05:00` too.
 */
export function zoneNamed(name: string): string | undefined {
  const text = name.trim().replaceAll(' ', '_')
  const known = named.get(text)
  if (known !== undefined) return known ?? undefined
  const zone = resolve(text)
  if (named.size >= NAMES_KEPT) named.clear()
  named.set(text, zone ?? null)
  return zone
}

/** All zones of a country; empty for a code that stands for none. */
export function zonesOfCountry(country: string): readonly string[] {
  const code = country.toUpperCase()
  const known = ofCountry.get(code)
  if (known) return known
  const zones = Object.hasOwn(ZONES_OF_COUNTRY, code) ? ZONES_OF_COUNTRY[code]!.split(' ') : NONE
  if (zones.length > 0) ofCountry.set(code, zones)
  return zones
}

/** One text for one set of zones, whatever their order: what messages with the same hours are grouped by. */
export function zonesKey(zones: readonly string[]): string {
  return zones.length === 1 ? zones[0]! : [...new Set(zones)].sort().join(' ')
}

/** The zones of a key. */
export function zonesOfKey(key: string): string[] {
  return key === '' ? [] : key.split(' ')
}

const NONE: readonly string[] = []
const NAMES_KEPT = 10_000
const named = new Map<string, string | null>()
const ofCountry = new Map<string, readonly string[]>()

function resolve(text: string): string | undefined {
  if (text.toUpperCase() === 'UTC') return 'UTC'
  const listed = inUsualSpelling().get(text.toLowerCase())
  if (listed) return listed
  if (!/^[a-z][a-z0-9_+-]*(?:\/[a-z0-9_+-]+)+$/i.test(text)) return undefined
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** Intl knows some zones by names that have been replaced since (`Asia/Calcutta`); the table has today's. */
function inUsualSpelling(): ReadonlyMap<string, string> {
  if (!spelling) {
    const zones = Object.values(ZONES_OF_COUNTRY).flatMap(joined => joined.split(' '))
    spelling = new Map(zones.map(zone => [zone.toLowerCase(), zone]))
  }
  return spelling
}

let spelling: ReadonlyMap<string, string> | undefined
