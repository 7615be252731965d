import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../phone-agent/src/clock.ts'
import { folderOf, readEnvironment } from '../../phone-agent/src/config.ts'
import { pair } from '../../phone-agent/src/pair.ts'
import { until } from './app.ts'
import type { BenchHub } from './hub-client.ts'
import benchPhone, { type PhonePlan } from './phone-module.ts'
import { type Usage, usageOf } from './process.ts'
import { nodeArguments } from './programs.ts'

const AGENT = fileURLToPath(new URL('../../phone-agent/src/main.ts', import.meta.url))
const PHONE = fileURLToPath(new URL('./phone-module.ts', import.meta.url))

/**
 * Real agents, a process each, on phones of `phone-module.ts`. Their folders are on a memory disk where there is one: in
 * life each phone has a disk of its own, and what is measured here is the hub.
 */
export class Agents {
  readonly #folder: string
  readonly #running: ChildProcess[] = []
  readonly memoryDisk: boolean

  private constructor(folder: string, memoryDisk: boolean) {
    this.#folder = folder
    this.memoryDisk = memoryDisk
  }

  /** Pairs so many and starts them; returns once the hub sees them all. */
  static async start(hub: BenchHub, phones: number, plan: Partial<PhonePlan> = {}): Promise<Agents> {
    const memoryDisk = existsSync('/dev/shm')
    const agents = new Agents(mkdtempSync(join(memoryDisk ? '/dev/shm' : tmpdir(), 'cc-agents-')), memoryDisk)
    try {
      for (let phone = 0; phone < phones; phone += 1) await agents.#add(hub, phone, plan)
      await until('The phones connect', 120, async () => {
        const { phones: list } = await hub.call('phones.list', {})
        return list.filter(one => one.connected && one.canProve && one.status !== null).length === phones ? true : null
      })
      return agents
    } catch (error) {
      await agents.stop()
      throw error
    }
  }

  get pids(): number[] {
    return this.#running.map(child => child.pid!)
  }

  usage(): Usage[] {
    return this.pids.map(pid => usageOf(pid))
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#running.splice(0).map(async child => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
        await gone
        clearTimeout(timer)
      }),
    )
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #add(hub: BenchHub, phone: number, plan: Partial<PhonePlan>): Promise<void> {
    const dir = join(this.#folder, `phone-${phone}`)
    mkdirSync(dir)
    const { link } = await hub.call('phones.pair', { name: `Phone ${phone + 1}` })
    const folder = folderOf(readEnvironment({ HOME: dir }), dir)
    await pair(link, { folder, commands: benchPhone(), clock: systemClock, log: () => {}, name: null, slots: null })
    const log = openSync(join(dir, 'agent.log'), 'a')
    const env = { ...process.env, HOME: dir, BENCH_PHONE: JSON.stringify({ seed: phone + 1, ...plan }) }
    const args = [...nodeArguments(), AGENT, 'run', '--dir', dir, '--phone-module', PHONE]
    this.#running.push(spawn(process.execPath, args, { env, stdio: ['ignore', log, log] }))
    closeSync(log)
  }
}
