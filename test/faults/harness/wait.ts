export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** Waits until `ready` returns something. Throws with `what` when it takes longer than `ms`. */
export async function until<T>(
  what: string,
  ready: () => Promise<T | null> | T | null,
  ms: number,
  everyMs = 100,
): Promise<T> {
  const end = performance.now() + ms
  for (;;) {
    const found = await ready()
    if (found !== null) return found
    if (performance.now() > end) throw new Error(`${what}: this took more than ${Math.round(ms / 1000)} s.`)
    await sleep(everyMs)
  }
}

/** The same, but says null instead of throwing. */
export async function within<T>(
  ready: () => Promise<T | null> | T | null,
  ms: number,
  everyMs = 100,
): Promise<T | null> {
  const end = performance.now() + ms
  for (;;) {
    const found = await ready()
    if (found !== null || performance.now() > end) return found
    await sleep(everyMs)
  }
}

/** Lets one piece of work after the other have something. */
export class Turn {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  get isFree(): boolean {
    return this.#waiting === 0
  }

  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    const result = this.#last.then(work, work).finally(() => {
      this.#waiting -= 1
    })
    this.#last = result.catch(() => {})
    return result
  }
}
