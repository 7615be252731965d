import type { Reader, Writer } from './database.ts'

export interface ErasureRow {
  readonly id: number
  readonly uid: string
  /** Null once it is done. */
  readonly number: string | null
  readonly numberHash: Uint8Array
  readonly phoneHash: Uint8Array
  readonly state: 'waiting' | 'done'
  /** JSON: how many rows of what. */
  readonly removed: string
  readonly requestedBy: string
  readonly requestedAt: number
  readonly finishedAt: number | null
}

const COLUMNS = `id, uid, number, number_hash AS numberHash, phone_hash AS phoneHash, state, removed,
  requested_by AS requestedBy, requested_at AS requestedAt, finished_at AS finishedAt`

export function insertErasure(
  db: Writer,
  erasure: Pick<ErasureRow, 'uid' | 'numberHash' | 'phoneHash' | 'requestedBy' | 'requestedAt'> & { number: string },
): number {
  return db.run(
    `INSERT INTO erasures (uid, number, number_hash, phone_hash, state, requested_by, requested_at)
       VALUES (?, ?, ?, ?, 'waiting', ?, ?)`,
    erasure.uid,
    erasure.number,
    erasure.numberHash,
    erasure.phoneHash,
    erasure.requestedBy,
    erasure.requestedAt,
  ).id
}

export function erasureById(db: Reader, id: number): ErasureRow | undefined {
  return db.get(`SELECT ${COLUMNS} FROM erasures WHERE id = ?`, id)
}

/** The one of a number that is not finished. */
export function waitingErasureOf(db: Reader, hash: Uint8Array): ErasureRow | undefined {
  return db.get(`SELECT ${COLUMNS} FROM erasures WHERE number_hash = ? AND state = 'waiting'`, hash)
}

/** All that are not finished. */
export function waitingErasures(db: Reader): ErasureRow[] {
  return db.all(`SELECT ${COLUMNS} FROM erasures WHERE state = 'waiting' ORDER BY id`)
}

/** Newest first, those with an id below `before`. */
export function listErasures(db: Reader, before: number, limit: number): ErasureRow[] {
  return db.all(`SELECT ${COLUMNS} FROM erasures WHERE id < ? ORDER BY id DESC LIMIT ?`, before, limit)
}

/** Whether anybody was ever erased. While nobody was, no hash has to be computed. */
export function hasErasures(db: Reader): boolean {
  return db.get("SELECT 1 FROM erasures WHERE state = 'done' LIMIT 1") !== undefined
}

/** All of one number, oldest first. */
export function erasuresOf(db: Reader, hash: Uint8Array): ErasureRow[] {
  return db.all(`SELECT ${COLUMNS} FROM erasures WHERE number_hash = ? ORDER BY id`, hash)
}

/** The hub holds nothing of the person any more. Phones that may know the number have to confirm that they do not. */
export function finishErasure(db: Writer, id: number, removed: Readonly<Record<string, number>>, at: number): void {
  db.run(
    "UPDATE erasures SET state = 'done', number = NULL, removed = ?, finished_at = ? WHERE id = ?",
    JSON.stringify(removed),
    at,
    id,
  )
}

/** Phones that may have something of a person in their journals: all that are in use, and revoked ones that had to do with them. */
export function askPhones(db: Writer, erasureId: number, number: string): void {
  db.run(
    `INSERT INTO erasure_phones (erasure_id, phone_id) SELECT ?, p.id FROM phones p WHERE p.revoked_at IS NULL
       OR p.id IN (SELECT s.phone_id FROM messages m JOIN sims s ON s.id = m.sim_id WHERE m.number = ?)
       OR p.id IN (SELECT i.phone_id FROM threads t JOIN inbound i ON i.thread_id = t.id WHERE t.number = ?)
       ON CONFLICT DO NOTHING`,
    erasureId,
    number,
    number,
  )
}

/** A phone that is paired may be one of those that have not confirmed, come back with a journal that it had before. */
export function askNewPhone(db: Writer, phoneId: number): void {
  db.run(
    `INSERT INTO erasure_phones (erasure_id, phone_id) SELECT DISTINCT erasure_id, ? FROM erasure_phones
       WHERE confirmed_at IS NULL ON CONFLICT DO NOTHING`,
    phoneId,
  )
}

/** A phone has told something of a person that was there before the erasure. Returns false where it is asked already. */
export function askPhoneFor(db: Writer, erasureId: number, phoneId: number): boolean {
  const { changes } = db.run(
    `INSERT INTO erasure_phones (erasure_id, phone_id) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET confirmed_at = NULL WHERE confirmed_at IS NOT NULL`,
    erasureId,
    phoneId,
  )
  return changes > 0
}

/** What a phone has confirmed was said of a journal that is another one by now. */
export function askPhoneAgain(db: Writer, phoneId: number): void {
  db.run('UPDATE erasure_phones SET confirmed_at = NULL WHERE phone_id = ?', phoneId)
}

export interface ErasurePhone {
  readonly erasureId: number
  readonly id: number
  readonly name: string
  readonly revoked: 0 | 1
  readonly confirmedAt: number | null
}

/** The phones of some erasures. */
export function phonesOfErasures(db: Reader, ids: readonly number[]): ErasurePhone[] {
  return db.all(
    `SELECT e.erasure_id AS erasureId, p.id, p.name, p.revoked_at IS NOT NULL AS revoked, e.confirmed_at AS confirmedAt
       FROM json_each(?) j CROSS JOIN erasure_phones e ON e.erasure_id = j.value JOIN phones p ON p.id = e.phone_id ORDER BY p.id`,
    JSON.stringify(ids),
  )
}

/** Erasures that the hub has done and a phone has not confirmed. */
export function erasuresForPhone(db: Reader, phoneId: number, limit: number): { uid: string; phoneHash: Uint8Array }[] {
  return db.all(
    `SELECT e.uid, e.phone_hash AS phoneHash FROM erasure_phones p JOIN erasures e ON e.id = p.erasure_id
       WHERE p.phone_id = ? AND p.confirmed_at IS NULL AND e.state = 'done' ORDER BY e.id LIMIT ?`,
    phoneId,
    limit,
  )
}

export function confirmErasure(db: Writer, phoneId: number, uid: string, at: number): void {
  db.run(
    `UPDATE erasure_phones SET confirmed_at = ? WHERE phone_id = ? AND confirmed_at IS NULL
       AND erasure_id = (SELECT id FROM erasures WHERE uid = ?)`,
    at,
    phoneId,
    uid,
  )
}

/** Brings in erasures of a replaced database that a restored backup does not know. `phones`: ids here by ids there. */
export function mergeErasures(db: Writer, replaced: Reader, phones: ReadonlyMap<number, number>): void {
  for (const row of replaced.iterate<ErasureRow>(`SELECT ${COLUMNS} FROM erasures ORDER BY id`)) {
    const own = db.get<{ id: number }>('SELECT id FROM erasures WHERE uid = ?', row.uid)
    const values = [row.number, row.state, row.removed, row.finishedAt] as const
    if (own) {
      db.run('UPDATE erasures SET number = ?, state = ?, removed = ?, finished_at = ? WHERE id = ?', ...values, own.id)
    } else {
      db.run(
        `INSERT INTO erasures (number, state, removed, finished_at, uid, number_hash, phone_hash, requested_by, requested_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...values,
        ...[row.uid, row.numberHash, row.phoneHash, row.requestedBy, row.requestedAt],
      )
    }
  }
  for (const row of replaced.iterate<{ uid: string; phoneId: number; confirmedAt: number | null }>(
    `SELECT e.uid, p.phone_id AS phoneId, p.confirmed_at AS confirmedAt FROM erasure_phones p JOIN erasures e ON e.id = p.erasure_id`,
  )) {
    const phoneId = phones.get(row.phoneId)
    if (phoneId === undefined) continue
    db.run(
      `INSERT INTO erasure_phones SELECT id, ?, ? FROM erasures WHERE uid = ?
         ON CONFLICT DO UPDATE SET confirmed_at = coalesce(confirmed_at, excluded.confirmed_at)`,
      phoneId,
      row.confirmedAt,
      row.uid,
    )
  }
}

/** Keyed hashes of people whom a replaced database has erased, and a restored backup has not. */
export function missingErasures(db: Reader, replaced: Reader): Uint8Array[] {
  return replaced
    .all<{ uid: string; hash: Uint8Array }>("SELECT uid, number_hash AS hash FROM erasures WHERE state = 'done'")
    .filter(({ uid }) => db.get("SELECT 1 FROM erasures WHERE uid = ? AND state = 'done'", uid) === undefined)
    .map(row => row.hash)
}

/** The last erasure of a number; undefined: there is none on record. */
export function erasureOf(db: Reader, hash: Uint8Array): ErasureRow | undefined {
  return db.get(`SELECT ${COLUMNS} FROM erasures WHERE number_hash = ? ORDER BY id DESC LIMIT 1`, hash)
}
