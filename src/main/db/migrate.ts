import type { Database } from './database.ts'
import { migrations } from './migrations/index.ts'

/** One step of the schema. `sql` runs in a transaction of its own; numbers have no gap. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

export class NewerDatabaseError extends Error {
  constructor(found: number, known: number) {
    super(
      `This data folder was written by a newer version of Campaign Connector (schema ${found}, this version knows ${known}). Install that version or newer; nothing was changed.`,
    )
    this.name = 'NewerDatabaseError'
  }
}

export const LATEST = migrations.length

/** The number of the last migration that the file has seen; 0 for a new file. */
export function schemaVersion(db: Database): number {
  return db.connection.pragma('user_version', { simple: true }) as number
}

/**
 * Brings the schema to `target`, one transaction a step. `beforeFirst` is called once before a file with data in it is
 * changed, to make a backup. Throws NewerDatabaseError for a file from the future.
 */
export function migrate(db: Database, beforeFirst: (from: number) => void = () => {}, target = LATEST): void {
  const from = schemaVersion(db)
  if (from > LATEST) throw new NewerDatabaseError(from, LATEST)
  if (from > 0 && from < target) beforeFirst(from)
  for (const migration of migrations.slice(from, target)) {
    db.write(() => {
      db.connection.exec(migration.sql)
      const broken = db.connection.pragma('foreign_key_check') as unknown[]
      if (broken.length > 0) throw new Error(`Migration ${migration.number} would break ${broken.length} references.`)
      db.connection.pragma(`user_version = ${migration.number}`)
    })
  }
}
