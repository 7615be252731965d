import { apiBenchmark, apiTables } from './api.ts'
import { dispatchBenchmark, dispatchTable } from './dispatch.ts'
import { growthBenchmark, growthTables } from './growth.ts'
import { importBenchmark, importMemoryBenchmark, importMemoryTable, importTable } from './import.ts'
import { loginBenchmark, loginTable } from './login.ts'
import type { Machine } from './machine.ts'
import { phoneNumbersBenchmark, phoneNumbersTable } from './phone-numbers.ts'
import { queriesBenchmark, queriesTables } from './queries.ts'
import { soakBenchmark, soakTable } from './soak.ts'
import type { Run, Table } from './types.ts'
import { uiBenchmark, uiTables } from './ui.ts'

interface Benchmark {
  readonly about: string
  /** Options with a number each, and what they are when left out. */
  readonly options: Readonly<Record<string, number>>
  run(options: never, run: Run): Promise<Measured>
}

export interface Measured {
  readonly result: { readonly benchmark: string; readonly machine: Machine }
  readonly tables: readonly Table[]
}

/** Binds the type of the options to the defaults that are given for them. */
function benchmark<O extends Readonly<Record<string, number>>>(
  about: string,
  options: O,
  run: (options: { readonly [K in keyof O]: number }, run: Run) => Promise<Measured>,
) {
  return {
    about,
    options,
    run: run as Benchmark['run'] as (options: Record<string, number>, run: Run) => Promise<Measured>,
  }
}

export const BENCHMARKS: Readonly<Record<string, ReturnType<typeof benchmark>>> = {
  import: benchmark(
    'a contact list, beside `sqlite3 .import` and a plain pipeline',
    { rows: 1_000_000, filled: 200_000, runs: 3 },
    async (options, run) => {
      const result = await importBenchmark(options, run)
      return { result, tables: [importTable(result)] }
    },
  ),
  'import-memory': benchmark(
    'memory of an import, of N/10, N and 3N rows',
    { rows: 1_000_000 },
    async (options, run) => {
      const result = await importMemoryBenchmark(options, run)
      return { result, tables: [importMemoryTable(result)] }
    },
  ),
  'phone-numbers': benchmark(
    'our reading of phone numbers beside that of libphonenumber-js, whose decisions it has to share',
    { count: 3_000_000 },
    async (options, run) => {
      const result = await phoneNumbersBenchmark(options, run)
      return { result, tables: [phoneNumbersTable(result)] }
    },
  ),
  dispatch: benchmark(
    'messages a second, with real agents over the real link, beside Kannel',
    { messages: 50_000, phones: 10, queued: 0, peer: 1 },
    async (options, run) => {
      const result = await dispatchBenchmark(options, run)
      return { result, tables: [dispatchTable(result)] }
    },
  ),
  queries: benchmark(
    'start, search, filters, thread, inbox, progress and review of a large database',
    { contacts: 1_000_000, messages: 1_000_000, inbound: 200_000, turns: 320, starts: 11 },
    async (options, run) => {
      const result = await queriesBenchmark(options, run)
      return { result, tables: queriesTables(result) }
    },
  ),
  api: benchmark(
    'requests to the headless API beside the same in process, and a client among others who try wrong keys',
    { requests: 20_000, connections: 8, contacts: 200_000 },
    async (options, run) => {
      const result = await apiBenchmark(options, run)
      return { result, tables: apiTables(result) }
    },
  ),
  growth: benchmark(
    'what each of these costs at N/100, N/10 and N',
    { max: 1_000_000, messages: 10_000_000, turns: 160 },
    async (options, run) => {
      const result = await growthBenchmark(options, run)
      return { result, tables: growthTables(result) }
    },
  ),
  login: benchmark(
    'refused logins of known, unknown, inactive and locked users: they must take the same time',
    { attempts: 300 },
    async (options, run) => {
      const result = await loginBenchmark(options, run)
      return { result, tables: [loginTable(result)] }
    },
  ),
  ui: benchmark(
    'the pages in a browser on a large database, and the window',
    { contacts: 1_000_000, messages: 1_000_000, inbound: 200_000, turns: 40, starts: 7 },
    async (options, run) => {
      const result = await uiBenchmark(options, run)
      return { result, tables: uiTables(result) }
    },
  ),
  soak: benchmark(
    'traffic for a long time: memory, handles, log and main thread stay as they are',
    { minutes: 60, phones: 4, rate: 40 },
    async (options, run) => {
      const result = await soakBenchmark(options, run)
      return { result, tables: [soakTable(result)] }
    },
  ),
}
