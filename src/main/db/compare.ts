import { existsSync } from 'node:fs'
import { type Inspection, inspectDatabase } from './backups.ts'
import type { Reader } from './database.ts'
import { schemaVersion } from './migrate.ts'
import { openDatabase } from './open.ts'

/** How much of each there is. */
export interface Holdings {
  readonly contacts: number
  readonly campaigns: number
  readonly messages: number
  readonly imports: number
  readonly users: number
  readonly phones: number
}

export interface Comparison extends Omit<Inspection, 'contacts' | 'messages'> {
  /** The last thing that the backup knows of, in ms UTC; null where it knows of nothing. */
  readonly until: number | null
  readonly holds: Holdings
  readonly now: Holdings
  /** What was made here since, and is not in the backup. */
  readonly since: Omit<Holdings, 'phones'>
  /** Whether a passphrase opens it. */
  readonly hasPassphrase: boolean
}

const NOTHING: Holdings = { contacts: 0, campaigns: 0, messages: 0, imports: 0, users: 0, phones: 0 }

/**
 * What a backup holds beside what there is now. Walks through whole tables: run it by `runChore`. Throws when the file is no
 * database of ours.
 */
export function compareDatabases(backup: string, present: string): Comparison {
  const { faults, schema } = inspectDatabase(backup)
  const found = schema === 0 || faults.length > 0 ? null : read(backup, lookInto)
  const until = found?.until ?? null
  const here = existsSync(present) ? read(present, db => ({ now: holdings(db), since: madeSince(db, until) })) : null
  return {
    ...{ faults, schema, until },
    holds: found?.holds ?? NOTHING,
    hasPassphrase: found?.hasPassphrase ?? false,
    now: here?.now ?? NOTHING,
    since: here?.since ?? NOTHING,
  }
}

function lookInto(db: Reader): Pick<Comparison, 'until' | 'holds' | 'hasPassphrase'> {
  return {
    until: db.get<{ at: number | null }>('SELECT max(at) AS at FROM audit')?.at ?? null,
    holds: holdings(db),
    hasPassphrase: db.get("SELECT 1 FROM key_slots WHERE kind = 'passphrase'") !== undefined,
  }
}

function holdings(db: Reader): Holdings {
  const count = (table: string, where = '') => db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table} ${where}`)!.n
  return {
    contacts: count('contacts'),
    campaigns: count('campaigns'),
    messages: count('messages'),
    imports: count('imports'),
    users: count('users'),
    phones: count('phones', 'WHERE revoked_at IS NULL'),
  }
}

/** Null: the backup knows of nothing, so everything was made since. */
function madeSince(db: Reader, until: number | null): Comparison['since'] {
  const count = (table: string) =>
    db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE created_at > ?`, until ?? 0)!.n
  return {
    contacts: count('contacts'),
    campaigns: count('campaigns'),
    messages: count('messages'),
    imports: count('imports'),
    users: count('users'),
  }
}

function read<T>(path: string, work: (db: Reader) => T): T {
  const db = openDatabase(path, { readonly: true })
  try {
    if (schemaVersion(db) === 0) throw new Error('It is empty: no schema was ever made in it.')
    return work(db)
  } finally {
    db.close()
  }
}
