import type { Reader } from './database.ts'

/** What is stored about one number besides the contact, for an export. Times are ms UTC. */

export function messagesTo(db: Reader, number: string) {
  return db.all<{
    at: number
    kind: string
    state: string
    reason: string
    text: string | null
    campaign: string | null
    attemptedAt: number | null
    phone: string | null
    by: string
    textRemovedAt: number | null
  }>(
    `SELECT m.created_at AS at, m.kind, m.state, m.reason, m.body AS text, c.name AS campaign, m.attempted_at AS attemptedAt,
       p.name AS phone, m.created_by AS by, m.text_removed_at AS textRemovedAt
       FROM messages m LEFT JOIN campaigns c ON c.id = m.campaign_id LEFT JOIN sims s ON s.id = m.sim_id
       LEFT JOIN phones p ON p.id = s.phone_id WHERE m.number = ? ORDER BY m.created_at`,
    number,
  )
}

export function inboundFrom(db: Reader, number: string) {
  return db.all<{
    at: number
    from: string
    text: string
    meaning: string
    phone: string
    textRemovedAt: number | null
  }>(
    `SELECT i.received_at AS at, i.sender AS "from", i.body AS text, i.intent AS meaning, p.name AS phone,
       i.text_removed_at AS textRemovedAt FROM threads t JOIN inbound i ON i.thread_id = t.id
       JOIN phones p ON p.id = i.phone_id WHERE t.number = ? ORDER BY i.received_at, i.id`,
    number,
  )
}

export function notesAbout(db: Reader, number: string) {
  return db.all<{ at: number; text: string; by: string }>(
    `SELECT n.created_at AS at, n.body AS text, n.created_by AS by FROM threads t JOIN thread_notes n ON n.thread_id = t.id
       WHERE t.number = ? ORDER BY n.id`,
    number,
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

/** Rows of imports that were not taken in and tell the number as it is stored: those who had opted out. */
export function reportRowsOf(db: Reader, number: string) {
  return db.all<{ list: string; row: number; reason: string; cells: string }>(
    `SELECT i.file_name AS list, r.row, r.code AS reason, r.cells FROM imports i JOIN import_rejections r ON r.import_id = i.id
       WHERE r.value = ? ORDER BY i.id, r.row LIMIT 500`,
    number,
  )
}
