import type { StepText } from '../domain/follow-ups.ts'
import type { Reader, Writer } from './database.ts'

/** A first text whose person may have follow-ups to come. */
export interface FirstText {
  readonly id: string
  readonly campaignId: number
  readonly contactId: number | null
  readonly number: string
  readonly variant: number
}

/** Phones tell times of texts to the minute only, so a reply may seem to come before what it answers, in ms. */
const MINUTE_MS = 60_000

/** People whose follow-ups have to be looked at, up to `limit`. */
export function followUpWork(db: Reader, limit: number): FirstText[] {
  return db.all(
    `SELECT m.id, w.campaign_id AS campaignId, m.contact_id AS contactId, m.number, m.variant
       FROM follow_up_work w CROSS JOIN messages m ON m.id = w.message_id LIMIT ?`,
    limit,
  )
}

export function followUpDone(db: Writer, messageId: string): void {
  db.run('DELETE FROM follow_up_work WHERE message_id = ?', messageId)
}

/** The follow-ups to the number of a thread have to be looked at, of every campaign that goes on and has some. */
export function lookAtFollowUps(db: Writer, threadId: number): void {
  db.run(
    `INSERT OR IGNORE INTO follow_up_work SELECT m.id, m.campaign_id FROM threads t CROSS JOIN messages m ON m.number = t.number
       CROSS JOIN campaigns c ON c.id = m.campaign_id
       WHERE t.id = ? AND m.step = 0 AND m.repeats IS NULL AND c.steps <> '[]' AND c.state IN ('running', 'paused')`,
    threadId,
  )
}

/** Every text of a campaign to a number, repeated ones among them. */
export function stepTexts(db: Reader, campaignId: number, number: string): StepText[] {
  // By number: a person has few messages, a campaign may have a million.
  return db.all(
    'SELECT step, state, attempted_at AS attemptedAt FROM messages WHERE number = ? AND +campaign_id = ?',
    number,
    campaignId,
  )
}

/** When the first text of a kind came from a number since an instant (ms UTC), by our clock where the phone's is ahead. */
function firstInbound(db: Reader, number: string, since: number, intents: string): number | null {
  return db.get<{ at: number | null }>(
    `SELECT min(min(i.received_at, i.stored_at)) AS at FROM threads t CROSS JOIN inbound i ON i.thread_id = t.id
       WHERE t.number = ? AND i.received_at >= ? AND ${intents}`,
    number,
    since - MINUTE_MS,
  )!.at
}

export function heardSince(db: Reader, number: string, since: number): number | null {
  return firstInbound(db, number, since, '1')
}

/** Of texts that are neither a command nor an opt-out. */
export function repliedSince(db: Reader, number: string, since: number): number | null {
  return firstInbound(db, number, since, "i.intent = 'none'")
}

export function stoppedSince(db: Reader, number: string, since: number): boolean {
  return firstInbound(db, number, since, "i.intent = 'stop'") !== null
}

/** When the conversation with a number got its tags, by name in small letters. */
export function tagTimes(db: Reader, number: string): Map<string, number> {
  const rows = db.all<{ name: string; at: number }>(
    'SELECT g.name, g.at FROM threads t CROSS JOIN thread_tags g ON g.thread_id = t.id WHERE t.number = ?',
    number,
  )
  return new Map(rows.map(({ name, at }) => [name.toLowerCase(), at]))
}

/**
 * Notes on the texts of a campaign to the number of a thread which of them was answered first and which led to an opt-out:
 * each time the last one that was attempted before. Call it after texts of the thread were stored or judged anew.
 */
export function markAnswers(db: Writer, threadId: number, campaignId: number): void {
  const number = db.get<{ number: string }>('SELECT number FROM threads WHERE id = ?', threadId)?.number
  if (number === undefined) return
  mark(db, { threadId, campaignId, number }, 'answered_at', "intent NOT IN ('stop', 'stop_likely')")
  mark(db, { threadId, campaignId, number }, 'stopped_at', "intent = 'stop'")
}

function mark(
  db: Writer,
  of: { threadId: number; campaignId: number; number: string },
  column: 'answered_at' | 'stopped_at',
  intents: string,
): void {
  const at = db.get<{ at: number | null }>(
    `SELECT min(received_at) AS at FROM inbound WHERE thread_id = ? AND +campaign_id = ? AND ${intents}`,
    of.threadId,
    of.campaignId,
  )!.at
  const id = at === null ? null : lastTextBefore(db, of.number, of.campaignId, at + MINUTE_MS)
  db.run(
    `UPDATE messages SET ${column} = CASE id WHEN ? THEN ? END WHERE number = ? AND +campaign_id = ?
       AND ${column} IS NOT CASE id WHEN ? THEN ? END`,
    id,
    at,
    of.number,
    of.campaignId,
    id,
    at,
  )
}

function lastTextBefore(db: Reader, number: string, campaignId: number, at: number): string | null {
  return (
    db.get<{ id: string }>(
      `SELECT id FROM messages WHERE number = ? AND +campaign_id = ? AND attempted_at <= ?
         ORDER BY attempted_at DESC LIMIT 1`,
      number,
      campaignId,
      at,
    )?.id ?? null
  )
}

/** How many texts of a step and variant left, and on how many of them people answered or asked to stop. */
export interface StepCount {
  readonly step: number
  readonly variant: number
  readonly state: 'sent' | 'unknown'
  readonly messages: number
  readonly answered: number
  readonly stopped: number
}

/** From counters, so it costs the same for ten messages and for a million. */
export function stepCounts(db: Reader, campaignId: number): StepCount[] {
  return db.all(
    `SELECT step, variant, state, messages, answered, stopped FROM campaign_step_counts
       WHERE campaign_id = ? AND messages > 0 ORDER BY step, variant, state`,
    campaignId,
  )
}
