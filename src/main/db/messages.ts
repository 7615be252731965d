import type { MessageState } from '../../shared/operations/messages.ts'
import type { MessageKind } from '../../shared/phone-protocol.ts'
import type { Recall } from '../domain/message-states.ts'
import type { Reader, Writer } from './database.ts'

/** What the rules need to know of a message when its phone says something about it. */
export interface HeldMessage {
  id: string
  kind: MessageKind
  campaignId: number | null
  contactId: number | null
  state: MessageState
  recall: Recall | null
  assignment: number
  simId: number | null
  phoneId: number | null
  pinned: number
  refusals: number
  segments: number
  /** 0: no follow-up. */
  step: number
  /** 1: it repeats another one, by an operator's decision. */
  repeated: number
  /** 1: the text is not known here; a phone may have it. */
  unrendered: number
}

/** What the index of messages with phones is limited to: it is found only by these very words. */
const WITH_PHONES = "state IN ('assigned', 'accepted', 'attempting', 'handed_over')"

const HELD = `SELECT m.id, m.kind, m.campaign_id AS campaignId, m.contact_id AS contactId, m.state, m.recall, m.assignment,
  m.sim_id AS simId, s.phone_id AS phoneId, m.pinned, m.refusals, m.segments,
  m.step, m.repeats IS NOT NULL AS repeated, m.body IS NULL AS unrendered
  FROM messages m LEFT JOIN sims s ON s.id = m.sim_id`

export function heldMessage(db: Reader, id: string): HeldMessage | undefined {
  return db.get(`${HELD} WHERE m.id = ?`, id)
}

/** Messages that a phone may hold or have attempted without a last word. */
export function heldByPhone(db: Reader, phoneId: number): HeldMessage[] {
  return db.all(
    `${HELD} WHERE m.sim_id IN (SELECT id FROM sims WHERE phone_id = ?)
       AND m.state IN ('assigned', 'accepted', 'attempting', 'handed_over')`,
    phoneId,
  )
}

/** Those of one campaign that a phone may hold and has not attempted. */
export function heldOfCampaign(db: Reader, campaignId: number): HeldMessage[] {
  return db.all(`${HELD} WHERE m.campaign_id = ? AND m.state IN ('assigned', 'accepted')`, campaignId)
}

/** All open ones to a number. */
export function openToNumber(db: Reader, number: string): HeldMessage[] {
  return db.all(`${HELD} WHERE m.number = ? AND m.state IN ('queued', 'assigned', 'accepted')`, number)
}

/** All open ones of a contact. */
export function openOfContact(db: Reader, contactId: number): HeldMessage[] {
  return db.all(`${HELD} WHERE m.contact_id = ? AND m.state IN ('queued', 'assigned', 'accepted')`, contactId)
}

/** The recipient is elsewhere than it was thought: the places where they may be, and when it may go. */
export function refitMessage(db: Writer, id: string, places: string, dueAt: number): void {
  db.run('UPDATE messages SET zones = ?, due_at = ? WHERE id = ?', places, dueAt, id)
}

/** How many are being sent to a number, or were handed over and wait for proof. */
export function underwayTo(db: Reader, number: string): number {
  return db.get<{ n: number }>(
    "SELECT count(*) AS n FROM messages WHERE number = ? AND state IN ('attempting', 'handed_over')",
    number,
  )!.n
}

/** Up to `limit` whose time is over. */
export function expiredMessages(db: Reader, now: number, limit: number): HeldMessage[] {
  return db.all(
    `${HELD} WHERE m.expires_at <= ? AND m.expires_at IS NOT NULL AND m.state IN ('queued', 'assigned', 'accepted')
       AND (m.state = 'queued' OR m.recall IS NULL OR m.recall = 'queued') ORDER BY m.expires_at LIMIT ?`,
    now,
    limit,
  )
}

/** Changes the state. A message that goes back to the queue leaves its lane unless it is pinned to it. */
export function moveMessage(db: Writer, id: string, to: MessageState, reason: string, at: number): void {
  const settledAt = to === 'queued' || to === 'accepted' || to === 'attempting' || to === 'handed_over' ? null : at
  if (to === 'queued') {
    db.run(
      `UPDATE messages SET state = 'queued', reason = ?, recall = NULL, not_after = NULL, attempted_at = NULL, settled_at = NULL,
         sim_id = CASE pinned WHEN 1 THEN sim_id END WHERE id = ?`,
      reason,
      id,
    )
  } else if (to === 'attempting') {
    db.run(
      `UPDATE messages SET state = 'attempting', reason = ?, attempted_at = ?, settled_at = NULL WHERE id = ?`,
      reason,
      at,
      id,
    )
  } else {
    db.run('UPDATE messages SET state = ?, reason = ?, settled_at = ? WHERE id = ?', to, reason, settledAt, id)
  }
}

export function recallMessage(db: Writer, id: string, as: Recall, reason: string): void {
  db.run('UPDATE messages SET recall = ?, reason = ? WHERE id = ?', as, reason, id)
}

/**
 * The phone knows of an assignment that this database does not: it was restored from a backup. A text that was rendered
 * for it only stays unknown here, and is rendered anew should the phone say that it did not attempt it.
 */
export function adoptAssignment(
  db: Writer,
  id: string,
  given: { assignment: number; simId: number; bodyHash: Uint8Array | null },
): void {
  db.run(
    'UPDATE messages SET assignment = ?, sim_id = ?, body_hash = coalesce(body_hash, ?) WHERE id = ?',
    given.assignment,
    given.simId,
    given.bodyHash,
    id,
  )
}

/** What a phone has attempted, where only it knows the text. */
export function noteBodyHash(db: Writer, id: string, bodyHash: Uint8Array): void {
  db.run('UPDATE messages SET body_hash = ? WHERE id = ?', bodyHash, id)
}

export function noteRow(db: Writer, id: string, rowId: number): void {
  db.run('UPDATE messages SET row_id = ? WHERE id = ?', rowId, id)
}

export function noteEvidence(db: Writer, id: string, evidence: string): void {
  db.run('UPDATE messages SET evidence = ? WHERE id = ?', evidence, id)
}

/** Up to `limit` messages without proof for one reason, of a campaign (null: of none). */
export function unknownMessages(db: Reader, campaignId: number | null, reason: string, limit: number): HeldMessage[] {
  return db.all(
    `${HELD} WHERE m.campaign_id IS ? AND m.reason = ? AND m.state = 'unknown' ORDER BY m.id LIMIT ?`,
    campaignId,
    reason,
    limit,
  )
}

/** How many messages are without proof, by campaign (null: of none) and reason. */
export function unknownByReason(db: Reader): { campaignId: number | null; reason: string; messages: number }[] {
  return db.all(
    `SELECT campaign_id AS campaignId, reason, count(*) AS messages FROM messages WHERE state = 'unknown'
       GROUP BY campaign_id, reason ORDER BY campaign_id, reason`,
  )
}

export function noteRefusal(db: Writer, id: string, dueAt: number): void {
  db.run('UPDATE messages SET refusals = refusals + 1, due_at = ? WHERE id = ?', dueAt, id)
}

export function postpone(db: Writer, id: string, dueAt: number): void {
  db.run('UPDATE messages SET due_at = ? WHERE id = ?', dueAt, id)
}

/** A contact keeps the lane that texted them first. */
export function keepLane(db: Writer, contactId: number, simId: number): void {
  db.run('UPDATE contacts SET sim_id = ? WHERE id = ? AND sim_id IS NULL', simId, contactId)
}

export function pinMessage(db: Writer, id: string, simId: number): void {
  db.run('UPDATE messages SET pinned = 1, sim_id = ? WHERE id = ?', simId, id)
}

/**
 * What waits together and is taken in its own turn: the messages of a campaign, the direct ones, or (`null`) replies,
 * confirmations and the like.
 */
export type Queue = number | 'direct' | null

/** A queue in the words by which its index is found. `values` are those of its question marks. */
function queueOf(queue: Queue): { where: string; values: (number | null)[] } {
  if (queue === 'direct') return { where: "state = 'queued' AND kind = 'direct'", values: [] }
  return { where: "campaign_id IS ? AND state = 'queued' AND kind <> 'direct'", values: [queue] }
}

/** Frees up to `limit` messages of a queue that wait for a lane which is gone. Returns how many. */
export function unpin(db: Writer, queue: Queue, simId: number, limit: number): number {
  const { where, values } = queueOf(queue)
  return db.run(
    `UPDATE messages SET pinned = 0, sim_id = NULL WHERE id IN (
       SELECT id FROM messages WHERE ${where} AND pinned = 1 AND sim_id = ? LIMIT ?)`,
    ...values,
    simId,
    limit,
  ).changes
}

/** What can be assigned to a lane. */
export interface QueuedMessage {
  id: string
  kind: MessageKind
  campaignId: number | null
  contactId: number | null
  contactSimId: number | null
  contactZone: string | null
  contactZoneByHand: number | null
  contactPostcode: string | null
  contactCountry: string | null
  contactConsentId: number | null
  number: string
  body: string | null
  segments: number
  zones: string
  assignment: number
  pinned: number
  createdAt: number
  expiresAt: number | null
  /** 0: no follow-up. */
  step: number
  variant: number
  /** 1: it repeats another one, by an operator's decision. */
  repeated: number
}

const QUEUED = `SELECT m.id, m.kind, m.campaign_id AS campaignId, m.contact_id AS contactId, c.sim_id AS contactSimId, c.zone AS contactZone,
  c.zone_by_hand AS contactZoneByHand, c.postcode AS contactPostcode, c.country AS contactCountry,
  c.consent_id AS contactConsentId, m.number,
  m.body, m.segments, m.zones, m.assignment, m.pinned, m.created_at AS createdAt, m.expires_at AS expiresAt,
  m.step, m.variant, m.repeats IS NOT NULL AS repeated FROM messages m LEFT JOIN contacts c ON c.id = m.contact_id`

/** Due messages of a queue for a lane: first those that wait for it, then, if `free`, those that any lane may send. */
export function dueMessages(
  db: Reader,
  of: { queue: Queue; simId: number; free: boolean },
  now: number,
  limit: number,
): QueuedMessage[] {
  const { where, values } = queueOf(of.queue)
  const due = `${QUEUED} WHERE ${where} AND m.pinned = ? AND m.sim_id IS ? AND m.due_at <= ? ORDER BY m.due_at LIMIT ?`
  const own = db.all<QueuedMessage>(due, ...values, 1, of.simId, now, limit)
  if (!of.free || own.length >= limit) return own
  return [...own, ...db.all<QueuedMessage>(due, ...values, 0, null, now, limit - own.length)]
}

/** When the next message of some queues becomes due; null when none waits. */
export function nextDue(db: Reader, queues: readonly Queue[], simIds: readonly number[]): number | null {
  let next: number | null = null
  for (const queue of queues) {
    const { where, values } = queueOf(queue)
    const query = `SELECT due_at AS dueAt FROM messages WHERE ${where} AND pinned = ? AND sim_id IS ? ORDER BY due_at LIMIT 1`
    for (const simId of [null, ...simIds]) {
      const dueAt = db.get<{ dueAt: number }>(query, ...values, simId === null ? 0 : 1, simId)?.dueAt
      if (dueAt !== undefined && (next === null || dueAt < next)) next = dueAt
    }
  }
  return next
}

export interface Assignment {
  readonly id: string
  readonly simId: number
  readonly assignment: number
  readonly body: string
  readonly bodyHash: Uint8Array
  readonly segments: number
  readonly notAfter: number
}

export function assignMessage(db: Writer, given: Assignment, at: number): void {
  db.run(
    `UPDATE messages SET state = 'assigned', reason = '', recall = NULL, sim_id = ?, assignment = ?, body = ?, body_hash = ?,
       segments = ?, not_after = ?, assigned_at = ? WHERE id = ?`,
    given.simId,
    given.assignment,
    given.body,
    given.bodyHash,
    given.segments,
    given.notAfter,
    at,
    given.id,
  )
}

/** How much a lane holds that it has not attempted. */
export function laneLoad(db: Reader, simId: number): { messages: number; segments: number } {
  return db.get(
    `SELECT count(*) AS messages, coalesce(sum(segments), 0) AS segments FROM messages
       WHERE sim_id = ? AND ${WITH_PHONES} AND state IN ('assigned', 'accepted')`,
    simId,
  )!
}

/**
 * Whether a text with this body may be on its way to this number, or went there without proof after `since`:
 * another one would be a twin that nobody could tell apart.
 */
export function hasTwin(db: Reader, number: string, bodyHash: Uint8Array, since: number): boolean {
  return (
    db.get(
      `SELECT 1 FROM messages WHERE number = ? AND body_hash = ? AND (state IN ('assigned', 'accepted', 'attempting', 'handed_over')
         OR (state = 'unknown' AND coalesce(attempted_at, assigned_at, created_at) > ?))
       UNION ALL SELECT 1 FROM foreign_attempts WHERE number = ? AND body_hash = ? AND state <> 'refused' LIMIT 1`,
      number,
      bodyHash,
      since,
      number,
      bodyHash,
    ) !== undefined
  )
}

/** Whether this very text to this number waits in the queue. */
export function hasWaiting(db: Reader, number: string, body: string): boolean {
  return (
    db.get("SELECT 1 FROM messages WHERE number = ? AND state = 'queued' AND body = ? LIMIT 1", number, body) !==
    undefined
  )
}

/** When a message may go at the earliest, ms UTC. */
export function messageDue(db: Reader, id: string): number {
  return db.get<{ dueAt: number }>('SELECT due_at AS dueAt FROM messages WHERE id = ?', id)!.dueAt
}

/** A command as it was given, for a phone that may have missed it. */
export interface OutstandingCommand {
  id: string
  kind: MessageKind
  state: 'assigned' | 'accepted'
  recall: Recall | null
  assignment: number
  slot: number
  number: string
  body: string
  segments: number
  notAfter: number
}

export function outstanding(db: Reader, phoneId: number): OutstandingCommand[] {
  return db.all(
    `SELECT m.id, m.kind, m.state, m.recall, m.assignment, s.slot, m.number, m.body, m.segments, m.not_after AS notAfter
       FROM sims s CROSS JOIN messages m ON m.sim_id = s.id
       WHERE s.phone_id = ? AND ${WITH_PHONES} AND m.state IN ('assigned', 'accepted') ORDER BY m.assigned_at, m.id`,
    phoneId,
  )
}

/** Of what a phone holds all that is wanted back. */
export function recalledOf(db: Reader, phoneId: number): { id: string; assignment: number }[] {
  return db.all(
    `SELECT message_id AS id, assignment FROM strays WHERE phone_id = ?
       UNION ALL SELECT m.id, m.assignment FROM sims s CROSS JOIN messages m ON m.sim_id = s.id
         WHERE s.phone_id = ? AND m.recall IS NOT NULL AND m.state IN ('assigned', 'accepted')`,
    phoneId,
    phoneId,
  )
}

export interface NewMessage {
  readonly id: string
  readonly kind: MessageKind
  readonly number: string
  readonly contactId: number | null
  readonly body: string
  readonly segments: number
  /** The lane that must send it; null: any. */
  readonly simId: number | null
  readonly zones: string
  readonly dueAt: number
  readonly expiresAt: number | null
  readonly causeId: number | null
  readonly repeats: string | null
  readonly campaignId: number | null
  /** Of a message of a campaign: which text of it this is. */
  readonly step?: number
  readonly variant?: number
  readonly createdBy: string
}

/** Queues a message with a body. Returns false when its cause has one of this kind already. */
export function queueMessage(db: Writer, message: NewMessage, at: number): boolean {
  return (
    db.run(
      `INSERT INTO messages (id, kind, campaign_id, contact_id, number, state, body, segments, zones, sim_id, pinned, due_at, expires_at,
         cause_id, repeats, step, variant, created_by, created_at)
         VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (cause_id, kind) WHERE cause_id IS NOT NULL DO NOTHING`,
      message.id,
      message.kind,
      message.campaignId,
      message.contactId,
      message.number,
      message.body,
      message.segments,
      message.zones,
      message.simId,
      message.simId === null ? 0 : 1,
      message.dueAt,
      message.expiresAt,
      message.causeId,
      message.repeats,
      message.step ?? 0,
      message.variant ?? 0,
      message.createdBy,
      at,
    ).changes === 1
  )
}

/** Whether a text of this kind and body was made for this number since then. */
export function hasSince(
  db: Reader,
  text: { number: string; kind: MessageKind; body: string; since: number },
): boolean {
  return (
    db.get(
      'SELECT 1 FROM messages WHERE number = ? AND created_at >= ? AND kind = ? AND body = ? LIMIT 1',
      text.number,
      text.since,
      text.kind,
      text.body,
    ) !== undefined
  )
}

/** The message that went, or may have gone, to a number last. */
export function lastAttemptTo(db: Reader, number: string): { campaignId: number | null; simId: number } | undefined {
  return db.get(
    `SELECT campaign_id AS campaignId, sim_id AS simId FROM messages
       WHERE number = ? AND attempted_at IS NOT NULL AND sim_id IS NOT NULL ORDER BY attempted_at DESC LIMIT 1`,
    number,
  )
}

/** The campaign whose message to this number was attempted last. */
export function lastCampaignTo(db: Reader, number: string): number | null {
  return (
    db.get<{ id: number }>(
      `SELECT campaign_id AS id FROM messages WHERE number = ? AND attempted_at IS NOT NULL AND campaign_id IS NOT NULL
         ORDER BY attempted_at DESC LIMIT 1`,
      number,
    )?.id ?? null
  )
}

/** The newest few texts that went to a number: a reply may quote them. */
export function lastBodiesTo(db: Reader, number: string): string[] {
  return db
    .all<{ body: string }>(
      `SELECT body FROM messages WHERE number = ? AND attempted_at IS NOT NULL AND body IS NOT NULL
         ORDER BY attempted_at DESC LIMIT 5`,
      number,
    )
    .map(row => row.body)
}

/** Lanes that send no more (switched off, or of a revoked phone) for which queued messages still wait. */
export function closedLanesWithWork(db: Reader): { simId: number; queue: Queue }[] {
  const closed = db.all<{ id: number }>(
    'SELECT s.id FROM sims s JOIN phones p ON p.id = s.phone_id WHERE s.enabled = 0 OR p.revoked_at IS NOT NULL',
  )
  const campaigns = db.all<{ id: number }>("SELECT id FROM campaigns WHERE state IN ('running', 'paused')")
  const queues: Queue[] = [...campaigns.map(campaign => campaign.id), null, 'direct']
  return closed.flatMap(sim =>
    queues
      .filter(queue => {
        const { where, values } = queueOf(queue)
        const waits = `SELECT 1 FROM messages WHERE ${where} AND pinned = 1 AND sim_id = ? LIMIT 1`
        return db.get(waits, ...values, sim.id) !== undefined
      })
      .map(queue => ({ simId: sim.id, queue })),
  )
}

/**
 * A phone was written off after a restore: whatever waits now may have been sent by it since the backup.
 * Messages that only another lane could have sent are not touched.
 */
export function loseQueuedOfPhone(db: Writer, phoneId: number, at: number): number {
  return db.run(
    `UPDATE messages SET state = 'unknown', reason = 'journal_lost', settled_at = ? WHERE state = 'queued'
       AND created_at <= (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'epoch')
       AND (pinned = 0 OR sim_id IN (SELECT id FROM sims WHERE phone_id = ?))`,
    at,
    phoneId,
  ).changes
}
