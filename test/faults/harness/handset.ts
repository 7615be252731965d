import { randomUUID } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createPhone, type Phone, type PhoneOptions } from '../../../phone-agent/simulator/phone.ts'
import { Program, type ProgramEnd, runProgram } from './program.ts'
import { TcpProxy } from './proxy.ts'
import type { Random } from './random.ts'
import { Turn } from './wait.ts'

export interface HandsetSetup {
  readonly name: string
  readonly root: string
  readonly agentFile: string
  readonly simulatorFile: string
  readonly hubPort: number
  readonly random: Random
  /** Share of the frames that are delivered twice. */
  readonly twice: number
  readonly phone: PhoneOptions
  readonly onEnd: (end: ProgramEnd) => void
}

/** A month: how long ago each phone believes to have been paired, so that clocks can be set back. */
const PAIRED_AGO_MS = 30 * 86_400_000

/** A phone of the run: the simulated device, the agent on it, and the network between it and the hub. */
export class Handset {
  readonly name: string
  readonly sim: Phone
  readonly dir: string
  readonly proxy: TcpProxy
  readonly program: Program
  readonly turn = new Turn()
  readonly #setup: HandsetSetup
  #boot: string = randomUUID()
  #bootedAtUptime = 0
  #starts = 0
  /** Its id in the hub; another one after it was paired again. */
  phoneId = 0

  constructor(setup: HandsetSetup) {
    this.#setup = setup
    this.name = setup.name
    this.dir = join(setup.root, setup.name)
    mkdirSync(this.dir, { recursive: true })
    this.sim = createPhone(this.dir, { mainFile: setup.simulatorFile, node: process.execPath, ...setup.phone })
    for (const command of ['termux-sms-send', 'termux-sms-list']) this.#logCalls(command)
    this.proxy = new TcpProxy(setup.hubPort)
    this.program = new Program(setup.name, join(setup.root, `${setup.name}.log`), setup.onEnd)
  }

  get home(): string {
    return join(this.dir, 'home', '.campaign-connector-agent')
  }

  get journal(): string {
    return join(this.home, 'journal')
  }

  get linkLog(): string {
    return join(this.dir, 'link.log')
  }

  /** One line for the start and the end of each call of the two commands that matter. */
  get callLog(): string {
    return join(this.dir, 'calls.log')
  }

  start(dieAt: string | null = null): void {
    const env = this.#environment()
    if (dieAt !== null) Object.assign(env, { CC_AGENT_TEST: '1', CC_AGENT_DIE_AT: dieAt })
    this.#noteWhatIsThere()
    this.program.start([this.#setup.agentFile, 'run'], env)
  }

  /** A command of the agent, to its end. */
  command(...args: string[]): Promise<{ status: number | null; text: string }> {
    return runProgram([this.#setup.agentFile, ...args], this.#environment())
  }

  async pair(link: string): Promise<void> {
    const slots = this.sim.config().sims.map(sim => sim.slot)
    const { status, text } = await this.command('pair', link, '--slots', slots.join(','))
    if (status !== 0) throw new Error(`${this.name} could not be paired: ${text}`)
    for (const file of [join(this.home, 'config.json'), join(this.journal, 'hub.json')]) {
      const content = JSON.parse(readFileSync(file, 'utf8')) as { phone?: string; pairedAt: number }
      if (content.phone !== undefined) this.phoneId = Number(content.phone)
      content.pairedAt = Math.min(content.pairedAt, Date.now() - PAIRED_AGO_MS)
      writeFileSync(file, JSON.stringify(content), { mode: 0o600 })
    }
  }

  /** The phone loses its power: the agent, its commands and all that is not synced are gone, and it starts anew. */
  async losePower(): Promise<void> {
    const children = this.program.children()
    await this.program.end('SIGKILL')
    for (const pid of children) {
      try {
        process.kill(-pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
    const synced = this.#synced()
    for (const path of this.#journalFiles()) {
      const { ino, size } = statSync(path)
      const kept = synced.get(ino) ?? 0
      // Of what was not synced any part can be on the disk: nothing, the beginning of a line, or all of it.
      if (size > kept)
        truncateSync(path, kept + (this.#setup.random.chance(0.5) ? 0 : this.#setup.random.int(0, size - kept)))
    }
    this.#boot = randomUUID()
    this.#bootedAtUptime = uptime() - 20
  }

  copyJournal(to: string): void {
    rmSync(to, { recursive: true, force: true })
    if (existsSync(this.journal)) cpSync(this.journal, to, { recursive: true })
  }

  putJournal(from: string): void {
    rmSync(this.journal, { recursive: true, force: true })
    cpSync(from, this.journal, { recursive: true })
    this.#noteWhatIsThere(true)
  }

  async close(): Promise<void> {
    await this.proxy.close()
    this.sim.close()
    endCommandsOf(this.dir)
  }

  #environment(): NodeJS.ProcessEnv {
    this.#starts += 1
    const { envWithClock } = this.sim
    const setupFile = join(this.dir, 'setup.json')
    const preload = pathToFileURL(join(import.meta.dirname, 'agent-preload.mjs')).href
    const { hubPort, twice, random } = this.#setup
    writeFileSync(
      setupFile,
      JSON.stringify({
        hubPort,
        proxyPort: this.proxy.port,
        twice,
        seed: random.int(0, 2 ** 31),
        boot: this.#boot,
        bootedAtUptime: this.#bootedAtUptime,
        syncedFile: join(this.dir, 'synced.log'),
        linkLog: this.linkLog,
      }),
    )
    const NODE_OPTIONS = `${envWithClock['NODE_OPTIONS']} --import=${preload}`
    return { ...process.env, ...envWithClock, NODE_OPTIONS, CC_FAULTS_SETUP: setupFile }
  }

  /** Notes when each call began and ended, beside what the phone's own wrapper does. */
  #logCalls(command: string): void {
    const path = join(this.dir, 'usr/bin', command)
    const wrapper = readFileSync(path, 'utf8')
    const line = (mark: string) =>
      `printf '%s ${mark} %s ${command} %s\\n' "$EPOCHREALTIME" $$ "$*" >> '${this.callLog}'\n`
    writeFileSync(
      path,
      wrapper
        // A function, since `$$` in a replacement would be one `$`.
        .replace('#!/bin/sh\n', () => `#!/bin/bash\n${line('begin')}`)
        .replace(/^exec (.*)$/m, (_all, rest: string) => `${rest}\ncode=$?\n${line('end')}exit $code`),
    )
  }

  #journalFiles(): string[] {
    if (!existsSync(this.journal)) return []
    return readdirSync(this.journal)
      .filter(name => name.endsWith('.jsonl'))
      .map(name => join(this.journal, name))
  }

  /** How much of each file (by inode) is on the disk. */
  #synced(): Map<number, number> {
    const file = join(this.dir, 'synced.log')
    const found = new Map<number, number>()
    if (!existsSync(file)) return found
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const [ino, size] = line.split(' ').map(Number)
      if (ino && size !== undefined) found.set(ino, size)
    }
    return found
  }

  /** Files that somebody else put there count as synced. */
  #noteWhatIsThere(anew = false): void {
    const synced = this.#synced()
    for (const path of this.#journalFiles()) {
      const { ino, size } = statSync(path)
      if (anew || !synced.has(ino)) appendFileSync(join(this.dir, 'synced.log'), `${ino} ${size}\n`)
    }
  }
}

/** Commands of the simulated phone that hang outlive their agent, as on a real one. */
function endCommandsOf(dir: string): void {
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      if (words.some(word => word === dir || word.startsWith(`${dir}/usr/bin/termux-`)))
        process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}
