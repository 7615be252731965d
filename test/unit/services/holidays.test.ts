import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import type { HolidayKind } from '../../../src/main/domain/timetable.ts'
import { createHolidays } from '../../../src/main/services/holidays.ts'

const calendar = createHolidays()
const day = (date: string) => Date.parse(`${date}T00:00Z`) / 86_400_000
const on = (area: string, date: string, ...kinds: HolidayKind[]) => calendar.holidayOn(area, day(date), kinds)

describe('holidays', () => {
  it.each([
    ['US', '2026-11-26', 'Thanksgiving Day'],
    ['US', '2026-11-27', undefined],
    ['US-TX', '2026-12-25', 'Christmas Day'],
    ['DE', '2026-10-03', 'Tag der Deutschen Einheit'],
    // Only some parts of a country have it.
    ['GB-SCT', '2026-11-30', 'St Andrew’s Day'],
    ['GB-ENG', '2026-11-30', undefined],
    ['DE', '2026-01-06', undefined],
    // Over the turn of the year and over several days.
    ['SA', '2026-03-20', 'عيد الفطر'],
    // A country and a state that nobody knows.
    ['XX', '2026-12-25', undefined],
    ['US-ZZ', '2026-12-25', 'Christmas Day'],
  ])('%s on %s', (area, date, name) => expect(on(area, date, 'public')).toBe(name))

  it('count by the kinds that are kept', () => {
    // Christmas Eve is one of banks in Germany, from the afternoon on: the day counts.
    expect(on('DE', '2026-12-24', 'public')).toBeUndefined()
    expect(on('DE', '2026-12-24', 'public', 'bank')).toBe('Heiliger Abend')
    expect(on('DE', '2026-12-25', 'bank')).toBeUndefined()
  })

  it('are loaded when they are asked for, once', () => {
    let loads = 0
    const library = createRequire(import.meta.url)('date-holidays')
    const lazy = createHolidays(() => {
      loads += 1
      return library
    })
    expect(loads).toBe(0)
    lazy.holidayOn('AT', day('2026-10-26'), ['public'])
    lazy.holidayOn('CH', day('2026-10-26'), ['public'])
    expect(loads).toBe(1)
  })
})
