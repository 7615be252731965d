import type { Stopped } from '../../../shared/operations/suppression.ts'
import { campaignById } from '../../db/campaigns.ts'
import type { Writer } from '../../db/database.ts'
import { expiredMessages, heldOfCampaign, openToNumber, underwayTo } from '../../db/messages.ts'
import type { Log } from '../ports.ts'
import { apply } from './entries.ts'

/** Takes back what phones hold of a campaign and have not attempted: `queued` at a pause, `cancelled` at a cancel. */
export function takeBack(db: Writer, campaignId: number, as: 'queued' | 'cancelled', at: number, log: Log): void {
  const event = as === 'queued' ? 'take_back' : 'cancel'
  for (const message of heldOfCampaign(db, campaignId))
    apply(db, message, event, as === 'queued' ? 'paused' : 'cancelled', at, log)
}

/**
 * Nothing that waits for this number goes out any more, except the one confirmation. Returns how many were stopped by how
 * far they were: queued ones are over at once, what a phone holds is recalled. `underway` are sent already or just now.
 */
export function stopNumber(db: Writer, number: string, at: number, log: Log): Stopped {
  const stopped = { queued: 0, assigned: 0, accepted: 0, underway: underwayTo(db, number) }
  for (const message of openToNumber(db, number)) {
    if (message.kind === 'confirmation') continue
    apply(db, message, 'suppress', 'suppressed', at, log)
    stopped[message.state as 'queued' | 'assigned' | 'accepted'] += 1
  }
  return stopped
}

/** Follow-ups for people who are silent do not go to this number any more: it has texted. */
export function endAnswered(db: Writer, number: string, at: number, log: Log): void {
  for (const message of openToNumber(db, number)) {
    if (message.campaignId === null || message.step === 0 || message.repeated === 1) continue
    const step = campaignById(db, message.campaignId)?.steps[message.step - 1]
    if (step?.condition === 'no_reply') apply(db, message, 'cancel', 'answered', at, log)
  }
}

/** Ends up to `limit` messages whose time is over. Returns how many there were. */
export function expireDue(db: Writer, now: number, limit: number, log: Log): number {
  const due = expiredMessages(db, now, limit)
  for (const message of due) apply(db, message, 'expire', 'expired', now, log)
  return due.length
}
