import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Hub, PASSWORD } from './kit.ts'

let hub: Hub

beforeAll(async () => {
  hub = await Hub.open()
  await hub.user('ann', 'admin')
})
afterAll(() => hub.close())

const login = (body: unknown, headers: Record<string, string> = {}) =>
  hub.ask('/api/auth/login', { method: 'POST', body, headers })

describe('signing in', () => {
  it('gives a cookie that pages cannot read, and a token that foreign pages cannot read', async () => {
    const answer = await login({ username: 'ann', password: PASSWORD })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ user: { username: 'ann', role: 'admin' }, csrfToken: expect.any(String) })
    const [session = '', csrf = ''] = answer.headers['set-cookie']!
    expect(session).toMatch(/^cc_session=[\w-]{40,}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(csrf).toMatch(/^cc_csrf=[\w-]{40,}; Path=\/; SameSite=Strict$/)
    expect(answer.text).not.toContain(session.split(/[=;]/)[1])
    expect(answer.text).not.toMatch(/argon2|hash/)
  })

  it('lasts for the window of the browser, or 30 days when that is asked for', async () => {
    const answer = await login({ username: 'ann', password: PASSWORD, remember: true })
    const expires = Date.parse(/Expires=([^;]+)/.exec(answer.headers['set-cookie']![0]!)![1]!)
    expect(expires - Date.now()).toBeGreaterThan(29 * 86_400_000)
  })

  it('never takes over a session that the browser brought along', async () => {
    const planted = await hub.signIn('ann')
    const answer = await login({ username: 'ann', password: PASSWORD }, { cookie: planted.cookie })
    const fresh = answer.headers['set-cookie']![0]!.split(';')[0]!
    expect(planted.cookie).not.toContain(fresh)
    expect((await hub.ask('/api/auth/status', { headers: { cookie: planted.cookie } })).status).toBe(401)
    expect((await hub.ask('/api/auth/status', { headers: { cookie: fresh } })).status).toBe(200)
    const made = await login({ username: 'ann', password: PASSWORD }, { cookie: 'cc_session=chosen-by-somebody-else' })
    expect(made.headers['set-cookie']![0]).not.toContain('chosen-by-somebody-else')
  })

  it('says the same for a wrong password and for a user that is none', async () => {
    const wrong = await login({ username: 'ann', password: 'wrong' })
    const none = await login({ username: 'nobody', password: 'wrong' })
    expect([wrong.status, wrong.text]).toEqual([401, none.text])
    expect(wrong.headers['set-cookie']).toBeUndefined()
  })

  it('is not done for foreign pages', async () => {
    const right = { username: 'ann', password: PASSWORD }
    const own = `http://127.0.0.1:${hub.port}`
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: own.replace('http:', 'https:') },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: own, 'sec-fetch-site': 'cross-site' },
    ]
    for (const headers of foreign) expect((await login(right, headers)).status).toBe(403)
    expect((await login(right, { origin: own, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await login(`username=ann&password=${PASSWORD}`, form)).status).toBe(415)
  })

  it('names what is missing, and takes nothing else', async () => {
    expect((await login({})).body['fields']).toEqual({ username: expect.any(String), password: expect.any(String) })
    expect((await login({ username: 'ann', password: PASSWORD, role: 'admin' })).status).toBe(400)
    expect((await login({ username: { $ne: '' }, password: PASSWORD })).status).toBe(400)
  })
})

describe('a session', () => {
  it('changes nothing for foreign pages, whatever else they show', async () => {
    const { cookie, csrf } = await hub.signIn('ann')
    const other = await hub.signIn('ann')
    const change = (headers: Record<string, string>) =>
      hub.ask('/api/admin/settings', { method: 'PATCH', body: { organisation: 'X' }, headers: { cookie, ...headers } })
    for (const headers of [
      {},
      { 'x-csrf-token': '' },
      { 'x-csrf-token': other.csrf },
      { 'x-csrf-token': `${csrf}x` },
      { 'x-csrf-token': csrf, origin: 'https://evil.example' },
      { 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' },
      // A cookie that somebody could plant is not what counts.
      { cookie: `${cookie.split(';')[0]}; cc_csrf=planted`, 'x-csrf-token': 'planted' },
    ]) {
      expect((await change(headers)).status).toBe(403)
    }
    expect((await hub.done('settings.get', {})).organisation).toBe('')
    expect((await change({ 'x-csrf-token': csrf, origin: `http://127.0.0.1:${hub.port}` })).status).toBe(200)
  })

  it('ends when it is signed out, and the cookies go', async () => {
    const { cookie, csrf } = await hub.signIn('ann')
    const out = await hub.ask('/api/auth/logout', { method: 'POST', headers: { cookie, 'x-csrf-token': csrf } })
    expect(out.status).toBe(200)
    expect(out.headers['set-cookie']).toEqual([
      expect.stringMatching(/^cc_session=;.*Expires=Thu, 01 Jan 1970/),
      expect.stringMatching(/^cc_csrf=;.*Expires=Thu, 01 Jan 1970/),
    ])
    expect((await hub.ask('/api/auth/status', { headers: { cookie } })).status).toBe(401)
  })

  it('is worth nothing where there is no web mode', async () => {
    const api = await Hub.open({ web: false }, {})
    try {
      await api.user('ann')
      expect((await api.ask('/login')).status).toBe(404)
      expect((await api.ask('/icon.svg')).status).toBe(404)
      expect((await api.ask('/api/auth/login', { method: 'POST', body: {} })).status).toBe(404)
      const { cookie } = await hub.signIn('ann')
      expect((await api.ask('/api/auth/status', { headers: { cookie } })).status).toBe(401)
    } finally {
      await api.close()
    }
  })
})

describe('the pages', () => {
  const page = async (path = '/') => {
    const { text, headers } = await hub.ask(path)
    return { html: text, policy: String(headers['content-security-policy']) }
  }

  it('are one and the same at every address, and hold no script or style of their own', async () => {
    const { html } = await page()
    const without = (text: string) => text.replaceAll(/nonce="[^"]*"/g, '')
    expect(without((await page('/login')).html)).toBe(without(html))
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i)
    for (const [, content] of html.matchAll(/<script[^>]*>([^<]*)<\/script>/g)) expect(content).toBe('')
    for (const [, address] of html.matchAll(/(?:src|href)="\.([^"]+)"/g)) {
      const { status, headers } = await hub.ask(address!)
      expect([address, status]).toEqual([address, 200])
      if (address!.startsWith('/assets/')) expect(headers['cache-control']).toContain('immutable')
    }
  })

  it('take styles by a number that is another one each time', async () => {
    const first = await page()
    const second = await page()
    const nonce = /'nonce-([\w-]{22})'/.exec(first.policy)![1]!
    expect(first.html).toContain(`nonce="${nonce}"`)
    expect(second.policy).not.toContain(nonce)
    expect(first.policy.replace(/ 'nonce-[^']+'/, '')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
  })

  it('are looked up by name, and never made into a path', async () => {
    for (const path of [
      '/index.html',
      '/assets/',
      '/assets/..%2f..%2fpackage.json',
      '/assets/%2e%2e/index.html',
      '/%00',
    ]) {
      expect([path, [400, 404]]).toEqual([path, expect.arrayContaining([(await hub.ask(path)).status])])
    }
  })
})

describe('the door of the pages', () => {
  const call = (name: string, body: unknown, headers: Record<string, string>) =>
    hub.ask(`/api/call/${name}`, { method: 'POST', body, headers })

  it('does what a session may do, and says why not', async () => {
    await hub.user('worker')
    const { cookie, csrf } = await hub.signIn('worker')
    const headers = { cookie, 'x-csrf-token': csrf }
    expect((await call('contacts.count', {}, headers)).body).toEqual({ contacts: 0 })
    expect((await call('users.list', {}, headers)).status).toBe(403)
    expect((await call('contacts.count', { nonsense: 1 }, headers)).body['error']).toMatchObject({
      code: 'invalid_input',
    })
    expect((await call('contacts.none', {}, headers)).status).toBe(404)
    expect((await call('constructor', {}, headers)).status).toBe(404)
    expect((await call('contacts.count', {}, { cookie })).status).toBe(403)
    expect((await call('contacts.count', {}, { ...headers, origin: 'https://evil.example' })).status).toBe(403)
  })

  it('is closed to keys, which have routes of their own', async () => {
    const key = await hub.key('admin', 'script')
    expect((await call('contacts.count', {}, { 'x-api-key': key })).status).toBe(404)
  })

  it('keeps files of this computer out of reach', async () => {
    const { cookie, csrf } = await hub.signIn('ann')
    const headers = { cookie, 'x-csrf-token': csrf }
    for (const [name, input] of [
      ['contacts.export', { audience: {}, path: '/tmp/list.csv' }],
      ['imports.preview', { path: '/etc/passwd' }],
      ['backups.create', { path: '/tmp/copy.sqlite' }],
      ['backups.verify', { path: '/etc/passwd' }],
    ] as const) {
      const answer = await call(name, input, headers)
      expect([name, answer.status, answer.body['error']]).toMatchObject([name, 403, { code: 'local_only' }])
    }
  })

  it('hands a saved list over and keeps no copy, and never a backup', async () => {
    await hub.done('contacts.create', { number: '+12025550123', firstName: '=cmd()' })
    const { cookie, csrf } = await hub.signIn('ann')
    const headers = { cookie, 'x-csrf-token': csrf }
    const save = (name: string, body: unknown) => hub.ask(`/api/files/${name}`, { method: 'POST', body, headers })
    const saved = await save('contacts.export', { audience: {} })
    expect([saved.status, saved.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(saved.text).toContain('+12025550123')
    expect(saved.text).not.toMatch(/^=cmd|,=cmd/m)
    await expect.poll(() => readdirSync(join(hub.folder, 'uploads/downloads'))).toEqual([])
    // A path that the page names is not where it is written.
    await save('contacts.export', { audience: {}, path: join(hub.folder, 'planted.csv') })
    expect(readdirSync(hub.folder)).not.toContain('planted.csv')
    expect((await save('backups.create', {})).status).toBe(404)
  })
})
