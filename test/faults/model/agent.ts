import {
  closeSync,
  cpSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent } from '../../../phone-agent/src/agent.ts'
import { type Folder, folderOf, readConfig, readEnvironment, writeConfig } from '../../../phone-agent/src/config.ts'
import { Journal } from '../../../phone-agent/src/journal.ts'
import type { JournalFiles } from '../../../phone-agent/src/journal-files.ts'
import type { ModelHandset } from './handset.ts'
import { type Life, lives, setNetwork } from './lives.ts'
import type { Network } from './network.ts'
import type { ModelTime } from './time.ts'

/** Where an agent can die: each of these happens often, so a countdown chooses which time. */
export type AgentStep =
  | 'journal written'
  | 'journal synced'
  | 'command begins'
  | 'command ends'
  | 'list'
  | 'frame leaves'

/** The real agent, whole, on a real folder. A crash ends it between any two of its steps; a loss of power also takes what was not synced. */
export class ModelAgent {
  readonly folder: Folder
  readonly journalIdentity: string
  /** A switch for the proof of the proof: the journal says that it has synced, and has not. */
  skipSync = false
  readonly log: string[] = []
  readonly #time: ModelTime
  readonly #phone: ModelHandset
  readonly #network: Network
  #life: Life | null = null
  #agent: Agent | null = null
  #dying: { step: AgentStep; countdown: number; power: boolean } | null = null
  readonly #synced = new Map<number, number>()
  readonly #atStart = new Map<number, number>()

  private constructor(time: ModelTime, phone: ModelHandset, identity: string, folder: Folder, network: Network) {
    this.#network = network
    this.#time = time
    this.#phone = phone
    this.journalIdentity = identity
    this.folder = folder
  }

  static async create(time: ModelTime, phone: ModelHandset, between: Network): Promise<ModelAgent> {
    setNetwork(between)
    const root = mkdtempSync(join(tmpdir(), 'cc-model-'))
    const folder = folderOf(readEnvironment({}), root)
    const journal = Journal.create(folder.journal, { now: () => time.now, onLine: () => {} })
    await journal.close()
    return new ModelAgent(time, phone, journal.identity, folder, between)
  }

  get runs(): boolean {
    return this.#life !== null
  }

  async start(phoneId: number): Promise<void> {
    if (this.#life) return
    livesSoFar += 1
    this.#noteSizes()
    const life: Life = {
      address: `life-${livesSoFar}.agent:1`,
      over: false,
      onFrame: () => void this.#dies(life, 'frame leaves'),
    }
    lives.set(life.address, life)
    this.#life = life
    writeConfig(this.folder, {
      v: 1,
      phone: String(phoneId),
      key: 'key',
      previousKey: null,
      pin: 'pin',
      cert: 'cert',
      addresses: [life.address],
      name: 'Phone',
      pairedAt: 0,
      slots: [0],
      country: 'US',
      numbers: {},
      tested: {},
    })
    const agent = await Agent.start({
      folder: this.folder,
      config: readConfig(this.folder)!,
      environment: readEnvironment({}),
      commands: this.#phone.commands(name => this.#step(life, name as AgentStep)),
      log: (_level, event, text) => void this.log.push(`${event}: ${text}`),
      clock: { wall: () => this.#time.now, mono: () => this.#time.now, up: () => this.#time.now - BOOTED_AT },
      random: () => 0.5,
      files: this.#files(life),
    })
    if (!life.over) this.#agent = agent
  }

  /** What an operator does who sees that a SIM has halted. */
  resumeLane(): void {
    void this.#agent?.resumeLane(0)
  }

  crash(power: boolean): void {
    if (!this.#life) return
    this.#life.over = true
    this.#life = null
    this.#agent = null
    this.#dying = null
    this.#network.cut()
    if (power) this.#losePower()
    this.#synced.clear()
  }

  copyJournal(): void {
    rmSync(`${this.folder.journal}-copy`, { recursive: true, force: true })
    cpSync(this.folder.journal, `${this.folder.journal}-copy`, { recursive: true })
  }

  /** The last number in the copy; null when there is none. */
  copiedSeq(): number | null {
    const copy = `${this.folder.journal}-copy`
    if (!existsSync(copy)) return null
    const names = readdirSync(copy).filter(name => name.endsWith('.jsonl'))
    const numbers = names.flatMap(name => readFileSync(join(copy, name), 'utf8').match(/(?<="seq":)\d+/g) ?? [])
    return Math.max(0, ...numbers.map(Number))
  }

  /** The journal is as it was when it was copied. */
  putJournalBack(): void {
    this.crash(false)
    rmSync(this.folder.journal, { recursive: true })
    cpSync(`${this.folder.journal}-copy`, this.folder.journal, { recursive: true })
  }

  dieAt(step: AgentStep, countdown: number, power: boolean): void {
    if (this.#life) this.#dying = { step, countdown, power }
  }

  /** It is not to die any more. */
  disarm(): void {
    this.#dying = null
  }

  close(): void {
    this.crash(false)
    lives.clear()
    rmSync(this.folder.path, { recursive: true, force: true })
  }

  /** Whether the process dies at this step. It is dead at once, also for whoever has called. */
  #dies(life: Life, step: AgentStep): boolean {
    if (life.over) return true
    if (this.#dying?.step !== step || --this.#dying.countdown > 0) return false
    this.crash(this.#dying.power)
    return true
  }

  async #step(life: Life, step: AgentStep): Promise<void> {
    if (this.#dies(life, step)) await new Promise(() => {})
  }

  #files(life: Life): JournalFiles {
    return {
      write: (fd, bytes, from, position) => {
        // A dead process writes nothing, and never learns it.
        if (life.over) return bytes.length - from
        return writeSync(fd, bytes, from, bytes.length - from, position)
      },
      sync: async fd => {
        await this.#step(life, 'journal written')
        if (!this.skipSync) this.#synced.set(fstatSync(fd).ino, fstatSync(fd).size)
        await this.#step(life, 'journal synced')
      },
      truncate: (fd, size) => {
        if (!life.over) ftruncateSync(fd, size)
      },
    }
  }

  /** Of each file of the journal only what this life has synced is left, or what was there before it. */
  #losePower(): void {
    for (const name of readdirSync(this.folder.journal)) {
      if (!name.endsWith('.jsonl')) continue
      const fd = openSync(join(this.folder.journal, name), 'r+')
      const { ino, size } = fstatSync(fd)
      const kept = this.#synced.get(ino) ?? this.#atStart.get(ino) ?? 0
      if (kept < size) ftruncateSync(fd, kept)
      closeSync(fd)
    }
  }

  /** What is there at a start is synced when the journal is opened. */
  #noteSizes(): void {
    this.#atStart.clear()
    for (const name of readdirSync(this.folder.journal)) {
      const { ino, size } = statSync(join(this.folder.journal, name))
      this.#atStart.set(ino, size)
    }
  }
}

/** No two lives share an address, whichever world they belong to. */
let livesSoFar = 0
const BOOTED_AT = Date.parse('2026-01-13T00:00:00Z')
