import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { Database } from './database.ts'
import { migrate } from './migrate.ts'

/** Marks the file as ours ("CCON"), so that another program's database is not taken for it. */
export const APPLICATION_ID = 0x43434f4e

export class DamagedDatabaseError extends Error {
  constructor(path: string, detail: string) {
    super(
      `The database ${path} is damaged (${detail}). Nothing was changed. Keep a copy of the folder and restore a backup: campaign-connector backup restore FILE`,
    )
    this.name = 'DamagedDatabaseError'
  }
}

/**
 * Opens the database and brings it up to date.
 * Throws NewerDatabaseError, DamagedDatabaseError, or the file system's error.
 */
export function openDatabase(path: string, options: { readonly?: boolean; backups?: string } = {}): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const connection = open(path, options.readonly ?? false)
  try {
    const db = new Database(connection)
    if (!options.readonly) {
      migrate(db, from => {
        if (options.backups) snapshot(db, join(options.backups, `before-schema-${from + 1}-${Date.now()}.sqlite`))
      })
    }
    return db
  } catch (error) {
    connection.close()
    throw named(path, error)
  }
}

/** A second connection to a database that `openDatabase` has brought up to date. */
export function openUnchanged(path: string): BetterSqlite.Database {
  return open(path, false)
}

/** Writes a consistent copy of the database to `path`, which must not exist yet, readable by its owner only. */
export function snapshot(db: Database, path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (existsSync(path)) throw new Error(`${path} exists already.`)
  db.connection.prepare('VACUUM INTO ?').run(path)
  chmodSync(path, 0o600)
}

/** Every fault that SQLite can find in the file: pages, indexes, references. Empty when it is sound. */
export function integrityFaults(db: Database): string[] {
  const pages = db.connection.pragma('integrity_check') as { integrity_check: string }[]
  const references = db.connection.pragma('foreign_key_check') as { table: string }[]
  return [
    ...pages.map(row => row.integrity_check).filter(text => text !== 'ok'),
    ...references.map(row => `a row of ${row.table} points to nothing`),
  ]
}

/** Pragmas that are not what `openDatabase` has set, as `name=value`: a file system without a proper WAL, for one. */
export function pragmaFaults(db: Database): string[] {
  const wanted = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, trusted_schema: 0 }
  return Object.entries(wanted)
    .map(([name, value]) => ({ name, value, found: db.connection.pragma(name, { simple: true }) }))
    .filter(({ value, found }) => found !== value)
    .map(({ name, found }) => `${name}=${String(found)}`)
}

function open(path: string, readonly: boolean): BetterSqlite.Database {
  // SQLite gives its log the permissions that the file has when it is opened.
  if (!readonly && !existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const connection = new BetterSqlite(path, { readonly })
  try {
    if (!readonly) {
      connection.pragma('journal_mode = WAL')
      // WAL's default is NORMAL, which may lose the last commits when the power goes.
      connection.pragma('synchronous = FULL')
    }
    connection.pragma('foreign_keys = ON')
    connection.pragma('busy_timeout = 5000')
    connection.pragma('trusted_schema = OFF')
    // What is changed or deleted is overwritten in its page, so that nothing of erased people stays between the rows.
    connection.pragma('secure_delete = FAST')
    connection.pragma('cache_size = -32768')
    connection.pragma('temp_store = MEMORY')
    const owner = connection.pragma('application_id', { simple: true })
    const version = connection.pragma('user_version', { simple: true })
    if (owner !== APPLICATION_ID) {
      const tables = connection.prepare('SELECT count(*) FROM sqlite_master').pluck().get()
      if (version !== 0 || tables !== 0) throw new Error(`${path} is not a database of Campaign Connector.`)
      if (!readonly) connection.pragma(`application_id = ${APPLICATION_ID}`)
    }
    if (!readonly) chmodSync(path, 0o600)
    return connection
  } catch (error) {
    connection.close()
    throw named(path, error)
  }
}

function named(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return new DamagedDatabaseError(path, code)
  return error
}
