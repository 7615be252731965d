import { uptime } from 'node:os'

/** The phone's three clocks, in ms. */
export interface Clock {
  /** What the phone shows. It can jump either way. */
  wall(): number
  /** Never goes back, and stands still while the phone sleeps. */
  mono(): number
  /** Time since the phone was switched on, sleep included. */
  up(): number
}

/** The three clocks at one moment. */
export interface Instant {
  readonly wall: number
  readonly mono: number
  readonly up: number
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  mono: () => performance.now(),
  up: () => Math.round(uptime() * 1000),
}

export function instant(clock: Clock): Instant {
  return { wall: clock.wall(), mono: clock.mono(), up: clock.up() }
}

/**
 * The most that can have passed between two instants, in ms, by whichever clock says most: a phone that slept, or whose
 * clock was set forward, must never believe that less time has passed than really has.
 */
export function elapsedAtMost(from: Instant, now: Instant): number {
  return Math.max(0, now.wall - from.wall, now.mono - from.mono, now.up - from.up)
}
