import type { LoginOutcome } from '../../shared/operations/accounts.ts'
import type { Reader, Writer } from './database.ts'

export interface LoginRow {
  readonly id: number
  readonly at: number
  readonly userId: number | null
  readonly username: string
  readonly ip: string | null
  readonly userAgent: string
  readonly outcome: LoginOutcome
}

export function insertLogin(db: Writer, login: Omit<LoginRow, 'id'>): void {
  db.run(
    'INSERT INTO logins (at, user_id, username, ip, user_agent, outcome) VALUES (?, ?, ?, ?, ?, ?)',
    login.at,
    login.userId,
    login.username,
    login.ip,
    login.userAgent,
    login.outcome,
  )
}

/** Newest first, those before `before`; of one user, or of everybody. */
export function listLogins(db: Reader, userId: number | null, before: number, limit: number): LoginRow[] {
  const columns = 'id, at, user_id AS userId, username, ip, user_agent AS userAgent, outcome'
  if (userId === null) {
    return db.all(`SELECT ${columns} FROM logins WHERE id < ? ORDER BY id DESC LIMIT ?`, before, limit)
  }
  return db.all(
    `SELECT ${columns} FROM logins WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
    userId,
    before,
    limit,
  )
}

/** All but the newest `keep`, and what is older than `before`. Returns how many went, about `limit` at most. */
export function deleteOldLogins(db: Writer, before: number, keep: number, limit: number): number {
  const old = db.run('DELETE FROM logins WHERE id IN (SELECT id FROM logins WHERE at < ? LIMIT ?)', before, limit)
  const oldestKept = db.get<{ id: number }>('SELECT id FROM logins ORDER BY id DESC LIMIT 1 OFFSET ?', keep - 1)
  if (!oldestKept) return old.changes
  const sql = 'DELETE FROM logins WHERE id IN (SELECT id FROM logins WHERE id < ? ORDER BY id LIMIT ?)'
  return old.changes + db.run(sql, oldestKept.id, limit).changes
}
