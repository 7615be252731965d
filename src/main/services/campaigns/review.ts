import { stepText } from '../../../shared/campaign-steps.ts'
import type { Review } from '../../../shared/operations/campaigns.ts'
import { parseTemplate } from '../../../shared/sms/template.ts'
import type { CampaignRow } from '../../db/campaigns.ts'
import { stopPhrases } from '../../db/opt-out-words.ts'
import { changeCampaign } from '../../domain/campaign-states.ts'
import { estimate } from './estimate.ts'
import { error, type Finding, laneFindings, nobodyFinding, planFindings, tallyFindings, warning } from './findings.ts'
import type { CampaignParts } from './parts.ts'
import { leftOutOf, type Tally, walkAudience } from './review-walk.ts'

/** Everything that an operator should know before a campaign starts. Looks at every contact of the audience. */
export async function reviewCampaign(parts: CampaignParts, campaign: CampaignRow): Promise<Review> {
  const startAt = Math.max(parts.clock.now(), campaign.scheduledAt ?? 0)
  const tally = await walkAudience(parts, campaign, startAt)
  const lanes = parts.phones.lanes()
  const { findings: timeFindings, ...time } = estimate(campaign, tally, lanes, startAt, parts.times(campaign.hours))
  const findings: Finding[] = [
    ...stateFindings(campaign),
    ...planFindings(parts.db, campaign, startAt, stopPhrases(parts.db, campaign.audience.lists)),
    ...laneFindings(campaign, lanes),
    ...tallyFindings(campaign, tally, lanes),
    ...failingFindings(campaign, tally),
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
    variants: campaign.variants.map(({ label, share }, at) => ({ label, share, ...tally.variants[at]! })),
    steps: stepsOf(campaign, tally, startAt, time.endsAt),
    ...time,
    findings,
    startable: findings.every(finding => finding.level !== 'error'),
  }
}

const HOUR_MS = 3_600_000

/** The follow-ups in words and figures. How many reply or stay silent nobody knows, so each counts with the most it can be. */
function stepsOf(campaign: CampaignRow, tally: Tally, startAt: number, endsAt: number | null): Review['steps'] {
  let silentMs = 0
  return campaign.steps.map((step, at) => {
    const { messages, segments, failing } = tally.steps[at]!
    const delayMs = step.delayHours * HOUR_MS
    const isSilent = step.condition === 'no_reply'
    if (isSilent) silentMs += delayMs
    const whom = {
      no_reply: 'to everybody who stays silent',
      reply: 'to whoever replies',
      tag: 'to whoever gets the tag',
    }[step.condition]
    return {
      step: at + 1,
      messages,
      segments,
      failing,
      beginsAt: messages === 0 ? null : startAt + (isSilent ? silentMs : delayMs),
      // The silent ones come at the pace of the first texts, only later; when people reply nobody knows.
      endsAt: isSilent && messages > 0 && endsAt !== null ? endsAt + silentMs : null,
      message: `Follow-up ${at + 1}, ${stepText(step)}: ${whom}, at most ${counted(messages, 'text')} of ${counted(segments, 'segment')}.`,
    }
  })
}

function failingFindings(campaign: CampaignRow, tally: Tally): Finding[] {
  return tally.steps.flatMap(({ failing }, at) =>
    failing === 0 || !parseTemplate(campaign.steps[at]!.template).ok
      ? []
      : [
          warning(
            'step_fails',
            `Follow-up ${at + 1} cannot be made for ${counted(failing, 'person', 'people')}: a field of its text is missing, or it gets too long. Give its fields a default.`,
          ),
        ],
  )
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

/**
 * What forbids a start at `startAt`, a sentence each; empty when nothing does. Looks at contacts only until it finds one
 * that can be texted, so that starting a large campaign does not wait for a whole review.
 */
export async function startProblems(parts: CampaignParts, campaign: CampaignRow, startAt: number): Promise<string[]> {
  const findings = [
    ...planFindings(parts.db, campaign, startAt, stopPhrases(parts.db, campaign.audience.lists)),
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
