import type { Held } from '../../shared/operations/common.ts'
import type { MessageState } from '../../shared/operations/messages.ts'
import type { Reader } from '../db/database.ts'
import { holdOf, nextOpening } from '../domain/allowed-hours.ts'
import { zonesOfKey } from '../domain/zones.ts'
import { type RefitParts, timesOf } from './dispatch/refit.ts'

/** What tells of a message whether it waits, and for what. */
interface Waiting {
  readonly state: MessageState
  readonly campaignId: number | null
  /** Candidate places, separated by a space. */
  readonly zones: string
  readonly dueAt: number
  /** 0: no follow-up. */
  readonly step: number
}

const MOMENT =
  'it was put off for a moment: the same text to this number is under way, or the phone had no room for it or refused it'

const FOLLOW_UP = 'it is a follow-up whose time has not come'

/** Until when a queued message is held, and why; null for one that is due, or not in the queue. */
export function heldOf(
  db: Reader,
  message: Waiting,
  parts: Pick<RefitParts, 'clock' | 'settings' | 'times'>,
): Held | null {
  const now = parts.clock.now()
  if (message.state !== 'queued' || message.dueAt <= now) return null
  const times = timesOf(db, message, parts)
  const places = zonesOfKey(message.zones)
  // What waits longer than until the next opening waits for something else.
  const opening = nextOpening(times, places, now)
  const hold = opening !== null && opening >= message.dueAt ? holdOf(times, places, now, message.dueAt) : undefined
  const other = message.step > 0 ? FOLLOW_UP : MOMENT
  return { until: message.dueAt, zone: hold?.zone ?? null, because: hold?.because ?? other }
}
