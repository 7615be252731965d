import { AHEAD_MS, type LaneLimits } from '../../src/shared/phone-protocol.ts'

/**
 * A moment that can be compared over restarts and clock steps: which start of the phone it belongs to, how long the
 * phone had been up then, and the hub's time, all in ms.
 */
export interface Moment {
  readonly boot: number
  readonly up: number
  readonly hub: number
}

/**
 * How much time has passed since a moment, in ms. Within one start of the phone its uptime tells, which no setting of a
 * clock can change; for an earlier start the hub's clock does. A moment that lies in the future has only passed as far
 * as the phone has been up since.
 */
export function passed(since: Moment, now: Moment): number {
  if (since.boot === now.boot) return Math.max(0, now.up - since.up)
  return Math.max(now.up, now.hub - since.hub, 0)
}

export const MONTH_MS = 30 * 86_400_000

/** What a lane may do with a message now. `ms`: try again after so long. `full`: no waiting of hours would help. */
export type Verdict = { kind: 'go' } | { kind: 'wait'; ms: number } | { kind: 'full' }

interface Use {
  readonly moment: Moment
  recipient: string
  segments: number
}

interface Window {
  segments: number
  windowMs: number
  /** Index of the first use that still counts, and the segments from there on. */
  head: number
  sum: number
}

/** What one lane has sent, against its limits. Counting a message costs the same however many there were. */
export class LaneUse {
  #uses: Use[] = []
  #windows: Window[] = []
  #limits: LaneLimits | null = null
  #recipients = new Map<string, Moment>()
  #prunedAt: Moment | null = null

  get limits(): LaneLimits | null {
    return this.#limits
  }

  setLimits(limits: LaneLimits): void {
    const same = JSON.stringify(limits) === JSON.stringify(this.#limits)
    this.#limits = limits
    if (same) return
    const sum = this.#uses.reduce((all, use) => all + use.segments, 0)
    this.#windows = limits.windows.map(window => ({ ...window, head: 0, sum }))
  }

  /** Counts an attempt. @returns what `undo` takes if the command refused and nothing was sent. */
  add(moment: Moment, segments: number, recipient: string): () => void {
    const use = { moment, recipient, segments }
    this.#uses.push(use)
    for (const window of this.#windows) window.sum += segments
    const before = this.#recipients.get(recipient)
    this.#recipients.set(recipient, moment)
    return () => {
      const index = this.#uses.lastIndexOf(use)
      for (const window of this.#windows) if (index >= window.head) window.sum -= use.segments
      use.segments = 0
      if (this.#recipients.get(recipient) !== moment) return
      if (before) this.#recipients.set(recipient, before)
      else this.#recipients.delete(recipient)
    }
  }

  /** Another name takes the place of recipients who are meant. */
  rename(isMeant: (recipient: string) => boolean, name: string): void {
    for (const use of this.#uses) if (isMeant(use.recipient)) use.recipient = name
    for (const [recipient, last] of [...this.#recipients]) {
      if (!isMeant(recipient)) continue
      this.#recipients.delete(recipient)
      this.#recipients.set(name, last)
    }
  }

  /** What still may count, for another journal: the hub's time, segments, recipient. */
  recent(): (readonly [hub: number, segments: number, recipient: string])[] {
    const newest = this.#uses.at(-1)?.moment.hub ?? 0
    return this.#uses
      .filter(use => use.segments > 0 && newest - use.moment.hub < MONTH_MS)
      .map(use => [use.moment.hub, use.segments, use.recipient] as const)
  }

  /** Segments used in each window of the limits, in their order. */
  used(now: Moment): number[] {
    this.#advance(now)
    return this.#windows.map(window => window.sum)
  }

  /** Different recipients of the last 30 days. */
  recipients(now: Moment): number {
    this.#prune(now, 60_000)
    return this.#recipients.size
  }

  check(now: Moment, segments: number, recipient: string): Verdict {
    if (!this.#limits) return { kind: 'wait', ms: 1000 }
    const cap = this.#limits.recipientsPerMonth
    if (cap !== null && !this.#isRecent(recipient, now) && this.#recipients.size >= cap) {
      this.#prune(now, 0)
      if (this.#recipients.size >= cap) return { kind: 'full' }
    }
    this.#advance(now)
    let ms = 0
    for (const window of this.#windows) {
      if (segments > window.segments) return { kind: 'full' }
      if (window.sum + segments <= window.segments) continue
      ms = Math.max(ms, this.#untilRoom(window, segments, now))
    }
    return ms > 0 ? { kind: 'wait', ms } : { kind: 'go' }
  }

  /** Segments that the limits let this lane attempt within AHEAD_MS. */
  room(now: Moment): number {
    if (!this.#limits) return 0
    this.#advance(now)
    const [least, most] = this.#limits.pauseMs
    const pause = (least + Math.max(least, most)) / 2
    let room = pause > 0 ? Math.ceil(AHEAD_MS / pause) : Number.MAX_SAFE_INTEGER
    for (const window of this.#windows) room = Math.min(room, this.#windowRoom(window, now))
    return Math.max(0, room)
  }

  #windowRoom(window: Window, now: Moment): number {
    if (window.windowMs < AHEAD_MS) return Math.floor((window.segments * AHEAD_MS) / window.windowMs)
    let { sum } = window
    for (let i = window.head; i < this.#uses.length; i++) {
      const use = this.#uses[i]!
      if (passed(use.moment, now) + AHEAD_MS < window.windowMs) break
      sum -= use.segments
    }
    return window.segments - sum
  }

  #untilRoom(window: Window, segments: number, now: Moment): number {
    let { sum } = window
    for (let i = window.head; i < this.#uses.length; i++) {
      sum -= this.#uses[i]!.segments
      if (sum + segments <= window.segments) return Math.max(1, window.windowMs - passed(this.#uses[i]!.moment, now))
    }
    return 1
  }

  #advance(now: Moment): void {
    let unused = this.#windows.length > 0 ? Number.MAX_SAFE_INTEGER : 0
    for (const window of this.#windows) {
      while (window.head < this.#uses.length) {
        const use = this.#uses[window.head]!
        if (passed(use.moment, now) < window.windowMs) break
        window.sum -= use.segments
        window.head++
      }
      unused = Math.min(unused, window.head)
    }
    if (unused < 4096 || unused * 2 < this.#uses.length) return
    this.#uses.splice(0, unused)
    for (const window of this.#windows) window.head -= unused
  }

  #isRecent(recipient: string, now: Moment): boolean {
    const last = this.#recipients.get(recipient)
    return last !== undefined && passed(last, now) < MONTH_MS
  }

  /** Forgets recipients of more than 30 days ago, at most once in `every` ms. */
  #prune(now: Moment, every: number): void {
    if (this.#prunedAt && passed(this.#prunedAt, now) < every) return
    this.#prunedAt = now
    for (const [recipient, last] of this.#recipients) {
      if (passed(last, now) >= MONTH_MS) this.#recipients.delete(recipient)
    }
  }
}
