import type { Role } from '../../../shared/operations/define.ts'
import { type ApiKeyRow, apiKeysByPrefix, touchApiKey } from '../../db/api-keys.ts'
import type { Database } from '../../db/database.ts'
import { appendAudit } from '../audit.ts'
import type { Caller } from '../operations/caller.ts'
import type { Clock } from '../ports.ts'
import { tooMany } from './attempts.ts'
import { Budget } from './budget.ts'
import type { Lockouts } from './lockouts.ts'
import { networkOf, type Source } from './source.ts'
import { hashOf, isApiKey, prefixOf, sameHash } from './tokens.ts'

/** A key that comes from the environment: 64 hexadecimal digits. */
export interface EnvironmentKey {
  readonly role: Role
  readonly key: string
}

interface KeyRingParts {
  readonly db: Database
  readonly clock: Clock
  readonly lockouts: Lockouts
  readonly environmentKeys: readonly EnvironmentKey[]
}

const TOUCH_MS = 60_000
/** Wrong keys that are counted, of all sources. Keys of 256 bits are not guessed, so what is beyond may go uncounted. */
const COUNTED_PER_MINUTE = 120
const LONGEST_KEY = 200

/** Tells whose API key it is. */
export class KeyRing {
  readonly #parts: KeyRingParts
  readonly #environment: readonly { readonly role: Role; readonly hash: Uint8Array }[]
  readonly #counted: Budget

  constructor(parts: KeyRingParts) {
    this.#parts = parts
    this.#environment = parts.environmentKeys.map(({ role, key }) => ({ role, hash: hashOf(key) }))
    this.#counted = new Budget(parts.clock, COUNTED_PER_MINUTE)
  }

  /**
   * Null for a key that is not valid, or not any more. A valid one is let in from a source with failures, too: others
   * behind the same address shall not be able to shut scripts out. Throws Refusal too_many.
   */
  callerOf(key: string, source: Source): Caller | null {
    const { db, clock } = this.#parts
    const now = clock.now()
    const hash = hashOf(key.slice(0, LONGEST_KEY))
    let role: Role | null = null
    for (const known of this.#environment) if (sameHash(known.hash, hash)) role = known.role
    if (role !== null && key.length <= LONGEST_KEY) return { kind: 'key', id: 'environment', role }
    const row = isApiKey(key)
      ? apiKeysByPrefix(db, prefixOf(key)).find(candidate => belongs(candidate, hash))
      : undefined
    if (row) {
      // A script that goes on with a key that has ended guesses nothing: it is refused, and not counted.
      if (!isValid(row, hash, now)) return null
      if (row.lastUsedAt === null || Math.abs(now - row.lastUsedAt) >= TOUCH_MS) {
        db.write(tx => touchApiKey(tx, row.id, now))
      }
      return { kind: 'key', id: row.id, role: row.role }
    }
    this.#countFailure(source, now)
    return null
  }

  #countFailure(source: Source, now: number): void {
    if (source.ip === null) return
    const { db, lockouts } = this.#parts
    const network = networkOf(source.ip)
    const lockedMs = lockouts.lockedFor(db, 'key_source', network, now)
    const counts = lockedMs === 0 || lockouts.isWorthNoting(db, 'key_source', network, now)
    if (counts && this.#counted.take()) {
      db.write(tx => {
        const lock = lockouts.fail(tx, 'key_source', network, now)
        if (lock === null) return
        const record = { at: now, actor: 'system', action: 'auth.lock', outcome: 'ok', code: 'key_source' } as const
        appendAudit(tx, { ...record, subject: `lockout:${lock}` })
      })
    }
    if (lockedMs > 0) throw tooMany(lockedMs)
  }
}

function belongs(row: ApiKeyRow, hash: Uint8Array): boolean {
  return sameHash(row.hash, hash) || (row.previousHash !== null && sameHash(row.previousHash, hash))
}

function isValid(row: ApiKeyRow, hash: Uint8Array, now: number): boolean {
  if (row.revokedAt !== null) return false
  if (sameHash(row.hash, hash)) return row.expiresAt === null || now < row.expiresAt
  return row.previousUntil !== null && now < row.previousUntil
}
