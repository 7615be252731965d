import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Database } from '../../src/main/db/database.ts'
import type { GivenOf } from '../../src/shared/operations/index.ts'
import { Agents } from './agents.ts'
import { pause } from './app.ts'
import { BenchHub } from './hub-client.ts'
import { describeMachine, type Machine } from './machine.ts'
import { percentile, rounded } from './numbers.ts'
import type { LoopDelay } from './process.ts'
import { seedFolder, withDatabase } from './seed.ts'
import { seedQueue } from './seed-messages.ts'
import type { Run, Table } from './types.ts'

export interface DispatchOptions {
  readonly messages: number
  readonly phones: number
  /** How many wait in the queue; no more than are sent when 0. */
  readonly queued: number
  /** 1: the peer is measured in the same run where it can be. */
  readonly peer: number
}

export interface DispatchResult {
  readonly benchmark: 'dispatch'
  readonly messages: number
  readonly phones: number
  readonly queued: number
  /** Messages a second from the start of the campaign to the last one sent. */
  readonly perSecond: number
  /** The same between the first tenth and the last: without the start, and without the wait for the last proof. */
  readonly perSecondInBetween: number
  /** The gateway Kannel to its fake carrier in the same run; null: it cannot run here, or was left out. */
  readonly peerPerSecond: number | null
  /** Above 1 ours sends more. */
  readonly ratioToPeer: number | null
  readonly seconds: number
  readonly commitsPerMessage: number
  readonly assignedToSentP50Ms: number
  readonly assignedToSentP99Ms: number
  readonly hub: { readonly cpuSeconds: number; readonly peakMB: number; readonly delay: LoopDelay }
  readonly agents: { readonly cpuSeconds: number; readonly peakMB: number; readonly onMemoryDisk: boolean }
  /** Processor time of hub and agents together, in µs. */
  readonly cpuPerMessageUs: number
  readonly states: Readonly<Record<string, number>>
  readonly machine: Machine
}

/** No limits to speak of: what a phone and its carrier allow is far below what is measured here. */
const SETTINGS: GivenOf<'settings.update'> = {
  limits: { windows: [{ segments: 1_000_000, windowMs: 60_000 }], recipientsPerMonth: null, pauseMs: [0, 0] },
  hours: { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false },
  pollSeconds: { active: 0.5, idle: 1 },
  proofSeconds: 30,
}
const TEMPLATE = 'Hi {{ first_name | default: "there" }}, our market opens on Saturday at 9. Reply STOP to opt out.'

export async function dispatchBenchmark(options: DispatchOptions, run: Run): Promise<DispatchResult> {
  const { messages, phones } = options
  const machine = describeMachine(run.folder)
  const peer = options.peer > 0 ? await peerPerSecond(messages, run) : null
  const data = join(run.folder, 'data')
  const queued = Math.max(options.queued, messages)
  run.say(`Making ${queued} contacts`)
  await seedFolder(data, queued, Date.now())
  if (options.queued > 0) run.say(`Queueing ${queued} messages`)
  const seeded = options.queued > 0 ? withDatabase(data, db => seedQueue(db, queued, TEMPLATE, Date.now())) : null

  const hub = await BenchHub.start(run.folder, data)
  let agents: Agents | null = null
  try {
    await hub.call('settings.update', SETTINGS)
    run.say(`Starting ${phones} agents`)
    agents = await Agents.start(hub, phones)
    const campaign = seeded ?? (await draft(hub))
    const before = { hub: await hub.stats(), agents: agents.usage() }
    run.say('Sending')
    const began = Date.now()
    if (seeded !== null) await hub.call('campaigns.resume', { id: campaign })
    else await hub.call('campaigns.start', { id: campaign })
    const course = await follow(hub, campaign, messages, began)
    const after = { hub: await hub.stats(), agents: agents.usage() }
    const { states } = await hub.call('campaigns.progress', { id: campaign })
    await agents.stop()
    await hub.stop()

    const { waits, seconds } = withDatabase(data, db => readWaits(db, messages, began))
    const agentCpu = sum(after.agents, one => one.cpuSeconds) - sum(before.agents, one => one.cpuSeconds)
    const hubCpu = after.hub.cpuSeconds - before.hub.cpuSeconds
    const perSecond = rounded(messages / seconds)
    return {
      benchmark: 'dispatch',
      ...{ messages, phones, queued, perSecond },
      perSecondInBetween: inBetween(course, messages),
      peerPerSecond: peer,
      ratioToPeer: peer === null ? null : rounded(perSecond / peer),
      seconds: rounded(seconds),
      commitsPerMessage: rounded((after.hub.commits - before.hub.commits) / messages),
      assignedToSentP50Ms: percentile(waits, 50),
      assignedToSentP99Ms: percentile(waits, 99),
      hub: { cpuSeconds: rounded(hubCpu), peakMB: after.hub.peakMB, delay: after.hub.delay },
      agents: {
        cpuSeconds: rounded(agentCpu),
        peakMB: Math.max(...after.agents.map(one => one.peakMB)),
        onMemoryDisk: agents.memoryDisk,
      },
      cpuPerMessageUs: rounded(((agentCpu + hubCpu) / messages) * 1e6),
      states,
      machine,
    }
  } finally {
    await agents?.stop()
    await hub.stop()
  }
}

export function dispatchTable(result: DispatchResult): Table {
  const { hub, agents, messages } = result
  const perMessage = (seconds: number) => rounded((seconds / messages) * 1e6)
  return {
    columns: ['figure', 'value'],
    rows: [
      ['messages sent, of queued', `${messages} of ${result.queued}`],
      ['phones', result.phones],
      ['messages a second, start to last proof', result.perSecond],
      ['the same without the first and last tenth', result.perSecondInBetween],
      ['in ten hours', Math.round(result.perSecond * 36_000)],
      ['phones with 100 messages an hour that it keeps busy', Math.floor((result.perSecond * 3_600) / 100)],
      ['Kannel to its fake carrier, same run', result.peerPerSecond ?? 'cannot run here'],
      ['ours to Kannel', result.ratioToPeer ?? '-'],
      ['commits a message', result.commitsPerMessage],
      ['assigned to proved, ms (half, 99 of 100)', `${result.assignedToSentP50Ms}, ${result.assignedToSentP99Ms}`],
      ['processor time a message, µs (hub, agents)', `${perMessage(hub.cpuSeconds)}, ${perMessage(agents.cpuSeconds)}`],
      ['memory at most, MB (hub, an agent)', `${hub.peakMB}, ${agents.peakMB}`],
      ['delay of the main thread, ms (half, 99 of 100, most)', `${hub.delay.p50}, ${hub.delay.p99}, ${hub.delay.max}`],
    ],
  }
}

async function draft(hub: BenchHub): Promise<number> {
  const { id } = await hub.call('campaigns.create', { name: 'Bench', template: TEMPLATE })
  return id
}

/** How many were sent after how many ms, until all are. Throws when nothing moves for a minute. */
async function follow(
  hub: BenchHub,
  campaign: number,
  messages: number,
  began: number,
): Promise<{ sent: number; ms: number }[]> {
  const course: { sent: number; ms: number }[] = []
  let moved = Date.now()
  for (;;) {
    const { states, state } = await hub.call('campaigns.progress', { id: campaign })
    const sent = states.sent ?? 0
    if (sent !== course.at(-1)?.sent) {
      moved = Date.now()
      course.push({ sent, ms: moved - began })
    }
    if (sent >= messages) return course
    if (state === 'paused') throw new Error('The campaign was paused.')
    if (Date.now() - moved > 60_000) throw new Error(`Nothing moves any more: ${JSON.stringify(states)}`)
    await pause(50)
  }
}

function inBetween(course: readonly { sent: number; ms: number }[], messages: number): number {
  const first = course.find(point => point.sent >= messages * 0.1)
  const last = course.findLast(point => point.sent <= messages * 0.9)
  if (!first || !last || last.ms <= first.ms) return 0
  return rounded(((last.sent - first.sent) / (last.ms - first.ms)) * 1000)
}

/** From assignment to proof of the first so many that were proved, in ms, and when the last of them was, in s. */
function readWaits(db: Database, messages: number, began: number): { waits: number[]; seconds: number } {
  const rows = db.all<{ wait: number; at: number }>(
    `SELECT settled_at - assigned_at AS wait, settled_at AS at FROM messages WHERE state = 'sent' ORDER BY settled_at LIMIT ?`,
    messages,
  )
  return { waits: rows.map(row => row.wait), seconds: (rows.at(-1)!.at - began) / 1000 }
}

/** Runs the peer, where its script lies beside the project and can run. */
async function peerPerSecond(messages: number, run: Run): Promise<number | null> {
  const tool = fileURLToPath(new URL('../../../shared/tools/peer-kannel', import.meta.url))
  if (!existsSync(tool)) return null
  run.say('Measuring Kannel')
  try {
    const { stdout } = await promisify(execFile)(tool, [String(messages)], { timeout: 300_000 })
    return (JSON.parse(stdout.trim().split('\n').at(-1)!) as { perSecond: number }).perSecond
  } catch (error) {
    run.say(`Kannel could not be measured: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    return null
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
