import { Refusal } from '../../../shared/errors.ts'
import type { User } from '../../../shared/operations/users.ts'
import type { Database } from '../../db/database.ts'
import { deleteOldLogins } from '../../db/logins.ts'
import {
  deleteDeadSessions,
  deleteSession,
  deleteSessionsBeyond,
  insertSession,
  sessionByToken,
  touchSession,
} from '../../db/sessions.ts'
import { listUsers, setPasswordHash, type UserRow, userById } from '../../db/users.ts'
import { foldUsername } from '../../domain/passwords.ts'
import { appendAudit } from '../audit.ts'
import type { Caller } from '../operations/caller.ts'
import type { Passwords } from '../passwords.ts'
import type { Clock, Log, NumberHash, Randomness } from '../ports.ts'
import type { SettingsView } from '../settings.ts'
import { shownUser } from '../users.ts'
import { Attempts } from './attempts.ts'
import { type EnvironmentKey, KeyRing } from './key-ring.ts'
import { createLockouts } from './lockouts.ts'
import { cleanSource, type Source } from './source.ts'
import { hashOf, isToken, makeToken } from './tokens.ts'

export type { Source } from './source.ts'

export interface SignedIn {
  /** For the cookie of a browser, or the main process of the window: this is the only time it is seen. */
  readonly token: string
  readonly expiresAt: number
  readonly caller: Extract<Caller, { kind: 'user' }>
  readonly user: User
}

/** Who somebody is. Doors call it before they hand an operation to the dispatcher. */
export interface Auth {
  /**
   * Throws Refusal sign_in_refused, for every reason with the same words and after the same time; too_many with
   * retryAfterMs when the source is locked or too many are waiting.
   */
  login(input: { username: string; password: string; remember: boolean }, source: Source): Promise<SignedIn>
  /** Ends a session. A token that is none is no error. */
  logout(token: string): void
  /** Null: unknown, ended, or its user may not sign in any more. Cheap; long streams ask again from time to time. */
  callerOfSession(token: string, source: Source): Caller | null
  /** Null: no key, or not any more. Throws Refusal too_many when too many wrong ones came from this source. */
  callerOfKey(key: string, source: Source): Caller | null
  /**
   * "Type your password again" of somebody who is signed in. False for a wrong one, and while the account is locked.
   * Counts like a login. Throws Refusal too_many.
   */
  checkPassword(userId: number, password: string, source: Source): Promise<boolean>
  /** A bit of clearing away, for the background. Returns whether there is more. */
  tidy(): boolean
  /** Lets no login that is under way write any more. */
  stop(): void
}

export interface AuthParts {
  readonly db: Database
  readonly clock: Clock
  readonly random: Randomness
  readonly log: Log
  readonly passwords: Passwords
  readonly settings: SettingsView
  /** Null while the data key is closed. */
  readonly nameHash: NumberHash | null
  readonly environmentKeys: readonly EnvironmentKey[]
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const SESSION_MS = DAY_MS
const REMEMBERED_MS = 30 * DAY_MS
const SESSIONS_EACH = 50
const HISTORY_MS = 180 * DAY_MS
const HISTORY_ROWS = 10_000
/** Rows of each kind in one step of clearing away. */
const STEP_ROWS = 200

export function createAuth(parts: AuthParts): Auth {
  const { db, clock, random, log, passwords } = parts
  const lockouts = createLockouts(parts.settings)
  const attempts = new Attempts({ ...parts, lockouts })
  const keyRing = new KeyRing({ ...parts, lockouts })
  let tidiedAt = Number.NEGATIVE_INFINITY

  return {
    login: async ({ username, password, remember }, source) => {
      const token = makeToken(random)
      const signedIn = await attempts.check(
        { username, password, source, action: 'auth.login', find: reader => userNamed(listUsers(reader), username) },
        (tx, user, now) => {
          const expiresAt = now + (remember ? REMEMBERED_MS : SESSION_MS)
          const session = { userId: user.id, tokenHash: hashOf(token), expiresAt, ...cleanSource(source) }
          const sessionId = insertSession(tx, session, now)
          deleteSessionsBeyond(tx, user.id, SESSIONS_EACH)
          const record = { at: now, actor: `user:${user.id}`, outcome: 'ok', code: '' } as const
          appendAudit(tx, { ...record, action: 'auth.login', subject: `session:${sessionId}` })
          return { token, expiresAt, caller: callerOf(user, sessionId), user: shownUser(user), row: user }
        },
      )
      if (!signedIn) throw new Refusal('sign_in_refused')
      const { row, ...answer } = signedIn
      await rehash(row, password)
      return answer
    },

    logout: token => {
      const session = isToken(token) ? sessionByToken(db, hashOf(token)) : undefined
      if (!session) return
      db.write(tx => {
        deleteSession(tx, session.id)
        const record = { at: clock.now(), actor: `user:${session.userId}`, outcome: 'ok', code: '' } as const
        appendAudit(tx, { ...record, action: 'auth.logout', subject: `session:${session.id}` })
      })
    },

    callerOfSession: (token, source) => {
      const session = isToken(token) ? sessionByToken(db, hashOf(token)) : undefined
      if (session?.active !== 1) return null
      const now = clock.now()
      if (now >= session.expiresAt || session.createdAt > now + HOUR_MS) return null
      // The window's token never leaves its process: one that comes over the network was stolen.
      if ((session.ip === null) !== (source.ip === null)) return null
      if (Math.abs(now - session.lastSeenAt) >= MINUTE_MS) db.write(tx => touchSession(tx, session.id, now))
      const { userId: id, role, mustChangePassword } = session
      return { kind: 'user', id, role, sessionId: session.id, mustChangePassword: mustChangePassword === 1 }
    },

    callerOfKey: (key, source) => keyRing.callerOf(key, source),

    checkPassword: async (userId, password, source) => {
      const find = () => userById(db, userId)
      const username = find()?.username ?? ''
      const claim = { username, password, source, action: 'auth.check-password', find } as const
      return (await attempts.check(claim, () => true)) ?? false
    },

    tidy: () => {
      if (clock.mono() - tidiedAt < MINUTE_MS) return false
      const now = clock.now()
      const gone = db.write(
        tx =>
          lockouts.tidy(tx, now, STEP_ROWS) +
          deleteDeadSessions(tx, now, now + HOUR_MS, STEP_ROWS) +
          deleteOldLogins(tx, now - HISTORY_MS, HISTORY_ROWS, STEP_ROWS),
      )
      if (gone === 0) tidiedAt = clock.mono()
      return gone > 0
    },

    stop: () => attempts.stop(),
  }

  /** The hash of a password by today's parameters, where the stored one is by earlier ones. It must not keep anybody out. */
  async function rehash(user: UserRow, password: string): Promise<void> {
    if (!passwords.needsRehash(user.password_hash)) return
    try {
      const hash = await passwords.hash(password)
      db.write(tx => {
        const now = userById(tx, user.id)
        if (now?.password_hash !== user.password_hash) return
        setPasswordHash(tx, user.id, hash, now.must_change_password === 1, clock.now())
      })
    } catch (error) {
      log.warn('a password could not be hashed again', { user: user.id, error: String(error) })
    }
  }
}

function callerOf(user: UserRow, sessionId: number): SignedIn['caller'] {
  const { id, role } = user
  return { kind: 'user', id, role, sessionId, mustChangePassword: user.must_change_password === 1 }
}

/** Looks at every name, wherever the one is. */
function userNamed(users: readonly UserRow[], username: string): UserRow | undefined {
  const wanted = foldUsername(username.slice(0, 256).trim())
  return users.filter(user => foldUsername(user.username) === wanted)[0]
}
