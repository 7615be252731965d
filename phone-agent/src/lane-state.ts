import type { LaneHalt, RefusalReason, UnknownReason } from '../../src/shared/phone-protocol.ts'
import { LaneUse, type Moment, passed } from './gate.ts'

/** A lane whose texts left no trace tries again after so long, with a single message, in ms. */
export const PROBE_AFTER_MS = 15 * 60_000
/** The first pause after a refused command, doubled with each further one up to PROBE_AFTER_MS, in ms. */
export const REFUSAL_PAUSE_MS = 30_000

/** Why a lane does not send. `ms`: for how long still; null when it needs somebody. */
export interface Halted {
  readonly halt: LaneHalt
  readonly ms: number | null
}

/** What the journal says of one lane: its use, and whether its texts have left traces of late. */
export class LaneState {
  readonly use = new LaneUse()
  /** Android's number of the SIM's subscription, once known. */
  subId: number | null = null
  swapped = false
  /** Whether a text of this lane has ever been proved. */
  proven = false
  #misses = 0
  #missedAt: Moment | null = null
  #refusals = 0
  #refusedAt: Moment | null = null
  #refusal: RefusalReason | null = null

  proved(): void {
    this.proven = true
    this.#misses = 0
    this.#refusals = 0
  }

  missed(reason: UnknownReason, moment: Moment): void {
    // These say nothing of the lane: the agent was interrupted, or nobody could have seen the row.
    if (reason === 'interrupted' || reason === 'cannot_prove' || reason === 'store_unreadable') return
    this.#misses++
    this.#missedAt = moment
    this.#refusals = 0
  }

  refused(reason: RefusalReason, moment: Moment): void {
    this.#refusals++
    this.#refusal = reason
    this.#refusedAt = moment
  }

  resumed(): void {
    this.#misses = 0
    this.#refusals = 0
    this.swapped = false
  }

  /** Whether the lane only tries whether it works again: one message, and no other before that is settled. */
  get probing(): boolean {
    return this.#misses >= 2
  }

  halted(now: Moment): Halted | null {
    if (this.swapped) return { halt: 'sim_swapped', ms: null }
    if (this.#refusedAt && this.#refusals > 0) {
      const pause = Math.min(PROBE_AFTER_MS, REFUSAL_PAUSE_MS * 2 ** (this.#refusals - 1))
      const ms = pause - passed(this.#refusedAt, now)
      if (ms > 0) return { halt: this.#refusal === 'permission' ? 'permission' : 'refused', ms }
    }
    if (this.#missedAt && this.probing) {
      const ms = PROBE_AFTER_MS - passed(this.#missedAt, now)
      if (ms > 0) return { halt: 'no_proof', ms }
    }
    return null
  }
}
