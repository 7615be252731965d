import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock, Randomness } from '../ports.ts'

/** How long a pairing code is valid, in ms. */
export const PAIRING_MS = 5 * 60_000
/** Wrong codes after which an open pairing ends: 2^-100 a guess makes this a formality, but it stops the noise. */
const MOST_FAILURES = 10

/** The one open pairing: a code for one phone, for five minutes. Lives in memory, so a restart of the hub closes it. */
export class Pairing {
  readonly #clock: Clock
  readonly #random: Randomness
  #open: { code: string; name: string; until: number; expiresAt: number; failures: number } | null = null
  #paired: number | null = null

  constructor(clock: Clock, random: Randomness) {
    this.#clock = clock
    this.#random = random
  }

  /** Opens a pairing in place of one that is open. */
  open(name: string): { code: string; expiresAt: number } {
    const code = Buffer.from(this.#random.bytes(16)).toString('base64url')
    const expiresAt = this.#clock.now() + PAIRING_MS
    this.#open = { code, name, until: this.#clock.mono() + PAIRING_MS, expiresAt, failures: 0 }
    this.#paired = null
    return { code, expiresAt }
  }

  close(): void {
    this.#open = null
  }

  state(): { open: boolean; expiresAt: number | null; paired: number | null } {
    const open = this.#present()
    return { open: open !== null, expiresAt: open?.expiresAt ?? null, paired: this.#paired }
  }

  /** Whether the code is the open one's; the pairing stays open (the agent's file is fetched before pairing). */
  fits(code: string): boolean {
    const open = this.#present()
    if (!open) return false
    if (timingSafeEqual(digest(code), digest(open.code))) return true
    open.failures += 1
    if (open.failures >= MOST_FAILURES) this.#open = null
    return false
  }

  /** Uses the code up. Returns the name chosen for the phone, or null when the code is not the open one's. */
  use(code: string): string | null {
    if (!this.fits(code)) return null
    const { name } = this.#open!
    this.#open = null
    return name
  }

  done(phoneId: number): void {
    this.#paired = phoneId
  }

  #present() {
    if (this.#open && this.#clock.mono() >= this.#open.until) this.#open = null
    return this.#open
  }
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
