import type { Reader, Writer } from './database.ts'

export interface PersonRow {
  readonly id: number
  readonly name: string
  readonly note: string
  readonly createdBy: string
  readonly createdAt: number
  readonly updatedAt: number
}

const COLUMNS = 'id, name, note, created_by AS createdBy, created_at AS createdAt, updated_at AS updatedAt'

export function personById(db: Reader, id: number): PersonRow | undefined {
  return db.get(`SELECT ${COLUMNS} FROM people WHERE id = ?`, id)
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
