import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createPhone, type Phone, type PhoneOptions } from '../../phone-agent/simulator/phone.ts'
import { runNode, startNode } from '../../scripts/demo/process.ts'

const AGENT = resolve('out/phone-agent.mjs')
const SIMULATOR = resolve('out/phone-simulator.mjs')

/** A simulated phone with the real agent as its own process, both as they were built. */
export class SimulatedPhone {
  readonly phone: Phone
  readonly #folder: string
  #agent: ChildProcess | null = null

  /** `folder`: where the phone keeps everything. */
  constructor(folder: string, options: Partial<PhoneOptions> = {}) {
    this.#folder = folder
    const dir = join(folder, 'phone')
    mkdirSync(dir, { recursive: true })
    this.phone = createPhone(dir, {
      mainFile: SIMULATOR,
      sims: [{ slot: 0, subId: 1, carrier: 'Simulated One', country: 'us' }],
      faults: { gate: { segments: 100_000, windowMs: 60_000 } },
      ...options,
    })
  }

  /** What somebody does on the phone with the link that the hub shows, and then `run`. */
  async pair(link: string): Promise<void> {
    const env = { ...process.env, ...this.phone.env }
    await runNode([AGENT, 'pair', link], env)
    this.#agent = startNode([AGENT, 'run'], join(this.#folder, 'agent.log'), env)
  }

  async close(): Promise<void> {
    const agent = this.#agent
    if (agent && agent.exitCode === null && agent.signalCode === null) {
      const gone = new Promise<void>(done => agent.once('exit', () => done()))
      agent.kill('SIGTERM')
      await gone
    }
    this.phone.close()
  }
}
