import { ZONES_OF_COUNTRY } from '../zones/countries.ts'

/** A place as far as hours depend on it: an IANA zone, and the state in it where that is known. */
export interface PlaceParts {
  readonly zone: string
  /** ISO 3166-2, such as US-FL. */
  readonly region: string | null
}

/** One text for it, without spaces: `America/New_York@US-FL`, or the zone alone. */
export function placeOf(zone: string, region: string | null): string {
  return region === null ? zone : `${zone}@${region}`
}

/** The parts of such a text. */
export function partsOf(place: string): PlaceParts {
  let parts = known.get(place)
  if (!parts) {
    const at = place.indexOf('@')
    parts = at < 0 ? { zone: place, region: null } : { zone: place.slice(0, at), region: place.slice(at + 1) }
    if (known.size >= PLACES_KEPT) known.clear()
    known.set(place, parts)
  }
  return parts
}

/** The country (ISO 3166-1 alpha-2) of a place; null for a zone of none, such as UTC. */
export function countryOf({ zone, region }: PlaceParts): string | null {
  if (region !== null) return region.slice(0, 2)
  countries ??= new Map(
    Object.entries(ZONES_OF_COUNTRY).flatMap(([country, zones]) => zones.split(' ').map(name => [name, country])),
  )
  return countries.get(zone) ?? null
}

/** The zones of some places, each once. */
export function zonesOfPlaces(places: readonly string[]): string[] {
  return [...new Set(places.map(place => partsOf(place).zone))]
}

/** What people call the place of a zone: `America/Argentina/Buenos_Aires` is Buenos Aires. */
export function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')
}

const PLACES_KEPT = 10_000
const known = new Map<string, PlaceParts>()
let countries: ReadonlyMap<string, string> | undefined
