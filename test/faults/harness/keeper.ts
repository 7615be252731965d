import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { Handset } from './handset.ts'
import { type Hub, Refused } from './hub.ts'
import type { ProgramEnd } from './program.ts'
import type { Random } from './random.ts'
import type { Records, Span } from './records.ts'
import { sleep, Turn, until, within } from './wait.ts'
import type { Watcher } from './watcher.ts'

export interface KeeperParts {
  readonly hub: Hub
  readonly handsets: readonly Handset[]
  readonly watcher: Watcher
  readonly records: Records
  readonly random: Random
  readonly say: (line: string) => void
}

const WATCH_MS = 300
const OPERATE_MS = 1_500
/** A process that has not come to the step at which it shall die is killed after so long. */
const STEP_MS = 15_000
const PAIRING_TRIES = 5
const MENDABLE: ReadonlySet<string> = new Set(['no_proof', 'refused', 'permission', 'sim_swapped'])

/**
 * The service manager, the operator and the witness of a run: starts again what ended, lets lanes go on that have
 * halted, and notes what can only be seen while it happens.
 */
export class Keeper {
  readonly hubTurn = new Turn()
  /** The furthest that the hub's clock ever ran ahead, in ms. */
  furthestClockMs = 0
  /** Phones (by name) that got another journal since the backup was made, which a restore cannot know. */
  readonly renewed = new Set<string>()
  /** Since when a phone has the journal that it has, where it was exchanged. */
  readonly journalSince = new Map<string, number>()
  /** Phones (by name) of whose journal the run itself has made a problem. */
  readonly troubled = new Set<string>()
  readonly #parts: KeeperParts
  readonly #down = new Set<string>()
  readonly #steps = new Map<string, string[]>()
  readonly #ended = new Map<string, string>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #starting = new Set<Promise<void>>()
  /** What each phone's journal had acknowledged when the hub last died, by the hub's database. */
  #acked: { readonly at: number; readonly stored: Map<number, { journal: string; seq: number }> } | null = null
  /** Acknowledgements from before this moment count no more: a restore takes them back. */
  #ackedFrom = 0
  #unexpectedEnds = 0
  readonly #hopeless = Promise.withResolvers<never>()
  #giveUp = (error: Error): void => this.#hopeless.reject(error)
  #stopped = false
  #operating = false

  constructor(parts: KeeperParts) {
    this.#parts = parts
    // Whoever waits for it hears of it; nobody has to.
    this.#hopeless.promise.catch(() => {})
  }

  startHub(): void {
    this.#parts.hub.start(this.#nextStep('hub'))
  }

  startAgent(handset: Handset): void {
    this.#down.delete(handset.name)
    handset.start(this.#nextStep(handset.name))
  }

  /** Opens a pairing on the hub and pairs the phone, which gets a new id by that. */
  async pair(handset: Handset): Promise<void> {
    const { hub, say } = this.#parts
    for (let tries = 1; ; tries += 1) {
      const { link } = await hub.call('phones.pair', { name: `Phone ${handset.name} ${randomUUID().slice(0, 4)}` })
      try {
        return await handset.pair(link)
      } catch (error) {
        // The network can go at that very moment, and then a person tries again.
        if (tries === PAIRING_TRIES) throw error
        say(`pairing again: ${error instanceof Error ? error.message : String(error)}`)
        await sleep(1_000)
      }
    }
  }

  /** Kills a process, and lets it die at these steps in its next lives. */
  async killHub(steps: readonly string[]): Promise<void> {
    await this.hubTurn.take(async () => {
      const { hub } = this.#parts
      await within(() => (hub.program.runs ? true : null), 10_000)
      this.#queue('hub', steps)
      await hub.program.end('SIGKILL')
    })
  }

  async killAgent(handset: Handset, steps: readonly string[], power = false): Promise<void> {
    await handset.turn.take(async () => {
      await within(() => (handset.program.runs ? true : null), 10_000)
      this.#queue(handset.name, steps)
      if (power) {
        this.#down.add(handset.name)
        await handset.losePower()
        await sleep(this.#parts.random.int(100, 800))
        this.startAgent(handset)
      } else await handset.program.end('SIGKILL')
    })
  }

  /** Ends an agent that is to stay down. */
  async holdDown(handset: Handset): Promise<void> {
    this.#down.add(handset.name)
    this.#steps.delete(handset.name)
    await handset.program.end('SIGKILL')
  }

  /** The hub is down while `work` runs. */
  async withoutHub(work: () => Promise<void>): Promise<void> {
    await this.hubTurn.take(async () => {
      const { hub, watcher } = this.#parts
      this.#down.add('hub')
      await hub.program.end('SIGKILL')
      await watcher.away(work)
      this.#ackedFrom = Date.now()
      this.#acked = null
      this.#down.delete('hub')
      this.startHub()
    })
  }

  /** An agent that ends by itself, with its last words; null when it goes on. */
  async endOf(handset: Handset, ms: number): Promise<string | null> {
    return within(() => this.#ended.get(handset.name) ?? null, ms)
  }

  hubEnded(end: ProgramEnd): void {
    this.#parts.records.kills += end.signal === 'SIGKILL' ? 1 : 0
    if (this.#stopped || this.#down.has('hub')) return
    if (end.signal !== 'SIGKILL') this.#unexpected('The hub', end, this.#parts.hub.program.lastWords)
    this.#later(async () => {
      this.#noteStored()
      await sleep(this.#parts.random.int(300, 1_200))
      if (!this.#stopped && !this.#down.has('hub') && !this.#parts.hub.program.runs) this.startHub()
      this.#checkAcknowledged()
    })
  }

  agentEnded(name: string, end: ProgramEnd): void {
    const handset = this.#parts.handsets.find(one => one.name === name)!
    this.#parts.records.kills += end.signal === 'SIGKILL' ? 1 : 0
    if (end.signal !== 'SIGKILL') this.#ended.set(name, handset.program.lastWords || 'without a word')
    if (this.#stopped || this.#down.has(name)) return
    if (end.signal !== 'SIGKILL') this.#unexpected(`The agent of ${name}`, end, handset.program.lastWords)
    this.#later(async () => {
      await sleep(this.#parts.random.int(50, 900))
      if (!this.#stopped && !this.#down.has(name) && !handset.program.runs) this.startAgent(handset)
    })
  }

  /** Begins to witness and to operate. */
  watch(): void {
    const { records, watcher } = this.#parts
    const witness = setInterval(() => {
      const suppressed = watcher.suppressed()
      if (!suppressed) return
      const now = Date.now()
      for (const number of suppressed) open(records.suppressed, number, now)
      for (const [number, spans] of records.suppressed) if (!suppressed.has(number)) close(spans, now)
    }, WATCH_MS)
    const operator = setInterval(() => void this.#operate(), OPERATE_MS)
    this.#timers.add(witness)
    this.#timers.add(operator)
  }

  /** Waits until both sides run and no process is to die any more. */
  async calm(): Promise<void> {
    this.#steps.clear()
    const { hub, handsets } = this.#parts
    const up = handsets.filter(one => !this.#down.has(one.name))
    await until('Everything runs', () => (hub.program.runs && up.every(one => one.program.runs) ? true : null), 30_000)
    // An armed process has to be one that is not.
    await this.killHub([])
    for (const one of up) await this.killAgent(one, [])
    await until(
      'Everything runs again',
      () => (hub.program.runs && up.every(one => one.program.runs) ? true : null),
      30_000,
    )
    await until('The hub answers', () => hub.try('system.status', {}), 60_000)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.all(this.#starting)
    // The agents first, so that none of them complains about a hub that is gone.
    for (const handset of this.#parts.handsets) await handset.program.end('SIGTERM')
    await this.#parts.hub.program.end('SIGTERM')
  }

  /** Rejects when there is no sense in going on. */
  get hopeless(): Promise<never> {
    return this.#hopeless.promise
  }

  count(name: string): void {
    const { counts } = this.#parts.records
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }

  #queue(name: string, steps: readonly string[]): void {
    this.#steps.set(name, [...(this.#steps.get(name) ?? []), ...steps])
  }

  #nextStep(name: string): string | null {
    const step = this.#steps.get(name)?.shift() ?? null
    this.#ended.delete(name)
    if (step === null) return null
    this.count(`step:${step.split(':')[0]}`)
    const program =
      name === 'hub' ? this.#parts.hub.program : this.#parts.handsets.find(one => one.name === name)!.program
    const pidAt = () => program.pid
    this.#later(async () => {
      await sleep(0)
      const pid = pidAt()
      await within(() => (program.pid !== pid || this.#stopped ? true : null), STEP_MS, 200)
      if (!this.#stopped && pid !== null && program.pid === pid) await program.end('SIGKILL')
    })
    return step
  }

  #unexpected(what: string, { code, signal }: ProgramEnd, words: string): void {
    this.#unexpectedEnds += 1
    const sentence = `${what} ended by itself (${signal ?? code}): ${words.trim().split('\n').slice(-3).join(' ')}`
    this.#parts.say(sentence)
    this.#parts.records.broken.push(sentence)
    if (this.#unexpectedEnds > 8) this.#giveUp(new Error(`Programs end again and again. ${sentence}`))
  }

  #later(work: () => Promise<void>): void {
    const done: Promise<void> = work()
      .catch(this.#giveUp)
      .finally(() => this.#starting.delete(done))
    this.#starting.add(done)
  }

  #noteStored(): void {
    const phones = this.#parts.watcher.phones()
    if (!phones) return
    const stored = new Map(phones.map(phone => [phone.id, { journal: phone.journal, seq: phone.ackedSeq }]))
    this.#acked = { at: Date.now(), stored }
  }

  /** An acknowledgement that reached a phone before the hub died must be stored. */
  #checkAcknowledged(): void {
    const seen = this.#acked
    if (!seen) return
    for (const handset of this.#parts.handsets) {
      const stored = seen.stored.get(handset.phoneId)
      if (!stored || !existsSync(handset.linkLog) || this.troubled.has(handset.name)) continue
      const last = readFileSync(handset.linkLog, 'utf8')
        .trimEnd()
        .split('\n')
        .slice(-200)
        .map(line => safe(line))
        .filter(
          line =>
            line?.ev === 'ack' &&
            line.journal === stored.journal &&
            line.at > Math.max(this.#ackedFrom, this.journalSince.get(handset.name) ?? 0) &&
            line.at < seen.at + 300,
        )
        .reduce((most, line) => Math.max(most, line!.seq), 0)
      if (last > stored.seq) {
        this.#parts.records.broken.push(
          `The hub acknowledged entry ${last} of ${handset.name} and had stored ${stored.seq} of them when it died.`,
        )
      }
    }
  }

  /** What an operator does who looks now and then. */
  async #operate(): Promise<void> {
    if (this.#operating || this.#stopped) return
    this.#operating = true
    const { hub, handsets, records, say } = this.#parts
    try {
      const phones = (await hub.try('phones.list', {}))?.phones ?? []
      for (const phone of phones) {
        const handset = handsets.find(one => one.phoneId === phone.id)
        if (phone.journalProblem !== null && handset && !this.troubled.has(handset.name)) {
          const foreseen = this.#ackedFrom > 0 && this.renewed.has(handset.name)
          const sentence = `The hub takes the journal of ${handset.name} for another one (${phone.journalProblem}), and nobody touched it.`
          if (!foreseen && !records.broken.includes(sentence)) records.broken.push(sentence)
          if (!foreseen) say(sentence)
          await hub.try('phones.accept-journal', { id: phone.id })
          await handset.program.end('SIGKILL')
        }
        for (const lane of phone.status?.lanes ?? []) {
          const sim = phone.sims.find(one => one.slot === lane.slot)
          if (!phone.connected || !sim || lane.halt === null || !MENDABLE.has(lane.halt)) continue
          await hub.try('phones.resume-lane', { simId: sim.id })
          this.count(`resumed:${lane.halt}`)
        }
      }
    } catch (error) {
      if (!(error instanceof Refused)) say(`operator: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      this.#operating = false
    }
  }
}

export function open(spans: Map<string, Span[]>, key: string, at: number): void {
  const known = spans.get(key)
  if (!known) spans.set(key, [{ from: at, to: null }])
  else if (known.at(-1)!.to !== null) known.push({ from: at, to: null })
}

export function close(spans: readonly Span[] | undefined, at: number): void {
  const last = spans?.at(-1)
  if (last && last.to === null) last.to = at
}

interface Noted {
  readonly ev: string
  readonly at: number
  readonly journal: string
  readonly seq: number
}

function safe(line: string): Noted | null {
  try {
    return JSON.parse(line) as Noted
  } catch {
    return null
  }
}
