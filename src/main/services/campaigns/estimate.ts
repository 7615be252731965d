import type { Review } from '../../../shared/operations/campaigns.ts'
import type { CampaignRow } from '../../db/campaigns.ts'
import { type Forecast, type ForecastGroup, type ForecastLane, forecast } from '../../domain/forecast.ts'
import { partsOf } from '../../domain/places/places.ts'
import type { Timetable } from '../../domain/timetable.ts'
import { zonesOfKey } from '../../domain/zones.ts'
import type { LaneView } from '../ports.ts'
import { type Finding, warning } from './findings.ts'
import { laneName, lanesOf } from './lanes.ts'
import type { Tally } from './review-walk.ts'

export type Estimate = Pick<Review, 'endsAt' | 'durationMs' | 'limitedBy' | 'perDay'> & { readonly findings: Finding[] }

/** How long a campaign takes at the limits of its lanes and in its hours, if it starts at `startAt`. */
export function estimate(
  campaign: CampaignRow,
  tally: Tally,
  lanes: readonly LaneView[],
  startAt: number,
  times: Timetable,
): Estimate {
  if (tally.messages === 0) return { endsAt: null, durationMs: null, limitedBy: '', perDay: [], findings: [] }
  const used = lanesOf(campaign, lanes)
  const expected = forecast({
    messages: groupsOf(tally),
    lanes: used.map(laneOf),
    times,
    from: startAt,
    until: campaign.expiresAt,
    zone: mainZone(tally),
  })
  return {
    endsAt: expected.endsAt === null ? null : Math.ceil(expected.endsAt),
    durationMs: expected.endsAt === null ? null : Math.ceil(expected.durationMs),
    limitedBy: LIMITS[expected.limitedBy],
    perDay: daysOf(expected, used, lanes),
    findings: findingsOf(campaign, tally, expected),
  }
}

const DAY = 86_400_000
/** From here on an operator should think twice. */
const LONG_MS = 7 * DAY

/** What slows a campaign most, in words. */
export const LIMITS: Record<Forecast['limitedBy'], string> = {
  nothing: '',
  hours: 'slowed most by the allowed hours of the recipients',
  rate: 'slowed most by the limits per minute and hour of the SIMs',
  pause: 'slowed most by the pause between two texts',
  daily_cap: 'slowed most by the limits per day of the SIMs',
  recipients: 'slowed most by the different people a SIM may text in a month',
  expiry: 'it expires before everything is sent',
  no_lanes: 'no phone can send it',
  no_opening: 'some recipients have no allowed hour',
}

function findingsOf(
  campaign: CampaignRow,
  tally: Tally,
  { unsent, endsAt, durationMs, limitedBy }: Forecast,
): Finding[] {
  // Without a lane there is an error already.
  if (limitedBy === 'no_lanes') return []
  if (endsAt === null && campaign.expiresAt !== null) {
    return [
      warning(
        'ends_late',
        `At the limits of the phones ${unsent} of ${tally.messages} messages would not be sent before the campaign expires. Choose a later expiry, add a SIM, or make the audience smaller.`,
      ),
    ]
  }
  if (endsAt === null) {
    return [
      warning(
        'never_sent',
        `${unsent} of ${tally.messages} messages would not be sent within a year: the limits of the SIMs are too low for their number or their length. Raise the limits, add a SIM, or shorten the text.`,
      ),
    ]
  }
  if (durationMs <= LONG_MS) return []
  return [
    warning(
      'long',
      `It would take about ${Math.round(durationMs / DAY)} days. Add a SIM or raise the limits where the carrier allows it, or make the audience smaller.`,
    ),
  ]
}

/** The days of a forecast with the names of the lanes that it is about. */
export function daysOf(expected: Forecast, used: readonly LaneView[], all: readonly LaneView[]): Review['perDay'] {
  return expected.perDay.map(({ date, messages, perLane }) => ({
    date,
    messages,
    lanes: used.map((lane, at) => ({ simId: lane.simId, name: laneName(lane, all), messages: perLane[at] ?? 0 })),
  }))
}

/** More groups than these would make the estimate slow and no better. */
const MOST_GROUPS = 60

/** By zones and length; where that makes too many groups, each set of zones counts with its mean length. */
function groupsOf(tally: Tally): ForecastGroup[] {
  const exact = [...tally.byZones].flatMap(([key, lengths]) =>
    [...lengths].map(([segments, count]) => ({ zones: zonesOfKey(key), count, segments })),
  )
  if (exact.length <= MOST_GROUPS) return exact
  return [...tally.byZones].map(([key, lengths]) => {
    const { count, segments } = sumOf(lengths)
    return { zones: zonesOfKey(key), count, segments: segments / count }
  })
}

/** The zone of most recipients: the one whose days a person counts in. */
function mainZone(tally: Tally): string {
  const [first] = [...tally.byZones].sort(([, a], [, b]) => sumOf(b).count - sumOf(a).count)
  return partsOf(zonesOfKey(first![0])[0]!).zone
}

function sumOf(lengths: ReadonlyMap<number, number>): { count: number; segments: number } {
  let count = 0
  let total = 0
  for (const [segments, messages] of lengths) {
    count += messages
    total += segments * messages
  }
  return { count, segments: total }
}

/** A lane as the forecast takes it. */
export function laneOf({ limits, recipientsThisMonth }: LaneView): ForecastLane {
  const { windows, recipientsPerMonth, pauseMs } = limits
  return {
    windows,
    recipientsPerMonth,
    recipientsLeft: recipientsPerMonth === null ? null : Math.max(0, recipientsPerMonth - recipientsThisMonth),
    pauseMsBetween: (pauseMs[0] + pauseMs[1]) / 2,
  }
}
