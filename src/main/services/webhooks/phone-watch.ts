import type { Database } from '../../db/database.ts'
import { phoneReaches, setReach } from '../../db/webhooks.ts'
import type { Clock, Happenings } from '../ports.ts'

/** A phone that was away so long counts as out of reach, in ms. Shorter gaps are a change of network. */
export const AWAY_MS = 2 * 60_000

/**
 * Notes when a phone has been out of reach for two minutes while the hub ran, and when it is back. What was noted last is
 * in the database, so a restart tells nothing twice.
 */
export class PhoneWatch {
  readonly #parts: Parts
  /** Since when (monotonic) a phone that was there is away. */
  readonly #awaySince = new Map<number, number>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Call it every few seconds. */
  look(): void {
    const { db, clock, isConnected } = this.#parts
    const mono = clock.mono()
    for (const { id, reach } of phoneReaches(db)) {
      if (isConnected(id)) {
        this.#awaySince.delete(id)
        if (reach === 'offline') this.#note(id, 'online')
      } else if (reach === 'online') {
        const since = this.#awaySince.get(id) ?? mono
        this.#awaySince.set(id, since)
        if (mono - since >= AWAY_MS) this.#note(id, 'offline')
      }
    }
  }

  #note(id: number, reach: 'online' | 'offline'): void {
    const { db, clock, happenings } = this.#parts
    this.#awaySince.delete(id)
    db.write(tx => setReach(tx, id, reach, clock.now()))
    happenings.tell({ type: 'phone', id })
  }
}

interface Parts {
  readonly db: Database
  readonly clock: Clock
  readonly happenings: Happenings
  readonly isConnected: (phoneId: number) => boolean
}
