import type { Log } from '../services/ports.ts'
import { linkProblem, type Where } from './problem.ts'
import { LinkListenError } from './server.ts'

/** What the door needs of a server. */
export interface Opened {
  close(): Promise<void>
}

/** What everybody may look at: the server that listens, and what is wrong with it. Either may be null, and both. */
export interface DoorState<S extends Opened> {
  current: S | null
  problem: string | null
}

export interface DoorParts<S extends Opened> {
  readonly state: DoorState<S>
  /** @throws LinkListenError */
  readonly open: (where: Where) => Promise<S>
  /** Where the settings want it. */
  readonly wanted: () => Where
  /** Whether this computer has that address now. */
  readonly hasAddress: (host: string) => boolean
  /** Called when it begins to listen, ends to, or something else is wrong with it. */
  readonly changed: () => void
  readonly log: Log
  /** How often is looked and tried, in ms. */
  readonly everyMs?: number
}

const EVERY_MS = 5_000

/**
 * Keeps the link listening where it is wanted. What does not work is said in words and tried again by itself: a port that
 * another program has, an address that is gone with its network.
 */
export class LinkDoor<S extends Opened> {
  readonly #parts: DoorParts<S>
  #at: Where | null = null
  #missing = 0
  #timer: NodeJS.Timeout | null = null
  /** One step after the other, however quickly settings change. */
  #working: Promise<void> = Promise.resolve()

  constructor(parts: DoorParts<S>) {
    this.#parts = parts
  }

  /** `mayWait`: a link that cannot listen is a problem that is told and tried again. @throws LinkListenError otherwise */
  async start(mayWait: boolean): Promise<void> {
    const failed = await this.#open(this.#parts.wanted())
    if (failed && !mayWait) throw failed
    if (failed) this.#say(failed.message)
    this.#timer = setInterval(() => this.#queue(() => this.#look()), this.#parts.everyMs ?? EVERY_MS)
    this.#timer.unref()
  }

  /** The settings have changed. */
  move(): void {
    this.#queue(() => this.#move())
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    await this.#working
    await this.#close()
  }

  #queue(step: () => Promise<void>): void {
    this.#working = this.#working
      .then(step)
      .catch(error => this.#parts.log.error('the phone link could not be looked after', error))
  }

  /** Nothing listens: it is tried again. Something does: its address has to be there still. */
  async #look(): Promise<void> {
    const { state, wanted, hasAddress } = this.#parts
    if (state.current === null) {
      const failed = await this.#open(wanted())
      if (failed) this.#say(failed.message)
      return
    }
    const at = this.#at!
    this.#missing = hasAddress(at.host) ? 0 : this.#missing + 1
    // Once is nothing: an address comes and goes while a Wi-Fi is chosen.
    if (this.#missing < 2) return
    await this.#close()
    this.#say(linkProblem(at, 'EADDRNOTAVAIL'))
  }

  /** To where it is wanted now; back to where it was when that cannot be. */
  async #move(): Promise<void> {
    const next = this.#parts.wanted()
    const before = this.#at
    if (before && before.host === next.host && before.port === next.port) {
      this.#say(null)
      return
    }
    await this.#close()
    const failed = await this.#open(next)
    if (!failed) return
    const back = before && (await this.#open(before))
    this.#say(before && back === null ? `${failed.message} Until then it stays where it was.` : failed.message)
  }

  async #open(where: Where): Promise<Error | null> {
    const { state, open } = this.#parts
    try {
      state.current = await open(where)
    } catch (error) {
      if (error instanceof LinkListenError) return error
      throw error
    }
    this.#at = where
    this.#missing = 0
    state.problem = null
    this.#parts.changed()
    return null
  }

  async #close(): Promise<void> {
    const { state } = this.#parts
    const server = state.current
    state.current = null
    this.#at = null
    await server?.close()
  }

  #say(problem: string | null): void {
    const { state, changed, log } = this.#parts
    if (state.problem === problem) return
    state.problem = problem
    if (problem !== null) log.error('the phone link does not listen as it should', new Error(problem))
    changed()
  }
}
