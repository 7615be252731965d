import type { LaneLimits } from '../../shared/phone-protocol.ts'

/** What services need from outside. `app.ts` hands in the real ones, tests their own. */

export interface Clock {
  /** Milliseconds since 1970 UTC. May step when the system's clock is set. */
  now(): number
  /** Milliseconds since some start; never steps back. For durations. */
  mono(): number
}

export interface Ids {
  /** A new id: unique, and later ones sort later within one process. 26 characters. */
  next(): string
}

export interface Randomness {
  /** `length` bytes from a cryptographic source. */
  bytes(length: number): Uint8Array
}

export interface Disk {
  /** How many bytes can still be written where this folder lies. */
  freeBytes(folder: string): Promise<number>
}

/** Where details go that no caller may see. Implementations redact numbers and bodies. */
export interface Log {
  info(event: string, details?: Record<string, unknown>): void
  warn(event: string, details?: Record<string, unknown>): void
  error(event: string, error: unknown, details?: Record<string, unknown>): void
}

/** What happened, told to open windows and to other services after it was committed. Never holds numbers or texts. */
export type Happening =
  | { type: 'import'; id: number }
  | { type: 'campaign'; id: number }
  | { type: 'phone'; id: number }
  | { type: 'thread'; id: number }
  | { type: 'work' }
  /** The phone link listens, or does not any more. */
  | { type: 'link' }

export interface Happenings {
  tell(happening: Happening): void
  /** Returns the function that ends the subscription. */
  listen(listener: (happening: Happening) => void): () => void
}

export interface Ports {
  readonly clock: Clock
  readonly ids: Ids
  readonly random: Randomness
  readonly disk: Disk
  readonly log: Log
  readonly happenings: Happenings
}

/** The keyed hash (HMAC-SHA256) of an E.164 number, which outlives an erasure in the suppression list. */
export interface NumberHash {
  of(number: string): Uint8Array
}

/** A lane as campaigns see it: one SIM of one phone that is not revoked. */
export interface LaneView {
  readonly simId: number
  readonly phoneId: number
  readonly phoneName: string
  readonly slot: number
  /** False: an administrator has switched this SIM off. */
  readonly enabled: boolean
  readonly connected: boolean
  /** Whether its phone can prove a send. */
  readonly canProve: boolean
  /** Its own limits, or those of the settings. */
  readonly limits: LaneLimits
  /** Different recipients of the last 30 days, as the phone told last. */
  readonly recipientsThisMonth: number
}

/** The phones that are paired. */
export interface Phones {
  lanes(): readonly LaneView[]
}
