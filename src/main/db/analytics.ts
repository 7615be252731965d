import type { CampaignState } from '../../shared/operations/campaigns.ts'
import type { MessageState } from '../../shared/operations/messages.ts'
import type { Reader } from './database.ts'

/** By when campaigns began, ms UTC: not before `from`, and before `to`. */
export interface Period {
  readonly from: number
  readonly to: number
}

export interface StartedCampaign {
  readonly id: number
  readonly name: string
  readonly state: CampaignState
  readonly startedAt: number
  readonly finishedAt: number | null
}

const STARTED = 'started_at IS NOT NULL AND started_at >= ? AND started_at < ?'

/** Newest first, those made before campaign `before`. */
export function startedCampaigns(db: Reader, { from, to }: Period, before: number, limit: number): StartedCampaign[] {
  return db.all(
    `SELECT id, name, state, started_at AS startedAt, finished_at AS finishedAt FROM campaigns
       WHERE id < ? AND ${STARTED} ORDER BY id DESC LIMIT ?`,
    before,
    from,
    to,
    limit,
  )
}

export function countStarted(db: Reader, { from, to }: Period): number {
  return db.get<{ n: number }>(`SELECT count(*) AS n FROM campaigns WHERE ${STARTED}`, from, to)!.n
}

/** Messages of all campaigns of a period by state, from their counters. */
export function totalCounts(
  db: Reader,
  { from, to }: Period,
): { state: MessageState; messages: number; segments: number }[] {
  return db.all(
    `SELECT n.state, sum(n.messages) AS messages, sum(n.segments) AS segments
       FROM campaigns c JOIN campaign_counts n ON n.campaign_id = c.id WHERE ${STARTED} GROUP BY n.state`,
    from,
    to,
  )
}

export function totalLeftOut(db: Reader, { from, to }: Period): { code: string; contacts: number }[] {
  return db.all(
    `SELECT n.code, sum(n.contacts) AS contacts
       FROM campaigns c JOIN campaign_left_out_counts n ON n.campaign_id = c.id WHERE ${STARTED} GROUP BY n.code`,
    from,
    to,
  )
}

export function totalAnswers(db: Reader, { from, to }: Period): { intent: string; texts: number }[] {
  return db.all(
    `SELECT n.intent, sum(n.texts) AS texts
       FROM campaigns c JOIN campaign_answers n ON n.campaign_id = c.id WHERE ${STARTED} GROUP BY n.intent`,
    from,
    to,
  )
}
