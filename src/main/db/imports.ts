import type { Import } from '../../shared/operations/imports.ts'
import type { ContactDetails } from './contacts.ts'
import type { Reader, Value, Writer } from './database.ts'

export type ImportState = Import['state'] | 'forgotten'

export interface ImportRow extends ImportCounts {
  readonly id: number
  readonly fileName: string
  readonly path: string
  /** Bytes. */
  readonly fileSize: number
  /** When the file was written last, ms UTC. */
  readonly fileChangedAt: number
  /** JSON of an ImportPlan. */
  readonly settings: string
  readonly state: ImportState
  readonly error: string
  readonly createdBy: string
  readonly createdAt: number
  readonly finishedAt: number | null
  readonly undoPhase: number
  readonly undoAfter: number
  readonly removed: number
  readonly restored: number
  readonly kept: number
}

/** How far an import is; stored in the transaction of the rows that it counts. */
export interface ImportCounts {
  /** The row of the spreadsheet up to which everything is stored. */
  doneRow: number
  /** Of the window at work: its last row (null: not known yet) and the last number and row stored, in their order. */
  windowEnd: number | null
  windowNumber: string
  windowRow: number
  bytesRead: number
  rows: number
  created: number
  updated: number
  duplicates: number
  rejected: number
  flagged: number
  /** A JSON object of counts, by code. */
  rejectedByCode: string
}

export interface NewImport {
  readonly fileName: string
  readonly path: string
  readonly fileSize: number
  readonly fileChangedAt: number
  readonly settings: string
  readonly createdBy: string
  readonly createdAt: number
}

/** A new import in the state `running`; returns its id. */
export function insertImport(db: Writer, order: NewImport): number {
  return db.run(
    `INSERT INTO imports (file_name, path, file_size, file_changed_at, settings, state, created_by, created_at)
       VALUES (?, ?, ?, ?, ?, 'running', ?, ?)`,
    order.fileName,
    order.path,
    order.fileSize,
    order.fileChangedAt,
    order.settings,
    order.createdBy,
    order.createdAt,
  ).id
}

/** Undefined also for one that is being forgotten. */
export function importById(db: Reader, id: number): ImportRow | undefined {
  return db.get(`${SELECT} WHERE id = ? AND state <> 'forgotten'`, id)
}

/** Newest first, those with an id below `before`. */
export function listImports(db: Reader, before: number, limit: number): ImportRow[] {
  return db.all(`${SELECT} WHERE id < ? AND state <> 'forgotten' ORDER BY id DESC LIMIT ?`, before, limit)
}

/** The oldest import in one of these states. */
export function firstImportIn(db: Reader, ...states: ImportState[]): ImportRow | undefined {
  return db.get(`${SELECT} WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1`, JSON.stringify(states))
}

/** Ids of the imports in a state, oldest first. */
export function importIdsIn(db: Reader, state: ImportState): number[] {
  return db.all<{ id: number }>('SELECT id FROM imports WHERE state = ? ORDER BY id', state).map(row => row.id)
}

export function setImportState(
  db: Writer,
  id: number,
  state: ImportState,
  end: { error?: string; finishedAt?: number | null } = {},
): void {
  db.run(
    'UPDATE imports SET state = ?, error = ?, finished_at = ? WHERE id = ?',
    state,
    end.error ?? '',
    end.finishedAt ?? null,
    id,
  )
}

export function storeCounts(db: Writer, id: number, counts: ImportCounts): void {
  db.run(
    `UPDATE imports SET done_row = ?, window_end = ?, window_number = ?, window_row = ?, bytes_read = ?, rows = ?, created = ?,
       updated = ?, duplicates = ?, rejected = ?, flagged = ?, rejected_by_code = ? WHERE id = ?`,
    counts.doneRow,
    counts.windowEnd,
    counts.windowNumber,
    counts.windowRow,
    counts.bytesRead,
    counts.rows,
    counts.created,
    counts.updated,
    counts.duplicates,
    counts.rejected,
    counts.flagged,
    counts.rejectedByCode,
    id,
  )
}

export interface UndoProgress {
  readonly undoPhase: number
  readonly undoAfter: number
  readonly removed: number
  readonly restored: number
  readonly kept: number
}

export function storeUndo(db: Writer, id: number, undo: UndoProgress): void {
  db.run(
    'UPDATE imports SET undo_phase = ?, undo_after = ?, removed = ?, restored = ?, kept = ? WHERE id = ?',
    undo.undoPhase,
    undo.undoAfter,
    undo.removed,
    undo.restored,
    undo.kept,
    id,
  )
}

export interface RejectionRow {
  readonly row: number
  readonly code: string
  /** Empty: the sentence that stands for the code. */
  readonly message: string
  readonly value: string
  /** A JSON array of texts. */
  readonly cells: string
}

export function insertRejection(db: Writer, importId: number, rejection: RejectionRow): void {
  db.run(
    'INSERT INTO import_rejections (import_id, row, code, message, value, cells) VALUES (?, ?, ?, ?, ?, ?)',
    importId,
    rejection.row,
    rejection.code,
    rejection.message,
    rejection.value,
    rejection.cells,
  )
}

/** By row, those after row `after`. */
export function listRejections(db: Reader, importId: number, after: number, limit: number): RejectionRow[] {
  return db.all(
    'SELECT row, code, message, value, cells FROM import_rejections WHERE import_id = ? AND row > ? ORDER BY row LIMIT ?',
    importId,
    after,
    limit,
  )
}

export interface FlagRow {
  readonly row: number
  readonly field: string
  readonly code: string
  readonly value: string
}

/** Returns how many were not there already. */
export function insertFlag(db: Writer, importId: number, flag: FlagRow): number {
  return db.run(
    'INSERT INTO import_flags (import_id, row, field, code, value) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    importId,
    flag.row,
    flag.field,
    flag.code,
    flag.value,
  ).changes
}

/** By row, column and code, from after a place in that order on. */
export function listFlags(
  db: Reader,
  importId: number,
  after: { row: number; field: string; code: string },
  limit: number,
): FlagRow[] {
  return db.all(
    `SELECT row, field, code, value FROM import_flags WHERE import_id = ? AND (row, field, code) > (?, ?, ?)
       ORDER BY row, field, code LIMIT ?`,
    importId,
    after.row,
    after.field,
    after.code,
    limit,
  )
}

/** What an import did to a contact that was there before it. */
export interface ImportChange {
  readonly contactId: number
  /** What the contact was; null when it only came to lists or tags. */
  readonly before: ContactDetails | null
  /** The contact's version after the change. */
  readonly afterVersion: number
}

export function importChange(db: Reader, importId: number, contactId: number): ImportChange | undefined {
  const row = db.get<StoredChange>(`${SELECT_CHANGE} WHERE import_id = ? AND contact_id = ?`, importId, contactId)
  return row && parsedChange(row)
}

export function storeImportChange(db: Writer, importId: number, change: ImportChange): void {
  db.run(
    `INSERT INTO import_changes (import_id, contact_id, before, after_version) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET before = excluded.before, after_version = excluded.after_version`,
    importId,
    change.contactId,
    change.before === null ? null : JSON.stringify(change.before),
    change.afterVersion,
  )
}

/** Notes that these contacts came to lists or tags, where nothing is noted of them yet. */
export function noteTouched(db: Writer, importId: number, contactIds: readonly number[]): void {
  db.run(
    `INSERT INTO import_changes (import_id, contact_id, before, after_version) SELECT ?, value, NULL, 0 FROM json_each(?) WHERE true
       ON CONFLICT DO NOTHING`,
    importId,
    JSON.stringify(contactIds),
  )
}

/** By contact, those after `after`. */
export function importChanges(db: Reader, importId: number, after: number, limit: number): ImportChange[] {
  return db
    .all<StoredChange>(
      `${SELECT_CHANGE} WHERE import_id = ? AND contact_id > ? ORDER BY contact_id LIMIT ?`,
      importId,
      after,
      limit,
    )
    .map(parsedChange)
}

/** Removes up to `limit` rows of an import's report or of its changes. Returns how many. */
export function clearImportRows(db: Writer, importId: number, limit: number): number {
  const values: Value[] = [importId, importId, limit]
  for (const [table, key] of REPORT) {
    const { changes } = db.run(
      `DELETE FROM ${table} WHERE import_id = ? AND ${key} IN (SELECT ${key} FROM ${table} WHERE import_id = ? LIMIT ?)`,
      ...values,
    )
    if (changes > 0) return changes
  }
  return 0
}

export function deleteImport(db: Writer, id: number): void {
  db.run('DELETE FROM imports WHERE id = ?', id)
}

const REPORT = [
  ['import_rejections', 'row'],
  ['import_flags', 'row'],
  ['import_changes', 'contact_id'],
] as const

const SELECT = `SELECT id, file_name AS fileName, path, file_size AS fileSize, file_changed_at AS fileChangedAt, settings, state,
  done_row AS doneRow, window_end AS windowEnd, window_number AS windowNumber, window_row AS windowRow, bytes_read AS bytesRead,
  rows, created, updated, duplicates, rejected, flagged, rejected_by_code AS rejectedByCode, undo_phase AS undoPhase,
  undo_after AS undoAfter, removed, restored, kept, error, created_by AS createdBy, created_at AS createdAt,
  finished_at AS finishedAt FROM imports`

const SELECT_CHANGE = 'SELECT contact_id AS contactId, before, after_version AS afterVersion FROM import_changes'

interface StoredChange {
  readonly contactId: number
  readonly before: string | null
  readonly afterVersion: number
}

function parsedChange({ contactId, before, afterVersion }: StoredChange): ImportChange {
  return { contactId, before: before === null ? null : (JSON.parse(before) as ContactDetails), afterVersion }
}
