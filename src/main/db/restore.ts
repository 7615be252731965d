import type { Reader, Writer } from './database.ts'
import type { PhoneRow, SimRow } from './phones.ts'

/** An opt-out as it stands in the database. `number` is null once the person is erased. */
export interface SuppressionRow {
  readonly number: string | null
  readonly hash: Uint8Array
  readonly reason: string
  readonly note: string
  readonly createdBy: string
  readonly createdAt: number
}

export function everySuppression(db: Reader): SuppressionRow[] {
  return db.all(
    `SELECT number, number_hash AS hash, reason, note, created_by AS createdBy, created_at AS createdAt
     FROM suppressions ORDER BY id`,
  )
}

/** Adds an opt-out that is not there yet. Returns whether it was added. The text that caused it may be gone. */
export function mergeSuppression(db: Writer, row: SuppressionRow): boolean {
  if (db.get('SELECT 1 FROM suppressions WHERE number_hash = ? OR number = ?', row.hash, row.number)) return false
  db.run(
    'INSERT INTO suppressions (number, number_hash, reason, note, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    row.number,
    row.hash,
    row.reason,
    row.note,
    row.createdBy,
    row.createdAt,
  )
  return true
}

/** Every number that the database knows a person by, now or before. */
export function everyNumber(db: Reader): IterableIterator<{ number: string }> {
  return db.iterate(
    `SELECT number FROM contacts UNION SELECT number FROM threads UNION SELECT number FROM messages
     UNION SELECT number FROM foreign_attempts UNION SELECT number FROM suppressions WHERE number IS NOT NULL
     UNION SELECT number FROM suppression_lifts WHERE number IS NOT NULL`,
  )
}

/** How many phones were added, who is revoked only now, and the ids here of each phone and lane by their ids there. */
export interface MergedPhones {
  readonly added: number
  readonly revoked: readonly number[]
  readonly phones: ReadonlyMap<number, number>
  readonly lanes: ReadonlyMap<number, number>
}

/**
 * Brings in what the replaced database knows of phones that the backup does not: phones paired since, keys that were
 * rotated since, revocations. A phone is the same one when id and time of pairing agree. The journal and how far it was
 * read stay those of the backup, since it is from there that the phone has to tell again.
 */
export function mergePhones(db: Writer, phones: readonly PhoneRow[], sims: readonly SimRow[]): MergedPhones {
  let added = 0
  const revoked: number[] = []
  const ids = new Map<number, number>()
  const lanes = new Map<number, number>()
  for (const phone of phones) {
    const own = db.get<{ pairedAt: number; revokedAt: number | null }>(
      'SELECT paired_at AS pairedAt, revoked_at AS revokedAt FROM phones WHERE id = ?',
      phone.id,
    )
    const same = own?.pairedAt === phone.pairedAt
    if (same) updatePhone(db, phone)
    const id = same ? phone.id : addPhone(db, phone, own === undefined)
    ids.set(phone.id, id)
    if (!same) added += 1
    if (phone.revokedAt !== null && !(same && own.revokedAt !== null)) revoked.push(id)
    for (const sim of sims) if (sim.phoneId === phone.id) lanes.set(sim.id, addSim(db, sim, id))
  }
  return { added, revoked, phones: ids, lanes }
}

/** After a restore nothing is sent until every phone has told what it did since. Returns how many have to. */
export function demandReplay(db: Writer): number {
  return db.run('UPDATE phones SET replay_needed = 1 WHERE revoked_at IS NULL').changes
}

export function everySim(db: Reader): SimRow[] {
  return db.all('SELECT id, phone_id AS phoneId, slot, carrier, country, enabled, limits FROM sims ORDER BY id')
}

function updatePhone(db: Writer, phone: PhoneRow): void {
  db.run(
    `UPDATE phones SET name = ?, key_hash = ?, next_key_hash = ?, revoked_at = coalesce(revoked_at, ?) WHERE id = ?`,
    phone.name,
    phone.keyHash,
    phone.nextKeyHash,
    phone.revokedAt,
    phone.id,
  )
}

function addPhone(db: Writer, phone: PhoneRow, keepId: boolean): number {
  return db.run(
    `INSERT INTO phones (id, name, key_hash, next_key_hash, journal, country, agent_version, can_prove, paired_at,
       last_seen_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    keepId ? phone.id : null,
    phone.name,
    phone.keyHash,
    phone.nextKeyHash,
    phone.journal,
    phone.country,
    phone.agentVersion,
    phone.canProve,
    phone.pairedAt,
    phone.lastSeenAt,
    phone.revokedAt,
  ).id
}

function addSim(db: Writer, sim: SimRow, phoneId: number): number {
  const own = db.get<{ id: number }>('SELECT id FROM sims WHERE phone_id = ? AND slot = ?', phoneId, sim.slot)
  if (own) return own.id
  const free = db.get('SELECT 1 FROM sims WHERE id = ?', sim.id) === undefined
  return db.run(
    'INSERT INTO sims (id, phone_id, slot, carrier, country, enabled, limits) VALUES (?, ?, ?, ?, ?, ?, ?)',
    free ? sim.id : null,
    phoneId,
    sim.slot,
    sim.carrier,
    sim.country,
    sim.enabled,
    sim.limits,
  ).id
}
