import type { ConsentKind } from '../../shared/consent.ts'
import type { Reader, Writer } from './database.ts'

export interface ConsentRow {
  readonly id: number
  readonly kind: ConsentKind
  readonly source: string
  readonly wording: string
  /** ms UTC; null when nobody knows. */
  readonly givenAt: number | null
  /** Where it can be looked up; of one that was given by a text, what they wrote. */
  readonly proof: string
  /** Who put it on record: `user:3`, `local`, `rule:1`. */
  readonly recordedBy: string
  readonly recordedAt: number
  /** The import that it came with, while that is known; the name of the list stays. */
  readonly importId: number | null
  readonly importFile: string | null
  /** The text by which it was given, while that is known, and the keyword in it. */
  readonly inboundId: number | null
  readonly keyword: string | null
  /** The contact that it was recorded for alone; null: everybody of a list shares it. */
  readonly contactId: number | null
  /** When and by whom it was taken back, or gave way to another one; null: it stands. */
  readonly endedAt: number | null
  readonly endedBy: string | null
}

/** What is put on record. What is left out is unknown, or there is none of it. */
export interface NewConsent {
  readonly kind?: ConsentKind
  readonly source: string
  readonly wording: string
  readonly givenAt: number | null
  readonly proof?: string
  readonly recordedBy: string
  readonly recordedAt: number
  /** The import that it came with, and the name of its list. */
  readonly importId: number | null
  readonly importFile?: string | null
  readonly inboundId?: number | null
  readonly keyword?: string | null
  readonly contactId?: number | null
}

const COLUMNS = `s.id, s.kind, s.source, s.wording, s.given_at AS givenAt, s.proof, s.recorded_by AS recordedBy,
  s.recorded_at AS recordedAt, s.import_id AS importId, s.import_file AS importFile, s.inbound_id AS inboundId, s.keyword,
  s.contact_id AS contactId, s.ended_at AS endedAt, s.ended_by AS endedBy`

/** Puts a consent on record and returns its id. Rows of one import with the same words, kind and time share one. */
export function recordConsent(db: Writer, consent: NewConsent): number {
  if (consent.importId !== null) {
    const there = db.get<{ id: number }>(
      'SELECT id FROM consents WHERE import_id = ? AND source = ? AND wording = ? AND given_at IS ? AND kind = ?',
      consent.importId,
      consent.source,
      consent.wording,
      consent.givenAt,
      consent.kind ?? 'unspecified',
    )
    if (there) return there.id
  }
  return db.run(
    `INSERT INTO consents (kind, source, wording, given_at, proof, recorded_by, recorded_at, import_id, import_file, inbound_id,
       keyword, contact_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    consent.kind ?? 'unspecified',
    consent.source,
    consent.wording,
    consent.givenAt,
    consent.proof ?? '',
    consent.recordedBy,
    consent.recordedAt,
    consent.importId,
    consent.importFile ?? null,
    consent.inboundId ?? null,
    consent.keyword ?? null,
    consent.contactId ?? null,
  ).id
}

/** By id. */
export function consentsById(db: Reader, ids: readonly number[]): Map<number, ConsentRow> {
  const rows = db.all<ConsentRow>(
    `SELECT ${COLUMNS} FROM json_each(?) j CROSS JOIN consents s ON s.id = j.value`,
    JSON.stringify([...new Set(ids)]),
  )
  return new Map(rows.map(row => [row.id, row]))
}

/** Of which kind a consent is. */
export function kindOfConsent(db: Reader, id: number): ConsentKind {
  return db.get<{ kind: ConsentKind }>('SELECT kind FROM consents WHERE id = ?', id)?.kind ?? 'unspecified'
}

/** What was recorded for one contact alone, newest first, also what has ended. */
export function consentsOfContact(db: Reader, contactId: number): ConsentRow[] {
  return db.all(`SELECT ${COLUMNS} FROM consents s WHERE s.contact_id = ? ORDER BY s.id DESC`, contactId)
}

/**
 * Notes that a consent of this contact has ended. One that came with a list stays what it is for the others on it: the
 * contact gets a copy that has ended.
 */
export function endConsent(db: Writer, id: number, contactId: number, by: string, at: number): void {
  const own = db.run(
    'UPDATE consents SET ended_at = ?, ended_by = ? WHERE id = ? AND contact_id = ? AND ended_at IS NULL',
    at,
    by,
    id,
    contactId,
  ).changes
  if (own > 0) return
  db.run(
    `INSERT INTO consents (kind, source, wording, given_at, proof, recorded_by, recorded_at, import_file, inbound_id, keyword,
       contact_id, ended_at, ended_by)
     SELECT kind, source, wording, given_at, proof, recorded_by, recorded_at, import_file, inbound_id, keyword, ?, ?, ?
       FROM consents WHERE id = ? AND contact_id IS NULL`,
    contactId,
    at,
    by,
    id,
  )
}

/** What was recorded for one contact belongs to another from now on. */
export function giveConsents(db: Writer, from: number, to: number): void {
  db.run('UPDATE consents SET contact_id = ? WHERE contact_id = ?', to, from)
}

/** A contact's present consent; null: none. */
export function setConsent(db: Writer, contactId: number, consentId: number | null): void {
  db.run('UPDATE contacts SET consent_id = ? WHERE id = ?', consentId, contactId)
}

/** The consents stay, without the import, which is being forgotten. Returns how many of up to `limit`. */
export function detachConsents(db: Writer, importId: number, limit: number): number {
  return db.run(
    'UPDATE consents SET import_id = NULL WHERE id IN (SELECT id FROM consents WHERE import_id = ? LIMIT ?)',
    importId,
    limit,
  ).changes
}
