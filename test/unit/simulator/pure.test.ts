import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, test } from 'vitest'
import { storedBodies } from '../../../phone-agent/simulator/bodies.ts'
import { chance, within } from '../../../phone-agent/simulator/chance.ts'
import { echo, getopts } from '../../../phone-agent/simulator/getopts.ts'
import { COUNTRIES, nationalForm, toE164 } from '../../../phone-agent/simulator/numbers.ts'

describe('numbers', () => {
  test.each(COUNTRIES.map(country => [country]))(
    'the national form of %s is one that a phone there understands',
    country => {
      const code = country.toUpperCase() as CountryCode
      const example = parsePhoneNumberFromString(String(examples[code]), code)!
      const stored = nationalForm(example.number, country)
      expect(stored).not.toBe(example.number)
      expect(stored).not.toContain('+')
      expect(parsePhoneNumberFromString(stored, code)?.number).toBe(example.number)
      expect(toE164(stored, country)).toBe(example.number)
    },
  )

  test('whatever the number, its stored form leads back to it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9][0-9]{8}$/), fc.constantFrom(...COUNTRIES), (digits, country) => {
        const code = getCountryCallingCode(country.toUpperCase() as CountryCode)
        // North American numbers have ten digits, and none of them begins with 1.
        const number = `+${code}${code === '1' ? '2' : ''}${digits}`
        expect(toE164(nationalForm(number, country), country)).toBe(number)
        expect(toE164(nationalForm('+8613912345678', country), country)).toBe('+8613912345678')
      }),
    )
  })
})

test('pages of a long text join to the text again, and each fits one segment', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 0, maxLength: 700 }), body => {
      const pages = storedBodies(body, 'pages')
      const joined = pages.length === 1 ? pages[0] : pages.map(page => page.replace(/^\(\d+\/\d+\) /, '')).join('')
      return joined === body
    }),
  )
})

test('draws are even, depend on the parts alone, and fill their span', () => {
  const draws = Array.from({ length: 4000 }, (_, index) => chance(1, 'fault', index))
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  expect(mean).toBeCloseTo(0.5, 1)
  expect(chance(1, 'fault', 5)).toBe(draws[5])
  expect(chance('a', 'b')).not.toBe(chance('ab'))
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), draw => {
      const ms = within([3, 5], draw)
      return ms >= 3 && ms <= 5 && Number.isInteger(ms)
    }),
  )
  expect(within(7, 0.9)).toBe(7)
})

test('options are read as the shell reads them', () => {
  const cases = [
    ['hn:s:', '-n', '+1', '-s0', 'text', '-x'],
    ['ab:', '-ab', '--', '-a', 'c'],
    ['ab:', '-xb'],
    ['ab:', '-a', '--', '-b'],
    ['ab:', '-', '-a'],
    ['ab:', '-b', '', '-a'],
    ['hdl:t:f:cno:', '--message-limit=5', '-l', '1'],
  ] as const
  const script = `spec=":$1"; shift
    while getopts "$spec" option; do printf '%s=%s\\n' "$option" "\${OPTARG:-}"; done
    shift $((OPTIND-1)); for word in "$@"; do printf '%s\\n' "rest $word"; done`
  for (const [spec, ...args] of cases) {
    const shell = spawnSync('sh', ['-c', script, 'sh', spec, ...args], { encoding: 'utf8' })
    const { options, rest } = getopts(spec, args)
    const lines = [...options.map(({ option, value }) => `${option}=${value}`), ...rest.map(word => `rest ${word}`)]
    expect(lines.map(line => `${line}\n`).join('')).toBe(shell.stdout)
  }
})

test('echo interprets what the shell of Termux interprets', () => {
  expect(echo(['a\\tb', '\\x', '\\101\\0101', 'c\\'])).toBe('a\tb \\x AA c\\\n')
  expect(echo(['-n', 'no', 'end'])).toBe('no end')
  expect(echo(['cut\\c', 'off'])).toBe('cut')
})
