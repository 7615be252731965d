import { Refusal } from '../../../shared/errors.ts'
import type { LoginOutcome } from '../../../shared/operations/accounts.ts'
import type { Database, Reader, Writer } from '../../db/database.ts'
import { insertLogin } from '../../db/logins.ts'
import { type UserRow, userById } from '../../db/users.ts'
import { foldUsername } from '../../domain/passwords.ts'
import { appendAudit } from '../audit.ts'
import type { Passwords } from '../passwords.ts'
import type { Clock, NumberHash } from '../ports.ts'
import { Budget } from './budget.ts'
import { accountSubject, type Lockouts } from './lockouts.ts'
import { cleanSource, networkOf, type Source } from './source.ts'

export interface AttemptParts {
  readonly db: Database
  readonly clock: Clock
  readonly passwords: Passwords
  readonly lockouts: Lockouts
  /** Null while the data key is closed: then all names that nobody has are counted together. */
  readonly nameHash: NumberHash | null
}

/** Somebody claims to be somebody, by a password. */
export interface Claim {
  readonly username: string
  readonly password: string
  readonly source: Source
  /** What is written in the login history when it fails, and into the audit log. */
  readonly action: 'auth.login' | 'auth.check-password'
  readonly find: (db: Reader) => UserRow | undefined
}

/** One source can wait for so many hashes at once, so that it cannot take all places from the others. */
const AT_ONCE = 4
/** Refused attempts that the audit log takes, of all sources; the login history has all of them. */
const AUDITED_PER_MINUTE = 60
const SOON_MS = 1_000
/** Of what strangers hand in. Passwords and user names are far shorter. */
const LONGEST = 1_024

/** Checks passwords, counts failures, and locks accounts and sources. */
export class Attempts {
  readonly #parts: AttemptParts
  readonly #audited: Budget
  readonly #notes: Budget
  readonly #running = new Map<string, number>()
  #stopped = false

  constructor(parts: AttemptParts) {
    this.#parts = parts
    this.#audited = new Budget(parts.clock, AUDITED_PER_MINUTE)
    this.#notes = new Budget(parts.clock, AUDITED_PER_MINUTE)
  }

  /**
   * Runs `succeed` in the transaction that records the success, and returns what it returns; null when the claim is
   * refused. A name that nobody has, a wrong password, an account that is not active and one that is locked take the
   * same way: one hash, one transaction. What counts is decided after the hash, so that guesses that are made at once
   * are no way around the lock. Throws Refusal too_many.
   */
  async check<T>(claim: Claim, succeed: (tx: Writer, user: UserRow, now: number) => T): Promise<T | null> {
    const source = cleanSource(claim.source)
    const network = source.ip === null ? null : networkOf(source.ip)
    this.#refuseLocked(network)
    const { db, passwords } = this.#parts
    return this.#inTurn(network ?? 'window', async () => {
      const found = claim.find(db)
      const subject = this.#subjectOf(claim.username, found)
      const right = await passwords.verify(found?.password_hash ?? passwords.decoy, claim.password.slice(0, LONGEST))
      if (this.#stopped) throw new Refusal('unavailable')
      return this.#decide({ ...claim, source, network, found, subject, right }, succeed)
    })
  }

  stop(): void {
    this.#stopped = true
  }

  #decide<T>(
    made: Claim & { network: string | null; found: UserRow | undefined; subject: string; right: boolean },
    succeed: (tx: Writer, user: UserRow, now: number) => T,
  ): T | null {
    const { db, clock, lockouts } = this.#parts
    const { network, found, subject, action, source } = made
    return db.write(tx => {
      const now = clock.now()
      const lockedMs = network === null ? 0 : lockouts.lockedFor(tx, 'source', network, now)
      if (lockedMs > 0) throw tooMany(lockedMs)
      const user = found && userById(tx, found.id)
      const right = made.right && user?.password_hash === found?.password_hash
      const locked = lockouts.lockedFor(tx, 'account', subject, now) > 0
      const outcome = outcomeOf(user, right, locked)
      if (outcome === 'ok' && user) {
        lockouts.clear(tx, 'account', subject)
        if (action === 'auth.login') insertLogin(tx, historyRow(user, source, outcome, now))
        return succeed(tx, user, now)
      }
      const shown = action === 'auth.login' || outcome === 'locked' ? outcome : 'password_check_failed'
      insertLogin(tx, historyRow(user, source, shown, now))
      const about = user ? accountSubject(user.id) : ''
      if (this.#audited.take()) {
        const record = { at: now, actor: 'anonymous', outcome: 'refused', code: 'sign_in_refused' } as const
        appendAudit(tx, { ...record, action, subject: about })
      }
      this.#count(tx, 'account', subject, about, now)
      if (network !== null) this.#count(tx, 'source', network, '', now)
      return null
    })
  }

  #count(tx: Writer, kind: 'account' | 'source', subject: string, about: string, now: number): void {
    const lock = this.#parts.lockouts.fail(tx, kind, subject, now)
    if (lock === null) return
    const named = [`lockout:${lock}`, about].filter(part => part !== '').join(' ')
    appendAudit(tx, { at: now, actor: 'system', action: 'auth.lock', subject: named, outcome: 'ok', code: kind })
  }

  #refuseLocked(network: string | null): void {
    if (network === null) return
    const { db, clock, lockouts } = this.#parts
    const now = clock.now()
    const lockedMs = lockouts.lockedFor(db, 'source', network, now)
    if (lockedMs === 0) return
    if (lockouts.isWorthNoting(db, 'source', network, now) && this.#notes.take()) {
      db.write(tx => lockouts.fail(tx, 'source', network, now))
    }
    throw tooMany(lockedMs)
  }

  async #inTurn<T>(from: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(from) ?? 0
    if (running >= AT_ONCE) throw new Refusal('too_many', undefined, {}, SOON_MS)
    this.#running.set(from, running + 1)
    try {
      return await work()
    } finally {
      const left = this.#running.get(from)! - 1
      if (left === 0) this.#running.delete(from)
      else this.#running.set(from, left)
    }
  }

  /** Made for everybody, so that it takes its time for everybody. What was typed as a name may be a password: only a keyed hash is kept. */
  #subjectOf(username: string, user: UserRow | undefined): string {
    const hash = this.#parts.nameHash?.of(`user name ${foldUsername(username.slice(0, LONGEST))}`)
    const name = hash ? `name:${Buffer.from(hash).toString('hex').slice(0, 32)}` : 'name:'
    return user ? accountSubject(user.id) : name
  }
}

function outcomeOf(user: UserRow | undefined, right: boolean, locked: boolean): LoginOutcome {
  if (!user) return 'unknown_user'
  if (locked) return 'locked'
  if (!right) return 'wrong_password'
  return user.active === 1 ? 'ok' : 'not_active'
}

function historyRow(user: UserRow | undefined, source: Source, outcome: LoginOutcome, at: number) {
  return { at, userId: user?.id ?? null, username: user?.username ?? '', ...source, outcome }
}

/** How long a source has to wait. */
export function tooMany(lockedMs: number): Refusal {
  const minutes = Math.ceil(lockedMs / 60_000)
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`
  return new Refusal(
    'too_many',
    `There were too many failed attempts from your address. Try again in ${wait}.`,
    {},
    lockedMs,
  )
}
