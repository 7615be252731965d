import fc from 'fast-check'
import { type CountryCode, getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, it } from 'vitest'
import { parseDigits } from '../../../src/main/domain/imports/numbering-plans.ts'
import { normalisePhone } from '../../../src/main/domain/imports/phone-number.ts'

const mobilesOnly = { allowLandlines: false }
const withLandlines = { allowLandlines: true }

function number(text: string, country: CountryCode | null = 'US', options = mobilesOnly): string {
  const read = normalisePhone(text, country, options)
  return read.ok ? read.e164 : read.code
}

/** What libphonenumber-js itself says. */
function library(text: string, country: CountryCode) {
  const parsed = parsePhoneNumberFromString(text, country)
  if (!parsed?.isValid()) return null
  return { e164: parsed.number, country: parsed.country ?? null, type: parsed.getType(), ext: parsed.ext }
}

const anyCountry = fc.constantFrom(...getCountries())
const digit = fc.constantFrom(...'0123456789')
const anyDigits = fc.string({ unit: digit, minLength: 2, maxLength: 16 })

/** Numbers near a real one of the country, which random digits hardly ever are. */
const nearNumber = fc
  .record({ country: anyCountry, noise: fc.array(fc.option(digit, { freq: 3 }), { minLength: 20, maxLength: 20 }) })
  .map(({ country, noise }) => {
    const example = String(examples[country] ?? '2025550123')
    return { country, digits: [...example].map((one, at) => noise[at] ?? one).join('') }
  })
const prefix = fc.constantFrom('', '', '0', '00', '011', '1', '+', '+1', '+44', '44', '8', '810', '000', '0110')

describe('parseDigits', () => {
  it('decides as libphonenumber-js does, in every country', () => {
    const near = fc.tuple(nearNumber, prefix).map(([{ country, digits }, front]) => ({ country, text: front + digits }))
    const random = fc.record({ country: anyCountry, text: fc.tuple(prefix, anyDigits).map(parts => parts.join('')) })
    let decided = 0
    fc.assert(
      fc.property(fc.oneof({ arbitrary: near, weight: 4 }, random), ({ country, text }) => {
        const mine = parseDigits(text, country)
        if (mine === undefined) return
        decided += 1
        const truth = library(text, country)
        expect(mine).toEqual(truth && { e164: truth.e164, country: truth.country, type: truth.type })
      }),
      { numRuns: 20_000 },
    )
    // Asking the library each time would be right as well, but far too slow for a million rows.
    expect(decided).toBeGreaterThan(19_000)
  })
})

describe('normalisePhone against libphonenumber-js', () => {
  /** The same digits with what people put between them. */
  const dressed = fc
    .tuple(
      nearNumber,
      prefix,
      fc.array(fc.constantFrom('', '', '', ' ', '-', '.', ' (', ') '), { minLength: 24, maxLength: 24 }),
    )
    .map(([{ country, digits }, front, between]) => ({
      country,
      text: front + [...digits].map((one, at) => one + (between[at] ?? '')).join(''),
    }))

  it('takes nothing that the library calls invalid, and gives the same number', () => {
    fc.assert(
      fc.property(dressed, ({ country, text }) => {
        const read = normalisePhone(text, country, withLandlines)
        if (!read.ok) return
        // 00 in front means + everywhere, whatever the country dials.
        const digits = text.replace(/[^\d+]/g, '')
        const truth = library(text, country) ?? library(digits.replace(/^00/, '+'), country)
        expect({ e164: read.e164, country: read.country }).toEqual({ e164: truth?.e164, country: truth?.country })
      }),
      { numRuns: 10_000 },
    )
  })

  it('refuses no mobile that the library calls valid', () => {
    fc.assert(
      fc.property(dressed, ({ country, text }) => {
        const truth = library(text, country)
        if (!truth || truth.ext || truth.e164.length > 16) return
        if (truth.type !== 'MOBILE' && truth.type !== 'FIXED_LINE_OR_MOBILE') return
        if (/^\d{5,}[.,]0+$/.test(text.trim())) return
        expect(normalisePhone(text, country, mobilesOnly)).toMatchObject({ ok: true, e164: truth.e164 })
      }),
      { numRuns: 10_000 },
    )
  })

  it('gives the same number for its own E.164 form', () => {
    fc.assert(
      fc.property(dressed, ({ country, text }) => {
        const read = normalisePhone(text, country, mobilesOnly)
        if (read.ok) expect(normalisePhone(read.e164, null, mobilesOnly)).toMatchObject({ ok: true, e164: read.e164 })
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('normalisePhone', () => {
  it.each([
    ['(202) 555-0123', 'US', '+12025550123'],
    ['202.555.0123', 'US', '+12025550123'],
    ['1-202-555-0123', 'US', '+12025550123'],
    ['12025550123', 'US', '+12025550123'],
    ['+44 (0)7400 123456', 'US', '+447400123456'],
    ['0044 7400 123456', 'US', '+447400123456'],
    ['011 44 7400 123456', 'US', '+447400123456'],
    ['07400 123456', 'GB', '+447400123456'],
    ['7400123456', 'GB', '+447400123456'],
    ['447400123456', 'GB', '+447400123456'],
    ['0171/1234567', 'DE', '+491711234567'],
    ['２０２－５５５－０１２３', 'US', '+12025550123'],
    ['٢٠٢٥٥٥٠١٢٣', 'US', '+12025550123'],
    ['tel:+12025550123', 'US', '+12025550123'],
    ["'+447400123456", 'US', '+447400123456'],
    ['="07400123456"', 'GB', '+447400123456'],
    ['mob. 202-555-0123', 'US', '+12025550123'],
    ['202\u00a0555\u20110123', 'US', '+12025550123'],
  ] as const)('reads %s in %s', (text, country, e164) => {
    expect(number(text, country)).toBe(e164)
  })

  it.each([
    ['phone_missing', 'US', ['', '   ', 'n/a', 'none', '-', 'unknown']],
    [
      'phone_invalid',
      'US',
      [
        '555-0123',
        '(555) 123-4567',
        '1234567890',
        '0',
        'call me',
        '1-800-FLOWERS',
        '202555012O',
        '+1202555',
        '44 7400 123456',
      ],
    ],
    [
      'phone_excel_damaged',
      'GB',
      ['4.41E+11', '4,41E+11', '4E+11', '7.4001E10', '447400123456.0', '7400123456,00', '########', '#REF!'],
    ],
    ['phone_excel_damaged', 'US', ['447400123456', '4915112345678']],
    ['phone_excel_damaged', 'IT', ['612345678']],
    ['phone_extension', 'US', ['202-555-0123 x12', '(202) 555-0123 ext. 5', '+12025550123;ext=5', '2025550123, 55']],
    ['phone_extension', 'DE', ['030 123456 Durchwahl 12']],
    ['phone_not_mobile', 'GB', ['020 7946 0958', '+44 20 7946 0958', '0800 123 4567']],
    ['phone_not_mobile', 'US', ['800-555-0199', '+1 900 555 0199']],
    ['phone_country_missing', null, ['202-555-0123', '2025550123', '07400 123456']],
  ] as const)('says %s in %s', (code, country, texts) => {
    for (const text of texts) expect(`${text}: ${number(text, country)}`).toBe(`${text}: ${code}`)
  })

  it('takes landlines where they are allowed, but no number of nobody', () => {
    expect(number('020 7946 0958', 'GB', withLandlines)).toBe('+442079460958')
    expect(number('800-555-0199', 'US', withLandlines)).toBe('phone_not_mobile')
    expect(normalisePhone('020 7946 0958', 'GB', withLandlines)).toMatchObject({ type: 'fixed' })
  })

  it('counts numbers of countries that do not tell mobiles from landlines as mobile', () => {
    expect(normalisePhone('202-555-0123', 'US', mobilesOnly)).toMatchObject({ ok: true, type: 'either' })
    expect(normalisePhone('07400 123456', 'GB', mobilesOnly)).toMatchObject({ ok: true, type: 'mobile' })
  })

  it('knows the country from the number', () => {
    expect(normalisePhone('+1 416 555 0123', 'US', mobilesOnly)).toMatchObject({ country: 'CA' })
    expect(normalisePhone('+8816 1234 5678', 'US', mobilesOnly)).toMatchObject({ ok: true, country: null })
  })

  it('takes the first usable of several numbers, and says so', () => {
    const cases = [
      '202-555-0123 / 202-555-0124',
      '555-0199; 202-555-0123',
      '202-555-0123 or 202-555-0124',
      '2025550123\n2025550124',
    ]
    for (const text of cases) {
      expect(normalisePhone(text, 'US', mobilesOnly)).toMatchObject({ e164: '+12025550123', several: true })
    }
    expect(number('020 7946 0958, 07400 123456', 'GB')).toBe('+447400123456')
    expect(number('020 7946 0958, 020 7946 0959', 'GB')).toBe('phone_not_mobile')
    expect(normalisePhone('202-555-0123', 'US', mobilesOnly)).toMatchObject({ several: false })
  })

  it('never gives more digits than E.164 has', () => {
    fc.assert(
      fc.property(fc.string({ unit: digit, minLength: 13, maxLength: 16 }), digits => {
        const read = normalisePhone(`+49${digits}`, 'DE', withLandlines)
        if (read.ok) expect(read.e164).toMatch(/^\+[1-9]\d{4,14}$/)
      }),
    )
  })
})
