import type { Reader, Writer } from './database.ts'

/** A note that calls a user. */
export interface MentionRow {
  /** Of the note. */
  readonly id: number
  readonly threadId: number
  readonly number: string
  readonly firstName: string
  readonly lastName: string
  readonly body: string
  readonly by: string
  readonly at: number
  readonly seen: 0 | 1
}

/** Newest first, those of notes with an id below `before`. */
export function mentionsOf(db: Reader, userId: number, unseen: boolean, before: number, limit: number): MentionRow[] {
  return db.all(
    `SELECT n.id, n.thread_id AS threadId, t.number, coalesce(c.first_name, '') AS firstName,
       coalesce(c.last_name, '') AS lastName, n.body, n.created_by AS "by", n.created_at AS at, m.seen_at IS NOT NULL AS seen
       FROM note_mentions m JOIN thread_notes n ON n.id = m.note_id JOIN threads t ON t.id = n.thread_id
       LEFT JOIN contacts c ON c.number = t.number
       WHERE m.user_id = ? AND m.note_id < ? ${unseen ? 'AND m.seen_at IS NULL' : ''} ORDER BY m.note_id DESC LIMIT ?`,
    userId,
    before,
    limit,
  )
}

/** Notes that call a user who has not seen them; of one thread, or of all. */
export function countUnseenMentions(db: Reader, userId: number, threadId: number | null): number {
  return db.get<{ n: number }>(
    `SELECT count(*) AS n FROM note_mentions m ${threadId === null ? '' : 'JOIN thread_notes n ON n.id = m.note_id'}
       WHERE m.user_id = ? AND m.seen_at IS NULL ${threadId === null ? '' : 'AND n.thread_id = ?'}`,
    userId,
    ...(threadId === null ? [] : [threadId]),
  )!.n
}

/** Whom a note calls from now on. Who was called before and has seen it is not called anew. */
export function setMentions(db: Writer, noteId: number, userIds: readonly number[]): void {
  db.run(
    'DELETE FROM note_mentions WHERE note_id = ? AND user_id NOT IN (SELECT value FROM json_each(?))',
    noteId,
    JSON.stringify(userIds),
  )
  for (const userId of userIds) {
    db.run('INSERT INTO note_mentions (user_id, note_id) VALUES (?, ?) ON CONFLICT DO NOTHING', userId, noteId)
  }
}

/** A user has seen the notes of a thread that call them. */
export function seeMentions(db: Writer, userId: number, threadId: number, at: number): void {
  db.run(
    `UPDATE note_mentions SET seen_at = ? WHERE user_id = ? AND seen_at IS NULL
       AND note_id IN (SELECT id FROM thread_notes WHERE thread_id = ?)`,
    at,
    userId,
    threadId,
  )
}
