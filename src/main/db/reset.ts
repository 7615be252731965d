import type { Database, Reader, Writer } from './database.ts'
import { setMetaValue } from './meta.ts'

/** What a reset empties. */
export const EMPTIED = [
  ...[
    'follow_up_work',
    'campaign_step_counts',
    'messages',
    'automatic_actions',
    'inbound',
    'inbound_counts',
    'thread_tags',
    'note_mentions',
    'thread_notes',
    'threads',
    'thread_counts',
  ],
  ...['said', 'said_waiting', 'said_history'],
  ...['outcome_sums', 'lane_sums', 'reason_sums', 'answer_sums'],
  ...['campaign_counts', 'campaign_answers', 'campaign_left_out', 'campaign_left_out_counts', 'campaigns'],
  ...['list_members', 'lists', 'contact_tags', 'tags', 'contact_fields', 'contacts', 'consents'],
  ...['segments', 'undos', 'bulk_changes', 'bulk_jobs'],
  ...['import_rejections', 'import_flags', 'import_changes', 'imports', 'webhook_deliveries'],
] as const

/** Campaigns that send. */
export function runningCampaignIds(db: Reader): number[] {
  return db.all<{ id: number }>("SELECT id FROM campaigns WHERE state = 'running' ORDER BY id").map(row => row.id)
}

/** Imports that are at work. */
export function workingImportIds(db: Reader): number[] {
  return db
    .all<{ id: number }>("SELECT id FROM imports WHERE state IN ('running', 'undoing') ORDER BY id")
    .map(row => row.id)
}

/**
 * Phones that may hold messages or have attempted them without a last word, with how many. Also those that nobody wants from
 * them any more and that they have not given back; of a revoked phone those count no more, since it never gets a lease.
 */
export function phonesWithMessages(db: Reader): { id: number; name: string; messages: number }[] {
  return db.all(
    `SELECT p.id, p.name, sum(held.n) AS messages FROM (
       SELECT s.phone_id AS id, count(*) AS n FROM sims s CROSS JOIN messages m ON m.sim_id = s.id
         WHERE m.state IN ('assigned', 'accepted', 'attempting', 'handed_over') GROUP BY s.phone_id
       UNION ALL SELECT r.phone_id, count(*) FROM strays r JOIN phones q ON q.id = r.phone_id
         WHERE q.revoked_at IS NULL GROUP BY r.phone_id) held JOIN phones p ON p.id = held.id GROUP BY p.id ORDER BY p.id`,
  )
}

/**
 * Runs `work`, which begins and ends a transaction of its own, without foreign keys: only then can a table of millions of
 * rows be emptied at once, by giving its pages back. `work` has to leave the references whole; see `emptyTables`.
 */
export function withoutForeignKeys<T>(db: Database, work: () => T): T {
  // SQLite ignores the pragma inside a transaction.
  if (db.inTransaction) throw new Error('foreign keys cannot be switched off inside a transaction')
  db.connection.pragma('foreign_keys = OFF')
  try {
    return work()
  } finally {
    db.connection.pragma('foreign_keys = ON')
  }
}

/**
 * Empties the tables of a reset. Ids go on where they were, so that none is given out twice. Messages without proof that
 * were attempted after `since` go on blocking their number and body. Throws when a reference would point to nothing.
 */
export function emptyTables(db: Writer, at: number, since: number): void {
  db.run(
    `INSERT INTO foreign_attempts (message_id, phone_id, assignment, number, body_hash, state, attempted_at)
       SELECT m.id, s.phone_id, m.assignment, m.number, m.body_hash, 'unknown',
         coalesce(m.attempted_at, m.assigned_at, m.created_at) FROM messages m JOIN sims s ON s.id = m.sim_id
       WHERE m.state = 'unknown' AND m.body_hash IS NOT NULL AND coalesce(m.attempted_at, m.assigned_at, m.created_at) > ?
       ON CONFLICT DO NOTHING`,
    since,
  )
  db.run('UPDATE suppressions SET inbound_id = NULL WHERE inbound_id IS NOT NULL')
  // Those of everybody stay, as the opt-outs do.
  db.run('DELETE FROM opt_out_words WHERE list_id IS NOT NULL')
  // Nobody reads them any more: they go like all that nobody used.
  db.run('UPDATE uploads SET import_id = NULL WHERE import_id IS NOT NULL')
  const triggers = db.all<{ name: string; sql: string }>(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (SELECT value FROM json_each(?))",
    JSON.stringify(EMPTIED),
  )
  for (const { name } of triggers) db.run(`DROP TRIGGER ${name}`)
  for (const table of EMPTIED) db.run(`DELETE FROM ${table}`)
  for (const { sql } of triggers) db.run(sql)
  db.run("INSERT INTO contacts_search (contacts_search) VALUES ('delete-all')")
  db.run('UPDATE contacts_search_state SET indexed_to = 0')
  db.run("INSERT INTO said_words (said_words) VALUES ('delete-all')")
  setMetaValue(db, 'reset_at', String(at))
  const broken = db.all<{ table: string }>('PRAGMA foreign_key_check').map(row => row.table)
  if (broken.length > 0) throw new Error(`rows of ${[...new Set(broken)].join(', ')} would point to nothing`)
}

/** Changes with everything that people and phones do: each of them leaves a row of the audit log or a place in a journal. */
export function changeStamp(db: Reader): string {
  const { seq } = db.get<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM audit')!
  const phones = db.all('SELECT id, acked_seq, journal FROM phones ORDER BY id')
  return JSON.stringify([seq, phones])
}
