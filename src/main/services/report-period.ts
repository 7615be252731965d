import { Refusal } from '../../shared/errors.ts'
import type { ReportUnit } from '../../shared/operations/analytics.ts'
import type { Reader } from '../db/database.ts'
import { firstDay, GRAINS, type Reading } from '../db/report-sums.ts'
import { nextAfter, startOf } from '../domain/calendar.ts'
import { zoneNamed } from '../domain/zones.ts'

/** A stretch of time in ms UTC: not before `from`, and before `to`. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

const QUARTER = GRAINS.quarter
const DAY = GRAINS.day
/** How far back a report goes where no beginning is given. */
const LONGEST = 10 * 365 * DAY
/** The longest period that is shown by this unit, in days, where none is asked for. */
const SHOWN_BY: readonly (readonly [ReportUnit, number])[] = [
  ['hour', 2.1],
  ['day', 62],
  ['week', 400],
]

/**
 * The period of a report, to the quarter of an hour. Without a beginning it begins with the first day on record (of the
 * last ten years), without an end it goes to the next quarter of an hour.
 */
export function reportPeriod(
  db: Reader,
  given: { from?: number | undefined; to?: number | undefined },
  now: number,
): Stretch {
  const to = roundUp(given.to ?? now, QUARTER)
  // A phone with a wrong clock says that texts came in in 1970.
  const from = given.from ?? Math.max(to - LONGEST, Math.min(firstDay(db) ?? to - DAY, to - QUARTER), 0)
  return { from: roundDown(Math.min(from, to), QUARTER), to }
}

/**
 * The points of a timeline, each an hour, a day, a week or a month of the zone; the first and the last one may be cut off.
 * @throws Refusal for a zone that there is none of, or for more than `most` points
 */
export function pointsOf(
  period: Stretch,
  zoneName: string,
  asked: ReportUnit | undefined,
  most: number,
): { zone: string; by: ReportUnit; points: Stretch[] } {
  const zone = knownZone(zoneName)
  const days = (period.to - period.from) / DAY
  const by = asked ?? SHOWN_BY.find(([, most]) => days <= most)?.[0] ?? 'month'
  const points: Stretch[] = []
  for (let from = period.from; from < period.to; ) {
    const to = Math.min(nextAfter(by, zone, startOf(by, zone, from)), period.to)
    points.push({ from, to })
    from = to
    if (points.length > most) {
      const message = `That would be more than ${most} points. Choose a shorter time, or a unit longer than ${by}.`
      throw new Refusal('invalid_input', message, { by: message })
    }
  }
  return { zone, by, points }
}

/** The zone in its usual spelling. @throws Refusal when there is none of that name */
export function knownZone(name: string): string {
  const zone = zoneNamed(name)
  if (zone !== undefined) return zone
  const message = `There is no time zone "${name}". Give one such as America/New_York or UTC.`
  throw new Refusal('invalid_input', message, { zone: message })
}

/** A stretch cut so that whole days of UTC are read from the sums of days, and what is left of it from those of quarters. */
export function readingsOf({ from, to }: Stretch): Reading[] {
  const [first, last] = [roundUp(from, DAY), roundDown(to, DAY)]
  if (first >= last) return [{ grain: 'quarter', from, to }]
  const readings: Reading[] = [
    { grain: 'quarter', from, to: first },
    { grain: 'day', from: first, to: last },
    { grain: 'quarter', from: last, to },
  ]
  return readings.filter(reading => reading.from < reading.to)
}

function roundDown(at: number, to: number): number {
  return Math.floor(at / to) * to
}

function roundUp(at: number, to: number): number {
  return Math.ceil(at / to) * to
}
