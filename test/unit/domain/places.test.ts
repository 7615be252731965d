import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CANADIAN_CODES, ZIP_CODES } from '../../../src/main/domain/places/north-america.ts'
import { countryOf, partsOf, zonesOfPlaces } from '../../../src/main/domain/places/places.ts'
import { placesOfPostcode, postcodeFrom } from '../../../src/main/domain/places/postcodes.ts'
import { regionsOfNumber } from '../../../src/main/domain/places/regions.ts'
import { candidatesOf, type Whereabouts, zoneNamed } from '../../../src/main/domain/zones.ts'
import { createZoneLookup } from '../../../src/main/services/zones.ts'

const lookup = createZoneLookup()
const candidates = (contact: Whereabouts) => candidatesOf(contact, lookup)

describe('postcodes', () => {
  it.each([
    ['New York', '10001', 'US', ['America/New_York@US-NY']],
    ['nine digits', '60601-1234', 'US', ['America/Chicago@US-IL']],
    ['Phoenix, without summer time', '85001', 'US', ['America/Phoenix@US-AZ']],
    ['Boston, whose zero a spreadsheet took', '2134', 'US', ['America/New_York@US-MA']],
    ['Puerto Rico', '00901', 'PR', ['America/Puerto_Rico@US-PR']],
    ['Guam', '96910', 'GU', ['Pacific/Guam@US-GU']],
    ['Honolulu', '96801', 'US', ['Pacific/Honolulu@US-HI']],
    ['the forces, who may be anywhere', '09012', 'US', []],
    ['no ZIP code', '123456', 'US', []],
    ['one that nobody has', '00001', 'US', []],
    ['St John’s', 'A1A 1A1', 'CA', ['America/St_Johns@CA-NL']],
    ['Canada by its letters, whatever the number', 'T2P 1J9', 'US', ['America/Edmonton@CA-AB']],
    ['a ZIP code of somebody with a Canadian number', '98101', 'CA', ['America/Los_Angeles@US-WA']],
    ['London', 'SW1A 1AA', 'GB', ['Europe/London@GB-ENG']],
    ['Glasgow', 'G1 1XX', 'GB', ['Europe/London@GB-SCT']],
    ['Belfast', 'BT1 5GS', 'GB', ['Europe/London@GB-NIR']],
    ['Jersey', 'JE2 3AB', 'GB', ['Europe/Jersey']],
    ['the Isle of Man', 'IM1 1AA', 'IM', ['Europe/Isle_of_Man']],
    ['British without a country', 'EH1 1YZ', null, ['Europe/London@GB-SCT']],
    ['digits without a country', '10001', null, []],
    ['Perth', '6000', 'AU', ['Australia/Perth@AU-WA']],
    ['Darwin, whose zero a spreadsheet took', '800', 'AU', ['Australia/Darwin@AU-NT']],
    ['Eucla, a quarter of an hour off', '6443', 'AU', ['Australia/Eucla@AU-WA', 'Australia/Perth@AU-WA']],
    ['Lord Howe', '2898', 'AU', ['Australia/Lord_Howe@AU-NSW']],
    ['Canberra', '2601', 'AU', ['Australia/Sydney@AU-ACT']],
    ['Madrid', '28001', 'ES', ['Europe/Madrid']],
    ['the Canaries', '35001', 'ES', ['Atlantic/Canary']],
    ['the Azores', '9500-150', 'PT', ['Atlantic/Azores']],
    ['a country whose posts nobody knows here', '75001', 'FR', []],
  ])('%s: %s', (_, code, country, places) => {
    expect(placesOfPostcode(postcodeFrom(code)!, country)).toEqual(places)
  })

  it('near the border of a zone may be on either side', () => {
    // Phenix City, Alabama, lives by the clock of Columbus, Georgia, across the river.
    expect(zonesOfPlaces(placesOfPostcode('36867', 'US')).sort()).toEqual(['America/Chicago', 'America/New_York'])
    // West Wendover, Nevada.
    expect(zonesOfPlaces(placesOfPostcode('89883', 'US')).sort()).toEqual(['America/Denver', 'America/Los_Angeles'])
  })

  it('name zones that this computer knows, in lines that are in order', () => {
    let last = -1
    for (const line of ZIP_CODES.trim().split('\n')) {
      const [codes = '', state, ...zones] = line.split(' ')
      const [from = '', to = from] = codes.split('-')
      expect([line, Number(from) > last && Number(to) >= Number(from)]).toEqual([line, true])
      last = Number(to)
      if (state !== undefined) expect([line, zones.length > 0]).toEqual([line, true])
      for (const zone of zones) expect([line, zoneNamed(zone)]).toEqual([line, zone])
    }
    for (const line of CANADIAN_CODES.trim().split('\n')) {
      const zone = line.split(' ')[1]!
      expect([line, zoneNamed(zone)]).toEqual([line, zone])
    }
  })

  it('are kept in capitals, and what is none is refused', () => {
    expect(postcodeFrom('  sw1a   1aa ')).toBe('SW1A 1AA')
    expect(postcodeFrom('1011 ab')).toBe('1011 AB')
    for (const text of ['', 'none', '-', '12345678901', 'W1;DROP', '+1'])
      expect([text, postcodeFrom(text)]).toEqual([text, null])
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('US', 'CA', 'GB', 'AU', 'ES', 'PT', 'DE', null), (text, country) => {
        const code = postcodeFrom(text)
        if (code === null) return
        expect(postcodeFrom(code)).toBe(code)
        for (const place of placesOfPostcode(code, country)) expect(zoneNamed(partsOf(place).zone)).toBeDefined()
      }),
    )
  })
})

describe('area codes', () => {
  it.each([
    ['+13055550123', ['US-FL']],
    ['+14165550123', ['CA-ON']],
    ['+12025550123', ['US-DC']],
    ['+18005550123', []],
    ['+442079460123', []],
  ])('%s', (number, regions) => expect(regionsOfNumber(number)).toEqual(regions))

  it('a place tells its country', () => {
    expect(countryOf(partsOf('America/New_York@US-FL'))).toBe('US')
    expect(countryOf(partsOf('Europe/Berlin'))).toBe('DE')
    expect(countryOf(partsOf('UTC'))).toBeNull()
  })
})

describe('where a contact may be', () => {
  it('a zone of their own counts alone, and its source is told', () => {
    const contact = { zone: 'America/Denver', postcode: '10001', number: '+13055550123', country: 'US' }
    expect(candidates(contact)).toEqual({ places: ['America/Denver'], source: 'column' })
    expect(candidates({ ...contact, zoneByHand: 1 })).toEqual({ places: ['America/Denver'], source: 'hand' })
    // The state of a zone that fits is known all the same.
    expect(candidates({ ...contact, zone: 'America/New_York' }).places).toEqual(['America/New_York@US-NY'])
    expect(candidates({ ...contact, zone: 'America/New_York', postcode: null }).places).toEqual([
      'America/New_York@US-FL',
    ])
  })

  it('a postcode narrows a number that may be there', () => {
    const perth = { postcode: '6000', number: '+61412345678', country: 'AU' }
    expect(candidates(perth)).toEqual({ places: ['Australia/Perth@AU-WA'], source: 'postcode' })
    // An area code with two zones.
    expect(candidates({ postcode: '32501', number: '+18509990123', country: 'US' })).toEqual({
      places: ['America/Chicago@US-FL'],
      source: 'postcode',
    })
  })

  it('where postcode and number disagree, both count', () => {
    const moved = { postcode: '10001', number: '+13105550123', country: 'US' }
    expect(candidates(moved)).toEqual({
      places: ['America/New_York@US-NY', 'America/Los_Angeles@US-CA'],
      source: 'postcode_and_number',
    })
  })

  it('without a postcode that is known the number counts, and without that nothing', () => {
    expect(candidates({ postcode: '75001', number: '+33612345678', country: 'FR' }).source).toBe('number')
    expect(candidates({ postcode: '10001', number: '+870773111632', country: null })).toEqual({
      places: [],
      source: 'unknown',
    })
  })
})
