import { FAULT_STEPS as AGENT_STEPS } from '../../../phone-agent/src/faults.ts'
import { FAULT_STEPS as HUB_STEPS } from '../../../src/main/services/faults.ts'
import { Random } from './random.ts'

/** The phones of a run: `a` has one SIM, `b` has two. */
export const PHONES = ['a', 'b'] as const
export type PhoneName = (typeof PHONES)[number]

/** One thing that goes wrong. `at`: the number of the campaign plus how much of it is done, from 0 up to its end. */
export interface FaultEvent {
  readonly at: number
  readonly kind: FaultKind
  readonly phone: PhoneName
  /** How long it lasts, in ms, where that matters. */
  readonly ms: number
  /** Steps at which the process dies when it has been started again, one after the other. */
  readonly steps: readonly string[]
  /** A number that the kind gives a meaning. */
  readonly value: number
}

export const FAULT_KINDS = [
  'kill-hub',
  'kill-agent',
  'kill-both',
  'lose-power',
  'freeze-hub',
  'freeze-agent',
  'cut',
  'delay',
  'hold',
  'half-open',
  'reorder',
  'refuse-connections',
  'isolate',
  'hang',
  'hang-after-leaving',
  'slow',
  'command-error',
  'silent-loss',
  'gate',
  'lose-permission',
  'unreadable-store',
  'airplane',
  'empty-store',
  'late-rows',
  'held-rows',
  'no-rows',
  'flip-to-failed',
  'pages',
  'reused-ids',
  'twin-by-hand',
  'twin-lost',
  'sim-swap',
  'journal-lost',
  'journal-other',
  'journal-copy-taken',
  'journal-old',
  'journal-copied',
  'pause-and-resume',
  'cancel',
  'stop-now',
  'stop-then-refused',
  'stop-late',
  'erase',
  'phone-clock',
  'hub-clock',
  'daylight-saving',
  'backup',
  'restore',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export interface Plan {
  readonly messages: number
  readonly kills: number
  readonly seed: number
  /** How many campaigns, one after the other. */
  readonly phases: number
  readonly events: readonly FaultEvent[]
}

/** What happens in a run, from its size and seed alone; kinds of events can be left out, and the rest stays as it is. */
export function planRun(messages: number, kills: number, seed: number, without: readonly string[] = []): Plan {
  const isShort = messages < 500
  const phases = isShort ? 2 : 5
  const random = Random.of(seed, 'schedule')
  const events = [
    ...killEvents(kills, phases, random),
    ...faultEvents(phases, isShort, random),
    // From a stream of their own, so that the rest of a seed stays what it was before there were any.
    ...erasureEvents(phases, isShort, Random.of(seed, 'erasures')),
  ]
  const wanted = events.filter(event => !without.includes(event.kind))
  return { messages, kills, seed, phases, events: wanted.sort((left, right) => left.at - right.at) }
}

/** A line for people, and the same in each run of the seed. */
export function describeEvent({ at, kind, phone, ms, steps, value }: FaultEvent): string {
  const parts = [at.toFixed(2).padStart(5), kind.padEnd(20), phone]
  if (ms > 0) parts.push(`${ms} ms`)
  if (value !== 0) parts.push(String(value))
  if (steps.length > 0) parts.push(`then ${steps.join(', ')}`)
  return parts.join('  ')
}

/** How often a process is killed by an event. */
export function killsOf({ kind, steps }: FaultEvent): number {
  if (kind === 'kill-both') return 2
  return kind === 'kill-hub' || kind === 'kill-agent' || kind === 'lose-power' ? 1 + steps.length : 0
}

/** Every step once before any comes again, and as many kills as were asked for. */
function killEvents(kills: number, phases: number, random: Random): FaultEvent[] {
  const events: FaultEvent[] = []
  let agentSteps: string[] = []
  let hubSteps: string[] = []
  const nextStep = (hub: boolean): string => {
    if (hub && hubSteps.length === 0) hubSteps = random.shuffled(HUB_STEPS)
    if (!hub && agentSteps.length === 0) agentSteps = random.shuffled(AGENT_STEPS)
    const step = (hub ? hubSteps : agentSteps).pop()!
    const often = hub || step === 'journal-write' || step === 'journal-synced' || step === 'events-sent'
    return `${step}:${random.int(1, often ? 25 : 4)}`
  }
  let left = kills
  while (left > 0) {
    const draw = random.next()
    const kind = draw < 0.35 ? 'kill-hub' : draw < 0.7 ? 'kill-agent' : draw < 0.85 ? 'lose-power' : 'kill-both'
    if (kind === 'kill-both' && left < 2) continue
    const chain = kind === 'kill-both' ? 0 : Math.min(left - 1, random.int(0, 2))
    const steps = Array.from({ length: chain }, () => nextStep(kind === 'kill-hub'))
    const event = make(random, kind, random.next() * (phases - 0.1), { steps })
    events.push(event)
    left -= killsOf(event)
  }
  return events
}

interface Wanted {
  readonly kind: FaultKind
  /** How often in a long run and in a short one. */
  readonly long: number
  readonly short: number
  /** When, where that is no matter of chance. */
  readonly at?: number
  readonly ms?: readonly [number, number]
  readonly values?: readonly number[]
}

const HOUR_MS = 3_600_000

const WANTED: readonly Wanted[] = [
  { kind: 'freeze-hub', long: 2, short: 0, ms: [1000, 6000] },
  { kind: 'freeze-agent', long: 2, short: 0, ms: [1000, 8000] },
  { kind: 'cut', long: 8, short: 2 },
  { kind: 'delay', long: 4, short: 1, ms: [2000, 6000], values: [50, 300, 1500] },
  { kind: 'hold', long: 4, short: 1, ms: [500, 5000] },
  { kind: 'half-open', long: 3, short: 1, ms: [1500, 8000] },
  { kind: 'reorder', long: 8, short: 2, values: [30, 300, 1500] },
  { kind: 'refuse-connections', long: 2, short: 0, ms: [1000, 6000] },
  { kind: 'hang', long: 2, short: 0 },
  { kind: 'hang-after-leaving', long: 2, short: 0 },
  { kind: 'slow', long: 3, short: 1, ms: [2000, 5000], values: [300, 1500] },
  { kind: 'command-error', long: 2, short: 0 },
  { kind: 'silent-loss', long: 3, short: 1 },
  { kind: 'gate', long: 1, short: 0, ms: [3000, 6000] },
  { kind: 'lose-permission', long: 1, short: 1, ms: [1000, 3000] },
  { kind: 'unreadable-store', long: 2, short: 0, ms: [1000, 5000] },
  { kind: 'airplane', long: 1, short: 0, ms: [1000, 2500] },
  { kind: 'late-rows', long: 3, short: 1, ms: [3000, 6000], values: [3000, 8000, 25_000] },
  { kind: 'held-rows', long: 3, short: 1, ms: [3000, 6000], values: [3000, 8000, 25_000] },
  { kind: 'no-rows', long: 3, short: 0 },
  { kind: 'flip-to-failed', long: 3, short: 1 },
  { kind: 'pages', long: 2, short: 1, ms: [3000, 8000] },
  { kind: 'reused-ids', long: 3, short: 1 },
  { kind: 'twin-by-hand', long: 8, short: 2 },
  // Texts that are twice the same go out at the very beginning.
  { kind: 'twin-lost', long: 1, short: 1, at: 0 },
  { kind: 'sim-swap', long: 2, short: 0 },
  { kind: 'pause-and-resume', long: 4, short: 1, ms: [500, 4000] },
  { kind: 'stop-now', long: 14, short: 4, values: [1, 2, 3] },
  { kind: 'stop-then-refused', long: 4, short: 1 },
  { kind: 'stop-late', long: 4, short: 1, ms: [1000, 6000] },
  { kind: 'phone-clock', long: 5, short: 2, values: [-2 * HOUR_MS, -HOUR_MS, HOUR_MS, 25 * HOUR_MS] },
  { kind: 'hub-clock', long: 3, short: 1, values: [-2 * HOUR_MS, -HOUR_MS, HOUR_MS, 2 * HOUR_MS] },
  { kind: 'daylight-saving', long: 2, short: 0 },
]

function faultEvents(phases: number, isShort: boolean, random: Random): FaultEvent[] {
  const events: FaultEvent[] = []
  for (const { kind, long, short, at, ms, values } of WANTED) {
    for (let n = isShort ? short : long; n > 0; n -= 1) {
      const drawn = random.next() * (phases - 0.15)
      events.push(
        make(random, kind, at ?? drawn, {
          ms: ms ? random.int(...ms) : 0,
          value: values ? random.pick(values) : 0,
        }),
      )
    }
  }
  // The rest comes once, and when little is with the phones: what their lost memory held stays unknown.
  const end = (phase: number): number => phase + 0.96
  if (isShort) {
    const lost = random.pick(['journal-lost', 'journal-other', 'journal-old'] as const)
    if (lost === 'journal-old') events.push(make(random, 'journal-copy-taken', 0.3, { phone: 'a' }))
    events.push(make(random, lost, end(0), { phone: 'a' }))
    events.push(make(random, 'backup', 0.3), make(random, 'restore', 1.5))
    return events
  }
  const [first, second] = random.shuffled(PHONES)
  events.push(make(random, 'journal-copy-taken', 0.4, { phone: first! }))
  events.push(make(random, 'journal-old', end(0), { phone: first!, value: random.int(0, 1) }))
  events.push(make(random, 'journal-lost', end(1), { phone: second! }))
  events.push(make(random, 'journal-other', end(2), { phone: first!, value: random.int(0, 1) }))
  events.push(make(random, 'journal-copied', end(3), { phone: second! }))
  events.push(make(random, 'empty-store', end(3), { phone: first! }))
  events.push(make(random, 'cancel', phases - 0.4))
  events.push(make(random, 'isolate', 2.2, { ms: 48_000 }))
  const backup = 1 + random.next() * 0.6
  events.push(make(random, 'backup', backup), make(random, 'restore', backup + 0.3 + random.next()))
  return events
}

/** People are erased: some to whom a text is on its way, and some while the phone dies at the steps of the change. */
function erasureEvents(phases: number, isShort: boolean, random: Random): FaultEvent[] {
  const deaths = ['journal-change:1', 'journal-changed:1', 'journal-change:2', 'journal-changed:2']
  const steps: string[][] = isShort
    ? [[], deaths.slice(0, 1), deaths.slice(1, 2)]
    : [[], [], [], ...deaths.map(one => [one])]
  return steps.map(one => make(random, 'erase', 0.2 + random.next() * (phases - 0.5), { steps: one }))
}

function make(random: Random, kind: FaultKind, at: number, rest: Partial<FaultEvent> = {}): FaultEvent {
  return { at, kind, phone: random.pick(PHONES), ms: 0, steps: [], value: 0, ...rest }
}
