import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ImportFigures, ImportOrder } from './import-ours.ts'
import type { PlainFigures, PlainOrder } from './import-plain.ts'
import { describeMachine, type Machine, sqliteTool } from './machine.ts'
import { median, rounded } from './numbers.ts'
import { COLUMNS, numberOf, writeList } from './people.ts'
import { runScript } from './programs.ts'
import type { Run, Table } from './types.ts'

export interface ImportOptions {
  readonly rows: number
  /** Contacts that are there before. */
  readonly filled: number
  /** How often ours and `.import` are timed; the median counts. */
  readonly runs: number
}

export interface ImportResult {
  readonly benchmark: 'import'
  readonly rows: number
  /** Seconds of ours over theirs: below 1 ours is faster. Null: the program `sqlite3` is not installed. */
  readonly ratioToSqliteImport: number | null
  readonly ratioToPlainPipeline: number
  readonly peakMemoryMB: number
  readonly mainThreadDelayP50Ms: number
  readonly mainThreadDelayP99Ms: number
  readonly mainThreadDelayMaxMs: number
  readonly rowsPerSecond: number
  readonly seconds: {
    readonly ours: number
    /** Until the search finds the last contact too. */
    readonly oursSearchable: number
    readonly sqliteImport: number | null
    readonly plainPipeline: number
  }
  readonly oursCpuSeconds: number
  readonly plainPeakMemoryMB: number
  readonly contactsBefore: number
  readonly created: number
  readonly duplicates: number
  readonly rejected: number
  readonly rejectedByCode: Readonly<Record<string, number>>
  readonly flagged: number
  readonly fileMB: number
  readonly sqliteTool: string | null
  readonly machine: Machine
}

/** Times the import of one file in three ways: `sqlite3 .import`, the plain pipeline, and ours with everything on. */
export async function importBenchmark(options: ImportOptions, run: Run): Promise<ImportResult> {
  const machine = describeMachine(run.folder)
  const file = join(run.folder, 'list.csv')
  run.say(`Writing a list of ${options.rows} rows`)
  await writeList(file, { rows: options.rows, from: options.filled, known: options.filled, seed: 2 })
  const filled = await fill(options, run)

  const ours: ImportFigures[] = []
  const theirs: number[] = []
  const tool = sqliteTool()
  for (let turn = 0; turn < options.runs; turn += 1) {
    if (tool !== null) theirs.push(await timeSqlite(file, join(run.folder, 'bare.sqlite')))
    const data = join(run.folder, `data-${turn}`)
    cpSync(filled, data, { recursive: true })
    ours.push(
      await runScript<ImportFigures>('import-ours.mjs', { data, list: file, suppress: [] } satisfies ImportOrder),
    )
    rmSync(data, { recursive: true })
    run.say(
      `Ours ${ours.at(-1)!.seconds.toFixed(1)} s${tool === null ? '' : `, .import ${theirs.at(-1)!.toFixed(1)} s`}`,
    )
  }
  run.say('The plain pipeline')
  const order: PlainOrder = { list: file, database: join(run.folder, 'plain.sqlite') }
  const plain = await runScript<PlainFigures>('import-plain.mjs', order)

  const seconds = median(ours.map(one => one.seconds))
  const sqlite = tool === null ? null : median(theirs)
  const middle = ours.find(one => rounded(one.seconds) === seconds) ?? ours[0]!
  return {
    benchmark: 'import',
    rows: options.rows,
    ratioToSqliteImport: sqlite === null ? null : rounded(seconds / sqlite),
    ratioToPlainPipeline: rounded(seconds / plain.seconds),
    peakMemoryMB: Math.max(...ours.map(one => one.peakMB)),
    mainThreadDelayP50Ms: median(ours.map(one => one.delay.p50)),
    mainThreadDelayP99Ms: median(ours.map(one => one.delay.p99)),
    mainThreadDelayMaxMs: Math.max(...ours.map(one => one.delay.max)),
    rowsPerSecond: Math.round(middle.rows / seconds),
    seconds: {
      ours: seconds,
      oursSearchable: median(ours.map(one => one.searchableSeconds)),
      sqliteImport: sqlite,
      plainPipeline: rounded(plain.seconds),
    },
    oursCpuSeconds: median(ours.map(one => one.cpuSeconds)),
    plainPeakMemoryMB: plain.peakMB,
    contactsBefore: options.filled,
    created: middle.created,
    duplicates: middle.duplicates,
    rejected: middle.rejected,
    rejectedByCode: middle.rejectedByCode,
    flagged: middle.flagged,
    fileMB: rounded(statSync(file).size / 2 ** 20),
    sqliteTool: tool,
    machine,
  }
}

export function importTable(result: ImportResult): Table {
  const { seconds, rows } = result
  const perRow = (value: number | null) => (value === null ? 'no sqlite3 here' : rounded((value / rows) * 1e6))
  return {
    columns: ['way', 'seconds', 'µs a row', 'ours takes'],
    rows: [
      [
        '`sqlite3 .import` into a bare table',
        seconds.sqliteImport ?? '-',
        perRow(seconds.sqliteImport),
        `${result.ratioToSqliteImport ?? '-'} times as long`,
      ],
      [
        'papaparse, libphonenumber-js, one insert each',
        seconds.plainPipeline,
        perRow(seconds.plainPipeline),
        `${result.ratioToPlainPipeline} times as long`,
      ],
      ['ours, everything on', seconds.ours, perRow(seconds.ours), ''],
      ['ours, until the search finds everybody', seconds.oursSearchable, perRow(seconds.oursSearchable), ''],
    ],
  }
}

/** A data folder with the contacts of an earlier list, a few of whom have opted out. */
async function fill(options: ImportOptions, run: Run): Promise<string> {
  const data = join(run.folder, 'filled')
  const list = join(run.folder, 'earlier.csv')
  run.say(`Filling a database with an earlier list of ${options.filled} rows`)
  await writeList(list, { rows: options.filled, from: 0, known: 0, seed: 1 })
  const stopped = Math.min(500, Math.ceil(options.rows / 1000))
  const suppress = Array.from({ length: stopped }, (_, n) =>
    numberOf(options.filled + n * Math.floor(options.rows / stopped)),
  )
  await runScript<ImportFigures>('import-ours.mjs', { data, list, suppress } satisfies ImportOrder)
  rmSync(list)
  return data
}

/** Seconds. The table has the columns of the file and nothing else: no key, no index, no check. */
async function timeSqlite(file: string, database: string): Promise<number> {
  rmSync(database, { force: true })
  await sqlite(database, [`CREATE TABLE list (${COLUMNS.map(name => `"${name}" TEXT`).join(', ')})`])
  const began = performance.now()
  await sqlite(database, ['.mode csv', `.import --skip 1 '${file}' list`])
  return (performance.now() - began) / 1000
}

function sqlite(database: string, commands: readonly string[]): Promise<void> {
  // It complains about each row that is too long or too short; nobody reads that.
  const child = spawn('sqlite3', [database, ...commands], { stdio: 'ignore' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => (code === 0 ? resolve() : reject(new Error(`sqlite3 ended with ${code}.`))))
  })
}

export interface ImportMemoryResult {
  readonly benchmark: 'import-memory'
  readonly rows: readonly number[]
  readonly peakMemoryMB: readonly number[]
  /** Before the import began. */
  readonly idleMemoryMB: readonly number[]
  /** How much more the longest file takes than the one before it, a third as long. */
  readonly growthMB: number
  readonly machine: Machine
}

/** The most memory that importing a file takes, one a tenth as long and one three times as long. */
export async function importMemoryBenchmark(options: { rows: number }, run: Run): Promise<ImportMemoryResult> {
  const machine = describeMachine(run.folder)
  const sizes = [Math.max(1, Math.floor(options.rows / 10)), options.rows, options.rows * 3]
  const found: ImportFigures[] = []
  for (const rows of sizes) {
    const list = join(run.folder, `list-${rows}.csv`)
    const data = join(run.folder, `data-${rows}`)
    mkdirSync(data)
    await writeList(list, { rows, from: 0, known: 0, seed: 3 })
    run.say(`Importing ${rows} rows`)
    found.push(await runScript<ImportFigures>('import-ours.mjs', { data, list, suppress: [] } satisfies ImportOrder))
    rmSync(data, { recursive: true })
    rmSync(list)
  }
  const peaks = found.map(one => one.peakMB)
  return {
    benchmark: 'import-memory',
    rows: sizes,
    peakMemoryMB: peaks,
    idleMemoryMB: found.map(one => one.idleMB),
    growthMB: rounded(peaks[2]! - peaks[1]!),
    machine,
  }
}

export function importMemoryTable(result: ImportMemoryResult): Table {
  return {
    columns: ['rows', 'before the import, MB', 'at most, MB'],
    rows: result.rows.map((rows, at) => [rows, result.idleMemoryMB[at]!, result.peakMemoryMB[at]!]),
  }
}
