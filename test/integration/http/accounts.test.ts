import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RESET_CONFIRMATION } from '../../../src/shared/operations/database.ts'
import { type Answered, Hub, PASSWORD, type Session } from './kit.ts'

const OTHER = 'quite another long sentence'
let hub: Hub
let boss: Session

beforeAll(async () => {
  hub = await Hub.open()
  await hub.user('boss', 'admin')
  boss = await hub.signIn('boss')
})
afterAll(() => hub.close())

const headersOf = ({ cookie, csrf }: Session) => ({ cookie, 'x-csrf-token': csrf })
const as = (session: Session, method: string, path: string, body?: unknown, from?: string): Promise<Answered> =>
  hub.ask(path, { method, headers: headersOf(session), ...(body !== undefined && { body }), ...(from && { from }) })
const login = (username: string, password: string, from: string) =>
  hub.ask('/api/auth/login', { method: 'POST', body: { username, password }, from })
const statusOf = async (session: Session) => (await as(session, 'GET', '/api/auth/status')).status

describe('a session', () => {
  it('ends at once everywhere when its user is deactivated, gets a new password, or is revoked', async () => {
    const id = await hub.user('ann')
    for (const [method, path, body] of [
      ['PATCH', '/api/admin/users/ann', { active: false }],
      ['POST', '/api/admin/users/ANN/password', { password: OTHER, mustChange: false }],
      ['POST', '/api/admin/sessions/revoke-all', { userId: id }],
    ] as const) {
      await hub.done('users.update', { id, active: true })
      await hub.done('users.set-password', { id, password: PASSWORD, mustChange: false })
      const sessions = [await hub.signIn('ann'), await hub.signIn('ann')]
      expect((await as(boss, method, path, body)).status).toBe(200)
      expect([path, ...(await Promise.all(sessions.map(statusOf)))]).toEqual([path, 401, 401])
    }
    expect(await statusOf(boss)).toBe(200)
  })

  it('is listed for administrators and for its user, and ended by either', async () => {
    const id = await hub.user('bea')
    const [one, two, three] = [await hub.signIn('bea'), await hub.signIn('bea'), await hub.signIn('bea')]
    const own = (await as(one, 'GET', '/api/auth/sessions')).body['sessions'] as { id: number; current: boolean }[]
    expect(own.map(session => session.current)).toEqual([false, false, true])
    expect((await as(one, 'DELETE', `/api/auth/sessions/${own[1]!.id}`)).status).toBe(200)
    const all = await as(boss, 'GET', `/api/admin/sessions?userId=${id}`)
    const [newest, oldest, ...others] = all.body['items'] as { id: number; username: string }[]
    expect([newest, oldest, others]).toMatchObject([{ username: 'bea' }, { username: 'bea' }, []])
    expect(all.text).not.toMatch(/token|hash/)
    const [bosses] = (await as(boss, 'GET', '/api/auth/sessions')).body['sessions'] as { id: number }[]
    expect((await as(one, 'DELETE', `/api/auth/sessions/${bosses!.id}`)).status).toBe(404)
    expect((await as(boss, 'DELETE', `/api/admin/sessions/${newest!.id}`)).status).toBe(200)
    expect(await Promise.all([one, two, three].map(statusOf))).toEqual([200, 401, 401])
  })

  it('ends with the password that its user changes, which needs the present one', async () => {
    await hub.user('cleo')
    const [here, there] = [await hub.signIn('cleo'), await hub.signIn('cleo')]
    const change = (currentPassword: string, newPassword: string) =>
      as(here, 'POST', '/api/auth/change-password', { currentPassword, newPassword }, '127.3.0.1')
    const wrong = await change('wrong', OTHER)
    expect([wrong.status, Object.keys(wrong.body['fields'] as object)]).toEqual([400, ['currentPassword']])
    const weak = await change(PASSWORD, 'password1')
    expect([weak.status, Object.keys(weak.body['fields'] as object)]).toEqual([400, ['newPassword']])
    expect(await statusOf(here)).toBe(200)
    expect((await change(PASSWORD, OTHER)).status).toBe(200)
    expect(await Promise.all([here, there].map(statusOf))).toEqual([401, 401])
    expect((await login('cleo', PASSWORD, '127.3.0.2')).status).toBe(401)
    expect((await login('cleo', OTHER, '127.3.0.2')).status).toBe(200)
    const { items } = await hub.done('logins.list', {})
    expect(items.find(row => row.outcome === 'password_check_failed')).toMatchObject({
      username: 'cleo',
      ip: '127.3.0.1',
    })
  })

  it('of a one-time password can do nothing but choose another one', async () => {
    const made = await as(boss, 'POST', '/api/admin/users/create', {
      ...{ username: 'dora', password: PASSWORD, role: 'user', mustChangePassword: true },
    })
    expect([made.status, made.text.includes(PASSWORD)]).toEqual([200, false])
    const first = await hub.signIn('dora')
    expect((await as(first, 'GET', '/api/auth/status')).body).toMatchObject({ mustChangePassword: true })
    const refused = await as(first, 'GET', '/api/settings')
    expect([refused.status, refused.body['error']]).toEqual([403, 'Password change needed'])
    const given = { currentPassword: PASSWORD, newPassword: OTHER }
    expect((await as(first, 'POST', '/api/auth/change-password', given)).status).toBe(200)
    const second = await hub.signIn('dora', OTHER)
    expect((await as(second, 'GET', '/api/settings')).status).toBe(200)
  })
})

describe('too many failures', () => {
  it('lock the account and the address, alike for users that are none, until an administrator lifts it', async () => {
    await hub.user('ella')
    const answers: Answered[] = []
    for (let n = 0; n < 6; n += 1) answers.push(await login('ella', `wrong ${n}`, '127.3.0.3'))
    expect(answers.map(answer => answer.status)).toEqual([401, 401, 401, 401, 401, 429])
    expect(Number(answers[5]!.headers['retry-after'])).toBeGreaterThan(3_500)
    for (let n = 0; n < 5; n += 1) await login('nobody', `wrong ${n}`, `127.3.1.${n + 1}`)
    // Locked, right password; locked, wrong one; no such user; nobody at all.
    const told = [
      await login('ella', PASSWORD, '127.3.0.4'),
      await login('ella', 'wrong', '127.3.0.5'),
      await login('nobody', 'wrong', '127.3.0.6'),
      await login('somebody else', 'wrong', '127.3.0.7'),
    ]
    expect(new Set(told.map(answer => `${answer.status} ${answer.text}`)).size).toBe(1)
    expect(told[0]!.headers['set-cookie']).toBeUndefined()

    const locks = async () =>
      (await as(boss, 'GET', '/api/admin/lockouts')).body['items'] as { id: number; kind: string; subject: string }[]
    const found = await locks()
    expect(found.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['account', null],
      ['source', '127.3.0.3'],
      ['account', 'ella'],
    ])
    for (const { id } of found) expect((await as(boss, 'DELETE', `/api/admin/lockouts/${id}`)).status).toBe(200)
    expect(await locks()).toEqual([])
    expect((await login('ella', PASSWORD, '127.3.0.3')).status).toBe(200)
    const history = await as(boss, 'GET', '/api/admin/logins?limit=3')
    expect((history.body['items'] as { outcome: string }[]).map(row => row.outcome)).toEqual([
      'ok',
      'unknown_user',
      'unknown_user',
    ])
  })
})

describe('users', () => {
  it('are named as they are called, in any case, and the last administrator stays', async () => {
    for (const username of ['Émile', 'o.hara@example', '名字']) {
      await hub.user(username)
      const path = `/api/admin/users/${encodeURIComponent(username.toLowerCase())}`
      expect((await as(boss, 'PATCH', path, { fullName: 'Somebody' })).body).toMatchObject({ username })
      expect([username, (await as(boss, 'DELETE', path)).status]).toEqual([username, 200])
      expect((await as(boss, 'DELETE', path)).status).toBe(404)
    }
    const last = await as(boss, 'DELETE', '/api/admin/users/boss')
    expect([last.status, last.body['message']]).toEqual([409, expect.stringMatching(/last active administrator/)])
    expect((await as(boss, 'PATCH', '/api/admin/users/boss', { role: 'user' })).status).toBe(409)
    expect((await as(boss, 'PATCH', '/api/admin/users/boss', { active: false })).status).toBe(409)
  })
})

describe('an API key', () => {
  it('is made, used, rotated with both valid for a while, and revoked at once', async () => {
    const made = await as(boss, 'POST', '/api/admin/keys/create', { name: 'Evening', role: 'user', days: 30 })
    const { key, details } = made.body as { key: string; details: { id: number } }
    const works = async (one: string) => (await hub.ask('/api/settings', { headers: { 'x-api-key': one } })).status
    expect(await works(key)).toBe(200)
    const rotate = (body: object) => as(boss, 'POST', `/api/admin/keys/${details.id}/rotate`, body)
    const { key: second } = (await rotate({ graceMinutes: 10 })).body as { key: string }
    expect([await works(key), await works(second)]).toEqual([200, 200])
    const { key: third } = (await rotate({ graceMinutes: 0 })).body as { key: string }
    expect([await works(key), await works(second), await works(third)]).toEqual([401, 401, 200])
    const list = await as(boss, 'GET', '/api/admin/keys')
    expect(list.body['keys']).toMatchObject([{ name: 'Evening', lastUsedAt: expect.any(Number), reminder: null }])
    for (const one of [key, second, third]) expect(list.text).not.toContain(one.slice(-20))
    expect((await as(boss, 'DELETE', `/api/admin/keys/${details.id}`)).status).toBe(200)
    expect(await works(third)).toBe(401)
  })
})

describe('emptying the database', () => {
  const reset = (body: object, from?: string) =>
    as(boss, 'POST', '/api/database/reset', { confirm: RESET_CONFIRMATION, ...body }, from)

  it('needs the words and the password again, and makes a backup first', async () => {
    await hub.done('contacts.create', { number: '+12025550142' })
    const contacts = async () => (await hub.done('contacts.count', {})).contacts
    expect((await reset({ confirm: 'yes', password: PASSWORD })).body['fields']).toHaveProperty('confirm')
    expect((await reset({})).body['fields']).toHaveProperty('password')
    const key = await hub.key('admin')
    const scripted = await hub.ask('/api/database/reset', {
      ...{ method: 'POST', headers: { 'x-api-key': key } },
      body: { confirm: RESET_CONFIRMATION, password: PASSWORD },
    })
    expect([scripted.status, scripted.body['message']]).toEqual([403, expect.stringMatching(/an API key cannot/)])
    expect(await contacts()).toBe(1)
    const done = await reset({ password: PASSWORD })
    expect([done.status, done.body['removed']]).toEqual([200, expect.objectContaining({ contacts: 1 })])
    const { name } = done.body['backup'] as { name: string }
    expect(existsSync(join(hub.folder, 'backups', name))).toBe(true)
    expect(done.text).not.toContain(hub.folder)
    expect(await contacts()).toBe(0)
  })

  it('counts wrong passwords against the account and the address that they come from', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 6; n += 1) statuses.push((await reset({ password: `wrong ${n}` }, '127.3.0.8')).status)
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429])
    const locked = await reset({ password: PASSWORD }, '127.3.0.9')
    expect([locked.status, locked.body['fields']]).toEqual([
      400,
      { password: expect.stringMatching(/or the account is locked/) },
    ])
    const { items } = await hub.done('lockouts.list', {})
    expect(items.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['source', '127.3.0.8'],
      ['account', 'boss'],
    ])
    const history = (await hub.done('logins.list', {})).items
    expect(history.map(({ ip, outcome }) => [ip, outcome]).slice(0, 2)).toEqual([
      ['127.3.0.9', 'locked'],
      ['127.3.0.8', 'password_check_failed'],
    ])
    for (const { id } of items) await hub.done('lockouts.lift', { id })
    expect((await reset({ password: PASSWORD }, '127.3.0.8')).status).toBe(200)
  })
})
