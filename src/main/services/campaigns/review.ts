import type { Review } from '../../../shared/operations/campaigns.ts'
import type { CampaignRow } from '../../db/campaigns.ts'
import { changeCampaign } from '../../domain/campaign-states.ts'
import { estimate } from './estimate.ts'
import { error, type Finding, laneFindings, nobodyFinding, planFindings, tallyFindings } from './findings.ts'
import type { CampaignParts } from './parts.ts'
import { leftOutOf, walkAudience } from './review-walk.ts'

/** Everything that an operator should know before a campaign starts. Looks at every contact of the audience. */
export async function reviewCampaign(parts: CampaignParts, campaign: CampaignRow): Promise<Review> {
  const startAt = Math.max(parts.clock.now(), campaign.scheduledAt ?? 0)
  const tally = await walkAudience(parts, campaign, startAt)
  const lanes = parts.phones.lanes()
  const { findings: timeFindings, ...time } = estimate(campaign, tally, lanes, startAt, parts.times(campaign.hours))
  const findings: Finding[] = [
    ...stateFindings(campaign),
    ...planFindings(parts.db, campaign, startAt, parts.settings.current().extraStopWords),
    ...laneFindings(campaign, lanes),
    ...tallyFindings(campaign, tally, lanes),
    ...timeFindings,
  ]
  findings.sort((a, b) => Number(b.level === 'error') - Number(a.level === 'error'))
  return {
    audience: tally.audience,
    messages: tally.messages,
    leftOut: leftOutOf(tally),
    segments: tally.segments,
    bySegments: [...tally.bySegments].sort(([a], [b]) => a - b),
    ucs2: tally.ucs2,
    ...time,
    findings,
    startable: findings.every(finding => finding.level !== 'error'),
  }
}

/**
 * What forbids a start at `startAt`, a sentence each; empty when nothing does. Looks at contacts only until it finds one
 * that can be texted, so that starting a large campaign does not wait for a whole review.
 */
export async function startProblems(parts: CampaignParts, campaign: CampaignRow, startAt: number): Promise<string[]> {
  const findings = [
    ...planFindings(parts.db, campaign, startAt, parts.settings.current().extraStopWords),
    ...laneFindings(campaign, parts.phones.lanes()),
  ]
  if (!findings.some(isError)) {
    const tally = await walkAudience(parts, campaign, startAt, seen => seen.inTime > 0)
    const nobody = nobodyFinding(campaign, tally)
    if (nobody) findings.push(nobody)
  }
  return findings.filter(isError).map(finding => finding.message)
}

function stateFindings(campaign: CampaignRow): Finding[] {
  if (campaign.state === 'scheduled') return []
  const change = changeCampaign(campaign.state, 'start')
  return change.ok ? [] : [error('not_startable', change.message)]
}

function isError(finding: Finding): boolean {
  return finding.level === 'error'
}
