import { LEASE_MS } from '../../src/shared/phone-protocol.ts'
import { elapsedAtMost, type Instant } from './clock.ts'

/** A pong of the hub: when the ping that it answers was sent, the hub's time in it, and whether it carried a lease. */
export interface Grant {
  readonly sent: Instant
  /** Ms by the hub's clock. */
  readonly hubNow: number
  readonly lease: boolean
}

/** How long the agent may still attempt messages, in ms; 0 or less: not at all. */
export function leaseLeft(grant: Grant | null, now: Instant): number {
  if (!grant?.lease) return 0
  return LEASE_MS - elapsedAtMost(grant.sent, now)
}

/** The latest that it can be by the hub's clock, in ms; null before the hub has said anything. */
export function hubLatest(grant: Grant | null, now: Instant): number | null {
  return grant && grant.hubNow + elapsedAtMost(grant.sent, now)
}

/** What the hub's clock probably shows, in ms; the phone's own clock before the hub has said anything. */
export function hubEstimate(grant: Grant | null, now: Instant): number {
  return Math.round(grant ? grant.hubNow + Math.max(0, now.up - grant.sent.up) : now.wall)
}
