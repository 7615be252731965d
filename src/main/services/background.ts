import type { Log } from './ports.ts'

/**
 * Long work in small steps on the main thread: filling a campaign, cancelling a million messages, undoing an import.
 * What is left to do is read from the database, so work that a crash cut off goes on at the next start.
 */
export class Background {
  readonly #jobs: { name: string; step: () => boolean }[] = []
  readonly #log: Log
  #scheduled: NodeJS.Immediate | null = null
  #idle: (() => void)[] = []
  #stopped = false

  constructor(log: Log) {
    this.#log = log
  }

  /** `step` does a bit of work (at most 15 ms, committed: the window and the phones are served between steps) and returns whether there is more. */
  add(name: string, step: () => boolean): void {
    this.#jobs.push({ name, step })
  }

  /** Says that there may be work. Cheap; call it after each change that could make some. */
  wake(): void {
    if (this.#scheduled || this.#stopped) return
    this.#scheduled = setImmediate(() => {
      this.#scheduled = null
      if (this.#round()) this.wake()
      else for (const resolve of this.#idle.splice(0)) resolve()
    })
  }

  /** Resolves when every job says that nothing is left. */
  async idle(): Promise<void> {
    this.wake()
    if (this.#scheduled) await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  stop(): void {
    this.#stopped = true
    if (this.#scheduled) clearImmediate(this.#scheduled)
    this.#scheduled = null
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** One step of each job. A job that fails is left for the next wake and does not stop the others. */
  #round(): boolean {
    let more = false
    for (const job of this.#jobs) {
      try {
        more = job.step() || more
      } catch (error) {
        this.#log.error('background work failed', error, { job: job.name })
      }
    }
    return more
  }
}
