import { campaignById } from '../../db/campaigns.ts'
import type { ContactRow } from '../../db/contacts.ts'
import type { Reader, Writer } from '../../db/database.ts'
import { lastTextFrom } from '../../db/inbound.ts'
import { type HeldMessage, messageDue, openOfContact, refitMessage } from '../../db/messages.ts'
import { nextOpening } from '../../domain/allowed-hours.ts'
import type { Timetable } from '../../domain/timetable.ts'
import { candidatesOf, type ZoneLookup, zonesKey } from '../../domain/zones.ts'
import type { Clock, Log } from '../ports.ts'
import type { SettingsView } from '../settings.ts'
import type { Times } from '../times.ts'
import { apply } from './entries.ts'

export interface RefitParts {
  readonly clock: Clock
  readonly log: Log
  readonly settings: SettingsView
  readonly zones: ZoneLookup
  readonly times: Times
}

/** Fits what waits for a contact who is somewhere else now, in the transaction that changes it. */
export type OnMoved = (db: Writer, contact: ContactRow) => void

/** Whether what tells where a contact is has changed. */
export function hasMoved(before: ContactRow, after: ContactRow): boolean {
  return before.zone !== after.zone || before.postcode !== after.postcode
}

/** A person's reply is no solicitation for so long after a text from the recipient. */
const REPLY_MS = 24 * 3_600_000

/**
 * Fits what waits for a contact to where they are now, in the transaction that changes it: the messages of the queue get
 * new due times, and what a phone holds without having attempted it is taken back. Call `wake` of the dispatch afterwards.
 */
export function refitContact(db: Writer, contact: ContactRow, parts: RefitParts): void {
  const open = openOfContact(db, contact.id)
  if (open.length === 0) return
  const now = parts.clock.now()
  const { places } = candidatesOf(contact, parts.zones)
  for (const message of open) {
    const { kind } = message
    if (kind === 'confirmation' || kind === 'answer' || kind === 'test') continue
    if (message.state === 'assigned' || message.state === 'accepted')
      apply(db, message, 'take_back', 'moved', now, parts.log)
    const exempt = kind === 'reply' && (lastTextFrom(db, contact.number) ?? 0) + REPLY_MS > now
    // The time of a follow-up stays. Where nothing opens any more, the dispatch says so of each message when it is due.
    const from = message.step > 0 ? Math.max(now, messageDue(db, message.id)) : now
    const dueAt = exempt ? now : (nextOpening(timesOf(db, message, parts), places, from) ?? from)
    refitMessage(db, message.id, zonesKey(places), dueAt)
  }
}

/** Those of its campaign, else those of the settings. */
export function timesOf(
  db: Reader,
  { campaignId }: Pick<HeldMessage, 'campaignId'>,
  { settings, times }: Pick<RefitParts, 'settings' | 'times'>,
): Timetable {
  const campaign = campaignId === null ? undefined : campaignById(db, campaignId)
  return times(campaign?.hours ?? settings.current().hours)
}
