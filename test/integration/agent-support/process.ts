import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createPhone, type Phone, type PhoneOptions } from '../../../phone-agent/simulator/phone.ts'
import { FakeHub } from './fake-hub.ts'

const MAIN = fileURLToPath(new URL('../../../phone-agent/src/main.ts', import.meta.url))

/** A finished command of the agent. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** A command of the agent that runs as its own process. */
export class AgentProcess {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  stdout = ''
  stderr = ''

  constructor(args: readonly string[], env: Record<string, string | undefined>) {
    this.child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.on('data', data => {
      this.stdout += String(data)
    })
    this.child.stderr?.on('data', data => {
      this.stderr += String(data)
    })
    this.ended = once(this.child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }))
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }
}

/** A simulated phone with the real agent on it, and a hub in this process. */
export class World {
  readonly hub: FakeHub
  readonly phone: Phone
  readonly #running = new Set<AgentProcess>()

  private constructor(hub: FakeHub, phone: Phone) {
    this.hub = hub
    this.phone = phone
  }

  static async make(dir: string, options: PhoneOptions = {}): Promise<World> {
    return new World(await FakeHub.start(), createPhone(dir, options))
  }

  /** Runs a command of the agent on the phone. */
  agent(args: readonly string[], env: Record<string, string> = {}): AgentProcess {
    const started = new AgentProcess(args, { ...this.phone.env, ...env })
    this.#running.add(started)
    void started.ended.then(() => this.#running.delete(started))
    return started
  }

  async pair(...args: string[]): Promise<Ended> {
    return this.agent(['pair', this.hub.link, ...args]).ended
  }

  /** How often each body left the phone. */
  left(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { body } of this.phone.radioLog()) counts.set(body, (counts.get(body) ?? 0) + 1)
    return counts
  }

  async end(): Promise<void> {
    await Promise.all([...this.#running].map(one => one.kill()))
    await this.hub.down()
    this.phone.close()
  }
}
