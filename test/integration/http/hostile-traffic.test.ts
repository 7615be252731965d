import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Hub } from './kit.ts'

describe.each([
  ['plain', null],
  ['TLS', 'own' as const],
])('hostile traffic over %s', (_name, tls) => {
  let hub: Hub
  let key: string
  let other: string

  beforeAll(async () => {
    hub = await Hub.open({ tls, limits: { bodyMs: 700, headersMs: 700, connectionsPerSource: 40 } })
    key = await hub.key('user')
    other = await hub.key('user', 'another client')
  })
  afterAll(() => hub.close())

  /** What a hostile caller does, while another client goes on asking and is answered. */
  const meanwhile = <T>(work: () => Promise<T>) => hub.whileAnotherAsks(other, work)

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
    const answers = await meanwhile(() => Promise.all(drips))
    expect(answers.every(answer => answer === '' || /^HTTP\/1\.1 408 /.test(answer))).toBe(true)
  })

  it('may have so many connections and no more, while others are served', async () => {
    if (tls) return
    const sockets = await Promise.all(Array.from({ length: 60 }, () => hub.connect('127.0.0.3')))
    const ended = () => sockets.filter(socket => socket.destroyed || socket.readableEnded).length
    await meanwhile(async () => {
      await expect.poll(ended).toBeGreaterThanOrEqual(20)
    })
    for (const socket of sockets) socket.destroy()
  })

  it('may try thousands of wrong keys while another caller is served', async () => {
    const wrong = (index: number) =>
      hub.ask('/api/settings', {
        headers: { 'x-api-key': `cc_admin_${String(index).padStart(52, '0')}` },
        from: '127.0.0.4',
      })
    const many = tls ? 300 : 3_000
    const statuses: Record<number, number> = {}
    await meanwhile(async () => {
      for (let done = 0; done < many; done += 30) {
        const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => wrong(done + index)))
        for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1
      }
    })
    expect(Object.keys(statuses).sort()).toEqual(['401', '429'])
    expect(statuses[429]).toBeGreaterThan(many * 0.9)
    // Whoever has a good key is let in from there, too.
    expect((await hub.ask('/api/settings', { headers: { 'x-api-key': key }, from: '127.0.0.4' })).status).toBe(200)
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
