import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { importSettingsSchema } from '../src/shared/imports/settings.ts'
import { checkFile } from '../src/main/services/imports/check.ts'
import { inspectFile } from '../src/main/services/imports/inspect.ts'
import { readBatches } from '../src/main/services/imports/read.ts'
import { ImportReader } from '../src/main/services/imports/import-reader.ts'
import { CsvReader } from '../src/main/domain/imports/csv-reader.ts'
import { fileDecoder } from '../src/main/domain/imports/file-decoder.ts'
const path = process.argv[2]!, country = process.argv[3] ?? 'US', landlines = process.argv[4] === 'l'
const settings = importSettingsSchema.parse({ options: { defaultCountry: country, allowLandlines: landlines } })
const ins = await inspectFile(path, settings)
console.log(JSON.stringify(ins.settings))
const bytes = readFileSync(path); const n0 = bytes.length
{ const t = performance.now(); const d = fileDecoder('utf-8'), r = new CsvReader({ delimiter: ins.settings.format.delimiter }); let n = 0
  for (let i = 0; i < n0; i += 262144) n += r.push(d.decode(bytes.subarray(i, i + 262144))).length
  n += r.end().length; const ms = performance.now() - t; console.log('reader', n, 'rows', ms | 0, 'ms', (ms * 1000 / n).toFixed(2), 'us/row', (n0 / ms / 1000).toFixed(0), 'MB/s') }
{ const t = performance.now(); let n = 0; for await (const b of readBatches(path, ins.settings)) n = b.rowsSeen; const ms = performance.now() - t; console.log('pipeline', n, ms | 0, 'ms', (ms * 1000 / n).toFixed(2), 'us/row') }
{ const t = performance.now(); const r = await checkFile(path, settings); const ms = performance.now() - t; const by: Record<string, number> = {}; for (const x of r.rejected) by[x.code] = (by[x.code] ?? 0) + 1
  console.log('check', ms | 0, 'ms', r.rows, r.accepted, r.duplicates, r.rejected.length, by, r.flagged.length, 'rss', process.memoryUsage().rss >> 20) }
{ const t = performance.now(); const r = new ImportReader(path, ins.settings); const e = performance.eventLoopUtilization(); let n = 0; for await (const b of r) n = b.rowsSeen; await r.close(); const ms = performance.now() - t; console.log('worker', n, ms | 0, 'ms', (ms * 1000 / n).toFixed(2), 'us/row; main busy', performance.eventLoopUtilization(e).utilization.toFixed(2)) }
