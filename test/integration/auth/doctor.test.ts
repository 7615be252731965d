import { describe, expect, it } from 'vitest'
import { authFindings } from '../../../src/main/services/auth/doctor.ts'
import { noteEnvironmentKeys } from '../../../src/main/services/auth/environment-keys.ts'
import type { EnvironmentKey } from '../../../src/main/services/auth/key-ring.ts'
import { Refusal } from '../../../src/shared/errors.ts'
import { authWorld, from } from '../../support/auth.ts'

const DAY = 24 * 3_600_000

const KEY = '0123456789abcdef'.repeat(4)

function world(environmentKeys: readonly EnvironmentKey[] = []) {
  const made = authWorld(environmentKeys)
  const { db, clock, passwords, settings } = made
  const wrong = async () => {
    const parts = { db, clock, passwords, environmentKeys, settings: { current: () => settings } }
    return (await authFindings(parts)).filter(finding => !finding.ok)
  }
  return { ...made, wrong }
}

describe('the doctor, about accounts and keys', () => {
  it('finds nothing in a folder that is new or in order', async () => {
    const { wrong, addUser, run } = world()
    expect(await wrong()).toEqual([])
    await addUser('boss', { role: 'admin' })
    await run('keys.create', { name: 'News', role: 'user', days: 30 })
    expect(await wrong()).toEqual([])
  })

  it('finds that nobody can administer', async () => {
    const { wrong, addUser } = world()
    await addUser('anna')
    expect(await wrong()).toMatchObject([{ check: 'administrators', fix: expect.stringContaining('--role admin') }])
  })

  it.each(['boss', 'boss123', 'changeme', 'Acme'.toLowerCase()])(
    'finds an administrator with the password %s',
    async password => {
      const { wrong, addUser, db, settings } = world()
      settings.organisation = 'Acme'
      await addUser('Boss', { role: 'admin' })
      db.write(tx => tx.run('UPDATE users SET password_hash = ?', `new:${password}`))
      expect(await wrong()).toMatchObject([
        {
          check: 'administrators',
          message: expect.stringContaining('Boss'),
          fix: expect.stringContaining('set-password'),
        },
      ])
    },
  )

  it('finds who never chose a password of their own', async () => {
    const { wrong, addUser, run } = world()
    await addUser('boss', { role: 'admin' })
    const anna = await addUser('anna')
    await run('users.set-password', { id: anna.id, password: 'one-time for anna', mustChange: true })
    expect(await wrong()).toMatchObject([{ check: 'one-time passwords', message: expect.stringContaining('anna') }])
    await run('users.update', { id: anna.id, active: false })
    expect(await wrong()).toEqual([])
  })

  it('finds what is locked, until it is not', async () => {
    const { wrong, addUser, tried, clock } = world()
    await addUser('anna', { role: 'admin' })
    for (let n = 0; n < 5; n += 1) await tried('anna', 'wrong', from(n))
    for (let n = 0; n < 5; n += 1) await tried(`name ${n}`, 'wrong', from(99))
    expect(await wrong()).toMatchObject([
      {
        check: 'locks',
        message: expect.stringMatching(/account anna, 1 address/),
        fix: expect.stringContaining('lift'),
      },
    ])
    clock.time += 3_600_000
    expect(await wrong()).toEqual([])
  })

  it('finds keys that never expire, are old, or have expired', async () => {
    const { wrong, addUser, run, clock } = world()
    await addUser('boss', { role: 'admin' })
    await run('keys.create', { name: 'endless', role: 'user', days: null })
    await run('keys.create', { name: 'year', role: 'user', days: 365 })
    const { details } = await run('keys.create', { name: 'gone', role: 'user', days: 1 })
    await run('keys.revoke', { id: details.id })
    const found = async () => (await wrong()).map(({ check, fix }) => [check, fix])
    expect(await found()).toEqual([['key endless', expect.stringContaining('keys rotate "endless"')]])
    clock.time += 90 * DAY
    expect((await found()).map(([check]) => check)).toEqual(['key endless', 'key year'])
  })

  it('finds keys of the environment that are 90 days old, by when they came there', async () => {
    const given = { role: 'admin', key: KEY } as const
    const { wrong, clock, db } = world([given])
    noteEnvironmentKeys(db, clock, [given])
    clock.time += 45 * DAY
    noteEnvironmentKeys(db, clock, [given])
    clock.time += 45 * DAY - 1
    expect(await wrong()).toEqual([])
    clock.time += 1
    expect(await wrong()).toMatchObject([
      {
        check: 'key ADMIN_API_KEY',
        message: expect.stringContaining('90 days'),
        fix: expect.stringContaining('generate'),
      },
    ])
    expect(JSON.stringify(db.all('SELECT * FROM meta'))).not.toContain(KEY)
    // A hub that is started with another one begins anew.
    noteEnvironmentKeys(db, clock, [{ role: 'admin', key: [...KEY].reverse().join('') }])
    expect(await wrong()).toEqual([])
  })

  it('answers while more sign in than can be looked at', async () => {
    const { wrong, addUser, passwords } = world()
    await addUser('boss', { role: 'admin' })
    passwords.verify = async () => {
      throw new Refusal('too_many')
    }
    expect(await wrong()).toMatchObject([{ check: 'administrators', message: expect.stringContaining('are waiting') }])
  })
})
