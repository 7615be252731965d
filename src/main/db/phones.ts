import type { Reader, Writer } from './database.ts'

export interface PhoneRow {
  id: number
  name: string
  keyHash: Uint8Array
  nextKeyHash: Uint8Array | null
  journal: string
  ackedSeq: number
  ackedHash: string
  journalProblem: 'journal_changed' | 'journal_rolled_back' | null
  offeredJournal: string | null
  replayNeeded: number
  country: string | null
  agentVersion: string
  canProve: number
  status: string
  findings: string
  pairedAt: number
  lastSeenAt: number | null
  revokedAt: number | null
}

const PHONE = `SELECT id, name, key_hash AS keyHash, next_key_hash AS nextKeyHash, journal, acked_seq AS ackedSeq,
  acked_hash AS ackedHash, journal_problem AS journalProblem, offered_journal AS offeredJournal, replay_needed AS replayNeeded,
  country, agent_version AS agentVersion, can_prove AS canProve, status, findings, paired_at AS pairedAt,
  last_seen_at AS lastSeenAt, revoked_at AS revokedAt FROM phones`

export interface SimRow {
  id: number
  phoneId: number
  slot: number
  carrier: string | null
  country: string | null
  enabled: number
  limits: string | null
}

const SIM = 'SELECT id, phone_id AS phoneId, slot, carrier, country, enabled, limits FROM sims'

export function phoneById(db: Reader, id: number): PhoneRow | undefined {
  return db.get(`${PHONE} WHERE id = ?`, id)
}

export function allPhones(db: Reader, revoked: boolean): PhoneRow[] {
  return db.all(`${PHONE} WHERE ? OR revoked_at IS NULL ORDER BY id`, revoked ? 1 : 0)
}

export function phonesToReplay(db: Reader): PhoneRow[] {
  return db.all(`${PHONE} WHERE replay_needed = 1 AND revoked_at IS NULL ORDER BY id`)
}

export function insertPhone(
  db: Writer,
  phone: { name: string; keyHash: Uint8Array; journal: string; agentVersion: string; pairedAt: number },
): number {
  return db.run(
    'INSERT INTO phones (name, key_hash, journal, agent_version, paired_at) VALUES (?, ?, ?, ?, ?)',
    phone.name,
    phone.keyHash,
    phone.journal,
    phone.agentVersion,
    phone.pairedAt,
  ).id
}

export function renamePhone(db: Writer, id: number, name: string): void {
  db.run('UPDATE phones SET name = ? WHERE id = ?', name, id)
}

export function phoneSeen(db: Writer, id: number, at: number): void {
  db.run('UPDATE phones SET last_seen_at = ? WHERE id = ?', at, id)
}

export function phoneSaidHello(db: Writer, id: number, agentVersion: string, country: string | null, at: number): void {
  db.run(
    'UPDATE phones SET agent_version = ?, country = coalesce(?, country), last_seen_at = ? WHERE id = ?',
    agentVersion,
    country,
    at,
    id,
  )
}

export function phoneStatus(db: Writer, id: number, status: string, canProve: boolean, at: number): void {
  db.run('UPDATE phones SET status = ?, can_prove = ?, last_seen_at = ? WHERE id = ?', status, canProve ? 1 : 0, at, id)
}

export function phoneFindings(db: Writer, id: number, findings: string): void {
  db.run('UPDATE phones SET findings = ? WHERE id = ?', findings, id)
}

/** Everything up to `seq` is applied; stored in the transaction that applied it. */
export function acknowledge(db: Writer, id: number, seq: number, hash: string): void {
  db.run('UPDATE phones SET acked_seq = ?, acked_hash = ? WHERE id = ?', seq, hash, id)
}

export function offerNextKey(db: Writer, id: number, hash: Uint8Array): void {
  db.run('UPDATE phones SET next_key_hash = ? WHERE id = ?', hash, id)
}

/** The phone has used its new key: the old one is worth nothing from now on. */
export function adoptNextKey(db: Writer, id: number): void {
  db.run(
    'UPDATE phones SET key_hash = next_key_hash, next_key_hash = NULL WHERE id = ? AND next_key_hash IS NOT NULL',
    id,
  )
}

export function revokePhone(db: Writer, id: number, at: number): void {
  db.run('UPDATE phones SET revoked_at = ?, replay_needed = 0, journal_problem = NULL WHERE id = ?', at, id)
}

export function noteJournalProblem(
  db: Writer,
  id: number,
  problem: 'journal_changed' | 'journal_rolled_back',
  offered: string,
): void {
  db.run('UPDATE phones SET journal_problem = ?, offered_journal = ? WHERE id = ?', problem, offered, id)
}

/** From now on the phone's memory is the journal that it offered, read from its start. */
export function adoptJournal(db: Writer, id: number): void {
  db.run(
    `UPDATE phones SET journal = coalesce(offered_journal, journal), acked_seq = 0, acked_hash = '', journal_problem = NULL,
       offered_journal = NULL, replay_needed = 0 WHERE id = ?`,
    id,
  )
}

export function replayDone(db: Writer, id: number): void {
  db.run('UPDATE phones SET replay_needed = 0 WHERE id = ?', id)
}

export function simsOf(db: Reader, phoneId: number): SimRow[] {
  return db.all(`${SIM} WHERE phone_id = ? ORDER BY slot`, phoneId)
}

export function simById(db: Reader, id: number): SimRow | undefined {
  return db.get(`${SIM} WHERE id = ?`, id)
}

/** The lane of a slot, made when it is seen for the first time. */
export function simOfSlot(db: Writer, phoneId: number, slot: number): number {
  const known = db.get<{ id: number }>('SELECT id FROM sims WHERE phone_id = ? AND slot = ?', phoneId, slot)
  return known?.id ?? db.run('INSERT INTO sims (phone_id, slot) VALUES (?, ?)', phoneId, slot).id
}

export function describeSim(db: Writer, id: number, carrier: string | null, country: string | null): void {
  db.run(
    'UPDATE sims SET carrier = coalesce(?, carrier), country = coalesce(?, country) WHERE id = ?',
    carrier,
    country,
    id,
  )
}

export function setSim(db: Writer, id: number, enabled: boolean, limits: string | null): void {
  db.run('UPDATE sims SET enabled = ?, limits = ? WHERE id = ?', enabled ? 1 : 0, limits, id)
}

/** Lanes that are switched on, of phones that are not revoked. */
export function enabledSims(
  db: Reader,
): { id: number; phoneId: number; slot: number; canProve: number; limits: string | null }[] {
  return db.all(
    `SELECT s.id, s.phone_id AS phoneId, s.slot, s.limits, p.can_prove AS canProve FROM sims s JOIN phones p ON p.id = s.phone_id
       WHERE s.enabled = 1 AND p.revoked_at IS NULL`,
  )
}
