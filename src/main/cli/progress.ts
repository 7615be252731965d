/** A bar on stderr that repaints itself; on anything but a terminal it stays silent, so that logs hold no bars. */
export class ProgressBar {
  readonly #live = process.stderr.isTTY === true
  #painted = false

  /** `share` is from 0 to 1; `text` stands behind the bar. */
  show(share: number, text: string): void {
    if (!this.#live) return
    const width = 24
    const filled = Math.round(Math.min(Math.max(share, 0), 1) * width)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`
    const line = `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${text}`
    process.stderr.write(`\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`)
    this.#painted = true
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#painted) process.stderr.write('\r\x1b[2K')
    this.#painted = false
  }
}
