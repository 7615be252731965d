import { namedTexts, stepText } from '../../../shared/campaign-steps.ts'
import type { Review } from '../../../shared/operations/campaigns.ts'
import type { Audience } from '../../../shared/operations/contacts.ts'
import type { LaneLimits } from '../../../shared/phone-protocol.ts'
import { mentionsOptOut } from '../../../shared/sms/opt-out-mention.ts'
import { parseTemplate, unknownFields } from '../../../shared/sms/template.ts'
import { replaceInTemplate } from '../../../shared/sms/template-replacements.ts'
import type { CampaignRow } from '../../db/campaigns.ts'
import { knownFields } from '../../db/contacts.ts'
import { threadTagNamed } from '../../db/conversations.ts'
import type { Reader } from '../../db/database.ts'
import { type GroupKind, groupsByName } from '../../db/lists.ts'
import { formatHours, isWiderThanLegal, LEGAL_HOURS } from '../../domain/allowed-hours.ts'
import { DEFAULT_WORDS } from '../../domain/opt-out-words.ts'
import type { LaneView } from '../ports.ts'
import { chosenLanes, laneName, lanesOf } from './lanes.ts'
import { problemText } from './preview.ts'
import type { Tally } from './review-walk.ts'

export type Finding = Review['findings'][number]

/** What can be said of a campaign without looking at its audience, if it starts at `startAt`. */
export function planFindings(
  db: Reader,
  campaign: CampaignRow,
  startAt: number,
  stopWords: readonly string[],
): Finding[] {
  const findings: Finding[] = []
  const words = [...DEFAULT_WORDS.stop, ...stopWords]
  for (const text of namedTexts(campaign)) findings.push(...textFindings(db, text, words))
  findings.push(...audienceFindings(db, campaign.audience), ...stepFindings(db, campaign, startAt))
  if (campaign.expiresAt !== null && campaign.expiresAt <= startAt) {
    findings.push(error('expired', 'The campaign expires before it starts. Choose a later expiry, or none.'))
  }
  if (isWiderThanLegal(campaign.hours)) {
    findings.push(
      warning(
        'hours_wide',
        `The allowed hours are ${formatHours(campaign.hours)}; many places forbid advertising outside of ${formatHours(LEGAL_HOURS)}. Narrow them unless you know better.`,
      ),
    )
  }
  return findings
}

/** What can be said of one text; `name` is empty where there is but one. */
function textFindings(
  db: Reader,
  { name, template }: { name: string; template: string },
  words: readonly string[],
): Finding[] {
  const of = name === '' ? '' : `${name}: `
  const parsed = parseTemplate(template)
  if (!parsed.ok) {
    return [error('template_error', `${of}The template cannot be used. ${problemText(parsed.error)}`)]
  }
  const findings: Finding[] = []
  const unknown = unknownFields(parsed.template, knownFields(db))
  if (unknown.length > 0) {
    const mend = 'Mend the name in the template, or import the field.'
    findings.push(error('unknown_field', `${of}No contact has ${list(unknown)}. ${mend}`))
  }
  if (!mentionsOptOut(template, words)) {
    const add = 'Add something like "Reply STOP to opt out".'
    findings.push(warning('no_opt_out', `${of}The text does not say how to opt out. ${add}`))
  }
  return findings
}

const HOUR_MS = 3_600_000

/** What keeps a follow-up from ever going. */
function stepFindings(db: Reader, { steps, expiresAt }: CampaignRow, startAt: number): Finding[] {
  const findings: Finding[] = []
  let silentMs = 0
  for (const [at, step] of steps.entries()) {
    const delayMs = step.delayHours * HOUR_MS
    if (step.condition === 'no_reply') silentMs += delayMs
    const earliest = startAt + (step.condition === 'no_reply' ? silentMs : delayMs)
    if (expiresAt !== null && earliest >= expiresAt) {
      findings.push(
        warning(
          'step_expired',
          `Follow-up ${at + 1} (${stepText(step)}) would come after the campaign has expired, so nobody gets it. Choose a later expiry, or a shorter wait.`,
        ),
      )
    }
    if (step.condition === 'tag' && threadTagNamed(db, step.tag) === undefined) {
      findings.push(
        warning(
          'unknown_tag',
          `Follow-up ${at + 1} waits for the tag "${step.tag}", which no conversation has yet. Look whether it is spelled as it will be set in the inbox.`,
        ),
      )
    }
  }
  return findings
}

/** Lists and tags are kept by name, and may have been renamed or deleted since. */
function audienceFindings(db: Reader, audience: Audience): Finding[] {
  const gone = (kind: GroupKind, names: readonly string[]) =>
    names.filter(name => groupsByName(db, kind, [name]).length === 0).map(name => `${kind} "${name}"`)
  const missing = [...gone('list', audience.lists), ...gone('tag', audience.tags)]
  const excepted = gone('tag', audience.exceptTags)
  const findings: Finding[] = []
  if (missing.length > 0) {
    findings.push(
      error('unknown_list', `There is no ${list(missing)} (any more). Take it out of the audience, or choose another.`),
    )
  }
  if (excepted.length > 0) {
    findings.push(
      warning('unknown_exception', `There is no ${list(excepted)} (any more), so nobody is left out for it.`),
    )
  }
  return findings
}

/** What stands against the lanes that a campaign would use. */
export function laneFindings(campaign: CampaignRow, lanes: readonly LaneView[]): Finding[] {
  if (lanes.length === 0) {
    return [
      error(
        'no_phone',
        'No phone is paired, so nothing can be sent. Pair one under Phones, or by "campaign-connector phones pair".',
      ),
    ]
  }
  const chosen = chosenLanes(campaign, lanes)
  if (chosen.length === 0) {
    return [
      error(
        'no_lane',
        'Every SIM that this campaign may use is switched off or gone. Switch one on, or choose others.',
      ),
    ]
  }
  const usable = lanesOf(campaign, chosen)
  const names = (some: readonly LaneView[]) => list(some.map(lane => laneName(lane, lanes)))
  if (usable.length === 0) {
    return [
      error(
        'cannot_prove',
        `${names(chosen)} cannot prove what was sent, so every message would end as unknown. Run the doctor on the phone and mend what it finds, or let an administrator start the campaign all the same (allowUnproven).`,
      ),
    ]
  }
  const findings: Finding[] = []
  const unproven = chosen.filter(lane => !lane.canProve)
  if (unproven.length > 0) {
    const used = campaign.allowUnproven
      ? 'messages through it end as unknown'
      : 'it is not used unless an administrator agrees (allowUnproven)'
    findings.push(warning('cannot_prove', `${names(unproven)} cannot prove what was sent: ${used}.`))
  }
  const offline = usable.filter(lane => !lane.connected)
  if (offline.length > 0) {
    const rest = offline.length === usable.length ? 'Nothing is sent until one connects.' : 'The others send meanwhile.'
    findings.push(warning('offline', `${names(offline)} is not connected. ${rest}`))
  }
  const high = usable.filter(lane => isAboveCarriers(lane.limits))
  if (high.length > 0) {
    findings.push(
      warning(
        'limits_high',
        `The limits of ${names(high)} are above what carriers are known to bear (${CARRIER_HOUR} texts an hour, ${CARRIER_DAY} a day, ${CARRIER_MONTH} different people a month). The SIM may be blocked; lower them unless your contract allows more.`,
      ),
    )
  }
  return findings
}

/** What the look at the whole audience says. */
export function tallyFindings(campaign: CampaignRow, tally: Tally, lanes: readonly LaneView[]): Finding[] {
  const stop = nobodyFinding(campaign, tally)
  if (stop) return [stop]
  const findings: Finding[] = []
  if (tally.mendable > 0) {
    const firsts = campaign.variants.length === 0 ? [campaign] : campaign.variants
    const found = firsts.flatMap(({ template }) => replaceInTemplate(template).replaced.map(({ from }) => from))
    const chars = [...new Set(found)].join(' ')
    const source = chars === '' ? 'in the values of contacts' : `(${chars})`
    const saved = tally.mendableSegments > 0 ? ` and takes ${tally.mendableSegments} more segments` : ''
    findings.push(
      warning(
        'ucs2',
        `Quotes, dashes or the like ${source} make ${tally.mendable} messages UCS-2, which holds 70 characters instead of 160${saved}. Replace them by plain ones.`,
      ),
    )
  }
  if (tally.withoutConsent > 0) {
    findings.push(
      warning(
        'no_consent',
        `No consent is on record for ${tally.withoutConsent} of the ${tally.messages} people. Being on a list is none: record it, or require it for this campaign to leave them out.`,
      ),
    )
  }
  const room = recipientsLeft(lanesOf(campaign, lanes))
  if (room !== null && room < tally.messages) {
    findings.push(
      warning(
        'monthly_cap',
        `The SIMs may text ${room} more different people this month, and the campaign has ${tally.messages}. The rest wait until the cap allows them. Add a SIM, or make the audience smaller.`,
      ),
    )
  }
  return findings
}

/** Why there would be no message at all, or none in time; undefined while there is one. */
export function nobodyFinding(campaign: CampaignRow, tally: Tally): Finding | undefined {
  if (tally.audience === 0) {
    return error('audience_empty', 'Nobody is in the audience. Look at its lists, tags and search.')
  }
  if (tally.messages === 0) {
    return error(
      'nobody_left',
      'Everybody in the audience is left out, so there is nothing to send. The reasons are listed.',
    )
  }
  if (tally.inTime === 0) {
    return error(
      'expires_closed',
      `The campaign expires before its hours (${formatHours(campaign.hours)}) open for anybody. Choose a later expiry, or none.`,
    )
  }
  return undefined
}

// What carriers are known to bear of a consumer's SIM, at best.
const CARRIER_HOUR = 200
const CARRIER_DAY = 500
const CARRIER_MONTH = 250
const HOUR = 3_600_000

function isAboveCarriers(limits: LaneLimits): boolean {
  return (
    mostIn(limits, HOUR) > CARRIER_HOUR ||
    mostIn(limits, 24 * HOUR) > CARRIER_DAY ||
    limits.recipientsPerMonth === null ||
    limits.recipientsPerMonth > CARRIER_MONTH
  )
}

/** The most segments that sliding windows let through in a period. */
function mostIn(limits: LaneLimits, periodMs: number): number {
  return Math.min(
    ...limits.windows.map(({ segments, windowMs }) => segments * Math.max(1, Math.ceil(periodMs / windowMs))),
  )
}

/** Different recipients that the lanes may still text this month; null when one has no cap, or when there is none. */
function recipientsLeft(lanes: readonly LaneView[]): number | null {
  if (lanes.length === 0) return null
  let left = 0
  for (const { limits, recipientsThisMonth } of lanes) {
    if (limits.recipientsPerMonth === null) return null
    left += Math.max(0, limits.recipientsPerMonth - recipientsThisMonth)
  }
  return left
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

export function error(code: string, message: string): Finding {
  return { level: 'error', code, message }
}

export function warning(code: string, message: string): Finding {
  return { level: 'warning', code, message }
}
