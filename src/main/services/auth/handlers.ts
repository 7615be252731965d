import { Refusal } from '../../../shared/errors.ts'
import type { Lockout, Session } from '../../../shared/operations/accounts.ts'
import { apiKeyById } from '../../db/api-keys.ts'
import type { Database, Reader } from '../../db/database.ts'
import { deleteLockout, type LockoutRow, listLockouts, lockoutById } from '../../db/lockouts.ts'
import { listLogins } from '../../db/logins.ts'
import {
  deleteAllSessions,
  deleteSession,
  deleteSessionsOfUser,
  listSessions,
  type SessionRow,
  sessionById,
} from '../../db/sessions.ts'
import { setPasswordHash, type UserRow, userById } from '../../db/users.ts'
import { lockedFor } from '../../domain/lockout.ts'
import { passwordProblem } from '../../domain/passwords.ts'
import { idCursor, nextCursor } from '../cursor.ts'
import type { Caller } from '../operations/caller.ts'
import type { HandlersFor } from '../operations/dispatch.ts'
import type { Passwords } from '../passwords.ts'
import type { Clock } from '../ports.ts'
import type { Auth } from './service.ts'
import { LEAST_SCORE, type Person, type Strength } from './strength.ts'

interface Parts {
  readonly db: Database
  readonly clock: Clock
  readonly passwords: Passwords
  readonly strength: Strength
  readonly auth: Auth
}

type AccountOperations =
  | 'auth.status'
  | 'auth.change-password'
  | 'passwords.score'
  | 'account.sessions'
  | 'account.revoke-session'
type SessionOperations =
  | 'sessions.list'
  | 'sessions.revoke'
  | 'sessions.revoke-all'
  | 'logins.list'
  | 'lockouts.list'
  | 'lockouts.lift'

/** What people do with their own account. */
export function accountHandlers({ db, clock, passwords, strength, auth }: Parts): HandlersFor<AccountOperations> {
  return {
    'auth.status': (_input, { caller }) => {
      const user = caller.kind === 'user' ? userById(db, caller.id) : undefined
      const session = caller.kind === 'user' ? sessionById(db, caller.sessionId) : undefined
      return {
        kind: caller.kind,
        role: caller.role,
        user: user ? { id: user.id, username: user.username, fullName: user.full_name, email: user.email } : null,
        mustChangePassword: caller.kind === 'user' && caller.mustChangePassword,
        session: session ? { id: session.id, createdAt: session.createdAt, expiresAt: session.expiresAt } : null,
        key: keyName(db, caller),
      }
    },

    'auth.change-password': async ({ currentPassword, newPassword }, { caller, source, commit }) => {
      const user = ownUser(db, caller)
      if (!(await auth.checkPassword(user.id, currentPassword, source))) throw wrongPassword()
      if (newPassword.normalize('NFC') === currentPassword.normalize('NFC')) {
        throw new Refusal('invalid_input', 'The new password is the old one.', { newPassword: 'is the old one' })
      }
      const problem = await strength.problem(newPassword, personOf(user))
      if (problem) throw new Refusal('invalid_input', problem, { newPassword: problem })
      const hash = await passwords.hash(newPassword)
      return commit((tx, about) => {
        about('user', user.id)
        const present = ownUser(tx, caller)
        if (present.password_hash !== user.password_hash) throw new Refusal('conflict', CHANGED_MEANWHILE)
        setPasswordHash(tx, user.id, hash, false, clock.now())
        deleteSessionsOfUser(tx, user.id)
        return { done: true }
      })
    },

    'passwords.score': async ({ password, username }, { caller }) => {
      const own = username === undefined && caller.kind === 'user' ? userById(db, caller.id) : undefined
      const person = own ? personOf(own) : { username: username ?? '' }
      const refused = passwordProblem(password, person.username)
      if (refused) return { score: 0, accepted: false, feedback: [refused] }
      const { score, feedback } = await strength.score(password, person)
      return { score, accepted: score >= LEAST_SCORE, feedback: [...feedback] }
    },

    'account.sessions': (_input, { caller }) => {
      if (caller.kind !== 'user') return { sessions: [] }
      const rows = listSessions(db, clock.now(), caller.id, Number.MAX_SAFE_INTEGER, 500)
      return { sessions: rows.map(row => shownSession(row, caller)) }
    },

    'account.revoke-session': ({ id }, { caller, commit }) =>
      commit((tx, about) => {
        const user = ownUser(tx, caller)
        const session = sessionById(tx, id)
        if (session?.userId !== user.id) throw new Refusal('not_found', `You have no session ${id} (any more).`)
        about('session', id)
        deleteSession(tx, id)
        return { done: true }
      }),
  }
}

/** What administrators see and do. */
export function sessionHandlers({ db, clock }: Pick<Parts, 'db' | 'clock'>): HandlersFor<SessionOperations> {
  return {
    'sessions.list': ({ limit, after, userId }, { caller }) => {
      const before = idCursor(after, Number.MAX_SAFE_INTEGER)
      const rows = listSessions(db, clock.now(), userId ?? null, before, limit)
      const items = rows.map(row => shownSession(row, caller))
      return { items, next: nextCursor(items, limit, item => item.id) }
    },

    'sessions.revoke': ({ id }, { commit }) =>
      commit((tx, about) => {
        const session = sessionById(tx, id)
        if (!session) throw new Refusal('not_found', `There is no session ${id} (any more).`)
        about('session', id)
        about('user', session.userId)
        deleteSession(tx, id)
        return { done: true }
      }),

    'sessions.revoke-all': ({ userId }, { commit }) =>
      commit((tx, about) => {
        if (userId === undefined) return { ended: deleteAllSessions(tx) }
        if (!userById(tx, userId)) throw new Refusal('not_found', `There is no user ${userId} (any more).`)
        about('user', userId)
        return { ended: deleteSessionsOfUser(tx, userId) }
      }),

    'logins.list': ({ limit, after, userId }) => {
      const rows = listLogins(db, userId ?? null, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      const items = rows.map(row => ({ ...row, username: row.username === '' ? null : row.username }))
      return { items, next: nextCursor(items, limit, item => item.id) }
    },

    'lockouts.list': ({ limit, after, counting }) => {
      const now = clock.now()
      const rows = listLockouts(db, now, counting, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      const items = rows.map(row => shownLockout(db, row, now))
      return { items, next: nextCursor(items, limit, item => item.id) }
    },

    'lockouts.lift': ({ id }, { commit }) =>
      commit((tx, about) => {
        const lockout = lockoutById(tx, id)
        if (!lockout) throw new Refusal('not_found', `There is no lock ${id} (any more).`)
        about('lockout', id)
        const userId = userIdOf(lockout)
        if (userId !== null) about('user', userId)
        deleteLockout(tx, lockout.kind, lockout.subject)
        return { done: true }
      }),
  }
}

const CHANGED_MEANWHILE = 'The password was changed meanwhile. Sign in with the new one.'

function ownUser(db: Reader, caller: Caller): UserRow {
  const user = caller.kind === 'user' ? userById(db, caller.id) : undefined
  if (!user) throw new Refusal('forbidden', 'This is for people who are signed in with user name and password.')
  return user
}

function wrongPassword(): Refusal {
  const message = 'The current password is wrong, or the account is locked for now after too many wrong ones.'
  return new Refusal('invalid_input', message, { currentPassword: message })
}

function personOf(user: UserRow): Person {
  return { username: user.username, fullName: user.full_name, email: user.email }
}

function keyName(db: Reader, caller: Caller): string | null {
  if (caller.kind !== 'key') return null
  return caller.id === 'environment' ? 'environment' : (apiKeyById(db, caller.id)?.name ?? null)
}

function shownSession(row: SessionRow, caller: Caller): Session {
  return { ...row, current: caller.kind === 'user' && caller.sessionId === row.id }
}

function shownLockout(db: Reader, row: LockoutRow, now: number): Lockout {
  const userId = userIdOf(row)
  const user = userId === null ? undefined : userById(db, userId)
  const left = lockedFor(row, now)
  return {
    id: row.id,
    kind: row.kind,
    userId: user?.id ?? null,
    subject: row.kind === 'account' ? (user?.username ?? null) : row.subject,
    failures: row.failures.length,
    lastAt: row.lastAt,
    lockedUntil: left > 0 ? now + left : null,
  }
}

function userIdOf({ kind, subject }: LockoutRow): number | null {
  const match = kind === 'account' ? /^user:(\d+)$/.exec(subject) : null
  return match ? Number(match[1]) : null
}
