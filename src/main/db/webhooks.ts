import type { DeliveryState, WebhookEvent, WebhookTopic } from '../../shared/operations/webhooks.ts'
import type { Reader, Writer } from './database.ts'
import { putSealedSecret, sealedSecret } from './vault.ts'

export interface WebhookRow {
  readonly id: number
  readonly name: string
  readonly url: string
  readonly active: boolean
  readonly events: readonly WebhookTopic[]
  /** Failed attempts in a row, since when (null: the last one succeeded), and until when it is left alone. */
  readonly failures: number
  readonly failingSince: number | null
  readonly restsUntil: number
  readonly lastError: string
  readonly createdBy: string
  readonly createdAt: number
  readonly updatedAt: number
}

export interface DeliveryRow {
  readonly id: number
  readonly uid: string
  readonly webhookId: number
  readonly event: WebhookEvent
  readonly subject: string
  readonly detail: string
  readonly at: number
  readonly queuedAt: number
  readonly state: DeliveryState
  readonly attempts: number
  readonly firstAttemptAt: number | null
  readonly lastAttemptAt: number | null
  readonly nextAt: number
  readonly status: number | null
  readonly error: string
}

/** The column that says whether a webhook asks for a topic. */
const COLUMN: Record<WebhookTopic, string> = {
  'inbound.text': 'inbound_text',
  'message.state': 'message_state',
  'campaign.state': 'campaign_state',
  'phone.reach': 'phone_reach',
}
const TOPICS = Object.keys(COLUMN) as WebhookTopic[]

const WEBHOOK = `SELECT id, name, url, active, failures, failing_since AS failingSince, rests_until AS restsUntil,
  last_error AS lastError, created_by AS createdBy, created_at AS createdAt, updated_at AS updatedAt,
  ${Object.values(COLUMN).join(', ')} FROM webhooks`

const DELIVERY = `SELECT id, uid, webhook_id AS webhookId, event, subject, detail, at, queued_at AS queuedAt, state, attempts,
  first_attempt_at AS firstAttemptAt, last_attempt_at AS lastAttemptAt, next_at AS nextAt, status, error
  FROM webhook_deliveries`

export function allWebhooks(db: Reader): WebhookRow[] {
  return db.all<StoredWebhook>(`${WEBHOOK} WHERE deleted = 0 ORDER BY id`).map(read)
}

export function webhookById(db: Reader, id: number): WebhookRow | undefined {
  const row = db.get<StoredWebhook>(`${WEBHOOK} WHERE id = ? AND deleted = 0`, id)
  return row && read(row)
}

export type WebhookPlan = Pick<WebhookRow, 'name' | 'url' | 'events' | 'active'>

export function insertWebhook(db: Writer, plan: WebhookPlan, by: string, at: number): number {
  return db.run(
    `INSERT INTO webhooks (name, url, active, created_by, created_at, updated_at, ${Object.values(COLUMN).join(', ')})
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[plan.name, plan.url, plan.active ? 1 : 0, by, at, at],
    ...TOPICS.map(topic => (plan.events.includes(topic) ? 1 : 0)),
  ).id
}

/** After it the target counts as one that was never tried. */
export function updateWebhook(db: Writer, id: number, plan: WebhookPlan, at: number): void {
  db.run(
    `UPDATE webhooks SET name = ?, url = ?, active = ?, updated_at = ?, failures = 0, failing_since = NULL, rests_until = 0,
       last_error = '', ${Object.values(COLUMN)
         .map(column => `${column} = ?`)
         .join(', ')} WHERE id = ?`,
    ...[plan.name, plan.url, plan.active ? 1 : 0, at],
    ...TOPICS.map(topic => (plan.events.includes(topic) ? 1 : 0)),
    id,
  )
}

/** Nothing is stored for it or sent to it any more; its rows go by `purgeDeleted`. */
export function deleteWebhook(db: Writer, id: number): void {
  db.run('UPDATE webhooks SET deleted = 1, active = 0 WHERE id = ?', id)
}

/** The target has answered as it should. */
export function webhookSucceeded(db: Writer, id: number): void {
  db.run(
    "UPDATE webhooks SET failures = 0, failing_since = NULL, rests_until = 0, last_error = '' WHERE id = ? AND failures > 0",
    id,
  )
}

export function webhookFailed(db: Writer, id: number, at: number, restsUntil: number, error: string): void {
  db.run(
    `UPDATE webhooks SET failures = failures + 1, failing_since = coalesce(failing_since, ?), rests_until = ?, last_error = ?
       WHERE id = ?`,
    at,
    restsUntil,
    error,
    id,
  )
}

/** Ends the rest of a target. */
export function wakeWebhook(db: Writer, id: number): void {
  db.run('UPDATE webhooks SET rests_until = 0 WHERE id = ?', id)
}

/** Queues a delivery by hand; all others are queued by triggers. Returns its row id. */
export function insertTestDelivery(db: Writer, webhookId: number, at: number): number {
  return db.run(
    "INSERT INTO webhook_deliveries (webhook_id, event, subject, at, queued_at) VALUES (?, 'test', ?, ?, ?)",
    webhookId,
    String(webhookId),
    at,
    at,
  ).id
}

export function deliveryById(db: Reader, id: number): DeliveryRow | undefined {
  return db.get(`${DELIVERY} WHERE id = ?`, id)
}

export function deliveryByUid(db: Reader, webhookId: number, uid: string): DeliveryRow | undefined {
  return db.get(`${DELIVERY} WHERE uid = ? AND webhook_id = ?`, uid, webhookId)
}

/** Newest first, those before row `before`; of one state or of all. */
export function listDeliveries(
  db: Reader,
  webhookId: number,
  state: DeliveryState | null,
  before: number,
  limit: number,
): DeliveryRow[] {
  if (state === null) {
    return db.all(`${DELIVERY} WHERE webhook_id = ? AND id < ? ORDER BY id DESC LIMIT ?`, webhookId, before, limit)
  }
  return db.all(
    `${DELIVERY} WHERE webhook_id = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?`,
    webhookId,
    state,
    before,
    limit,
  )
}

/** How many are in a state, counted up to `most`. */
export function countDeliveries(db: Reader, webhookId: number, state: DeliveryState, most: number): number {
  return db.get<{ n: number }>(
    'SELECT count(*) AS n FROM (SELECT 1 FROM webhook_deliveries WHERE webhook_id = ? AND state = ? LIMIT ?)',
    webhookId,
    state,
    most,
  )!.n
}

/** Up to `limit` whose time has come, those due first before the others. */
export function dueDeliveries(db: Reader, webhookId: number, now: number, limit: number): DeliveryRow[] {
  return db.all(
    `${DELIVERY} WHERE webhook_id = ? AND state = 'pending' AND next_at <= ? ORDER BY next_at, id LIMIT ?`,
    webhookId,
    now,
    limit,
  )
}

/** When the next one that is not due yet becomes due; null: none waits. */
export function nextDelivery(db: Reader, webhookId: number, now: number): number | null {
  return (
    db.get<{ at: number }>(
      `SELECT next_at AS at FROM webhook_deliveries WHERE webhook_id = ? AND state = 'pending' AND next_at > ?
         ORDER BY next_at LIMIT 1`,
      webhookId,
      now,
    )?.at ?? null
  )
}

/** What came of one attempt. `nextAt`: when it is tried again; null: not by itself. */
export interface Attempt {
  readonly state: Exclude<DeliveryState, 'before_restore'>
  readonly at: number
  readonly status: number | null
  readonly error: string
  readonly nextAt: number | null
}

export function noteAttempt(db: Writer, id: number, attempt: Attempt): void {
  db.run(
    `UPDATE webhook_deliveries SET state = ?, attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, ?),
       last_attempt_at = ?, status = ?, error = ?, next_at = coalesce(?, next_at) WHERE id = ? AND state = 'pending'`,
    attempt.state,
    attempt.at,
    attempt.at,
    attempt.status,
    attempt.error,
    attempt.nextAt,
    id,
  )
}

/** Gives up up to `limit` that were queued before `before`. Returns how many. */
export function giveUpDeliveries(db: Writer, webhookId: number, before: number, error: string, limit: number): number {
  return db.run(
    `UPDATE webhook_deliveries SET state = 'given_up', error = CASE error WHEN '' THEN ? ELSE error END WHERE id IN (
       SELECT id FROM webhook_deliveries WHERE webhook_id = ? AND state = 'pending' AND queued_at <= ? ORDER BY id LIMIT ?)`,
    error,
    webhookId,
    before,
    limit,
  ).changes
}

/** Queues one again. Returns whether it is there. */
export function replayDelivery(db: Writer, webhookId: number, uid: string, at: number): boolean {
  return db.run(`${REPLAY} WHERE uid = ? AND webhook_id = ?`, at, uid, webhookId).changes === 1
}

/** Queues up to `limit` of a state again, oldest first. Returns how many. */
export function replayDeliveries(
  db: Writer,
  webhookId: number,
  state: DeliveryState,
  at: number,
  limit: number,
): number {
  return db.run(
    `${REPLAY} WHERE id IN (SELECT id FROM webhook_deliveries WHERE webhook_id = ? AND state = ? ORDER BY id LIMIT ?)`,
    at,
    webhookId,
    state,
    limit,
  ).changes
}

const REPLAY = `UPDATE webhook_deliveries SET state = 'pending', queued_at = ?, attempts = 0, first_attempt_at = NULL,
  next_at = 0, status = NULL, error = ''`

/** Removes up to `limit` in this state that were tried last before `before`, or that are beyond the newest `keep`. */
export function pruneDeliveries(
  db: Writer,
  webhookId: number,
  state: 'delivered' | 'given_up',
  old: { before: number; keep: number },
  limit: number,
): number {
  const from = db.get<{ id: number }>(
    'SELECT id FROM webhook_deliveries WHERE webhook_id = ? AND state = ? ORDER BY id DESC LIMIT 1 OFFSET ?',
    webhookId,
    state,
    old.keep,
  )?.id
  return db.run(
    `DELETE FROM webhook_deliveries WHERE id IN (
       SELECT id FROM webhook_deliveries WHERE webhook_id = ? AND state = ? AND (id <= ? OR coalesce(last_attempt_at, queued_at) < ?)
       ORDER BY id LIMIT ?)`,
    webhookId,
    state,
    from ?? 0,
    old.before,
    limit,
  ).changes
}

/** Removes up to `limit` rows of webhooks that were deleted, and then those. Returns whether there is more. */
export function purgeDeleted(db: Writer, limit: number): boolean {
  const gone = db.get<{ id: number }>('SELECT id FROM webhooks WHERE deleted = 1 LIMIT 1')
  if (!gone) return false
  const { changes } = db.run(
    'DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries WHERE webhook_id = ? LIMIT ?)',
    gone.id,
    limit,
  )
  if (changes === 0) db.run('DELETE FROM webhooks WHERE id = ?', gone.id)
  return true
}

/** The name under which the vault keeps the secret of a webhook. */
export function webhookSecret(webhookId: number): string {
  return `webhook-${webhookId}`
}

/**
 * After a restore: what waited in the backup may have been sent since, so it waits for a person. A webhook that the
 * replaced database had switched off, changed or deleted since is switched off; the others get the secret that they have
 * there, if the two databases have the same data key.
 */
export function holdBackDeliveries(db: Writer, replaced: Reader | null, sameKey: boolean): void {
  db.run("UPDATE webhook_deliveries SET state = 'before_restore' WHERE state = 'pending'")
  for (const { id, createdAt, url } of allWebhooks(db)) {
    const now = replaced && webhookById(replaced, id)
    const same = now && now.createdAt === createdAt && now.url === url && now.active
    if (!same) db.run('UPDATE webhooks SET active = 0 WHERE id = ?', id)
    const sealed = same && sameKey && sealedSecret(replaced, webhookSecret(id))
    if (sealed) putSealedSecret(db, webhookSecret(id), sealed, createdAt)
  }
}

/** Stores whether a phone is there. The change tells the webhooks that ask for it. */
export function setReach(db: Writer, phoneId: number, reach: 'online' | 'offline', at: number): void {
  db.run('UPDATE phones SET reach = ?, reach_at = ? WHERE id = ?', reach, at, phoneId)
}

/** Phones that are not revoked, with what is known of their being there. */
export function phoneReaches(db: Reader): { id: number; reach: 'online' | 'offline' }[] {
  return db.all('SELECT id, reach FROM phones WHERE revoked_at IS NULL')
}

type StoredWebhook = Omit<WebhookRow, 'active' | 'events'> & { active: number } & Record<string, number>

function read(row: StoredWebhook): WebhookRow {
  const { id, name, url, failures, failingSince, restsUntil, lastError, createdBy, createdAt, updatedAt } = row
  return {
    ...{ id, name, url, failures, failingSince, restsUntil, lastError, createdBy, createdAt, updatedAt },
    active: row.active === 1,
    events: TOPICS.filter(topic => row[COLUMN[topic]] === 1),
  }
}
