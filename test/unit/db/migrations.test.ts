import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { automaticActionsOf } from '../../../src/main/db/automatic-actions.ts'
import { Database } from '../../../src/main/db/database.ts'
import { allKeywordRules, insertKeywordRule } from '../../../src/main/db/keyword-rules.ts'
import { LATEST, migrate, NewerDatabaseError, schemaVersion } from '../../../src/main/db/migrate.ts'
import { migrations } from '../../../src/main/db/migrations/index.ts'
import { openDatabase, pragmaFaults } from '../../../src/main/db/open.ts'
import { END, findSaid, indexSaid, isSaidComplete } from '../../../src/main/db/said.ts'
import { afterThisTest, temporaryFolder } from '../../support/folder.ts'

function opened(path = join(temporaryFolder('db'), 'hub.sqlite')) {
  const db = openDatabase(path)
  afterThisTest(() => db.connection.open && db.close())
  return { db, path }
}

interface TableRow {
  name: string
  type: string
  strict: 0 | 1
}

describe('migration 0001', () => {
  it('makes a whole schema of strict tables in a new file', () => {
    const { db } = opened()
    expect(schemaVersion(db)).toBe(LATEST)
    const tables = db
      .all<TableRow>(
        "SELECT name, type, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'",
      )
      .filter(table => table.type === 'table')
    expect(tables.length).toBeGreaterThan(20)
    expect(tables.filter(table => table.strict === 0)).toEqual([])
    expect(db.connection.pragma('foreign_key_check')).toEqual([])
  })

  it('runs with the pragmas that durability needs', () => {
    const { db } = opened()
    expect(pragmaFaults(db)).toEqual([])
    db.connection.pragma('synchronous = NORMAL')
    expect(pragmaFaults(db)).toEqual(['synchronous=1'])
  })

  it('refuses types, references and states that are none', () => {
    const { db } = opened()
    const user = "INSERT INTO users (username, role, password_hash, created_at, updated_at) VALUES ('a', ?, 'x', ?, 0)"
    expect(() => db.write(tx => tx.run(user, 'admin', 'yesterday'))).toThrow(/INTEGER/)
    expect(() => db.write(tx => tx.run(user, 'king', 0))).toThrow(/CHECK/)
    expect(() => db.write(tx => tx.run('INSERT INTO sims (phone_id, slot) VALUES (99, 0)'))).toThrow(/FOREIGN KEY/)
  })

  it('keeps the audit log from being changed through the application', () => {
    const { db } = opened()
    db.write(tx =>
      tx.run(
        "INSERT INTO audit (seq, at, actor, action, outcome, previous, hash) VALUES (1, 0, 'a', 'b', 'ok', x'', x'')",
      ),
    )
    expect(() => db.write(tx => tx.run("UPDATE audit SET actor = 'c'"))).toThrow(/append-only/)
    expect(() => db.write(tx => tx.run('DELETE FROM audit'))).toThrow(/append-only/)
  })

  it('numbers migrations without a gap', () => {
    expect(migrations.map(migration => migration.number)).toEqual(migrations.map((_, at) => at + 1))
  })
})

describe('opening', () => {
  it('keeps what is there', () => {
    const { db, path } = opened()
    db.write(tx => tx.run("INSERT INTO meta VALUES ('installation', 'THIS')"))
    db.close()
    expect(opened(path).db.get('SELECT value FROM meta')).toEqual({ value: 'THIS' })
  })

  it('refuses a database from a newer version and changes nothing of it', () => {
    const { db, path } = opened()
    db.connection.pragma(`user_version = ${LATEST + 1}`)
    db.close()
    expect(() => openDatabase(path)).toThrow(NewerDatabaseError)
    expect(() => openDatabase(path)).toThrow(/newer version/)
    const again = openDatabase(path, { readonly: true })
    expect(schemaVersion(again)).toBe(LATEST + 1)
    again.close()
  })

  it('refuses another program’s database and a file that is none', () => {
    const { db, path } = opened()
    db.connection.pragma('application_id = 7')
    db.close()
    expect(() => openDatabase(path)).toThrow(/not a database of Campaign Connector/)
    const text = join(temporaryFolder(), 'text.sqlite')
    writeFileSync(text, 'some text that is no database, and long enough to have a head of its own')
    expect(() => openDatabase(text)).toThrow(/damaged/)
  })

  it('asks for a backup before it changes a database with something in it, and only then', () => {
    const { db } = opened()
    const asked: number[] = []
    migrate(db, from => asked.push(from))
    expect(asked).toEqual([])
    expect(() => migrate(db, from => asked.push(from), LATEST + 1)).not.toThrow()
    expect(asked).toEqual([LATEST])
  })
})

describe('docs/schema.md', () => {
  it('is what the migrations make', () => {
    expect(() => execFileSync(process.execPath, ['scripts/schema-doc.ts', '--check'], { stdio: 'pipe' })).not.toThrow()
  })
})

describe('migration of conversations', () => {
  it('takes a database with threads along: they are open, counted, in order, and wait for the search', () => {
    const connection = new BetterSqlite(join(temporaryFolder('db'), 'old.sqlite'))
    connection.pragma('trusted_schema = OFF')
    connection.pragma('foreign_keys = ON')
    const db = new Database(connection)
    afterThisTest(() => db.close())
    const talks = migrations.find(migration => migration.name === 'talks')!.number
    migrate(db, () => {}, talks - 1)
    db.write(tx => {
      tx.run("INSERT INTO phones (id, name, key_hash, journal, paired_at) VALUES (1, 'P', x'01', 'J', 1)")
      for (const [id, at] of [1, 2].entries()) {
        tx.run('INSERT INTO threads (id, number, last_at) VALUES (?, ?, ?)', at, `+1202555000${id}`, at * 1000)
        tx.run(
          `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
             VALUES (?, 1, 'S', ?, 'x', 'hello', x'01', ?, ?, 'none')`,
          ...[at, at, at * 1000, at * 1000],
        )
      }
    })
    migrate(db)
    expect(db.all('SELECT id, state, moved_at AS at FROM threads ORDER BY moved_at DESC')).toEqual([
      { id: 2, state: 'open', at: 2000 },
      { id: 1, state: 'open', at: 1000 },
    ])
    expect(db.all('SELECT * FROM thread_counts')).toEqual([{ assigned_to: 0, state: 'open', threads: 2 }])
    expect(isSaidComplete(db)).toBe(false)
    while (db.write(tx => indexSaid(tx, 1))) {}
    const everything = { kind: null, campaignId: null, phoneId: null, from: null, to: null }
    expect(findSaid(db, '"hello"', everything, END, 9).map(row => row.threadId)).toEqual([2, 1])
    expect(() => db.write(tx => tx.run("UPDATE threads SET state = 'snoozed' WHERE id = 1"))).toThrow(/CHECK/)
  })
})

describe('migration of postcodes', () => {
  it('takes the attribute of that name along, in contacts and in imports under way, and knows who set a zone', () => {
    const connection = new BetterSqlite(join(temporaryFolder('db'), 'old.sqlite'))
    connection.pragma('foreign_keys = ON')
    const db = new Database(connection)
    afterThisTest(() => db.close())
    const postcodes = migrations.find(migration => migration.name === 'postcodes')!.number
    migrate(db, () => {}, postcodes - 1)
    const mapping = { phones: ['Phone'], zone: null, attributes: { postcode: 'PLZ', city: 'Town' } }
    db.write(tx => {
      tx.run(
        `INSERT INTO imports (id, file_name, path, file_size, file_changed_at, settings, state, created_by, created_at)
           VALUES (1, 'a.csv', '/a.csv', 1, 1, ?, 'paused', 'local', 1)`,
        JSON.stringify({ mapping }),
      )
      const contact =
        'INSERT INTO contacts (number, zone, attributes, import_id, created_at, updated_at) VALUES (?, ?, ?, ?, 1, 1)'
      tx.run(contact, '+12125550101', 'Asia/Tokyo', '{"postcode":" sw1a 1aa","city":"London"}', null)
      tx.run(contact, '+12125550102', 'Asia/Tokyo', '{}', 1)
    })
    migrate(db)
    expect(db.all('SELECT postcode, zone_by_hand AS byHand, attributes FROM contacts ORDER BY id')).toEqual([
      { postcode: 'SW1A 1AA', byHand: 1, attributes: '{"city":"London"}' },
      { postcode: null, byHand: 0, attributes: '{}' },
    ])
    const { settings } = db.get<{ settings: string }>('SELECT settings FROM imports')!
    expect(JSON.parse(settings)).toMatchObject({ mapping: { postcode: 'PLZ', attributes: { city: 'Town' } } })
    expect(JSON.parse(settings).mapping.attributes).toEqual({ city: 'Town' })
  })
})

describe('migration of consent by rules', () => {
  it('keeps keyword rules with their numbers, and what they did', () => {
    const connection = new BetterSqlite(join(temporaryFolder('db'), 'old.sqlite'))
    connection.pragma('foreign_keys = ON')
    const db = new Database(connection)
    afterThisTest(() => db.close())
    migrate(db, () => {}, migrations.find(migration => migration.name === 'rule-consent')!.number - 1)
    db.write(tx => {
      const rule =
        "INSERT INTO keyword_rules (place, name, phrases, fits, answer, created_by, created_at, updated_at) VALUES (1, ?, '[\"x\"]', 'within', 'y', 'local', 1, 1)"
      for (const name of ['One', 'Two', 'Three']) tx.run(rule, name)
      tx.run("DELETE FROM keyword_rules WHERE name = 'Three'")
      tx.run("INSERT INTO phones (id, name, key_hash, journal, paired_at) VALUES (1, 'P', x'01', 'J', 1)")
      tx.run("INSERT INTO threads (id, number, last_at) VALUES (1, '+12125550101', 1)")
      tx.run(
        `INSERT INTO inbound (id, thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
           VALUES (1, 1, 1, 'S', 1, '+12125550101', 'x', x'01', 1, 1, 'none')`,
      )
      tx.run(
        "INSERT INTO automatic_actions (inbound_id, cause, rule_id, rule_name, answer, held_for, at) VALUES (1, 'rule', 2, 'Two', 'held', 'late', 5)",
      )
    })
    migrate(db)
    expect(allKeywordRules(db)).toMatchObject([
      { id: 1, name: 'One', phrases: ['x'], fits: 'within', answer: 'y', consent: null },
      { id: 2, name: 'Two' },
    ])
    expect(automaticActionsOf(db, [1]).get(1)).toMatchObject({ ruleId: 2, heldFor: 'late', consent: null, at: 5 })
    const plan = { name: 'Four', active: true, phrases: ['x'], fits: 'whole', answer: '', tag: '', list: '' } as const
    const consent = { kind: 'marketing', wording: 'Offers' } as const
    const made = db.write(tx => insertKeywordRule(tx, { ...plan, notify: false, consent, waitMinutes: 0 }, 'local', 9))
    // The number of the rule that was deleted is not given again.
    expect(made).toBe(4)
  })
})
