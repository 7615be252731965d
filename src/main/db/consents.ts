import type { Reader, Writer } from './database.ts'

export interface ConsentRow {
  readonly id: number
  readonly source: string
  readonly wording: string
  /** ms UTC; null when nobody knows. */
  readonly givenAt: number | null
  /** Who put it on record: `user:3`, `local`. */
  readonly recordedBy: string
  readonly recordedAt: number
}

export interface NewConsent {
  readonly source: string
  readonly wording: string
  readonly givenAt: number | null
  readonly recordedBy: string
  readonly recordedAt: number
  /** The import that it came with. */
  readonly importId: number | null
}

/** Puts a consent on record and returns its id. Rows of one import with the same words and time share one. */
export function recordConsent(db: Writer, consent: NewConsent): number {
  if (consent.importId !== null) {
    const there = db.get<{ id: number }>(
      'SELECT id FROM consents WHERE import_id = ? AND source = ? AND wording = ? AND given_at IS ?',
      consent.importId,
      consent.source,
      consent.wording,
      consent.givenAt,
    )
    if (there) return there.id
  }
  return db.run(
    'INSERT INTO consents (source, wording, given_at, recorded_by, recorded_at, import_id) VALUES (?, ?, ?, ?, ?, ?)',
    consent.source,
    consent.wording,
    consent.givenAt,
    consent.recordedBy,
    consent.recordedAt,
    consent.importId,
  ).id
}

/** By id. */
export function consentsById(db: Reader, ids: readonly number[]): Map<number, ConsentRow> {
  const rows = db.all<ConsentRow>(
    `SELECT s.id, s.source, s.wording, s.given_at AS givenAt, s.recorded_by AS recordedBy, s.recorded_at AS recordedAt
       FROM json_each(?) j CROSS JOIN consents s ON s.id = j.value`,
    JSON.stringify([...new Set(ids)]),
  )
  return new Map(rows.map(row => [row.id, row]))
}

/** The consents stay, without the import, which is being forgotten. Returns how many of up to `limit`. */
export function detachConsents(db: Writer, importId: number, limit: number): number {
  return db.run(
    'UPDATE consents SET import_id = NULL WHERE id IN (SELECT id FROM consents WHERE import_id = ? LIMIT ?)',
    importId,
    limit,
  ).changes
}
