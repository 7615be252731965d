import { textOf } from '../../shared/campaign-steps.ts'
import { isErasedNumber } from '../../shared/erased.ts'
import { Refusal } from '../../shared/errors.ts'
import type { Message, MessageState } from '../../shared/operations/messages.ts'
import type { UnknownReason } from '../../shared/phone-protocol.ts'
import { measure } from '../../shared/sms/segments.ts'
import { parseTemplate, renderTemplate } from '../../shared/sms/template.ts'
import { type CampaignRow, campaignById } from '../db/campaigns.ts'
import { audienceContactById, contactByNumber } from '../db/contacts.ts'
import type { Reader, Writer } from '../db/database.ts'
import { type ListedMessage, listMessages, messageById, repeatsOf } from '../db/message-list.ts'
import { heldMessage, queueMessage, unknownByReason, unknownMessages } from '../db/messages.ts'
import { suppressionOf } from '../db/suppression.ts'
import { nextOpening } from '../domain/allowed-hours.ts'
import { templateValues } from '../domain/fields.ts'
import { isSettled } from '../domain/message-states.ts'
import type { Timetable } from '../domain/timetable.ts'
import { candidatesOf, zonesKey } from '../domain/zones.ts'
import { lanesOf, pinFor } from './campaigns/lanes.ts'
import type { CampaignParts } from './campaigns/parts.ts'
import { TEST_MS } from './campaigns/test-message.ts'
import { nextCursor } from './cursor.ts'
import { apply } from './dispatch/entries.ts'
import { heldOf } from './holds.ts'
import type { Handlers, HandlersFor } from './operations/dispatch.ts'

type MessageOperations = Extract<keyof Handlers, `messages.${string}`>

export function messageHandlers(parts: CampaignParts): HandlersFor<MessageOperations> {
  const { db, clock, log, happenings } = parts
  const told = (message: Message) => {
    if (message.campaignId !== null) happenings.tell({ type: 'campaign', id: message.campaignId })
    happenings.tell({ type: 'work' })
    return message
  }
  return {
    'messages.list': ({ limit, after, campaignId, states }) => {
      const found = listMessages(db, {
        states,
        limit,
        ...(campaignId !== undefined && { campaignId }),
        ...(after !== undefined && { before: after }),
      })
      return {
        items: found.map(message => shownMessage(db, message, parts)),
        next: nextCursor(found, limit, message => message.id),
      }
    },

    'messages.get': ({ id }) => shownMessage(db, wantedMessage(db, id), parts),

    'messages.decide': ({ id, as }, { commit }) =>
      told(
        commit((tx, about) => {
          const { state } = wantedMessage(tx, id)
          if (state !== 'unknown') throw new Refusal('conflict', undecidable(state))
          about('message', id)
          apply(tx, heldMessage(tx, id)!, as === 'sent' ? 'decide_sent' : 'decide_failed', 'operator', clock.now(), log)
          return shownMessage(tx, wantedMessage(tx, id), parts)
        }),
      ),

    'messages.unknown': () => ({
      groups: unknownByReason(db).map(group => ({ ...group, meaning: meaningOf(group.reason) })),
    }),

    'messages.decide-all': ({ campaignId, reason, as }, { commit }) => {
      const result = commit((tx, about) => {
        const found = unknownMessages(tx, campaignId, reason, AT_ONCE)
        for (const message of found) {
          about('message', message.id)
          apply(tx, message, as === 'sent' ? 'decide_sent' : 'decide_failed', 'operator', clock.now(), log)
        }
        const left = unknownByReason(tx).find(group => group.campaignId === campaignId && group.reason === reason)
        return { decided: found.length, left: left?.messages ?? 0 }
      })
      if (campaignId !== null) happenings.tell({ type: 'campaign', id: campaignId })
      return result
    },

    'messages.send-again': ({ id, mayArriveTwice }, { actor, commit }) => {
      const made = told(
        commit((tx, about) => {
          const old = wantedMessage(tx, id)
          refuseRepeat(tx, old, mayArriveTwice, parts)
          const repeat = repeatOf(tx, old, actor, parts)
          about('message', old.id)
          about('message', repeat)
          return shownMessage(tx, wantedMessage(tx, repeat), parts)
        }),
      )
      parts.dispatch.wake()
      return made
    },
  }
}

/** Each of them stands in the audit row, so that there is a limit to what one decision takes. */
const AT_ONCE = 1_000

/** What it means that a message is without proof, for the person who has to decide. */
export function meaningOf(reason: string): string {
  return MEANINGS[reason as UnknownReason] ?? 'Nobody can say whether it left.'
}

const MEANINGS: Record<UnknownReason, string> = {
  no_proof:
    'Android took it and never showed it as sent. Most likely it did not leave: no credit, no signal, or the gate.',
  timeout: 'The command hung. It may have left.',
  interrupted: 'The agent was stopped in the middle of the attempt. It may have left.',
  ambiguous: 'The phone shows sent texts to this number that could be it, and could be others.',
  store_unreadable: 'The SMS store could not be read, so there is no knowing. Look at the phone.',
  cannot_prove: 'This phone cannot show what it sent. Update termux-api on it; look at the phone for this one.',
  journal_lost: "The phone's journal was lost or replaced, or the phone was written off. It may have left.",
  journal_rolled_back: "The phone's journal is older than it was, or a copy. It may have left.",
  phone_revoked: 'The phone was revoked while it had it. It may have left.',
}

/** The message, or a refusal when there is none. */
export function wantedMessage(db: Reader, id: string): ListedMessage {
  const message = messageById(db, id)
  if (!message) throw new Refusal('not_found', 'There is no such message.')
  return message
}

/** A message as the contract has it. */
export function shownMessage(
  db: Reader,
  listed: ListedMessage,
  parts: Pick<CampaignParts, 'clock' | 'settings' | 'times'>,
): Message {
  const { recalled, simId: _simId, zones: _zones, dueAt: _dueAt, variantPlace: _place, ...message } = listed
  const number = isErasedNumber(message.number) ? 'erased' : message.number
  return { ...message, number, recalled: recalled === 1, held: heldOf(db, listed, parts) }
}

function undecidable(state: MessageState): string {
  if (isSettled(state)) return `This message is ${state}. Only one whose end is unknown can be marked.`
  return 'This message is still on its way. Its end can be marked only once it is unknown.'
}

function refuseRepeat(db: Reader, old: ListedMessage, mayArriveTwice: boolean, parts: CampaignParts): void {
  if (old.state === 'sent') throw new Refusal('conflict', 'This message was sent. Write a new one instead.')
  if (!isSettled(old.state)) {
    throw new Refusal('conflict', 'This message is still on its way. Wait for its end, or cancel the campaign first.')
  }
  if (old.state === 'suppressed') {
    throw new Refusal(
      'conflict',
      'This message was held back for an opt-out, which still counts for it. Write a new one instead.',
    )
  }
  if (old.kind === 'confirmation') {
    throw new Refusal('conflict', 'A person who says stop gets one confirmation and nothing more.')
  }
  if (isErasedNumber(old.number)) {
    throw new Refusal('conflict', 'The person was erased, so nobody knows any more where this message went.')
  }
  if (old.textRemovedAt !== null && old.campaignId === null) {
    throw new Refusal('conflict', 'Its text was removed by its age. Write a new message instead.')
  }
  if (suppressionOf(db, old.number, parts.numberHash.of(old.number))) {
    throw new Refusal(
      'conflict',
      `${old.number} has opted out or was put on the suppression list. Nothing is sent there.`,
    )
  }
  const going = repeatsOf(db, old.id).find(repeat => !NEVER_LEFT.has(repeat.state))
  if (going) {
    throw new Refusal('conflict', `It was sent again already, as message ${going.id}, which is ${words(going.state)}.`)
  }
  if (old.state === 'unknown' && !mayArriveTwice) {
    throw new Refusal(
      'conflict',
      'Nobody knows whether this message arrived. Sent again, it may arrive twice. To do so all the same, confirm that it may (mayArriveTwice).',
    )
  }
}

/** States of a repeat that stand against no further one. */
const NEVER_LEFT: ReadonlySet<MessageState> = new Set(['suppressed', 'expired', 'cancelled', 'failed'])

function words(state: MessageState): string {
  return state.replace('_', ' ')
}

/**
 * Queues the same text to the same number as a new message that names the old one, and returns its id. While its campaign
 * is open it belongs to that; afterwards it is a person's own message under the general hours.
 */
function repeatOf(db: Writer, old: ListedMessage, actor: string, parts: CampaignParts): string {
  const now = parts.clock.now()
  const campaign = old.campaignId === null ? undefined : campaignById(db, old.campaignId)!
  const open = campaign?.state === 'running' || campaign?.state === 'paused'
  const body = bodyOf(db, old, campaign)
  const contact = contactByNumber(db, old.number)
  const zones = contact
    ? zonesKey(candidatesOf(contact, parts.zones).places)
    : old.zones || zonesOfNumber(old.number, parts)
  const usable = open ? lanesOf(campaign, parts.phones.lanes()) : parts.phones.lanes().filter(lane => lane.enabled)
  const id = parts.ids.next()
  queueMessage(
    db,
    {
      id,
      kind: open ? 'campaign' : old.kind === 'test' || old.kind === 'direct' ? old.kind : 'reply',
      campaignId: open ? campaign.id : null,
      ...(open && { step: old.step, variant: old.variantPlace }),
      contactId: contact?.id ?? null,
      number: old.number,
      body,
      segments: measure(body).segments,
      simId: pinFor(contact?.simId ?? null, usable),
      zones,
      dueAt:
        old.kind === 'test'
          ? now
          : dueAt(zones, parts.times(open ? campaign.hours : parts.settings.current().hours), now),
      expiresAt: open ? campaign.expiresAt : old.kind === 'test' ? now + TEST_MS : null,
      causeId: null,
      repeats: old.id,
      createdBy: actor,
    },
    now,
  )
  return id
}

function zonesOfNumber(number: string, parts: CampaignParts): string {
  return zonesKey(candidatesOf({ number }, parts.zones).places)
}

function dueAt(zones: string, times: Timetable, now: number): number {
  const opening = nextOpening(times, zones === '' ? [] : zones.split(' '), now)
  if (opening === null) {
    throw new Refusal(
      'conflict',
      'The places where this person may be have no allowed hour in common. Give the contact a time zone, and try again.',
    )
  }
  return opening
}

/** The text as it was, or as it would have been where the old message ended before it was rendered. */
function bodyOf(db: Reader, old: ListedMessage, campaign: CampaignRow | undefined): string {
  if (old.body !== null) return old.body
  const contact = old.contactId === null ? undefined : audienceContactById(db, old.contactId)
  if (!contact || !campaign)
    throw new Refusal('conflict', 'The contact of this message is gone, so it has no text any more.')
  const parsed = parseTemplate(textOf(campaign, old.step, old.variantPlace) ?? '')
  if (!parsed.ok) throw new Refusal('conflict', `The template of the campaign cannot be used. ${parsed.error.message}`)
  const rendered = renderTemplate(parsed.template, templateValues(contact))
  if (!rendered.ok) throw new Refusal('conflict', rendered.message)
  return rendered.text
}
