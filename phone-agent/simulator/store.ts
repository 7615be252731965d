import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type PhoneConfig, TERMUX_API } from './config.ts'
import { toE164 } from './numbers.ts'

/** Something that will be a row of the SMS store once its time has come; nobody has to run for that to happen. */
export interface PendingRow {
  /** Real time in milliseconds at which the row is written. */
  due: number
  /** 1 received, 2 sent. */
  type: 1 | 2
  address: string
  body: string
  /** Package of the app that wrote it; null for received texts. */
  creator: string | null
  subId: number
  /** Real time that the row is dated with, if it is not the moment of writing. */
  dated?: number
  /** Milliseconds after the writing from which other apps see the row. */
  hiddenMs?: number
  /** Milliseconds after the writing at which a sent row becomes a failed one. */
  failsAfterMs?: number
  /** Delete the newest row of the Termux:API app first, so that its id is used again. */
  reuseId?: boolean
  /** It comes by radio, so it waits while the phone is in airplane mode. */
  byRadio?: boolean
  /** For received texts: what made it (`received`, `own`, or what a person meant by it). */
  kind?: string
  /** Number of the line in `radio.log` this row stands for. */
  seq?: number
}

/** Opens the store of an existing phone. @throws Error with a sentence when the folder holds none. */
export function openStore(dir: string): DatabaseSync {
  const file = join(dir, 'phone.sqlite')
  if (!existsSync(file)) throw new Error(`There is no simulated phone in ${dir}. Make one with: sim ${dir} create`)
  return openFile(file)
}

/** Creates the store of a new phone. */
export function createStore(dir: string): DatabaseSync {
  const db = openFile(join(dir, 'phone.sqlite'))
  db.exec('PRAGMA journal_mode = WAL')
  db.exec(SCHEMA)
  return db
}

/** Runs the work in one write transaction; other processes wait for it. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

export function readConfig(db: DatabaseSync): PhoneConfig {
  const row = db.prepare("SELECT value FROM meta WHERE key = 'config'").get()
  return JSON.parse(String(row?.value)) as PhoneConfig
}

export function writeConfig(db: DatabaseSync, config: PhoneConfig): void {
  db.prepare("INSERT OR REPLACE INTO meta VALUES ('config', ?)").run(JSON.stringify(config))
}

/** Takes the next `howMany` numbers of a counter and returns the first of them, from 1. */
export function take(db: DatabaseSync, counter: string, howMany = 1): number {
  const row = db
    .prepare('INSERT INTO counters VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET n = n + ?2 RETURNING n')
    .get(counter, howMany)
  return Number(row?.n) - howMany + 1
}

export function plan(db: DatabaseSync, row: PendingRow): void {
  db.prepare(
    `INSERT INTO pending (due, type, address, body, creator, sub_id, dated, hidden_ms, fails_after_ms, reuse_id, by_radio, kind, seq)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    row.due,
    row.type,
    row.address,
    row.body,
    row.creator,
    row.subId,
    row.dated ?? null,
    row.hiddenMs ?? 0,
    row.failsAfterMs ?? null,
    row.reuseId ? 1 : 0,
    row.byRadio ? 1 : 0,
    row.kind ?? null,
    row.seq ?? null,
  )
}

/** Whether a planned row has come due. Reads only, so that looking into an idle phone writes nothing. */
export function isDue(db: DatabaseSync, now: number): boolean {
  return db.prepare('SELECT 1 FROM pending WHERE due <= ? LIMIT 1').get(now) !== undefined
}

/** What should have come by radio by now was kept up, so that it comes now. Call it inside a transaction. */
export function endAirplaneMode(db: DatabaseSync, now: number): void {
  db.prepare('UPDATE pending SET earliest = ? WHERE by_radio AND due <= ?').run(now, now)
}

/** Brings everything that is to come nearer; what comes by that comes now. Call it inside a transaction. */
export function passTime(db: DatabaseSync, ms: number, now: number): void {
  db.prepare('UPDATE pending SET earliest = ?1 WHERE due > ?1').run(now)
  db.prepare('UPDATE pending SET due = due - ?').run(ms)
  db.prepare('UPDATE gate SET at = at - ?').run(ms)
  db.prepare('UPDATE messages SET visible_from = visible_from - ?1, fails_at = fails_at - ?1').run(ms)
}

/**
 * Writes the rows that have come due by now, in the order in which they did, each with the highest id plus one: like
 * Android's own table, this one has no AUTOINCREMENT. Call it inside a transaction.
 */
export function settle(db: DatabaseSync, config: PhoneConfig, now: number): void {
  const due = db
    .prepare('SELECT * FROM pending WHERE due <= ? AND NOT (by_radio AND ?) ORDER BY due, id')
    .all(now, config.faults.airplane ? 1 : 0)
  if (due.length === 0) return
  const done = db.prepare('DELETE FROM pending WHERE id = ?')
  for (const row of due) {
    if (row.reuse_id) deleteNewestOf(db, TERMUX_API)
    const address = String(row.address)
    const moment = Math.max(Number(row.due), Number(row.earliest))
    const dated = row.dated === null ? moment : Number(row.dated)
    const { id } = db
      .prepare(
        `INSERT INTO messages (_id, thread_id, address, date, date_sent, read, type, fails_at, visible_from, body, creator, sub_id, seq)
         SELECT COALESCE(MAX(_id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM messages RETURNING _id AS id`,
      )
      .get(
        threadOf(db, config, address),
        address,
        dated + config.clockOffsetMs,
        row.type === 1 ? dated : 0,
        row.type === 1 ? 0 : 1,
        row.type as number,
        row.fails_after_ms === null ? null : moment + Number(row.fails_after_ms),
        moment + Number(row.hidden_ms),
        row.body as string,
        row.creator as string | null,
        row.sub_id as number,
        row.seq as number | null,
      ) as { id: number }
    if (row.type === 1) {
      db.prepare('INSERT INTO arrivals (at, address, body, sub_id, kind, message_id) VALUES (?, ?, ?, ?, ?, ?)').run(
        moment,
        address,
        row.body as string,
        row.sub_id as number,
        String(row.kind ?? 'received'),
        id,
      )
    }
    done.run(row.id as number)
  }
}

/**
 * The part of a SELECT that gives what an app sees that is not the default SMS app: received and sent rows only, under
 * Android's column names, as the table `sms`.
 */
export function restrictedView(now: number): string {
  return `WITH sms AS (
    SELECT _id, thread_id, address, NULL AS person, date, date_sent, 0 AS protocol, read, -1 AS status, type, body,
           0 AS locked, sub_id, 0 AS error_code, creator, 1 AS seen
    FROM messages WHERE type IN (1, 2) AND visible_from <= ${now} AND (fails_at IS NULL OR fails_at > ${now}))`
}

function deleteNewestOf(db: DatabaseSync, creator: string): void {
  db.prepare('DELETE FROM messages WHERE _id = (SELECT MAX(_id) FROM messages) AND type = 2 AND creator = ?').run(
    creator,
  )
}

/** Texts with one number are one thread, however the number is written. */
function threadOf(db: DatabaseSync, config: PhoneConfig, address: string): number {
  const key = toE164(address, config.sims[0]?.country ?? '')
  db.prepare('INSERT OR IGNORE INTO threads (address) VALUES (?)').run(key)
  return Number(db.prepare('SELECT id FROM threads WHERE address = ?').get(key)?.id)
}

function openFile(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 20_000 })
  // A simulated phone never loses power: what a killed process has committed is in the page cache.
  db.exec('PRAGMA synchronous = OFF')
  return db
}

const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE counters (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE threads (id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE);
  CREATE TABLE messages (
    _id INTEGER PRIMARY KEY, thread_id INTEGER NOT NULL, address TEXT NOT NULL, date INTEGER NOT NULL,
    date_sent INTEGER NOT NULL, read INTEGER NOT NULL, type INTEGER NOT NULL, fails_at INTEGER,
    visible_from INTEGER NOT NULL, body TEXT NOT NULL, creator TEXT, sub_id INTEGER NOT NULL, seq INTEGER);
  CREATE INDEX messages_by_date ON messages (date);
  CREATE TABLE pending (
    id INTEGER PRIMARY KEY AUTOINCREMENT, due INTEGER NOT NULL, type INTEGER NOT NULL, address TEXT NOT NULL,
    body TEXT NOT NULL, creator TEXT, sub_id INTEGER NOT NULL, dated INTEGER, hidden_ms INTEGER NOT NULL,
    fails_after_ms INTEGER, earliest INTEGER NOT NULL DEFAULT 0, reuse_id INTEGER NOT NULL, by_radio INTEGER NOT NULL, kind TEXT, seq INTEGER);
  CREATE INDEX pending_by_due ON pending (due);
  CREATE TABLE arrivals (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, address TEXT NOT NULL, body TEXT NOT NULL,
    sub_id INTEGER NOT NULL, kind TEXT NOT NULL, message_id INTEGER NOT NULL);
  CREATE TABLE gate (at INTEGER NOT NULL, segments INTEGER NOT NULL);
  CREATE INDEX gate_by_time ON gate (at);
  CREATE TABLE dialogs (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL);
  CREATE TABLE people (
    number TEXT PRIMARY KEY, texts INTEGER NOT NULL, answers INTEGER NOT NULL, asked_help INTEGER NOT NULL,
    stopped INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE notifications (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL, ongoing INTEGER NOT NULL,
    alert_once INTEGER NOT NULL) WITHOUT ROWID;
`
