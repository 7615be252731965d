import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BookkeepingFigures, BookkeepingOrder } from './bookkeeping-run.ts'
import type { ImportFigures, ImportOrder } from './import-ours.ts'
import { describeMachine, type Machine } from './machine.ts'
import { rounded } from './numbers.ts'
import { writeList } from './people.ts'
import { runScript } from './programs.ts'
import { fillFolder } from './queries.ts'
import type { QueriesFigures, QueriesOrder } from './queries-run.ts'
import { seedFolder, withDatabase } from './seed.ts'
import { seedQueue } from './seed-messages.ts'
import type { Run, Table } from './types.ts'

export interface GrowthOptions {
  /** The largest number of contacts and messages; a tenth and a hundredth of it are measured too. */
  readonly max: number
  /** The largest number of messages for dispatch bookkeeping and progress, likewise. */
  readonly messages: number
  readonly turns: number
}

/** What one thing costs at growing sizes. */
export interface Growth {
  readonly what: string
  readonly unit: string
  readonly sizes: readonly number[]
  readonly costs: readonly number[]
  /** Of the whole work: 1 is proportional to the size. For single questions 0 is: the same at every size. */
  readonly exponent: number
  readonly fasterThanNLogN: boolean
}

export interface GrowthResult {
  readonly benchmark: 'growth'
  readonly growth: readonly Growth[]
  readonly fasterThanNLogN: readonly string[]
  readonly machine: Machine
}

const TEMPLATE = 'Hi {{ first_name | default: "there" }}, our market opens on Saturday at 9. Reply STOP to opt out.'
/** Costs of a question below this are noise, in ms. */
const NOISE_MS = 2

export async function growthBenchmark(options: GrowthOptions, run: Run): Promise<GrowthResult> {
  const machine = describeMachine(run.folder)
  const sizes = sizesTo(options.max)
  const growth: Growth[] = [
    totalGrowth('import, a row', 'µs', sizes, await each(sizes, size => importRow(size, run))),
    ...(await queriesGrowth(sizes, options.turns, run)),
    ...(await bookkeepingGrowth(sizesTo(options.messages), run)),
  ]
  const fast = growth.filter(one => one.fasterThanNLogN).map(one => one.what)
  return { benchmark: 'growth', growth, fasterThanNLogN: fast, machine }
}

export function growthTables({ growth }: GrowthResult): Table[] {
  const bySizes = Map.groupBy(growth, one => one.sizes.join())
  return [...bySizes.values()].map(list => ({
    columns: ['cost', ...list[0]!.sizes.map(size => `at ${size.toLocaleString('en')}`), 'grows like'],
    rows: list.map(({ what, unit, costs, exponent, fasterThanNLogN }) => [
      `${what}, ${unit}`,
      ...costs.map(rounded),
      `n^${exponent.toFixed(2)}${fasterThanNLogN ? ' (!)' : ''}`,
    ]),
  }))
}

function sizesTo(max: number): number[] {
  return [Math.max(1, Math.floor(max / 100)), Math.max(1, Math.floor(max / 10)), max]
}

async function each<T>(sizes: readonly number[], measure: (size: number) => Promise<T>): Promise<T[]> {
  const found: T[] = []
  for (const size of sizes) found.push(await measure(size))
  return found
}

/** µs a row. */
async function importRow(rows: number, run: Run): Promise<number> {
  run.say(`Importing ${rows} rows`)
  const list = join(run.folder, 'list.csv')
  const data = join(run.folder, 'import')
  await writeList(list, { rows, from: 0, known: 0, seed: 4 })
  const order: ImportOrder = { data, list, suppress: [] }
  const { seconds } = await runScript<ImportFigures>('import-ours.mjs', order)
  rmSync(data, { recursive: true })
  return (seconds / rows) * 1e6
}

async function queriesGrowth(sizes: readonly number[], turns: number, run: Run): Promise<Growth[]> {
  const found = await each(sizes, async size => {
    const data = join(run.folder, 'queries')
    const inbound = Math.ceil(size / 5)
    const campaign = await fillFolder(data, { contacts: size, messages: size, inbound }, run)
    const threads = Math.max(1, Math.floor((inbound * 2) / 3))
    run.say('Asking')
    const order: QueriesOrder = { data, campaign, threads, contacts: size, turns, review: true }
    const figures = await runScript<QueriesFigures>('queries-run.mjs', order)
    rmSync(data, { recursive: true })
    return figures
  })
  const review = found.map(({ review: one }) => (one!.seconds / one!.contacts) * 1e6)
  return [
    totalGrowth('review, a contact', 'µs', sizes, review),
    ...Object.keys(found[0]!.queries).map(what =>
      questionGrowth(
        `${what} (95 of 100)`,
        sizes,
        found.map(({ queries }) => queries[what]!.p95),
      ),
    ),
  ]
}

async function bookkeepingGrowth(sizes: readonly number[], run: Run): Promise<Growth[]> {
  const found = await each(sizes, async size => {
    const data = join(run.folder, 'bookkeeping')
    const messages = Math.min(2_000, Math.max(1, Math.floor(size / 4)))
    await queueMessages(data, size, run)
    run.say(`Dispatching ${messages} of them`)
    const order: BookkeepingOrder = { data, phones: 4, messages }
    const figures = await runScript<BookkeepingFigures>('bookkeeping-run.mjs', order)
    rmSync(data, { recursive: true })
    return figures
  })
  const cpu = found.map(one => one.cpuPerMessageUs)
  const progress = found.map(one => one.progressP95Ms)
  return [
    totalGrowth('dispatch bookkeeping, a message (processor time)', 'µs', sizes, cpu),
    questionGrowth('progress of all running campaigns (95 of 100)', sizes, progress),
  ]
}

/** So many messages wait, of campaigns to at most a million contacts each. */
async function queueMessages(data: string, messages: number, run: Run): Promise<void> {
  const contacts = Math.min(messages, 1_000_000)
  run.say(`Queueing ${messages} messages`)
  const at = Date.now()
  await seedFolder(data, contacts, at)
  withDatabase(data, db => {
    for (let made = 0; made < messages; made += contacts)
      seedQueue(db, Math.min(contacts, messages - made), TEMPLATE, at, made)
  })
}

/** Of work over all rows, from what one row costs. */
function totalGrowth(what: string, unit: string, sizes: readonly number[], costs: readonly number[]): Growth {
  const exponent = 1 + slope(sizes, costs)
  const [first, last] = [sizes[0]!, sizes.at(-1)!]
  const allowed = Math.log(Math.max(2, last)) / Math.log(Math.max(2, first))
  const fasterThanNLogN = costs.at(-1)! > costs[0]! * allowed * 1.2
  return { what, unit, sizes, costs: costs.map(rounded), exponent: rounded(exponent), fasterThanNLogN }
}

/** Of a question that should cost the same however much there is. */
function questionGrowth(what: string, sizes: readonly number[], costs: readonly number[]): Growth {
  const exponent = slope(sizes, costs)
  const fasterThanNLogN = costs.at(-1)! > NOISE_MS && exponent > 1
  return { what, unit: 'ms', sizes, costs: costs.map(rounded), exponent: rounded(exponent), fasterThanNLogN }
}

/** How the costs grow with the sizes, as a power. */
function slope(sizes: readonly number[], costs: readonly number[]): number {
  const [from, to] = [sizes[0]!, sizes.at(-1)!]
  if (from === to || costs[0] === 0) return 0
  return Math.log(costs.at(-1)! / costs[0]!) / Math.log(to / from)
}
