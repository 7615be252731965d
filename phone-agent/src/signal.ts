/** Wakes a loop that waits. A call that comes while nobody waits is not lost: the next wait ends at once. */
export class Signal {
  #called = false
  #wake: (() => void) | null = null

  notify(): void {
    this.#called = true
    this.#wake?.()
  }

  /** Resolves when notified, or after so many ms. One loop may wait at a time. */
  wait(ms: number): Promise<void> {
    if (this.#called) {
      this.#called = false
      return Promise.resolve()
    }
    return new Promise(resolve => {
      const end = (): void => {
        clearTimeout(timer)
        this.#wake = null
        this.#called = false
        resolve()
      }
      const timer = setTimeout(end, Math.min(Math.max(0, ms), 2 ** 31 - 1))
      this.#wake = end
    })
  }
}
