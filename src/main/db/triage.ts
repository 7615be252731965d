import { type Standing, stepThread, type ThreadEvent } from '../domain/thread-states.ts'
import type { Reader, Writer } from './database.ts'

/** Where a thread stands, and who has it. */
export interface ThreadStanding extends Standing {
  /** A user; null: nobody. */
  readonly assignedTo: number | null
}

/** Undefined: there is no such thread. */
export function standingOf(db: Reader, threadId: number): ThreadStanding | undefined {
  return db.get(
    'SELECT state, snoozed_until AS snoozedUntil, assigned_to AS assignedTo FROM threads WHERE id = ?',
    threadId,
  )
}

/** Moves a thread by an event and returns whether that changed anything. One that comes back by itself is on top again. */
export function moveThread(db: Writer, threadId: number, event: ThreadEvent): boolean {
  const before = standingOf(db, threadId)
  if (!before) return false
  const after = stepThread(before, event)
  if (after.state === before.state && after.snoozedUntil === before.snoozedUntil) return false
  db.run('UPDATE threads SET state = ?, snoozed_until = ? WHERE id = ?', after.state, after.snoozedUntil, threadId)
  if (event.type === 'time') db.run('UPDATE threads SET woken_at = ? WHERE id = ?', event.now, threadId)
  return true
}

export function assignThread(db: Writer, threadId: number, userId: number | null): void {
  db.run('UPDATE threads SET assigned_to = ? WHERE id = ?', userId, threadId)
}

/** Threads whose time to come back is there, the earliest first. */
export function dueSnoozes(db: Reader, now: number, limit: number): number[] {
  return db
    .all<{ id: number }>(
      'SELECT id FROM threads WHERE snoozed_until IS NOT NULL AND snoozed_until <= ? ORDER BY snoozed_until LIMIT ?',
      now,
      limit,
    )
    .map(row => row.id)
}

/** Threads by state, those that a user has and are open, and those open that nobody has. From counters only. */
export function countStandings(
  db: Reader,
  userId: number | null,
): { open: number; snoozed: number; closed: number; mine: number; unassigned: number } {
  return db.get(
    `SELECT coalesce(sum(threads) FILTER (WHERE state = 'open'), 0) AS open,
       coalesce(sum(threads) FILTER (WHERE state = 'snoozed'), 0) AS snoozed,
       coalesce(sum(threads) FILTER (WHERE state = 'closed'), 0) AS closed,
       coalesce(sum(threads) FILTER (WHERE state = 'open' AND assigned_to = ?), 0) AS mine,
       coalesce(sum(threads) FILTER (WHERE state = 'open' AND assigned_to = 0), 0) AS unassigned FROM thread_counts`,
    // No user has this id.
    userId ?? -1,
  )!
}

/** What the last text of each thread answers: a campaign, and when and from whom the text came. */
export function lastAnswers(
  db: Reader,
  threadIds: readonly number[],
): Map<number, { campaignId: number; campaign: string; number: string; at: number }> {
  const rows = db.all<{ threadId: number; campaignId: number; campaign: string; number: string; at: number }>(
    `SELECT t.id AS threadId, c.id AS campaignId, c.name AS campaign, t.number, i.received_at AS at
       FROM json_each(?) j CROSS JOIN threads t ON t.id = j.value CROSS JOIN inbound i ON i.id = (SELECT l.id FROM inbound l WHERE l.thread_id = t.id
         ORDER BY l.received_at DESC, l.id DESC LIMIT 1)
       JOIN campaigns c ON c.id = i.campaign_id`,
    JSON.stringify(threadIds),
  )
  return new Map(rows.map(({ threadId, ...answer }) => [threadId, answer]))
}

/** The message of a campaign to a number that was attempted last before a time, ms UTC; null when that is not known. */
export function answeredMessage(db: Reader, number: string, campaignId: number, at: number): string | null {
  return (
    db.get<{ id: string }>(
      `SELECT id FROM messages WHERE number = ? AND campaign_id = ? AND attempted_at IS NOT NULL
         ORDER BY attempted_at <= ? DESC, created_at DESC LIMIT 1`,
      number,
      campaignId,
      at,
    )?.id ?? null
  )
}
