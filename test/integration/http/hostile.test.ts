import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Hub } from './kit.ts'

/** What no answer may ever hold: stacks, files, queries. */
const INSIDES = /node_modules|\.ts\b|at Object\.|at async|SELECT |INSERT |SQLITE|\/tmp\/|file:\/\//

describe.each([
  ['plain', null],
  ['TLS', 'own' as const],
])('a hostile caller over %s', (_name, tls) => {
  let hub: Hub
  let key: string

  beforeAll(async () => {
    hub = await Hub.open({ tls, limits: { bodyMs: 700, headersMs: 700, connectionsPerSource: 40 } })
    key = await hub.key('user')
  })
  afterAll(() => hub.close())

  const post = (body: unknown, headers: Record<string, string> = {}, path = '/api/contacts') =>
    hub.ask(path, { method: 'POST', body, headers: { 'x-api-key': key, ...headers } })
  const alive = async () => expect((await hub.ask('/health')).status).toBe(200)

  it('gets clean errors for bodies that are none', async () => {
    const json = { 'content-type': 'application/json' }
    const bodies: [unknown, Record<string, string>, number][] = [
      ['{', json, 400],
      ['', json, 400],
      ['[]', json, 400],
      ['null', json, 400],
      ['"text"', json, 400],
      ['123', json, 400],
      [Buffer.from([0xff, 0xfe, 0x00]), json, 400],
      ['{"number":"+12025550142"', json, 400],
      ['{"__proto__":{"admin":true},"number":"+12025550142"}', json, 400],
      ['{"constructor":{"prototype":{"admin":true}},"number":"+12025550142"}', json, 400],
      [`${'['.repeat(50_000)}${']'.repeat(50_000)}`, json, 400],
      [`{"a":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`, json, 400],
      ['number=%2B12025550142', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
      ['<a/>', { 'content-type': 'text/xml' }, 415],
      ['hello', { 'content-type': 'text/plain' }, 415],
      [JSON.stringify({ number: 'x'.repeat(300_000) }), json, 413],
      [{ number: ['+12025550142'] }, {}, 400],
      [{ number: { toString: 'x' } }, {}, 400],
      [{ number: 12025550142 }, {}, 400],
      [{ number: '+12025550142', lists: 'VIP' }, {}, 400],
      [{ number: '+12025550142', admin: true }, {}, 400],
      [{ number: '\u0000' }, {}, 400],
    ]
    for (const [body, headers, status] of bodies) {
      const answer = await post(body, headers)
      const shown = String(typeof body === 'object' ? JSON.stringify(body) : body).slice(0, 60)
      expect([shown, answer.status]).toEqual([shown, status])
      expect(answer.headers['content-type']).toMatch(/^application\/json/)
      expect(Object.keys(answer.body).sort().join()).toMatch(/^error,(fields,)?message$/)
      expect(answer.text).not.toMatch(INSIDES)
      expect(answer.text.length).toBeLessThan(4_000)
    }
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
    expect((await hub.done('contacts.count', {})).contacts).toBe(0)
    await alive()
  })

  it('gets clean errors for queries and paths', async () => {
    const paths: [string, number][] = [
      ['/api/contacts?limit=ten', 400],
      ['/api/contacts?limit=1e1', 400],
      ['/api/contacts?limit=0x10', 400],
      ['/api/contacts?limit=99999999999999999999', 400],
      ['/api/contacts?limit=1&limit=2', 400],
      ['/api/contacts?limit=', 400],
      ['/api/contacts?__proto__=1', 400],
      ['/api/contacts?__proto__[admin]=1', 400],
      ['/api/contacts?constructor=1', 400],
      ['/api/contacts?toString=1', 400],
      ['/api/contacts?unknown=1', 400],
      ['/api/contacts?after=%00', 400],
      ["/api/contacts?after=1'%20OR%20'1'='1", 400],
      ['/api/contacts/1%20OR%201=1', 400],
      ['/api/contacts/-1', 400],
      ['/api/contacts/1.5', 400],
      ['/api/contacts/9007199254740993', 400],
      ['/api/contacts/%00', 400],
      ['/api/contacts/%', 400],
      ['/api/contacts/%ff', 400],
      ['/api/phones?revoked=yes', 400],
      ['/api/phones?revoked=1', 400],
      ['/api/settings/../admin/users', 404],
      ['/api/%61dmin/users', 403],
      ['//api/settings', 404],
      ['/api/settings/', 404],
      ['/API/settings', 404],
      ['/assets/../../package.json', 404],
      ['/assets/..%2f..%2fpackage.json', 404],
      ['/assets/%2e%2e/%2e%2e/package.json', 404],
      ['/assets/..\\package.json', 404],
      ['/assets/login.html', 404],
      ['/assets/style.css%00.html', 404],
      ['/assets/constructor', 404],
      [`/api/contacts/${'1'.repeat(5_000)}`, 400],
    ]
    for (const [path, status] of paths) {
      const answer = await hub.ask(path, { headers: { 'x-api-key': key } })
      expect([path.slice(0, 60), answer.status]).toEqual([path.slice(0, 60), status])
      expect(answer.text).not.toMatch(INSIDES)
      expect(answer.body).toHaveProperty('message')
    }
    await alive()
  })

  it('reads what is written well', async () => {
    const { id } = await hub.done('contacts.create', { number: '+12025550142', tags: ['a', 'b'] })
    const ask = (path: string) => hub.ask(path, { headers: { 'x-api-key': key } })
    expect((await ask(`/api/contacts/${id}`)).body).toMatchObject({ id, number: '+12025550142' })
    expect((await ask('/api/contacts?tags=a&tags=b&limit=1')).body).toMatchObject({ items: [{ id }] })
    expect((await ask('/api/phones?revoked=true')).body).toEqual({ phones: [] })
    // A + that nobody escaped is a space in a query.
    expect((await ask('/api/suppression/check?number=+12025550142')).body).toMatchObject({ suppressed: false })
    await hub.done('contacts.delete', { id })
  })

  it('cannot smuggle lines into headers or answers', async () => {
    const answer = await hub.raw(
      `GET /api/none%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 404/)
    expect(answer).not.toMatch(/^Set-Cookie/im)
    for (const bytes of [
      'GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: b\rc\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      'POST /api/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
      'GET  HTTP/9.9\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`,
    ]) {
      const refused = await hub.raw(bytes)
      expect(refused).toMatch(/^HTTP\/1\.1 4(00|31)/)
      expect(refused).not.toMatch(INSIDES)
    }
    await alive()
  })

  it('is not let in under the name of a stranger', async () => {
    for (const host of [
      'evil.example',
      'evil.example:5000',
      '192.0.2.1',
      'localhost.evil.example',
      'a b',
      '127.0.0.1@evil',
    ]) {
      const answer = await hub.ask('/health', { headers: { host } })
      expect([host, answer.status]).toEqual([host, 421])
      expect(answer.text).not.toContain('<')
    }
    for (const host of ['localhost', `localhost:${hub.port}`, '127.0.0.1:1', '[::1]:5000', 'LOCALHOST']) {
      expect((await hub.ask('/health', { headers: { host } })).status).toBe(200)
    }
  })

  it('cannot show two keys, or one in an odd place', async () => {
    const other = await hub.key('user', 'other')
    const two = await hub.ask('/api/settings', { headers: { 'x-api-key': key, authorization: `Bearer ${other}` } })
    expect(two.status).toBe(400)
    expect(
      (await hub.ask('/api/settings', { headers: { 'x-api-key': key, authorization: `Bearer ${key}` } })).status,
    ).toBe(200)
    for (const headers of [
      { 'x-api-key': `${key} x` },
      { 'x-api-key': `${key}, ${key}` },
      { authorization: key },
      { authorization: `Bearer ${key} extra` },
      { 'x-api-key': 'x'.repeat(8_000) },
      { cookie: `cc_session=${key}` },
    ]) {
      expect([401, 429]).toContain((await hub.ask('/api/settings', { headers })).status)
    }
    expect((await hub.ask(`/api/settings?api_key=${key}`)).status).toBe(401)
  })

  it('loses the connection when headers or a body come too slowly, while others are served', async () => {
    const slow = await Promise.all(Array.from({ length: 20 }, () => hub.connect('127.0.0.2')))
    const drips = slow.map((socket, index) =>
      drip(
        socket,
        index % 2 === 0
          ? 'GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: '
          : `POST /api/contacts HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"number":"`,
      ),
    )
    for (let time = 0; time < 5; time += 1) {
      expect((await hub.ask('/api/settings', { headers: { 'x-api-key': key } })).status).toBe(200)
    }
    const answers = await Promise.all(drips)
    expect(answers.every(answer => answer === '' || /^HTTP\/1\.1 408 /.test(answer))).toBe(true)
    await alive()
  })

  it('may have so many connections and no more, while others are served', async () => {
    if (tls) return
    const sockets = await Promise.all(Array.from({ length: 60 }, () => hub.connect('127.0.0.3')))
    await expect
      .poll(() => sockets.filter(socket => socket.destroyed || socket.readableEnded).length)
      .toBeGreaterThanOrEqual(20)
    await alive()
    for (const socket of sockets) socket.destroy()
  })

  it('may try thousands of wrong keys while another caller is served', async () => {
    const wrong = (index: number) =>
      hub.ask('/api/settings', {
        headers: { 'x-api-key': `cc_admin_${String(index).padStart(52, '0')}` },
        ...(tls ? {} : { from: '127.0.0.4' }),
      })
    const many = tls ? 300 : 3_000
    const statuses: Record<number, number> = {}
    let good = 0
    for (let done = 0; done < many; done += 30) {
      const [mine, ...answers] = await Promise.all([
        hub.ask('/api/settings', { headers: { 'x-api-key': key } }),
        ...Array.from({ length: 30 }, (_, index) => wrong(done + index)),
      ])
      if (mine!.status === 200) good += 1
      for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1
    }
    expect(good).toBe(many / 30)
    expect(Object.keys(statuses).sort()).toEqual(['401', '429'])
    expect(statuses[429]).toBeGreaterThan(many * 0.9)
    await alive()
  })
})

describe('a caller who asks too often', () => {
  it('is told when to come back, and is the only one', async () => {
    const hub = await Hub.open({ limits: { requestsPerMinute: 30, loginsPerMinute: 3 } })
    try {
      const answers = []
      for (let time = 0; time < 40; time += 1) answers.push(await hub.ask(`/health`, { from: '127.0.0.5' }))
      expect(answers.filter(answer => answer.status === 200)).toHaveLength(30)
      const refused = answers.at(-1)!
      expect(refused.status).toBe(429)
      expect(refused.body).toEqual({ error: 'Too many requests', message: expect.any(String) })
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      expect((await hub.ask('/health')).status).toBe(200)
      // Addresses that lead nowhere count as well.
      const unknown = []
      for (let time = 0; time < 40; time += 1) unknown.push(await hub.ask(`/none/${time}`, { from: '127.0.0.6' }))
      expect(unknown.at(-1)!.status).toBe(429)
      const logins = []
      for (let time = 0; time < 5; time += 1) {
        logins.push(await hub.ask('/api/auth/login', { method: 'POST', body: {}, from: '127.0.0.7' }))
      }
      expect(logins.map(answer => answer.status)).toEqual([400, 400, 400, 429, 429])
    } finally {
      await hub.close()
    }
  })
})

/** Sends a byte now and then until the connection is closed; returns what was answered. */
async function drip(socket: Socket, start: string): Promise<string> {
  let answer = ''
  socket.on('data', chunk => {
    answer += String(chunk)
  })
  socket.write(start)
  const timer = setInterval(() => socket.writable && socket.write('x'), 100)
  await once(socket, 'close')
  clearInterval(timer)
  return answer
}
