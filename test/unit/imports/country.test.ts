import { getCountries } from 'libphonenumber-js/max'
import { describe, expect, it } from 'vitest'
import { countryFrom } from '../../../src/main/domain/imports/country.ts'

describe('countryFrom', () => {
  it.each([
    [
      'US',
      [
        'US',
        'us',
        'USA',
        'U.S.',
        'U.S.A.',
        'United States',
        'United States of America',
        'États-Unis',
        '+1',
        '1',
        '001',
      ],
    ],
    [
      'GB',
      [
        'GB',
        'UK',
        'U.K.',
        'GBR',
        'United Kingdom',
        'Great Britain',
        'England',
        'Reino Unido',
        'Vereinigtes Königreich',
        '+44',
        '0044',
        '44',
      ],
    ],
    [
      'DE',
      [
        'de',
        'DEU',
        'GER',
        'Germany',
        'Deutschland',
        'Allemagne',
        'Alemania',
        'Germania',
        'Duitsland',
        'Germany (DE)',
        'DE - Germany',
        '+49',
      ],
    ],
    ['FR', ['France', 'Frankreich', 'Francia', 'FRA', ' fr ', 'FR – France']],
    ['NL', ['Netherlands', 'The Netherlands', 'Holland', 'Nederland', 'Pays-Bas']],
    ['ES', ['España', 'Spain', 'Spanien', 'ESPAÑA']],
    ['CI', ['Côte d’Ivoire', "Cote d'Ivoire", 'Ivory Coast']],
    ['KR', ['South Korea', 'Korea, Republic of', 'Republic of Korea']],
    ['CZ', ['Czechia', 'Czech Republic']],
    ['AU', ['Australia', 'AUS', '+61']],
    ['JP', ['日本', 'Japan']],
  ] as const)('understands %s', (country, texts) => {
    for (const text of texts) expect(`${text}: ${countryFrom(text)}`).toBe(`${text}: ${country}`)
  })

  it.each(['', '  ', 'Atlantis', 'XX', 'ZZZ', '999', '+999', 'US/CA', 'n/a', 'x'.repeat(5_000)])(
    'does not guess at %j',
    text => {
      expect(countryFrom(text)).toBeNull()
    },
  )

  it('understands both codes and the English name of every country that has phones', () => {
    const english = new Intl.DisplayNames(['en'], { type: 'region' })
    for (const country of getCountries()) {
      expect(countryFrom(country)).toBe(country)
      expect(`${country}: ${countryFrom(english.of(country) ?? '')}`).toBe(`${country}: ${country}`)
    }
  })
})
