import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database, Reader, Writer } from '../db/database.ts'
import { writeUnsynced } from '../db/unsynced.ts'
import { Pace } from './pace.ts'
import type { Clock } from './ports.ts'

/** How long one step should keep the main thread, in ms. */
const STEP_MS = 9
/** Steps of merging that go with each step of indexing, and the pages that one writes. */
const MERGES = 2
const MERGE_PAGES = 50

/** A full-text index that rows wait to be taken into. */
export interface KeptIndex {
  isComplete(db: Reader): boolean
  /** Takes up to so many rows in. Returns whether more are waiting. */
  add(db: Writer, rows: number): boolean
  /** Writes so many pages of merging. Returns whether there is more to merge. */
  merge(db: Writer, pages: number): boolean
}

/** Takes what waits into a full-text index, step by step in the background, so that nobody waits for it who only writes. */
export class IndexKeeper {
  readonly #db: Database
  readonly #clock: Clock
  readonly #index: KeptIndex
  readonly #pace: Pace
  #merges = 0

  /** `least`: so many rows a step takes however long that is. */
  constructor(parts: { db: Database; clock: Clock }, index: KeptIndex, least = 200) {
    this.#db = parts.db
    this.#clock = parts.clock
    this.#index = index
    this.#pace = new Pace(STEP_MS, { first: Math.min(500, least * 2), least, most: 4000 })
  }

  /** Some ms of work. Returns whether there is more. */
  step(): boolean {
    if (this.#merges > 0) {
      this.#merges -= 1
      if (this.#merge()) return true
    }
    this.#merges = 0
    if (this.#index.isComplete(this.#db)) return this.#merge()
    const { rows } = this.#pace
    const began = this.#clock.mono()
    const more = writeUnsynced(this.#db, tx => this.#index.add(tx, rows))
    if (more) this.#pace.took(rows, this.#clock.mono() - began)
    // In transactions of their own: many rows at a time make few parts of the index, and little to merge.
    this.#merges = MERGES
    return true
  }

  /** Resolves when every row can be found. Others get their turn meanwhile. */
  async complete(): Promise<void> {
    while (!this.#index.isComplete(this.#db)) {
      this.step()
      await nextTurn()
    }
  }

  #merge(): boolean {
    return writeUnsynced(this.#db, tx => this.#index.merge(tx, MERGE_PAGES))
  }
}
