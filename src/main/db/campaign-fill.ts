import type { LeftOut } from '../../shared/operations/campaigns.ts'
import type { MessageState } from '../../shared/operations/messages.ts'
import type { Reader, Writer } from './database.ts'

/** A message of a campaign before it is rendered, which happens at its first assignment. */
export interface PlannedMessage {
  readonly id: string
  readonly contactId: number
  readonly number: string
  /** Candidate zones, separated by a space. */
  readonly zones: string
  /** The lane that the recipient knows and that must send it; null: any. */
  readonly simId: number | null
  readonly dueAt: number
  readonly expiresAt: number | null
  /** 0: a first text; else the follow-up. */
  readonly step: number
  /** The place of their first text among the variants. */
  readonly variant: number
}

/** Queues it. Returns false when the campaign has a message of this step to this number already. */
export function insertCampaignMessage(
  db: Writer,
  campaignId: number,
  message: PlannedMessage,
  by: string,
  at: number,
): boolean {
  return (
    db.run(
      `INSERT INTO messages (id, kind, campaign_id, contact_id, number, state, zones, sim_id, pinned, due_at, expires_at, step, variant,
         created_by, created_at) VALUES (?, 'campaign', ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (campaign_id, number, step) WHERE campaign_id IS NOT NULL AND repeats IS NULL DO NOTHING`,
      message.id,
      campaignId,
      message.contactId,
      message.number,
      message.zones,
      message.simId,
      message.simId === null ? 0 : 1,
      message.dueAt,
      message.expiresAt,
      message.step,
      message.variant,
      by,
      at,
    ).changes === 1
  )
}

/** Whether the first text to a number is made. */
export function hasCampaignMessage(db: Reader, campaignId: number, number: string): boolean {
  return (
    db.get(
      'SELECT 1 FROM messages WHERE campaign_id = ? AND number = ? AND step = 0 AND repeats IS NULL',
      campaignId,
      number,
    ) !== undefined
  )
}

/** Notes why a contact of the audience gets no message. */
export function insertLeftOut(db: Writer, campaignId: number, contactId: number, code: LeftOut): void {
  db.run('INSERT INTO campaign_left_out VALUES (?, ?, ?) ON CONFLICT DO NOTHING', campaignId, contactId, code)
}

/** The last contact done; null when every message is made. */
export function setFillingAfter(db: Writer, campaignId: number, after: number | null): void {
  db.run('UPDATE campaigns SET filling_after = ? WHERE id = ?', after, campaignId)
}

/** Cancels up to `limit` queued messages of a campaign. Returns how many. */
export function cancelQueued(db: Writer, campaignId: number, at: number, limit: number): number {
  return db.run(
    `UPDATE messages SET state = 'cancelled', reason = 'cancelled', recall = NULL, settled_at = ? WHERE id IN (
       SELECT id FROM messages WHERE campaign_id = ? AND state = 'queued' LIMIT ?)`,
    at,
    campaignId,
    limit,
  ).changes
}

/** A message that hours, lanes and expiry still matter to. */
export interface UnfittedMessage {
  id: string
  state: Extract<MessageState, 'queued' | 'assigned' | 'accepted'>
  zones: string
  contactSimId: number | null
  /** 0: a first text. */
  step: number
  dueAt: number
}

/** By id, the next `limit` that have not been attempted. */
export function messagesToFit(db: Reader, campaignId: number, afterId: string, limit: number): UnfittedMessage[] {
  const of = (state: string) =>
    db.all<UnfittedMessage>(
      `SELECT m.id, m.state, m.zones, c.sim_id AS contactSimId, m.step, m.due_at AS dueAt FROM messages m LEFT JOIN contacts c ON c.id = m.contact_id
         WHERE m.campaign_id = ? AND m.state = ? AND m.id > ? ORDER BY m.id LIMIT ?`,
      campaignId,
      state,
      afterId,
      limit,
    )
  return [...of('queued'), ...of('assigned'), ...of('accepted')].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit)
}

/** Of a queued message: when it is due, how long it is good, and which lane must send it (null: any). */
export function fitQueued(
  db: Writer,
  id: string,
  fit: { dueAt: number; expiresAt: number | null; simId: number | null },
): void {
  db.run(
    'UPDATE messages SET due_at = ?, expires_at = ?, sim_id = ?, pinned = ? WHERE id = ?',
    fit.dueAt,
    fit.expiresAt,
    fit.simId,
    fit.simId === null ? 0 : 1,
    id,
  )
}

/** Of a message that a phone may hold: its lane and its order stand, and it comes back to the queue first. */
export function fitHeld(db: Writer, id: string, expiresAt: number | null): void {
  db.run('UPDATE messages SET expires_at = ? WHERE id = ?', expiresAt, id)
}

/** The last message fitted; the empty text begins, null ends. */
export function setFittingAfter(db: Writer, campaignId: number, after: string | null): void {
  db.run('UPDATE campaigns SET fitting_after = ? WHERE id = ?', after, campaignId)
}
