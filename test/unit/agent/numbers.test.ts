import { describe, expect, it } from 'vitest'
import { blockKey, numbersOf } from '../../../phone-agent/src/numbers.ts'

describe('numbers under a SIM’s country', () => {
  it('are one number however the phone writes them', () => {
    const us = numbersOf('US')
    for (const raw of ['+14155550132', '(415) 555-0132', '415 555 0132', '1-415-555-0132', '14155550132']) {
      expect(us.e164(raw)).toBe('+14155550132')
    }
    expect(numbersOf('DE').e164('0151 23456789')).toBe('+4915123456789')
    expect(numbersOf('GB').e164('07700 900123')).toBe('+447700900123')
  })

  it('that belong to no person have no E.164 form', () => {
    const de = numbersOf('DE')
    for (const raw of ['72404', 'VODAFONE', 'Bank24', '', '123456']) expect(de.e164(raw)).toBeNull()
    expect(de.canonical('72 404')).toBe('72404')
    expect(de.canonical('Vodafone ')).toBe('vodafone')
  })

  it('are read as far as they can be without a country', () => {
    const none = numbersOf(null)
    expect(none.e164('+44 7700 900123')).toBe('+447700900123')
    expect(none.e164('07700 900123')).toBeNull()
    expect(none.canonical('07700 900123')).toBe('07700900123')
  })
})

it('texts hold back attempts to their sender in any spelling, known country or not', () => {
  expect(blockKey('07700 900123')).toBe(blockKey('+447700900123'))
  expect(blockKey('(415) 555-0132')).toBe(blockKey('+14155550132'))
  expect(blockKey('72404')).toBe('72404')
  expect(blockKey('Vodafone')).toBe(blockKey('VODAFONE '))
})
