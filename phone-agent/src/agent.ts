import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AgentFrame,
  type DoctorFinding,
  type HubFrame,
  type PhoneStatus,
  PROTOCOL_VERSION,
} from '../../src/shared/phone-protocol.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Config, type Environment, type Folder, writeConfig } from './config.ts'
import type { Core } from './core.ts'
import { runDoctor, type SelfTest } from './doctor.ts'
import { Eraser } from './erase.ts'
import { errorText, makeFolder } from './files.ts'
import { Inbound } from './inbound.ts'
import type { JournalFiles } from './journal-files.ts'
import { Lane } from './lane.ts'
import { Link } from './link.ts'
import type { Log } from './log.ts'
import { bootName, carriedNotes, openCore } from './open.ts'
import { Orders } from './orders.ts'
import type { DeviceInfo, PhoneCommands } from './phone-commands.ts'
import { PhoneFacts } from './phone-facts.ts'
import { Poller } from './poller.ts'
import { Prover } from './prover.ts'
import { SimWatch } from './sim-watch.ts'
import { type RunningStatus, writeStatus } from './status.ts'
import { StoreReader } from './store-reader.ts'
import { clip } from './text.ts'
import { AGENT_VERSION } from './version.ts'

export interface AgentOptions {
  readonly folder: Folder
  readonly config: Config
  readonly environment: Environment
  readonly commands: PhoneCommands
  readonly log: Log
  readonly clock?: Clock
  readonly random?: () => number
  readonly files?: JournalFiles
}

const TICK_MS = 1000
const STATUS_EVERY_MS = 10_000
const FILE_EVERY_MS = 10_000
const DEVICE_EVERY_MS = 5 * 60_000
const DISK_EVERY_MS = 5000
const PRUNE_EVERY_MS = 6 * 3_600_000
/** Journal files are kept for so long, which is longer than the oldest backup of a hub. */
export const RETENTION_MS = 120 * 86_400_000
const ROTATE_LIMIT_MS = 20_000

/** A running agent. The lock of its folder must be held. */
export class Agent {
  readonly #options: AgentOptions
  readonly #core: Core
  readonly #inbound: Inbound
  readonly #reader: StoreReader
  readonly #poller: Poller
  readonly #simWatch: SimWatch
  readonly #facts: PhoneFacts
  readonly #orders: Orders
  readonly #eraser: Eraser
  readonly #link: Link
  readonly #lanes = new Map<number, Lane>()
  readonly #startedAt: number
  #config: Config
  #acked = 0
  #ticking: NodeJS.Timeout | null = null
  #tick: Promise<void> = Promise.resolve()
  #due = { device: 0, disk: 0, prune: 0, status: 0, file: 0 }
  #wasConnected = false
  #lastStatus = ''
  #texted = 0
  #onKey: (() => void) | null = null
  #stopped = false

  private constructor(options: AgentOptions, core: Core, device: DeviceInfo) {
    this.#options = options
    this.#core = core
    this.#config = options.config
    this.#startedAt = core.clock.wall()
    this.#inbound = new Inbound(core)
    this.#reader = new StoreReader(core, this.#inbound)
    const prover = new Prover(core, this.#reader)
    this.#poller = new Poller(core, this.#reader, this.#inbound, prover)
    this.#simWatch = new SimWatch(core, this.#reader)
    this.#facts = new PhoneFacts(core, this.#reader, device, () => this.#config)
    this.#orders = new Orders(core)
    this.#eraser = new Eraser(core, options.folder.journal)
    this.#link = new Link({
      core,
      config: () => this.#config,
      saveConfig: change => void this.#saveConfig(change),
      handlers: {
        hello: () => this.#hello(),
        resumed: epoch => this.#resumed(epoch),
        acked: seq => this.#ackedUpTo(seq),
        leaseChanged: () => this.#wakeLanes(),
        frame: frame => this.#frame(frame),
      },
    })
    this.#eraser.done = ids => this.#link.send({ t: 'erased', ids })
    this.#inbound.ask = numbers => this.#link.send({ t: 'known?', numbers })
    this.#inbound.onChange = () => this.#wakeLanes()
    this.#reader.onReadable = () => this.#wakeLanes()
    prover.onProved = (slot, rowId) => this.#proved(slot, rowId)
    core.onRecorded = () => this.#recorded()
    core.onDiskBack = () => this.#link.reconnect('The storage takes entries again.')
  }

  /** Starts an agent. @throws JournalDamaged with a sentence. */
  static async start(options: AgentOptions): Promise<Agent> {
    const { folder, commands, log } = options
    makeFolder(folder.path)
    const device = await commands.device()
    const config = { ...options.config, country: device.country ?? options.config.country }
    if (config.country !== options.config.country) writeConfig(folder, config)
    const core = await openCore({
      folder,
      config,
      commands,
      log,
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      ...(options.files && { files: options.files }),
    })
    const agent = new Agent({ ...options, config }, core, device)
    agent.#begin()
    return agent
  }

  /** Ends what is under way, and everything else. */
  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#ticking) clearInterval(this.#ticking)
    const lanes = Promise.all([...this.#lanes.values()].map(lane => lane.stop()))
    // A command that hangs must not keep the agent from ending: its message is settled by proof at the next start.
    await Promise.race([lanes, sleep(5000, undefined, { ref: false })])
    await this.#link.stop()
    const ends = [this.#poller.stop(), this.#tick, this.#orders.idle(), this.#eraser.idle()]
    await Promise.race([Promise.all(ends), sleep(5000)])
    await this.#core.journal.close()
  }

  /** What the hub is told of the phone. */
  phoneStatus(): PhoneStatus {
    const { device, battery } = this.#facts
    const { slots, carrier, country } = device
    const lanes = this.#facts.slots().map(slot => {
      const lane = this.#lane(slot)
      // Android tells the carrier of one SIM only, and not of which.
      return lane.status(slots === 1 || slots === null ? carrier : null, country ?? this.#config.country)
    })
    const canProve = this.#reader.cannotProve === null && this.#reader.problem === null && this.#facts.isTested()
    return { lanes, battery, canProve, warnings: this.#facts.warnings().map(text => clip(text, 500)) }
  }

  status(): RunningStatus {
    const { state, clock, journal } = this.#core
    let queued = 0
    for (const slot of state.slots()) for (const queue of state.queues(slot)) queued += queue.size
    return {
      pid: process.pid,
      version: AGENT_VERSION,
      writtenAt: clock.wall(),
      startedAt: this.#startedAt,
      link: this.#link.state,
      clockAhead: this.#core.clockAhead(),
      queued,
      open: state.open.size,
      unknown: state.unknown.size,
      unacknowledged: Math.max(0, journal.lastSeq - this.#acked),
      phone: this.phoneStatus(),
    }
  }

  /**
   * Checks the phone.
   * @param number the own number for the self-test; null: the one that is known, or no self-test.
   */
  async doctor(slot: number, number: string | null): Promise<DoctorFinding[]> {
    const { commands, folder, environment } = this.#options
    const own = number ?? this.#config.numbers[slot] ?? null
    const selfTest: SelfTest | null =
      own === null ? null : { slot, number: own, count: to => this.#countSelfTest(slot, to) }
    const findings = await runDoctor({ commands, folder, environment, config: this.#config, selfTest })
    const result = findings.find(one => one.check === 'self_test')
    if (selfTest && result) {
      this.#saveConfig({
        numbers: { ...this.#config.numbers, [slot]: selfTest.number },
        tested: { ...this.#config.tested, [slot]: result.ok },
      })
    }
    return findings
  }

  /** Asks the hub for a new key, and resolves when it is stored. */
  async rotateKey(): Promise<void> {
    const stored = new Promise<void>(resolve => {
      this.#onKey = resolve
    })
    const until = this.#core.clock.mono() + ROTATE_LIMIT_MS
    while (!this.#link.send({ t: 'rotate' })) {
      if (this.#core.clock.mono() > until)
        throw new Error('There is no connection with the hub, so the key stays as it is.')
      await sleep(200)
    }
    const late = sleep(ROTATE_LIMIT_MS).then(() => {
      throw new Error('The hub did not send a new key.')
    })
    await Promise.race([stored, late])
  }

  /** Lets a lane go on that has halted. */
  async resumeLane(slot: number): Promise<void> {
    await this.#core.record([{ note: { type: 'resumed', slot } }])
    this.#core.log('info', 'resumed', `SIM ${slot + 1} goes on.`)
    this.#wakeLanes()
  }

  #begin(): void {
    for (const slot of this.#facts.slots()) this.#lane(slot).start()
    this.#poller.start()
    this.#link.start()
    this.#ticking = setInterval(() => {
      this.#tick = this.#tick
        .then(() => this.#everySecond())
        .catch(error => this.#core.log('error', 'internal', errorText(error)))
    }, TICK_MS)
  }

  #hello(): Extract<AgentFrame, { t: 'hello' }> {
    const { journal, state } = this.#core
    return {
      t: 'hello',
      v: PROTOCOL_VERSION,
      agent: AGENT_VERSION,
      journal: journal.identity,
      firstSeq: journal.firstSeq,
      lastSeq: journal.lastSeq,
      epoch: state.epoch,
      country: this.#config.country,
      erases: true,
    }
  }

  #resumed(epoch: number): void {
    if (epoch > this.#core.state.epoch) {
      // A restored database may not know what it gave to this phone before, and could give it out once more.
      this.#giveBackHeld()
      this.#orders.queue(async () => {
        this.#giveBackHeld()
        await this.#core.record([{ entry: { type: 'epoch', epoch } }])
      })
    }
    this.#inbound.askAgain()
    this.#due.status = 0
  }

  #giveBackHeld(): void {
    const held = [...this.#core.state.messages.values()].filter(message => message.phase === 'accepted')
    this.#orders.recall(held.map(({ id, assignment }) => ({ id, assignment })))
  }

  #proved(slot: number, rowId: number): void {
    void this.#simWatch.look(slot, rowId)
    // A text that was seen says more than a self-test that was not.
    if (this.#config.tested[slot] === false) this.#saveConfig({ tested: { ...this.#config.tested, [slot]: true } })
  }

  #ackedUpTo(seq: number): void {
    this.#acked = seq
    this.#core.state.inbound.setAcked(seq)
    this.#eraser.acked(seq)
    this.#wakeLanes()
  }

  #frame(frame: Exclude<HubFrame, { t: 'welcome' | 'ack' | 'pong' | 'refused' }>): void {
    switch (frame.t) {
      case 'assign':
        this.#assign(frame)
        return
      case 'recall':
        this.#orders.recall(frame.list)
        return
      case 'settings':
        this.#settings(frame)
        return
      case 'known':
        return void this.#inbound.answered(frame.asked, frame.known)
      case 'erase':
        this.#eraser.take(frame.list)
        return
      case 'run-doctor':
        return void this.#doctorForHub()
      case 'resume-lane':
        this.#orders.queue(() => this.resumeLane(frame.slot))
        return
      case 'new-key':
        this.#newKey(frame.key)
        return
    }
  }

  #assign(frame: Extract<HubFrame, { t: 'assign' }>): void {
    this.#orders.assign(frame.list, () => {
      // Looked at in its turn, since the epoch's own entry may still be on its way to the disk.
      if (frame.epoch === this.#core.state.epoch) return true
      this.#link.reconnect('The hub assigned messages of another state of its database than this phone serves.')
      return false
    })
  }

  #settings(frame: Extract<HubFrame, { t: 'settings' }>): void {
    this.#core.settings = frame
    for (const { slot, limits } of frame.lanes) this.#core.state.lane(slot).use.setLimits(limits)
    const known = this.#config.addresses
    const addresses = [...new Set([...frame.addresses, ...known])].slice(0, 16)
    if (JSON.stringify(addresses) !== JSON.stringify(known)) this.#saveConfig({ addresses })
    for (const slot of this.#facts.slots()) this.#lane(slot).start()
    this.#due.status = 0
    void this.#inbound.decide()
    this.#poller.settingsChanged()
    this.#wakeLanes()
    this.#sendStatus()
  }

  #newKey(key: string): void {
    const before = { key: this.#config.key, previousKey: this.#config.previousKey }
    if (!this.#saveConfig({ key, previousKey: before.key })) {
      this.#config = { ...this.#config, ...before }
      return
    }
    this.#link.send({ t: 'rotated' })
    this.#core.log('info', 'rotated', 'The phone has a new key.')
    this.#onKey?.()
    this.#onKey = null
  }

  async #doctorForHub(): Promise<void> {
    const slot = this.#facts.slots()[0] ?? 0
    this.#link.send({ t: 'doctor', findings: await this.doctor(slot, null) })
  }

  async #countSelfTest(slot: number, recipient: string): Promise<void> {
    await this.#core.record([{ note: { type: 'uses', list: [[slot, this.#core.hubNow(), 1, recipient]] } }])
  }

  #recorded(): void {
    this.#link.recorded()
    const { texted } = this.#core.state
    if (texted.size !== this.#texted) {
      this.#texted = texted.size
      void this.#inbound.decide()
    }
    for (const slot of this.#core.state.slots()) this.#lane(slot).start()
    this.#poller.wake()
    this.#wakeLanes()
  }

  #wakeLanes(): void {
    for (const lane of this.#lanes.values()) lane.wake()
  }

  #lane(slot: number): Lane {
    let lane = this.#lanes.get(slot)
    if (!lane) {
      const parts = { core: this.#core, inbound: this.#inbound, reader: this.#reader }
      lane = new Lane(slot, { ...parts, hasSim: one => this.#facts.hasSim(one) })
      this.#lanes.set(slot, lane)
    }
    return lane
  }

  async #everySecond(): Promise<void> {
    if (this.#stopped) return
    const now = this.#core.clock.mono()
    for (const lane of this.#lanes.values()) await lane.sweep()
    if (this.#core.diskProblem && now >= this.#due.disk) {
      this.#due.disk = now + DISK_EVERY_MS
      // A line without meaning shows whether the disk takes lines again.
      await this.#core.recordOrLater([{ note: { type: 'start', boot: bootName(), up: this.#core.clock.up() } }])
    }
    if (now >= this.#due.device) {
      this.#due.device = now + DEVICE_EVERY_MS
      void this.#facts.look()
    }
    if (now >= this.#due.prune) {
      this.#due.prune = now + PRUNE_EVERY_MS
      await this.#prune()
    }
    this.#eraser.look()
    this.#sendStatus()
    this.#writeStatus(now)
  }

  #sendStatus(): void {
    const now = this.#core.clock.mono()
    const status = this.phoneStatus()
    const text = JSON.stringify(status)
    if (now < this.#due.status && text === this.#lastStatus) return
    if (!this.#link.send({ t: 'status', status })) return
    this.#lastStatus = text
    this.#due.status = now + STATUS_EVERY_MS
  }

  /** For the command `status`. Not every second, which would wear out the phone's storage. */
  #writeStatus(now: number): void {
    const { connected } = this.#link.state
    if (now < this.#due.file && connected === this.#wasConnected) return
    this.#due.file = now + FILE_EVERY_MS
    this.#wasConnected = connected
    try {
      writeStatus(this.#options.folder.status, this.status())
    } catch (error) {
      this.#core.log('warn', 'status', `The status could not be stored: ${errorText(error)}`)
    }
  }

  /** Removes journal files that nobody can need any more; never while the phone's clock is in doubt. */
  async #prune(): Promise<void> {
    const { clock, state, journal } = this.#core
    const ahead = this.#core.clockAhead()
    if (ahead === null || Math.abs(ahead) > 86_400_000) return
    const upTo = Math.min(this.#acked, state.oldestNeeded() - 1)
    await journal.prune(clock.wall() - RETENTION_MS, upTo, lines => carriedNotes(state, lines))
  }

  /** False when the disk did not take it; then it holds only as long as this process lives. */
  #saveConfig(change: Partial<Config>): boolean {
    this.#config = { ...this.#config, ...change }
    try {
      writeConfig(this.#options.folder, this.#config)
      return true
    } catch (error) {
      this.#core.log('error', 'config', `The settings could not be stored: ${errorText(error)}`)
      return false
    }
  }
}
