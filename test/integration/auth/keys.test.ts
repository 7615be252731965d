import { describe, expect, it } from 'vitest'
import { makeApiKey } from '../../../src/main/services/auth/tokens.ts'
import { authWorld, from } from '../../support/auth.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const ADMIN_KEY = '0123456789abcdef'.repeat(4)

async function world() {
  const made = authWorld([{ role: 'admin', key: ADMIN_KEY }])
  const create = (name: string, given: object = {}) =>
    made.run('keys.create', { name, role: 'user', days: 90, ...given })
  const caller = (key: string, n = 1) => made.auth.callerOfKey(key, from(n))
  const listed = async () => (await made.run('keys.list', { revoked: true })).keys
  return { ...made, create, caller, listed }
}

describe('an API key', () => {
  it('is shown once, and nothing that is stored opens anything', async () => {
    const { create, caller, db, listed } = await world()
    const { key, details } = await create('News', { role: 'termux' })
    expect(key).toMatch(/^cc_termux_/)
    expect(caller(key)).toEqual({ kind: 'key', id: details.id, role: 'termux' })
    const stored = JSON.stringify([db.all('SELECT * FROM api_keys'), db.all('SELECT * FROM audit'), await listed()])
    expect(stored).not.toContain(key)
    expect(stored).not.toContain(key.slice(-30))
    expect(details.prefix).toBe(key.slice(0, 'cc_termux_'.length + 6))
  })

  it('has a name that no other valid key has', async () => {
    const { create, run } = await world()
    const { details } = await create('News')
    await expect(create('NEWS')).rejects.toMatchObject({ code: 'exists_already', fields: { name: 'is taken' } })
    await run('keys.revoke', { id: details.id })
    await expect(create('news')).resolves.toMatchObject({ details: { name: 'news' } })
  })

  it('expires to the millisecond, or never', async () => {
    const { create, caller, clock } = await world()
    const { key } = await create('month', { days: 30 })
    const { key: endless } = await create('endless', { days: null })
    clock.time += 30 * DAY - 1
    expect(caller(key)).not.toBeNull()
    clock.time += 1
    expect(caller(key)).toBeNull()
    clock.time += 5000 * DAY
    expect(caller(endless)).not.toBeNull()
  })

  it('tells when it was used last, to the minute', async () => {
    const { create, caller, clock, listed, db } = await world()
    const { key } = await create('News')
    expect((await listed())[0]!.lastUsedAt).toBeNull()
    const first = clock.now()
    caller(key)
    const writes = () => db.connection.prepare('SELECT total_changes() AS n').get() as { n: number }
    const before = writes()
    clock.time += MINUTE - 1
    for (let n = 0; n < 100; n += 1) caller(key)
    expect(writes()).toEqual(before)
    expect((await listed())[0]!.lastUsedAt).toBe(first)
    clock.time += 1
    caller(key)
    expect((await listed())[0]!.lastUsedAt).toBe(clock.now())
  })

  it('that is rotated has both keys valid for the chosen time, under one id', async () => {
    const { create, caller, clock, run } = await world()
    const { key: old, details } = await create('News', { days: 10 })
    clock.time += DAY
    const { key, details: rotated } = await run('keys.rotate', { id: details.id, graceMinutes: 120 })
    expect(rotated).toMatchObject({
      id: details.id,
      rotatedAt: clock.now(),
      previousUntil: clock.now() + 2 * HOUR,
      expiresAt: clock.now() + 10 * DAY,
    })
    expect(caller(key)).toEqual(caller(old))
    clock.time += 2 * HOUR - 1
    expect(caller(old)).not.toBeNull()
    clock.time += 1
    expect(caller(old)).toBeNull()
    expect(caller(key)).not.toBeNull()
  })

  it('that is rotated lives no longer than it would have, and not at all without a time', async () => {
    const { create, caller, clock, run } = await world()
    const { key: old, details } = await create('News', { days: 1 })
    clock.time += DAY - MINUTE
    await run('keys.rotate', { id: details.id, graceMinutes: 120, days: null })
    clock.time += MINUTE
    expect(caller(old)).toBeNull()
    const { key } = await run('keys.rotate', { id: details.id, graceMinutes: 0, days: 5 })
    const { key: last } = await run('keys.rotate', { id: details.id, graceMinutes: 60 })
    expect([caller(key), caller(old)].map(found => found !== null)).toEqual([true, false])
    expect(caller(last)).not.toBeNull()
  })

  it('that is revoked is refused at once with the one before it, and stays so', async () => {
    const { create, caller, run, listed } = await world()
    const { key: old, details } = await create('News')
    const { key } = await run('keys.rotate', { id: details.id, graceMinutes: 120 })
    await run('keys.revoke', { id: details.id })
    expect([caller(old), caller(key)]).toEqual([null, null])
    expect(await listed()).toMatchObject([{ name: 'News', previousUntil: null, revokedAt: expect.any(Number) }])
    expect((await run('keys.list', { revoked: false })).keys).toEqual([])
    for (const operation of ['keys.rotate', 'keys.revoke'] as const) {
      await expect(run(operation, { id: details.id, graceMinutes: 0 })).rejects.toMatchObject({ code: 'conflict' })
      await expect(run(operation, { id: 99, graceMinutes: 0 })).rejects.toMatchObject({ code: 'not_found' })
    }
  })

  it('is reminded of when it is old, endless or about to end', async () => {
    const { create, clock, listed } = await world()
    await create('endless', { days: null })
    await create('year', { days: 365 })
    await create('week', { days: 14 })
    const reminders = async () => (await listed()).map(key => key.reminder)
    expect(await reminders()).toEqual([expect.stringContaining('never expires'), null, null])
    clock.time += 8 * DAY
    expect((await reminders())[2]).toContain('within a week')
    clock.time += 82 * DAY
    const [endless, year, week] = await reminders()
    expect(endless).toContain('90 days old')
    expect(year).toContain('90 days old')
    expect(week).toContain('has expired')
  })
})

describe('a key of the environment', () => {
  it('is accepted as it is, and no part of it', async () => {
    const { caller, run } = await world()
    expect(caller(ADMIN_KEY)).toEqual({ kind: 'key', id: 'environment', role: 'admin' })
    expect(caller(ADMIN_KEY.slice(1), 2)).toBeNull()
    expect(caller(`${ADMIN_KEY}0`, 3)).toBeNull()
    expect(caller(`${ADMIN_KEY} `, 4)).toBeNull()
    expect((await run('keys.list', { revoked: false })).environment).toEqual(['admin'])
    const status = await run('auth.status', {}, { kind: 'key', id: 'environment', role: 'admin' })
    expect(status).toMatchObject({ kind: 'key', role: 'admin', user: null, key: 'environment' })
  })
})

describe('wrong keys', () => {
  it('lock their source out for wrong keys, but nobody who has a valid one or signs in', async () => {
    const { create, caller, run, addUser, tried, random } = await world()
    await addUser('anna')
    const { key } = await create('News')
    for (let n = 0; n < 5; n += 1) expect(caller(makeApiKey('admin', random), 7)).toBeNull()
    expect(() => caller(makeApiKey('admin', random), 7)).toThrow(expect.objectContaining({ code: 'too_many' }))
    expect(caller(key, 7)).not.toBeNull()
    expect(caller(ADMIN_KEY, 7)).not.toBeNull()
    expect(await tried('anna', undefined, from(7))).toBe('anna')
    expect(caller(makeApiKey('admin', random), 8)).toBeNull()
    const { items } = await run('lockouts.list', { limit: 50, counting: false })
    expect(items).toMatchObject([{ kind: 'key_source', subject: '192.0.2.7' }])
    await run('lockouts.lift', { id: items[0]!.id })
    expect(caller(makeApiKey('admin', random), 7)).toBeNull()
  })

  it('by the thousand write little, and leave the others alone', async () => {
    const { caller, db, create } = await world()
    const { key } = await create('News')
    for (let n = 0; n < 5_000; n += 1) {
      try {
        expect(caller(`cc_admin_${'A'.repeat(43)}${String(n).padStart(6, '0')}`, n % 250)).toBeNull()
      } catch (error) {
        expect(error).toMatchObject({ code: 'too_many' })
      }
    }
    const failures = db.all<{ failures: string }>('SELECT failures FROM lockouts')
    expect(failures.flatMap(row => JSON.parse(row.failures) as number[]).length).toBeLessThanOrEqual(120)
    expect(caller(key, 3)).not.toBeNull()
  })

  it('that were valid once are refused without being counted: it is a script that nobody has told', async () => {
    const { create, caller, run, db } = await world()
    const { key, details } = await create('News')
    await run('keys.revoke', { id: details.id })
    for (let n = 0; n < 20; n += 1) expect(caller(key, 7)).toBeNull()
    expect(db.all('SELECT 1 FROM lockouts')).toEqual([])
  })

  it.each(['', ' ', 'cc_user_', `cc_user_${'é'.repeat(49)}`, 'x'.repeat(1_000_000), "' OR '1'='1"])(
    'of any form are just wrong: %#',
    async text => {
      const { caller } = await world()
      expect(caller(text)).toBeNull()
    },
  )
})
