import { insertCampaign, setCampaignState } from '../../src/main/db/campaigns.ts'
import { mergeSearch } from '../../src/main/db/contact-search.ts'
import type { Database, Writer } from '../../src/main/db/database.ts'
import { indexSaid } from '../../src/main/db/said.ts'

export const ALWAYS = { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false }
const EVERYBODY = { lists: [], tags: [], exceptTags: [], search: '' }
const STEP = 10_000

/** A paused campaign with a queued message for each of the first so many contacts, as its start would make them. */
export function seedQueue(db: Database, messages: number, template: string, at: number, offset = 0): number {
  const campaign = db.write(tx => startedCampaign(tx, template, 'paused', at))
  insertMessages(db, { campaign, from: 1, to: messages, offset, sim: null, at, queuedFrom: 0 })
  return campaign
}

/** A phone with one lane, as pairing makes it. */
export function seedPhone(db: Database, at: number): { phone: number; sim: number } {
  return db.write(tx => {
    const key = Buffer.alloc(32, 7)
    const sql = "INSERT INTO phones (name, key_hash, journal, paired_at) VALUES ('Phone', ?, 'seed', ?)"
    const phone = tx.run(sql, key, at).id
    return { phone, sim: tx.run('INSERT INTO sims (phone_id, slot) VALUES (?, 0)', phone).id }
  })
}

/**
 * Messages of two campaigns to the contacts from the first on: one that is done (two thirds; a few without proof), and one
 * in the middle of its work, half of it sent. Returns the id of the latter.
 */
export function seedHistory(db: Database, messages: number, sim: number, template: string, at: number): number {
  const done = Math.floor((messages * 2) / 3)
  const ended = db.write(tx => startedCampaign(tx, template, 'completed', at - 86_400_000))
  const running = db.write(tx => startedCampaign(tx, template, 'paused', at - 3_600_000))
  insertMessages(db, { campaign: ended, from: 1, to: done, offset: 0, sim, at: at - 86_400_000, queuedFrom: done })
  const left = messages - done
  const plan = { campaign: running, from: 1, to: left, offset: done, sim, at: at - 3_600_000 }
  insertMessages(db, { ...plan, queuedFrom: Math.floor(left / 2) })
  return running
}

/** Texts that came in: three from two people each, one in fifty a STOP. The newest are unread. */
export function seedInbox(db: Database, texts: number, phone: number, campaign: number, at: number): void {
  const threads = Math.max(1, Math.floor((texts * 2) / 3))
  for (let from = 1; from <= threads; from += STEP) {
    const to = Math.min(from + STEP - 1, threads)
    db.write(tx => {
      tx.run(
        `INSERT INTO threads (number, contact_id, unread, last_at, last_text)
           SELECT number, id, id % 10 = 0, ? - id * 1000, 'Thanks, see you there' FROM contacts WHERE id BETWEEN ? AND ? ORDER BY id`,
        ...[at, from, to],
      )
      for (const turn of [0, 1]) {
        tx.run(
          `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent, campaign_id)
             SELECT t.id, ?, 'seed', t.id * 2 + ?, t.number, iif(t.id % 50 = 0, 'STOP', 'Thanks, see you there. Our booking is ' || t.id), zeroblob(32),
               t.last_at - ? * 60000, t.last_at, iif(t.id % 50 = 0, 'stop', 'none'), ?
             FROM threads t WHERE t.id BETWEEN ? AND ? AND (? = 0 OR t.id % 2 = 0)`,
          ...[phone, turn, turn, campaign, from, to, turn],
        )
      }
    })
  }
}

/** Takes all that was said into the search, as the hub does in the background. */
export function indexTexts(db: Database): void {
  while (db.write(tx => indexSaid(tx, STEP))) {}
  while (db.write(tx => mergeSearch(tx, 1000, 'said_words'))) {}
}

function startedCampaign(tx: Writer, template: string, state: 'paused' | 'completed', at: number): number {
  const plan = {
    name: 'Bench',
    template,
    audience: EVERYBODY,
    hours: ALWAYS,
    sims: null,
    requireConsent: false,
    consentKind: null,
  }
  const texts = { variants: [], steps: [], goal: 'replies' as const, waitDays: 14 }
  const id = insertCampaign(tx, { ...plan, ...texts, expiresAt: null }, 'local', at)
  setCampaignState(tx, id, state, at)
  tx.run('UPDATE campaigns SET started_at = ? WHERE id = ?', at, id)
  return id
}

interface Span {
  readonly campaign: number
  readonly from: number
  readonly to: number
  /** Messages that were made before. */
  readonly offset: number
  /** The lane that sent those that are sent. */
  readonly sim: number | null
  readonly at: number
  /** Those to later contacts have not been sent. */
  readonly queuedFrom: number
}

function insertMessages(db: Database, { campaign, from, to, offset, sim, at, queuedFrom }: Span): void {
  for (let first = from; first <= to; first += STEP) {
    db.write(tx =>
      tx.run(
        `WITH span (made, campaign, sim, at, sent) AS (VALUES (?, ?, ?, ?, ?))
         INSERT INTO messages (id, kind, campaign_id, contact_id, number, state, reason, body, body_hash, segments, zones, sim_id,
           assignment, due_at, row_id, created_by, created_at, assigned_at, attempted_at, settled_at)
         -- Ids that sort as they are made, of the length of real ones.
         SELECT printf('01BENCH%019d', made + id), 'campaign', campaign, id, number,
           iif(id > sent, 'queued', iif(id % 200 = 0, 'unknown', 'sent')), iif(id <= sent AND id % 200 = 0, 'no_proof', ''),
           iif(id > sent, NULL, 'Hi ' || first_name || ', our market opens on Saturday at 9. Reply STOP to opt out.'),
           iif(id > sent, NULL, randomblob(32)), id <= sent, 'America/New_York', iif(id > sent, NULL, sim), id <= sent, at, id,
           'local', at, iif(id > sent, NULL, at + id), iif(id > sent, NULL, at + id), iif(id > sent, NULL, at + id)
         FROM contacts, span WHERE id BETWEEN ? AND ? ORDER BY id`,
        ...[offset, campaign, sim, at, queuedFrom, first, Math.min(first + STEP - 1, to)],
      ),
    )
  }
}
