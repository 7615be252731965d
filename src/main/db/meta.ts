import type { Reader, Writer } from './database.ts'

/**
 * What the installation is. `installation`: its identity, fixed on the first opening. `epoch`: which life of the database
 * this is; a restore raises it, and phones refuse a lower one. `admin_applied`: the administrators that were taken from
 * the environment, so that each is taken once. `environment_keys`: since when API keys of the environment are there.
 * `reset_at`: when the database was emptied last. `blind_restore_at`: when a backup was restored last without the database
 * that it replaced.
 */
type MetaKey =
  | 'installation'
  | 'epoch'
  | 'admin_applied'
  | 'environment_keys'
  | 'reset_at'
  | 'blind_restore_at'
  | 'retention_ran_at'

/** The epoch of this database: milliseconds since 1970, raised by each restore. */
export function epochOf(db: Reader): number {
  return Number(metaValue(db, 'epoch') ?? 0)
}

export function setEpoch(db: Writer, epoch: number): void {
  setMetaValue(db, 'epoch', String(epoch))
}

/** When everything was removed last, ms; 0: never. */
export function resetAt(db: Reader): number {
  return Number(metaValue(db, 'reset_at') ?? 0)
}

/** When a backup was restored last without knowing what had been done since it was made, ms; 0: never. */
export function blindRestoreAt(db: Reader): number {
  return Number(metaValue(db, 'blind_restore_at') ?? 0)
}

export function noteBlindRestore(db: Writer, at: number): void {
  setMetaValue(db, 'blind_restore_at', String(at))
}

/** Gives a new database its identity and its first epoch; leaves one that has them as it is. */
export function initialiseMeta(db: Writer, installation: string, epoch: number): void {
  const sql = 'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING'
  db.run(sql, 'installation', installation)
  db.run(sql, 'epoch', String(epoch))
}

export function metaValue(db: Reader, key: MetaKey): string | undefined {
  return db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value
}

export function setMetaValue(db: Writer, key: MetaKey, value: string): void {
  db.run('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', key, value)
}
