import type { Role } from '../../shared/operations/define.ts'
import type { Reader, Writer } from './database.ts'

export interface ApiKeyRow {
  readonly id: number
  readonly name: string
  readonly role: Role
  readonly prefix: string
  readonly hash: Uint8Array
  readonly previousPrefix: string | null
  readonly previousHash: Uint8Array | null
  readonly previousUntil: number | null
  readonly createdBy: string
  readonly createdAt: number
  readonly rotatedAt: number
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
  readonly revokedAt: number | null
}

const COLUMNS = `id, name, role, prefix, hash, previous_prefix AS previousPrefix, previous_hash AS previousHash,
  previous_until AS previousUntil, created_by AS createdBy, created_at AS createdAt, rotated_at AS rotatedAt,
  expires_at AS expiresAt, last_used_at AS lastUsedAt, revoked_at AS revokedAt`

/** Keys that begin so, now or before their last rotation, also those that are not valid any more. */
export function apiKeysByPrefix(db: Reader, prefix: string): ApiKeyRow[] {
  return db.all(
    `SELECT ${COLUMNS} FROM api_keys WHERE prefix = ?
     UNION ALL SELECT ${COLUMNS} FROM api_keys WHERE previous_prefix = ?`,
    prefix,
    prefix,
  )
}

/** Oldest first. There are tens of them, not thousands. */
export function listApiKeys(db: Reader, revoked: boolean): ApiKeyRow[] {
  return db.all(`SELECT ${COLUMNS} FROM api_keys WHERE ? OR revoked_at IS NULL ORDER BY id`, revoked ? 1 : 0)
}

export function apiKeyById(db: Reader, id: number): ApiKeyRow | undefined {
  return db.get(`SELECT ${COLUMNS} FROM api_keys WHERE id = ?`, id)
}

/** The valid key of this name. */
export function apiKeyByName(db: Reader, name: string): ApiKeyRow | undefined {
  return db.get(`SELECT ${COLUMNS} FROM api_keys WHERE name = ? AND revoked_at IS NULL`, name)
}

export function insertApiKey(
  db: Writer,
  key: Pick<ApiKeyRow, 'name' | 'role' | 'prefix' | 'hash' | 'createdBy' | 'createdAt' | 'expiresAt'>,
): number {
  return db.run(
    `INSERT INTO api_keys (name, role, prefix, hash, created_by, created_at, rotated_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    key.name,
    key.role,
    key.prefix,
    key.hash,
    key.createdBy,
    key.createdAt,
    key.createdAt,
    key.expiresAt,
  ).id
}

/** Puts another key in the place of the present one, which stays valid until `previousUntil`. */
export function replaceApiKey(
  db: Writer,
  id: number,
  key: Pick<ApiKeyRow, 'prefix' | 'hash' | 'rotatedAt' | 'expiresAt' | 'previousUntil'>,
): void {
  db.run(
    `UPDATE api_keys SET previous_prefix = prefix, previous_hash = hash, previous_until = ?, prefix = ?, hash = ?,
       rotated_at = ?, expires_at = ? WHERE id = ?`,
    key.previousUntil,
    key.prefix,
    key.hash,
    key.rotatedAt,
    key.expiresAt,
    id,
  )
}

export function revokeApiKey(db: Writer, id: number, at: number): void {
  db.run('UPDATE api_keys SET revoked_at = ?, previous_until = NULL WHERE id = ?', at, id)
}

export function touchApiKey(db: Writer, id: number, at: number): void {
  db.run('UPDATE api_keys SET last_used_at = ? WHERE id = ?', at, id)
}
