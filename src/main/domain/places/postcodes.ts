import { CANADIAN_CODES, ZIP_CODES } from './north-america.ts'
import { placeOf } from './places.ts'

/** Longer texts are no postcodes; the longest one (a ZIP code with four more digits) has ten characters. */
const LONGEST = 10

/**
 * A postcode as it is kept: capitals and single spaces. Null for what cannot be one. Which country it is of is not asked.
 */
export function postcodeFrom(text: string): string | null {
  const code = text.trim().toUpperCase().replace(/\s+/g, ' ')
  return code.length <= LONGEST && /^[A-Z0-9][A-Z0-9 -]*[A-Z0-9]$/.test(code) && /\d/.test(code) ? code : null
}

/**
 * Where a postcode lies, several places where a border of zones is near; empty where nothing is known, which is so for
 * countries with one zone, too. Known are those of the United States, Canada, the United Kingdom with its islands,
 * Australia, Spain and Portugal.
 * @param postcode as `postcodeFrom` gives it
 * @param country ISO 3166-1 alpha-2 of the number; null: only codes are known that no other country writes so
 */
export function placesOfPostcode(postcode: string, country: string | null | undefined): readonly string[] {
  const key = `${country ?? ''} ${postcode}`
  let places = answers.get(key)
  if (!places) {
    places = look(postcode, country ?? null)
    if (answers.size >= ANSWERS_KEPT) answers.clear()
    answers.set(key, places)
  }
  return places
}

const NONE: readonly string[] = []
const ANSWERS_KEPT = 50_000
const answers = new Map<string, readonly string[]>()

/** One numbering plan and one post: who moves keeps their number, and it does not tell the country for sure. */
const NORTH_AMERICA = new Set(['US', 'CA', 'PR', 'VI', 'GU', 'MP', 'AS', 'FM', 'MH', 'PW'])
const BRITAIN = new Set(['GB', 'GG', 'JE', 'IM'])

const CANADIAN = /^[ABCEGHJ-NPRSTVXY]\d[A-Z](?:[ -]?\d[A-Z]\d)?$/
const BRITISH = /^([A-Z]{1,2})\d[A-Z\d]?(?: ?\d[A-Z]{2})?$/

function look(code: string, country: string | null): readonly string[] {
  if (country === null) {
    if (/^[A-Z]\d[A-Z][ -]?\d[A-Z]\d$/.test(code) && CANADIAN.test(code)) return canadian(code)
    return /\d[A-Z]{2}$/.test(code) && BRITISH.test(code) ? british(code) : NONE
  }
  if (NORTH_AMERICA.has(country)) return CANADIAN.test(code) ? canadian(code) : american(code)
  if (BRITAIN.has(country)) return british(code)
  const read = BY_COUNTRY[country]
  return read ? read(code) : NONE
}

interface Run {
  readonly from: number
  readonly to: number
  readonly places: readonly string[]
}

/**
 * A ZIP code, with or without four more digits; a spreadsheet may have taken zeros from its front. A code between two
 * that are known is in the place of either.
 */
function american(code: string): readonly string[] {
  const digits = /^(\d{3,5})(?:-?\d{4})?$/.exec(code)?.[1] ?? (/^\d{9}$/.test(code) ? code.slice(0, 5) : null)
  if (digits === null) return NONE
  runs ??= readRuns()
  const zip = Number(digits)
  let [low, high] = [0, runs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (runs[middle]!.from <= zip) low = middle + 1
    else high = middle
  }
  const before = runs[low - 1]
  if (!before) return NONE
  if (zip <= before.to) return before.places
  const after = runs[low]
  const isNear = (run: Run | undefined, end: number) =>
    run !== undefined && Math.floor(end / 100) === Math.floor(zip / 100)
  const near = [isNear(before, before.to) ? before : null, after && isNear(after, after.from) ? after : null]
  // Of the forces nobody knows where they are.
  if (near.some(run => run?.places.length === 0)) return NONE
  return [...new Set(near.flatMap(run => run?.places ?? []))]
}

let runs: readonly Run[] | undefined

function readRuns(): Run[] {
  return ZIP_CODES.trim()
    .split('\n')
    .map(line => {
      const [codes = '', state, ...zones] = line.split(' ')
      const [from = '', to = from] = codes.split('-')
      const places = zones.map(zone => placeOf(zone, state === undefined ? null : `US-${state}`))
      return { from: Number(from), to: Number(to), places }
    })
}

/** By the first three characters. */
function canadian(code: string): readonly string[] {
  areas ??= readAreas()
  return areas.get(code.slice(0, 3)) ?? NONE
}

let areas: ReadonlyMap<string, readonly string[]> | undefined

function readAreas(): Map<string, readonly string[]> {
  const read = new Map<string, readonly string[]>()
  for (const line of CANADIAN_CODES.trim().split('\n')) {
    const [province = '', ...rest] = line.split(' ')
    const zones = rest.filter(word => word.includes('/'))
    const places = zones.map(zone => placeOf(zone, province === '-' ? null : `CA-${province}`))
    for (const area of rest.slice(zones.length)) read.set(area, places)
  }
  return read
}

/** The area (the letters in front) tells the part of the kingdom, which have holidays of their own, and the islands. */
function british(code: string): readonly string[] {
  const area = BRITISH.exec(code)?.[1]
  // BF is of the forces.
  if (area === undefined || area === 'BF') return NONE
  const island = ISLANDS[area]
  if (island) return [island]
  const part = SCOTLAND.has(area) ? 'SCT' : area === 'BT' ? 'NIR' : WALES.has(area) ? 'WLS' : 'ENG'
  return [placeOf('Europe/London', `GB-${part}`)]
}

const ISLANDS: Readonly<Record<string, string>> = {
  GY: 'Europe/Guernsey',
  IM: 'Europe/Isle_of_Man',
  JE: 'Europe/Jersey',
}
const SCOTLAND = new Set('AB DD DG EH FK G HS IV KA KW KY ML PA PH ZE'.split(' '))
const WALES = new Set('CF LD LL NP SA'.split(' '))

const BY_COUNTRY: Readonly<Record<string, (code: string) => readonly string[]>> = {
  AU: australian,
  /** The first two digits are the province: 35 and 38 the Canaries, 51 Ceuta, 52 Melilla. */
  ES: code => byDigits(code, 5, { 35: 'Atlantic/Canary', 38: 'Atlantic/Canary', 51: 'Africa/Ceuta' }, 'Europe/Madrid'),
  /** 90 to 94 is Madeira, 95 to 99 the Azores. */
  PT: code => {
    const first = /^(\d{2})\d{2}(?:-\d{3})?$/.exec(code)?.[1]
    if (first === undefined) return NONE
    return [first < '90' ? 'Europe/Lisbon' : first < '95' ? 'Atlantic/Madeira' : 'Atlantic/Azores']
  },
}

function byDigits(code: string, length: number, special: Readonly<Record<string, string>>, usual: string): string[] {
  const digits = code.padStart(length, '0')
  return /^\d+$/.test(code) && digits.length === length ? [special[digits.slice(0, 2)] ?? usual] : []
}

/**
 * The first digit is the state, except for the capital's and the ranges below. Where towns share a code or a clock
 * across a border, both sides count.
 */
function australian(code: string): readonly string[] {
  const digits = code.padStart(4, '0')
  if (!/^\d{4}$/.test(digits)) return NONE
  const own = AUSTRALIAN_TOWNS[digits]
  if (own) return own
  const post = Number(digits)
  if ((post >= 200 && post < 300) || (post >= 2600 && post <= 2618) || (post >= 2900 && post <= 2920)) {
    return ['Australia/Sydney@AU-ACT']
  }
  return AUSTRALIAN_STATES[digits[0]!] ?? NONE
}

const AUSTRALIAN_STATES: Readonly<Record<string, readonly string[]>> = {
  0: ['Australia/Darwin@AU-NT'],
  1: ['Australia/Sydney@AU-NSW'],
  2: ['Australia/Sydney@AU-NSW'],
  3: ['Australia/Melbourne@AU-VIC'],
  4: ['Australia/Brisbane@AU-QLD'],
  5: ['Australia/Adelaide@AU-SA'],
  6: ['Australia/Perth@AU-WA'],
  7: ['Australia/Hobart@AU-TAS'],
  8: ['Australia/Melbourne@AU-VIC'],
  9: ['Australia/Brisbane@AU-QLD'],
}
const [NSW, QLD] = ['Australia/Sydney@AU-NSW', 'Australia/Brisbane@AU-QLD']
const AUSTRALIAN_TOWNS: Readonly<Record<string, readonly string[]>> = {
  // The remote middle is of three states.
  '0872': ['Australia/Darwin@AU-NT', 'Australia/Adelaide@AU-SA', 'Australia/Perth@AU-WA'],
  '2406': [NSW, QLD],
  '2485': [NSW, QLD],
  '4225': [QLD, NSW],
  '4380': [QLD, NSW],
  '4383': [QLD, NSW],
  '2880': ['Australia/Broken_Hill@AU-NSW', NSW],
  '2898': ['Australia/Lord_Howe@AU-NSW'],
  '2899': ['Pacific/Norfolk'],
  '6443': ['Australia/Eucla@AU-WA', 'Australia/Perth@AU-WA'],
  '6798': ['Indian/Christmas'],
  '6799': ['Indian/Cocos'],
  '7151': ['Antarctica/Macquarie', 'Australia/Hobart@AU-TAS'],
}
