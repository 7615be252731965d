import { indexSearch, mergeSearch } from '../../src/main/db/contact-search.ts'
import { ContactChanges, insertContactRow } from '../../src/main/db/contacts.ts'
import type { Database } from '../../src/main/db/database.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { folderPaths } from '../../src/main/services/folder.ts'
import { openBenchApp } from './app.ts'
import { americanNumberOf } from './people.ts'

/** A data folder as the first start makes it, with contacts 1 to `contacts`, all in the United States. */
export async function seedFolder(data: string, contacts: number, at: number): Promise<void> {
  await (await openBenchApp(data)).app.close()
  withDatabase(data, db => seedContacts(db, contacts, at))
}

/** Opens the database of a data folder for work that may start anew after a crash: nothing waits for the disk. */
export function withDatabase<T>(data: string, work: (db: Database) => T): T {
  const db = openDatabase(folderPaths(data).database)
  try {
    db.connection.pragma('synchronous = OFF')
    return work(db)
  } finally {
    db.connection.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
  }
}

const FIRST =
  'Ada Aino Alba Amir Björn Carla Chloé Dario Emil Esme Finn Freya Hana Hugo Ida Jade José Léa Lina Luca'.split(' ')
const LAST =
  'Alder Ashby Birch Bramble Clover Cypress Elmes Fennel Hazel Ivy Larch Linden Maple Müller Oakes Rowan Sage'.split(
    ' ',
  )
const CITIES = ['Springfield', 'Riverton', 'Fairview', 'Zürich', 'Lakeside', 'Oakdale']

/** What is known of contact `n`. */
export function contactOf(n: number) {
  const first = FIRST[n % FIRST.length]!
  const last = LAST[n % LAST.length]!
  const city = CITIES[n % CITIES.length]!
  return { first, last, city, number: americanNumberOf(n), email: `${plain(first)}.${plain(last)}${n}@example.com` }
}

export function seedContacts(db: Database, contacts: number, at: number): void {
  const STEP = 10_000
  for (let from = 1; from <= contacts; from += STEP) {
    db.write(tx => {
      const changes = new ContactChanges()
      for (let n = from; n < Math.min(from + STEP, contacts + 1); n += 1) {
        const { first, last, city, number, email } = contactOf(n)
        const contact = {
          ...{ number, country: 'US', firstName: first, lastName: last, email, zone: null },
          ...{ attributes: JSON.stringify({ city }), consentId: null, importId: null },
        }
        insertContactRow(tx, contact, at)
        changes.created(contact)
      }
      changes.store(tx)
      while (indexSearch(tx, STEP)) {}
    })
  }
  while (db.write(tx => mergeSearch(tx, 1000))) {}
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z]/g, '')
}
