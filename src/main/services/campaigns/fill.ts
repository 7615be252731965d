import { Refusal } from '../../../shared/errors.ts'
import { nextOfAudience } from '../../db/audience.ts'
import {
  cancelQueued,
  fitHeld,
  fitQueued,
  insertCampaignMessage,
  insertLeftOut,
  messagesToFit,
  setFillingAfter,
  setFittingAfter,
} from '../../db/campaign-fill.ts'
import { type CampaignRow, campaignToEmpty, campaignToFill, campaignToFit } from '../../db/campaigns.ts'
import { isSearchComplete } from '../../db/contact-search.ts'
import type { Writer } from '../../db/database.ts'
import { nextOpening } from '../../domain/allowed-hours.ts'
import { zonesOfKey } from '../../domain/zones.ts'
import { Judge, openingsAt } from './judge.ts'
import { lanesOf, pinFor } from './lanes.ts'
import type { CampaignParts } from './parts.ts'

/** Contacts or messages that one step looks at. */
const CHUNK = 100
/** Messages that one step cancels: a single statement, so it cannot stop in the middle. */
const CANCEL_CHUNK = 200
/** When a step stops early, in ms: the commit needs the rest of its time. */
const WORK_MS = 9

/**
 * Makes the next messages of the oldest campaign that has begun. What is made and how far it got are stored together,
 * so a crash neither leaves a contact out nor texts one twice. Returns whether there is more to do.
 */
export function fillStep(parts: CampaignParts): boolean {
  const campaign = campaignToFill(parts.db)
  if (!campaign) return false
  // Nobody may be missing whom an import has made and the search does not find yet.
  if (campaign.audience.search !== '' && !isSearchComplete(parts.db)) return parts.search.step()
  try {
    parts.db.write(tx => fillChunk(tx, campaign, parts))
  } catch (error) {
    // Without the data key nobody knows of people who were erased whether they had said stop. Sending is blocked anyway; it
    // goes on once the key is there.
    if (error instanceof Refusal && error.code === 'key_missing') return false
    throw error
  }
  parts.happenings.tell({ type: 'campaign', id: campaign.id })
  parts.dispatch.wake()
  return true
}

/** Fits the next waiting messages of a campaign to hours, lanes and expiry that were changed after its start. */
export function fitStep(parts: CampaignParts): boolean {
  const campaign = campaignToFit(parts.db)
  if (!campaign) return false
  parts.db.write(tx => fitChunk(tx, campaign, parts))
  parts.dispatch.wake()
  return true
}

/** Cancels the next queued messages of a cancelled campaign. */
export function cancelStep(parts: CampaignParts): boolean {
  const id = campaignToEmpty(parts.db)
  if (id === undefined) return false
  parts.db.write(tx => cancelQueued(tx, id, parts.clock.now(), CANCEL_CHUNK))
  parts.happenings.tell({ type: 'campaign', id })
  return true
}

function fillChunk(tx: Writer, campaign: CampaignRow, parts: CampaignParts): void {
  const now = parts.clock.now()
  const stopAt = parts.clock.mono() + WORK_MS
  const judge = new Judge(tx, campaign, now, parts)
  const usable = lanesOf(campaign, parts.phones.lanes())
  const contacts = nextOfAudience(tx, campaign.audience, campaign.fillingAfter!, CHUNK)
  let done = 0
  for (const contact of contacts) {
    const verdict = judge.of(contact)
    const made =
      verdict.ok &&
      insertCampaignMessage(
        tx,
        campaign.id,
        {
          id: parts.ids.next(),
          contactId: contact.id,
          number: contact.number,
          zones: verdict.zones,
          simId: pinFor(contact.simId, usable),
          dueAt: verdict.dueAt,
          expiresAt: campaign.expiresAt,
          step: 0,
          variant: verdict.variant,
        },
        campaign.createdBy,
        now,
      )
    if (!made) insertLeftOut(tx, campaign.id, contact.id, verdict.ok ? 'has_message' : verdict.code)
    done += 1
    if (done % 8 === 0 && parts.clock.mono() > stopAt) break
  }
  const isEnd = done === contacts.length && contacts.length < CHUNK
  setFillingAfter(tx, campaign.id, isEnd ? null : contacts[done - 1]!.id)
}

function fitChunk(tx: Writer, campaign: CampaignRow, parts: CampaignParts): void {
  const now = parts.clock.now()
  const stopAt = parts.clock.mono() + WORK_MS
  const times = parts.times(campaign.hours)
  const opening = openingsAt(times, now)
  const usable = lanesOf(campaign, parts.phones.lanes())
  const messages = messagesToFit(tx, campaign.id, campaign.fittingAfter!, CHUNK)
  let done = 0
  for (const message of messages) {
    const { expiresAt } = campaign
    if (message.state === 'queued') {
      // Hours that no longer open anywhere: the dispatch says so of each message when it is due.
      const notBefore = message.step === 0 ? now : Math.max(now, message.dueAt)
      const dueAt =
        (notBefore === now ? opening(message.zones) : nextOpening(times, zonesOfKey(message.zones), notBefore)) ??
        notBefore
      fitQueued(tx, message.id, { dueAt, expiresAt, simId: pinFor(message.contactSimId, usable) })
    } else fitHeld(tx, message.id, expiresAt)
    done += 1
    if (done % 8 === 0 && parts.clock.mono() > stopAt) break
  }
  const isEnd = done === messages.length && messages.length < CHUNK
  setFittingAfter(tx, campaign.id, isEnd ? null : messages[done - 1]!.id)
}
