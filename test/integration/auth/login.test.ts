import { describe, expect, it } from 'vitest'
import { authWorld, from, GOOD } from '../../support/auth.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WINDOW = { ip: null, userAgent: 'Window' }

describe('a login', () => {
  it('gives a session of 24 hours, or of 30 days, whose token is stored nowhere', async () => {
    const { addUser, login, auth, clock, db } = authWorld()
    await addUser('anna', { role: 'admin' })
    const short = await login('anna')
    const long = await login('anna', GOOD, from(1), true)
    expect(short.expiresAt).toBe(clock.now() + DAY)
    expect(long.expiresAt).toBe(clock.now() + 30 * DAY)
    expect(short.user).toMatchObject({ username: 'anna', role: 'admin' })
    expect(JSON.stringify(short.user)).not.toContain(GOOD)
    expect(auth.callerOfSession(short.token, from(2))).toEqual(short.caller)
    expect(JSON.stringify(db.all('SELECT * FROM sessions, audit, logins'))).not.toContain(short.token)
    clock.time += DAY - 1
    expect(auth.callerOfSession(short.token, from(1))).toMatchObject({ kind: 'user', role: 'admin' })
    clock.time += 1
    expect(auth.callerOfSession(short.token, from(1))).toBeNull()
    expect(auth.callerOfSession(long.token, from(1))).not.toBeNull()
  })

  it('takes the name in any case and composition', async () => {
    const { addUser, tried } = authWorld()
    await addUser('Émile')
    expect(await tried(' e\u0301MILE ')).toBe('Émile')
  })

  it('is refused with the same words for every reason', async () => {
    const { addUser, login, run } = authWorld()
    await addUser('boss', { role: 'admin' })
    const anna = await addUser('anna')
    await addUser('idle')
    await run('users.update', { id: anna.id, active: false })
    for (let n = 0; n < 5; n += 1) await login('idle', 'wrong', from(10 + n)).catch(() => {})
    const messages = new Set<string>()
    for (const [name, password, n] of [
      ['nobody', GOOD, 1],
      ['boss', 'wrong', 2],
      ['anna', GOOD, 3],
      ['idle', GOOD, 4],
      ['\u0000', '\u0000'.repeat(100_000), 5],
      ['x'.repeat(100_000), GOOD, 6],
    ] as const) {
      const refusal = await login(name, password, from(n)).then(
        () => null,
        (error: Error & { code: string }) => `${error.code} ${error.message}`,
      )
      messages.add(String(refusal))
    }
    expect([...messages]).toEqual([expect.stringContaining('sign_in_refused')])
  })

  it('costs one hash and writes as much for a name that nobody has as for any other', async () => {
    const { addUser, tried, run, passwords, db } = authWorld()
    await addUser('boss', { role: 'admin' })
    const anna = await addUser('anna')
    await run('users.update', { id: anna.id, active: false })
    await addUser('locked')
    for (let n = 0; n < 5; n += 1) await tried('locked', 'wrong', from(20 + n))
    const rows = () =>
      db.get<{ n: number }>('SELECT (SELECT count(*) FROM logins) + (SELECT count(*) FROM audit) AS n')!.n
    const costs: unknown[] = []
    for (const [at, name] of ['nobody', 'boss', 'anna', 'locked'].entries()) {
      const before = { hashes: passwords.verified.length, rows: rows() }
      expect(await tried(name, 'wrong', from(30 + at))).toBe('sign_in_refused')
      costs.push([passwords.verified.length - before.hashes, rows() - before.rows])
    }
    expect(costs).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ])
    const decoys = passwords.verified.filter(hash => hash === passwords.decoy)
    expect(decoys).toHaveLength(1)
  })

  it('hashes the password again when the parameters were others, and only with the right one', async () => {
    const { addUser, tried, db, passwords } = authWorld()
    await addUser('anna')
    db.write(tx => tx.run('UPDATE users SET password_hash = ?, must_change_password = 1', `old:${GOOD}`))
    const hash = () =>
      db.get<{ hash: string; must: number }>('SELECT password_hash AS hash, must_change_password AS must FROM users')
    await tried('anna', 'wrong')
    expect(hash()).toEqual({ hash: `old:${GOOD}`, must: 1 })
    expect(await tried('anna')).toBe('anna')
    expect(hash()).toEqual({ hash: `new:${GOOD}`, must: 1 })
    expect(passwords.needsRehash(hash()!.hash)).toBe(false)
    expect(await tried('anna')).toBe('anna')
  })

  it('keeps what was typed as a name of nobody out of the database', async () => {
    const { addUser, tried, db } = authWorld()
    await addUser('anna')
    await tried('MySecretPassword', 'anna')
    const all = ['logins', 'lockouts', 'audit'].map(table => db.all(`SELECT * FROM ${table}`))
    expect(JSON.stringify(all).toLowerCase()).not.toContain('mysecret')
  })

  it('stands in the history and in the audit log', async () => {
    const { addUser, tried, login, auth, run, db } = authWorld()
    const anna = await addUser('anna')
    await tried('anna', 'wrong', from(7))
    await tried('nobody', 'wrong', from(8))
    const { token } = await login('anna', GOOD, WINDOW)
    auth.logout(token)
    const { items } = await run('logins.list', { limit: 50 })
    expect(items.map(({ username, ip, outcome }) => [username, ip, outcome])).toEqual([
      ['anna', null, 'ok'],
      [null, '192.0.2.8', 'unknown_user'],
      ['anna', '192.0.2.7', 'wrong_password'],
    ])
    expect((await run('logins.list', { limit: 50, userId: anna.id })).items).toHaveLength(2)
    const rows = db.all("SELECT actor, action, subject, outcome FROM audit WHERE action LIKE 'auth.%' ORDER BY seq")
    expect(rows).toEqual([
      { actor: 'anonymous', action: 'auth.login', subject: `user:${anna.id}`, outcome: 'refused' },
      { actor: 'anonymous', action: 'auth.login', subject: '', outcome: 'refused' },
      { actor: `user:${anna.id}`, action: 'auth.login', subject: 'session:1', outcome: 'ok' },
      { actor: `user:${anna.id}`, action: 'auth.logout', subject: 'session:1', outcome: 'ok' },
    ])
  })

  it('that comes while the user is deactivated or gets another password is refused', async () => {
    const { addUser, login, run, auth } = authWorld()
    const anna = await addUser('anna')
    const slow = login('anna')
    await run('users.update', { id: anna.id, active: false })
    await expect(slow).rejects.toMatchObject({ code: 'sign_in_refused' })
    await run('users.update', { id: anna.id, active: true })
    const other = login('anna')
    await run('users.set-password', { id: anna.id, password: 'another good one', mustChange: false })
    await expect(other).rejects.toMatchObject({ code: 'sign_in_refused' })
    const stopped = login('anna', 'another good one')
    auth.stop()
    await expect(stopped).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('a session', () => {
  it.each([
    ['deactivated', 'users.update', { active: false }],
    ['given a new password', 'users.set-password', { password: 'another good one', mustChange: false }],
    ['deleted', 'users.delete', {}],
    ['signed out by an administrator', 'sessions.revoke-all', {}],
  ] as const)('ends at once when its user is %s', async (_what, operation, input) => {
    const { addUser, login, run, auth } = authWorld()
    const anna = await addUser('anna')
    await addUser('bob')
    const [one, two] = [await login('anna'), await login('anna', GOOD, from(2), true)]
    const bobs = await login('bob')
    await run(operation, { ...input, ...(operation === 'sessions.revoke-all' ? { userId: anna.id } : { id: anna.id }) })
    expect([one, two].map(({ token }) => auth.callerOfSession(token, from(1)))).toEqual([null, null])
    expect(auth.callerOfSession(bobs.token, from(1))).toMatchObject({ id: bobs.user.id })
  })

  it('does not come back with its user, and is worth nothing without', async () => {
    const { addUser, login, run, auth, db } = authWorld()
    const anna = await addUser('anna')
    const before = await login('anna')
    await run('users.update', { id: anna.id, active: false })
    await run('users.update', { id: anna.id, active: true })
    expect(auth.callerOfSession(before.token, from(1))).toBeNull()
    const { token } = await login('anna')
    db.write(tx => tx.run('UPDATE users SET active = 0'))
    expect(auth.callerOfSession(token, from(1))).toBeNull()
  })

  it('has the role that its user has now', async () => {
    const { addUser, login, run, auth } = authWorld()
    await addUser('boss', { role: 'admin' })
    const anna = await addUser('anna', { role: 'admin' })
    const { token } = await login('anna')
    await run('users.update', { id: anna.id, role: 'user' })
    expect(auth.callerOfSession(token, from(1))).toMatchObject({ role: 'user' })
    await run('users.set-password', { id: anna.id, password: 'another good one', mustChange: true })
    const again = await login('anna', 'another good one')
    expect(again.caller.mustChangePassword).toBe(true)
    expect(auth.callerOfSession(again.token, from(1))).toMatchObject({ mustChangePassword: true })
  })

  it('of the window is worth nothing over the network', async () => {
    const { addUser, login, auth } = authWorld()
    await addUser('anna')
    const { token } = await login('anna', GOOD, WINDOW)
    expect(auth.callerOfSession(token, from(1))).toBeNull()
    expect(auth.callerOfSession(token, WINDOW)).not.toBeNull()
  })

  it('is listed with where it comes from, seen to the minute, and revoked', async () => {
    const { addUser, login, auth, clock, run } = authWorld()
    const anna = await addUser('anna')
    const { token, caller } = await login('anna', GOOD, from(9))
    clock.time += MINUTE - 1
    auth.callerOfSession(token, from(9))
    const seen = async () => (await run('sessions.list', { limit: 50 })).items[0]!.lastSeenAt
    expect(await seen()).toBe(clock.now() - MINUTE + 1)
    clock.time += 1
    auth.callerOfSession(token, from(9))
    expect(await seen()).toBe(clock.now())
    const own = await run('account.sessions', {}, caller)
    expect(own.sessions).toMatchObject([
      { userId: anna.id, username: 'anna', ip: '192.0.2.9', userAgent: 'Test/1', current: true },
    ])
    await run('sessions.revoke', { id: own.sessions[0]!.id })
    expect(auth.callerOfSession(token, from(9))).toBeNull()
    await expect(run('sessions.revoke', { id: own.sessions[0]!.id })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is revoked by its own user, and no one else’s', async () => {
    const { addUser, login, run, auth } = authWorld()
    await addUser('anna')
    await addUser('bob')
    const anna = await login('anna')
    const bob = await login('bob')
    const revoke = run('account.revoke-session', { id: bob.caller.sessionId }, anna.caller)
    await expect(revoke).rejects.toMatchObject({ code: 'not_found' })
    expect(auth.callerOfSession(bob.token, from(1))).not.toBeNull()
    await run('account.revoke-session', { id: bob.caller.sessionId }, bob.caller)
    expect(auth.callerOfSession(bob.token, from(1))).toBeNull()
  })

  it('cannot be guessed: texts that are no token find nothing', async () => {
    const { auth } = authWorld()
    for (const token of ['', 'x', 'a'.repeat(43), "' OR 1=1 --", 'é'.repeat(43), 'a'.repeat(1_000_000)]) {
      expect(auth.callerOfSession(token, from(1))).toBeNull()
      expect(() => auth.logout(token)).not.toThrow()
    }
  })

  it('made in a time to come ends when the clock is set back', async () => {
    const { addUser, login, auth, clock, db } = authWorld()
    await addUser('anna')
    const { token } = await login('anna')
    clock.time -= 30 * MINUTE
    expect(auth.callerOfSession(token, from(1))).not.toBeNull()
    clock.time -= DAY
    expect(auth.callerOfSession(token, from(1))).toBeNull()
    auth.tidy()
    expect(db.all('SELECT 1 FROM sessions')).toEqual([])
  })

  it('of one user are fifty at most: the ones used longest ago go', async () => {
    const { addUser, login, auth, clock } = authWorld()
    await addUser('anna')
    const tokens: string[] = []
    for (let n = 0; n < 52; n += 1) {
      clock.time += 1
      tokens.push((await login('anna')).token)
    }
    const alive = tokens.map(token => auth.callerOfSession(token, from(1)) !== null)
    expect(alive).toEqual(tokens.map((_token, n) => n >= 2))
  })
})

describe('changing one’s own password', () => {
  it('needs the present one, refuses weak ones, and ends every session', async () => {
    const { addUser, login, run, auth, tried } = authWorld()
    await addUser('anna')
    const { caller, token } = await login('anna')
    const change = (currentPassword: string, newPassword: string) =>
      run('auth.change-password', { currentPassword, newPassword }, caller)
    await expect(change('wrong', 'another good one')).rejects.toMatchObject({
      fields: { currentPassword: expect.anything() },
    })
    await expect(change(GOOD, 'password1')).rejects.toMatchObject({ fields: { newPassword: expect.anything() } })
    await expect(change(GOOD, GOOD)).rejects.toMatchObject({ fields: { newPassword: 'is the old one' } })
    expect(auth.callerOfSession(token, from(1))).not.toBeNull()
    await change(GOOD, 'another good one')
    expect(auth.callerOfSession(token, from(1))).toBeNull()
    expect(await tried('anna', GOOD)).toBe('sign_in_refused')
    expect((await login('anna', 'another good one')).caller.mustChangePassword).toBe(false)
  })

  it('frees one who had a one-time password', async () => {
    const { addUser, login, run } = authWorld()
    const anna = await addUser('anna')
    await run('users.set-password', { id: anna.id, password: 'one-time for anna', mustChange: true })
    const { caller } = await login('anna', 'one-time for anna')
    expect((await run('auth.status', {}, caller)).mustChangePassword).toBe(true)
    const given = { currentPassword: 'one-time for anna', newPassword: 'chosen by herself' }
    await run('auth.change-password', given, caller)
    expect((await login('anna', 'chosen by herself')).caller.mustChangePassword).toBe(false)
  })

  it('counts wrong ones against the account', async () => {
    const { addUser, login, run, tried } = authWorld()
    await addUser('anna')
    const { caller } = await login('anna')
    for (let n = 0; n < 5; n += 1) {
      const given = { currentPassword: `wrong ${n}`, newPassword: 'another good one' }
      await expect(run('auth.change-password', given, caller)).rejects.toMatchObject({ code: 'invalid_input' })
    }
    const right = { currentPassword: GOOD, newPassword: 'another good one' }
    await expect(run('auth.change-password', right, caller)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await tried('anna', GOOD, from(40))).toBe('sign_in_refused')
    const { items } = await run('logins.list', { limit: 50 })
    expect(items.filter(row => row.outcome === 'password_check_failed')).toHaveLength(5)
  })

  it('is nothing for scripts and the command line', async () => {
    const { run } = authWorld()
    const given = { currentPassword: GOOD, newPassword: 'another good one' }
    for (const caller of [
      { kind: 'local', role: 'admin' },
      { kind: 'key', id: 1, role: 'admin' },
    ] as const) {
      await expect(run('auth.change-password', given, caller)).rejects.toMatchObject({ code: 'forbidden' })
    }
  })

  it('of two at once only one wins', async () => {
    const { addUser, login, run, tried } = authWorld()
    await addUser('anna')
    const { caller } = await login('anna')
    const change = (newPassword: string) => run('auth.change-password', { currentPassword: GOOD, newPassword }, caller)
    const results = await Promise.allSettled([change('another good one'), change('yet another one')])
    expect(results).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'conflict' } }])
    expect(await tried('anna', 'another good one')).toBe('anna')
  })
})

describe('clearing away', () => {
  it('keeps 180 days and 10,000 rows of history, and no ended session', async () => {
    const { addUser, login, auth, clock, db } = authWorld()
    await addUser('anna')
    await login('anna')
    const add = (count: number, at: number) =>
      db.write(tx => {
        for (let n = 0; n < count; n += 1) tx.run("INSERT INTO logins (at, username, outcome) VALUES (?, '', 'ok')", at)
      })
    add(300, clock.now() - 181 * DAY)
    add(10_500, clock.now())
    const tidyAll = () => {
      while (auth.tidy());
    }
    tidyAll()
    expect(db.get('SELECT count(*) AS n, min(at) AS oldest FROM logins')).toEqual({ n: 10_000, oldest: clock.now() })
    expect(db.all('SELECT 1 FROM sessions')).toHaveLength(1)
    clock.time += DAY
    tidyAll()
    expect(db.all('SELECT 1 FROM sessions')).toEqual([])
  })

  it('looks once a minute only', async () => {
    const { auth, db, clock } = authWorld()
    expect(auth.tidy()).toBe(false)
    const old = clock.now() - 400 * DAY
    db.write(tx => tx.run("INSERT INTO logins (at, username, outcome) VALUES (?, '', 'ok')", old))
    clock.time += MINUTE - 1
    auth.tidy()
    expect(db.all('SELECT 1 FROM logins')).toHaveLength(1)
    clock.time += 1
    auth.tidy()
    expect(db.all('SELECT 1 FROM logins')).toEqual([])
  })
})
