/**
 * How many rows one transaction takes: as many as come close to `ms` on this computer, as the ones before have shown.
 * The main thread waits for each, and the window and the phones with it.
 */
export class Pace {
  rows: number
  readonly #ms: number
  readonly #least: number
  readonly #most: number

  constructor(ms: number, rows: { first: number; least: number; most: number }) {
    this.#ms = ms
    this.rows = rows.first
    this.#least = rows.least
    this.#most = rows.most
  }

  /** Tells how long (ms) a transaction took for so many rows. */
  took(rows: number, ms: number): void {
    const fitting = ms > 0 ? (rows * this.#ms) / ms : this.#most
    // Half way, since one slow disk access says little about the next.
    this.rows = Math.min(this.#most, Math.max(this.#least, Math.round((this.rows + fitting) / 2)))
  }
}
