import { setImmediate as nextTurn } from 'node:timers/promises'
import { indexSearch, isSearchComplete, mergeSearch } from '../db/contact-search.ts'
import type { Database } from '../db/database.ts'
import { writeUnsynced } from '../db/unsynced.ts'
import { Pace } from './pace.ts'
import type { Clock } from './ports.ts'

/** How long one step should keep the main thread, in ms. */
const STEP_MS = 9
/** Steps of merging that go with each step of indexing, and the pages that one writes. */
const MERGES = 2
const MERGE_PAGES = 50

/**
 * Takes contacts that imports have made into the search index, step by step. An import of many does not wait for it: the
 * index costs as much again as storing the contacts. Whoever chooses people by search waits for `complete`.
 */
export class ContactSearch {
  readonly #db: Database
  readonly #clock: Clock
  readonly #pace = new Pace(STEP_MS, { first: 500, least: 200, most: 4000 })
  #merges = 0

  constructor(parts: { db: Database; clock: Clock }) {
    this.#db = parts.db
    this.#clock = parts.clock
  }

  /** Some ms of work. Returns whether there is more. */
  step(): boolean {
    if (this.#merges > 0) {
      this.#merges -= 1
      if (writeUnsynced(this.#db, tx => mergeSearch(tx, MERGE_PAGES))) return true
    }
    this.#merges = 0
    if (isSearchComplete(this.#db)) return writeUnsynced(this.#db, tx => mergeSearch(tx, MERGE_PAGES))
    const { rows } = this.#pace
    const began = this.#clock.mono()
    const more = writeUnsynced(this.#db, tx => indexSearch(tx, rows))
    if (more) this.#pace.took(rows, this.#clock.mono() - began)
    // In transactions of their own: many rows at a time make few parts of the index, and little to merge.
    this.#merges = MERGES
    return true
  }

  /** Resolves when every contact can be found. Others get their turn meanwhile. */
  async complete(): Promise<void> {
    while (!isSearchComplete(this.#db)) {
      this.step()
      await nextTurn()
    }
  }
}
