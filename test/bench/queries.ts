import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { addMembers, ensureGroup } from '../../src/main/db/lists.ts'
import { folderPaths } from '../../src/main/services/folder.ts'
import { pause } from './app.ts'
import { describeMachine, type Machine } from './machine.ts'
import { median, rounded, type Spread, spread } from './numbers.ts'
import { usageOf } from './process.ts'
import { builtHub, nodeArguments, runScript } from './programs.ts'
import type { QueriesFigures, QueriesOrder } from './queries-run.ts'
import { seedFolder, withDatabase } from './seed.ts'
import { indexTexts, seedHistory, seedInbox, seedPhone } from './seed-messages.ts'
import type { Run, Table } from './types.ts'

export interface QueriesOptions {
  readonly contacts: number
  readonly messages: number
  readonly inbound: number
  /** How often each question is asked. */
  readonly turns: number
  /** How often the hub is started. */
  readonly starts: number
}

export interface Start {
  /** From the start of the process until it says that it runs, ms. */
  readonly readyMs: Spread
  /** When it says so, and a little later. */
  readonly rssMB: number
  readonly settledMB: number
}

export interface QueriesResult {
  readonly benchmark: 'queries'
  readonly contacts: number
  readonly messages: number
  readonly inbound: number
  readonly databaseMB: number
  /** `serve` as it ships, and from the sources, whose types Node strips at each start. */
  readonly start: { readonly built: Start; readonly sources: Start }
  /** Milliseconds. */
  readonly queries: QueriesFigures['queries']
  readonly review: QueriesFigures['review']
  readonly machine: Machine
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TEMPLATE = 'Hi {{ first_name | default: "there" }}, our market opens on Saturday at 9. Reply STOP to opt out.'

export async function queriesBenchmark(options: QueriesOptions, run: Run): Promise<QueriesResult> {
  const machine = describeMachine(run.folder)
  const data = join(run.folder, 'data')
  const campaign = await fillFolder(data, options, run)
  const threads = Math.max(1, Math.floor((options.inbound * 2) / 3))
  run.say('Starting the hub')
  const start = {
    built: await timeStart(builtHub(), data, options.starts),
    sources: await timeStart(join(ROOT, 'bin/campaign-connector.mjs'), data, options.starts),
  }
  run.say('Asking')
  const order: QueriesOrder = {
    data,
    campaign,
    threads,
    contacts: options.contacts,
    turns: options.turns,
    review: true,
  }
  const { queries, review } = await runScript<QueriesFigures>('queries-run.mjs', order)
  const { contacts, messages, inbound } = options
  const databaseMB = Math.round(statSync(folderPaths(data).database).size / 2 ** 20)
  return { benchmark: 'queries', contacts, messages, inbound, databaseMB, start, queries, review, machine }
}

/** A data folder as a business has it after some years. Returns the campaign that is in the middle of its work. */
export async function fillFolder(
  data: string,
  options: Pick<QueriesOptions, 'contacts' | 'messages' | 'inbound'>,
  run: Run,
): Promise<number> {
  const at = Date.now()
  run.say(`Making ${options.contacts} contacts`)
  await seedFolder(data, options.contacts, at)
  run.say(`Making ${options.messages} messages and ${options.inbound} texts that came in`)
  return withDatabase(data, db => {
    db.write(tx => {
      const everyone = Array.from({ length: options.contacts }, (_, n) => n + 1)
      const every = (nth: number) => everyone.filter(n => n % nth === 0)
      addMembers(tx, 'list', ensureGroup(tx, 'list', 'Everybody', null, at), everyone, null)
      addMembers(tx, 'list', ensureGroup(tx, 'list', 'Spring', null, at), every(10), null)
      addMembers(tx, 'tag', ensureGroup(tx, 'tag', 'vip', null, at), every(20), null)
    })
    const { phone, sim } = seedPhone(db, at)
    const campaign = seedHistory(db, options.messages, sim, TEMPLATE, at)
    seedInbox(db, options.inbound, phone, campaign, at)
    run.say('Taking what was said into the search')
    indexTexts(db)
    return campaign
  })
}

export function queriesTables(result: QueriesResult): Table[] {
  const { start, queries, review } = result
  const starts = [
    ['as it ships', start.built],
    ['from the sources', start.sources],
  ] as const
  return [
    {
      columns: ['`serve`', 'ready, ms (half, most)', 'memory then, MB', 'memory later, MB'],
      rows: starts.map(([name, found]) => [
        name,
        `${found.readyMs.p50}, ${found.readyMs.max}`,
        found.rssMB,
        found.settledMB,
      ]),
    },
    {
      columns: ['asked', 'half, ms', '95 of 100, ms', 'most, ms'],
      rows: Object.entries(queries).map(([name, { p50, p95, max }]) => [name, p50, p95, max]),
    },
    ...(review ? [reviewTable(review)] : []),
  ]
}

function reviewTable({ contacts, seconds, delay }: NonNullable<QueriesFigures['review']>): Table {
  return {
    columns: ['review of', 'seconds', 'contacts a second', 'main thread late by, ms (half, 99 of 100, most)'],
    rows: [[contacts, rounded(seconds), rounded(contacts / seconds), `${delay.p50}, ${delay.p99}, ${delay.max}`]],
  }
}

const SETTLE_MS = 2_000

async function timeStart(program: string, data: string, starts: number): Promise<Start> {
  const ready: number[] = []
  const rss: number[] = []
  const settled: number[] = []
  for (let turn = 0; turn < starts; turn += 1) {
    const began = performance.now()
    const args = [...nodeArguments(), program, 'serve', '--json', '--link-port', '0', '--data-dir', data]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`serve ended with ${code} before it was ready.`)
    })
    await Promise.race([once(createInterface(child.stdout), 'line'), ended])
    ready.push(performance.now() - began)
    rss.push(usageOf(child.pid).rssMB)
    if (turn === starts - 1) {
      await pause(SETTLE_MS)
      settled.push(usageOf(child.pid).rssMB)
    }
    ended.catch(() => {})
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
  }
  return { readyMs: spread(ready), rssMB: median(rss), settledMB: median(settled) }
}
