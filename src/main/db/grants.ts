import type { Reader, Writer } from './database.ts'

export type GrantState = 'active' | 'expired'

export interface GrantRow {
  readonly id: number
  readonly personId: number
  readonly serviceId: number
  /** Null for a service that asks for nothing; then there is no hash either. */
  readonly username: string | null
  readonly hash: string | null
  /** Whether the password was made here, so that it can be shown. */
  readonly known: boolean
  readonly state: GrantState
  readonly createdBy: string
  readonly createdAt: number
  readonly renewedAt: number
  readonly expiresAt: number | null
  readonly lastAccessAt: number | null
}

type Stored = Omit<GrantRow, 'known'> & { known: number }

const COLUMNS = `id, person_id AS personId, service_id AS serviceId, username, hash, known, state, created_by AS createdBy,
  created_at AS createdAt, renewed_at AS renewedAt, expires_at AS expiresAt, last_access_at AS lastAccessAt`

function rowOf(row: Stored): GrantRow {
  return { ...row, known: row.known === 1 }
}

export function allGrants(db: Reader): GrantRow[] {
  return db.all<Stored>(`SELECT ${COLUMNS} FROM grants ORDER BY id`).map(rowOf)
}

export function grantById(db: Reader, id: number): GrantRow | undefined {
  const row = db.get<Stored>(`SELECT ${COLUMNS} FROM grants WHERE id = ?`, id)
  return row && rowOf(row)
}

export function grantsOfPerson(db: Reader, personId: number): GrantRow[] {
  return db.all<Stored>(`SELECT ${COLUMNS} FROM grants WHERE person_id = ? ORDER BY id`, personId).map(rowOf)
}

export function grantsOfService(db: Reader, serviceId: number): GrantRow[] {
  return db.all<Stored>(`SELECT ${COLUMNS} FROM grants WHERE service_id = ? ORDER BY id`, serviceId).map(rowOf)
}

/** Those that have come to their end and are still in a file. */
export function grantsToExpire(db: Reader, now: number, limit: number): GrantRow[] {
  return db
    .all<Stored>(
      `SELECT ${COLUMNS} FROM grants WHERE expires_at IS NOT NULL AND state = 'active' AND expires_at <= ?
       ORDER BY expires_at LIMIT ?`,
      now,
      limit,
    )
    .map(rowOf)
}

export function insertGrant(
  db: Writer,
  grant: Pick<GrantRow, 'personId' | 'serviceId' | 'username' | 'hash' | 'known' | 'expiresAt'>,
  by: string,
  at: number,
): number {
  const { personId, serviceId, username, hash, known, expiresAt } = grant
  return db.run(
    `INSERT INTO grants (person_id, service_id, username, hash, known, created_by, created_at, renewed_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[personId, serviceId, username, hash, known ? 1 : 0, by, at, at, expiresAt],
  ).id
}

/** A new password: in the file again if it had expired. */
export function renewGrant(
  db: Writer,
  id: number,
  renewed: { hash: string; known: boolean; expiresAt: number | null; at: number },
): void {
  db.run(
    "UPDATE grants SET hash = ?, known = ?, expires_at = ?, renewed_at = ?, state = 'active' WHERE id = ?",
    ...[renewed.hash, renewed.known ? 1 : 0, renewed.expiresAt, renewed.at, id],
  )
}

export function setGrantExpiry(db: Writer, id: number, expiresAt: number | null): void {
  db.run('UPDATE grants SET expires_at = ? WHERE id = ?', expiresAt, id)
}

export function setGrantExpired(db: Writer, id: number): void {
  db.run("UPDATE grants SET state = 'expired' WHERE id = ?", id)
}

export function deleteGrant(db: Writer, id: number): void {
  db.run('DELETE FROM grants WHERE id = ?', id)
}

/** The name of the sealed password of a grant. */
export function grantSecret(id: number): string {
  return `grant:${id}`
}
