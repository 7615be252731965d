import type { Reader, Writer } from './database.ts'

export interface UserRow {
  readonly id: number
  readonly username: string
  readonly full_name: string
  readonly email: string
  readonly role: 'admin' | 'user'
  readonly password_hash: string
  readonly must_change_password: 0 | 1
  readonly active: 0 | 1
  readonly created_at: number
}

export interface NewUser {
  readonly username: string
  readonly fullName: string
  readonly email: string
  readonly role: 'admin' | 'user'
  readonly passwordHash: string
  readonly mustChangePassword: boolean
}

/** Every account, oldest first. There are tens of them, not thousands. */
export function listUsers(db: Reader): UserRow[] {
  return db.all('SELECT * FROM users ORDER BY id')
}

export function userById(db: Reader, id: number): UserRow | undefined {
  return db.get('SELECT * FROM users WHERE id = ?', id)
}

export function insertUser(db: Writer, user: NewUser, at: number): number {
  return db.run(
    `INSERT INTO users (username, full_name, email, role, password_hash, must_change_password, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    user.username,
    user.fullName,
    user.email,
    user.role,
    user.passwordHash,
    user.mustChangePassword ? 1 : 0,
    at,
    at,
  ).id
}

export function updateUser(
  db: Writer,
  id: number,
  profile: { fullName: string; email: string; role: 'admin' | 'user'; active: boolean },
  at: number,
): void {
  db.run(
    'UPDATE users SET full_name = ?, email = ?, role = ?, active = ?, updated_at = ? WHERE id = ?',
    profile.fullName,
    profile.email,
    profile.role,
    profile.active ? 1 : 0,
    at,
    id,
  )
}

export function setPasswordHash(db: Writer, id: number, hash: string, mustChange: boolean, at: number): void {
  db.run(
    'UPDATE users SET password_hash = ?, must_change_password = ?, updated_at = ? WHERE id = ?',
    hash,
    mustChange ? 1 : 0,
    at,
    id,
  )
}

export function deleteUser(db: Writer, id: number): void {
  db.run('DELETE FROM users WHERE id = ?', id)
}

/** How many could still administer if account `without` could not. */
export function countActiveAdmins(db: Reader, without: number): number {
  return db.get<{ n: number }>(
    "SELECT count(*) AS n FROM users WHERE role = 'admin' AND active = 1 AND id <> ?",
    without,
  )!.n
}
