import { adminSecret } from './access-services.ts'
import { type ApiKeyRow, listApiKeys } from './api-keys.ts'
import type { Reader, Value, Writer } from './database.ts'
import { grantSecret } from './grants.ts'
import { deleteAllSessions } from './sessions.ts'
import { dropSecret, putSealedSecret, sealedSecret } from './vault.ts'

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

const ACCESS_TABLES = ['people', 'access_services', 'grants'] as const

/**
 * People, services and grants become what the replaced database has: that is what the files of the services say. A change
 * that was under way at the time of the backup ended long ago. `sameKey`: whether the sealed passwords of the replaced
 * database can be opened here; otherwise they are not known any more, and what they open goes on.
 */
export function mergeServiceAccess(db: Writer, replaced: Reader | null, sameKey: boolean): void {
  db.run('DELETE FROM access_intents')
  if (!replaced) return
  for (const name of secretNames(db)) dropSecret(db, name)
  for (const table of [...ACCESS_TABLES].reverse()) db.run(`DELETE FROM ${table}`)
  for (const table of ACCESS_TABLES) {
    for (const row of replaced.all<Record<string, Value>>(`SELECT * FROM ${table} ORDER BY id`)) {
      const columns = Object.keys(row)
      db.run(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        ...Object.values(row),
      )
    }
  }
  if (!sameKey) {
    db.run('UPDATE grants SET known = 0')
    return
  }
  for (const name of secretNames(db)) {
    const sealed = sealedSecret(replaced, name)
    if (sealed) putSealedSecret(db, name, sealed, 0)
  }
}

function secretNames(db: Reader): string[] {
  const ids = (table: string) => db.all<{ id: number }>(`SELECT id FROM ${table}`).map(row => row.id)
  return [...ids('access_services').map(adminSecret), ...ids('grants').map(grantSecret)]
}
