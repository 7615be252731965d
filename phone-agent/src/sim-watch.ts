import type { Core } from './core.ts'
import { StoreUnreadable } from './rows.ts'
import type { StoreReader } from './store-reader.ts'

/** A SIM is looked at again after so long at the earliest, in ms. */
const LOOK_EVERY_MS = 10_000
/** Android counts subscriptions from 1 and never uses a number again. */
const HIGHEST_SUB_ID = 4096

/**
 * Notices that another SIM is in a slot. Android shows the subscription only as a condition on rows, so the row of a
 * proved text is asked for it.
 */
export class SimWatch {
  readonly #core: Core
  readonly #reader: StoreReader
  readonly #lookedAt = new Map<number, number>()

  constructor(core: Core, reader: StoreReader) {
    this.#core = core
    this.#reader = reader
  }

  /** Called with the row of a text that was sent through a slot. */
  async look(slot: number, rowId: number): Promise<void> {
    const now = this.#core.clock.mono()
    const lane = this.#core.state.lane(slot)
    if (now - (this.#lookedAt.get(slot) ?? Number.NEGATIVE_INFINITY) < LOOK_EVERY_MS) return
    this.#lookedAt.set(slot, now)
    try {
      if (lane.subId !== null && (await this.#reader.hasRow(rowId, `sub_id == ${lane.subId}`))) return
      const subId = await this.#find(rowId)
      if (subId === null || subId === lane.subId) return
      const known = lane.subId !== null
      await this.#core.recordOrLater([
        { note: { type: 'sim', slot, subId } },
        ...(known ? [{ note: { type: 'sim-swapped', slot } } as const] : []),
      ])
      if (!known) return
      this.#core.log(
        'error',
        'sim_swapped',
        `Another SIM is in slot ${slot + 1}. Texts would come from another number, so the lane waits until it is resumed.`,
      )
    } catch (error) {
      if (!(error instanceof StoreUnreadable)) throw error
    }
  }

  async #find(rowId: number): Promise<number | null> {
    for (const guess of [1, 2, 3, 4]) if (await this.#reader.hasRow(rowId, `sub_id == ${guess}`)) return guess
    let [least, most] = [5, HIGHEST_SUB_ID]
    if (!(await this.#reader.hasRow(rowId, `sub_id >= ${least} AND sub_id <= ${most}`))) return null
    while (least < most) {
      const middle = Math.floor((least + most) / 2)
      if (await this.#reader.hasRow(rowId, `sub_id >= ${least} AND sub_id <= ${middle}`)) most = middle
      else least = middle + 1
    }
    return least
  }
}
