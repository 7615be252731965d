import { statSync } from 'node:fs'
import { join } from 'node:path'
import { folderPaths } from '../../src/main/services/folder.ts'
import type { GivenOf } from '../../src/shared/operations/index.ts'
import { Agents } from './agents.ts'
import { pause } from './app.ts'
import { BenchHub } from './hub-client.ts'
import { describeMachine, type Machine } from './machine.ts'
import { percentile, rounded } from './numbers.ts'
import { seedFolder } from './seed.ts'
import { ALWAYS } from './seed-messages.ts'
import type { Run, Table } from './types.ts'

export interface SoakOptions {
  readonly minutes: number
  readonly phones: number
  /** Messages a second over all phones. */
  readonly rate: number
}

interface Sample {
  readonly second: number
  readonly hubMB: number
  readonly hubHandles: number
  readonly agentMB: number
  readonly agentHandles: number
  readonly walMB: number
  readonly loopP99Ms: number
}

/** How a figure was in the second quarter of the run, when everything is warm, and how in the last. */
export interface Course {
  readonly before: number
  readonly after: number
  readonly most: number
  readonly flat: boolean
}

export interface SoakResult {
  readonly benchmark: 'soak'
  readonly minutes: number
  readonly phones: number
  readonly sent: number
  readonly replies: number
  readonly optOuts: number
  readonly unknown: number
  readonly courses: Readonly<Record<keyof Omit<Sample, 'second'>, Course>>
  readonly flat: boolean
  readonly machine: Machine
}

const TEMPLATE = 'Hi {{ first_name | default: "there" }}, our market opens on Saturday at 9. Reply STOP to opt out.'
const SAMPLES = 80

/** Campaigns, replies and opt-outs for so many minutes, with a person who looks things up meanwhile. */
export async function soakBenchmark(options: SoakOptions, run: Run): Promise<SoakResult> {
  const { minutes, phones, rate } = options
  const machine = describeMachine(run.folder)
  const data = join(run.folder, 'data')
  const contacts = Math.ceil(minutes * 60 * rate) + 100
  run.say(`Making ${contacts} contacts`)
  await seedFolder(data, contacts, Date.now())
  const hub = await BenchHub.start(run.folder, data)
  let agents: Agents | null = null
  try {
    await hub.call('settings.update', settingsFor(rate / phones))
    agents = await Agents.start(hub, phones, { replyShare: 0.2, stopShare: 0.1, replyMs: 3_000 })
    const { id } = await hub.call('campaigns.create', { name: 'Soak', template: TEMPLATE, hours: ALWAYS })
    await hub.call('campaigns.start', { id })
    const samples = await sampleFor(minutes, { hub, agents, data, campaign: id }, run)
    const { states } = await hub.call('campaigns.progress', { id })
    const { texts, optOuts } = await hub.call('inbox.counts', {})
    const courses = coursesOf(samples)
    return {
      benchmark: 'soak',
      ...{ minutes, phones, sent: states.sent ?? 0, unknown: states.unknown ?? 0, replies: texts, optOuts, courses },
      flat: Object.values(courses).every(course => course.flat),
      machine,
    }
  } finally {
    await agents?.stop()
    await hub.stop()
  }
}

export function soakTable(result: SoakResult): Table {
  return {
    columns: ['figure', 'second quarter', 'last quarter', 'most', 'flat'],
    rows: Object.entries(result.courses).map(([name, { before, after, most, flat }]) => [
      NAMES[name as keyof typeof NAMES],
      before,
      after,
      most,
      flat ? 'yes' : 'no',
    ]),
  }
}

const NAMES: Record<keyof SoakResult['courses'], string> = {
  hubMB: 'memory of the hub, MB',
  hubHandles: 'open handles of the hub',
  agentMB: 'memory of an agent, MB',
  agentHandles: 'open handles of an agent',
  walMB: 'write-ahead log, MB',
  loopP99Ms: 'delay of the main thread, 99 of 100, ms',
}

function settingsFor(perSecond: number): GivenOf<'settings.update'> {
  const segments = Math.max(1, Math.round(perSecond * 60))
  return {
    limits: {
      windows: [{ segments, windowMs: 60_000 }],
      recipientsPerMonth: null,
      pauseMs: [0, Math.round(1000 / perSecond)],
    },
    hours: ALWAYS,
    pollSeconds: { active: 1, idle: 1 },
    proofSeconds: 60,
  }
}

interface Watched {
  readonly hub: BenchHub
  readonly agents: Agents
  readonly data: string
  readonly campaign: number
}

async function sampleFor(minutes: number, watched: Watched, run: Run): Promise<Sample[]> {
  const samples: Sample[] = []
  const began = performance.now()
  const length = minutes * 60_000
  const every = Math.max(250, length / SAMPLES)
  while (performance.now() - began < length) {
    await pause(every)
    await lookAround(watched)
    samples.push(await sampleOf(watched, (performance.now() - began) / 1000))
    const { hubMB, walMB, second } = samples.at(-1)!
    if (samples.length % 10 === 0) run.say(`${Math.round(second)} s: hub ${hubMB} MB, write-ahead log ${walMB} MB`)
  }
  return samples
}

/** What somebody with the window open would ask meanwhile. */
async function lookAround({ hub, campaign }: Watched): Promise<void> {
  await hub.call('campaigns.progress', { id: campaign })
  await hub.call('contacts.search', { search: 'ad', limit: 50 })
  const { items } = await hub.call('inbox.threads', { limit: 50 })
  if (items[0]) {
    await hub.call('inbox.thread', { id: items[0].id })
    await hub.call('inbox.mark-read', { threadId: items[0].id })
  }
}

async function sampleOf({ hub, agents, data }: Watched, second: number): Promise<Sample> {
  const stats = await hub.stats()
  const each = agents.usage()
  return {
    second: rounded(second),
    hubMB: stats.rssMB,
    hubHandles: stats.handles,
    agentMB: Math.max(...each.map(one => one.rssMB)),
    agentHandles: Math.max(...each.map(one => one.handles)),
    walMB: rounded((statSync(`${folderPaths(data).database}-wal`, { throwIfNoEntry: false })?.size ?? 0) / 2 ** 20),
    loopP99Ms: stats.delay.p99,
  }
}

/** What may be more at the end without anything growing: caches that fill, a garbage collection that is due. */
const ALLOWED = { hubMB: 40, hubHandles: 3, agentMB: 40, agentHandles: 3, walMB: 5, loopP99Ms: 10 } as const

function coursesOf(samples: readonly Sample[]): SoakResult['courses'] {
  const quarter = Math.max(1, Math.floor(samples.length / 4))
  const middle = (part: readonly Sample[], key: keyof typeof ALLOWED) =>
    percentile(
      part.map(sample => sample[key]),
      50,
    )
  const course = (key: keyof typeof ALLOWED): Course => {
    const before = middle(samples.slice(quarter, 2 * quarter), key)
    const after = middle(samples.slice(-quarter), key)
    const most = Math.max(0, ...samples.map(sample => sample[key]))
    return { before, after, most, flat: after - before <= ALLOWED[key] }
  }
  const keys = Object.keys(ALLOWED) as (keyof typeof ALLOWED)[]
  return Object.fromEntries(keys.map(key => [key, course(key)])) as SoakResult['courses']
}
