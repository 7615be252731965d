import type { Reader } from './database.ts'

/** What webhooks are told of a text, as it stands now; undefined when it is gone. */
export function inboundFacts(db: Reader, id: number) {
  return db.get<{
    id: number
    thread: number
    phone: number
    contact: number | null
    campaign: number | null
    number: string
    body: string
    intent: string
    receivedAt: number
    rowId: number
  }>(
    `SELECT i.id, i.thread_id AS thread, i.phone_id AS phone, t.contact_id AS contact, i.campaign_id AS campaign, t.number,
       i.body, i.intent, i.received_at AS receivedAt, i.row_id AS rowId FROM inbound i JOIN threads t ON t.id = i.thread_id
       WHERE i.id = ?`,
    id,
  )
}

/** The same of a message, without its text. */
export function messageFacts(db: Reader, id: string) {
  return db.get<{
    id: string
    kind: string
    campaign: number | null
    contact: number | null
    number: string
    segments: number
    phone: number | null
    attemptedAt: number | null
  }>(
    `SELECT m.id, m.kind, m.campaign_id AS campaign, m.contact_id AS contact, m.number, m.segments, s.phone_id AS phone,
       m.attempted_at AS attemptedAt FROM messages m LEFT JOIN sims s ON s.id = m.sim_id WHERE m.id = ?`,
    id,
  )
}

/** The same of a campaign. */
export function campaignFacts(db: Reader, id: number): { id: number; name: string } | undefined {
  return db.get('SELECT id, name FROM campaigns WHERE id = ?', id)
}

/** The same of a phone. */
export function phoneFacts(
  db: Reader,
  id: number,
): { id: number; name: string; lastSeenAt: number | null } | undefined {
  return db.get('SELECT id, name, last_seen_at AS lastSeenAt FROM phones WHERE id = ?', id)
}
