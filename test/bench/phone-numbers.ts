import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { parseDigits, type ValidNumber } from '../../src/main/domain/imports/numbering-plans.ts'
import { describeMachine, type Machine } from './machine.ts'
import { rounded } from './numbers.ts'
import { Random } from './random.ts'
import type { Run, Table } from './types.ts'

export interface PhoneNumbersResult {
  readonly benchmark: 'phone-numbers'
  readonly numbers: number
  readonly countries: number
  /** Of them so many are valid, by the library's word. */
  readonly valid: number
  /** Decided without the library, of all. */
  readonly decidedShare: number
  /** Decided otherwise than the library does. Always 0: one is an error. */
  readonly different: 0
  /** Processor time of one number, µs. */
  readonly oursUs: number
  readonly libraryUs: number
  readonly machine: Machine
}

/**
 * Numbers of every country, most of them near a real one, are decided by our own reading of the numbering plans and by
 * libphonenumber-js. Throws with the first few that they decide differently.
 */
export async function phoneNumbersBenchmark(options: { count: number }, run: Run): Promise<PhoneNumbersResult> {
  const machine = describeMachine(run.folder)
  const countries = getCountries()
  const random = new Random(8)
  const different: string[] = []
  let [valid, decided, ours, library] = [0, 0, 0, 0]
  const STEP = 10_000
  for (let made = 0; made < options.count; made += STEP) {
    const size = Math.min(STEP, options.count - made)
    const asked = Array.from({ length: size }, (_, n) => someNumber(countries[(made + n) % countries.length]!, random))
    let began = performance.now()
    const mine = asked.map(({ text, country }) => parseDigits(text, country))
    ours += performance.now() - began
    began = performance.now()
    const theirs = asked.map(({ text, country }) => parsePhoneNumberFromString(text, country))
    library += performance.now() - began
    asked.forEach(({ text, country }, at) => {
      const parsed = theirs[at]
      const truth = parsed?.isValid()
        ? { e164: parsed.number, country: parsed.country ?? null, type: parsed.getType() }
        : null
      if (truth) valid += 1
      const found = mine[at]
      if (found === undefined) return
      decided += 1
      if (!isSame(found, truth))
        different.push(`${country} ${text}: ${JSON.stringify({ ours: found, library: truth })}`)
    })
    if (different.length > 0) throw new Error(`Decided differently:\n${different.slice(0, 20).join('\n')}`)
    if (made % 500_000 === 0 && made > 0) run.say(`${made} numbers`)
  }
  const { count } = options
  return {
    benchmark: 'phone-numbers',
    ...{ numbers: count, countries: countries.length, valid, decidedShare: rounded(decided / count), different: 0 },
    ...{ oursUs: rounded((ours / count) * 1000), libraryUs: rounded((library / count) * 1000), machine },
  }
}

export function phoneNumbersTable(result: PhoneNumbersResult): Table {
  return {
    columns: ['numbers', 'countries', 'valid', 'decided without the library', 'differently', 'ours, µs', 'library, µs'],
    rows: [
      [
        result.numbers,
        result.countries,
        result.valid,
        `${rounded(result.decidedShare * 100)} %`,
        result.different,
        result.oursUs,
        result.libraryUs,
      ],
    ],
  }
}

function isSame(
  one: ValidNumber | null,
  other: { e164: string; country: string | null; type: string | undefined } | null,
) {
  if (one === null || other === null) return one === other
  return one.e164 === other.e164 && one.country === other.country && one.type === other.type
}

const PREFIXES = ['', '', '0', '00', '011', '1', '+', '+1', '+44', '8', '810', '000', '0110']

/**
 * Half of them real numbers but for the last digits, the others with any digit wrong or with random ones; some too long or
 * too short; behind the country's code, behind what people dial in front, or bare.
 */
function someNumber(country: CountryCode, random: Random): { text: string; country: CountryCode } {
  const example = String(examples[country] ?? '2025550123')
  const way = random.next()
  const length = Math.max(2, example.length + (random.next() < 0.15 ? random.below(7) - 3 : 0))
  const isKept = (at: number) => (way < 0.5 ? at < example.length / 2 : way < 0.8 && random.next() < 0.8)
  let digits = ''
  for (let at = 0; at < length; at += 1) digits += isKept(at) ? (example[at] ?? random.below(10)) : random.below(10)
  const front = random.next() < 0.4 ? `+${getCountryCallingCode(country)}` : random.pick(PREFIXES)
  return { text: front + digits, country }
}
