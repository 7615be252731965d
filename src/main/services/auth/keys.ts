import { Refusal } from '../../../shared/errors.ts'
import type { ApiKey } from '../../../shared/operations/keys.ts'
import {
  type ApiKeyRow,
  apiKeyById,
  apiKeyByName,
  insertApiKey,
  listApiKeys,
  replaceApiKey,
  revokeApiKey,
} from '../../db/api-keys.ts'
import type { Database, Reader } from '../../db/database.ts'
import type { HandlersFor } from '../operations/dispatch.ts'
import type { Clock, Randomness } from '../ports.ts'
import type { EnvironmentKey } from './key-ring.ts'
import { hashOf, makeApiKey, prefixOf } from './tokens.ts'

interface Parts {
  readonly db: Database
  readonly clock: Clock
  readonly random: Randomness
  readonly environmentKeys: readonly EnvironmentKey[]
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** After so long somebody is reminded of a key. */
export const OLD_MS = 90 * DAY_MS
const SOON_MS = 7 * DAY_MS

export function keyHandlers({
  db,
  clock,
  random,
  environmentKeys,
}: Parts): HandlersFor<'keys.list' | 'keys.create' | 'keys.rotate' | 'keys.revoke'> {
  return {
    'keys.list': ({ revoked }) => ({
      keys: listApiKeys(db, revoked).map(row => shownKey(row, clock.now())),
      environment: environmentKeys.map(({ role }) => role),
    }),

    'keys.create': ({ name, role, days }, { commit, actor }) =>
      commit((tx, about) => {
        if (apiKeyByName(tx, name)) {
          throw new Refusal('exists_already', `There is a key "${name}" already.`, { name: 'is taken' })
        }
        const key = makeApiKey(role, random)
        const now = clock.now()
        const expiresAt = days === null ? null : now + days * DAY_MS
        const secret = { prefix: prefixOf(key), hash: hashOf(key) }
        const id = insertApiKey(tx, { name, role, ...secret, createdBy: actor, createdAt: now, expiresAt })
        about('key', id)
        return { key, details: shownKey(wanted(tx, id), now) }
      }),

    'keys.rotate': ({ id, graceMinutes, days }, { commit }) =>
      commit((tx, about) => {
        const row = wanted(tx, id)
        about('key', id)
        if (row.revokedAt !== null)
          throw new Refusal('conflict', `The key "${row.name}" is revoked: create another one.`)
        const key = makeApiKey(row.role, random)
        const now = clock.now()
        const meant = row.expiresAt === null ? null : row.expiresAt - row.rotatedAt
        const span = days === undefined ? meant : days === null ? null : days * DAY_MS
        replaceApiKey(tx, id, {
          ...{ prefix: prefixOf(key), hash: hashOf(key), rotatedAt: now },
          expiresAt: span === null ? null : now + span,
          previousUntil: Math.min(now + graceMinutes * MINUTE_MS, row.expiresAt ?? Number.MAX_SAFE_INTEGER),
        })
        return { key, details: shownKey(wanted(tx, id), now) }
      }),

    'keys.revoke': ({ id }, { commit }) =>
      commit((tx, about) => {
        const row = wanted(tx, id)
        about('key', id)
        if (row.revokedAt !== null) throw new Refusal('conflict', `The key "${row.name}" is revoked already.`)
        revokeApiKey(tx, id, clock.now())
        return { done: true }
      }),
  }
}

/** What should be done about a key that is not revoked, as a sentence; null when nothing. */
export function keyReminder(key: ApiKeyRow, now: number): string | null {
  if (key.revokedAt !== null) return null
  if (key.expiresAt !== null && key.expiresAt <= now) return 'It has expired: rotate or revoke it.'
  if (now - key.rotatedAt >= OLD_MS) return `It is ${Math.floor((now - key.rotatedAt) / DAY_MS)} days old: rotate it.`
  if (key.expiresAt === null) return 'It never expires: rotate it with a number of days.'
  if (key.expiresAt - now <= SOON_MS) return 'It expires within a week: rotate it.'
  return null
}

function wanted(db: Reader, id: number): ApiKeyRow {
  const row = apiKeyById(db, id)
  if (!row) throw new Refusal('not_found', `There is no key ${id}.`)
  return row
}

function shownKey(row: ApiKeyRow, now: number): ApiKey {
  const { id, name, role, prefix, createdBy, createdAt, rotatedAt, expiresAt, lastUsedAt, revokedAt } = row
  const previousUntil = row.previousUntil !== null && row.previousUntil > now ? row.previousUntil : null
  const own = { id, name, role, prefix, createdBy, createdAt, rotatedAt, expiresAt, lastUsedAt, revokedAt }
  return { ...own, previousUntil, reminder: keyReminder(row, now) }
}
