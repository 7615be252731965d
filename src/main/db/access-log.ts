import type { FailureCount } from '../domain/lockout.ts'
import type { Reader, Writer } from './database.ts'

/** How far an access log was read. */
export interface LogPlace {
  readonly file: string
  /** Which file it was: a rotated one has another. */
  readonly inode: number
  readonly offset: number
}

/** A stretch of time in which somebody used a service from one address. */
export interface VisitRow {
  readonly id: number
  readonly serviceId: number
  readonly username: string
  /** Whose credential it was; null: nobody's, such as a shared one. */
  readonly personId: number | null
  readonly address: string
  readonly firstAt: number
  readonly lastAt: number
  readonly requests: number
}

/** What is counted against an address. */
export interface SourceRow extends FailureCount {
  readonly id: number
  readonly address: string
  /** How often it has failed since it is known. */
  readonly total: number
}

export function logPlace(db: Reader, file: string): LogPlace | undefined {
  return db.get('SELECT file, inode, offset FROM access_logs WHERE file = ?', file)
}

export function putLogPlace(db: Writer, { file, inode, offset }: LogPlace): void {
  db.run(
    `INSERT INTO access_logs (file, inode, offset) VALUES (?, ?, ?)
     ON CONFLICT (file) DO UPDATE SET inode = excluded.inode, offset = excluded.offset`,
    ...[file, inode, offset],
  )
}

/** Forgets logs that no service names any more. */
export function dropLogPlaces(db: Writer): void {
  db.run('DELETE FROM access_logs WHERE file NOT IN (SELECT log_file FROM access_services WHERE log_file IS NOT NULL)')
}

/** One more request: of the visit that goes on, when its last one is not older than `gapMs`, else of a new one. */
export function noteVisit(
  db: Writer,
  request: { serviceId: number; username: string; address: string; at: number },
  gapMs: number,
): void {
  const { serviceId, username, address, at } = request
  const { changes } = db.run(
    `UPDATE access_visits SET last_at = max(last_at, ?), requests = requests + 1 WHERE id = (
       SELECT id FROM access_visits WHERE service_id = ? AND username = ? AND address = ? AND last_at >= ? AND first_at <= ?
       ORDER BY last_at DESC LIMIT 1)`,
    ...[at, serviceId, username, address, at - gapMs, at],
  )
  if (changes === 0) {
    db.run(
      `INSERT INTO access_visits (service_id, username, person_id, address, first_at, last_at, requests)
       VALUES (?, ?, (SELECT person_id FROM grants WHERE service_id = ? AND username = ?), ?, ?, ?, 1)`,
      ...[serviceId, username, serviceId, username, address, at, at],
    )
  }
  db.run(
    'UPDATE grants SET last_access_at = ? WHERE service_id = ? AND username = ? AND coalesce(last_access_at, 0) < ?',
    ...[at, serviceId, username, at],
  )
}

/** Newest first, of those before `before`. */
export function listVisits(
  db: Reader,
  of: { serviceId: number | null; personId: number | null },
  before: number,
  limit: number,
): VisitRow[] {
  const columns = `id, service_id AS serviceId, username, person_id AS personId, address, first_at AS firstAt,
    last_at AS lastAt, requests FROM access_visits`
  const { serviceId, personId } = of
  if (personId !== null) {
    return db.all(
      `SELECT ${columns} WHERE person_id = ? AND id < ? AND (? IS NULL OR service_id = ?) ORDER BY id DESC LIMIT ?`,
      ...[personId, before, serviceId, serviceId, limit],
    )
  }
  if (serviceId !== null) {
    return db.all(
      `SELECT ${columns} WHERE service_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
      ...[serviceId, before, limit],
    )
  }
  return db.all(`SELECT ${columns} WHERE id < ? ORDER BY id DESC LIMIT ?`, before, limit)
}

/** When each user name of a service was used last. */
export function lastUses(db: Reader, serviceId: number): Map<string, number> {
  const rows = db.all<{ username: string; at: number }>(
    'SELECT username, max(last_at) AS at FROM access_visits WHERE service_id = ? GROUP BY username',
    serviceId,
  )
  return new Map(rows.map(row => [row.username, row.at]))
}

/** Returns how many were removed. */
export function pruneVisits(db: Writer, before: number, limit: number): number {
  return db.run(
    'DELETE FROM access_visits WHERE id IN (SELECT id FROM access_visits WHERE last_at < ? ORDER BY last_at LIMIT ?)',
    ...[before, limit],
  ).changes
}

const SOURCE = `id, address, failures, last_at AS lastAt, locked_at AS lockedAt, locked_until AS lockedUntil, total
  FROM access_sources`

type StoredSource = Omit<SourceRow, 'failures'> & { failures: string }

function sourceOf(row: StoredSource): SourceRow {
  return { ...row, failures: JSON.parse(row.failures) as number[] }
}

export function sourceByAddress(db: Reader, address: string): SourceRow | undefined {
  const row = db.get<StoredSource>(`SELECT ${SOURCE} WHERE address = ?`, address)
  return row && sourceOf(row)
}

export function sourceById(db: Reader, id: number): SourceRow | undefined {
  const row = db.get<StoredSource>(`SELECT ${SOURCE} WHERE id = ?`, id)
  return row && sourceOf(row)
}

/** Those that failed last, newest first. */
export function recentSources(db: Reader, limit: number): SourceRow[] {
  return db.all<StoredSource>(`SELECT ${SOURCE} WHERE last_at > 0 ORDER BY last_at DESC LIMIT ?`, limit).map(sourceOf)
}

export function bannedSources(db: Reader, now: number, limit: number): SourceRow[] {
  return db
    .all<StoredSource>(`SELECT ${SOURCE} WHERE locked_until > ? ORDER BY locked_until DESC LIMIT ?`, now, limit)
    .map(sourceOf)
}

export function putSource(db: Writer, address: string, count: FailureCount): void {
  db.run(
    `INSERT INTO access_sources (address, failures, last_at, locked_at, locked_until, total) VALUES (?, ?, ?, ?, ?, 1)
     ON CONFLICT (address) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at,
       locked_at = excluded.locked_at, locked_until = excluded.locked_until, total = total + 1`,
    ...[address, JSON.stringify(count.failures), count.lastAt, count.lockedAt, count.lockedUntil],
  )
}

export function deleteSource(db: Writer, id: number): void {
  db.run('DELETE FROM access_sources WHERE id = ?', id)
}

/** Forgets addresses that have not failed since. Returns how many. */
export function pruneSources(db: Writer, before: number, limit: number): number {
  return db.run(
    'DELETE FROM access_sources WHERE id IN (SELECT id FROM access_sources WHERE last_at < ? ORDER BY last_at LIMIT ?)',
    ...[before, limit],
  ).changes
}
