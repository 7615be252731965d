/** What the journal says of texts that came in. */
export class InboundState {
  /** Random name of the SMS store; empty before the agent has looked into it. */
  store = ''
  /** The highest row id that was ever taken notice of in this store. */
  maxId = 0
  #rows = new Map<number, string[]>()
  #taken: { seq: number; key: string }[] = []
  #acked = 0
  /** How many of `#taken`, from the start, are acknowledged. */
  #ackedCount = 0
  #blocked = new Map<string, number>()

  /** Notes a text that was reported under this number. `key` tells whom attempts are held back from. */
  take(seq: number, store: string, rowId: number, identity: string, key: string): void {
    if (store === this.store) this.#note(rowId, identity)
    this.#taken.push({ seq, key })
    if (seq > this.#acked) this.#block(key, 1)
    else this.#ackedCount = this.#taken.length
  }

  /** Notes texts that are in a store and need no report. A new name makes it a new store. */
  setStore(store: string, max: number, rows: readonly (readonly [number, string])[]): void {
    if (store !== this.store) {
      this.#rows.clear()
      this.maxId = 0
    }
    this.store = store
    this.maxId = Math.max(this.maxId, max)
    for (const [id, identity] of rows) this.#note(id, identity)
  }

  /** The hub has stored everything up to here. A hub that was restored may know less than before. */
  setAcked(seq: number): void {
    while (this.#ackedCount < this.#taken.length && this.#taken[this.#ackedCount]!.seq <= seq) {
      this.#block(this.#taken[this.#ackedCount++]!.key, -1)
    }
    while (this.#ackedCount > 0 && this.#taken[this.#ackedCount - 1]!.seq > seq) {
      this.#block(this.#taken[--this.#ackedCount]!.key, 1)
    }
    this.#acked = seq
  }

  /** Whether a text from this sender is reported and not acknowledged. */
  isBlocked(key: string): boolean {
    return this.#blocked.has(key)
  }

  /** What is known of the texts that had this row id. */
  identities(rowId: number): readonly string[] {
    return this.#rows.get(rowId) ?? []
  }

  /** Everything known, by row id. */
  rows(): ReadonlyMap<number, readonly string[]> {
    return this.#rows
  }

  #note(rowId: number, identity: string): void {
    this.maxId = Math.max(this.maxId, rowId)
    const known = this.#rows.get(rowId)
    if (!known) this.#rows.set(rowId, [identity])
    else if (!known.includes(identity)) known.push(identity)
  }

  #block(key: string, by: 1 | -1): void {
    const count = (this.#blocked.get(key) ?? 0) + by
    if (count > 0) this.#blocked.set(key, count)
    else this.#blocked.delete(key)
  }
}
