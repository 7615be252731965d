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
  up,
}

/** For so long the steady clock goes on from a reading of the system's uptime, in ms: each one reads a file. */
const UPTIME_MS = 100
/** By how much wall and steady clock may come apart in between. More means that the phone slept or its clock was set. */
const APART_MS = 20

let read = { up: 0, mono: Number.NEGATIVE_INFINITY, wall: 0 }

function up(): number {
  const mono = performance.now()
  const wall = Date.now()
  const passed = mono - read.mono
  if (passed >= UPTIME_MS || Math.abs(wall - read.wall - passed) > APART_MS) {
    read = { up: uptime() * 1000, mono, wall }
    return Math.round(read.up)
  }
  return Math.round(read.up + passed)
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
