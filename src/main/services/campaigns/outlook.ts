import type { OutputOf } from '../../../shared/operations/index.ts'
import { measure } from '../../../shared/sms/segments.ts'
import { type CampaignRow, campaignCounts, waitingTimes, zonesOfWaiting } from '../../db/campaigns.ts'
import { nextDue } from '../../db/messages.ts'
import { forecast } from '../../domain/forecast.ts'
import { isSettled } from '../../domain/message-states.ts'
import { partsOf } from '../../domain/places/places.ts'
import { zonesOfKey } from '../../domain/zones.ts'
import { heldOf } from '../holds.ts'
import { daysOf, LIMITS, laneOf } from './estimate.ts'
import { lanesOf } from './lanes.ts'
import type { CampaignParts } from './parts.ts'

/** Messages whose zones are looked at: enough for the shares, and as quick for a million as for a thousand. */
const SAMPLE = 500

/** Work that is assigned ahead. */
const HELD_MS = 60_000

/** When what is left of a campaign will have been sent, at the limits of the phones that are connected. */
export function outlookOf(parts: CampaignParts, campaign: CampaignRow): OutputOf<'campaigns.outlook'> {
  const { db, clock } = parts
  const counts = campaignCounts(db, campaign.id)
  const left = counts.reduce((sum, { state, messages }) => (isSettled(state) ? sum : sum + messages), 0)
  const nobody = (limitedBy: string) => ({
    left,
    endsAt: null,
    limitedBy,
    perDay: [],
    held: heldGroups(parts, campaign),
    nextAt: null,
  })
  if (left === 0) return { ...nobody(''), ...waitingFor(campaign) }
  if (campaign.state === 'paused') return nobody('the campaign is paused')
  if (campaign.state !== 'running') return nobody(`the campaign is ${campaign.state}`)
  const all = parts.phones.lanes()
  const lanes = lanesOf(campaign, all).filter(lane => lane.connected)
  if (lanes.length === 0) return nobody('no phone that may send it is connected')
  const sample = zonesOfWaiting(db, campaign.id, SAMPLE)
  const waiting = sample.reduce((sum, { messages }) => sum + messages, 0)
  // Phones hold all of it: as much as they can send in that time at most.
  if (waiting === 0) return { left, endsAt: clock.now() + HELD_MS, limitedBy: '', perDay: [], held: [], nextAt: null }
  // They were made later, so that none of the first texts waits any more.
  if (sample.every(({ first }) => first === 0)) {
    const simIds = lanes.map(lane => lane.simId)
    return { ...nobody('its follow-ups go when their time has come'), nextAt: nextDue(db, [campaign.id], simIds) }
  }
  const segments = meanSegments(campaign, counts)
  const expected = forecast({
    messages: sample.map(({ zones, messages }) => ({
      zones: zonesOfKey(zones),
      count: (left * messages) / waiting,
      segments,
    })),
    lanes: lanes.map(laneOf),
    times: parts.times(campaign.hours),
    from: clock.now(),
    until: campaign.expiresAt,
    zone: mainZone(sample),
  })
  return {
    left,
    endsAt: expected.endsAt === null ? null : Math.ceil(expected.endsAt),
    limitedBy: LIMITS[expected.limitedBy],
    perDay: daysOf(expected, lanes, all),
    held: heldGroups(parts, campaign),
    nextAt: null,
  }
}

/** Times of opening that are listed, and messages that are counted of each. */
const GROUPS = 6
const COUNTED = 5_000

/** What waits for the hours of the recipients, by the time at which it is due. */
function heldGroups(parts: CampaignParts, campaign: CampaignRow): OutputOf<'campaigns.outlook'>['held'] {
  return waitingTimes(parts.db, campaign.id, parts.clock.now(), { groups: GROUPS, counted: COUNTED }).flatMap(
    ({ dueAt, zones, step, messages }) => {
      const held = heldOf(parts.db, { state: 'queued', campaignId: campaign.id, zones, dueAt, step }, parts)
      return held ? [{ ...held, messages, more: messages >= COUNTED }] : []
    },
  )
}

/** The zone of most of the sample: the one whose days a person counts in. */
function mainZone(sample: readonly { zones: string; messages: number }[]): string {
  const [first] = [...sample].sort((one, other) => other.messages - one.messages)
  return partsOf(zonesOfKey(first!.zones)[0] ?? 'UTC').zone
}

const DAY_MS = 86_400_000

/** With nothing left a campaign goes on only for what people may still do. */
function waitingFor({ state, steps, lastTextAt, waitDays, expiresAt }: CampaignRow) {
  if (state !== 'running' || lastTextAt === null || steps.every(step => step.condition === 'no_reply')) return {}
  const until = lastTextAt + waitDays * DAY_MS
  return { endsAt: expiresAt === null ? until : Math.min(until, expiresAt), limitedBy: 'it waits for replies and tags' }
}

/** As long as those that were sent; before the first one, as long as the template. */
function meanSegments(campaign: CampaignRow, counts: ReturnType<typeof campaignCounts>): number {
  const sent = counts.find(count => count.state === 'sent')
  if (sent && sent.messages > 0) return Math.max(1, sent.segments / sent.messages)
  return Math.max(1, measure(campaign.template).segments)
}
