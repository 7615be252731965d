import { join } from 'node:path'
import type { App } from '../../../src/main/app.ts'
import type { Writer } from '../../../src/main/db/database.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { appendAudit } from '../../../src/main/services/audit.ts'
import { LOCAL } from '../../../src/main/services/operations/caller.ts'

/** The person of whom every column of the database knows something, and the word that stands in all that is theirs alone. */
export const ANN = '+12025550143'
export const MARK = 'quux'

/** Moments that can be told from each other. */
export const at = (second: number): number => Date.UTC(2026, 0, 2) + second * 1000
const iso = (second: number): string => new Date(at(second)).toISOString()

/** A column whose content the export shows: what has to stand in the JSON, and in what people read. */
export interface Shown {
  readonly json: string
  readonly text: string
}

const shown = (json: string, text = json): Shown => ({ json, text })

const ID = 'a number by which rows name each other'
const ELSEWHERE = 'the export shows what it points to'
const TECHNICAL = 'tells the programs how to work, and nothing of the person'
const HASH = 'a hash of what is shown'

/**
 * Every table in which something of a person stands, and what becomes of each column in an export: what has to be found there,
 * or why it is left out. Erasing has to leave nothing of the person in any of them.
 */
export const ABOUT: Readonly<Record<string, Readonly<Record<string, Shown | string>>>> = {
  contacts: {
    ...{ id: ID, number: shown(ANN), country: shown('"country":"US"', 'country: US'), consent_id: ELSEWHERE },
    ...{ first_name: shown('quuxfirst'), last_name: shown('quuxlast'), email: shown('quuxmail@example.org') },
    ...{ zone: shown('America/Anchorage'), attributes: shown('quuxpet'), postcode: shown('99501') },
    zone_by_hand: shown('"timeZoneSetByHand":true', 'time zone set by hand: yes'),
    ...{ import_id: shown('came-with.csv'), sim_id: shown('"textedFrom":"Pixel, SIM 1"', 'texted from: Pixel, SIM 1') },
    ...{ version: TECHNICAL, created_at: shown(iso(1)), updated_at: shown(iso(2)) },
  },
  consents: {
    ...{ id: ID, source: shown('quuxsource'), wording: shown('quuxwording'), given_at: shown(iso(3)) },
    ...{ recorded_by: shown('user:77'), recorded_at: shown(iso(4)), import_id: ELSEWHERE, kind: shown('marketing') },
    ...{ proof: shown('quuxproof'), import_file: shown('consents.csv'), inbound_id: ELSEWHERE, contact_id: ID },
    ...{ keyword: shown('quuxkeyword'), ended_at: shown(iso(5)), ended_by: shown('user:78') },
  },
  contact_tags: { tag_id: shown('tag of ann'), contact_id: ID, import_id: TECHNICAL },
  list_members: { list_id: shown('list of ann'), contact_id: ID, import_id: TECHNICAL },
  threads: {
    ...{ id: ID, number: shown(ANN), contact_id: ID, unread: shown('"unread":3', 'unread: 3'), last_at: shown(iso(6)) },
    ...{ last_text: 'a copy of the last text, which is shown', state: shown('"state":"snoozed"', 'state: snoozed') },
    ...{ snoozed_until: shown('2100-01-01T00:00:00.000Z'), woken_at: shown(iso(8)), assigned_to: shown('assignee') },
    moved_at: 'one of the two moments before',
  },
  thread_tags: { thread_id: ID, name: shown('quuxtag'), at: shown(iso(9)) },
  thread_notes: {
    ...{ id: ID, thread_id: ID, body: shown('quuxnote'), created_by: shown('user:79'), created_at: shown(iso(10)) },
    edited_at: shown(iso(11)),
  },
  note_mentions: {
    user_id: shown('mentioned'),
    note_id: ID,
    seen_at: 'when a colleague read it tells of the colleague',
  },
  inbound: {
    ...{
      id: ID,
      thread_id: ID,
      phone_id: shown('"phone":"Pixel"', 'phone: Pixel'),
      store: TECHNICAL,
      row_id: TECHNICAL,
    },
    ...{ sender: shown('"from":"202-555-0143"', 'from: 202-555-0143'), body: shown('quuxbody'), body_hash: HASH },
    ...{ received_at: shown(iso(12)), stored_at: shown(iso(13)), intent: shown('stop_likely') },
    intent_reason: shown('"because":"wording"', 'because: wording'),
    ...{ intent_match: shown('quuxmatch'), campaign_id: shown('campaign of ann'), text_removed_at: shown(iso(14)) },
  },
  automatic_actions: {
    ...{
      inbound_id: ID,
      cause: shown('"cause":"rule"', 'cause: rule'),
      rule_id: ELSEWHERE,
      rule_name: shown('rule of ann'),
    },
    ...{ answer: shown('"answer":"held"', 'answer: held'), held_for: shown('opted_out'), tag: shown('tag by rule') },
    consent: shown('"consent":"informational"', 'consent: informational'),
    ...{ list: shown('list by rule'), notified: shown('"notified":true', 'notified: yes'), at: shown(iso(15)) },
  },
  messages: {
    ...{
      id: shown('MESSAGE-OF-ANN'),
      kind: shown('"kind":"campaign"', 'kind: campaign'),
      campaign_id: shown('campaign of ann'),
    },
    ...{
      contact_id: ID,
      number: shown(ANN),
      state: shown('"state":"unknown"', 'state: unknown'),
      reason: shown('no_proof'),
    },
    recall: shown('"takenBackAs":"cancelled"', 'taken back as: cancelled'),
    ...{ body: shown('quuxsent'), body_hash: HASH, segments: shown('"segments":2', 'segments: 2') },
    ...{
      zones: shown('America/Adak'),
      sim_id: shown('"from":"Pixel, SIM 1"', 'from: Pixel, SIM 1'),
      pinned: TECHNICAL,
    },
    ...{ assignment: TECHNICAL, not_after: TECHNICAL, due_at: shown(iso(16)), expires_at: shown(iso(17)) },
    ...{ refusals: shown('"refusals":7', 'refusals: 7'), row_id: TECHNICAL, evidence: shown('quuxevidence') },
    repeats: shown('"repeats":"EARLIER-MESSAGE"', 'repeats: EARLIER-MESSAGE'),
    cause_id: shown(`"answersTextOf":"${iso(12)}"`, `answers text of: ${iso(12)}`),
    ...{ created_by: shown('user:80'), created_at: shown(iso(18)), assigned_at: shown(iso(19)) },
    ...{ attempted_at: shown(iso(20)), settled_at: shown(iso(21)), step: shown('"step":3', 'step: 3') },
    ...{ variant: shown('"variant":4', 'variant: 4'), answered_at: shown(iso(22)), stopped_at: shown(iso(23)) },
    text_removed_at: shown(iso(24)),
  },
  follow_up_work: {
    message_id: shown('"followUpsAreLookedAt":true', 'follow ups are looked at: yes'),
    campaign_id: ELSEWHERE,
  },
  campaign_left_out: { campaign_id: shown('campaign without ann'), contact_id: ID, code: shown('zone_ambiguous') },
  foreign_attempts: {
    ...{
      message_id: ID,
      phone_id: shown('"phone":"Pixel"', 'phone: Pixel'),
      assignment: TECHNICAL,
      number: shown(ANN),
    },
    ...{ body_hash: HASH, state: shown('"state":"refused"', 'state: refused'), attempted_at: shown(iso(25)) },
  },
  suppressions: {
    ...{ id: ID, number: shown(ANN), number_hash: HASH, reason: shown('"reason":"manual"', 'reason: manual') },
    ...{ note: shown('quuxlisted'), inbound_id: ELSEWHERE, created_by: shown('user:81'), created_at: shown(iso(26)) },
  },
  suppression_lifts: {
    ...{ id: ID, number: shown(ANN), number_hash: HASH, reason: shown('"reason":"import"', 'reason: import') },
    ...{ note: shown('quuxbefore'), added_by: shown('user:82'), added_at: shown(iso(27)), why: shown('quuxwhy') },
    ...{ lifted_by: shown('user:83'), lifted_at: shown(iso(28)) },
  },
  import_rejections: {
    ...{ import_id: shown('rejected.csv'), row: shown('"row":41', 'row: 41'), code: shown('too_long') },
    ...{ message: shown('too long by far'), value: shown('(202) 555-0143'), cells: shown('quuxcell') },
  },
  import_flags: {
    ...{ import_id: shown('rejected.csv'), row: shown('"row":42', 'row: 42'), field: shown('phone2') },
    ...{ code: shown('formula'), value: shown('=2025550143') },
  },
  import_changes: {
    import_id: shown('changed.csv'),
    contact_id: ID,
    before: shown('quuxearlier'),
    after_version: TECHNICAL,
  },
  bulk_changes: { job_id: shown('bulk list'), contact_id: ID },
  webhook_deliveries: {
    ...{ id: ID, uid: TECHNICAL, webhook_id: shown('hook of ann'), event: shown('inbound.text'), subject: ID },
    ...{ detail: shown('detail told'), at: shown(iso(29)), queued_at: TECHNICAL },
    ...{ state: shown('given_up'), attempts: shown('"attempts":5', 'attempts: 5'), first_attempt_at: TECHNICAL },
    ...{ last_attempt_at: shown(iso(30)), next_at: TECHNICAL, status: 'what the receiver answered', error: 'the same' },
  },
  audit: {
    ...{ seq: ID, at: shown(iso(31)), actor: shown('user:84'), action: shown('contacts.update') },
    ...{ subject: shown('"about":"contact:', 'about: contact:'), outcome: 'what was refused names nobody' },
    ...{ code: 'the same', previous: HASH, hash: HASH },
  },
  erasures: {
    ...{
      id: ID,
      uid: TECHNICAL,
      number: shown(ANN),
      number_hash: HASH,
      phone_hash: HASH,
      state: 'it has finished, or not',
    },
    ...{ removed: 'counts', requested_by: shown('user:85'), requested_at: shown(iso(32)), finished_at: shown(iso(33)) },
  },
  idempotency: Object.fromEntries(
    ['actor', 'key', 'request', 'answer', 'created_at'].map(name => [name, 'copies of answers, for two days']),
  ),
  segments: {
    ...{ id: ID, name: shown('segment of ann'), audience: shown('savedSearches', 'search for the number') },
    ...{ created_by: TECHNICAL, created_at: TECHNICAL, updated_at: TECHNICAL },
  },
}

/** All other tables, and why nothing of a person stands in them. */
export const OTHERS: Readonly<Record<string, string>> = {
  'said said_waiting said_history said_words contacts_search': 'search indexes, which follow the texts',
  'erasure_phones strays': 'ids alone, until a phone has answered',
  'campaigns bulk_jobs undos': 'what people of the hub did; a number that they searched for is erased with the person',
  'uploads imports': 'names of files, and settings of imports',
  'api_keys users sessions logins lockouts logo meta settings key_slots secrets phones sims': 'of the hub itself',
  'people access_services grants access_intents access_logs access_visits access_sources':
    'people of the team, who are no contacts',
  'opt_out_words keyword_rules webhooks reply_templates lists tags notification_rules':
    'words of the people of the hub',
  'contact_fields campaign_answers campaign_counts campaign_left_out_counts campaign_step_counts inbound_counts thread_counts':
    'counts',
  'outcome_sums lane_sums reason_sums answer_sums': 'counts',
  'contacts_search_state sqlite_sequence sqlite_stat1 sqlite_stat4': 'how indexes are, and the next ids',
}

/** Fills every column of the tables above for one person. */
export async function knowEverything(app: App, folder: string): Promise<void> {
  const created = await app.dispatch(
    'contacts.create',
    {
      ...{ number: ANN, firstName: 'quuxfirst', lastName: 'quuxlast', email: 'quuxmail@example.org' },
      ...{ attributes: { pet: 'quuxpet' }, lists: ['list of ann'], tags: ['tag of ann'] },
    },
    LOCAL,
  )
  if (!created.ok) throw new Error(created.error.message)
  const suppressed = await app.dispatch('suppression.add', { number: ANN, note: 'quuxlisted' }, LOCAL)
  if (!suppressed.ok) throw new Error(suppressed.error.message)
  const db = openDatabase(join(folder, 'hub.sqlite'))
  try {
    db.write(tx => fill(tx, created.data.id))
  } finally {
    db.close()
  }
}

function fill(tx: Writer, contact: number): void {
  const user = (name: string): number =>
    tx.run(
      "INSERT INTO users (username, role, password_hash, created_at, updated_at) VALUES (?, 'user', 'x', 0, 0)",
      name,
    ).id
  const list = (name: string): number =>
    tx.run(
      `INSERT INTO imports (file_name, path, file_size, file_changed_at, settings, state, created_by, created_at)
         VALUES (?, 'x', 0, 0, ?, 'completed', 'local', 0)`,
      ...[name, JSON.stringify({ columns: ['name', 'phone'], options: { defaultCountry: 'US' } })],
    ).id
  const phone = tx.run("INSERT INTO phones (name, key_hash, journal, paired_at) VALUES ('Pixel', x'01', 'J', 1)").id
  const sim = tx.run('INSERT INTO sims (phone_id, slot) VALUES (?, 0)', phone).id
  const campaign = (name: string): number =>
    tx.run(
      `INSERT INTO campaigns (name, template, audience, hours, created_by, created_at, updated_at)
         VALUES (?, 'Hi', '{}', '{}', 'local', 0, 0)`,
      name,
    ).id
  const [ofAnn, withoutAnn] = [campaign('campaign of ann'), campaign('campaign without ann')]

  tx.run(
    `UPDATE contacts SET country = 'US', zone = 'America/Anchorage', postcode = '99501', zone_by_hand = 1, import_id = ?, sim_id = ?,
       created_at = ?, updated_at = ? WHERE id = ?`,
    ...[list('came-with.csv'), sim, at(1), at(2), contact],
  )
  const thread = tx.run(
    `INSERT INTO threads (number, contact_id, unread, last_at, last_text, state, snoozed_until, woken_at, assigned_to)
       VALUES (?, ?, 3, ?, 'quuxlasttext', 'snoozed', ?, ?, ?)`,
    ...[ANN, contact, at(6), Date.UTC(2100, 0), at(8), user('assignee')],
  ).id
  tx.run("INSERT INTO thread_tags (thread_id, name, at) VALUES (?, 'quuxtag', ?)", thread, at(9))
  const note = tx.run(
    "INSERT INTO thread_notes (thread_id, body, created_by, created_at, edited_at) VALUES (?, 'quuxnote', 'user:79', ?, ?)",
    ...[thread, at(10), at(11)],
  ).id
  tx.run('INSERT INTO note_mentions (user_id, note_id) VALUES (?, ?)', user('mentioned'), note)
  const hook = tx.run(
    `INSERT INTO webhooks (name, url, created_by, created_at, updated_at)
       VALUES ('hook of ann', 'https://hooks.example.org/secret', 'local', 0, 0)`,
  ).id
  const text = tx.run(
    `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent,
       intent_reason, intent_match, campaign_id, text_removed_at)
       VALUES (?, ?, 'S', 1, '202-555-0143', 'quuxbody', x'01', ?, ?, 'stop_likely', 'wording', 'quuxmatch', ?, ?)`,
    ...[thread, phone, at(12), at(13), ofAnn, at(14)],
  ).id
  tx.run(
    `INSERT INTO webhook_deliveries (webhook_id, event, subject, detail, at, state, attempts, last_attempt_at)
       VALUES (?, 'inbound.text', ?, '{"state":"detail told"}', ?, 'given_up', 5, ?)`,
    ...[hook, String(text), at(29), at(30)],
  )
  tx.run(
    `INSERT INTO automatic_actions (inbound_id, cause, rule_name, answer, held_for, tag, list, consent, notified, at)
       VALUES (?, 'rule', 'rule of ann', 'held', 'opted_out', 'tag by rule', 'list by rule', 'informational', 1, ?)`,
    ...[text, at(15)],
  )
  const consent = (contactId: number, ended: boolean): number =>
    tx.run(
      `INSERT INTO consents (source, wording, given_at, recorded_by, recorded_at, kind, proof, import_file, inbound_id, keyword,
         contact_id, ended_at, ended_by) VALUES ('quuxsource', 'quuxwording', ?, 'user:77', ?, 'marketing', 'quuxproof', 'consents.csv',
         ?, 'quuxkeyword', ?, ?, ?)`,
      ...[at(3), at(4), text, contactId, ended ? at(5) : null, ended ? 'user:78' : null],
    ).id
  consent(contact, true)
  tx.run('UPDATE contacts SET consent_id = ? WHERE id = ?', consent(contact, false), contact)

  tx.run(
    `INSERT INTO messages (id, kind, number, state, body, due_at, created_by, created_at)
       VALUES ('EARLIER-MESSAGE', 'direct', ?, 'failed', 'quuxfailed', 0, 'local', 1)`,
    ANN,
  )
  tx.run(
    `INSERT INTO messages (id, kind, campaign_id, contact_id, number, state, reason, recall, body, body_hash, segments, zones, sim_id,
       due_at, expires_at, refusals, evidence, repeats, cause_id, created_by, created_at, assigned_at, attempted_at, settled_at, step,
       variant, answered_at, stopped_at, text_removed_at)
       VALUES ('MESSAGE-OF-ANN', 'campaign', ?, ?, ?, 'unknown', 'no_proof', 'cancelled', 'quuxsent', x'02', 2,
         'America/Anchorage America/Adak', ?, ?, ?, 7, 'quuxevidence', 'EARLIER-MESSAGE', ?, 'user:80', ?, ?, ?, ?, 3, 4, ?, ?, ?)`,
    ...[ofAnn, contact, ANN, sim, at(16), at(17), text, at(18), at(19), at(20), at(21), at(22), at(23), at(24)],
  )
  tx.run(
    "INSERT INTO follow_up_work (message_id, campaign_id) VALUES ('MESSAGE-OF-ANN', ?) ON CONFLICT DO NOTHING",
    ofAnn,
  )
  tx.run("INSERT INTO campaign_left_out VALUES (?, ?, 'zone_ambiguous')", withoutAnn, contact)
  tx.run(
    `INSERT INTO foreign_attempts (message_id, phone_id, assignment, number, body_hash, state, attempted_at)
       VALUES ('FOREIGN', ?, 1, ?, x'03', 'refused', ?)`,
    ...[phone, ANN, at(25)],
  )
  tx.run(
    "UPDATE suppressions SET created_by = 'user:81', created_at = ?, inbound_id = ? WHERE number = ?",
    ...[at(26), text, ANN],
  )
  const { hash } = tx.get<{ hash: Uint8Array }>('SELECT number_hash AS hash FROM suppressions WHERE number = ?', ANN)!
  tx.run(
    `INSERT INTO suppression_lifts (number, number_hash, reason, note, added_by, added_at, why, lifted_by, lifted_at)
       VALUES (?, ?, 'import', 'quuxbefore', 'user:82', ?, 'quuxwhy', 'user:83', ?)`,
    ...[ANN, hash, at(27), at(28)],
  )
  tx.run(
    `INSERT INTO erasures (uid, number_hash, phone_hash, state, requested_by, requested_at, finished_at)
       VALUES ('earlier', ?, x'04', 'done', 'user:85', ?, ?)`,
    ...[hash, at(32), at(33)],
  )
  const rejected = list('rejected.csv')
  tx.run(
    `INSERT INTO import_rejections (import_id, row, code, message, value, cells)
       VALUES (?, 41, 'too_long', 'too long by far', '(202) 555-0143', '["quuxcell","(202) 555-0143"]')`,
    rejected,
  )
  tx.run("INSERT INTO import_flags VALUES (?, 42, 'phone2', 'formula', '=2025550143')", rejected)
  tx.run(
    `INSERT INTO import_changes VALUES (?, ?, '{"firstName":"quuxearlier"}', 1)`,
    ...[list('changed.csv'), contact],
  )
  const job = tx.run(
    `INSERT INTO bulk_jobs (kind, name, selection, until_id, created_by, created_at)
       VALUES ('tag', 'bulk list', ?, 9, 'local', 0)`,
    JSON.stringify({ audience: { search: '202 555-0143' } }),
  ).id
  tx.run('INSERT INTO bulk_changes VALUES (?, ?)', job, contact)
  tx.run(
    "INSERT INTO undos (kind, subject, name, before, created_by, created_at) VALUES ('delete-segment', 1, 'x', ?, 'local', 0)",
    JSON.stringify({ audience: { search: ANN } }),
  )
  tx.run(
    "INSERT INTO segments (name, audience, created_by, created_at, updated_at) VALUES ('segment of ann', ?, 'local', 0, 0)",
    JSON.stringify({ search: '(202) 555-0143' }),
  )
  tx.run(
    "INSERT INTO idempotency VALUES ('key:1', 'k', x'05', ?, 0)",
    JSON.stringify({ number: ANN, body: 'quuxanswer' }),
  )
  appendAudit(tx, {
    ...{ at: at(31), actor: 'user:84', action: 'contacts.update', subject: `contact:${contact} thread:${thread}` },
    ...{ outcome: 'ok', code: '' },
  })
}
