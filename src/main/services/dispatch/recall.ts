import type { Writer } from '../../db/database.ts'
import { expiredMessages, heldOfCampaign, openToNumber } from '../../db/messages.ts'
import type { Log } from '../ports.ts'
import { apply } from './entries.ts'

/** Takes back what phones hold of a campaign and have not attempted: `queued` at a pause, `cancelled` at a cancel. */
export function takeBack(db: Writer, campaignId: number, as: 'queued' | 'cancelled', at: number, log: Log): void {
  const event = as === 'queued' ? 'take_back' : 'cancel'
  for (const message of heldOfCampaign(db, campaignId))
    apply(db, message, event, as === 'queued' ? 'paused' : 'cancelled', at, log)
}

/** Nothing that waits for this number goes out any more, except the one confirmation. */
export function stopNumber(db: Writer, number: string, at: number, log: Log): void {
  for (const message of openToNumber(db, number)) {
    if (message.kind !== 'confirmation') apply(db, message, 'suppress', 'suppressed', at, log)
  }
}

/** Ends up to `limit` messages whose time is over. Returns how many there were. */
export function expireDue(db: Writer, now: number, limit: number, log: Log): number {
  const due = expiredMessages(db, now, limit)
  for (const message of due) apply(db, message, 'expire', 'expired', now, log)
  return due.length
}
