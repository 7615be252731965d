import { attributesOf, BUILT_IN_FIELDS, type ContactFields, eachFilledField } from '../domain/fields.ts'
import type { Reader, Writer } from './database.ts'

/** Adds up how many contacts more or fewer have a value for each field, to store it at once. */
export class FieldCounts {
  readonly #counts = new Map<string, number>()

  add(name: string, by: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by)
  }

  /** @param by 1 for a contact that comes, -1 for one that goes */
  addContact(contact: ContactFields, by: 1 | -1): void {
    eachFilledField(contact, attributesOf(contact), name => this.add(name, by))
  }

  /** Stores the sums and starts anew. */
  store(db: Writer): void {
    for (const [name, by] of this.#counts) {
      if (by === 0) continue
      db.run(
        'INSERT INTO contact_fields VALUES (?, max(0, ?)) ON CONFLICT DO UPDATE SET contacts = max(0, contacts + ?)',
        name,
        by,
        by,
      )
    }
    this.#counts.clear()
  }
}

/** Every field that a template may name: the built-in ones, and the attributes that at least one contact has. */
export function knownFields(db: Reader): string[] {
  return countedFields(db).map(field => field.name)
}

/** The same with the number of contacts that have a value: built-in fields first, then attributes by name. */
export function countedFields(db: Reader): { name: string; contacts: number }[] {
  const rows = db.all<{ name: string; contacts: number }>('SELECT name, contacts FROM contact_fields ORDER BY name')
  const counts = new Map(rows.map(row => [row.name, row.contacts]))
  const builtIn = new Set<string>(BUILT_IN_FIELDS)
  return [
    ...BUILT_IN_FIELDS.map(name => ({ name, contacts: counts.get(name) ?? 0 })),
    ...rows.filter(row => row.contacts > 0 && !builtIn.has(row.name)),
  ]
}
