import type { MessageState } from '../../shared/operations/messages.ts'
import type { Reader } from './database.ts'

/** What is added up, in ms UTC: not before `from`, and before `to`, by quarters of an hour or by days of UTC. */
export interface Reading {
  readonly grain: 'quarter' | 'day'
  readonly from: number
  readonly to: number
}

/** The length of each grain in ms. */
export const GRAINS = { quarter: 900_000, day: 86_400_000 } as const

export interface OutcomeSums {
  /** These of campaigns alone. */
  readonly sent: number
  readonly segmentsSent: number
  readonly unknown: number
  readonly failed: number
  /** Held back, expired or cancelled. */
  readonly notSent: number
  /** Sent texts of no campaign. */
  readonly otherSent: number
}

export function sumOutcomes(db: Reader, { grain, from, to }: Reading): OutcomeSums {
  return db.get<OutcomeSums>(
    `SELECT coalesce(sum(sent), 0) AS sent, coalesce(sum(segments), 0) AS segmentsSent, coalesce(sum(unknown), 0) AS unknown,
       coalesce(sum(failed), 0) AS failed, coalesce(sum(not_sent), 0) AS notSent, coalesce(sum(other_sent), 0) AS otherSent
       FROM outcome_sums WHERE span = ? AND at >= ? AND at < ?`,
    GRAINS[grain],
    from,
    to,
  )!
}

export interface LaneSums {
  readonly simId: number
  readonly sent: number
  readonly ofCampaigns: number
  readonly segmentsSent: number
  readonly unknown: number
  readonly failed: number
}

export function sumByLane(db: Reader, { grain, from, to }: Reading): LaneSums[] {
  return db.all(
    `SELECT sim_id AS simId, sum(sent) AS sent, sum(campaign_sent) AS ofCampaigns, sum(segments) AS segmentsSent,
       sum(unknown) AS unknown, sum(failed) AS failed FROM lane_sums WHERE span = ? AND at >= ? AND at < ? GROUP BY sim_id`,
    GRAINS[grain],
    from,
    to,
  )
}

export interface ReasonSums {
  readonly state: MessageState
  readonly reason: string
  readonly messages: number
  readonly ofCampaigns: number
}

/** Of messages that were not sent. */
export function sumByReason(db: Reader, { grain, from, to }: Reading): ReasonSums[] {
  return db.all(
    `SELECT state, reason, sum(messages) AS messages, sum(campaign_messages) AS ofCampaigns FROM reason_sums
       WHERE span = ? AND at >= ? AND at < ? GROUP BY state, reason`,
    GRAINS[grain],
    from,
    to,
  )
}

export interface AnswerSums {
  readonly replies: number
  readonly optOuts: number
}

/** Answers to campaigns. */
export function sumAnswers(db: Reader, { grain, from, to }: Reading): AnswerSums {
  return db.get<AnswerSums>(
    `SELECT coalesce(sum(replies), 0) AS replies, coalesce(sum(opt_outs), 0) AS optOuts FROM answer_sums
       WHERE span = ? AND at >= ? AND at < ?`,
    GRAINS[grain],
    from,
    to,
  )!
}

export function sumAnswersByPhone(
  db: Reader,
  { grain, from, to }: Reading,
): (AnswerSums & { readonly phoneId: number })[] {
  return db.all(
    `SELECT phone_id AS phoneId, sum(replies) AS replies, sum(opt_outs) AS optOuts FROM answer_sums
       WHERE span = ? AND at >= ? AND at < ? GROUP BY phone_id`,
    GRAINS[grain],
    from,
    to,
  )
}

/** The first day of UTC of which there is anything; null: there is nothing yet. */
export function firstDay(db: Reader): number | null {
  const first = (table: string): string => `SELECT min(at) AS at FROM ${table} WHERE span = ${GRAINS.day}`
  return db.get<{ at: number | null }>(
    `SELECT min(at) AS at FROM (${first('outcome_sums')} UNION ALL ${first('answer_sums')})`,
  )!.at
}
