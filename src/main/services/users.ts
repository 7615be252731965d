import { Refusal } from '../../shared/errors.ts'
import type { User } from '../../shared/operations/users.ts'
import { password as passwordSchema, username as usernameSchema } from '../../shared/operations/users.ts'
import type { Database, Reader, Writer } from '../db/database.ts'
import { deleteLockout } from '../db/lockouts.ts'
import { metaValue, setMetaValue } from '../db/meta.ts'
import { deleteSessionsOfUser } from '../db/sessions.ts'
import {
  countActiveAdmins,
  deleteUser,
  insertUser,
  listUsers,
  setPasswordHash,
  type UserRow,
  updateUser,
  userById,
} from '../db/users.ts'
import { foldUsername } from '../domain/passwords.ts'
import { appendAudit } from './audit.ts'
import { accountSubject } from './auth/lockouts.ts'
import type { Person, Strength } from './auth/strength.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Passwords } from './passwords.ts'
import type { Clock } from './ports.ts'

interface Parts {
  readonly db: Database
  readonly clock: Clock
  readonly passwords: Passwords
  readonly strength: Pick<Strength, 'problem'>
}

type UserOperations = 'users.list' | 'users.create' | 'users.update' | 'users.set-password' | 'users.delete'

export function userHandlers({ db, clock, passwords, strength }: Parts): HandlersFor<UserOperations> {
  return {
    'users.list': () => ({ users: listUsers(db).map(shownUser) }),

    'users.create': async (input, { commit }) => {
      refuseTaken(db, input.username)
      await refuseWeak(strength, input.password, input)
      const passwordHash = await passwords.hash(input.password)
      return commit((tx, about) => {
        refuseTaken(tx, input.username)
        const id = insertUser(tx, { ...input, passwordHash }, clock.now())
        about('user', id)
        return shownUser(userById(tx, id)!)
      })
    },

    'users.update': ({ role, fullName, email, active, ...who }, { commit }) =>
      commit((tx, about) => {
        const user = wanted(tx, who)
        about('user', user.id)
        const next = {
          role: role ?? user.role,
          fullName: fullName ?? user.full_name,
          email: email ?? user.email,
          active: active ?? user.active === 1,
        }
        if (next.role !== 'admin' || !next.active) keepAnAdmin(tx, user)
        updateUser(tx, user.id, next, clock.now())
        if (!next.active) deleteSessionsOfUser(tx, user.id)
        return shownUser(wanted(tx, user))
      }),

    'users.set-password': async ({ password, mustChange, ...who }, { commit }) => {
      await refuseWeak(strength, password, shownUser(wanted(db, who)))
      const hash = await passwords.hash(password)
      return commit((tx, about) => {
        const { id } = wanted(tx, who)
        about('user', id)
        setPasswordHash(tx, id, hash, mustChange, clock.now())
        startAnew(tx, id)
        return { done: true }
      })
    },

    'users.delete': (who, { commit }) =>
      commit((tx, about) => {
        const user = wanted(tx, who)
        about('user', user.id)
        keepAnAdmin(tx, user)
        startAnew(tx, user.id)
        deleteUser(tx, user.id)
        return { done: true }
      }),
  }
}

/**
 * Takes the first administrator from the environment. Each pair of values is taken once: an old one that was left there
 * does not undo what was changed since. A new one resets the password of an administrator of that name, who becomes
 * active again, is no longer locked, and has to sign in anew everywhere. Returns a sentence where there is something to tell, and null otherwise.
 */
export async function applyAdmin(parts: Parts, given: { username: string; password: string }): Promise<string | null> {
  const { db, clock, passwords, strength } = parts
  const name = usernameSchema.safeParse(given.username)
  if (!name.success) return `ADMIN_USERNAME is not used: ${name.error.issues[0]!.message}.`
  const length = passwordSchema.safeParse(given.password)
  if (!length.success) return `ADMIN_PASSWORD is not used. It needs ${length.error.issues[0]!.message}.`
  if (await wasApplied(parts, name.data, given.password)) return null
  const problem = await strength.problem(given.password, { username: name.data })
  if (problem) return `ADMIN_PASSWORD is not used. ${problem}`

  const existing = listUsers(db).find(user => foldUsername(user.username) === foldUsername(name.data))
  if (existing && existing.role !== 'admin') {
    return `ADMIN_USERNAME is not used: there is a user "${existing.username}" who is no administrator.`
  }
  const passwordHash = await passwords.hash(given.password)
  const at = clock.now()
  return db.write(tx => {
    const record = { at, actor: 'system', outcome: 'ok', code: '' } as const
    noteApplied(tx, { username: foldUsername(name.data), hash: passwordHash })
    if (existing) {
      setPasswordHash(tx, existing.id, passwordHash, false, at)
      updateUser(tx, existing.id, { ...profileOf(existing), active: true }, at)
      startAnew(tx, existing.id)
      appendAudit(tx, { ...record, action: 'users.set-password', subject: `user:${existing.id}` })
      return `The password of "${existing.username}" is now the one of ADMIN_PASSWORD.`
    }
    const user = {
      username: name.data,
      fullName: '',
      email: '',
      role: 'admin',
      passwordHash,
      mustChangePassword: false,
    } as const
    const id = insertUser(tx, user, at)
    appendAudit(tx, { ...record, action: 'users.create', subject: `user:${id}` })
    return `The administrator "${name.data}" was created from ADMIN_USERNAME and ADMIN_PASSWORD.`
  })
}

/** What was applied is kept as an Argon2id hash like every password: a quick hash of it could be guessed. */
interface Applied {
  readonly username: string
  readonly hash: string
}

/** So many are remembered; each that does not fit costs a hash at the start. */
const MOST_APPLIED = 20

/** The newest first: nearly always that is the one which is still there. */
function appliedBefore(db: Reader): Applied[] {
  return JSON.parse(metaValue(db, 'admin_applied') ?? '[]') as Applied[]
}

async function wasApplied({ db, passwords }: Parts, username: string, password: string): Promise<boolean> {
  for (const applied of appliedBefore(db)) {
    if (applied.username === foldUsername(username) && (await passwords.verify(applied.hash, password))) return true
  }
  return false
}

function noteApplied(db: Writer, applied: Applied): void {
  setMetaValue(db, 'admin_applied', JSON.stringify([applied, ...appliedBefore(db)].slice(0, MOST_APPLIED)))
}

function refuseTaken(db: Reader, username: string): void {
  const taken = listUsers(db).find(user => foldUsername(user.username) === foldUsername(username))
  if (taken)
    throw new Refusal('exists_already', `There is a user "${taken.username}" already.`, { username: 'is taken' })
}

async function refuseWeak(strength: Parts['strength'], password: string, person: Person): Promise<void> {
  const problem = await strength.problem(password, person)
  if (problem) throw new Refusal('invalid_input', problem, { password: problem })
}

/** A new password ends what was begun with the old one, and the lock that guesses at it have led to. */
function startAnew(db: Writer, id: number): void {
  deleteSessionsOfUser(db, id)
  deleteLockout(db, 'account', accountSubject(id))
}

function keepAnAdmin(db: Writer, user: UserRow): void {
  if (user.role === 'admin' && user.active === 1 && countActiveAdmins(db, user.id) === 0) {
    throw new Refusal(
      'conflict',
      `"${user.username}" is the last active administrator. Make another user an administrator first.`,
    )
  }
}

function wanted(db: Reader, who: { id?: number | undefined; username?: string | undefined }): UserRow {
  const { id, username = '' } = who
  const user =
    id === undefined
      ? listUsers(db).find(one => foldUsername(one.username) === foldUsername(username))
      : userById(db, id)
  if (!user) throw new Refusal('not_found', `There is no user ${id ?? `"${username}"`} (any more).`)
  return user
}

function profileOf(user: UserRow) {
  return { fullName: user.full_name, email: user.email, role: user.role, active: user.active === 1 }
}

/** A user as callers see one. */
export function shownUser(user: UserRow): User {
  return {
    id: user.id,
    username: user.username,
    ...profileOf(user),
    mustChangePassword: user.must_change_password === 1,
    createdAt: user.created_at,
  }
}
