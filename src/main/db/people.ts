import type { Reader, Writer } from './database.ts'

export interface PersonRow {
  readonly id: number
  readonly name: string
  readonly note: string
  /** SHA-256 of the token in their private link; null: there is none. */
  readonly linkHash: Uint8Array | null
  readonly linkMadeAt: number | null
  readonly createdBy: string
  readonly createdAt: number
  readonly updatedAt: number
}

const COLUMNS = `id, name, note, link_hash AS linkHash, link_made_at AS linkMadeAt, created_by AS createdBy,
  created_at AS createdAt, updated_at AS updatedAt`

export function personById(db: Reader, id: number): PersonRow | undefined {
  return db.get(`SELECT ${COLUMNS} FROM people WHERE id = ?`, id)
}

export function personByLink(db: Reader, hash: Uint8Array): PersonRow | undefined {
  return db.get(`SELECT ${COLUMNS} FROM people WHERE link_hash = ?`, hash)
}

/** Another private link, or (null) none. */
export function setLink(db: Writer, id: number, hash: Uint8Array | null, at: number): void {
  db.run('UPDATE people SET link_hash = ?, link_made_at = ? WHERE id = ?', hash, hash === null ? null : at, id)
}

/** By name, those of the same name by age. */
export function allPeople(db: Reader): PersonRow[] {
  return db.all(`SELECT ${COLUMNS} FROM people ORDER BY name COLLATE NOCASE, id`)
}

export function insertPerson(db: Writer, person: { name: string; note: string }, by: string, at: number): number {
  return db.run(
    'INSERT INTO people (name, note, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
    ...[person.name, person.note, by, at, at],
  ).id
}

export function updatePerson(db: Writer, id: number, person: { name: string; note: string }, at: number): void {
  db.run('UPDATE people SET name = ?, note = ?, updated_at = ? WHERE id = ?', person.name, person.note, at, id)
}

/** Their grants have to be gone. */
export function deletePerson(db: Writer, id: number): void {
  db.run('DELETE FROM people WHERE id = ?', id)
}
