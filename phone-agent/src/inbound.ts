import { randomBytes } from 'node:crypto'
import type { Core } from './core.ts'
import type { NewLine } from './journal-lines.ts'
import { blockKey } from './numbers.ts'
import { identityOf, receivedAt, type SmsRow, sameText } from './rows.ts'
import { clip } from './text.ts'

/** The texts of so many last hours are read again and again, since some surface late. */
export const WINDOW_MS = 72 * 3_600_000
/** A text of somebody unknown is asked about again after so long, in ms, while it is younger than a day. */
const ASK_AGAIN_MS = 5 * 60_000
const DAY_MS = 86_400_000

/** A text that is not reported, at least not yet. */
interface Held {
  readonly row: SmsRow
  readonly identity: string
  readonly number: string | null
  readonly canonical: string
  readonly key: string
  readonly receivedAt: number
  readonly seenAt: number
  /** Whether it holds back attempts: nobody has said yet that it is none of our business. */
  judged: boolean
  askedAt: number | null
  taking: boolean
}

/** Judges the received texts in the store: which are new, which are reported, and from whom one is still open. */
export class Inbound {
  /** Asks the hub which numbers it knows; false when it cannot be asked now. */
  ask: (numbers: string[]) => boolean = () => false
  /** Called when a text was reported or judged, and something may go on. */
  onChange: () => void = () => {}
  readonly #core: Core
  readonly #held = new Map<string, Held>()
  readonly #byNumber = new Map<string, Set<Held>>()
  readonly #blocking = new Map<string, number>()
  /** Rows that need no second look, as they were read. */
  #settled = new Map<number, SmsRow>()
  /** Rows are taken notice of one reading after the other. */
  #turn: Promise<void> = Promise.resolve()

  constructor(core: Core) {
    this.#core = core
  }

  /** Whether a text from this number is in the store and not acknowledged by the hub. */
  isBlocked(number: string): boolean {
    const key = blockKey(number)
    if (this.#core.state.inbound.isBlocked(key) || this.#blocking.has(key)) return true
    // A text that nobody cared about, until somebody wanted to text its sender.
    return this.#byNumber.has(this.#core.numbers.canonical(number))
  }

  /** Whether any text waits for a judgement. */
  get undecided(): boolean {
    return this.#blocking.size > 0
  }

  /** Whether this row needs no second look. */
  isKnown(row: SmsRow, zone: string): boolean {
    const settled = this.#settled.get(row.id)
    if (settled && settled.received === row.received && settled.address === row.address && settled.body === row.body) {
      return true
    }
    const identity = identityOf(row, zone)
    if (this.#held.has(heldKey(row.id, identity))) return true
    const known = this.#core.state.inbound.identities(row.id).some(one => sameText(one, identity))
    if (known) this.#settled.set(row.id, row)
    return known
  }

  /**
   * Takes notice of received rows. The first call ever notes what was there before: everything, or with `since` only what
   * is dated before it.
   */
  offer(rows: readonly SmsRow[], zone: string, since: number | null): Promise<void> {
    if (this.#core.state.inbound.store !== '' && rows.every(row => this.isKnown(row, zone))) return Promise.resolve()
    const turn = this.#turn.then(() => this.#take(rows, zone, since))
    this.#turn = turn.catch(() => {})
    return turn
  }

  async #take(rows: readonly SmsRow[], zone: string, since: number | null): Promise<void> {
    const { state } = this.#core
    const ascending = [...rows].sort((a, b) => a.id - b.id)
    if (state.inbound.store === '') {
      const before = ascending.filter(row => since === null || receivedAt(row, zone, 0, 0) < since)
      await this.#nameStore(before, zone)
    } else if (this.#isOtherStore(ascending, zone)) {
      const known = new Set([...state.inbound.rows().values()].flat())
      this.#core.log('warn', 'new_store', 'The store of texts is another one than before; its texts are read as new.')
      await this.#nameStore(
        ascending.filter(row => known.has(identityOf(row, zone))),
        zone,
      )
    }
    this.#hold(ascending, zone)
    await this.decide()
  }

  /** Reports what can be reported, and asks about the rest. */
  async decide(): Promise<void> {
    const { state, settings, clock } = this.#core
    const take: Held[] = []
    const ask = new Set<string>()
    const now = clock.mono()
    for (const [key, held] of this.#held) {
      if (held.taking) continue
      if (settings?.takeAll || state.texted.has(held.canonical)) take.push(held)
      else if (held.judged && now - held.seenAt > DAY_MS) this.#drop(key, held)
      else if (settings && held.number === null) this.#judge(held)
      else if (held.number !== null && (held.askedAt === null || now - held.askedAt > ASK_AGAIN_MS))
        ask.add(held.number)
    }
    this.#askAbout([...ask], now)
    await this.#report(take)
  }

  /** The hub's answer to a question. */
  async answered(asked: readonly string[], known: readonly string[]): Promise<void> {
    const isKnown = new Set(known)
    const take: Held[] = []
    for (const number of asked) {
      for (const held of this.#byNumber.get(number) ?? []) {
        if (held.taking) continue
        if (isKnown.has(number)) take.push(held)
        else this.#judge(held)
      }
    }
    await this.#report(take)
    this.onChange()
  }

  /** A new connection: what was asked on the one before may never be answered. */
  askAgain(): void {
    for (const held of this.#held.values()) if (!held.judged) held.askedAt = null
  }

  #askAbout(numbers: readonly string[], now: number): void {
    for (let i = 0; i < numbers.length; i += 100) {
      const some = numbers.slice(i, i + 100)
      if (!this.ask(some)) return
      for (const number of some) for (const held of this.#byNumber.get(number) ?? []) held.askedAt = now
    }
  }

  #hold(rows: readonly SmsRow[], zone: string): void {
    const { state, clock, numbers } = this.#core
    if (this.#settled.size > 20_000) this.#settled.clear()
    const { maxId } = state.inbound
    const wall = clock.wall()
    let previous = 0
    for (const row of rows) {
      const at = receivedAt(row, zone, previous, wall)
      previous = at
      if (this.isKnown(row, zone)) continue
      const late = at >= wall - WINDOW_MS || row.id > maxId
      if (!late) {
        this.#settled.set(row.id, row)
        continue
      }
      const identity = identityOf(row, zone)
      const number = numbers.e164(row.address)
      const held: Held = {
        row,
        identity,
        number,
        canonical: numbers.canonical(row.address),
        key: blockKey(number ?? row.address),
        receivedAt: at,
        seenAt: clock.mono(),
        judged: false,
        askedAt: null,
        taking: false,
      }
      this.#held.set(heldKey(row.id, identity), held)
      this.#blocking.set(held.key, (this.#blocking.get(held.key) ?? 0) + 1)
      const index = number ?? held.canonical
      const same = this.#byNumber.get(index)
      if (same) same.add(held)
      else this.#byNumber.set(index, new Set([held]))
    }
  }

  /** A store is another one when several texts are known by their ids and none is what it was. */
  #isOtherStore(rows: readonly SmsRow[], zone: string): boolean {
    let known = 0
    for (const row of rows) {
      const before = this.#core.state.inbound.identities(row.id)
      if (before.length === 0) continue
      const identity = identityOf(row, zone)
      if (before.some(one => sameText(one, identity))) return false
      known++
    }
    return known >= 3
  }

  async #nameStore(rows: readonly SmsRow[], zone: string): Promise<void> {
    const store = randomBytes(8).toString('hex')
    const max = rows.reduce((most, row) => Math.max(most, row.id), 0)
    this.#settled = new Map()
    await this.#core.record([
      { note: { type: 'store', store, max, rows: rows.map(row => [row.id, identityOf(row, zone)] as const) } },
    ])
  }

  async #report(take: readonly Held[]): Promise<void> {
    if (take.length === 0) return
    const { state, pairedAt } = this.#core
    // The store tells whole seconds: a text of the second of the pairing came after it.
    const paired = Math.floor(pairedAt / 1000) * 1000
    const { store } = state.inbound
    const ordered = [...take].sort((a, b) => a.row.id - b.row.id)
    const lines: NewLine[] = ordered.map(held => ({
      entry: {
        type: 'inbound',
        store,
        rowId: held.row.id,
        sender: clip(held.row.address, 200),
        number: held.number,
        body: clip(held.row.body, 20_000),
        receivedAt: held.receivedAt,
        old: held.receivedAt < paired,
      },
      local: { identity: held.identity },
    }))
    for (const held of ordered) held.taking = true
    const written = await this.#core.recordOrLater(lines)
    for (const held of ordered) {
      held.taking = false
      if (written) this.#drop(heldKey(held.row.id, held.identity), held)
    }
    if (!written) return
    this.#core.log('info', 'inbound', `${lines.length === 1 ? 'A text' : `${lines.length} texts`} came in.`)
    this.onChange()
  }

  /** It is none of our business, as far as anybody knows. */
  #judge(held: Held): void {
    if (held.judged) return
    held.judged = true
    this.#unblock(held.key)
  }

  #drop(key: string, held: Held): void {
    this.#held.delete(key)
    this.#settled.set(held.row.id, held.row)
    if (!held.judged) this.#unblock(held.key)
    const index = held.number ?? held.canonical
    const same = this.#byNumber.get(index)
    same?.delete(held)
    if (same?.size === 0) this.#byNumber.delete(index)
  }

  #unblock(key: string): void {
    const count = (this.#blocking.get(key) ?? 1) - 1
    if (count > 0) this.#blocking.set(key, count)
    else this.#blocking.delete(key)
  }
}

function heldKey(rowId: number, identity: string): string {
  return `${rowId} ${identity}`
}
