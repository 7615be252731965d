import type { Database, Writer } from './database.ts'

/**
 * Like `db.write`, but does not wait until the disk has it: for long work in many small transactions, each of which
 * stores how far the work is. When the power goes the last of them may be missing, and the work goes on from what is
 * there. The order of commits stands: whatever is written synced afterwards takes these with it.
 */
export function writeUnsynced<T>(db: Database, work: (db: Writer) => T): T {
  if (db.inTransaction) return db.write(work)
  db.connection.pragma('synchronous = NORMAL')
  try {
    return db.write(work)
  } finally {
    db.connection.pragma('synchronous = FULL')
  }
}
