import { MARK } from '../domain/said-query.ts'
import type { Reader, Writer } from './database.ts'

export type SaidKind = 'in' | 'out' | 'note'

/** A text that was found, with where it belongs. */
export interface SaidRow {
  /** Its place in the order of time. */
  readonly place: number
  readonly kind: SaidKind
  readonly rowId: number | null
  readonly messageId: string | null
  readonly campaignId: number | null
  readonly body: string
  readonly at: number
  /** E.164, or the sender as the phone shows it. */
  readonly number: string
  readonly threadId: number | null
}

/** What a search is narrowed by. Times are ms UTC, by when the hub took the text; `to` is no part of it. */
export interface SaidFilter {
  readonly kind: SaidKind | null
  readonly campaignId: number | null
  readonly phoneId: number | null
  readonly from: number | null
  readonly to: number | null
}

/**
 * Texts that an expression of FTS5 finds, newest first, those before a place. What it is narrowed by are words of the index
 * and spans of its ids, so that it reads about as many rows as it returns.
 */
export function findSaid(
  db: Reader,
  expression: string,
  { kind, campaignId, phoneId, from, to }: SaidFilter,
  before: number,
  limit: number,
): SaidRow[] {
  const marks = [
    ...(kind === null ? [] : [kind]),
    ...(campaignId === null ? [] : [`c${campaignId}`]),
    ...(phoneId === null ? [] : [`p${phoneId}`]),
  ]
  const narrowed = [`(${expression})`, ...marks.map(mark => `"${MARK}${mark}"`)].join(' AND ')
  return db.all(
    `SELECT f.id AS place, s.kind, s.row_id AS rowId, s.message_id AS messageId, s.campaign_id AS campaignId,
       coalesce(i.body, m.body, n.body) AS body,
       coalesce(i.received_at, m.attempted_at, m.created_at, n.created_at) AS at,
       coalesce(it.number, m.number, nt.number) AS number, coalesce(i.thread_id, mt.id, n.thread_id) AS threadId
     FROM (SELECT rowid AS id FROM said_words WHERE said_words MATCH ? AND rowid < ? AND rowid >= ?
       ORDER BY rowid DESC LIMIT ?) f CROSS JOIN said s ON s.id = f.id
     LEFT JOIN inbound i ON s.kind = 'in' AND i.id = s.row_id LEFT JOIN threads it ON it.id = i.thread_id
     LEFT JOIN messages m ON m.id = s.message_id LEFT JOIN threads mt ON mt.number = m.number
     LEFT JOIN thread_notes n ON s.kind = 'note' AND n.id = s.row_id LEFT JOIN threads nt ON nt.id = n.thread_id`,
    narrowed,
    Math.min(before, to === null ? END : placeOf(to)),
    from === null ? 0 : placeOf(from),
    limit,
  )
}

/** Where the list of all that was said begins and ends. */
export const END = Number.MAX_SAFE_INTEGER
/** So many places has each second, as the triggers of the schema have it. */
const PLACES = 2 ** 20

/** The first place of the second that a time (ms UTC) is in. */
function placeOf(at: number): number {
  return Math.floor(at / 1000) * PLACES
}

/** Whether every text that is there can be found. */
export function isSaidComplete(db: Reader): boolean {
  return db.get('SELECT 1 FROM said_waiting LIMIT 1') === undefined && isHistoryDone(db)
}

/** Whether what was there before the search was is in it. */
export function isHistoryDone(db: Reader): boolean {
  return db.get('SELECT 1 FROM said_history LIMIT 1') === undefined
}

/**
 * Takes up to `rows` texts into the index: those that came since, then those that were there before the search was, newest
 * first. Returns whether more are waiting.
 */
export function indexSaid(db: Writer, rows: number): boolean {
  const waiting = db.all<{ id: number }>('SELECT id FROM said_waiting ORDER BY id LIMIT ?', rows)
  if (waiting.length > 0) {
    const ids = waiting.map(row => row.id)
    addWords(db, ids)
    db.run('DELETE FROM said_waiting WHERE id <= ?', ids.at(-1)!)
    return waiting.length === rows || !isSaidComplete(db)
  }
  const history = db.get<{ kind: SaidKind; beforeRow: number | null; beforeMessage: string | null }>(
    'SELECT kind, before_row AS beforeRow, before_message AS beforeMessage FROM said_history LIMIT 1',
  )
  if (!history) return false
  addWords(db, HISTORIES[history.kind](db, history.beforeRow ?? 0, history.beforeMessage ?? '', rows))
  return !isSaidComplete(db)
}

/** In the order of their ids: out of order the index would write a part of itself for each. */
function addWords(db: Writer, ids: readonly number[]): void {
  db.run(
    `INSERT INTO said_words (rowid, words) SELECT t.id, t.words FROM json_each(?) j CROSS JOIN said_texts t ON t.id = j.value
       WHERE t.words IS NOT NULL`,
    JSON.stringify(ids.toSorted((one, other) => one - other)),
  )
}

interface OldText {
  readonly at: number
  readonly rowId: number | null
  readonly messageId: string | null
  readonly campaignId: number | null
  readonly phoneId: number | null
  readonly body: string | null
}

type History = (db: Writer, beforeRow: number, beforeMessage: string, rows: number) => number[]

/** Lists older texts of a kind, notes how far it came, and returns their ids in `said`. */
const HISTORIES: Readonly<Record<SaidKind, History>> = {
  in: (db, before, _, rows) => {
    const texts = db.all<OldText & { rowId: number }>(
      `SELECT id AS rowId, NULL AS messageId, stored_at AS at, campaign_id AS campaignId, phone_id AS phoneId, body
         FROM inbound WHERE id < ? ORDER BY id DESC LIMIT ?`,
      before,
      rows,
    )
    noteHistory(db, 'in', texts.length < rows ? null : { row: texts.at(-1)!.rowId, message: null })
    return listTexts(db, 'in', texts)
  },
  out: (db, _, before, rows) => {
    const texts = db.all<OldText & { messageId: string }>(
      `SELECT NULL AS rowId, m.id AS messageId, coalesce(m.assigned_at, m.created_at) AS at, m.campaign_id AS campaignId,
         s.phone_id AS phoneId, m.body FROM messages m LEFT JOIN sims s ON s.id = m.sim_id
         WHERE m.id < ? ORDER BY m.id DESC LIMIT ?`,
      before,
      rows,
    )
    noteHistory(db, 'out', texts.length < rows ? null : { row: null, message: texts.at(-1)!.messageId })
    return listTexts(db, 'out', texts)
  },
  note: (db, before, _, rows) => {
    const texts = db.all<OldText & { rowId: number }>(
      `SELECT id AS rowId, NULL AS messageId, created_at AS at, NULL AS campaignId, NULL AS phoneId, body
         FROM thread_notes WHERE id < ? ORDER BY id DESC LIMIT ?`,
      before,
      rows,
    )
    noteHistory(db, 'note', texts.length < rows ? null : { row: texts.at(-1)!.rowId, message: null })
    return listTexts(db, 'note', texts)
  },
}

/** The row before which nothing is listed yet; null: all of the kind is. */
function noteHistory(
  db: Writer,
  kind: SaidKind,
  before: { readonly row: number | null; readonly message: string | null } | null,
): void {
  if (before === null) db.run('DELETE FROM said_history WHERE kind = ?', kind)
  else
    db.run(
      'UPDATE said_history SET before_row = ?, before_message = ? WHERE kind = ?',
      before.row,
      before.message,
      kind,
    )
}

/** Some got their text, and their place, while the history was on its way to them. */
function listTexts(db: Writer, kind: SaidKind, texts: readonly OldText[]): number[] {
  const ids: number[] = []
  for (const { at, rowId, messageId, campaignId, phoneId, body } of texts.toReversed()) {
    if (body === null || body === '') continue
    const first = placeOf(at)
    const { changes, id } = db.run(
      `INSERT INTO said (id, kind, row_id, message_id, campaign_id, phone_id)
         SELECT coalesce((SELECT max(id) + 1 FROM said WHERE id >= ? AND id < ?), ?), ?, ?, ?, ?, ?
         WHERE NOT EXISTS (SELECT 1 FROM said WHERE row_id = ? AND kind = ? AND row_id IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM said WHERE message_id = ? AND message_id IS NOT NULL)`,
      first,
      first + PLACES,
      first,
      kind,
      rowId,
      messageId,
      campaignId,
      phoneId,
      rowId,
      kind,
      messageId,
    )
    if (changes > 0) ids.push(id)
  }
  return ids
}
