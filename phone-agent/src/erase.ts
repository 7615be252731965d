import { createHmac } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { HubFrame } from '../../src/shared/phone-protocol.ts'
import type { Core } from './core.ts'
import { errorText } from './files.ts'
import { changeFile, type Person, standInFor } from './journal-change.ts'
import { segmentIndexes, segmentPath } from './journal-segments.ts'

type Order = Extract<HubFrame, { t: 'erase' }>['list'][number]

/** After the storage has failed it is tried again in so many ms. */
const RETRY_MS = 60_000

/**
 * Takes people out of the journal whom the hub has erased. What is on its way to them is waited for, and so is that the hub
 * has stored what the journal tells of them. Nothing has to be remembered over a restart: the hub asks until it is told.
 */
export class Eraser {
  /** Tells the hub; false when there is no connection. */
  done: (ids: string[]) => boolean = () => false
  readonly #core: Core
  readonly #journal: string
  readonly #orders = new Map<string, Order>()
  readonly #told = new Set<string>()
  #acked = 0
  #working: Promise<void> | null = null
  #notBefore = 0

  /** @param journal the folder of the journal; earlier ones that were set aside lie beside it. */
  constructor(core: Core, journal: string) {
    this.#core = core
    this.#journal = journal
  }

  take(list: readonly Order[]): void {
    for (const order of list) {
      this.#orders.set(order.id, order)
      // Something of the person may have come in since it was found that there is nothing.
      this.#told.delete(order.id)
    }
    this.#notBefore = 0
    this.look()
  }

  /** The hub has stored everything up to here. */
  acked(seq: number): void {
    this.#acked = seq
    this.look()
  }

  /** Does what can be done now. Cheap when there is nothing. */
  look(): void {
    if (this.#orders.size === 0 || this.#working || this.#core.clock.mono() < this.#notBefore) return
    this.#working = this.#work()
      .catch(error => {
        this.#core.log('error', 'erase', `The journal could not be changed: ${errorText(error)}. It is tried again.`)
        this.#notBefore = this.#core.clock.mono() + RETRY_MS
      })
      .finally(() => {
        this.#working = null
      })
  }

  /** Resolves when nothing is being changed. */
  async idle(): Promise<void> {
    await this.#working
  }

  async #work(): Promise<void> {
    for (const order of [...this.#orders.values()]) {
      if (!this.#told.has(order.id)) {
        if (!(await this.#erase(order))) continue
        this.#told.add(order.id)
        this.#core.log('info', 'erased', 'A person was taken out of the journal.')
      }
      if (!this.done([order.id])) return
      this.#told.delete(order.id)
      this.#orders.delete(order.id)
    }
  }

  /** @returns whether nothing of the person is left. */
  async #erase({ key, hash }: Order): Promise<boolean> {
    const { state, journal, numbers } = this.#core
    const known = new Map<string, boolean>()
    const isPerson = (canonical: string): boolean => {
      let is = known.get(canonical)
      if (is === undefined) {
        is = createHmac('sha256', Buffer.from(key, 'hex')).update(canonical).digest('hex') === hash
        known.set(canonical, is)
      }
      return is
    }
    if (state.hasUnsettled(isPerson)) return false
    const standIn = standInFor(key)
    const isTheirs = (number: string): boolean => isPerson(number) || isPerson(numbers.canonical(number))
    const person: Person = { isTheirs, standIn, messages: new Set() }
    const { left } = await journal.change(this.#acked, person)
    state.forgetPerson(isPerson, standIn.number)
    this.#changeEarlier(person)
    return left === 0
  }

  /** Journals of earlier pairings, which nobody reads any more. */
  #changeEarlier(person: Person): void {
    const [folder, name] = [dirname(this.#journal), basename(this.#journal)]
    for (const entry of readdirSync(folder)) {
      if (!entry.startsWith(`${name}-until-`)) continue
      const dir = join(folder, entry)
      if (!existsSync(dir) || !statSync(dir).isDirectory()) continue
      for (const index of segmentIndexes(dir)) {
        const path = segmentPath(dir, index)
        changeFile(path, statSync(path).size, Number.POSITIVE_INFINITY, person)
      }
    }
  }
}
