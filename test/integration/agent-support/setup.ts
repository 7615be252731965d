import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { Agent } from '../../../phone-agent/src/agent.ts'
import type { Clock } from '../../../phone-agent/src/clock.ts'
import { type Folder, folderOf, readConfig, readEnvironment } from '../../../phone-agent/src/config.ts'
import type { JournalFiles } from '../../../phone-agent/src/journal-files.ts'
import { pair } from '../../../phone-agent/src/pair.ts'
import type { Assign } from '../../../src/shared/phone-protocol.ts'
import { FakeHub } from './fake-hub.ts'
import { FakePhone } from './fake-phone.ts'

/** The real clocks, with a hand on them. */
export class TestClock implements Clock {
  wallStep = 0
  passedMs = 0
  wall = () => Date.now() + this.wallStep + this.passedMs
  mono = () => performance.now() + this.passedMs
  up = () => Math.round(performance.now()) + 1_000_000 + this.passedMs
  /** Lets time pass for the agent. */
  pass(ms: number): void {
    this.passedMs += ms
  }
}

export interface Bench {
  readonly hub: FakeHub
  readonly phone: FakePhone
  readonly clock: TestClock
  readonly folder: Folder
  readonly log: string[]
  agent: Agent
  start(files?: JournalFiles): Promise<Agent>
}

/** A folder that is gone after the test. */
export function temporary(finished: (work: () => void) => void = onTestFinished): string {
  const dir = mkdtempSync(join(tmpdir(), 'agent-'))
  // Commands of a killed agent may still be writing.
  finished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  return dir
}

export async function startHub(): Promise<FakeHub> {
  const hub = await FakeHub.start()
  onTestFinished(() => hub.down())
  return hub
}

/** A paired agent in this process that works for a hub, with everything at hand. */
export async function bench(prepare: (parts: { phone: FakePhone; hub: FakeHub }) => void = () => {}): Promise<Bench> {
  const hub = await startHub()
  const phone = new FakePhone()
  const clock = new TestClock()
  const environment = { ...readEnvironment({}), home: temporary() }
  const folder = folderOf(environment, undefined)
  const log: string[] = []
  const write = (_level: string, event: string, text: string): void => void log.push(`${event}: ${text}`)
  prepare({ phone, hub })
  await pair(hub.link, { folder, commands: phone, clock, log: write, name: 'Test', slots: null })
  const start = async (files?: JournalFiles): Promise<Agent> => {
    const agent = await Agent.start({
      folder,
      config: readConfig(folder)!,
      environment,
      commands: phone,
      log: write,
      clock,
      ...(files && { files }),
    })
    made.agent = agent
    onTestFinished(() => agent.stop())
    return agent
  }
  const made = { hub, phone, clock, folder, log, start } as Bench
  return made
}

/** The same, running and connected. */
export async function running(prepare?: Parameters<typeof bench>[0]): Promise<Bench> {
  const made = await bench(prepare)
  await made.start()
  await until(() => made.hub.status !== null)
  return made
}

/** Waits until something holds, and fails with what it says otherwise. */
export function until(holds: () => boolean, timeout = 10_000): Promise<void> {
  return vi.waitFor(
    () => {
      if (!holds()) throw new Error(`still not so after ${timeout} ms: ${holds.toString()}`)
    },
    { timeout, interval: 10 },
  )
}

let made = 0

export function order(some: Partial<Assign> = {}): Assign {
  made++
  return {
    id: `m${made}`,
    assignment: 1,
    slot: 0,
    number: `+1415555${String(made).padStart(4, '0')}`,
    body: `Hello ${made}`,
    segments: 1,
    notAfter: Date.now() + 3_600_000,
    kind: 'campaign',
    ...some,
  }
}
