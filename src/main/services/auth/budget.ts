import type { Clock } from '../ports.ts'

/** So many a minute, so that strangers cannot make the disk busy or fill it. */
export class Budget {
  readonly #clock: Clock
  readonly #perMinute: number
  #left: number
  #at: number

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock
    this.#perMinute = perMinute
    this.#left = perMinute
    this.#at = clock.mono()
  }

  /** Takes one, where one is left. */
  take(): boolean {
    const now = this.#clock.mono()
    this.#left = Math.min(this.#perMinute, this.#left + ((now - this.#at) / 60_000) * this.#perMinute)
    this.#at = now
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
