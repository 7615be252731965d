import { Refusal } from '../../../shared/errors.ts'
import type { Campaign } from '../../../shared/operations/campaigns.ts'
import type { InputOf } from '../../../shared/operations/index.ts'
import { setFittingAfter } from '../../db/campaign-fill.ts'
import {
  beginCampaign,
  type CampaignPlan,
  type CampaignRow,
  deleteCampaign,
  endCampaign,
  insertCampaign,
  listCampaigns,
  setCampaignState,
  setSchedule,
  updateCampaign,
} from '../../db/campaigns.ts'
import type { Writer } from '../../db/database.ts'
import { type CampaignEvent, changeCampaign, editable } from '../../domain/campaign-states.ts'
import type { ChangeContext, HandlersFor } from '../operations/dispatch.ts'
import { type CampaignParts, wantedCampaign } from './parts.ts'
import { previewOf } from './preview.ts'
import { progressOf } from './progress.ts'
import { planFindings, reviewCampaign, startProblems } from './review.ts'
import { sendTest } from './test-message.ts'

type CampaignOperations =
  | 'campaigns.create'
  | 'campaigns.update'
  | 'campaigns.list'
  | 'campaigns.get'
  | 'campaigns.preview'
  | 'campaigns.review'
  | 'campaigns.start'
  | 'campaigns.unschedule'
  | 'campaigns.pause'
  | 'campaigns.resume'
  | 'campaigns.cancel'
  | 'campaigns.duplicate'
  | 'campaigns.delete'
  | 'campaigns.progress'
  | 'campaigns.test'

export function campaignHandlers(parts: CampaignParts): HandlersFor<CampaignOperations> {
  const { db, clock } = parts
  return {
    'campaigns.create': ({ hours, ...input }, { actor, commit }) =>
      told(parts, commit((tx, about) => {
        const plan = { ...input, hours: hours ?? parts.settings.current().hours, sims: wantedSims(input.sims, parts) }
        refusePast(plan.expiresAt, clock.now())
        const id = insertCampaign(tx, plan, actor, clock.now())
        about('campaign', id)
        return wantedCampaign(tx, id)
      })),

    'campaigns.update': (input, { commit }) =>
      told(parts, commit((tx, about) => {
        about('campaign', input.id)
        return change(tx, wantedCampaign(tx, input.id), input, parts)
      })),

    'campaigns.list': ({ limit, after, states }) => {
      const rows = listCampaigns(db, states, readCursor(after), limit)
      return { items: rows.map(shown), next: rows.length === limit ? String(rows.at(-1)!.id) : null }
    },

    'campaigns.get': ({ id }) => shown(wantedCampaign(db, id)),

    'campaigns.preview': input => previewOf(db, input),

    'campaigns.review': ({ id }) => reviewCampaign(parts, wantedCampaign(db, id)),

    'campaigns.start': (input, context) => start(parts, input, context),

    'campaigns.unschedule': ({ id }, { commit }) =>
      told(parts, commit((tx, about) => {
        about('campaign', id)
        move(tx, id, 'unschedule', clock.now())
        setSchedule(tx, id, null, false)
        return wantedCampaign(tx, id)
      })),

    'campaigns.pause': ({ id }, { commit }) =>
      told(parts, commit((tx, about) => {
        about('campaign', id)
        move(tx, id, 'pause', clock.now())
        parts.dispatch.takeBack(tx, id, 'queued')
        return wantedCampaign(tx, id)
      })),

    'campaigns.resume': ({ id }, { commit }) =>
      told(parts, commit((tx, about) => {
        about('campaign', id)
        move(tx, id, 'resume', clock.now())
        return wantedCampaign(tx, id)
      })),

    'campaigns.cancel': ({ id }, { commit }) =>
      told(parts, commit((tx, about) => {
        about('campaign', id)
        move(tx, id, 'cancel', clock.now())
        endCampaign(tx, id, clock.now())
        parts.dispatch.takeBack(tx, id, 'cancelled')
        return wantedCampaign(tx, id)
      })),

    'campaigns.duplicate': ({ id, name }, { actor, commit }) =>
      told(parts, commit((tx, about) => {
        const old = wantedCampaign(tx, id)
        const now = clock.now()
        const expiresAt = old.expiresAt !== null && old.expiresAt > now ? old.expiresAt : null
        const made = insertCampaign(tx, { ...old, name: name ?? copyName(old.name), expiresAt }, actor, now)
        about('campaign', id)
        about('campaign', made)
        return wantedCampaign(tx, made)
      })),

    'campaigns.delete': ({ id }, { commit }) => {
      commit((tx, about) => {
        const { state } = wantedCampaign(tx, id)
        about('campaign', id)
        if (state !== 'draft') {
          throw new Refusal('conflict', `Only a draft can be deleted, and this campaign is ${state}. What was sent stays on record.`)
        }
        deleteCampaign(tx, id)
      })
      parts.happenings.tell({ type: 'campaign', id })
      return { done: true }
    },

    'campaigns.progress': ({ id }) => progressOf(db, id),

    'campaigns.test': (input, context) => sendTest(parts, input, context),
  }
}

/** Starts now, or at a time to come. What the review calls an error stands against both. */
async function start(parts: CampaignParts, input: InputOf<'campaigns.start'>, context: ChangeContext): Promise<Campaign> {
  const { db, clock } = parts
  const { id, at } = input
  const event = at === undefined ? 'start' : 'schedule'
  const campaign = wantedCampaign(db, id)
  refuseIllegal(campaign, event)
  if (input.allowUnproven && context.caller.role !== 'admin') {
    throw new Refusal('forbidden', 'Only an administrator can agree to send through a phone that cannot prove what it sent.')
  }
  if (at !== undefined && at <= clock.now()) {
    const message = 'This time lies in the past. Choose a later one, or start it now.'
    throw new Refusal('invalid_input', message, { at: message })
  }
  const allowUnproven = input.allowUnproven || campaign.allowUnproven
  const problems = await startProblems(parts, { ...campaign, allowUnproven }, at ?? clock.now())
  if (problems.length > 0) throw new Refusal('review_failed', problems.join(' '))
  return told(parts, context.commit((tx, about) => {
    about('campaign', id)
    const now = clock.now()
    // The plan may have been changed while it was reviewed.
    if (!isSamePlan(campaign, wantedCampaign(tx, id))) {
      throw new Refusal('conflict', 'The campaign was changed while it was being started. Look at it and start it again.')
    }
    move(tx, id, event, now)
    setSchedule(tx, id, at ?? null, allowUnproven)
    if (at === undefined) beginCampaign(tx, id, now)
    return wantedCampaign(tx, id)
  }))
}

function change(tx: Writer, old: CampaignRow, input: InputOf<'campaigns.update'>, parts: CampaignParts): CampaignRow {
  const now = parts.clock.now()
  const { id, ...given } = input
  const fields = Object.keys(given).filter(key => given[key as keyof typeof given] !== undefined)
  refuseEdit(old, fields)
  if (given.expiresAt !== undefined) refusePast(given.expiresAt, now)
  const plan: CampaignPlan = {
    name: given.name ?? old.name,
    template: given.template ?? old.template,
    audience: given.audience ?? old.audience,
    hours: given.hours ?? old.hours,
    sims: given.sims === undefined ? old.sims : wantedSims(given.sims, parts),
    requireConsent: given.requireConsent ?? old.requireConsent,
    expiresAt: given.expiresAt === undefined ? old.expiresAt : given.expiresAt,
  }
  updateCampaign(tx, id, plan, now)
  const campaign = wantedCampaign(tx, id)
  if (campaign.state === 'scheduled') {
    const errors = planFindings(tx, campaign, campaign.scheduledAt!).filter(finding => finding.level === 'error')
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

function isSamePlan(left: CampaignRow, right: CampaignRow): boolean {
  const plan = ({ name, template, audience, hours, sims, requireConsent, expiresAt }: CampaignRow) =>
    JSON.stringify([name, template, audience, hours, sims, requireConsent, expiresAt])
  return plan(left) === plan(right)
}

function move(tx: Writer, id: number, event: CampaignEvent, now: number): void {
  const change = refuseIllegal(wantedCampaign(tx, id), event)
  setCampaignState(tx, id, change.to, now)
}

function refuseIllegal(campaign: CampaignRow, event: CampaignEvent) {
  const change = changeCampaign(campaign.state, event)
  if (!change.ok) throw new Refusal('conflict', change.message)
  return change
}

function refusePast(expiresAt: number | null, now: number): void {
  if (expiresAt === null || expiresAt > now) return
  const message = 'The expiry lies in the past. Choose a later time, or none.'
  throw new Refusal('invalid_input', message, { expiresAt: message })
}

/** Each lane once, and only lanes that exist. */
function wantedSims(sims: readonly number[] | null, parts: CampaignParts): number[] | null {
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

function copyName(name: string): string {
  const suffix = ' (copy)'
  return `${name.slice(0, NAME_LENGTH - suffix.length).toWellFormed()}${suffix}`
}

function readCursor(after: string | undefined): number {
  if (after === undefined) return Number.MAX_SAFE_INTEGER
  if (/^\d{1,15}$/.test(after)) return Number(after)
  throw new Refusal('invalid_input', 'This is no place in the list of campaigns.', { after: 'hand back `next`' })
}

/** After the commit: whoever waits for a change of this campaign hears of it. */
function told(parts: CampaignParts, campaign: CampaignRow): Campaign {
  parts.happenings.tell({ type: 'campaign', id: campaign.id })
  parts.background.wake()
  parts.dispatch.wake()
  return shown(campaign)
}

function shown(campaign: CampaignRow): Campaign {
  const { fillingAfter: _filling, fittingAfter: _fitting, sims, ...rest } = campaign
  return { ...rest, sims: sims === null ? null : [...sims] }
}
