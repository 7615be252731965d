import type { Reader, Writer } from './database.ts'

export interface SessionRow {
  readonly id: number
  readonly userId: number
  readonly username: string
  readonly ip: string | null
  readonly userAgent: string
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
}

/** A session with what its user may do now. */
export interface LiveSession extends SessionRow {
  readonly role: 'admin' | 'user'
  readonly active: 0 | 1
  readonly mustChangePassword: 0 | 1
}

export interface NewSession {
  readonly userId: number
  readonly tokenHash: Uint8Array
  readonly ip: string | null
  readonly userAgent: string
  readonly expiresAt: number
}

const COLUMNS = `s.id, s.user_id AS userId, u.username, s.ip, s.user_agent AS userAgent, s.created_at AS createdAt,
  s.last_seen_at AS lastSeenAt, s.expires_at AS expiresAt`

export function sessionByToken(db: Reader, tokenHash: Uint8Array): LiveSession | undefined {
  return db.get(
    `SELECT ${COLUMNS}, u.role, u.active, u.must_change_password AS mustChangePassword
     FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = ?`,
    tokenHash,
  )
}

export function sessionById(db: Reader, id: number): SessionRow | undefined {
  return db.get(`SELECT ${COLUMNS} FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ?`, id)
}

/** Newest first, those before `before` that are valid at `at`; of one user, or of everybody. */
export function listSessions(db: Reader, at: number, userId: number | null, before: number, limit: number) {
  return db.all<SessionRow>(
    `SELECT ${COLUMNS} FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.id < ? AND s.expires_at > ? AND (? IS NULL OR s.user_id = ?) ORDER BY s.id DESC LIMIT ?`,
    before,
    at,
    userId,
    userId,
    limit,
  )
}

export function insertSession(db: Writer, session: NewSession, at: number): number {
  return db.run(
    `INSERT INTO sessions (user_id, token_hash, ip, user_agent, created_at, last_seen_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    session.userId,
    session.tokenHash,
    session.ip,
    session.userAgent,
    at,
    at,
    session.expiresAt,
  ).id
}

export function touchSession(db: Writer, id: number, at: number): void {
  db.run('UPDATE sessions SET last_seen_at = ? WHERE id = ?', at, id)
}

export function deleteSession(db: Writer, id: number): void {
  db.run('DELETE FROM sessions WHERE id = ?', id)
}

/** Returns how many there were. */
export function deleteSessionsOfUser(db: Writer, userId: number): number {
  return db.run('DELETE FROM sessions WHERE user_id = ?', userId).changes
}

export function deleteAllSessions(db: Writer): number {
  return db.run('DELETE FROM sessions').changes
}

/** Of one user, all but the `keep` that were used last. */
export function deleteSessionsBeyond(db: Writer, userId: number, keep: number): void {
  db.run(
    `DELETE FROM sessions WHERE id IN
       (SELECT id FROM sessions WHERE user_id = ? ORDER BY last_seen_at DESC, id DESC LIMIT -1 OFFSET ?)`,
    userId,
    keep,
  )
}

/** Those that ended before `at` or were made after `future`. Returns how many, `limit` at most. */
export function deleteDeadSessions(db: Writer, at: number, future: number, limit: number): number {
  return db.run(
    `DELETE FROM sessions WHERE id IN (
       SELECT id FROM (SELECT id FROM sessions WHERE expires_at <= ? LIMIT ?)
       UNION SELECT id FROM (SELECT id FROM sessions WHERE created_at > ? LIMIT ?))`,
    at,
    limit,
    future,
    limit,
  ).changes
}
