import { Refusal } from '../../../shared/errors.ts'
import { insertCampaignMessage } from '../../db/campaign-fill.ts'
import { type CampaignRow, campaignById } from '../../db/campaigns.ts'
import { audienceContactById } from '../../db/contacts.ts'
import type { Writer } from '../../db/database.ts'
import { type FirstText, followUpDone, followUpWork } from '../../db/follow-ups.ts'
import { suppressionOf } from '../../db/suppression.ts'
import { nextOpening } from '../../domain/allowed-hours.ts'
import { nextSteps } from '../../domain/follow-ups.ts'
import { candidatesOf, zonesKey, zonesOfKey } from '../../domain/zones.ts'
import { lackOfConsent } from '../consents.ts'
import { lanesOf, pinFor } from './lanes.ts'
import type { CampaignParts } from './parts.ts'
import { reactionsOf } from './reactions.ts'

/** People that one step looks at. */
const CHUNK = 50
/** When a step stops early, in ms: the commit needs the rest of its time. */
const WORK_MS = 9

/**
 * Queues the follow-ups of the next people whose text was sent, who answered or whose conversation was tagged. Each waits
 * in the queue until it is due, and is checked once more before it goes. Returns whether there is more to do.
 */
export function followUpStep(parts: CampaignParts): boolean {
  const people = followUpWork(parts.db, CHUNK)
  if (people.length === 0) return false
  let made = new Set<number>()
  try {
    made = parts.db.write(tx => followUpChunk(tx, people, parts))
  } catch (error) {
    // As when messages are made: it goes on once the data key is there.
    if (error instanceof Refusal && error.code === 'key_missing') return false
    throw error
  }
  for (const id of made) parts.happenings.tell({ type: 'campaign', id })
  if (made.size > 0) parts.dispatch.wake()
  return true
}

function followUpChunk(tx: Writer, people: readonly FirstText[], parts: CampaignParts): Set<number> {
  const stopAt = parts.clock.mono() + WORK_MS
  const campaigns = new Map<number, CampaignRow>()
  const made = new Set<number>()
  for (const first of people) {
    const campaign = campaigns.get(first.campaignId) ?? campaignById(tx, first.campaignId)!
    campaigns.set(campaign.id, campaign)
    if (queueStepsOf(tx, campaign, first, parts)) made.add(campaign.id)
    followUpDone(tx, first.id)
    if (parts.clock.mono() > stopAt) break
  }
  return made
}

/** Whether some were queued. */
function queueStepsOf(tx: Writer, campaign: CampaignRow, first: FirstText, parts: CampaignParts): boolean {
  if (campaign.state !== 'running' && campaign.state !== 'paused') return false
  const contact = first.contactId === null ? undefined : audienceContactById(tx, first.contactId)
  if (!contact || lackOfConsent(tx, campaign, contact.consentId) !== null) return false
  if (suppressionOf(tx, first.number, () => parts.numberHash.of(first.number))) return false
  const { texts, person } = reactionsOf(tx, campaign.id, first.number)
  const now = parts.clock.now()
  const zones = zonesKey(candidatesOf(contact, parts.zones).places)
  const simId = pinFor(contact.simId, lanesOf(campaign, parts.phones.lanes()))
  let queued = false
  for (const { step, notBefore } of nextSteps(campaign.steps, texts, person)) {
    const from = Math.max(now, notBefore)
    // Without an hour in common the dispatch says so of the message when it is due.
    const dueAt = nextOpening(parts.times(campaign.hours), zonesOfKey(zones), from) ?? from
    if (campaign.expiresAt !== null && dueAt >= campaign.expiresAt) continue
    const { id: contactId } = contact
    const planned = { contactId, number: first.number, zones, simId, dueAt, expiresAt: campaign.expiresAt }
    const message = { ...planned, id: parts.ids.next(), step, variant: first.variant }
    queued = insertCampaignMessage(tx, campaign.id, message, campaign.createdBy, now) || queued
  }
  return queued
}
