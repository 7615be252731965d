import { existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { changed, type PhoneConfig, type PhoneOptions, type Sim, usualPhone } from './config.ts'
import { checkFaults, type Faults } from './faults.ts'
import { clockFile, makeFolder, type Programs, writeClock } from './folder.ts'
import { answerDialogs, gateUsage, ownerText } from './outgoing.ts'
import { appendRadio, type RadioLine, readRadio } from './radio.ts'
import {
  createStore,
  endAirplaneMode,
  openStore,
  passTime,
  plan,
  readConfig,
  settle,
  take,
  transaction,
  writeConfig,
} from './store.ts'
import {
  type Arrival,
  type Dialog,
  type Notification,
  type Pending,
  type PersonSeen,
  readArrivals,
  readDialogs,
  readNotifications,
  readPending,
  readPeople,
  readRows,
  type TrueRow,
} from './truth.ts'

export type { PhoneOptions, Sim } from './config.ts'
export type { Faults } from './faults.ts'
export type { RadioLine } from './radio.ts'
export type { Arrival, TrueRow } from './truth.ts'

/**
 * Makes a simulated phone in this folder: Termux commands, home, SMS store and radio log.
 * @param options what differs from the usual phone; `node` and `mainFile` name the programs its commands run.
 * @throws Error with a sentence when an option is unknown or out of range, or the folder holds a phone already.
 */
export function createPhone(dir: string, options: PhoneOptions & Programs = {}): Phone {
  const { node, mainFile, ...rest } = options
  if (existsSync(join(dir, 'phone.sqlite'))) throw new Error(`There is a phone in ${dir} already; use another folder.`)
  const now = Date.now()
  checkFaults(rest.faults ?? {})
  const config = changed(usualPhone(now), rest, now)
  makeFolder(resolve(dir), { ...(node ? { node } : {}), ...(mainFile ? { mainFile } : {}) })
  writeClock(resolve(dir), config.clockOffsetMs)
  const db = createStore(resolve(dir))
  writeConfig(db, config)
  return new Phone(resolve(dir), db)
}

/** Opens a phone that exists. @throws Error with a sentence when there is none in this folder. */
export function openPhone(dir: string): Phone {
  return new Phone(resolve(dir), openStore(resolve(dir)))
}

/** A simulated phone, seen by whoever plays the world around it. Its commands can run at the same time. */
export class Phone {
  readonly dir: string
  /** Takes permissions (such as `SEND_SMS`) from the Termux:API app and gives them back. */
  readonly permissions = {
    revoke: (...names: string[]) => this.configure({ denied: [...new Set([...this.config().denied, ...bare(names)])] }),
    grant: (...names: string[]) =>
      this.configure({ denied: this.config().denied.filter(name => !bare(names).includes(name)) }),
    denied: () => this.config().denied,
  }
  readonly #db: DatabaseSync

  constructor(dir: string, db: DatabaseSync) {
    this.dir = dir
    this.#db = db
  }

  /** The variables that make a process live in this phone's Termux; put them over your own. The zone is left alone. */
  get env(): Record<string, string> {
    const usr = join(this.dir, 'usr')
    return {
      PATH: [join(usr, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
      PREFIX: usr,
      HOME: join(this.dir, 'home'),
      TMPDIR: join(this.dir, 'tmp'),
      TERMUX_VERSION: '0.118.3',
    }
  }

  /** The same, and a Node process also gets the phone's clock (which it follows within a second) and its zone. */
  get envWithClock(): Record<string, string> {
    const { zone } = this.config()
    const NODE_OPTIONS = `--import=${pathToFileURL(clockFile(this.dir)).href}`
    return { ...this.env, NODE_OPTIONS, ...(zone ? { TZ: zone } : {}) }
  }

  config(): PhoneConfig {
    return readConfig(this.#db)
  }

  /** Changes what the phone is made with. @throws Error with a sentence when an option is unknown or out of range. */
  configure(options: PhoneOptions): void {
    checkFaults(options.faults ?? {})
    this.#change(now => {
      const config = this.config()
      const next = changed(config, options, now)
      if (config.faults.airplane && !next.faults.airplane) endAirplaneMode(this.#db, now)
      writeConfig(this.#db, next)
      writeClock(this.dir, next.clockOffsetMs)
      const forget = this.#db.prepare('DELETE FROM counters WHERE name = ?')
      for (const name of Object.keys(options.faults ?? {})) forget.run(`fault:${name}`)
    })
  }

  /** Switches faults on (again, with a fresh `count`) and off (`null` or `false`); the others stay as they are. */
  setFaults(faults: Faults): void {
    this.configure({ faults })
  }

  setClockOffset(ms: number): void {
    this.configure({ clockOffsetMs: ms })
  }

  setZone(iana: string): void {
    this.configure({ zone: iana })
  }

  /** Puts another card into the slot: another subscription id, and another number if one is given. */
  swapSim(slot: number, card: Partial<Omit<Sim, 'slot'>> = {}): Sim {
    const { sims } = this.config()
    const subId = Math.max(0, ...sims.map(sim => sim.subId)) + 1
    const next = { ...sims.find(sim => sim.slot === slot), subId, ...card, slot }
    this.configure({ sims: [...sims.filter(sim => sim.slot !== slot), next] })
    return this.config().sims.find(sim => sim.slot === slot)!
  }

  /** Takes the card out of the slot. */
  removeSim(slot: number): void {
    this.configure({ sims: this.config().sims.filter(sim => sim.slot !== slot) })
  }

  /**
   * A text arrives.
   * @param text.atOffsetMs when, from now: later, or (negative) earlier, as for a text that was read before.
   * @param text.lateMs how long after its arrival other apps see it.
   * @param text.idAssigned whether a late row has the id of its arrival (`early`, as when Android holds a row back;
   * the default) or of the moment it shows (`late`).
   */
  receive(text: {
    from: string
    body: string
    slot?: number
    atOffsetMs?: number
    lateMs?: number
    idAssigned?: 'early' | 'late'
  }): void {
    const config = this.config()
    const sim = config.sims.find(card => card.slot === (text.slot ?? config.defaultSlot))
    if (!sim) throw new Error('There is no SIM in that slot that could receive a text.')
    const due = Date.now() + (text.atOffsetMs ?? 0)
    const lateMs = text.lateMs ?? 0
    const late = text.idAssigned === 'late' ? { due: due + lateMs, dated: due } : { due, hiddenMs: lateMs }
    this.#change(() =>
      plan(this.#db, {
        ...late,
        type: 1,
        address: text.from,
        body: text.body,
        creator: null,
        subId: sim.subId,
        byRadio: true,
        kind: 'received',
      }),
    )
  }

  /** The owner texts by hand with the default SMS app. */
  ownerTexts(text: { to: string; body: string; slot?: number }): void {
    const config = this.config()
    const sim = config.sims.find(card => card.slot === (text.slot ?? config.defaultSlot))
    if (!sim) throw new Error('There is no SIM in that slot to text with.')
    const ordinal = transaction(this.#db, () => take(this.#db, 'texts'))
    const outgoing = { to: text.to, body: text.body, slot: sim.slot, subId: sim.subId, ordinal }
    this.#change(now => appendRadio(this.dir, ownerText(this.#db, config, outgoing, now)))
  }

  /** The owner deletes one row. @returns whether there was one. */
  deleteRow(id: number): boolean {
    return this.#change(() => this.#db.prepare('DELETE FROM messages WHERE _id = ?').run(id).changes === 1)
  }

  /** The owner deletes the newest row, so that its id is used again. @returns the id, if there was a row. */
  deleteNewest(): number | undefined {
    return this.#change(() => {
      const row = this.#db
        .prepare('DELETE FROM messages WHERE _id = (SELECT MAX(_id) FROM messages) RETURNING _id')
        .get()
      return row && Number(row._id)
    })
  }

  /**
   * A factory reset: the SMS store is empty and its ids restart, notifications and dialogs are gone. Texts on their
   * way by radio still arrive. Settings and `home/` stay, as if restored from a copy.
   */
  factoryReset(): void {
    this.#change(() => {
      for (const table of ['messages', 'threads', 'gate', 'dialogs', 'notifications'])
        this.#db.exec(`DELETE FROM ${table}`)
      this.#db.exec("DELETE FROM pending WHERE NOT by_radio; DELETE FROM counters WHERE name = 'wake lock'")
    })
  }

  /**
   * Lets time pass for the phone without anybody waiting: texts and rows on their way come this much sooner, held rows
   * show and failed ones hide as much sooner, and the gate forgets. Clock and dates stay as they are.
   */
  passTime(ms: number): void {
    this.#change(now => passTime(this.#db, ms, now))
  }

  /** What truly left the phone, oldest first. */
  radioLog(): RadioLine[] {
    return readRadio(this.dir)
  }

  /** What truly arrived at the phone, oldest first. */
  arrivals(): Arrival[] {
    return this.#change(() => readArrivals(this.#db))
  }

  /** The SMS store as it truly is, by id. */
  rows(): TrueRow[] {
    return this.#change(now => readRows(this.#db, now))
  }

  /** Texts and rows that have not come yet. */
  pending(): Pending[] {
    return this.#change(() => readPending(this.#db))
  }

  /** People who were texted: how many texts each got and answered, and whether they opted out. */
  people(): PersonSeen[] {
    return readPeople(this.#db)
  }

  /** How many texts commands and the owner have tried to send so far, whatever became of them. */
  textsAttempted(): number {
    return Number(this.#db.prepare("SELECT n FROM counters WHERE name = 'texts'").get()?.n ?? 0)
  }

  /** How far Android's outgoing gate is used up now, and how many dialogs wait. */
  gateUsage(): { segments: number; limit: number | null; windowMs: number; waiting: number } {
    return gateUsage(this.#db, this.config(), Date.now())
  }

  /** The dialogs of the gate that wait for a finger, oldest first. */
  dialogs(): Dialog[] {
    return readDialogs(this.#db)
  }

  /** The owner comes by and answers all dialogs that wait. @returns what left by that. */
  answerDialogs(answer: 'allow' | 'deny'): RadioLine[] {
    return this.#change(now => {
      const left = answerDialogs(this.#db, this.config(), answer === 'allow', now)
      appendRadio(this.dir, left)
      return left
    })
  }

  /** What the phone's screen shows, oldest first; exceptions of the Termux:API app among them. */
  notifications(): Notification[] {
    return readNotifications(this.#db)
  }

  wakeLockHeld(): boolean {
    return this.#db.prepare("SELECT n FROM counters WHERE name = 'wake lock'").get()?.n === 1
  }

  /** Closes the store; the phone itself stays. */
  close(): void {
    if (this.#db.isOpen) this.#db.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Changes the phone in one transaction, in which what has come due is written first and what is due by then last. */
  #change<T>(work: (now: number) => T): T {
    return transaction(this.#db, () => {
      const now = Date.now()
      settle(this.#db, this.config(), now)
      const result = work(now)
      settle(this.#db, this.config(), now)
      return result
    })
  }
}

function bare(permissions: readonly string[]): string[] {
  return permissions.map(name => name.replace(/^android\.permission\./, ''))
}
