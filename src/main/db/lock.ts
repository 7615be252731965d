import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'

/**
 * Keeps a data folder for one process. The lock is an exclusive transaction on a small database of its own: the system
 * releases it when the process ends, however it ends, so there is no stale lock to clean up.
 * Returns a function that releases it, or null when another process holds it.
 */
export function lockFolder(folder: string): (() => void) | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'lock.sqlite')
  // Before it is opened, since the journal beside it gets the same permissions.
  closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
  const connection = new BetterSqlite(path, { timeout: 0 })
  try {
    connection.pragma('journal_mode = DELETE')
    connection.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    connection.close()
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) return null
    throw error
  }
  return () => connection.close()
}
