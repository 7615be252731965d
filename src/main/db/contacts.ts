import type { ContactFields } from '../domain/fields.ts'
import { FieldCounts } from './contact-fields.ts'
import { indexSearch, mergeSearch, SearchChanges } from './contact-search.ts'
import type { Reader, Value, Writer } from './database.ts'
import { leaveGroups } from './lists.ts'

export { knownFields } from './contact-fields.ts'

/** A contact as campaigns see it. */
export interface AudienceContact {
  readonly id: number
  /** E.164 */
  readonly number: string
  /** ISO 3166-1 alpha-2; null for numbers of no country. */
  readonly country: string | null
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  /** IANA name, where the contact has one of their own. */
  readonly zone: string | null
  /** 1: a person or a script has set the zone; 0: the column of a list. */
  readonly zoneByHand: number
  /** In capitals, as `postcodeFrom` gives it. */
  readonly postcode: string | null
  /** A JSON object of texts, by attribute. */
  readonly attributes: string
  /** The lane that texted them first; they keep it. */
  readonly simId: number | null
  readonly consentId: number | null
}

export interface ContactRow extends AudienceContact {
  /** The import that made it. */
  readonly importId: number | null
  /** Goes up with each change. */
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
}

/** What can be changed of a contact. */
export interface ContactDetails {
  readonly country: string | null
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly zone: string | null
  readonly zoneByHand: number
  readonly postcode: string | null
  readonly attributes: string
  readonly consentId: number | null
}

export interface NewContact extends Omit<ContactDetails, 'zoneByHand' | 'postcode'> {
  readonly zoneByHand?: number
  readonly postcode?: string | null
  readonly number: string
  readonly importId: number | null
}

/** Columns of a ContactRow, of `contacts c`. */
export const CONTACT_COLUMNS = `c.id, c.number, c.country, c.first_name AS firstName, c.last_name AS lastName, c.email, c.zone,
  c.zone_by_hand AS zoneByHand, c.postcode, c.attributes, c.sim_id AS simId, c.consent_id AS consentId, c.import_id AS importId, c.version,
  c.created_at AS createdAt, c.updated_at AS updatedAt`

const BY_ID = `SELECT ${CONTACT_COLUMNS} FROM contacts c WHERE c.id = ?`
const BY_NUMBER = `SELECT ${CONTACT_COLUMNS} FROM contacts c WHERE c.number = ?`

export function contactById(db: Reader, id: number): ContactRow | undefined {
  return db.get(BY_ID, id)
}

/** @param number E.164 */
export function contactByNumber(db: Reader, number: string): ContactRow | undefined {
  return db.get(BY_NUMBER, number)
}

export function audienceContactById(db: Reader, id: number): AudienceContact | undefined {
  return contactById(db, id)
}

/** New contacts that the one who makes one takes into the search index: more of them are left by an import only. */
const INDEXED_AT_ONCE = 20
/** Pages of the search index that each change of one contact merges, so that its parts never become many. */
const MERGED_AT_ONCE = 16

/** Makes a contact and returns its id, or null when there is one with this number. */
export function insertContact(db: Writer, contact: NewContact, at: number): number | null {
  const id = insertContactRow(db, contact, at)
  if (id === null) return null
  const changes = new ContactChanges()
  changes.created(contact)
  changes.store(db)
  indexSearch(db, INDEXED_AT_ONCE)
  mergeSearch(db, MERGED_AT_ONCE)
  return id
}

/** The row alone: tell a ContactChanges and, once many are made, call `indexSearch`. */
export function insertContactRow(db: Writer, contact: NewContact, at: number): number | null {
  const { changes, id } = db.run(
    `INSERT INTO contacts (number, country, first_name, last_name, email, zone, zone_by_hand, postcode, attributes, consent_id, import_id,
       created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO NOTHING`,
    contact.number,
    contact.country,
    contact.firstName,
    contact.lastName,
    contact.email,
    contact.zone,
    contact.zoneByHand ?? 0,
    contact.postcode ?? null,
    contact.attributes,
    contact.consentId,
    contact.importId,
    at,
    at,
  )
  return changes === 1 ? id : null
}

/**
 * Makes `count` contacts at once, whose numbers must be new. Their ids follow each other in the order given; returns the
 * first. Tell a ContactChanges, and call `indexSearch` later.
 * @param texts JSON arrays in UTF-8 with commas between them, each of number, country, first name, last name, e-mail
 *   address, zone, an object of the attributes, where `all.postcodes` says so the postcode, and the id of the consent
 *   where it is not `consentId`
 */
export function insertContactRows(
  db: Writer,
  texts: Uint8Array,
  count: number,
  all: { consentId: number | null; importId: number; postcodes: boolean },
  at: number,
): number {
  const { changes, id } = db.run(
    all.postcodes ? INSERT_ROWS_WITH_POSTCODES : INSERT_ROWS,
    all.consentId,
    all.importId,
    at,
    at,
    texts,
  )
  if (changes !== count) throw new Error(`made ${changes} contacts of ${count}`)
  return id - count + 1
}

/** A contact, and the place of their number in a list of numbers. */
export interface ContactPlace {
  readonly at: number
  readonly id: number
  readonly importId: number | null
}

/** The contacts with one of these numbers, which are JSON texts in UTF-8 with commas between them. */
export function contactsAmong(db: Reader, numbers: Uint8Array): ContactPlace[] {
  return db.all(AMONG, numbers)
}

/** Changes what is given and keeps the rest. */
export function updateContact(db: Writer, before: ContactRow, given: Partial<ContactDetails>, at: number): void {
  const changes = new ContactChanges()
  updateContactRow(db, before, given, at, changes)
  changes.store(db)
  mergeSearch(db, MERGED_AT_ONCE)
}

/**
 * The same for one of many contacts. `sameVersion`: the change belongs to the one before it (an import touches the
 * contact again), so that undo takes both as one.
 */
export function updateContactRow(
  db: Writer,
  before: ContactRow,
  given: Partial<ContactDetails>,
  at: number,
  changes: ContactChanges,
  sameVersion = false,
): void {
  const after = { ...before, ...given }
  changes.changing(db, before, after)
  db.run(
    `UPDATE contacts SET country = ?, first_name = ?, last_name = ?, email = ?, zone = ?, zone_by_hand = ?, postcode = ?, attributes = ?,
       consent_id = ?, version = version + ?, updated_at = ? WHERE id = ?`,
    after.country,
    after.firstName,
    after.lastName,
    after.email,
    after.zone,
    after.zoneByHand,
    after.postcode,
    after.attributes,
    after.consentId,
    sameVersion ? 0 : 1,
    at,
    before.id,
  )
}

/** Takes an import's change back: the contact is again what it was, and so is its version. */
export function restoreContactRow(
  db: Writer,
  contact: ContactRow,
  before: ContactDetails,
  at: number,
  changes: ContactChanges,
): void {
  updateContactRow(db, contact, before, at, changes, true)
  db.run('UPDATE contacts SET version = version - 1 WHERE id = ?', contact.id)
}

/** Says that a contact's lists or tags were changed by hand. */
export function touchContact(db: Writer, id: number, at: number): void {
  db.run('UPDATE contacts SET version = version + 1, updated_at = ? WHERE id = ?', at, id)
}

/** The same of many at once. */
export function touchContacts(db: Writer, ids: readonly number[], at: number): void {
  const sql = 'UPDATE contacts SET version = version + 1, updated_at = ? WHERE id IN (SELECT value FROM json_each(?))'
  db.run(sql, at, JSON.stringify(ids))
}

/** The highest id that a contact has; 0 where there is none. */
export function lastContactId(db: Reader): number {
  return db.get<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM contacts')!.id
}

/** Messages and the thread of one contact belong to another from now on. */
export function giveConversation(db: Writer, from: number, to: number): void {
  db.run('UPDATE messages SET contact_id = ? WHERE contact_id = ?', to, from)
  db.run('UPDATE threads SET contact_id = ? WHERE contact_id = ?', to, from)
}

/** Removes a contact. Its messages and its thread stay, with the number. */
export function deleteContact(db: Writer, contact: ContactRow): void {
  const changes = new ContactChanges()
  deleteContactRow(db, contact, changes)
  changes.store(db)
  mergeSearch(db, MERGED_AT_ONCE)
}

/** The same for one of many contacts. */
export function deleteContactRow(db: Writer, contact: ContactRow, changes: ContactChanges): void {
  leaveGroups(db, contact.id)
  changes.changing(db, contact, null)
  db.run('DELETE FROM contacts WHERE id = ?', contact.id)
}

/** Keeps search and field counts in step with the contacts of one transaction, all at once in its end. */
export class ContactChanges {
  readonly #fields = new FieldCounts()
  readonly #search = new SearchChanges()

  created(contact: ContactFields): void {
    this.#fields.addContact(contact, 1)
  }

  /** So many contacts were made that have something in these fields. */
  createdMany(fields: readonly string[], contacts: number): void {
    for (const name of fields) this.#fields.add(name, contacts)
  }

  /** Call it before the change. `after`: null when the contact goes. */
  changing(db: Reader, before: ContactRow, after: ContactFields | null): void {
    this.#search.changing(db, before.id)
    this.#fields.addContact(before, -1)
    if (after) this.#fields.addContact(after, 1)
  }

  store(db: Writer): void {
    this.#fields.store(db)
    this.#search.store(db)
  }
}

const AMONG = `SELECT j.key AS at, c.id, c.import_id AS importId
  FROM json_each('[' || CAST(? AS TEXT) || ']') j CROSS JOIN contacts c ON c.number = j.value`

// jsonb_each hands each array on as it was parsed; json_each would write it as text, to be parsed again for every value.
// Of a bare number instead of a path SQLite would make the path again for each of them.
const INSERT_ROWS = `INSERT INTO contacts
  (number, country, first_name, last_name, email, zone, attributes, consent_id, import_id, created_at, updated_at)
  SELECT value ->> '$[0]', value ->> '$[1]', value ->> '$[2]', value ->> '$[3]', value ->> '$[4]', value ->> '$[5]',
    value -> '$[6]', coalesce(value ->> '$[7]', ?), ?, ?, ? FROM jsonb_each('[' || CAST(? AS TEXT) || ']')`

/** The same with one value more. It is a text of its own, since every value costs each of a million rows. */
const INSERT_ROWS_WITH_POSTCODES = `INSERT INTO contacts
  (number, country, first_name, last_name, email, zone, attributes, postcode, consent_id, import_id, created_at, updated_at)
  SELECT value ->> '$[0]', value ->> '$[1]', value ->> '$[2]', value ->> '$[3]', value ->> '$[4]', value ->> '$[5]',
    value -> '$[6]', value ->> '$[7]', coalesce(value ->> '$[8]', ?), ?, ?, ? FROM jsonb_each('[' || CAST(? AS TEXT) || ']')`

/** Contacts that an import made, by id after `after`. */
export function contactsOfImport(db: Reader, importId: number, after: number, limit: number): ContactRow[] {
  return db.all(
    `SELECT ${CONTACT_COLUMNS} FROM contacts c WHERE c.import_id = ? AND c.id > ? ORDER BY c.id LIMIT ?`,
    importId,
    after,
    limit,
  )
}

/** Whether a text was queued for this contact or came from them. */
export function hasConversation(db: Reader, contact: { id: number; number: string }): boolean {
  const values: Value[] = [contact.id, contact.number, contact.number]
  return (
    db.get(
      `SELECT 1 FROM messages WHERE contact_id = ? UNION ALL SELECT 1 FROM messages WHERE number = ?
         UNION ALL SELECT 1 FROM threads WHERE number = ? LIMIT 1`,
      ...values,
    ) !== undefined
  )
}

/** The contacts no longer know the import that made them, which is being forgotten. Returns how many of up to `limit`. */
export function detachFromImport(db: Writer, importId: number, limit: number): number {
  return db.run(
    'UPDATE contacts SET import_id = NULL WHERE id IN (SELECT id FROM contacts WHERE import_id = ? LIMIT ?)',
    importId,
    limit,
  ).changes
}
