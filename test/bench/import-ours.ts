// Imports one list into a data folder through the hub's own service, as `import run` does, and tells what it took.
import { openDatabase } from '../../src/main/db/open.ts'
import { folderPaths } from '../../src/main/services/folder.ts'
import { openBenchApp, until } from './app.ts'
import { answer, inputOf, usageOf, watchLoop } from './process.ts'

export interface ImportOrder {
  readonly data: string
  readonly list: string
  /** Numbers that are suppressed first. */
  readonly suppress: readonly string[]
}

export interface ImportFigures {
  readonly seconds: number
  /** Until the last contact is found by a search as well. */
  readonly searchableSeconds: number
  readonly cpuSeconds: number
  readonly peakMB: number
  /** Before the import began. */
  readonly idleMB: number
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number }
  readonly rows: number
  readonly created: number
  readonly duplicates: number
  readonly rejected: number
  readonly flagged: number
  readonly rejectedByCode: Readonly<Record<string, number>>
}

const { data, list, suppress } = inputOf<ImportOrder>()
const { app, call } = await openBenchApp(data)
for (const number of suppress) await call('suppression.add', { number, note: 'bench' })

const before = usageOf()
const loop = watchLoop()
const began = performance.now()
const settings = { options: { defaultCountry: 'US', consent: { source: 'Sign-up form' } } }
const { id } = await call('imports.start', { path: list, settings })
const done = await until('The import', 3600, async () => {
  const found = await call('imports.get', { id })
  if (found.state === 'failed') throw new Error(found.error)
  return found.state === 'completed' ? found : null
})
const seconds = (performance.now() - began) / 1000
const delay = loop.read()
const after = usageOf()
const reader = openDatabase(folderPaths(data).database, { readonly: true })
await until('The search index', 3600, () => {
  const missing = 'SELECT 1 FROM contacts WHERE id > (SELECT indexed_to FROM contacts_search_state) LIMIT 1'
  return reader.get(missing) === undefined ? true : null
})
const searchableSeconds = (performance.now() - began) / 1000
reader.close()

const { rows, created, duplicates, rejected, flagged, rejectedByCode } = done
if (rows !== created + duplicates + rejected) throw new Error('The report of the import does not add up.')
const figures: ImportFigures = {
  ...{ seconds, searchableSeconds, delay, rows, created, duplicates, rejected, flagged, rejectedByCode },
  cpuSeconds: after.cpuSeconds - before.cpuSeconds,
  peakMB: after.peakMB,
  idleMB: before.rssMB,
}
await app.close()
await answer(figures)
