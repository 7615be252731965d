import type { MessageState } from '../../shared/operations/campaigns.ts'
import type { Reader } from './database.ts'

/** A stretch of time in ms UTC: not before `from`, and before `to`. Its ends are those of quarters of an hour or of days. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Which sums are added up: those of quarters of an hour, or of days of UTC. */
export type Grain = 'quarters' | 'days'

const OUTCOMES = { quarters: 'outcome_quarters', days: 'outcome_days' } as const
const ANSWERS = { quarters: 'answer_quarters', days: 'answer_days' } as const

export interface OutcomeSum {
  /** 1: of campaigns. */
  readonly campaign: 0 | 1
  readonly state: MessageState
  readonly messages: number
  readonly segments: number
}

export function sumOutcomes(db: Reader, grain: Grain, { from, to }: Stretch): OutcomeSum[] {
  return db.all(
    `SELECT campaign, state, sum(messages) AS messages, sum(segments) AS segments FROM ${OUTCOMES[grain]}
       WHERE at >= ? AND at < ? GROUP BY campaign, state`,
    from,
    to,
  )
}

/** The same by lane. `simId` 0: no lane ever had them. */
export function sumOutcomesByLane(
  db: Reader,
  grain: Grain,
  { from, to }: Stretch,
): (OutcomeSum & { readonly simId: number })[] {
  return db.all(
    `SELECT sim_id AS simId, campaign, state, sum(messages) AS messages, sum(segments) AS segments
       FROM ${OUTCOMES[grain]} WHERE at >= ? AND at < ? GROUP BY sim_id, campaign, state`,
    from,
    to,
  )
}

/** The same by reason, of those that were not sent. */
export function sumOutcomesByReason(
  db: Reader,
  grain: Grain,
  { from, to }: Stretch,
): (OutcomeSum & { readonly reason: string })[] {
  return db.all(
    `SELECT campaign, state, reason, sum(messages) AS messages, sum(segments) AS segments
       FROM ${OUTCOMES[grain]} WHERE at >= ? AND at < ? AND state <> 'sent' GROUP BY campaign, state, reason`,
    from,
    to,
  )
}

export interface AnswerSum {
  /** 1: answers to campaigns. */
  readonly campaign: 0 | 1
  readonly phoneId: number
  readonly intent: string
  readonly texts: number
}

export function sumAnswers(db: Reader, grain: Grain, { from, to }: Stretch): AnswerSum[] {
  return db.all(
    `SELECT campaign, phone_id AS phoneId, intent, sum(texts) AS texts FROM ${ANSWERS[grain]}
       WHERE at >= ? AND at < ? GROUP BY campaign, phone_id, intent`,
    from,
    to,
  )
}

/** The first day of UTC of which there is anything; null: there is nothing yet. */
export function firstDay(db: Reader): number | null {
  return db.get<{ at: number | null }>(
    `SELECT min(at) AS at FROM (SELECT min(at) AS at FROM outcome_days UNION ALL SELECT min(at) FROM answer_days)`,
  )!.at
}
