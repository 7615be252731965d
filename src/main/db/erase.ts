import { bare, ending } from './bare-number.ts'
import { contactByNumber, deleteContact } from './contacts.ts'
import type { Database, Reader, Value, Writer } from './database.ts'

/** What is known of a person who is being erased. */
export interface ErasedPerson {
  /** E.164 */
  readonly number: string
  readonly hash: Uint8Array
  /** What takes the place of the number in messages. */
  readonly standIn: string
}

/** Texts to a number that are on their way, or that a phone may hold. */
export function underwayFor(db: Reader, number: string): number {
  return db.get<{ n: number }>(
    "SELECT count(*) AS n FROM messages WHERE number = ? AND state IN ('assigned', 'accepted', 'attempting', 'handed_over')",
    number,
  )!.n
}

/**
 * Erases one person, in the transaction of the caller: contact, consent, thread, texts, notes and opt-out. Messages stay as
 * facts without number and text, so that the counts of campaigns stay right; of the opt-out only the keyed hash stays, and
 * one is made where there was none. Returns how many rows of what were erased.
 *
 * Every table that holds numbers or texts of people has its place here; a test walks the schema for what is missing.
 */
export function erasePerson(db: Writer, person: ErasedPerson): Record<string, number> {
  const { number, hash, standIn } = person
  const removed: Record<string, number> = {}
  const note = (what: string, rows: number): void => {
    if (rows > 0) removed[what] = (removed[what] ?? 0) + rows
  }
  // What is deleted is overwritten with zeros, in the tables and in the search indexes.
  db.get('PRAGMA secure_delete = ON')
  const indexes = searchIndexes(db).filter(name => secureDelete(db, name, true))
  try {
    const contact = contactByNumber(db, number)
    if (contact) {
      for (const { id } of db.all<{ id: number }>('SELECT id FROM imports')) {
        db.run('DELETE FROM import_changes WHERE import_id = ? AND contact_id = ?', id, contact.id)
      }
      db.run('DELETE FROM campaign_left_out WHERE contact_id = ?', contact.id)
      db.run('DELETE FROM bulk_changes WHERE contact_id = ?', contact.id)
      deleteContact(db, contact)
      note('contacts', 1)
    }
    const thread = db.get<{ id: number }>('SELECT id FROM threads WHERE number = ?', number)
    if (thread) {
      const texts = 'SELECT id FROM inbound WHERE thread_id = ?'
      db.run(`UPDATE messages SET cause_id = NULL WHERE cause_id IN (${texts})`, thread.id)
      db.run(`UPDATE consents SET keyword = NULL, proof = '' WHERE inbound_id IN (${texts})`, thread.id)
      note('replies', db.run('DELETE FROM inbound WHERE thread_id = ?', thread.id).changes)
      note('notes', db.run('DELETE FROM thread_notes WHERE thread_id = ?', thread.id).changes)
      db.run('DELETE FROM threads WHERE id = ?', thread.id)
      note('threads', 1)
    }
    const messages = db.run(
      `UPDATE messages SET number = ?, body = NULL, body_hash = NULL, evidence = '', zones = '', contact_id = NULL, cause_id = NULL,
         recall = NULL, reason = CASE WHEN state = 'queued' THEN 'suppressed' WHEN state IN ${OPEN} THEN 'interrupted' ELSE reason END,
         state = CASE WHEN state = 'queued' THEN 'suppressed' WHEN state IN ${OPEN} THEN 'unknown' ELSE state END WHERE number = ?`,
      standIn,
      number,
    )
    note('messages', messages.changes)
    const attempts = 'UPDATE foreign_attempts SET number = ?, body_hash = zeroblob(32) WHERE number = ?'
    note('attempts', db.run(attempts, standIn, number).changes)
    // Answers that were kept for repeated requests.
    note('answers', db.run('DELETE FROM idempotency WHERE instr(answer, ?) > 0', number).changes)
    note('searches', eraseSearches(db, number))
    const lifts = "UPDATE suppression_lifts SET number = NULL, note = '', why = '' WHERE number = ? OR number_hash = ?"
    db.run(lifts, number, hash)
    db.run(
      "UPDATE suppressions SET number = NULL, reason = 'erased', note = '', inbound_id = NULL WHERE number = ? OR number_hash = ?",
      number,
      hash,
    )
  } finally {
    for (const name of indexes) secureDelete(db, name, false)
    db.get('PRAGMA secure_delete = FAST')
  }
  return removed
}

/** After a restore some may still be with a phone, as far as the backup knows: the phone will tell how they ended. */
const OPEN = "('assigned', 'accepted', 'attempting', 'handed_over')"

/** Tables that hold cells of lists as they were written, where a number can stand in any form. */
export const REPORT_TABLES = ['import_rejections', 'import_flags'] as const
export type ReportTable = (typeof REPORT_TABLES)[number]

/** A place in such a table; null: before its first row. */
export type ReportPlace = readonly [importId: number, row: number] | null

const REPORTS = {
  import_rejections: { text: "value || ' ' || cells", change: "value = '', cells = '[]'" },
  import_flags: { text: 'value', change: "value = ''" },
} as const

/**
 * Empties rows of import reports that hold a number, whichever way it is written, from after `place` on. Looks at up to
 * `rows` of them. Returns how many were emptied, and where to go on (null: that was the end).
 */
export function eraseReports(
  db: Writer,
  table: ReportTable,
  number: string,
  place: ReportPlace,
  rows: number,
): { erased: number; next: ReportPlace } {
  const [importId, row] = place ?? [0, 0]
  const last = db.get<{ importId: number; row: number }>(
    `SELECT import_id AS importId, row FROM ${table} WHERE (import_id, row) > (?, ?) ORDER BY import_id, row LIMIT 1 OFFSET ?`,
    importId,
    row,
    rows - 1,
  )
  const [upImport, upRow] = last ? [last.importId, last.row] : [Number.MAX_SAFE_INTEGER, 0]
  const { text, change } = REPORTS[table]
  db.get('PRAGMA secure_delete = ON')
  try {
    const erased = db.run(
      `UPDATE ${table} SET ${change} WHERE (import_id, row) > (?, ?) AND (import_id, row) <= (?, ?) AND instr(${bare(text)}, ?) > 0`,
      ...[importId, row, upImport, upRow, ending(number)],
    ).changes
    return { erased, next: last ? [upImport, upRow] : null }
  } finally {
    db.get('PRAGMA secure_delete = FAST')
  }
}

/** What people type to find somebody can be their number: in saved segments, campaigns and bulk actions. */
function eraseSearches(db: Writer, number: string): number {
  // What an undo would bring back.
  let rows = db.run(`DELETE FROM undos WHERE instr(${bare('before')}, ?) > 0`, ending(number)).changes
  const places = [
    ['segments', 'audience', '$.search'],
    ['campaigns', 'audience', '$.search'],
    ['bulk_jobs', 'selection', '$.audience.search'],
  ] as const
  for (const [table, column, path] of places) {
    // A word that nobody is found by: an empty search would mean everybody.
    rows += db.run(
      `UPDATE ${table} SET ${column} = json_set(${column}, '${path}', 'erased-person')
         WHERE instr(${bare(`coalesce(${column} ->> '${path}', '')`)}, ?) > 0`,
      ending(number),
    ).changes
  }
  return rows
}

/** Full-text tables, by name. */
function searchIndexes(db: Reader): string[] {
  return db
    .all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5%' ORDER BY name",
    )
    .map(row => row.name)
}

/** Makes an index overwrite what is taken out of it. Returns whether that was a change. */
function secureDelete(db: Writer, index: string, on: boolean): boolean {
  const is = db.get<{ v: Value }>(`SELECT v FROM ${index}_config WHERE k = 'secure-delete'`)?.v === 1
  if (is === on) return false
  // As a literal: numbers are bound as REAL, which FTS5 takes for no setting.
  db.run(`INSERT INTO ${index} (${index}, rank) VALUES ('secure-delete', ${on ? 1 : 0})`)
  return true
}

/** Moves everything from the write-ahead log into the database and empties it, unless somebody reads from it. */
export function emptyLog(db: Database): void {
  db.connection.pragma('wal_checkpoint(TRUNCATE)')
}
