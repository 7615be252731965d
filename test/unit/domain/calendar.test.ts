import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import { type CalendarUnit, dateIn, minuteIn, nextAfter, startOf } from '../../../src/main/domain/calendar.ts'

const ZONES = [
  ...['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Sydney'],
  // Midnight that is skipped or comes twice.
  ...['America/Santiago', 'Asia/Beirut', 'America/Havana', 'Africa/Cairo', 'Pacific/Chatham'],
]
const UNITS: readonly CalendarUnit[] = ['day', 'week', 'month']
const instants = fc.integer({ min: Date.parse('2015-01-01T00:00:00Z'), max: Date.parse('2035-01-01T00:00:00Z') })

describe('units of the calendar in a zone', () => {
  it('begin and end where luxon has them', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), fc.constantFrom(...UNITS), (at, zone, unit) => {
        const there = DateTime.fromMillis(at, { zone }).startOf(unit)
        const start = startOf(unit, zone, at)
        expect(dateIn(zone, start)).toBe(there.toISODate())
        const next = nextAfter(unit, zone, start)
        expect(dateIn(zone, next)).toBe(there.plus({ [unit]: 1 }).toISODate())
        expect(start <= at && at < next).toBe(true)
        // The instant before belongs to the unit before.
        expect(dateIn(zone, start - 1) < dateIn(zone, start)).toBe(true)
        expect(startOf(unit, zone, next - 1)).toBe(start)
      }),
      { numRuns: 300 },
    )
  })

  it('know days of 23 and 25 hours, and hours of half-hour zones', () => {
    const day = (date: string) => {
      const start = startOf('day', 'America/New_York', Date.parse(`${date}T17:00:00Z`))
      return (nextAfter('day', 'America/New_York', start) - start) / 3_600_000
    }
    expect([day('2026-03-07'), day('2026-03-08'), day('2026-11-01')]).toEqual([24, 23, 25])
    const hour = startOf('hour', 'Asia/Kathmandu', Date.parse('2026-01-14T12:00:00Z'))
    expect(new Date(hour).toISOString()).toBe('2026-01-14T11:15:00.000Z')
    expect(minuteIn('Asia/Kathmandu', hour)).toBe('2026-01-14 17:00')
  })
})
