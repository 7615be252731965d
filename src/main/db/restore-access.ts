import { type ApiKeyRow, listApiKeys } from './api-keys.ts'
import type { Reader, Writer } from './database.ts'
import { deleteAllSessions } from './sessions.ts'

/**
 * Lets a restore bring back no access that was taken away since the backup: nobody stays signed in, and API keys are as
 * the replaced database has them, rotated or revoked. A key is the same one when id and time of creation agree.
 */
export function mergeAccess(db: Writer, replaced: Reader | null): void {
  deleteAllSessions(db)
  for (const key of replaced ? listApiKeys(replaced, true) : []) updateApiKey(db, key)
}

function updateApiKey(db: Writer, key: ApiKeyRow): void {
  db.run(
    `UPDATE api_keys SET prefix = ?, hash = ?, previous_prefix = ?, previous_hash = ?, previous_until = ?,
       rotated_at = ?, expires_at = ?, last_used_at = ?, revoked_at = ? WHERE id = ? AND created_at = ?`,
    key.prefix,
    key.hash,
    key.previousPrefix,
    key.previousHash,
    key.previousUntil,
    key.rotatedAt,
    key.expiresAt,
    key.lastUsedAt,
    key.revokedAt,
    key.id,
    key.createdAt,
  )
}
