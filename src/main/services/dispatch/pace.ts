import { AHEAD_MS, type LaneLimits } from '../../../shared/phone-protocol.ts'

/** What is assigned ahead of a lane's own pace, in ms: enough to keep it busy, little to take back. */
const AHEAD_OF_PACE_MS = 10_000
/** Before its pace is known, and at the least: so much that a lane never waits for the next frame. */
const FEWEST = 24
/** Most messages that one lane holds unattempted, however fast it is. */
const MOST = 400
/** Over how long the pace is measured, in ms. */
const WINDOW_MS = 2_000

interface Measured {
  since: number
  count: number
  /** Attempts per ms, smoothed; null before the first window is over. */
  rate: number | null
  /** Segments attempted since the phone's last status: its room is smaller by so much. */
  spent: number
}

/** How fast each lane of a phone works, as its attempts show. */
export class Pace {
  readonly #lanes = new Map<number, Measured>()

  /** A message of so many segments is attempted. `now` by a clock that never steps back, ms. */
  attempted(slot: number, segments: number, now: number): void {
    const lane = this.#lane(slot, now)
    lane.count += 1
    lane.spent += segments
    const ms = now - lane.since
    if (ms < WINDOW_MS) return
    lane.rate = lane.rate === null ? lane.count / ms : (lane.rate + lane.count / ms) / 2
    lane.since = now
    lane.count = 0
  }

  /** A new status of the phone tells its room anew. */
  told(): void {
    for (const lane of this.#lanes.values()) lane.spent = 0
  }

  spent(slot: number): number {
    return this.#lanes.get(slot)?.spent ?? 0
  }

  /** How many messages the lane may hold unattempted. */
  capacity(slot: number, pauseMs: LaneLimits['pauseMs']): number {
    const rate = this.#lanes.get(slot)?.rate ?? 0
    const own = Math.min(MOST, Math.max(FEWEST, Math.ceil(rate * AHEAD_OF_PACE_MS)))
    const pause = (pauseMs[0] + pauseMs[1]) / 2
    return Math.min(own, Math.ceil(AHEAD_MS / Math.max(1, pause)))
  }

  #lane(slot: number, now: number): Measured {
    const known = this.#lanes.get(slot)
    if (known) return known
    const lane = { since: now, count: 0, rate: null, spent: 0 }
    this.#lanes.set(slot, lane)
    return lane
  }
}
