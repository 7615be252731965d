import type { RequirableKind } from '../../shared/consent.ts'
import type { CampaignState, Goal, LeftOut, Step, Variant } from '../../shared/operations/campaigns.ts'
import type { Hours } from '../../shared/operations/common.ts'
import type { Audience } from '../../shared/operations/contacts.ts'
import type { MessageState } from '../../shared/operations/messages.ts'
import type { Reader, Writer } from './database.ts'

/** What a person decides about a campaign before it starts. */
export interface CampaignPlan {
  readonly name: string
  /** With variants that of the first one. */
  readonly template: string
  /** First texts with their shares; empty: `template` is the only one. */
  readonly variants: readonly Variant[]
  /** Follow-ups, step 1 first. */
  readonly steps: readonly Step[]
  readonly goal: Goal
  /** So many days after its last text it waits for replies and tags that a step needs. */
  readonly waitDays: number
  readonly audience: Audience
  readonly hours: Hours
  /** Lanes that may send it; null: every one that is switched on. */
  readonly sims: readonly number[] | null
  readonly requireConsent: boolean
  /** Of which kind, where it is required; null: any. */
  readonly consentKind: RequirableKind | null
  readonly expiresAt: number | null
}

export interface CampaignRow extends CampaignPlan {
  readonly id: number
  readonly state: CampaignState
  readonly allowUnproven: boolean
  readonly scheduledAt: number | null
  /** When its last text left, where it has follow-ups; null: none has. */
  readonly lastTextAt: number | null
  /** The last contact that a message was made for (or that was left out); null: nothing is being made. */
  readonly fillingAfter: number | null
  /** The last message that was fitted to changed hours, lanes or expiry; null: nothing has to be fitted. */
  readonly fittingAfter: string | null
  readonly createdBy: string
  readonly createdAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
}

type Stored = Omit<
  CampaignRow,
  'audience' | 'hours' | 'sims' | 'allowUnproven' | 'requireConsent' | 'variants' | 'steps'
> & {
  variants: string
  steps: string
  audience: string
  hours: string
  sims: string | null
  allowUnproven: number
  requireConsent: number
}

const CAMPAIGN = `SELECT id, name, template, variants, steps, goal, wait_days AS waitDays, state, audience, hours, sims, allow_unproven AS allowUnproven,
  require_consent AS requireConsent, consent_kind AS consentKind, scheduled_at AS scheduledAt, expires_at AS expiresAt, last_text_at AS lastTextAt, filling_after AS fillingAfter,
  fitting_after AS fittingAfter, created_by AS createdBy, created_at AS createdAt, started_at AS startedAt, finished_at AS finishedAt
  FROM campaigns`

export function campaignById(db: Reader, id: number): CampaignRow | undefined {
  const row = db.get<Stored>(`${CAMPAIGN} WHERE id = ?`, id)
  return row && read(row)
}

/** Newest first, those made before campaign `before`; of several states any. */
export function listCampaigns(
  db: Reader,
  states: readonly CampaignState[],
  before: number,
  limit: number,
): CampaignRow[] {
  const rows = db.all<Stored>(
    `${CAMPAIGN} WHERE id < ? AND (? = 0 OR state IN (SELECT value FROM json_each(?))) ORDER BY id DESC LIMIT ?`,
    before,
    states.length,
    JSON.stringify(states),
    limit,
  )
  return rows.map(read)
}

/** Those that have begun and may send. */
export function runningCampaigns(db: Reader): CampaignRow[] {
  return db.all<Stored>(`${CAMPAIGN} WHERE state = 'running' ORDER BY id`).map(read)
}

/** Scheduled ones whose time has come. */
export function dueCampaigns(db: Reader, now: number): CampaignRow[] {
  return db
    .all<Stored>(`${CAMPAIGN} WHERE state = 'scheduled' AND scheduled_at <= ? ORDER BY scheduled_at`, now)
    .map(read)
}

/** The oldest one that has begun and whose messages are not all made. */
export function campaignToFill(db: Reader): CampaignRow | undefined {
  const row = db.get<Stored>(
    `${CAMPAIGN} WHERE state IN ('running', 'paused') AND filling_after IS NOT NULL ORDER BY id LIMIT 1`,
  )
  return row && read(row)
}

/** The oldest one that has begun and whose waiting messages do not fit its hours, lanes and expiry yet. */
export function campaignToFit(db: Reader): CampaignRow | undefined {
  const row = db.get<Stored>(
    `${CAMPAIGN} WHERE state IN ('running', 'paused') AND fitting_after IS NOT NULL ORDER BY id LIMIT 1`,
  )
  return row && read(row)
}

/** A cancelled one that still has messages in the queue. */
export function campaignToEmpty(db: Reader): number | undefined {
  return db.get<{ id: number }>(
    `SELECT c.id FROM campaigns c JOIN campaign_counts n ON n.campaign_id = c.id AND n.state = 'queued' AND n.messages > 0
       WHERE c.state = 'cancelled' LIMIT 1`,
  )?.id
}

/**
 * Running ones whose messages are all made and have all come to an end, and of which no follow-up can come any more. Reads
 * the counters only.
 */
export function doneCampaigns(db: Reader, now: number): number[] {
  return db
    .all<{ id: number }>(
      `SELECT id FROM campaigns c WHERE state = 'running' AND filling_after IS NULL AND NOT EXISTS (
         SELECT 1 FROM campaign_counts n WHERE n.campaign_id = c.id AND n.messages > 0
           AND n.state IN ('queued', 'assigned', 'accepted', 'attempting', 'handed_over'))
         AND NOT EXISTS (SELECT 1 FROM follow_up_work w WHERE w.campaign_id = c.id)
         AND (steps = '[]' OR last_text_at IS NULL OR expires_at <= ?
           OR last_text_at + wait_days * ${DAY_MS} <= ?
           OR NOT EXISTS (SELECT 1 FROM json_each(c.steps) s WHERE s.value ->> 'condition' <> 'no_reply'))`,
      now,
      now,
    )
    .map(row => row.id)
}

const DAY_MS = 86_400_000

export function insertCampaign(db: Writer, plan: CampaignPlan, by: string, at: number): number {
  return db.run(
    `INSERT INTO campaigns (name, template, variants, steps, goal, wait_days, audience, hours, sims, require_consent, consent_kind, expires_at,
       created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    plan.name,
    plan.template,
    JSON.stringify(plan.variants),
    JSON.stringify(plan.steps),
    plan.goal,
    plan.waitDays,
    JSON.stringify(plan.audience),
    JSON.stringify(plan.hours),
    plan.sims && JSON.stringify(plan.sims),
    plan.requireConsent ? 1 : 0,
    plan.consentKind,
    plan.expiresAt,
    by,
    at,
    at,
  ).id
}

export function updateCampaign(db: Writer, id: number, plan: CampaignPlan, at: number): void {
  db.run(
    `UPDATE campaigns SET name = ?, template = ?, variants = ?, steps = ?, goal = ?, wait_days = ?, audience = ?, hours = ?,
       sims = ?, require_consent = ?, consent_kind = ?, expires_at = ?, updated_at = ? WHERE id = ?`,
    plan.name,
    plan.template,
    JSON.stringify(plan.variants),
    JSON.stringify(plan.steps),
    plan.goal,
    plan.waitDays,
    JSON.stringify(plan.audience),
    JSON.stringify(plan.hours),
    plan.sims && JSON.stringify(plan.sims),
    plan.requireConsent ? 1 : 0,
    plan.consentKind,
    plan.expiresAt,
    at,
    id,
  )
}

export function deleteCampaign(db: Writer, id: number): void {
  db.run('DELETE FROM campaigns WHERE id = ?', id)
}

/** Only through `changeCampaign`, which knows what is legal. */
export function setCampaignState(db: Writer, id: number, state: CampaignState, at: number): void {
  db.run('UPDATE campaigns SET state = ?, updated_at = ? WHERE id = ?', state, at, id)
}

/** `scheduledAt`: null takes the plan back. */
export function setSchedule(db: Writer, id: number, scheduledAt: number | null, allowUnproven: boolean): void {
  db.run(
    'UPDATE campaigns SET scheduled_at = ?, allow_unproven = ? WHERE id = ?',
    scheduledAt,
    allowUnproven ? 1 : 0,
    id,
  )
}

/** Its messages are made from now on. */
export function beginCampaign(db: Writer, id: number, at: number): void {
  db.run('UPDATE campaigns SET started_at = ?, filling_after = 0 WHERE id = ?', at, id)
}

/** Nothing more of it is made or fitted. */
export function endCampaign(db: Writer, id: number, at: number): void {
  db.run('UPDATE campaigns SET finished_at = ?, filling_after = NULL, fitting_after = NULL WHERE id = ?', at, id)
}

/** Every message by state, and the segments of those. States without a message may be missing. */
export function campaignCounts(db: Reader, id: number): { state: MessageState; messages: number; segments: number }[] {
  return db.all('SELECT state, messages, segments FROM campaign_counts WHERE campaign_id = ? AND messages > 0', id)
}

/** The same of several campaigns at once. */
export function countsOfCampaigns(
  db: Reader,
  ids: readonly number[],
): { id: number; state: MessageState; messages: number }[] {
  return db.all(
    `SELECT n.campaign_id AS id, n.state, n.messages FROM json_each(?) j CROSS JOIN campaign_counts n
       ON n.campaign_id = j.value AND n.messages > 0`,
    JSON.stringify(ids),
  )
}

/** How many texts came in as answers to each of several campaigns. */
export function answersOfCampaigns(db: Reader, ids: readonly number[]): { id: number; texts: number }[] {
  return db.all(
    `SELECT n.campaign_id AS id, sum(n.texts) AS texts FROM json_each(?) j CROSS JOIN campaign_answers n
       ON n.campaign_id = j.value GROUP BY n.campaign_id`,
    JSON.stringify(ids),
  )
}

export function campaignNames(db: Reader, ids: readonly number[]): { id: number; name: string }[] {
  return db.all(
    'SELECT c.id, c.name FROM json_each(?) j CROSS JOIN campaigns c ON c.id = j.value ORDER BY c.id',
    JSON.stringify(ids),
  )
}

/** Zones of the next messages of a campaign that wait, and how many of them are first texts: a sample of what is left. */
export function zonesOfWaiting(
  db: Reader,
  id: number,
  sample: number,
): { zones: string; messages: number; first: number }[] {
  return db.all(
    `SELECT zones, count(*) AS messages, sum(step = 0) AS first FROM (SELECT zones, step FROM messages WHERE campaign_id = ? AND state = 'queued'
       ORDER BY id LIMIT ?) GROUP BY zones`,
    id,
    sample,
  )
}

/** A time at which messages of a campaign become due: how many at it, and the places of one of them. */
export interface WaitingTime {
  readonly dueAt: number
  readonly zones: string
  readonly step: number
  /** At most as many as are counted. */
  readonly messages: number
}

/** The first times after `now` at which queued messages of a campaign become due. Jumps from one to the next in the index. */
export function waitingTimes(
  db: Reader,
  id: number,
  now: number,
  most: { readonly groups: number; readonly counted: number },
): WaitingTime[] {
  const lanes = [null, ...db.all<{ id: number }>('SELECT id FROM sims').map(sim => sim.id)]
  const found = new Map<number, Omit<WaitingTime, 'dueAt'>>()
  for (const simId of lanes) {
    const queue = "campaign_id IS ? AND pinned = ? AND sim_id IS ? AND state = 'queued' AND kind <> 'direct'"
    const values = [id, simId === null ? 0 : 1, simId] as const
    let after = now
    for (let group = 0; group < most.groups; group += 1) {
      const next = db.get<Omit<WaitingTime, 'messages'>>(
        `SELECT due_at AS dueAt, zones, step FROM messages WHERE ${queue} AND due_at > ? ORDER BY due_at LIMIT 1`,
        ...values,
        after,
      )
      if (!next) break
      after = next.dueAt
      const count = `SELECT count(*) AS messages FROM (SELECT 1 FROM messages WHERE ${queue} AND due_at = ? LIMIT ?)`
      const { messages } = db.get<{ messages: number }>(count, ...values, after, most.counted)!
      const known = found.get(after)?.messages ?? 0
      const { zones, step } = next
      found.set(after, { zones, step, messages: Math.min(most.counted, known + messages) })
    }
  }
  return [...found]
    .map(([dueAt, one]) => ({ dueAt, ...one }))
    .sort((one, other) => one.dueAt - other.dueAt)
    .slice(0, most.groups)
}

/** Messages of a campaign that failed or are without proof, by reason: few, or something is badly wrong. */
export function troublesOf(
  db: Reader,
  id: number,
): { state: 'failed' | 'unknown'; reason: string; messages: number }[] {
  return db.all(
    `SELECT state, reason, count(*) AS messages FROM messages WHERE campaign_id = ? AND state IN ('failed', 'unknown')
       GROUP BY state, reason ORDER BY messages DESC, reason`,
    id,
  )
}

export function leftOutCounts(db: Reader, id: number): { code: LeftOut; contacts: number }[] {
  return db.all(
    'SELECT code, contacts FROM campaign_left_out_counts WHERE campaign_id = ? AND contacts > 0 ORDER BY code',
    id,
  )
}

/** Texts that came in as answers, by what they meant. */
export function answerCounts(db: Reader, id: number): { intent: string; texts: number }[] {
  return db.all('SELECT intent, texts FROM campaign_answers WHERE campaign_id = ? AND texts > 0 ORDER BY intent', id)
}

function read(row: Stored): CampaignRow {
  return {
    ...row,
    variants: JSON.parse(row.variants) as Variant[],
    steps: JSON.parse(row.steps) as Step[],
    audience: JSON.parse(row.audience) as Audience,
    hours: JSON.parse(row.hours) as Hours,
    sims: row.sims === null ? null : (JSON.parse(row.sims) as number[]),
    allowUnproven: row.allowUnproven === 1,
    requireConsent: row.requireConsent === 1,
  }
}
