// What a programmer would write first: papaparse, libphonenumber-js, one insert each in one transaction.
import { createReadStream } from 'node:fs'
import BetterSqlite from 'better-sqlite3'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import Papa from 'papaparse'
import { answer, inputOf, usageOf } from './process.ts'

export interface PlainOrder {
  readonly list: string
  readonly database: string
}

export interface PlainFigures {
  readonly seconds: number
  readonly peakMB: number
  readonly created: number
}

/** The names in the lists of `people.ts`. */
const COUNTRIES: Readonly<Record<string, 'GB' | 'DE' | 'FR' | 'AU' | 'ES'>> = {
  ...{ UK: 'GB', GB: 'GB', 'United Kingdom': 'GB', DE: 'DE', Germany: 'DE', Deutschland: 'DE' },
  ...{ FR: 'FR', France: 'FR', AU: 'AU', Australia: 'AU', ES: 'ES', Spain: 'ES' },
}

const { list, database } = inputOf<PlainOrder>()
const began = performance.now()
const db = new BetterSqlite(database)
db.exec(`CREATE TABLE contacts (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, first_name TEXT, last_name TEXT,
  email TEXT, company TEXT, city TEXT, tags TEXT, notes TEXT)`)
const insert = db.prepare(`INSERT INTO contacts (number, first_name, last_name, email, company, city, tags, notes)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
let created = 0
db.exec('BEGIN')
const rows = createReadStream(list).pipe(Papa.parse(Papa.NODE_STREAM_INPUT, { header: true, skipEmptyLines: true }))
for await (const row of rows as AsyncIterable<Record<string, string | undefined>>) {
  const country = COUNTRIES[row['Country'] ?? ''] ?? 'US'
  const parsed = parsePhoneNumberFromString(row['Mobile'] ?? '', country)
  if (!parsed?.isValid() || parsed.ext) continue
  const cells = ['First Name', 'Last Name', 'Email', 'Company', 'City', 'Tags', 'Notes'].map(name => row[name] ?? '')
  created += insert.run(parsed.number, ...cells).changes
}
db.exec('COMMIT')
db.close()
const figures: PlainFigures = { seconds: (performance.now() - began) / 1000, peakMB: usageOf().peakMB, created }
await answer(figures)
