import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Writer } from '../../src/main/db/database.ts'
import { putLockout } from '../../src/main/db/lockouts.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { insertUser, updateUser } from '../../src/main/db/users.ts'
import { type Auth, createAuth } from '../../src/main/services/auth/service.ts'
import { createPasswords } from '../../src/main/services/passwords.ts'
import { DEFAULTS, defaultTexts } from '../../src/main/services/settings.ts'
import { describeMachine, type Machine } from './machine.ts'
import { rounded, type Spread, spread } from './numbers.ts'
import { Random } from './random.ts'
import type { Run, Table } from './types.ts'

export interface LoginOptions {
  /** Failed logins of each kind. */
  readonly attempts: number
}

/** Why a login is refused; an attacker must not be able to tell them apart. */
const KINDS = ['known user', 'unknown user', 'inactive user', 'locked account'] as const
type Kind = (typeof KINDS)[number]

export interface Likeness {
  /** Half of the logins take so many times as long as half of those of a known user. */
  readonly ratioOfMedians: number
  /** How often one of these takes longer than one of a known user; 0.5 is alike (Mann-Whitney). */
  readonly longer: number
  /** How probable a difference as large as that is where there is none. */
  readonly p: number
}

export interface LoginResult {
  readonly benchmark: 'login'
  readonly attempts: number
  /** Milliseconds. */
  readonly times: Readonly<Record<Kind, Spread>>
  /** Beside the known user. */
  readonly likeness: Readonly<Partial<Record<Kind, Likeness>>>
  readonly machine: Machine
}

const USERS = 20
const WARM_UP = 20

/** Refused logins one after the other, with every kind as often, in random order. */
export async function loginBenchmark({ attempts }: LoginOptions, run: Run): Promise<LoginResult> {
  const machine = describeMachine(run.folder)
  const db = openDatabase(join(run.folder, 'login.sqlite'))
  try {
    const passwords = createPasswords()
    const clock = { now: () => Date.now(), mono: () => performance.now() }
    // So many failures that the users who are tried here are not locked before the end.
    const lockout = { failures: Math.ceil(attempts / USERS) + WARM_UP, withinMinutes: 1440, lockMinutes: 1440 }
    const settings = { ...DEFAULTS, texts: defaultTexts(''), lockout }
    const hash = await passwords.hash('the password of all of them')
    db.write(tx => {
      for (let n = 0; n < USERS; n += 1) {
        for (const name of [`known${n}`, `inactive${n}`, `locked${n}`]) {
          const user = { username: name, fullName: '', email: '', role: 'user', passwordHash: hash } as const
          const id = insertUser(tx, { ...user, mustChangePassword: false }, clock.now())
          if (name.startsWith('inactive')) updateUser(tx, id, { ...user, active: false }, clock.now())
          if (name.startsWith('locked')) lock(tx, id, clock.now())
        }
      }
    })
    const auth = createAuth({
      ...{ db, clock, passwords, environmentKeys: [], random: { bytes: randomBytes } },
      nameHash: { of: text => createHmac('sha256', 'bench').update(text).digest() },
      settings: { current: () => settings },
      log: { info() {}, warn() {}, error() {} },
    })
    run.say(`Signing in ${(attempts + WARM_UP) * KINDS.length} times`)
    const samples = await measure(auth, attempts)
    const known = samples['known user']
    const others = KINDS.filter(kind => kind !== 'known user')
    return {
      ...{ benchmark: 'login', attempts, machine },
      times: Object.fromEntries(KINDS.map(kind => [kind, spread(samples[kind])])) as LoginResult['times'],
      likeness: Object.fromEntries(others.map(kind => [kind, likeness(samples[kind], known)])),
    }
  } finally {
    db.close()
  }
}

export function loginTable({ times, likeness: found }: LoginResult): Table {
  return {
    columns: ['refused', 'half, ms', '95 of 100, ms', 'ratio of medians', 'takes longer than a known user', 'p'],
    rows: KINDS.map(kind => {
      const like = found[kind]
      const { p50, p95 } = times[kind]
      return [
        kind,
        p50,
        p95,
        like?.ratioOfMedians ?? '',
        like ? `${rounded(like.longer * 100)} of 100` : '',
        like?.p ?? '',
      ]
    }),
  }
}

function lock(tx: Writer, userId: number, now: number): void {
  const locked = { lastAt: now, lockedAt: now, lockedUntil: now + 24 * 3_600_000, failures: [now] }
  putLockout(tx, { kind: 'account', subject: `user:${userId}`, ...locked })
}

async function measure(auth: Auth, attempts: number): Promise<Record<Kind, number[]>> {
  const random = new Random(11)
  const samples: Record<Kind, number[]> = {
    ...{ 'known user': [], 'unknown user': [], 'inactive user': [], 'locked account': [] },
  }
  const nameOf: Record<Kind, () => string> = {
    'known user': () => `known${random.below(USERS)}`,
    'unknown user': () => `nobody${random.below(USERS)}`,
    'inactive user': () => `inactive${random.below(USERS)}`,
    'locked account': () => `locked${random.below(USERS)}`,
  }
  let address = 0
  for (let turn = 0; turn < attempts + WARM_UP; turn += 1) {
    for (const kind of shuffled(random)) {
      address += 1
      const source = { ip: `10.${address >> 16}.${(address >> 8) & 255}.${address & 255}`, userAgent: 'bench' }
      const input = { username: nameOf[kind](), password: 'the wrong password', remember: false }
      const began = performance.now()
      const refusal = await auth.login(input, source).catch((error: { code?: string }) => error.code)
      if (turn >= WARM_UP) samples[kind].push(performance.now() - began)
      if (refusal !== 'sign_in_refused') throw new Error(`A login of a ${kind} was not refused as it should be.`)
    }
  }
  return samples
}

function shuffled(random: Random): Kind[] {
  const left: Kind[] = [...KINDS]
  return KINDS.map(() => left.splice(random.below(left.length), 1)[0]!)
}

/** The Mann-Whitney test with the normal distribution, which fits from 20 samples on. */
export function likeness(samples: readonly number[], beside: readonly number[]): Likeness {
  const all = [...samples.map(value => ({ value, own: true })), ...beside.map(value => ({ value, own: false }))]
  all.sort((one, other) => one.value - other.value)
  let ranks = 0
  for (let at = 0; at < all.length; ) {
    let end = at
    while (end < all.length && all[end]!.value === all[at]!.value) end += 1
    // Equal ones share the middle of their ranks.
    const rank = (at + 1 + end) / 2
    for (; at < end; at += 1) if (all[at]!.own) ranks += rank
  }
  const [n, m] = [samples.length, beside.length]
  const u = ranks - (n * (n + 1)) / 2
  const z = (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12)
  return {
    ratioOfMedians: rounded(spread(samples).p50 / spread(beside).p50),
    longer: rounded(u / (n * m)),
    p: rounded(2 * tail(Math.abs(z))),
  }
}

/** How much of the normal distribution lies above `z`: Abramowitz and Stegun, 26.2.17. */
function tail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429]
  const sum = series.reduce((total, factor, power) => total + factor * t ** (power + 1), 0)
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum
}
