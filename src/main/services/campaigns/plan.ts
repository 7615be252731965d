import { Refusal } from '../../../shared/errors.ts'
import type { Variant } from '../../../shared/operations/campaigns.ts'
import type { InputOf } from '../../../shared/operations/index.ts'
import { setFittingAfter } from '../../db/campaign-fill.ts'
import { type CampaignPlan, type CampaignRow, updateCampaign } from '../../db/campaigns.ts'
import type { Writer } from '../../db/database.ts'
import { stopPhrases } from '../../db/opt-out-words.ts'
import { editable } from '../../domain/campaign-states.ts'
import { planFindings } from './findings.ts'
import { type CampaignParts, wantedCampaign } from './parts.ts'

/** Changes what is given of a campaign, as far as its state still allows that, in the caller's transaction. */
export function editCampaign(
  tx: Writer,
  old: CampaignRow,
  input: InputOf<'campaigns.update'>,
  parts: CampaignParts,
): CampaignRow {
  const now = parts.clock.now()
  const { id, ...given } = input
  const fields = Object.keys(given).filter(key => given[key as keyof typeof given] !== undefined)
  refuseEdit(old, fields)
  if (given.expiresAt !== undefined) refusePast(given.expiresAt, now)
  const plan: CampaignPlan = {
    name: given.name ?? old.name,
    ...firstTexts(given.template ?? (given.variants?.length === 0 ? old.template : undefined), given.variants, old),
    steps: given.steps ?? old.steps,
    goal: given.goal ?? old.goal,
    waitDays: given.waitDays ?? old.waitDays,
    audience: given.audience ?? old.audience,
    hours: given.hours ?? old.hours,
    sims: given.sims === undefined ? old.sims : wantedSims(given.sims, parts),
    ...wantedConsent(given, old),
    expiresAt: given.expiresAt === undefined ? old.expiresAt : given.expiresAt,
  }
  updateCampaign(tx, id, plan, now)
  const campaign = wantedCampaign(tx, id)
  if (campaign.state === 'scheduled') {
    const errors = planFindings(tx, campaign, campaign.scheduledAt!, stopPhrases(tx, campaign.audience.lists)).filter(
      finding => finding.level === 'error',
    )
    if (errors.length > 0) {
      const sentences = errors.map(finding => finding.message).join(' ')
      throw new Refusal('review_failed', `This campaign is scheduled, and could not start like this. ${sentences}`)
    }
  }
  if (editable(campaign.state) === 'sending' && !isSamePlan(old, campaign)) {
    setFittingAfter(tx, id, '')
    if (campaign.state === 'running') parts.dispatch.takeBack(tx, id, 'queued')
    return wantedCampaign(tx, id)
  }
  return campaign
}

/**
 * The text of a campaign and its variants, from what was given and what there was. With variants the text is that of the
 * first one, and cannot be given as another.
 */
export function firstTexts(
  template: string | undefined,
  variants: readonly Variant[] | undefined,
  old: Pick<CampaignPlan, 'template' | 'variants'> | null,
): Pick<CampaignPlan, 'template' | 'variants'> {
  const wanted = variants ?? old?.variants ?? []
  const [first] = wanted
  if (!first) {
    const text = template ?? old?.template
    if (text !== undefined) return { template: text, variants: wanted }
    const message = 'Write the message: give the campaign a template, or variants.'
    throw new Refusal('invalid_input', message, { template: message })
  }
  if (template !== undefined && template !== first.template) {
    const message = 'This campaign has variants, so its texts are theirs. Change the variants, or take them away.'
    throw new Refusal('invalid_input', message, { template: message })
  }
  return { template: first.template, variants: wanted }
}

function refuseEdit(campaign: CampaignRow, fields: readonly string[]): void {
  const rights = editable(campaign.state)
  if (rights === 'nothing') {
    throw new Refusal('conflict', `This campaign is ${campaign.state} and cannot be changed. Duplicate it instead.`)
  }
  const fixed = rights === 'all' ? [] : fields.filter(field => !SENDING.has(field))
  if (fixed.length === 0) return
  throw new Refusal(
    'conflict',
    `This campaign has begun: its hours, lanes and expiry can still be changed, but not ${fixed.join(', ')}. Cancel it and duplicate it for that.`,
    Object.fromEntries(fixed.map(field => [field, 'cannot be changed after the start'])),
  )
}

const SENDING: ReadonlySet<string> = new Set(['hours', 'sims', 'expiresAt'])

/** Whether nothing was changed that a person decides. */
export function isSamePlan(left: CampaignRow, right: CampaignRow): boolean {
  const plan = (of: CampaignRow) => {
    const { name, template, variants, steps, goal, waitDays, audience, hours, sims, expiresAt } = of
    const { requireConsent, consentKind } = of
    const texts = [template, variants, steps, goal, waitDays]
    return JSON.stringify([name, texts, audience, hours, sims, requireConsent, consentKind, expiresAt])
  }
  return plan(left) === plan(right)
}

/** Refuses an expiry that is over. */
export function refusePast(expiresAt: number | null, now: number): void {
  if (expiresAt === null || expiresAt > now) return
  const message = 'The expiry lies in the past. Choose a later time, or none.'
  throw new Refusal('invalid_input', message, { expiresAt: message })
}

type ConsentPlan = Pick<CampaignPlan, 'requireConsent' | 'consentKind'>

/** Which consent a campaign requires: whoever names a kind requires it, and without a requirement there is no kind. */
export function wantedConsent(
  given: { requireConsent?: boolean | undefined; consentKind?: ConsentPlan['consentKind'] | undefined },
  old: ConsentPlan,
): ConsentPlan {
  const { requireConsent: asked, consentKind: kind } = given
  if (asked === false && kind) {
    const message = 'A kind of consent is named, and none is required. Leave one of both out.'
    throw new Refusal('invalid_input', message, { consentKind: message })
  }
  const requireConsent = asked ?? (kind ? true : old.requireConsent)
  return { requireConsent, consentKind: requireConsent ? (kind === undefined ? old.consentKind : kind) : null }
}

/** Each lane once, and only lanes that exist. */
export function wantedSims(sims: readonly number[] | null, parts: CampaignParts): number[] | null {
  if (sims === null) return null
  const known = new Set(parts.phones.lanes().map(lane => lane.simId))
  const strange = sims.filter(sim => !known.has(sim))
  if (strange.length > 0) {
    const message = `There is no SIM ${strange.join(', ')} on a paired phone. "phones list" shows those there are.`
    throw new Refusal('invalid_input', message, { sims: message })
  }
  return [...new Set(sims)].sort((a, b) => a - b)
}

const NAME_LENGTH = 120

/** What a duplicate is called. */
export function copyName(name: string): string {
  const suffix = ' (copy)'
  return `${name.slice(0, NAME_LENGTH - suffix.length).toWellFormed()}${suffix}`
}
