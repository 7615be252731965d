import { describe, expect, it } from 'vitest'
import { metaValue } from '../../../src/main/db/meta.ts'
import { listUsers } from '../../../src/main/db/users.ts'
import { createPasswords } from '../../../src/main/services/passwords.ts'
import { applyAdmin, userHandlers } from '../../../src/main/services/users.ts'
import type { GivenOf, InputOf } from '../../../src/shared/operations/index.ts'
import { QUICK_STRENGTH } from '../../support/auth.ts'
import { changeContext, dataFolder } from '../../support/folder.ts'

function world() {
  const { db, clock } = dataFolder()
  const passwords = createPasswords()
  const strength = QUICK_STRENGTH
  const handlers = userHandlers({ db, clock, passwords, strength })
  const context = changeContext(db)
  const create = (username: string, given: Partial<GivenOf<'users.create'>> = {}) =>
    handlers['users.create'](
      {
        username,
        password: 'a good long one',
        role: 'user',
        fullName: '',
        email: '',
        mustChangePassword: false,
        ...given,
      } as InputOf<'users.create'>,
      context,
    )
  const apply = (username: string, password: string) =>
    applyAdmin({ db, clock, passwords, strength }, { username, password })
  const hashOf = (id: number) => listUsers(db).find(user => user.id === id)!.password_hash
  return { db, passwords, handlers, context, create, apply, hashOf }
}

const refusal = (code: string) => expect.objectContaining({ code })

describe('users', () => {
  it('stores an Argon2id hash and never shows it', async () => {
    const { create, hashOf, passwords, handlers, context } = world()
    const user = await create('anna')
    expect(JSON.stringify(user)).not.toContain('argon2')
    expect(JSON.stringify(handlers['users.list']({}, context))).not.toContain('argon2')
    expect(hashOf(user.id)).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2\$/)
    expect(await passwords.verify(hashOf(user.id), 'a good long one')).toBe(true)
    expect(await passwords.verify(hashOf(user.id), 'a good long onE')).toBe(false)
  })

  it('knows one name in any case and composition', async () => {
    const { create } = world()
    await create('Émile')
    await expect(create('émile')).rejects.toThrow(refusal('exists_already'))
    await expect(create('E\u0301MILE')).rejects.toThrow(refusal('exists_already'))
    await expect(create('emile')).resolves.toMatchObject({ username: 'emile' })
  })

  it('lets only one of two who come at once have a name', async () => {
    const { create, db } = world()
    const results = await Promise.allSettled([create('anna'), create('ANNA')])
    expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(listUsers(db)).toHaveLength(1)
  })

  it.each(['password1', 'Password1', 'qwerty123', 'aaaaaaaaaa', 'annabelle', 'ANNABELLE'])(
    'refuses the password %s',
    async password => {
      const { create } = world()
      await expect(create('annabelle', { password })).rejects.toThrow(refusal('invalid_input'))
    },
  )

  it('keeps the last active administrator', async () => {
    const { create, handlers, context } = world()
    const boss = await create('boss', { role: 'admin' })
    const update = (id: number, changes: object) =>
      handlers['users.update']({ id, ...changes } as InputOf<'users.update'>, context)
    for (const changes of [{ role: 'user' }, { active: false }]) {
      expect(() => update(boss.id, changes)).toThrow(refusal('conflict'))
    }
    expect(() => handlers['users.delete']({ id: boss.id }, context)).toThrow(refusal('conflict'))
    const deputy = await create('deputy', { role: 'admin' })
    await update(deputy.id, { active: false })
    expect(() => update(boss.id, { role: 'user' }), 'one who is not active does not count').toThrow(refusal('conflict'))
    await update(deputy.id, { active: true })
    expect(await update(boss.id, { role: 'user' })).toMatchObject({ role: 'user' })
    expect(() => handlers['users.delete']({ id: deputy.id }, context)).toThrow(refusal('conflict'))
    expect(await handlers['users.delete']({ id: boss.id }, context)).toEqual({ done: true })
  })

  it('changes what is given and keeps the rest', async () => {
    const { create, handlers, context } = world()
    const { id } = await create('anna', { fullName: 'Anna Berg', email: 'anna@example.org' })
    const user = await handlers['users.update']({ id, fullName: 'Anna Holm' }, context)
    expect(user).toMatchObject({ fullName: 'Anna Holm', email: 'anna@example.org', role: 'user', active: true })
  })

  it('sets a password that has to be changed at the next login', async () => {
    const { create, handlers, context, hashOf, passwords } = world()
    const { id } = await create('anna')
    await handlers['users.set-password']({ id, password: 'another good one', mustChange: true }, context)
    expect(await passwords.verify(hashOf(id), 'another good one')).toBe(true)
    expect(await handlers['users.list']({}, context)).toMatchObject({ users: [{ mustChangePassword: true }] })
    const weak = handlers['users.set-password']({ id, password: 'password1', mustChange: true }, context)
    await expect(weak).rejects.toThrow(refusal('invalid_input'))
  })

  it('says when a user is gone', async () => {
    const { handlers, context } = world()
    expect(() => handlers['users.delete']({ id: 9 }, context)).toThrow(refusal('not_found'))
    const password = handlers['users.set-password']({ id: 9, password: 'a good long one', mustChange: true }, context)
    await expect(password).rejects.toThrow(refusal('not_found'))
  })
})

describe('the administrator from the environment', () => {
  it('is made once, with an audit row', async () => {
    const { apply, db } = world()
    expect(await apply('boss', 'a good long one')).toContain('"boss" was created')
    expect(await apply('boss', 'a good long one')).toBeNull()
    expect(listUsers(db)).toMatchObject([{ username: 'boss', role: 'admin', active: 1 }])
    expect(db.all('SELECT action, actor, subject FROM audit')).toEqual([
      { action: 'users.create', actor: 'system', subject: 'user:1' },
    ])
  })

  it('does not undo a later change with an old value that was left there', async () => {
    const { apply, handlers, context, hashOf, passwords } = world()
    await apply('boss', 'a good long one')
    await handlers['users.set-password']({ id: 1, password: 'chosen by the boss', mustChange: false }, context)
    expect(await apply('boss', 'a good long one')).toBeNull()
    expect(await passwords.verify(hashOf(1), 'chosen by the boss')).toBe(true)
  })

  it('takes none a second time, also one that was replaced since and is still in some file', async () => {
    const { apply, hashOf, passwords, db } = world()
    await apply('boss', 'a good long one')
    await apply('boss', 'quite another one')
    expect(await apply('boss', 'a good long one')).toBeNull()
    expect(await apply('Boss', 'quite another one')).toBeNull()
    expect(await passwords.verify(hashOf(1), 'quite another one')).toBe(true)
    expect(db.all("SELECT action FROM audit WHERE actor = 'system'")).toHaveLength(2)
    expect(await apply('other', 'a good long one')).toContain('"other" was created')
  })

  it('resets the password of an administrator by a new value, and lets them in again', async () => {
    const { apply, create, handlers, context, hashOf, passwords, db } = world()
    await create('other', { role: 'admin' })
    await apply('boss', 'a good long one')
    await handlers['users.update']({ id: 2, active: false }, context)
    expect(await apply('BOSS', 'quite another one')).toContain('"boss"')
    expect(await passwords.verify(hashOf(2), 'quite another one')).toBe(true)
    expect(listUsers(db)[1]).toMatchObject({ active: 1, role: 'admin' })
    const rows = db.all("SELECT action FROM audit WHERE actor = 'system' ORDER BY seq")
    expect(rows).toEqual([{ action: 'users.create' }, { action: 'users.set-password' }])
  })

  it('never makes an administrator of a user, and never uses a weak password', async () => {
    const { apply, create, db, hashOf } = world()
    await create('anna')
    const before = hashOf(1)
    expect(await apply('Anna', 'a good long one')).toContain('is no administrator')
    expect(hashOf(1)).toBe(before)
    expect(await apply('boss', 'password1')).toContain('ADMIN_PASSWORD is not used')
    expect(await apply('boss', 'short')).toContain('at least 8 characters')
    expect(await apply('no spaces', 'a good long one')).toContain('ADMIN_USERNAME is not used')
    expect(listUsers(db)).toHaveLength(1)
  })

  it('leaves nothing behind from which the password can be guessed quickly', async () => {
    const { apply, db } = world()
    await apply('boss', 'a good long one')
    expect(metaValue(db, 'admin_applied')).toContain('$argon2id$')
    expect(metaValue(db, 'admin_applied')).not.toContain('a good long one')
  })
})

describe('password hashing', () => {
  it('asks for a new hash when the parameters were other ones', async () => {
    const passwords = createPasswords()
    expect(passwords.needsRehash(await passwords.hash('a good long one'))).toBe(false)
    expect(passwords.needsRehash('$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHQ$YWJjZGVmZ2hpamtsbW5vcA')).toBe(true)
    expect(passwords.needsRehash('$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$YWJjZGVmZ2hpamtsbW5vcA')).toBe(true)
  })

  it('takes the same characters in any composition', async () => {
    const passwords = createPasswords()
    const hash = await passwords.hash('caf\u00e9 au lait')
    expect(await passwords.verify(hash, 'cafe\u0301 au lait')).toBe(true)
  })

  it('computes two hashes at once and no more, in the order in which they were asked for', async () => {
    const ends: (() => void)[] = []
    const begun: string[] = []
    const begin = (password: string) => {
      begun.push(password)
      return new Promise<void>(resolve => ends.push(resolve)).then(() => password)
    }
    const hasher = { hash: begin, verify: (_hash: string, password: string) => begin(password).then(() => true) }
    const passwords = createPasswords(hasher as unknown as NonNullable<Parameters<typeof createPasswords>[0]>)
    const done = [passwords.hash('one'), passwords.verify('', 'two'), passwords.hash('three'), passwords.hash('four')]
    expect(begun).toEqual(['one', 'two'])
    ends[1]!()
    await done[1]
    expect(begun).toEqual(['one', 'two', 'three'])
    for (let at = 0; at < 4; at += 1) {
      while (ends.length <= at) await new Promise(resolve => setImmediate(resolve))
      ends[at]!()
    }
    await Promise.all(done)
    expect(begun).toEqual(['one', 'two', 'three', 'four'])
  })

  it('finishes any number of them', async () => {
    const passwords = createPasswords()
    const hashes = await Promise.all(['one', 'two', 'three', 'four', 'five'].map(word => passwords.hash(word)))
    expect(new Set(hashes).size).toBe(5)
  })
})
