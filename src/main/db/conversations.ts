import type { Reader, Writer } from './database.ts'
import { lookAtFollowUps, markAnswers } from './follow-ups.ts'

/** Tags of several threads, each thread's by name. */
export function tagsOfThreads(db: Reader, ids: readonly number[]): Map<number, string[]> {
  const tags = new Map<number, string[]>()
  for (const { id, name } of db.all<{ id: number; name: string }>(
    'SELECT g.thread_id AS id, g.name FROM json_each(?) j CROSS JOIN thread_tags g ON g.thread_id = j.value ORDER BY g.thread_id, g.name',
    JSON.stringify(ids),
  )) {
    const known = tags.get(id)
    if (known) known.push(name)
    else tags.set(id, [name])
  }
  return tags
}

/** All that a thread is tagged with from now on. A tag that stays keeps the time at which it was set. */
export function setThreadTags(db: Writer, threadId: number, names: readonly string[], at: number): void {
  db.run(
    'DELETE FROM thread_tags WHERE thread_id = ? AND name NOT IN (SELECT value FROM json_each(?))',
    threadId,
    JSON.stringify(names),
  )
  for (const name of names)
    db.run('INSERT INTO thread_tags (thread_id, name, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', threadId, name, at)
  lookAtFollowUps(db, threadId)
}

/** How the tag is written already, so that it is not written in two ways. */
export function threadTagNamed(db: Reader, name: string): string | undefined {
  return db.get<{ name: string }>('SELECT name FROM thread_tags WHERE name = ? LIMIT 1', name)?.name
}

export function countThreadTags(db: Reader): { name: string; threads: number }[] {
  return db.all(
    'SELECT min(name) AS name, count(*) AS threads FROM thread_tags GROUP BY thread_tags.name ORDER BY thread_tags.name',
  )
}

export interface NoteRow {
  readonly id: number
  readonly body: string
  /** Who wrote it, as records have them. */
  readonly by: string
  readonly at: number
  readonly editedAt: number | null
}

const NOTE = 'SELECT id, body, created_by AS "by", created_at AS at, edited_at AS editedAt FROM thread_notes'

/** Oldest first. */
export function notesOf(db: Reader, threadId: number): NoteRow[] {
  return db.all(`${NOTE} WHERE thread_id = ? ORDER BY id LIMIT 200`, threadId)
}

export function noteById(db: Reader, id: number): (NoteRow & { threadId: number }) | undefined {
  return db.get(
    `SELECT id, body, created_by AS "by", created_at AS at, edited_at AS editedAt, thread_id AS threadId
       FROM thread_notes WHERE id = ?`,
    id,
  )
}

export function insertNote(db: Writer, note: { threadId: number; body: string; by: string; at: number }): number {
  return db.run(
    'INSERT INTO thread_notes (thread_id, body, created_by, created_at) VALUES (?, ?, ?, ?)',
    note.threadId,
    note.body,
    note.by,
    note.at,
  ).id
}

export function updateNote(db: Writer, id: number, body: string, at: number): void {
  db.run('UPDATE thread_notes SET body = ?, edited_at = ? WHERE id = ?', body, at, id)
}

export function deleteNote(db: Writer, id: number): void {
  db.run('DELETE FROM thread_notes WHERE id = ?', id)
}

export interface ReplyTemplateRow {
  readonly id: number
  readonly name: string
  readonly body: string
}

export function listReplyTemplates(db: Reader): ReplyTemplateRow[] {
  return db.all('SELECT id, name, body FROM reply_templates ORDER BY name LIMIT 500')
}

export function replyTemplateById(db: Reader, id: number): ReplyTemplateRow | undefined {
  return db.get('SELECT id, name, body FROM reply_templates WHERE id = ?', id)
}

export function replyTemplateNamed(db: Reader, name: string): ReplyTemplateRow | undefined {
  return db.get('SELECT id, name, body FROM reply_templates WHERE name = ?', name)
}

export function insertReplyTemplate(
  db: Writer,
  template: { name: string; body: string; by: string; at: number },
): number {
  return db.run(
    'INSERT INTO reply_templates (name, body, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
    template.name,
    template.body,
    template.by,
    template.at,
    template.at,
  ).id
}

export function updateReplyTemplate(db: Writer, { id, name, body }: ReplyTemplateRow, at: number): void {
  db.run('UPDATE reply_templates SET name = ?, body = ?, updated_at = ? WHERE id = ?', name, body, at, id)
}

export function deleteReplyTemplate(db: Writer, id: number): void {
  db.run('DELETE FROM reply_templates WHERE id = ?', id)
}

/** A number that is suppressed until somebody says whether its text was an opt-out. */
export interface LikelyOptOut {
  readonly id: number
  readonly number: string
  readonly firstName: string
  readonly lastName: string
  readonly threadId: number | null
  readonly inboundId: number | null
  readonly at: number
  readonly body: string
  /** Why it was read so: the kind of rule, and the words that decided. */
  readonly reason: string
  readonly matched: string
}

const LIKELY = `SELECT s.id, s.number, coalesce(c.first_name, '') AS firstName, coalesce(c.last_name, '') AS lastName,
  i.thread_id AS threadId, s.inbound_id AS inboundId, coalesce(i.received_at, s.created_at) AS at, coalesce(i.body, '') AS body,
  coalesce(i.intent_reason, '') AS reason, coalesce(i.intent_match, '') AS matched FROM suppressions s LEFT JOIN inbound i ON i.id = s.inbound_id LEFT JOIN contacts c ON c.number = s.number
  WHERE s.reason = 'likely'`

/** Newest first, those with an id below `before`. */
export function likelyOptOuts(db: Reader, before: number, limit: number): LikelyOptOut[] {
  return db.all(`${LIKELY} AND s.id < ? ORDER BY s.id DESC LIMIT ?`, before, limit)
}

export function likelyOptOut(db: Reader, id: number): LikelyOptOut | undefined {
  return db.get(`${LIKELY} AND s.id = ?`, id)
}

/** What the text meant, by the word of a person. */
export function setIntent(db: Writer, inboundId: number, intent: 'none' | 'stop'): void {
  const text = db.get<{ threadId: number; campaignId: number | null }>(
    'UPDATE inbound SET intent = ? WHERE id = ? RETURNING thread_id AS threadId, campaign_id AS campaignId',
    intent,
    inboundId,
  )
  if (!text) return
  if (text.campaignId !== null) markAnswers(db, text.threadId, text.campaignId)
  lookAtFollowUps(db, text.threadId)
}
