import type { HubFrame, LaneLimits } from '../../src/shared/phone-protocol.ts'
import { type Clock, type Instant, instant } from './clock.ts'
import { errorText } from './files.ts'
import type { Moment } from './gate.ts'
import { type Journal, JournalFull } from './journal.ts'
import type { NewLine } from './journal-lines.ts'
import { type Grant, hubEstimate, hubLatest, leaseLeft } from './lease.ts'
import type { Log } from './log.ts'
import type { Numbers } from './numbers.ts'
import type { PhoneCommands } from './phone-commands.ts'
import type { AgentState } from './state.ts'

export type Settings = Extract<HubFrame, { t: 'settings' }>

export interface CoreParts {
  readonly clock: Clock
  readonly state: AgentState
  readonly journal: Journal
  readonly commands: PhoneCommands
  readonly numbers: Numbers
  readonly log: Log
  readonly random: () => number
  /** When the phone was paired, ms by its own clock. */
  readonly pairedAt: number
}

/** What the parts of a running agent share. */
export class Core {
  readonly clock: Clock
  readonly state: AgentState
  readonly journal: Journal
  readonly commands: PhoneCommands
  readonly numbers: Numbers
  readonly log: Log
  readonly random: () => number
  readonly pairedAt: number
  settings: Settings | null = null
  /** Why the journal takes nothing at the moment. */
  diskProblem: string | null = null
  /** Called when the disk takes entries again after it did not. */
  onDiskBack: () => void = () => {}
  /** Called after lines were journalled. */
  onRecorded: () => void = () => {}
  /** Messages that a lane has in its hands, each with the end of that. */
  readonly busy = new Map<string, Promise<void>>()
  /** Twin keys of the messages that lanes have in their hands, each with the message. */
  readonly busyKeys = new Map<string, string>()
  /** `id assignment` of what the hub has taken back and the journal does not tell yet. */
  readonly recalled = new Set<string>()
  /** Messages whose attempt is under way, and those whose command did not end properly. */
  readonly inFlight = new Set<string>()
  readonly hung = new Set<string>()
  #grant: Grant | null = null
  #lastHub: Grant | null = null

  constructor(parts: CoreParts) {
    this.clock = parts.clock
    this.state = parts.state
    this.journal = parts.journal
    this.commands = parts.commands
    this.numbers = parts.numbers
    this.log = parts.log
    this.random = parts.random
    this.pairedAt = parts.pairedAt
  }

  instant(): Instant {
    return instant(this.clock)
  }

  moment(): Moment {
    const now = this.instant()
    return { boot: this.state.boot, up: now.up, hub: hubEstimate(this.#lastHub, now) }
  }

  /** What the hub's clock probably shows. */
  hubNow(): number {
    return hubEstimate(this.#lastHub, this.instant())
  }

  /** How far the phone's clock is ahead of the hub's, in ms; null before the hub has said anything. */
  clockAhead(): number | null {
    if (!this.#lastHub) return null
    const now = this.instant()
    return now.wall - hubEstimate(this.#lastHub, now)
  }

  /** The latest that it can be by the hub's clock; null while that is not known. */
  hubLatest(): number | null {
    return hubLatest(this.#lastHub, this.instant())
  }

  /** What the hub last granted on this connection. */
  get grant(): Grant | null {
    return this.#grant
  }

  /** How long may be attempted under what the hub granted last, in ms. */
  leaseLeft(grant = this.#grant): number {
    return leaseLeft(grant, this.instant())
  }

  /** Takes what a pong says. */
  granted(grant: Grant): void {
    this.#grant = grant
    this.#lastHub = grant
  }

  /** The connection is gone, and every lease with it. */
  ungranted(): void {
    this.#grant = null
  }

  limits(slot: number): LaneLimits | null {
    return this.settings?.lanes.find(lane => lane.slot === slot)?.limits ?? null
  }

  /** The moment as the journal keeps it beside an entry. */
  stamp(): { up: number; hub: number } {
    const { up, hub } = this.moment()
    return { up, hub }
  }

  /** Journals lines. They are on the disk and in the state when it resolves. @throws JournalFull */
  async record(lines: readonly NewLine[]): Promise<void> {
    if (lines.length === 0) return
    try {
      await this.journal.append(lines)
    } catch (error) {
      if (error instanceof JournalFull && this.diskProblem !== error.message) {
        this.diskProblem = error.message
        this.log('error', 'disk_full', error.message)
      }
      throw error
    }
    if (this.diskProblem) {
      this.diskProblem = null
      this.log('info', 'disk_back', 'The storage takes entries again; sending goes on.')
      this.onDiskBack()
    }
    this.onRecorded()
  }

  /** Journals lines where a full disk needs no answer, because the same is tried again later. */
  async recordOrLater(lines: readonly NewLine[]): Promise<boolean> {
    try {
      await this.record(lines)
      return true
    } catch (error) {
      if (!(error instanceof JournalFull)) this.log('error', 'internal', errorText(error))
      return false
    }
  }
}
