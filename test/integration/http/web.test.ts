import { readdirSync, readFileSync } from 'node:fs'
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
      expect((await api.ask('/assets/login.js')).status).toBe(404)
      expect((await api.ask('/api/auth/login', { method: 'POST', body: {} })).status).toBe(404)
      const { cookie } = await hub.signIn('ann')
      expect((await api.ask('/api/auth/status', { headers: { cookie } })).status).toBe(401)
    } finally {
      await api.close()
    }
  })
})

describe('the pages', () => {
  const folder = new URL('../../../resources/web/', import.meta.url)
  const names = readdirSync(folder)
  const pages = names.filter(name => name.endsWith('.html'))

  it.each(pages)('%s has no script or style of its own, and asks for what is served', async name => {
    const html = readFileSync(new URL(name, folder), 'utf8')
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i)
    for (const [, attributes, content] of html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)) {
      expect(attributes).toContain('src="/assets/')
      expect(content).toBe('')
    }
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await hub.ask(address!)).status).toBe(200)
    }
  })

  it.each(pages)('%s can be used with a screen reader', name => {
    const html = readFileSync(new URL(name, folder), 'utf8')
    expect(html).toMatch(/<html lang="en">/)
    expect(html).toMatch(/<title>[^<]+<\/title>/)
    expect(html).toMatch(/<meta name="viewport"/)
    expect(html).toContain('role="alert"')
    for (const [input, id] of html.matchAll(/<input(?![^>]*hidden)[^>]*\bid="([\w-]+)"[^>]*>/g)) {
      expect([input, new RegExp(`<label for="${id}"|<label[^>]*><input id="${id}"`).test(html)]).toEqual([input, true])
    }
    for (const [, id] of html.matchAll(/aria-(?:labelledby|describedby)="([\w-]+)"/g)) {
      expect(html).toContain(`id="${id}"`)
    }
  })

  it('use nothing that the policy forbids, and only routes that exist', async () => {
    for (const name of names.filter(name => name.endsWith('.js'))) {
      const source = readFileSync(new URL(name, folder), 'utf8')
      expect(source).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.style\b/,
      )
      for (const [, method, path] of source.matchAll(/ask\('([A-Z]+)', [`']([^`']+)[`']/g)) {
        const address = path!.replace(/\$\{[^}]+\}/g, '1')
        const answer = await hub.ask(address, { method: method! })
        expect([method, address, answer.status === 401 || address === '/api/auth/login']).toEqual([
          method,
          address,
          true,
        ])
      }
      for (const [, id] of source.matchAll(/(?:getElementById|\bat|\bfield)\('([\w-]+)'\)/g)) {
        const page = readFileSync(new URL(name === 'login.js' ? 'login.html' : 'account.html', folder), 'utf8')
        expect(page).toContain(`id="${id}"`)
      }
    }
  })

  it('lead to where somebody has to be', async () => {
    const { cookie } = await hub.signIn('ann')
    const place = async (path: string, headers: Record<string, string> = {}) => {
      const { status, headers: answered } = await hub.ask(path, { headers })
      return `${status} ${answered.location ?? ''}`.trim()
    }
    expect(await place('/')).toBe('303 /login')
    expect(await place('/account')).toBe('303 /login')
    expect(await place('/login')).toBe('200')
    expect(await place('/', { cookie })).toBe('303 /account')
    expect(await place('/login', { cookie })).toBe('303 /account')
    expect(await place('/account', { cookie })).toBe('200')
  })

  it('are asked for again only when they have changed', async () => {
    const first = await hub.ask('/assets/style.css')
    const again = await hub.ask('/assets/style.css', { headers: { 'if-none-match': String(first.headers.etag) } })
    expect([first.status, again.status, again.text]).toEqual([200, 304, ''])
  })
})
