import { partsOf, placeOf } from './places/places.ts'
import { placesOfPostcode } from './places/postcodes.ts'
import { regionsOfNumber } from './places/regions.ts'
import { ZONES_OF_COUNTRY } from './zones/countries.ts'
import { offsetSpanAt } from './zones/offsets.ts'

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
  /** Whether a person or a script has set the zone, and not the column of a list. */
  readonly zoneByHand?: boolean | number | undefined
  /** As `postcodeFrom` gives it. */
  readonly postcode?: string | null | undefined
  /** E.164 */
  readonly number: string
  /** ISO 3166-1 alpha-2 */
  readonly country?: string | null | undefined
}

/**
 * What tells where a contact is: a zone set by hand, or by a column of the list; the postcode; the number; postcode and
 * number, which disagree, so that both count; nothing.
 */
export type ZoneSource = 'hand' | 'column' | 'postcode' | 'number' | 'postcode_and_number' | 'unknown'

/** Every place in which a contact may be (`placeOf`), and what tells so. The lists are shared: do not change them. */
export interface Candidates {
  readonly places: readonly string[]
  readonly source: ZoneSource
}

/**
 * Every place in which the contact may be. Their own zone counts alone. Without one the postcode counts where the number
 * could be there, being the more exact; where the two disagree nobody knows which is right (people move and keep their
 * number, and lists keep old addresses), so both count and only what all of them allow is sent. An empty list means that
 * nothing is known, and so that no hour is allowed.
 */
export function candidatesOf(contact: Whereabouts, lookup: ZoneLookup): Candidates {
  const own = contact.zone ? zoneNamed(contact.zone) : undefined
  const byCode = contact.postcode ? placesOfPostcode(contact.postcode, contact.country) : NONE
  const byNumber = placesOfNumber(contact, lookup)
  if (own) {
    const source = contact.zoneByHand ? 'hand' : 'column'
    // The zone does not tell the state, on which hours and holidays may depend too.
    const inZone = (places: readonly string[]) => places.filter(place => partsOf(place).zone === own)
    const [codes, numbers] = [inZone(byCode), inZone(byNumber)]
    return { places: codes.length > 0 ? codes : numbers.length > 0 ? numbers : [own], source }
  }
  if (byCode.length === 0) return { places: byNumber, source: byNumber.length > 0 ? 'number' : 'unknown' }
  const agrees = byNumber.length === 0 || byCode.every(place => byNumber.some(other => mayBeSame(place, other)))
  if (agrees) return { places: byCode, source: 'postcode' }
  return { places: [...new Set([...byCode, ...byNumber])], source: 'postcode_and_number' }
}

/** The zones of those places, each once. */
export function candidateZones(contact: Whereabouts, lookup: ZoneLookup): readonly string[] {
  return [...new Set(candidatesOf(contact, lookup).places.map(place => partsOf(place).zone))]
}

/** The area of the number, with its state; else all zones of the country; else all zones of the calling code. */
function placesOfNumber(contact: Whereabouts, lookup: ZoneLookup): readonly string[] {
  const planned = lookup(contact.number)
  if (planned?.geographic) return withRegions(planned.zones, regionsOfNumber(contact.number))
  const ofCountry = contact.country ? zonesOfCountry(contact.country) : NONE
  return ofCountry.length > 0 ? ofCountry : (planned?.zones ?? NONE)
}

function withRegions(zones: readonly string[], regions: readonly string[]): readonly string[] {
  if (regions.length === 0) return zones
  const key = `${zones.join(' ')} ${regions.join(' ')}`
  let places = withRegion.get(key)
  if (!places) {
    places = zones.flatMap(zone => regions.map(region => placeOf(zone, region)))
    withRegion.set(key, places)
  }
  return places
}

const withRegion = new Map<string, readonly string[]>()

function mayBeSame(place: string, other: string): boolean {
  const [one, two] = [partsOf(place), partsOf(other)]
  if (one.region !== null && two.region !== null && one.region !== two.region) return false
  return one.zone === two.zone || haveSameClock(one.zone, two.zone)
}

/** Of zones of one region, which differ by history (America/Detroit and America/New_York). */
function haveSameClock(one: string, two: string): boolean {
  return SEASONS.every(at => offsetSpanAt(one, at)?.offset === offsetSpanAt(two, at)?.offset)
}

/** The middle of each month of a year. */
const SEASONS = Array.from({ length: 12 }, (_, month) => Date.UTC(2026, month, 15, 12))

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

/** One text for one set of places, whatever their order: what messages with the same hours are grouped by. */
export function zonesKey(zones: readonly string[]): string {
  return zones.length === 1 ? zones[0]! : [...new Set(zones)].sort().join(' ')
}

/** The places of a key. */
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
