import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PhoneOptions } from '../../../phone-agent/simulator/phone.ts'
import { act, type Scene } from './actions.ts'
import type { Programs } from './copy.ts'
import { Handset } from './handset.ts'
import { Hub, Refused } from './hub.ts'
import { Keeper } from './keeper.ts'
import { freePort } from './ports.ts'
import { Random } from './random.ts'
import type { Records } from './records.ts'
import { describeEvent, type FaultEvent, PHONES, type Plan } from './schedule.ts'
import { sleep, until, within } from './wait.ts'
import { Watcher } from './watcher.ts'
import { makeWorkload } from './workload.ts'

export interface RunOptions {
  readonly plan: Plan
  /** An empty folder on a real disk. */
  readonly root: string
  readonly programs: Programs
  readonly say: (line: string) => void
}

/** A run that has come to rest: nothing is running any more, and the databases can be compared. */
export interface Rested {
  readonly records: Records
  readonly hub: Hub
  /** From when on no process was killed any more. */
  readonly calmAt: number
}

/** Far above what a real phone may do. What is assigned ahead follows from it. */
const LIMITS = {
  windows: [{ segments: 25, windowMs: 10_000 }],
  recipientsPerMonth: null,
  pauseMs: [0, 20] as [number, number],
}
const ALL_DAY = { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false }
const WIDE_GATE = { segments: 100_000, windowMs: 60_000 }
const TICK_MS = 250
/** Without any progress for so long the next event happens all the same, and after the second time the next campaign begins. */
const STALL_MS = 4_000
const GIVE_UP_MS = 20_000
const SETTLE_MS = 240_000

/** Plays a plan from the first process to the last, and brings everything to rest. */
export async function playRun(options: RunOptions): Promise<Rested> {
  const { plan, root, programs, say } = options
  const random = Random.of(plan.seed, 'run')
  const port = await freePort()
  const workload = makeWorkload(plan.messages, plan.phases, plan.seed)
  const handset = (name: string, slots: number): Handset =>
    new Handset({
      name,
      root,
      agentFile: programs.agent,
      simulatorFile: programs.simulator,
      hubPort: port,
      random: Random.of(plan.seed, `phone ${name}`),
      twice: 0.05,
      phone: phoneOptions(plan.seed, name, slots),
      onEnd: end => keeper.agentEnded(name, end),
    })
  const handsets = [handset('a', 1), handset('b', 2)]
  for (const one of handsets) await one.proxy.listen()
  const records: Records = {
    plan,
    workload,
    handsets,
    startedAt: Date.now(),
    suppressed: new Map(),
    halted: new Map(),
    emptied: [],
    exchanged: [],
    erased: new Map(),
    forgotten: new Map(),
    counts: new Map(),
    broken: [],
    kills: 0,
  }
  const hub = new Hub({ root, file: programs.hub, port, clockOf: handsets[0]!.dir, onEnd: end => keeper.hubEnded(end) })
  const watcher = new Watcher(hub.database)
  const keeper = new Keeper({ hub, handsets, watcher, records, random: Random.of(plan.seed, 'keeper'), say })
  const scene: Scene = {
    root,
    hub,
    watcher,
    keeper,
    records,
    random,
    workload,
    say,
    spare: name => {
      const made = handset(name, 2)
      handsets.push(made)
      return made
    },
    phase: 0,
  }
  let calmAt = 0
  try {
    const played = async (): Promise<number> => {
      await setUp(scene, options)
      keeper.watch()
      await play(scene, plan, say)
      return settle(scene, say)
    }
    calmAt = await Promise.race([played(), keeper.hopeless])
  } finally {
    // Without a hub and without phones nobody could go on with anything.
    await keeper.stop()
    watcher.close()
    for (const one of handsets) await one.close()
  }
  return { records, hub, calmAt }
}

async function setUp({ hub, keeper, records, workload, root }: Scene, { plan, say }: RunOptions): Promise<void> {
  say('starting the hub')
  keeper.startHub()
  await until('The hub starts', () => hub.try('system.status', {}), 60_000)
  await hub.call('settings.update', {
    limits: LIMITS,
    hours: ALL_DAY,
    pollSeconds: { active: 0.4, idle: 1 },
    proofSeconds: 10,
    takeAllTexts: plan.seed % 2 === 0,
    backups: { keep: 3, daily: false },
  })
  for (const handset of records.handsets) {
    await keeper.pair(handset)
    keeper.startAgent(handset)
  }
  await until(
    'The phones connect',
    async () =>
      (await hub.call('phones.list', {})).phones.filter(one => one.connected && one.canProve).length >= PHONES.length
        ? true
        : null,
    60_000,
  )
  const path = join(root, 'people.csv')
  writeFileSync(path, workload.csv)
  const { id } = await hub.call('imports.start', {
    path,
    settings: {
      options: { defaultCountry: 'US', allowLandlines: true, consent: { source: 'test', wording: 'made up' } },
      mapping: { phones: ['phone'], firstName: 'first_name', tags: 'tags', attributes: { note: 'note' } },
    },
  })
  const imported = await until(
    'The import',
    async () => {
      const found = await hub.call('imports.get', { id })
      return found.state === 'running' ? null : found
    },
    60_000,
  )
  say(`imported ${imported.created} people (${imported.rejected} rejected)`)
  for (const { name, tag, template } of workload.campaigns) {
    await hub.call('campaigns.create', { name, template, audience: { tags: [tag] }, hours: ALL_DAY })
  }
}

async function play(scene: Scene, plan: Plan, say: (line: string) => void): Promise<void> {
  const waiting = [...plan.events]
  const running = new Set<Promise<void>>()
  const awaited = new Set<Promise<void>>()
  const fire = (event: FaultEvent): void => {
    say(`event ${describeEvent(event)}`)
    const began = Date.now()
    const work: Promise<void> = act(scene, event)
      .then(() => {
        if (Date.now() - began > 10_000) say(`event ${event.kind} took ${Math.round((Date.now() - began) / 1000)} s`)
      })
      .catch(error => say(`event ${event.kind} ended: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => {
        running.delete(work)
        awaited.delete(work)
      })
    running.add(work)
    const isAlone = event.kind === 'restore' || event.kind === 'isolate'
    if (event.at - Math.floor(event.at) > 0.95 || isAlone) awaited.add(work)
  }
  for (scene.phase = 0; scene.phase < plan.phases; scene.phase += 1) {
    let last = { progress: -1, at: Date.now() }
    let shown = -1
    for (;;) {
      await sleep(TICK_MS)
      await startCampaigns(scene)
      const done = progressOf(scene)
      if (done !== null && done !== last.progress) last = { progress: done, at: Date.now() }
      const still = Date.now() - last.at
      const at = scene.phase + (done ?? 0)
      while (waiting[0] && waiting[0].at <= at) fire(waiting.shift()!)
      if (Math.floor(at * 10) !== shown) {
        shown = Math.floor(at * 10)
        say(`${at.toFixed(2)} of ${plan.phases}: ${JSON.stringify(scene.watcher.states())}`)
      }
      const next = waiting[0]
      const leftHere = next !== undefined && next.at < scene.phase + 1
      if (leftHere && still > STALL_MS && awaited.size === 0) {
        fire(waiting.shift()!)
        last = { ...last, at: Date.now() - STALL_MS / 2 }
      }
      if (leftHere || awaited.size > 0) continue
      if ((done ?? 0) > 0.985 || still > GIVE_UP_MS) break
    }
  }
  await Promise.all(running)
}

/** Starts what should run by now: a restore can have made a draft of it again. */
async function startCampaigns({ hub, watcher, workload, phase, records }: Scene): Promise<void> {
  for (const campaign of watcher.campaigns() ?? []) {
    const planned = workload.campaigns.find(one => one.name === campaign.name)
    if (!planned || planned.phase > phase || campaign.state !== 'draft') continue
    try {
      await hub.try('campaigns.start', { id: campaign.id })
    } catch (error) {
      // A phone is away or not let in at the moment: it is tried again.
      if (!(error instanceof Refused)) throw error
      records.counts.set('start-refused', (records.counts.get('start-refused') ?? 0) + 1)
    }
  }
}

/** How much of the present campaign has been attempted or has ended, from 0 to 1. */
function progressOf({ watcher, workload, phase }: Scene): number | null {
  const campaigns = watcher.campaigns()
  const planned = workload.campaigns.find(one => one.phase === phase)!
  const campaign = campaigns?.find(one => one.name === planned.name)
  if (!campaign) return null
  if (campaign.state === 'completed' || campaign.state === 'cancelled') return 1
  if (campaign.state === 'draft' || !campaign.filled) return 0
  const ahead = watcher.ahead(campaign.id)
  const all = Object.values(campaign.counts).reduce((sum, count) => sum + count, 0)
  return all === 0 || ahead === null ? 0 : 1 - ahead / all
}

/** Takes every fault away, waits until nothing moves any more, and ends all processes in order. */
async function settle(scene: Scene, say: (line: string) => void): Promise<number> {
  const { hub, keeper, records, watcher } = scene
  say('settling')
  for (const handset of records.handsets) {
    handset.proxy.mode = { kind: 'pass' }
    handset.sim.permissions.grant('SEND_SMS', 'READ_SMS', 'READ_CONTACTS', 'READ_PHONE_STATE')
    handset.sim.setFaults({
      ...{ airplane: false, silentLoss: null, hang: null, leaveButHang: null, slow: null, permissionError: null },
      ...{ commandError: null, flipToFailed: null, noRow: null, lateRow: null, secondRow: null, rewriteBody: null },
      ...{ reusedId: null, gate: WIDE_GATE },
    })
    handset.sim.answerDialogs('allow')
  }
  // What was put off by a clock that ran ahead has to become due.
  hub.setClock(Math.max(hub.offsetMs, keeper.furthestClockMs))
  const rowsAreThere = (): boolean => records.handsets.every(one => one.sim.pending().every(row => row.type !== 2))
  await within(() => (rowsAreThere() ? true : null), 40_000, 500)
  await keeper.calm()
  const calmAt = Date.now()
  for (const campaign of (await hub.call('campaigns.list', { limit: 100 })).items) {
    if (campaign.state === 'paused') await hub.call('campaigns.resume', { id: campaign.id })
  }
  let last = ''
  const done = await within(
    async () => {
      await startCampaigns(scene)
      const states = watcher.states()
      const isRest =
        watcher.waiting() === 0 &&
        watcher.erasuresOpen() === 0 &&
        records.handsets.every(one => one.sim.pending().length === 0)
      const shown = JSON.stringify(states)
      if (!isRest && shown !== last) say(`settling: ${shown}`)
      last = shown
      return isRest ? true : null
    },
    SETTLE_MS,
    2_000,
  )
  if (!done) say('it did not come to rest')
  await lastReplies(scene)
  // Rows that came late are looked for once a minute.
  if (records.plan.messages >= 500) await sleep(Math.max(0, calmAt + 75_000 - Date.now()))
  await lastReplies(scene)
  return calmAt
}

/** Until no text has come into the hub for a while, and no confirmation waits. */
async function lastReplies({ watcher }: Scene): Promise<void> {
  let last = -1
  let since = Date.now()
  await within(
    () => {
      const count = watcher.inboundCount() ?? -1
      if (count !== last || watcher.waiting() !== 0) {
        last = count
        since = Date.now()
      }
      return Date.now() - since > 4_000 ? true : null
    },
    60_000,
    500,
  )
}

function phoneOptions(seed: number, name: string, slots: number): PhoneOptions {
  const sims = Array.from({ length: slots }, (_, slot) => ({
    slot,
    subId: slot + 1,
    number: `+1646555${name.charCodeAt(0)}${slot}`.slice(0, 12),
    carrier: `Carrier ${name}${slot}`,
    country: 'us',
  }))
  return {
    seed: seed * 31 + name.charCodeAt(0),
    sims,
    zone: 'America/New_York',
    rowDelayMs: [30, 400],
    people: {
      seed,
      replyShare: 0.25,
      stopShare: 0.2,
      wordingShare: 0.08,
      helpShare: 0.05,
      twiceShare: 0.15,
      startShare: 0.2,
      delayMs: [200, 6_000],
    },
    faults: {
      gate: WIDE_GATE,
      rewriteNumber: { share: 0.1 },
      secondRow: { share: 0.05 },
      rewriteBody: { share: 0.08, mode: (['trim', 'spaces', 'decompose'] as const)[seed % 3]! },
      lateRow: { share: 0.05, ms: [300, 4_000] },
      slow: { share: 0.02, ms: [100, 1_500], commands: ['termux-sms-send', 'termux-sms-list'] },
    },
  }
}
