import { type IncomingHttpHeaders, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Service } from '../../../src/shared/operations/services.ts'
import { Desk } from './kit.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

let desk: Desk
let wiki: Service
let files: Service
let port: number
/** Another address for each test, as a proxy tells it: failures count by address. */
let from = '198.51.100.1'

beforeAll(async () => {
  desk = await Desk.open()
  await desk.reopen({ serve: true })
  wiki = await desk.service('Wiki', { address: 'https://wiki.example.org/start', handOver: true, selfRenewal: true })
  files = await desk.service('Files', { address: 'https://files.example.org/' })
  expect(desk.app.services.access.pageState.current).toBeNull()
  await desk.do('settings.update', {
    personalPage: { enabled: true, host: '127.0.0.1', port: 0, address: 'https://access.example.org', proxies: [] },
  })
  while (desk.app.services.access.pageState.current === null) await new Promise(resolve => setImmediate(resolve))
  port = Number(new URL(desk.app.services.access.pageState.current.url).port)
})
afterAll(() => desk.close())

function ask(path: string, given: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  const { method = 'GET', headers = {} } = given
  return new Promise((resolve, reject) => {
    const all = { host: 'access.example.org', 'x-forwarded-for': `203.0.113.200, ${from}`, ...headers }
    request({ host: '127.0.0.1', port, path, method, headers: all, agent: false }, response => {
      let text = ''
      response.on('data', chunk => {
        text += String(chunk)
      })
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
    })
      .on('error', reject)
      .end()
  })
}

const OWN = { origin: 'https://access.example.org', 'sec-fetch-site': 'same-origin', accept: 'application/json' }
const post = (path: string, cookie: string, headers: Record<string, string> = OWN) =>
  ask(path, { method: 'POST', headers: { cookie, ...headers } })

async function link(personId: number): Promise<string> {
  const { url } = await desk.do('friends.new-link', { id: personId })
  expect(url).toMatch(/^https:\/\/access\.example\.org\/f\/[\w-]{43}$/)
  return new URL(url!).pathname
}

/** Opens a private link, as a browser does. Returns the cookie. */
async function opened(path: string): Promise<string> {
  const answer = await ask(path)
  expect(answer.status).toBe(303)
  expect(answer.headers.location).toBe('/f')
  expect(answer.headers['set-cookie']![0]).toMatch(
    /^__Host-cc_person=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  return answer.headers['set-cookie']![0]!.split(';')[0]!
}

describe('the personal page', () => {
  it('shows a person their own, by a link that leaves the address at once', async () => {
    from = '198.51.100.10'
    const ann = await desk.granted('Ann', wiki)
    await desk.granted('Ben', files)
    const path = await link(ann.personId)
    const cookie = await opened(path)
    const list = await ask('/f', { headers: { cookie } })
    expect(list.text).toContain('Wiki')
    expect(list.text).not.toContain('Files')
    const one = await ask('/auth/wiki', { headers: { cookie } })
    expect(one.text).toContain(ann.username)
    expect(one.text).not.toContain(ann.password)
    expect(JSON.parse((await post('/auth/wiki/show', cookie)).text)).toEqual({
      username: ann.username,
      password: ann.password,
    })
    // Without scripts the form does the same.
    const form = await post('/auth/wiki/show', cookie, { 'sec-fetch-site': 'same-origin', accept: 'text/html' })
    expect(form.text).toContain(ann.password)
    const { items } = await desk.do('audit.list', { limit: 1 })
    expect(items[0]).toMatchObject({
      actor: `person:${ann.personId}`,
      action: 'grants.reveal',
      subject: `grant:${ann.id}`,
    })
    for (const answer of [list, one, form, await ask('/nothing'), await ask('/f/none')]) {
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
      })
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
      expect(answer.text).not.toContain(path.slice(3))
      expect(answer.text.replaceAll('https://wiki.example.org', '')).not.toMatch(/(src|href)="https?:/)
    }
  })

  it('stops with the link, with the person, and when it is left', async () => {
    from = '198.51.100.11'
    const cai = await desk.granted('Cai', wiki)
    const first = await link(cai.personId)
    const cookie = await opened(first)
    const second = await link(cai.personId)
    expect((await ask('/f', { headers: { cookie } })).status).toBe(401)
    expect((await ask(first)).status).toBe(404)
    const fresh = await opened(second)
    await desk.do('friends.revoke-link', { id: cai.personId })
    expect((await post('/auth/wiki/show', fresh)).status).toBe(401)
    expect((await ask(second)).status).toBe(404)
    const third = await opened(await link(cai.personId))
    expect((await post('/f/leave', third)).status).toBe(303)
    expect((await ask('/f', { headers: { cookie: third } })).status).toBe(401)
    const fourth = await opened(await link(cai.personId))
    await desk.do('friends.delete', { id: cai.personId })
    expect((await ask('/f', { headers: { cookie: fourth } })).status).toBe(401)
  })

  it('tells a stranger the same of every service, and of one that there is not', async () => {
    from = '198.51.100.12'
    const dan = await desk.granted('Dan', wiki)
    const cookie = await opened(await link(dan.personId))
    const answers = await Promise.all([
      ask('/auth/wiki'),
      ask('/auth/nothing'),
      ask('/auth/files', { headers: { cookie } }),
      ask('/auth/nothing', { headers: { cookie } }),
      ask('/auth/wiki', { headers: { cookie: '__Host-cc_person=x' } }),
    ])
    const bare = answers.map(({ status, text }) => `${status} ${text.replace(/nonce="[^"]+"/g, '')}`)
    expect(new Set(bare).size).toBe(1)
    expect(answers[0]!.status).toBe(401)
    for (const path of ['/auth/files/show', '/auth/nothing/show']) expect((await post(path, cookie)).status).toBe(401)
  })

  it('does nothing for pages of others, under other names, or without being asked by a page', async () => {
    from = '198.51.100.13'
    const eve = await desk.granted('Eve', wiki)
    const cookie = await opened(await link(eve.personId))
    const foreign: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { ...OWN, 'sec-fetch-site': 'cross-site' },
      { ...OWN, 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of foreign) {
      for (const what of ['show', 'regenerate', 'hand-over']) {
        expect((await post(`/auth/wiki/${what}`, cookie, headers)).status).toBe(403)
      }
    }
    expect((await ask('/f', { headers: { cookie, host: 'evil.example' } })).status).toBe(421)
    for (const what of ['show', 'regenerate', 'hand-over']) {
      expect((await ask(`/auth/wiki/${what}`, { headers: { cookie } })).status).toBe(404)
    }
    expect(await desk.do('grants.reveal', { id: eve.id })).toMatchObject({ password: eve.password })
  })

  it('serves nothing else of the application', async () => {
    from = '198.51.100.14'
    for (const path of [
      '/',
      '/login',
      '/health',
      '/api/friends',
      '/api/openapi.json',
      '/api/call/friends.list',
      '/f/',
    ]) {
      expect((await ask(path)).status).toBe(404)
    }
  })

  it('makes a new password and hands it over only where that is chosen', async () => {
    from = '198.51.100.15'
    const fay = await desk.granted('Fay', wiki)
    await desk.do('grants.create', { personId: fay.personId, serviceId: files.id })
    const cookie = await opened(await link(fay.personId))
    const renewed = JSON.parse((await post('/auth/wiki/regenerate', cookie)).text) as { password: string }
    expect(renewed.password).not.toBe(fay.password)
    expect(await desk.do('grants.reveal', { id: fay.id })).toMatchObject(renewed)
    expect(desk.entries(wiki.htpasswdFile!)).toEqual(desk.wanted(wiki.id))
    expect(JSON.parse((await post('/auth/wiki/hand-over', cookie)).text)).toEqual({
      address: `https://${fay.username}:${renewed.password}@wiki.example.org/start`,
    })
    expect((await ask('/auth/wiki/continue', { headers: { cookie } })).text).not.toContain(renewed.password)
    expect((await post('/auth/files/regenerate', cookie)).status).toBe(403)
    expect((await post('/auth/files/hand-over', cookie)).status).toBe(404)
    expect((await ask('/auth/files/continue', { headers: { cookie } })).headers.location).toBe('/auth/files')
  })

  it('shows nothing that has expired, and lets nobody renew it themselves', async () => {
    from = '198.51.100.16'
    const gil = await desk.granted('Gil', wiki)
    const cookie = await opened(await link(gil.personId))
    desk.peek.write(tx => tx.run('UPDATE grants SET expires_at = 1 WHERE id = ?', gil.id))
    await desk.app.services.access.expireDue()
    expect((await ask('/auth/wiki', { headers: { cookie } })).text).toContain('has expired')
    expect((await post('/auth/wiki/show', cookie)).status).toBe(409)
    expect((await post('/auth/wiki/regenerate', cookie)).status).toBe(409)
  })

  it('locks an address out that tries links, and nobody else', async () => {
    from = '198.51.100.17'
    const hal = await desk.granted('Hal', wiki)
    const path = await link(hal.personId)
    for (let at = 0; at < 5; at += 1) expect((await ask(`/f/${String(at).repeat(43)}`)).status).toBe(404)
    const locked = await ask(path)
    expect(locked.status).toBe(429)
    expect(locked.headers['set-cookie']).toBeUndefined()
    from = '198.51.100.18'
    await opened(path)
    const { sources } = await desk.do('services.bans', {})
    expect(sources.find(source => source.bannedUntil !== null)).toMatchObject({ address: '198.51.100.17' })
  })

  it('goes when it is switched off', async () => {
    const { personalPage } = await desk.do('settings.get', {})
    await desk.do('settings.update', { personalPage: { ...personalPage, enabled: false } })
    while (desk.app.services.access.pageState.current !== null) await new Promise(resolve => setImmediate(resolve))
    await expect(ask('/f')).rejects.toThrow(/ECONNREFUSED/)
  })

  it('is not opened to the network without an address that speaks https', async () => {
    const page = { enabled: true, host: '0.0.0.0', port: 0, proxies: [] }
    for (const address of ['', 'http://access.example.org']) {
      expect(await desk.refused('settings.update', { personalPage: { ...page, address } })).toMatchObject({
        code: 'invalid_input',
      })
    }
  })
})
