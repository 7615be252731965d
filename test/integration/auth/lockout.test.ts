import { describe, expect, it } from 'vitest'
import { createPasswords } from '../../../src/main/services/passwords.ts'
import { applyAdmin } from '../../../src/main/services/users.ts'
import { authWorld, from, GOOD, QUICK_STRENGTH } from '../../support/auth.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

async function world() {
  const made = authWorld()
  const anna = await made.addUser('anna', { role: 'admin' })
  /** So many wrong passwords, each from another address unless one is given. */
  let address = 100
  const fail = async (username: string, times: number, ip?: number) => {
    const seen: string[] = []
    for (let n = 0; n < times; n += 1) {
      address += 1
      seen.push(await made.tried(username, `wrong ${n}`, ip === undefined ? from(address) : from(ip)))
    }
    return seen
  }
  const locks = async () =>
    (await made.run('lockouts.list', { limit: 50, counting: false })).items.map(row => [row.kind, row.subject])
  return { ...made, anna, fail, locks }
}

describe('an account', () => {
  it('is locked for an hour after five failures, also for the right password, and nobody is told', async () => {
    const { fail, tried, clock, locks, run } = await world()
    expect(await fail('anna', 4)).toEqual(Array(4).fill('sign_in_refused'))
    expect(await tried('anna', GOOD, from(1))).toBe('anna')
    expect(await fail('anna', 5)).toEqual(Array(5).fill('sign_in_refused'))
    expect(await tried('anna', GOOD, from(2))).toBe('sign_in_refused')
    expect(await locks()).toEqual([['account', 'anna']])
    clock.time += HOUR - 1
    expect(await tried('anna', GOOD, from(3))).toBe('sign_in_refused')
    clock.time += 1
    expect(await tried('anna', GOOD, from(4))).toBe('anna')
    const outcomes = (await run('logins.list', { limit: 50 })).items.map(row => row.outcome)
    expect(outcomes.slice(0, 3)).toEqual(['ok', 'locked', 'locked'])
  })

  it('forgets the failures at a login that succeeds', async () => {
    const { fail, tried, locks } = await world()
    await fail('anna', 4)
    expect(await tried('anna', GOOD, from(1))).toBe('anna')
    await fail('anna', 4)
    expect(await locks()).toEqual([])
    expect(await tried('anna', GOOD, from(2))).toBe('anna')
  })

  it('that nobody has is locked just the same', async () => {
    const { fail, run } = await world()
    await fail('Nobody', 3)
    await fail('nobody', 2)
    const { items } = await run('lockouts.list', { limit: 50, counting: false })
    expect(items).toMatchObject([{ kind: 'account', subject: null, userId: null, failures: 5 }])
  })

  it('stays locked over a restart, and through guesses that are made at once', async () => {
    const { passwords, auth, build, db } = await world()
    const guess = (password: string, n: number) =>
      auth.login({ username: 'anna', password, remember: false }, from(n)).then(
        () => 'in',
        () => 'out',
      )
    const guesses = Array.from({ length: 12 }, (_, n) => (n === 11 ? GOOD : `wrong ${n}`))
    expect(await Promise.all(guesses.map(guess))).toEqual(Array(12).fill('out'))
    expect(passwords.verified).toHaveLength(12)
    expect(db.all("SELECT 1 FROM lockouts WHERE kind = 'account' AND locked_until IS NOT NULL")).toHaveLength(1)
    const restarted = build()
    const login = restarted.login({ username: 'anna', password: GOOD, remember: false }, from(200))
    await expect(login).rejects.toMatchObject({ code: 'sign_in_refused' })
  })

  it('is lifted by an administrator, who sees it, and on record', async () => {
    const { fail, tried, run, db, anna } = await world()
    await fail('anna', 5)
    const [lock] = (await run('lockouts.list', { limit: 50, counting: false })).items
    expect(lock).toMatchObject({ kind: 'account', subject: 'anna', userId: anna.id, failures: 5 })
    await run('lockouts.lift', { id: lock!.id })
    expect(await tried('anna', GOOD, from(1))).toBe('anna')
    const last = db.get('SELECT action, subject FROM audit WHERE action LIKE ? ORDER BY seq DESC', 'lockouts.%')
    expect(last).toEqual({ action: 'lockouts.lift', subject: `lockout:${lock!.id} user:${anna.id}` })
    expect(db.all("SELECT subject FROM audit WHERE action = 'auth.lock'")).toEqual([
      { subject: `lockout:${lock!.id} user:${anna.id}` },
    ])
  })

  it('is open again with a new password, of an administrator or of the environment', async () => {
    const { fail, tried, run, anna, db, clock, passwords, login, auth } = await world()
    await fail('anna', 5)
    await run('users.set-password', { id: anna.id, password: 'another good one', mustChange: false })
    expect(await tried('anna', 'another good one', from(1))).toBe('anna')
    const { token } = await login('anna', 'another good one', from(1))
    await fail('anna', 5)
    const parts = { db, clock, passwords, strength: QUICK_STRENGTH }
    const told = await applyAdmin(parts, { username: 'Anna', password: 'forgotten no more' })
    expect(told).toContain('ADMIN_PASSWORD')
    expect(auth.callerOfSession(token, from(1)), 'whoever was in is out').toBeNull()
    expect(await tried('anna', 'forgotten no more', from(2))).toBe('anna')
  })

  it('follows the settings', async () => {
    const { fail, settings, locks, clock, tried } = await world()
    settings.lockout = { failures: 2, withinMinutes: 1, lockMinutes: 3 }
    await fail('anna', 1)
    clock.time += MINUTE
    await fail('anna', 1)
    expect(await locks()).toEqual([])
    await fail('anna', 1)
    expect(await locks()).toEqual([['account', 'anna']])
    clock.time += 3 * MINUTE
    expect(await tried('anna', GOOD, from(1))).toBe('anna')
  })

  it('shows failures that have locked nothing yet to who asks for them', async () => {
    const { fail, run, locks } = await world()
    await fail('anna', 2, 9)
    expect(await locks()).toEqual([])
    const { items } = await run('lockouts.list', { limit: 50, counting: true })
    expect(items).toMatchObject([
      { kind: 'source', subject: '192.0.2.9', failures: 2, lockedUntil: null },
      { kind: 'account', subject: 'anna', failures: 2, lockedUntil: null },
    ])
  })
})

describe('a source', () => {
  it('is locked after five failures with any names, says for how long, and costs no hash then', async () => {
    const { tried, login, passwords, clock, locks } = await world()
    for (let n = 0; n < 5; n += 1) expect(await tried(`name ${n}`, 'wrong', from(7))).toBe('sign_in_refused')
    expect(await locks()).toEqual([['source', '192.0.2.7']])
    const hashes = passwords.verified.length
    clock.time += 15 * MINUTE
    await expect(login('anna', GOOD, from(7))).rejects.toMatchObject({ code: 'too_many', retryAfterMs: 45 * MINUTE })
    expect(passwords.verified).toHaveLength(hashes)
    expect(await tried('anna', GOOD, from(8)), 'others are let in').toBe('anna')
    clock.time += 45 * MINUTE
    expect(await tried('anna', GOOD, from(7))).toBe('anna')
  })

  it('gets no more guesses by making them at once', async () => {
    const { tried, settings } = await world()
    settings.lockout = { failures: 3, withinMinutes: 10, lockMinutes: 60 }
    const guesses = ['wrong 1', 'wrong 2', 'wrong 3', GOOD].map((password, n) =>
      tried(n < 3 ? `name ${n}` : 'anna', password, from(7)),
    )
    expect(await Promise.all(guesses)).toEqual([...Array(3).fill('sign_in_refused'), 'too_many'])
  })

  it('is not freed by signing in with an account of one’s own', async () => {
    const { fail, tried, addUser } = await world()
    await addUser('mallory')
    await fail('anna', 4, 7)
    expect(await tried('mallory', GOOD, from(7))).toBe('mallory')
    await fail('nobody', 1, 7)
    expect(await tried('mallory', GOOD, from(7))).toBe('too_many')
  })

  it('of IPv6 is the whole network', async () => {
    const { tried } = await world()
    const host = (n: number) => ({ ip: `2001:db8:7:7::${n}`, userAgent: '' })
    for (let n = 0; n < 5; n += 1) await tried(`name ${n}`, 'wrong', host(n))
    expect(await tried('anna', GOOD, host(99))).toBe('too_many')
    expect(await tried('anna', GOOD, { ip: '2001:db8:7:8::1', userAgent: '' })).toBe('anna')
  })

  it('that is the window on this workstation is never locked', async () => {
    const { tried, locks } = await world()
    const window = { ip: null, userAgent: '' }
    for (let n = 0; n < 20; n += 1) expect(await tried(`name ${n}`, 'wrong', window)).toBe('sign_in_refused')
    expect(await tried('anna', GOOD, window)).toBe('anna')
    expect(await locks()).toEqual([])
  })

  it('cannot take all places where passwords are checked', async () => {
    const { auth } = await world()
    const ask = (n: number) => auth.login({ username: `name ${n}`, password: 'wrong', remember: false }, from(7))
    const answers = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => ask(n)))
    const codes = answers.map(answer => (answer.status === 'rejected' ? answer.reason.code : 'in'))
    expect(codes.filter(code => code === 'too_many')).toHaveLength(6)
    expect(codes.filter(code => code === 'sign_in_refused')).toHaveLength(4)
  })
})

describe('a clock that is set back by a day', () => {
  it('ends a lock no earlier and not much later', async () => {
    const { fail, tried, clock, auth } = await world()
    await fail('anna', 5)
    clock.time -= 24 * HOUR
    auth.tidy()
    clock.time += MINUTE
    auth.tidy()
    clock.time += HOUR - MINUTE - 1
    expect(await tried('anna', GOOD, from(1))).toBe('sign_in_refused')
    clock.time += 2 * MINUTE
    expect(await tried('anna', GOOD, from(2))).toBe('anna')
  })

  it('leaves no failures that count for a day', async () => {
    const { fail, tried, clock, auth, locks } = await world()
    await fail('anna', 4)
    clock.time -= 24 * HOUR
    auth.tidy()
    clock.time += 10 * MINUTE
    auth.tidy()
    await fail('anna', 1)
    expect(await locks()).toEqual([])
    expect(await tried('anna', GOOD, from(1))).toBe('anna')
  })
})

describe('a flood', () => {
  it('leaves no more rows than it has to, and none after its time', async () => {
    const { fail, db, clock, auth } = await world()
    for (let n = 0; n < 40; n += 1) await fail(`name ${n}`, 1)
    expect(db.all('SELECT 1 FROM lockouts')).toHaveLength(80)
    clock.time += 10 * MINUTE + 1
    while (auth.tidy());
    expect(db.all('SELECT 1 FROM lockouts')).toEqual([])
  })

  it('writes 60 refusals a minute into the audit log, which never shrinks, and all into the history', async () => {
    const { fail, db } = await world()
    for (let n = 0; n < 100; n += 1) await fail(`name ${n}`, 1)
    expect(db.all("SELECT 1 FROM audit WHERE action = 'auth.login'")).toHaveLength(60)
    expect(db.all('SELECT 1 FROM logins')).toHaveLength(100)
  })

  it('of hashes waits 32 deep, and what is more is told to come back', async () => {
    const ends: (() => void)[] = []
    const hasher = {
      hash: async () => '',
      verify: () => new Promise<boolean>(resolve => ends.push(() => resolve(true))),
    }
    const passwords = createPasswords(hasher as unknown as NonNullable<Parameters<typeof createPasswords>[0]>)
    const asked = Array.from({ length: 40 }, () =>
      passwords.verify('', 'x').then(
        () => 'done',
        (error: { code: string; retryAfterMs: number }) => `${error.code} ${error.retryAfterMs > 0}`,
      ),
    )
    let finished = false
    const all = Promise.all(asked).then(answers => {
      finished = true
      return answers
    })
    while (!finished) {
      for (const end of ends.splice(0)) end()
      await new Promise(resolve => setImmediate(resolve))
    }
    const answers = await all
    expect(answers.filter(answer => answer === 'done')).toHaveLength(34)
    expect(answers.filter(answer => answer === 'too_many true')).toHaveLength(6)
  })

  it('of a locked source is noted once a minute', async () => {
    const { fail, db, clock } = await world()
    await fail('anna', 5, 7)
    const lastAt = () => db.get<{ at: number }>("SELECT last_at AS at FROM lockouts WHERE kind = 'source'")!.at
    const locked = lastAt()
    clock.time += MINUTE - 1
    await fail('anna', 10, 7)
    expect(lastAt()).toBe(locked)
    clock.time += 1
    await fail('anna', 10, 7)
    expect(lastAt()).toBe(clock.now())
  })
})

describe('the decoy', () => {
  it('is as much work as a real hash, and no password opens it', async () => {
    const passwords = createPasswords()
    const real = await passwords.hash(GOOD)
    const shape = (hash: string) => {
      const [, kind, version, parameters = '', salt = '', value = ''] = hash.split('$')
      return [kind, version, parameters.split(',').sort().join(), salt.length, value.length]
    }
    expect(shape(passwords.decoy)).toEqual(shape(real))
    expect(await passwords.verify(passwords.decoy, GOOD)).toBe(false)
    expect(passwords.needsRehash(passwords.decoy)).toBe(false)
  })
})
