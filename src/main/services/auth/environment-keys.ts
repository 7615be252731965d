import type { Role } from '../../../shared/operations/define.ts'
import type { Database, Reader } from '../../db/database.ts'
import { metaValue, setMetaValue } from '../../db/meta.ts'
import type { Clock } from '../ports.ts'
import type { EnvironmentKey } from './key-ring.ts'
import { hashOf } from './tokens.ts'

/** By role: the SHA-256 of the key, in hexadecimal digits, and since when it is this one, ms. */
type Known = Partial<Record<Role, { readonly hash: string; readonly since: number }>>

/** Remembers since when each key of the environment is there, so that somebody can be reminded of old ones. */
export function noteEnvironmentKeys(db: Database, clock: Clock, keys: readonly EnvironmentKey[]): void {
  const known = knownKeys(db)
  const changed = keys.filter(({ role, key }) => known[role]?.hash !== hexOf(key))
  if (changed.length === 0) return
  const since = clock.now()
  const now: Known = { ...known }
  for (const { role, key } of changed) now[role] = { hash: hexOf(key), since }
  db.write(tx => setMetaValue(tx, 'environment_keys', JSON.stringify(now)))
}

/** Since when a key is there, ms; null where no hub has noted it. */
export function environmentKeySince(db: Reader, { role, key }: EnvironmentKey): number | null {
  const known = knownKeys(db)[role]
  return known?.hash === hexOf(key) ? known.since : null
}

function knownKeys(db: Reader): Known {
  return JSON.parse(metaValue(db, 'environment_keys') ?? '{}') as Known
}

function hexOf(key: string): string {
  return Buffer.from(hashOf(key)).toString('hex')
}
