import { describe, expect, it } from 'vitest'
import { aPause, aTime, someDays, someHours, someWindows } from '../../../src/main/cli/options.ts'
import { clean, span, when } from '../../../src/main/cli/print.ts'

describe('times', () => {
  it('are local, with a zone, or from now', () => {
    expect(aTime('2026-07-01 09:30')).toBe(new Date(2026, 6, 1, 9, 30).getTime())
    expect(aTime('2026-07-01T09:30Z')).toBe(Date.UTC(2026, 6, 1, 9, 30))
    const before = Date.now()
    expect(aTime('+2h') - before).toBeGreaterThanOrEqual(2 * 3_600_000)
    expect(aTime('+1d') - before).toBeGreaterThanOrEqual(24 * 3_600_000)
  })

  it.each(['tomorrow', '2026-13-01 09:00', '9:00', '+h', '2026-07-01'])('refuse %s with an example', text => {
    expect(() => aTime(text)).toThrow(/such as/)
  })
})

describe('hours and days', () => {
  it('are read as people write them', () => {
    expect(someHours('9-20')).toEqual({ from: 540, to: 1200 })
    expect(someHours('8:30-20:15')).toEqual({ from: 510, to: 1215 })
    expect(someHours('0-24')).toEqual({ from: 0, to: 1440 })
    expect(someDays('mon-fri')).toEqual([1, 2, 3, 4, 5])
    expect(someDays('Sat,monday,wed-thu')).toEqual([1, 3, 4, 6])
  })

  it.each(['20-9', '9', '9:00-25:00', 'nine-ten'])('refuse the hours %s', text => {
    expect(() => someHours(text)).toThrow(/such as/)
  })

  it.each(['fri-mon', 'someday', ''])('refuse the days "%s"', text => {
    expect(() => someDays(text)).toThrow(/such as/)
  })
})

describe('limits', () => {
  it('count segments in a span', () => {
    expect(someWindows('400/1d', someWindows('100/h', someWindows('25/60s')))).toEqual([
      { segments: 25, windowMs: 60_000 },
      { segments: 100, windowMs: 3_600_000 },
      { segments: 400, windowMs: 86_400_000 },
    ])
    expect(aPause('2-5.5')).toEqual([2000, 5500])
    expect(() => someWindows('many')).toThrow(/25\/60s/)
    expect(() => aPause('5-2')).toThrow(/2-5/)
  })
})

describe('what is printed', () => {
  it('takes nothing from strangers that moves the cursor, turns the text round or breaks a line', () => {
    expect(clean('a\x1b[2Jb\r\nc\u202ed\u0007')).toBe('a [2Jb c d ')
  })

  it('names spans and times', () => {
    expect([5_000, 90_000, 3 * 3_600_000, 3.5 * 3_600_000, 75 * 3_600_000].map(span)).toEqual([
      '5 s',
      '2 min',
      '3 h',
      '3 h 30 min',
      '3 days 3 h',
    ])
    expect(when(new Date(2026, 0, 2, 3, 4).getTime())).toBe('2026-01-02 03:04')
    expect(when(null)).toBe('')
  })
})
