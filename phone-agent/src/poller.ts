import type { Core } from './core.ts'
import { errorText } from './files.ts'
import type { Inbound } from './inbound.ts'
import type { Prover } from './prover.ts'
import { StoreUnreadable } from './rows.ts'
import { Signal } from './signal.ts'
import type { StoreReader } from './store-reader.ts'

const DEEP_ACTIVE_MS = 60_000
const DEEP_IDLE_MS = 5 * 60_000
const LATE_PROOF_EVERY_MS = 60_000
const PREPARE_EVERY_MS = 60_000
const DEFAULT_POLL = { active: 3000, idle: 20_000 }

/** Reads the SMS store again and again: often while anything is under way, otherwise now and then. */
export class Poller {
  readonly #core: Core
  readonly #reader: StoreReader
  readonly #inbound: Inbound
  readonly #prover: Prover
  readonly #signal = new Signal()
  #running: Promise<void> | null = null
  #stopped = false
  #deepAt = Number.NEGATIVE_INFINITY
  #lateAt = Number.NEGATIVE_INFINITY
  #preparedAt = Number.NEGATIVE_INFINITY
  #wasActive = false

  constructor(core: Core, reader: StoreReader, inbound: Inbound, prover: Prover) {
    this.#core = core
    this.#reader = reader
    this.#inbound = inbound
    this.#prover = prover
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#signal.notify()
    await this.#running
  }

  /** How often is to be read may have changed. */
  settingsChanged(): void {
    this.#signal.notify()
  }

  /** Something is under way now: an idle wait ends. */
  wake(): void {
    if (!this.#wasActive && this.#isActive()) this.#signal.notify()
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.#read()
      this.#wasActive = this.#isActive()
      const poll = this.#core.settings?.pollMs ?? DEFAULT_POLL
      await this.#signal.wait(this.#wasActive ? poll.active : poll.idle)
    }
  }

  async #read(): Promise<void> {
    const now = this.#core.clock.mono()
    try {
      if (now - this.#preparedAt >= PREPARE_EVERY_MS) {
        await this.#reader.prepare()
        this.#preparedAt = now
      }
      const deepMs = this.#isActive() ? DEEP_ACTIVE_MS : DEEP_IDLE_MS
      const deep = now - this.#deepAt >= deepMs
      await this.#reader.readInbox(deep, this.#core.pairedAt)
      if (deep) this.#deepAt = now
      await this.#inbound.decide()
      const late = now - this.#lateAt >= LATE_PROOF_EVERY_MS
      await this.#prover.settle(late)
      if (late) this.#lateAt = now
    } catch (error) {
      if (!(error instanceof StoreUnreadable)) this.#core.log('error', 'internal', errorText(error))
      // After trouble nothing that was read before is taken for complete.
      this.#deepAt = Number.NEGATIVE_INFINITY
      await this.#prover.settleUnread()
    }
  }

  #isActive(): boolean {
    const { state } = this.#core
    return state.open.size > 0 || state.hasQueued() || this.#inbound.undecided || this.#reader.problem !== null
  }
}
