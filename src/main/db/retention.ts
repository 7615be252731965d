import type { Reader, Writer } from './database.ts'

/** A part of a table that one step looks at. */
export interface Part<Place> {
  /** Rows that were removed, or would be. */
  readonly rows: number
  /** Where to go on; null: that was the end of what is old. */
  readonly next: Place | null
}

/** What is old: before `before`, ms UTC. `at`: when it is removed; null: it is only counted. */
export interface Old {
  readonly before: number
  readonly at: number | null
}

/** Nothing will ever become of these. */
const SETTLED = "state IN ('sent', 'unknown', 'suppressed', 'expired', 'cancelled', 'failed')"

/** Texts of messages that have come to their end, from after the message `after` on: their ids are in the order of time. */
export function oldMessageTexts(db: Writer, old: Old, after: string, most: number): Part<string> {
  const span = db.get<{ last: string | null; oldest: number | null; n: number }>(
    `SELECT max(id) AS last, min(created_at) AS oldest, count(*) AS n FROM (
       SELECT id, created_at FROM messages WHERE id > ? ORDER BY id LIMIT ?)`,
    after,
    most,
  )!
  if (span.last === null || span.oldest! >= old.before) return { rows: 0, next: null }
  const where = `id > ? AND id <= ? AND coalesce(settled_at, created_at) < ? AND body IS NOT NULL AND ${SETTLED}`
  const values = [after, span.last, old.before] as const
  const rows =
    old.at === null
      ? count(db, `SELECT count(*) AS n FROM messages WHERE ${where}`, values)
      : db.run(`UPDATE messages SET body = NULL, evidence = '', text_removed_at = ? WHERE ${where}`, old.at, ...values)
          .changes
  return { rows, next: span.n < most ? null : span.last }
}

/** Texts that came in, from after the text `after` on. Which text it was stays known by its hash, so that none comes twice. */
export function oldReplies(db: Writer, old: Old, after: number, most: number): Part<number> {
  const last = lastOf(db, 'inbound', after, most)
  if (last.id === null) return { rows: 0, next: null }
  const where = "id > ? AND id <= ? AND stored_at < ? AND body <> ''"
  const values = [after, last.id, old.before] as const
  const rows =
    old.at === null
      ? count(db, `SELECT count(*) AS n FROM inbound WHERE ${where}`, values)
      : db.run(`UPDATE inbound SET body = '', intent_match = '', text_removed_at = ? WHERE ${where}`, old.at, ...values)
          .changes
  return { rows, next: last.n < most ? null : last.id }
}

/** The lines that the inbox shows of old texts. */
export function forgetOldLines(db: Writer, before: number, after: number, most: number): Part<number> {
  const last = lastOf(db, 'threads', after, most)
  if (last.id === null) return { rows: 0, next: null }
  const sql = "UPDATE threads SET last_text = '' WHERE id > ? AND id <= ? AND last_at < ? AND last_text <> ''"
  const rows = db.run(sql, after, last.id, before).changes
  return { rows, next: last.n < most ? null : last.id }
}

/** Sign-ins. */
export function oldSignIns(db: Writer, old: Old, _after: number, most: number): Part<number> {
  if (old.at === null)
    return { rows: count(db, 'SELECT count(*) AS n FROM logins WHERE at < ?', [old.before]), next: null }
  const rows = db.run('DELETE FROM logins WHERE id IN (SELECT id FROM logins WHERE at < ? LIMIT ?)', old.before, most)
  return { rows: rows.changes, next: rows.changes < most ? null : 0 }
}

/** Deliveries of webhooks that have come to their end. */
export function oldDeliveries(db: Writer, old: Old, after: number, most: number): Part<number> {
  const last = lastOf(db, 'webhook_deliveries', after, most)
  if (last.id === null) return { rows: 0, next: null }
  const where = "id > ? AND id <= ? AND coalesce(last_attempt_at, queued_at) < ? AND state <> 'pending'"
  const values = [after, last.id, old.before] as const
  const rows =
    old.at === null
      ? count(db, `SELECT count(*) AS n FROM webhook_deliveries WHERE ${where}`, values)
      : db.run(`DELETE FROM webhook_deliveries WHERE ${where}`, ...values).changes
  return { rows, next: last.n < most ? null : last.id }
}

/** Rows of the reports of imports that have ended: what was not taken in, and what deserved a look. By import. */
export function oldReports(db: Writer, old: Old, after: number, most: number): Part<number> {
  const next = db.get<{ id: number }>(
    'SELECT id FROM imports WHERE id > ? AND finished_at < ? ORDER BY id LIMIT 1',
    after,
    old.before,
  )
  if (!next) return { rows: 0, next: null }
  let rows = 0
  for (const table of ['import_rejections', 'import_flags']) {
    rows +=
      old.at === null
        ? count(db, `SELECT count(*) AS n FROM ${table} WHERE import_id = ?`, [next.id])
        : db.run(
            `DELETE FROM ${table} WHERE import_id = ? AND row <= (
               SELECT max(row) FROM (SELECT row FROM ${table} WHERE import_id = ? ORDER BY row LIMIT ?))`,
            next.id,
            next.id,
            most,
          ).changes
  }
  return { rows, next: old.at !== null && rows >= most ? after : next.id }
}

function lastOf(db: Reader, table: string, after: number, most: number): { id: number | null; n: number } {
  return db.get(
    `SELECT max(id) AS id, count(*) AS n FROM (SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT ?)`,
    after,
    most,
  )!
}

function count(db: Reader, sql: string, values: readonly (string | number)[]): number {
  return db.get<{ n: number }>(sql, ...values)!.n
}
