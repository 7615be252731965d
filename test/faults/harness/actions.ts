import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Faults } from '../../../phone-agent/simulator/phone.ts'
import { Journal } from '../../../phone-agent/src/journal.ts'
import type { Handset } from './handset.ts'
import type { Hub } from './hub.ts'
import { close, type Keeper, open } from './keeper.ts'
import type { Random } from './random.ts'
import type { Records } from './records.ts'
import type { FaultEvent, FaultKind } from './schedule.ts'
import { sleep, until, within } from './wait.ts'
import type { Watcher } from './watcher.ts'
import type { Workload } from './workload.ts'

/** All that an event can get its hands on. */
export interface Scene {
  readonly root: string
  readonly hub: Hub
  readonly watcher: Watcher
  readonly keeper: Keeper
  readonly records: Records
  readonly random: Random
  readonly workload: Workload
  readonly say: (line: string) => void
  /** Makes another phone, without an agent on it. */
  readonly spare: (name: string) => Handset
  phase: number
}

type Action = (scene: Scene, event: FaultEvent, handset: Handset) => Promise<void>

/** Lets an event happen. Resolves when it is over. */
export async function act(scene: Scene, event: FaultEvent): Promise<void> {
  const handset = scene.records.handsets.find(one => one.name === event.phone)!
  scene.keeper.count(event.kind)
  await ACTIONS[event.kind](scene, event, handset)
}

const HELD = ['assigned', 'accepted', 'attempting', 'handed_over'] as const
const STOP_WORDS = ['STOP', 'Stop', 'stop.', 'UNSUBSCRIBE', 'Quit', 'STOP ALL'] as const
/** So many texts keep a slow phone busy for longer than a lease. */
const ENOUGH_TO_HOLD = 14
const WIDE_GATE = { segments: 100_000, windowMs: 60_000 }
/** So long it is waited for that the hub forgets a person: proof of what is on its way can take that. */
const ERASED_MS = 60_000
/** By then a phone has connected and is let in or refused, on the busiest computer, in ms. */
const NOTICE_MS = 90_000

const ACTIONS: Record<FaultKind, Action> = {
  'kill-hub': ({ keeper }, { steps }) => keeper.killHub(steps),
  'kill-agent': ({ keeper }, { steps }, handset) => keeper.killAgent(handset, steps),
  'kill-both': async ({ keeper }, _event, handset) => {
    await Promise.all([keeper.killHub([]), keeper.killAgent(handset, [])])
  },
  'lose-power': ({ keeper }, { steps }, handset) => keeper.killAgent(handset, steps, true),
  'freeze-hub': async ({ hub }, { ms }) => {
    hub.program.signal('SIGSTOP')
    await sleep(ms)
    hub.program.signal('SIGCONT')
  },
  'freeze-agent': async (_scene, { ms }, handset) => {
    handset.program.signal('SIGSTOP')
    await sleep(ms)
    handset.program.signal('SIGCONT')
  },

  cut: async (_scene, _event, { proxy }) => proxy.cut(),
  delay: async (_scene, { ms, value }, { proxy }) => {
    proxy.mode = { kind: 'delay', ms: value }
    await sleep(ms)
    proxy.mode = { kind: 'pass' }
  },
  hold: async (_scene, { ms }, { proxy }) => {
    proxy.mode = { kind: 'hold' }
    await sleep(ms)
    proxy.mode = { kind: 'pass' }
  },
  'half-open': async (_scene, { ms }, { proxy }) => {
    proxy.mode = { kind: 'swallow' }
    await sleep(ms)
    proxy.mode = { kind: 'pass' }
    proxy.cut()
  },
  reorder: async (_scene, { value }, { proxy }) => {
    proxy.mode = { kind: 'hold' }
    await sleep(250)
    proxy.reorder(value)
    proxy.mode = { kind: 'pass' }
  },
  'refuse-connections': async (_scene, { ms }, { proxy }) => {
    proxy.mode = { kind: 'refuse' }
    proxy.cut()
    await sleep(ms)
    proxy.mode = { kind: 'pass' }
  },
  isolate,

  hang: faultOnce({ hang: { count: 1 } }),
  'hang-after-leaving': faultOnce({ leaveButHang: { count: 1 } }),
  slow: async (_scene, { ms, value }, { sim }) => {
    sim.setFaults({ slow: { ms: [value / 2, value], commands: ['termux-sms-send', 'termux-sms-list'] } })
    await sleep(ms)
    sim.setFaults({ slow: null })
  },
  'command-error': faultOnce({ commandError: { count: 1 } }),
  'silent-loss': faultOnce({ silentLoss: { count: 1 } }),
  gate: async ({ random }, { ms }, { sim }) => {
    sim.setFaults({ gate: { segments: 8, windowMs: 20_000 } })
    await sleep(ms)
    sim.setFaults({ gate: WIDE_GATE })
    await sleep(random.int(500, 15_000))
    sim.answerDialogs(random.pick(['allow', 'deny']))
  },
  'lose-permission': async (_scene, { ms }, { sim }) => {
    sim.permissions.revoke('SEND_SMS')
    await sleep(ms)
    sim.permissions.grant('SEND_SMS')
  },
  'unreadable-store': async (_scene, { ms }, { sim }) => {
    sim.permissions.revoke('READ_SMS')
    await sleep(ms)
    sim.permissions.grant('READ_SMS')
  },
  airplane: async (_scene, { ms }, { sim }) => {
    sim.setFaults({ airplane: true })
    await sleep(ms)
    sim.setFaults({ airplane: false })
  },
  'empty-store': async ({ records }, _event, handset) => {
    handset.sim.factoryReset()
    records.emptied.push({ phone: handset.name, at: Date.now() })
  },
  'late-rows': async (_scene, { ms, value }, { sim }) => {
    sim.setFaults({ lateRow: { share: 0.5, ms: value } })
    await sleep(ms)
    sim.setFaults({ lateRow: null })
  },
  'held-rows': async (_scene, { ms, value }, { sim }) => {
    sim.setFaults({ lateRow: { share: 0.5, ms: value, held: true } })
    await sleep(ms)
    sim.setFaults({ lateRow: null })
  },
  'no-rows': faultOnce({ noRow: { count: 1 } }),
  'flip-to-failed': faultOnce({ flipToFailed: { count: 1, afterMs: [300, 4_000] } }),
  pages: async (_scene, { ms }, { sim }) => {
    sim.setFaults({ rewriteBody: { mode: 'pages' } })
    await sleep(ms)
    sim.setFaults({ rewriteBody: null })
  },
  'reused-ids': faultOnce({ reusedId: { count: 2 } }),
  'twin-by-hand': async ({ watcher, records, random }) => {
    for (const number of random.shuffled(watcher.numbersIn(HELD, 60))) {
      const text = watcher.textTo(number)
      const handset = text && records.handsets.find(one => one.phoneId === text.phoneId)
      if (!handset) continue
      handset.sim.ownerTexts({ to: number, body: text.body, slot: text.slot })
      return
    }
  },
  'twin-lost': async ({ records, workload }) => {
    for (const { sim } of records.handsets) sim.setFaults({ silentLoss: { share: 0.25, numbers: workload.twins } })
  },
  'sim-swap': async ({ random }, _event, { sim }) => {
    sim.swapSim(random.pick(sim.config().sims).slot)
  },

  'journal-lost': journalLost,
  'journal-other': journalOther,
  'journal-copy-taken': async ({ root }, _event, handset) => handset.copyJournal(join(root, `copy of ${handset.name}`)),
  'journal-old': journalOld,
  'journal-copied': journalCopied,

  'pause-and-resume': async (scene, { ms }) => {
    const campaign = await pausePresent(scene)
    if (!campaign) return
    await sleep(ms)
    close(scene.records.halted.get(campaign.name), Date.now())
    await scene.hub.call('campaigns.resume', { id: campaign.id })
  },
  cancel: async scene => {
    const campaign = presentCampaign(scene)
    if (!campaign) return
    await scene.hub.call('campaigns.cancel', { id: campaign.id })
    open(scene.records.halted, campaign.name, Date.now())
  },
  'stop-now': async (scene, { value }, handset) => {
    for (const number of pickNumbers(scene, value)) stopFrom(scene, handset, number)
  },
  'stop-then-refused': async (scene, _event, handset) => {
    handset.sim.permissions.revoke('SEND_SMS')
    await sleep(200)
    for (const number of pickNumbers(scene, 2)) stopFrom(scene, handset, number)
    await sleep(1_500)
    handset.sim.permissions.grant('SEND_SMS')
  },
  'stop-late': async (scene, { ms }, { sim }) => {
    const { random } = scene
    for (const from of pickNumbers(scene, 1)) {
      sim.receive({ from, body: random.pick(STOP_WORDS), lateMs: ms, idAssigned: random.pick(['early', 'late']) })
    }
  },
  erase,

  'phone-clock': async (_scene, { value }, { sim }) => sim.setClockOffset(value),
  'hub-clock': async ({ hub, keeper }, { value }) => {
    hub.setClock(value)
    keeper.furthestClockMs = Math.max(keeper.furthestClockMs, value)
  },
  /** The phone's clock stands 20 s before its hour comes a second time. */
  'daylight-saving': async (_scene, _event, { sim }) => {
    const next = ['2025-11-02', '2026-11-01', '2027-11-07', '2028-11-05', '2029-11-04', '2030-11-03']
      .map(day => Date.parse(`${day}T05:59:40Z`))
      .find(at => at > Date.now())
    if (next === undefined) throw new Error('The list of these days has come to its end: add years to it.')
    sim.setZone('America/New_York')
    sim.setClockOffset(next - Date.now())
  },
  backup: async ({ hub, keeper, root }) => {
    keeper.renewed.clear()
    await hub.call('backups.create', { path: join(root, 'backup.sqlite') })
  },
  restore,
}

/** Somebody is erased: with a step to die at one who has got a text, otherwise one to whom a text is on its way. */
async function erase(scene: Scene, { steps }: FaultEvent, handset: Handset): Promise<void> {
  const { hub, keeper, records, watcher, random, workload } = scene
  const isFree = (number: string): boolean => !records.erased.has(number) && !workload.twins.includes(number)
  const states = steps.length > 0 ? (['sent'] as const) : HELD
  const number = await within(() => random.shuffled(watcher.numbersIn(states, 400)).find(isFree) ?? null, 10_000)
  if (number === null) return
  if (steps.length > 0) await keeper.killAgent(handset, steps)
  /** What is compared afterwards is what the hub knew last. */
  const note = (): boolean => {
    const found = watcher.messagesTo(number)
    for (const { id, body, bodyHash } of found ?? []) {
      const before = records.forgotten.get(id)
      const known = { body: body ?? before?.body ?? null, bodyHash: bodyHash || (before?.bodyHash ?? null) }
      records.forgotten.set(id, { number, ...known })
    }
    return found?.length === 0
  }
  note()
  // From here on nobody else takes them; what is compared begins when the hub has said so.
  records.erased.set(number, Number.MAX_SAFE_INTEGER)
  await hub.call('person.erase', { number, confirm: number })
  records.erased.set(number, Date.now())
  if ((await within(() => (note() ? true : null), ERASED_MS)) === null) scene.say(`${number} is still being erased`)
}

function faultOnce(faults: Faults): Action {
  return async (_scene, _event, { sim }) => sim.setFaults(faults)
}

function pickNumbers({ watcher, random }: Scene, count: number): string[] {
  const held = random.shuffled(watcher.numbersIn(HELD, 200))
  const queued = random.shuffled(watcher.numbersIn(['queued'], 200))
  return [...held.slice(0, count), ...queued.slice(0, 1)]
}

function stopFrom({ random }: Scene, { sim }: Handset, from: string): void {
  const body = random.pick(STOP_WORDS)
  const { slot } = random.pick(sim.config().sims)
  sim.receive({ from, body, slot })
  if (random.chance(0.3)) sim.receive({ from, body, slot, atOffsetMs: random.int(0, 1_200) })
}

function presentCampaign({ watcher, workload, phase }: Scene): { id: number; name: string } | null {
  const { name } = workload.campaigns.find(one => one.phase === phase)!
  const found = watcher.campaigns()?.find(one => one.name === name)
  return found?.state === 'running' ? found : null
}

async function pausePresent(scene: Scene): Promise<{ id: number; name: string } | null> {
  const campaign = presentCampaign(scene)
  if (!campaign) return null
  await scene.hub.call('campaigns.pause', { id: campaign.id })
  open(scene.records.halted, campaign.name, Date.now())
  return campaign
}

/** A phone is cut off for longer than a lease, and meanwhile somebody whose text it holds says stop to the other one. */
async function isolate(scene: Scene, { ms }: FaultEvent, handset: Handset): Promise<void> {
  const { records, watcher } = scene
  const heldHere = (): string[] =>
    watcher.numbersIn(['accepted'], 400).filter(number => watcher.textTo(number)?.phoneId === handset.phoneId)
  // A phone with nothing in hand would prove nothing.
  await within(() => (heldHere().length >= ENOUGH_TO_HOLD ? true : null), 20_000)
  const held = heldHere()
  // So slowly that it still holds something when its lease ends.
  const each = Math.min(6_000, (0.8 * ms * handset.sim.config().sims.length) / Math.max(1, held.length))
  handset.sim.setFaults({ slow: { ms: [0.8 * each, each], commands: ['termux-sms-send'] } })
  scene.say(`${handset.name} is cut off with ${held.length} texts in hand`)
  handset.proxy.cutOff(true)
  const other = records.handsets.find(one => one !== handset)!
  for (const number of held.slice(-5)) stopFrom(scene, other, number)
  const campaign = await pausePresent(scene)
  await sleep(ms)
  handset.sim.setFaults({ slow: null })
  handset.proxy.cutOff(false)
  if (!campaign) return
  await sleep(3_000)
  close(records.halted.get(campaign.name), Date.now())
  await scene.hub.call('campaigns.resume', { id: campaign.id })
}

/** The folder of the journal is gone: the agent must not go on, and somebody pairs the phone anew. */
async function journalLost(scene: Scene, _event: FaultEvent, handset: Handset): Promise<void> {
  await trouble(scene, handset, async () => {
    rmSync(handset.journal, { recursive: true, force: true })
    const { status, text } = await handset.command('run')
    if (status === 0 || !/journal.*(gone|unpair)/i.test(text)) {
      scene.records.broken.push(`An agent without its journal went on: ${text.slice(-300)}`)
    }
    await pairAnew(scene, handset)
  })
}

/** Another, empty journal is in its place, as after a reset of the phone with a copy of the rest. */
async function journalOther(scene: Scene, { value }: FaultEvent, handset: Handset): Promise<void> {
  await trouble(scene, handset, async () => {
    const mark = join(handset.journal, 'hub.json')
    const kept = join(scene.root, 'hub.json')
    cpSync(mark, kept)
    rmSync(handset.journal, { recursive: true, force: true })
    mkdirSync(handset.journal, { recursive: true })
    const journal = Journal.create(handset.journal, { now: () => Date.now(), onLine: () => {} })
    await journal.close()
    cpSync(kept, mark)
    await refusedThenDecided(scene, handset, 'journal_changed', value === 0)
  })
}

/** The journal is as it was a while ago. */
async function journalOld(scene: Scene, { value }: FaultEvent, handset: Handset): Promise<void> {
  const copy = join(scene.root, `copy of ${handset.name}`)
  if (!existsSync(copy)) return
  await trouble(scene, handset, async () => {
    handset.putJournal(copy)
    await refusedThenDecided(scene, handset, 'journal_rolled_back', value === 0)
  })
}

/** All of the agent is copied to a second phone, which goes on first, and then the first one comes back. */
async function journalCopied(scene: Scene, _event: FaultEvent, handset: Handset): Promise<void> {
  const { keeper, records } = scene
  const spare = scene.spare(`${handset.name}2`)
  await spare.proxy.listen()
  await trouble(scene, handset, async () => {
    mkdirSync(join(spare.dir, 'home'), { recursive: true })
    cpSync(handset.home, spare.home, { recursive: true })
    spare.phoneId = handset.phoneId
    keeper.troubled.add(spare.name)
    keeper.startAgent(spare)
    // Two journals are two only once one of them has something of its own to tell.
    for (const from of pickNumbers(scene, 1)) spare.sim.receive({ from, body: 'Hello' })
    await sleep(6_000)
    keeper.startAgent(handset)
    const problem = await problemOf(scene, handset)
    if (problem === null) records.broken.push(`${handset.name} and its copy were both let in.`)
    await keeper.holdDown(spare)
    await keeper.holdDown(handset)
    await pairAnew(scene, handset)
  })
  spare.phoneId = 0
}

async function trouble({ keeper, records }: Scene, handset: Handset, work: () => Promise<void>): Promise<void> {
  await handset.turn.take(async () => {
    keeper.troubled.add(handset.name)
    keeper.renewed.add(handset.name)
    await keeper.holdDown(handset)
    records.exchanged.push({ phone: handset.name, at: Date.now() })
    try {
      await work()
    } finally {
      // Numbers of the entries begin anew, or go on from older ones.
      keeper.journalSince.set(handset.name, Date.now())
      if (!handset.program.runs) keeper.startAgent(handset)
      keeper.troubled.delete(handset.name)
    }
  })
}

async function problemOf({ watcher }: Scene, handset: Handset): Promise<string | null> {
  return within(() => watcher.phones()?.find(one => one.id === handset.phoneId)?.problem ?? null, NOTICE_MS)
}

async function refusedThenDecided(scene: Scene, handset: Handset, expected: string, accept: boolean): Promise<void> {
  const { hub, keeper, records } = scene
  keeper.startAgent(handset)
  const problem = await problemOf(scene, handset)
  if (problem !== expected) {
    const what = problem === null ? 'was not refused' : `was refused (${problem})`
    records.broken.push(`${handset.name} came with a journal that is not its own (${expected}) and ${what}.`)
  }
  await keeper.holdDown(handset)
  if (accept && problem !== null) {
    await hub.call('phones.accept-journal', { id: handset.phoneId })
    keeper.startAgent(handset)
    await until(
      'The accepted phone connects',
      async () =>
        (await hub.try('phones.list', {}))?.phones.some(one => one.id === handset.phoneId && one.connected)
          ? true
          : null,
      30_000,
    ).catch(error => records.broken.push(String(error)))
  } else await pairAnew(scene, handset)
}

/** What an admin does with a phone that cannot go on: revokes it, and pairs it again. */
async function pairAnew({ hub, keeper }: Scene, handset: Handset): Promise<void> {
  await hub.call('phones.revoke', { id: handset.phoneId })
  const { status, text } = await handset.command('unpair')
  if (status !== 0) throw new Error(`unpair failed: ${text}`)
  await keeper.pair(handset)
  keeper.startAgent(handset)
}

async function restore(scene: Scene): Promise<void> {
  const { hub, keeper, root, records, say } = scene
  const file = join(root, 'backup.sqlite')
  if (!existsSync(file)) throw new Error('there is no backup')
  await keeper.withoutHub(async () => {
    const { status, text } = await hub.command('backup', 'restore', file, '--yes')
    say(`restored: ${text.trim().split('\n').join(' ')}`)
    if (status !== 0) records.broken.push(`The restore failed: ${text.trim()}`)
  })
  await until('The restored hub answers', () => hub.try('system.status', {}), 60_000)
  for (const spans of [...records.suppressed.values(), ...records.halted.values()]) close(spans, Date.now())
  writeFileSync(join(root, 'restored'), String(Date.now()))
}
