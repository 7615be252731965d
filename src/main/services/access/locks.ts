/**
 * One change of a person or a service after the other. All keys of a change are taken together, in one order, so that two
 * changes never wait for each other.
 */
export class Locks {
  readonly #last = new Map<string, Promise<void>>()

  /** Runs `work` once nobody else holds any of the keys. */
  async hold<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const wanted = [...new Set(keys)]
    const before = wanted.map(key => this.#last.get(key))
    let release!: () => void
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    // All places in the queues are taken at once, without a pause in which another could come between.
    for (const key of wanted) this.#last.set(key, held)
    try {
      await Promise.all(before)
      return await work()
    } finally {
      release()
      for (const key of wanted) if (this.#last.get(key) === held) this.#last.delete(key)
    }
  }
}
