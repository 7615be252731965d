import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import { inOrder, localToUtc, usableZone } from '../../../phone-agent/src/zone.ts'

const utc = (text: string): number => Date.parse(text)

describe('local times of the phone', () => {
  it('are read in its zone, summer and winter', () => {
    expect(localToUtc('2026-01-15 12:00:00', 'Europe/London')).toEqual([utc('2026-01-15T12:00:00Z')])
    expect(localToUtc('2026-07-15 12:00:00', 'Europe/London')).toEqual([utc('2026-07-15T11:00:00Z')])
    expect(localToUtc('2026-07-15 12:00:00', 'Asia/Kathmandu')).toEqual([utc('2026-07-15T06:15:00Z')])
  })

  it('mean two instants in the hour that comes twice', () => {
    const both = [utc('2026-10-25T00:30:00Z'), utc('2026-10-25T01:30:00Z')]
    expect(localToUtc('2026-10-25 01:30:00', 'Europe/London')).toEqual(both)
    expect(inOrder(both, 0)).toBe(both[0])
    expect(inOrder(both, both[0]!)).toBe(both[0])
    expect(inOrder(both, both[0]! + 1)).toBe(both[1])
    expect(inOrder(both, both[1]! + 1)).toBe(both[0])
  })

  it('that the clock skips are read with the offset before', () => {
    expect(localToUtc('2026-03-29 01:30:00', 'Europe/London')).toEqual([utc('2026-03-29T01:30:00Z')])
  })

  it('may be in digits of other scripts', () => {
    expect(localToUtc('٢٠٢٦-٠١-١٥ ١٢:٠٠:٠٩', 'UTC')).toEqual([utc('2026-01-15T12:00:09Z')])
    expect(localToUtc('२०२६-०१-१५ १२:००:०९', 'UTC')).toEqual([utc('2026-01-15T12:00:09Z')])
  })

  it('that are none give nothing', () => {
    expect(localToUtc('', 'UTC')).toEqual([])
    expect(localToUtc('15/01/2026 12:00', 'UTC')).toEqual([])
  })

  it('contain the true instant, in every zone and at every moment', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia', 'UTC']
    const second = fc.integer({ min: utc('2005-01-01') / 1000, max: utc('2035-01-01') / 1000 })
    fc.assert(
      fc.property(fc.constantFrom(...zones), second, (zone, seconds) => {
        const shown = DateTime.fromSeconds(seconds, { zone }).toFormat('yyyy-MM-dd HH:mm:ss')
        expect(localToUtc(shown, zone)).toContain(seconds * 1000)
      }),
      { numRuns: 500 },
    )
  })
})

it('a zone that is not known here gives way to the one of this machine', () => {
  expect(usableZone('Europe/Berlin')).toBe('Europe/Berlin')
  expect(usableZone('Mars/Olympus')).toBe(usableZone(null))
})
