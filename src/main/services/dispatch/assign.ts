import { createHash } from 'node:crypto'
import { type CampaignTexts, textOf } from '../../../shared/campaign-steps.ts'
import type { RequirableKind } from '../../../shared/consent.ts'
import type { Hours } from '../../../shared/operations/common.ts'
import { type Assign, TWIN_WAIT_MS } from '../../../shared/phone-protocol.ts'
import { measure } from '../../../shared/sms/segments.ts'
import { parseTemplate, renderTemplate, type Template } from '../../../shared/sms/template.ts'
import { audienceContactById } from '../../db/contacts.ts'
import type { Writer } from '../../db/database.ts'
import { lastTextFrom } from '../../db/inbound.ts'
import {
  assignMessage,
  dueMessages,
  hasTwin,
  moveMessage,
  pinMessage,
  postpone,
  type Queue,
  type QueuedMessage,
} from '../../db/messages.ts'
import { suppressionOf } from '../../db/suppression.ts'
import { closesAt, isAllowed, nextOpening } from '../../domain/allowed-hours.ts'
import { templateValues } from '../../domain/fields.ts'
import { endedBy } from '../../domain/follow-ups.ts'
import type { Timetable } from '../../domain/timetable.ts'
import { candidatesOf, type ZoneLookup, zonesOfKey } from '../../domain/zones.ts'
import { reactionsOf } from '../campaigns/reactions.ts'
import { lackOfConsent } from '../consents.ts'
import type { NumberHash } from '../ports.ts'
import type { Times } from '../times.ts'

/** What the rules of one campaign say at assignment. */
export interface RunningCampaign extends CampaignTexts {
  readonly id: number
  readonly hours: Hours
  /** Ids of the lanes that may send it; null: all. */
  readonly sims: readonly number[] | null
  readonly allowUnproven: boolean
  /** The consent that it requires of its recipients; of which kind, null: any. */
  readonly requireConsent: boolean
  readonly consentKind: RequirableKind | null
}

export interface OpenLane {
  readonly simId: number
  readonly slot: number
  readonly canProve: boolean
  /** False once the cap on different recipients of a month is reached: then only people it has texted before. */
  readonly newRecipients: boolean
  /** Messages and segments that may still be assigned. Counted down. */
  messages: number
  segments: number
}

export interface AssignParts {
  readonly numberHash: NumberHash
  /** Those of the settings. */
  readonly hours: Hours
  readonly times: Times
  readonly zones: ZoneLookup
  /** Lanes that are switched on, connected or not, and whether they can prove: a contact's own lane counts only among them. */
  readonly usable: ReadonlyMap<number, { readonly canProve: boolean }>
}

/** Below this many ms until the end of the allowed hours a message waits for the next opening. */
const SHORTEST_MS = 5_000
/** How long a message with a twin under way waits before it is looked at again, in ms. */
const TWIN_RETRY_MS = 30_000
const BATCH = 50
/** A reply is no solicitation within a day of a text from the recipient; by then it is too late for it (47 CFR 64.1200). */
const REPLY_MS = 24 * 3_600_000

/**
 * Gives a lane due messages of one campaign, of the direct ones, or (`null`) of replies, confirmations and the like,
 * oldest due first, until the lane is full or none is left.
 * Every message is checked here once more: expiry, suppression, required consent, hours at the recipient, twins, the contact's own lane.
 * One that cannot go now is moved out of the way, so that it is not looked at again before its time.
 */
export function assignDue(
  db: Writer,
  lane: OpenLane,
  of: RunningCampaign | 'direct' | null,
  now: number,
  parts: AssignParts,
): Assign[] {
  const given: Assign[] = []
  const campaign = of === 'direct' ? null : of
  const queue: Queue = of === 'direct' ? 'direct' : (campaign?.id ?? null)
  const rules = rulesOf(campaign, parts)
  while (lane.messages > 0 && lane.segments > 0) {
    const free = lane.newRecipients || of === null
    const due = dueMessages(db, { queue, simId: lane.simId, free }, now, Math.min(BATCH, lane.messages))
    for (const message of due) {
      if (lane.messages <= 0 || lane.segments <= 0) return given
      const command = assignOne(db, lane, message, rules, now, parts)
      if (!command) continue
      given.push(command)
      lane.messages -= 1
      lane.segments -= command.segments
    }
    if (due.length < BATCH) return given
  }
  return given
}

interface Rules {
  readonly times: Timetable
  readonly campaign: RunningCampaign | null
  /** The template of a step and variant; null: it cannot be used. */
  readonly template: (step: number, variant: number) => Template | null
  readonly sims: readonly number[] | null
  readonly allowUnproven: boolean
  readonly requireConsent: boolean
  readonly consentKind: RequirableKind | null
}

function rulesOf(campaign: RunningCampaign | null, parts: AssignParts): Rules {
  if (!campaign) {
    const consent = { requireConsent: false, consentKind: null }
    return {
      times: parts.times(parts.hours),
      campaign,
      template: () => null,
      sims: null,
      allowUnproven: true,
      ...consent,
    }
  }
  const { hours, sims, allowUnproven, requireConsent, consentKind } = campaign
  const template = templatesOf(campaign)
  return { times: parts.times(hours), campaign, template, sims, allowUnproven, requireConsent, consentKind }
}

/** Each template is read once, when the first message needs it. */
function templatesOf(campaign: RunningCampaign): Rules['template'] {
  const known = new Map<string, Template | null>()
  return (step, variant) => {
    const key = `${step} ${variant}`
    let template = known.get(key)
    if (template === undefined) {
      const parsed = parseTemplate(textOf(campaign, step, variant) ?? '')
      template = parsed.ok ? parsed.template : null
      known.set(key, template)
    }
    return template
  }
}

function assignOne(
  db: Writer,
  lane: OpenLane,
  message: QueuedMessage,
  rules: Rules,
  now: number,
  parts: AssignParts,
): Assign | null {
  if (message.expiresAt !== null && message.expiresAt <= now) return end(db, message, 'expired', 'expired', now)
  if (message.kind !== 'confirmation' && suppressionOf(db, message.number, () => parts.numberHash.of(message.number))) {
    return end(db, message, 'suppressed', 'suppressed', now)
  }
  if (endFollowUp(db, message, rules.campaign, now)) return null
  // Consent can be taken back while a message waits.
  if (lackOfConsent(db, rules, message.contactConsentId) !== null) {
    return end(db, message, 'suppressed', 'consent_withdrawn', now)
  }
  const notAfter = deadline(db, message, rules.times, parts.zones, now)
  if (notAfter === null) return null
  if (sendElsewhere(db, lane, message, rules, parts)) return null
  const rendered = bodyOf(db, message, rules.template(message.step, message.variant))
  if (!rendered.ok) return end(db, message, 'failed', rendered.code, now)
  const body = rendered.text
  const bodyHash = createHash('sha256').update(body).digest()
  if (hasTwin(db, message.number, bodyHash, now - TWIN_WAIT_MS)) {
    postpone(db, message.id, now + TWIN_RETRY_MS)
    return null
  }
  const { segments } = measure(body)
  const assignment = message.assignment + 1
  assignMessage(db, { id: message.id, simId: lane.simId, assignment, body, bodyHash, segments, notAfter }, now)
  const { id, kind, number } = message
  return { id, kind, number, assignment, slot: lane.slot, body, segments, notAfter }
}

/** Ends a follow-up whose reason is gone since it was queued. One that a person ordered again goes all the same. */
function endFollowUp(db: Writer, message: QueuedMessage, campaign: RunningCampaign | null, now: number): boolean {
  const step = campaign?.steps[message.step - 1]
  if (!campaign || !step || message.repeated === 1) return false
  const contact = message.contactId === null ? undefined : audienceContactById(db, message.contactId)
  if (contact && lackOfConsent(db, campaign, contact.consentId) !== null) {
    end(db, message, 'cancelled', 'consent_missing', now)
    return true
  }
  const why = endedBy(step, reactionsOf(db, campaign.id, message.number).person)
  if (why !== null) end(db, message, 'cancelled', why, now)
  return why !== null
}

/** Until when it may be attempted; null when it has to wait, and then it waits until it is due. */
function deadline(
  db: Writer,
  message: QueuedMessage,
  times: Timetable,
  lookup: ZoneLookup,
  now: number,
): number | null {
  const expiry = message.expiresAt ?? Number.MAX_SAFE_INTEGER
  if (message.kind === 'confirmation' || message.kind === 'answer' || message.kind === 'test') {
    return Math.min(expiry, now + REPLY_MS)
  }
  if (message.kind === 'reply') {
    const exemptUntil = (lastTextFrom(db, message.number) ?? 0) + REPLY_MS
    if (exemptUntil > now + SHORTEST_MS) return Math.min(expiry, exemptUntil)
  }
  const places = placesOf(message, lookup)
  if (isAllowed(times, places, now)) {
    const end = Math.min(expiry, closesAt(times, places, now))
    if (end > now + SHORTEST_MS) return end
  }
  const opening = nextOpening(times, places, now + SHORTEST_MS)
  if (opening === null) end(db, message, 'failed', 'zone_ambiguous', now)
  else postpone(db, message.id, Math.max(opening, now + SHORTEST_MS))
  return null
}

/** A zone or postcode that somebody has entered since counts at once. */
function placesOf(message: QueuedMessage, lookup: ZoneLookup): readonly string[] {
  const { contactZone: zone, contactPostcode: postcode, contactCountry: country, number } = message
  if (zone === null && postcode === null) return zonesOfKey(message.zones)
  return candidatesOf({ zone, postcode, country, number }, lookup).places
}

/** A contact keeps the lane that texted them first, as long as that lane can send this. */
function sendElsewhere(db: Writer, lane: OpenLane, message: QueuedMessage, rules: Rules, parts: AssignParts): boolean {
  const own = message.contactSimId
  if (message.pinned === 1 || own === null || own === lane.simId) return false
  const ownLane = parts.usable.get(own)
  if (!ownLane || !(ownLane.canProve || rules.allowUnproven) || (rules.sims !== null && !rules.sims.includes(own)))
    return false
  pinMessage(db, message.id, own)
  return true
}

function bodyOf(
  db: Writer,
  message: QueuedMessage,
  template: Template | null,
): { ok: true; text: string } | { ok: false; code: string } {
  if (message.body !== null) return { ok: true, text: message.body }
  const contact = message.contactId === null ? undefined : audienceContactById(db, message.contactId)
  if (!contact) return { ok: false, code: 'contact_gone' }
  if (!template) return { ok: false, code: 'template_error' }
  return renderTemplate(template, templateValues(contact))
}

function end(
  db: Writer,
  message: QueuedMessage,
  state: 'expired' | 'suppressed' | 'failed' | 'cancelled',
  reason: string,
  now: number,
): null {
  moveMessage(db, message.id, state, reason, now)
  return null
}
