import type { Undo } from '../../shared/operations/undo.ts'
import type { Reader, Value, Writer } from './database.ts'

export interface UndoRow {
  readonly id: number
  readonly kind: Undo['kind']
  /** The id of the bulk action, list, segment or campaign. */
  readonly subject: number
  readonly name: string
  /** JSON: the row as it was, or the name after a change. */
  readonly before: string
  readonly state: 'open' | 'undoing' | 'undone'
  readonly restored: number
  readonly createdBy: string
  readonly createdAt: number
}

const UNDO = `SELECT id, kind, subject, name, before, state, restored, created_by AS createdBy, created_at AS createdAt
  FROM undos`

export function insertUndo(
  db: Writer,
  undo: Pick<UndoRow, 'kind' | 'subject' | 'name' | 'before' | 'createdBy' | 'createdAt'>,
): number {
  return db.run(
    'INSERT INTO undos (kind, subject, name, before, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    ...[undo.kind, undo.subject, undo.name, undo.before, undo.createdBy, undo.createdAt],
  ).id
}

export function undoById(db: Reader, id: number): UndoRow | undefined {
  return db.get(`${UNDO} WHERE id = ?`, id)
}

/** The one of a bulk action, list, segment or campaign. */
export function undoOf(db: Reader, kind: UndoRow['kind'], subject: number): UndoRow | undefined {
  return db.get(`${UNDO} WHERE kind = ? AND subject = ? ORDER BY id DESC LIMIT 1`, kind, subject)
}

/** Those that were made after `since`, newest first. */
export function listUndos(db: Reader, since: number, limit: number): UndoRow[] {
  return db.all(`${UNDO} WHERE created_at > ? ORDER BY created_at DESC, id DESC LIMIT ?`, since, limit)
}

export function setUndoState(db: Writer, id: number, state: UndoRow['state']): void {
  db.run('UPDATE undos SET state = ? WHERE id = ?', state, id)
}

export function countRestored(db: Writer, id: number, restored: number): void {
  db.run('UPDATE undos SET restored = restored + ? WHERE id = ?', restored, id)
}

/** The oldest that is being undone. */
export function undoToDo(db: Reader): UndoRow | undefined {
  return db.get(`${UNDO} WHERE state = 'undoing' ORDER BY id LIMIT 1`)
}

/** Those whose time is over, or that were undone and are older, so that nothing is left of them. Oldest first. */
export function undoToForget(db: Reader, before: number): UndoRow | undefined {
  return db.get(`${UNDO} WHERE created_at <= ? AND state <> 'undoing' ORDER BY created_at LIMIT 1`, before)
}

export function deleteUndo(db: Writer, id: number): void {
  db.run('DELETE FROM undos WHERE id = ?', id)
}

/** What a bulk action has just changed. Call it after the change, which voids what others noted before. */
export function noteBulkChanges(db: Writer, jobId: number, contactIds: readonly number[]): void {
  db.run('INSERT INTO bulk_changes SELECT ?, value FROM json_each(?)', jobId, JSON.stringify(contactIds))
}

/** Up to `limit` contacts whose change by a bulk action can still be undone. */
export function bulkChangesOf(db: Reader, jobId: number, limit: number): number[] {
  return db
    .all<{ id: number }>(
      'SELECT contact_id AS id FROM bulk_changes WHERE job_id = ? ORDER BY contact_id LIMIT ?',
      jobId,
      limit,
    )
    .map(row => row.id)
}

/** Returns how many of up to `limit` were forgotten. */
export function forgetBulkChanges(db: Writer, jobId: number, limit: number): number {
  return db.run(
    `DELETE FROM bulk_changes WHERE job_id = ? AND contact_id IN (
       SELECT contact_id FROM bulk_changes WHERE job_id = ? ORDER BY contact_id LIMIT ?)`,
    jobId,
    jobId,
    limit,
  ).changes
}

/** A whole row, by its columns. */
export type WholeRow = Readonly<Record<string, Value>>
type Kept = 'segments' | 'campaigns'

/** The row as it is, for `putWholeRow`. */
export function wholeRow(db: Reader, table: Kept, id: number): WholeRow | undefined {
  return db.get(`SELECT * FROM ${table} WHERE id = ?`, id)
}

/** Puts a row back that was deleted, under its own id. Columns that were added since have their defaults. */
export function putWholeRow(db: Writer, table: Kept, row: WholeRow): void {
  const columns = db
    .all<{ name: string }>('SELECT name FROM pragma_table_info(?)', table)
    .map(({ name }) => name)
    .filter(name => name in row)
  const values = columns.map(name => row[name]!)
  db.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`, ...values)
}
