import type { Reader, Writer } from './database.ts'

/** An audience with a name. */
export interface SegmentRow {
  readonly id: number
  readonly name: string
  /** JSON of an Audience. */
  readonly audience: string
  readonly createdBy: string
  readonly createdAt: number
  readonly updatedAt: number
}

/** By name. */
export function listSegments(db: Reader): SegmentRow[] {
  return db.all(`${SEGMENT} ORDER BY name`)
}

export function segmentById(db: Reader, id: number): SegmentRow | undefined {
  return db.get(`${SEGMENT} WHERE id = ?`, id)
}

export function segmentNamed(db: Reader, name: string): SegmentRow | undefined {
  return db.get(`${SEGMENT} WHERE name = ?`, name)
}

export function insertSegment(
  db: Writer,
  segment: { name: string; audience: string; createdBy: string; at: number },
): number {
  const { name, audience, createdBy, at } = segment
  return db.run(
    'INSERT INTO segments (name, audience, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
    ...[name, audience, createdBy, at, at],
  ).id
}

export function updateSegment(db: Writer, id: number, segment: { name: string; audience: string }, at: number): void {
  db.run(
    'UPDATE segments SET name = ?, audience = ?, updated_at = ? WHERE id = ?',
    segment.name,
    segment.audience,
    at,
    id,
  )
}

export function deleteSegment(db: Writer, id: number): void {
  db.run('DELETE FROM segments WHERE id = ?', id)
}

const SEGMENT = `SELECT id, name, audience, created_by AS createdBy, created_at AS createdAt, updated_at AS updatedAt FROM segments`
