import { createHmac } from 'node:crypto'
import { passwordProblem } from '../../src/main/domain/passwords.ts'
import { accountHandlers, sessionHandlers } from '../../src/main/services/auth/handlers.ts'
import type { EnvironmentKey } from '../../src/main/services/auth/key-ring.ts'
import { keyHandlers } from '../../src/main/services/auth/keys.ts'
import { type Auth, createAuth, type Source } from '../../src/main/services/auth/service.ts'
import type { Strength } from '../../src/main/services/auth/strength.ts'
import type { Caller } from '../../src/main/services/operations/caller.ts'
import type { Handlers } from '../../src/main/services/operations/dispatch.ts'
import type { Passwords } from '../../src/main/services/passwords.ts'
import { DEFAULTS, defaultTexts } from '../../src/main/services/settings.ts'
import { userHandlers } from '../../src/main/services/users.ts'
import type { InputOf, OperationName, OutputOf } from '../../src/shared/operations/index.ts'
import type { Settings } from '../../src/shared/operations/phones.ts'
import { changeContext, dataFolder } from './folder.ts'

/** Only the rules that need no dictionaries; those take a second to load. */
export const QUICK_STRENGTH: Strength = {
  score: async password => ({ score: password.length < 12 ? 1 : 4, feedback: [] }),
  problem: async (password, person) => passwordProblem(password, person.username),
  stop: async () => {},
}

/** Hashes that cost nothing, and how many were computed with which password. */
export function quickPasswords(): Passwords & { readonly verified: string[] } {
  const verified: string[] = []
  return {
    verified,
    decoy: 'new:decoy',
    hash: async password => {
      await turns(1)
      return `new:${password}`
    },
    verify: async (hash, password) => {
      verified.push(hash)
      await turns(3)
      return hash !== 'new:decoy' && hash.slice(4) === password
    },
    needsRehash: hash => hash.startsWith('old:'),
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

export const GOOD = 'a good long one'
/** An address of somebody, by number. */
export const from = (n: number): Source => ({ ip: `192.0.2.${n}`, userAgent: 'Test/1' })

/** Accounts, sessions, locks and keys over a database on disk, with a clock that the test moves. */
export function authWorld(environmentKeys: readonly EnvironmentKey[] = []) {
  const folder = dataFolder()
  const { db, clock, random, log } = folder
  const passwords = quickPasswords()
  const strength = QUICK_STRENGTH
  const settings: Settings = { ...DEFAULTS, texts: defaultTexts('') }
  const nameHash = { of: (text: string) => createHmac('sha256', 'key of the test').update(text).digest() }
  /** Another service over the same database, as after a restart, or over another one. */
  const build = (database = db): Auth =>
    createAuth({
      ...{ db: database, clock, random, log, passwords, nameHash, environmentKeys },
      settings: { current: () => settings },
    })
  const auth = build()
  const handlers = {
    ...userHandlers({ db, clock, passwords, strength }),
    ...accountHandlers({ db, clock, passwords, strength, auth }),
    ...sessionHandlers({ db, clock }),
    ...keyHandlers({ db, clock, random, environmentKeys }),
  } as Handlers
  /** An operation by its handler, as a caller who may. */
  const run = async <N extends OperationName>(name: N, input: object, caller?: Caller): Promise<OutputOf<N>> => {
    const handler = handlers[name] as unknown as (
      input: InputOf<N>,
      context: unknown,
    ) => OutputOf<N> | Promise<OutputOf<N>>
    return handler(input as InputOf<N>, changeContext(db, name, caller))
  }
  const addUser = (username: string, given: Partial<{ role: 'admin' | 'user'; password: string }> = {}) =>
    run('users.create', {
      ...{ username, password: GOOD, role: 'user', fullName: '', email: '', mustChangePassword: false },
      ...given,
    })
  const login = (username: string, password = GOOD, source: Source = from(1), remember = false) =>
    auth.login({ username, password, remember }, source)
  /** The code of the refusal, or the user's name. */
  const tried = async (...given: Parameters<typeof login>): Promise<string> =>
    login(...given).then(
      signedIn => signedIn.user.username,
      (error: { code?: string }) => String(error.code),
    )
  return { ...folder, passwords, settings, auth, build, run, addUser, login, tried }
}
