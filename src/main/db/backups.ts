import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { LATEST, NewerDatabaseError, schemaVersion } from './migrate.ts'
import { APPLICATION_ID, integrityFaults, openDatabase, snapshot } from './open.ts'
import { type KeySlot, putKeySlot } from './vault.ts'

/** What a look into a database file found. `faults` is empty when it is sound. */
export interface Inspection {
  readonly faults: string[]
  readonly schema: number
  readonly contacts: number
  readonly messages: number
}

/**
 * Copies the database at `from` to `to`, which must not exist, adds a key slot to the copy, looks for faults in it and
 * syncs it. Nothing is left at `to` unless all of that went well. Takes seconds for a large one: run it by `runChore`.
 */
export function copyDatabase(from: string, to: string, slot: KeySlot | null, at: number): Inspection {
  const part = `${to}.part`
  rmSync(part, { force: true })
  try {
    const source = openDatabase(from, { readonly: true })
    try {
      snapshot(source, part)
    } finally {
      source.close()
    }
    finishCopy(part, slot, at)
    const found = inspectDatabase(part)
    if (found.faults.length === 0) {
      syncPath(part)
      renameSync(part, to)
      syncPath(dirname(to))
    }
    return found
  } finally {
    rmSync(part, { force: true })
  }
}

/** Looks for every fault that SQLite can find, and counts. Throws when the file is no database of ours. */
export function inspectDatabase(path: string): Inspection {
  const db = openDatabase(path, { readonly: true })
  try {
    const schema = schemaVersion(db)
    const faults = integrityFaults(db)
    if (schema > LATEST) faults.push(new NewerDatabaseError(schema, LATEST).message)
    if (schema === 0) faults.push('It is empty: no schema was ever made in it.')
    const count = (table: string) => db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
    return schema === 0
      ? { faults, schema, contacts: 0, messages: 0 }
      : { faults, schema, contacts: count('contacts'), messages: count('messages') }
  } finally {
    db.close()
  }
}

/** Faults of the pages alone: quicker than `inspectDatabase`, which also compares every index with its table. */
export function quickCheck(path: string): string[] {
  const db = openDatabase(path, { readonly: true })
  try {
    const rows = db.connection.pragma('quick_check') as { quick_check: string }[]
    return rows.map(row => row.quick_check).filter(text => text !== 'ok')
  } finally {
    db.close()
  }
}

/** The schema's number from the head of the file, without opening it; null when it is no database of ours. */
export function schemaOfFile(path: string): number | null {
  const head = Buffer.alloc(100)
  const file = openSync(path, 'r')
  try {
    const whole = readSync(file, head, 0, 100, 0) === 100
    // Offsets of the user version and the application id in SQLite's file format.
    return whole && head.readInt32BE(68) === APPLICATION_ID ? head.readInt32BE(60) : null
  } finally {
    closeSync(file)
  }
}

/** Makes what was written to a file or folder survive a power cut. */
export function syncPath(path: string): void {
  // Windows cannot open a folder for this, and needs no such call.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A backup is a single file that opens from a read-only medium: no write-ahead log. */
function finishCopy(path: string, slot: KeySlot | null, at: number): void {
  const copy = openDatabase(path)
  try {
    if (slot) copy.write(tx => putKeySlot(tx, slot, at))
    copy.connection.pragma('journal_mode = DELETE')
  } finally {
    copy.close()
  }
}
