import { bare, ending } from './bare-number.ts'
import type { Reader } from './database.ts'

/** What is stored about one person besides contact and consent, for an export. Times are ms UTC. */

/** What imports have changed of a contact: JSON of what it was before; null: it only came to lists or tags. */
export function importChangesOf(db: Reader, contactId: number) {
  return db.all<{ list: string; at: number; before: string | null }>(
    `SELECT i.file_name AS list, i.created_at AS at, c.before FROM imports i JOIN import_changes c
       ON c.import_id = i.id AND c.contact_id = ? ORDER BY i.id`,
    contactId,
  )
}

/** Actions on many contacts that made a difference to this one, as long as an undo could take it back. */
export function bulkActionsOn(db: Reader, contactId: number) {
  return db.all<{ at: number; what: string; name: string; by: string }>(
    `SELECT j.created_at AS at, j.kind AS what, j.name, j.created_by AS by FROM bulk_changes c JOIN bulk_jobs j ON j.id = c.job_id
       WHERE c.contact_id = ? ORDER BY j.id`,
    contactId,
  )
}

/** Campaigns that left a contact out, and why. */
export function leftOutOf(db: Reader, contactId: number) {
  return db.all<{ campaign: string; why: string }>(
    `SELECT c.name AS campaign, l.code AS why FROM campaigns c JOIN campaign_left_out l
       ON l.campaign_id = c.id AND l.contact_id = ? ORDER BY c.id`,
    contactId,
  )
}

/** The lane that a contact keeps, as people call it. */
export function laneOf(db: Reader, contactId: number): { phone: string; slot: number } | undefined {
  return db.get(
    `SELECT p.name AS phone, s.slot FROM contacts c JOIN sims s ON s.id = c.sim_id JOIN phones p ON p.id = s.phone_id
       WHERE c.id = ?`,
    contactId,
  )
}

export function threadOf(db: Reader, number: string) {
  return db.get<{
    id: number
    state: string
    unread: number
    lastAt: number
    assignedTo: string | null
    snoozedUntil: number | null
    wokenAt: number | null
  }>(
    `SELECT t.id, t.state, t.unread, t.last_at AS lastAt, u.username AS assignedTo, t.snoozed_until AS snoozedUntil,
       t.woken_at AS wokenAt FROM threads t LEFT JOIN users u ON u.id = t.assigned_to WHERE t.number = ?`,
    number,
  )
}

export function threadTagsOf(db: Reader, threadId: number) {
  return db.all<{ tag: string; at: number }>(
    'SELECT name AS tag, at FROM thread_tags WHERE thread_id = ? ORDER BY name',
    threadId,
  )
}

export function notesOf(db: Reader, threadId: number) {
  return db.all<{ at: number; text: string; by: string; editedAt: number | null; calls: string | null }>(
    `SELECT n.created_at AS at, n.body AS text, n.created_by AS by, n.edited_at AS editedAt,
       (SELECT group_concat(u.username, ', ') FROM note_mentions m JOIN users u ON u.id = m.user_id WHERE m.note_id = n.id) AS calls
       FROM thread_notes n WHERE n.thread_id = ? ORDER BY n.id`,
    threadId,
  )
}

export function messagesTo(db: Reader, number: string) {
  return db.all<{
    id: string
    at: number
    kind: string
    state: string
    reason: string
    recall: string | null
    text: string | null
    segments: number
    campaign: string | null
    step: number
    variant: number
    zones: string
    phone: string | null
    slot: number | null
    dueAt: number
    expiresAt: number | null
    assignedAt: number | null
    attemptedAt: number | null
    settledAt: number | null
    answeredAt: number | null
    stoppedAt: number | null
    refusals: number
    evidence: string
    repeats: string | null
    answersTextOf: number | null
    followUps: 0 | 1
    by: string
    textRemovedAt: number | null
  }>(
    `SELECT m.id, m.created_at AS at, m.kind, m.state, m.reason, m.recall, m.body AS text, m.segments, c.name AS campaign, m.step,
       m.variant, m.zones, p.name AS phone, s.slot, m.due_at AS dueAt, m.expires_at AS expiresAt, m.assigned_at AS assignedAt,
       m.attempted_at AS attemptedAt, m.settled_at AS settledAt, m.answered_at AS answeredAt, m.stopped_at AS stoppedAt,
       m.refusals, m.evidence, m.repeats, i.received_at AS answersTextOf,
       EXISTS (SELECT 1 FROM follow_up_work f WHERE f.message_id = m.id) AS followUps,
       m.created_by AS by, m.text_removed_at AS textRemovedAt
       FROM messages m LEFT JOIN campaigns c ON c.id = m.campaign_id LEFT JOIN sims s ON s.id = m.sim_id
       LEFT JOIN phones p ON p.id = s.phone_id LEFT JOIN inbound i ON i.id = m.cause_id WHERE m.number = ?
       ORDER BY m.created_at, m.id`,
    number,
  )
}

export function inboundFrom(db: Reader, threadId: number) {
  return db.all<{
    id: number
    at: number
    storedAt: number
    from: string
    text: string
    meaning: string
    because: string
    matched: string
    campaign: string | null
    phone: string
    textRemovedAt: number | null
  }>(
    `SELECT i.id, i.received_at AS at, i.stored_at AS storedAt, i.sender AS "from", i.body AS text, i.intent AS meaning,
       i.intent_reason AS because, i.intent_match AS matched, c.name AS campaign, p.name AS phone,
       i.text_removed_at AS textRemovedAt FROM inbound i JOIN phones p ON p.id = i.phone_id
       LEFT JOIN campaigns c ON c.id = i.campaign_id WHERE i.thread_id = ? ORDER BY i.received_at, i.id`,
    threadId,
  )
}

/** What was done by itself because of the texts of a thread, or held back. */
export function automaticActionsIn(db: Reader, threadId: number) {
  return db.all<{
    inboundId: number
    at: number
    cause: string
    rule: string
    answer: string
    heldFor: string
    tag: string
    list: string
    consent: string | null
    notified: 0 | 1
  }>(
    `SELECT a.inbound_id AS inboundId, a.at, a.cause, a.rule_name AS rule, a.answer, a.held_for AS heldFor, a.tag, a.list, a.consent,
       a.notified
       FROM inbound i JOIN automatic_actions a ON a.inbound_id = i.id WHERE i.thread_id = ?`,
    threadId,
  )
}

/** Attempts after a restore that only the phone knows of; what was in them nobody knows here. */
export function attemptsTo(db: Reader, number: string) {
  return db.all<{ at: number; state: string; phone: string }>(
    `SELECT f.attempted_at AS at, f.state, p.name AS phone FROM foreign_attempts f JOIN phones p ON p.id = f.phone_id
       WHERE f.number = ? ORDER BY f.attempted_at`,
    number,
  )
}

/** Which webhooks were told of these texts and messages, or are to be. */
export function deliveriesAbout(db: Reader, inboundIds: readonly number[], messageIds: readonly string[]) {
  return db.all<{
    at: number
    event: string
    webhook: string
    url: string
    detail: string
    state: string
    attempts: number
    lastAttemptAt: number | null
  }>(
    `SELECT d.at, d.event, w.name AS webhook, w.url, d.detail, d.state, d.attempts, d.last_attempt_at AS lastAttemptAt
       FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
       WHERE (d.event = 'inbound.text' AND d.subject IN (SELECT CAST(value AS TEXT) FROM json_each(?)))
         OR (d.event = 'message.state' AND d.subject IN (SELECT value FROM json_each(?))) ORDER BY d.id`,
    JSON.stringify(inboundIds),
    JSON.stringify(messageIds),
  )
}

/** Rows of the audit log about any of these, such as `contact:3`. */
export function auditAbout(db: Reader, subjects: readonly string[]) {
  return db.all<{ at: number; by: string; action: string; about: string }>(
    `WITH about AS MATERIALIZED (SELECT value AS one FROM json_each(?))
       SELECT at, actor AS by, action, subject AS about FROM audit WHERE subject IN (SELECT one FROM about)
         OR (instr(subject, ' ') > 0 AND EXISTS (SELECT 1 FROM about WHERE instr(' ' || subject || ' ', ' ' || one || ' ') > 0))
         ORDER BY seq`,
    JSON.stringify(subjects),
  )
}

/** Segments and campaigns that search for what may be this number: all with digits that it ends with. */
export function searchesFor(db: Reader, number: string) {
  const names = (table: string) =>
    `SELECT name, audience ->> '$.search' AS search FROM ${table}
       WHERE instr(${bare("coalesce(audience ->> '$.search', '')")}, ?) > 0`
  return db
    .all<{ name: string; search: string }>(
      `${names('segments')} UNION ${names('campaigns')}`,
      ending(number),
      ending(number),
    )
    .filter(({ search }) => number.endsWith(search.replace(/\D/g, '')))
    .map(({ name }) => name)
}

/** Rows of import reports that may name a number, whichever way it is written: it may be another one that ends alike. */
export function reportRowsLike(db: Reader, number: string) {
  return db.all<{
    list: string
    settings: string
    row: number
    field: string | null
    reason: string
    explanation: string
    value: string
    cells: string | null
  }>(
    `SELECT i.file_name AS list, i.settings, r.row, NULL AS field, r.code AS reason, r.message AS explanation, r.value, r.cells
       FROM imports i JOIN import_rejections r ON r.import_id = i.id WHERE instr(${bare("r.value || ' ' || r.cells")}, ?) > 0
     UNION ALL SELECT i.file_name, i.settings, f.row, f.field, f.code, '', f.value, NULL FROM imports i
       JOIN import_flags f ON f.import_id = i.id WHERE instr(${bare('f.value')}, ?) > 0`,
    ending(number),
    ending(number),
  )
}
