import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fieldsOf, inputSchema, takesQuery } from '../../../src/main/http/input.ts'
import { operationRoutes } from '../../../src/main/http/routes.ts'
import { type Answered, form, Hub } from './kit.ts'

/** What no answer may ever hold: stacks, files, queries. */
const INSIDES = /node_modules|\.ts\b|at Object\.|at async|SELECT |INSERT |SQLITE|\/tmp\/|file:\/\//

function isClean(answer: Answered): void {
  expect(answer.headers['content-type']).toMatch(/^application\/json/)
  expect(Object.keys(answer.body).sort().join()).toMatch(/^error,(fields,)?message$/)
  expect(answer.text).not.toMatch(INSIDES)
  expect(answer.text.length).toBeLessThan(4_000)
}

/** Files that uploads have left. */
function uploads(hub: Hub): string[] {
  const folder = join(hub.folder, 'uploads')
  return existsSync(folder) ? readdirSync(folder) : []
}

describe.each([
  ['plain', null],
  ['TLS', 'own' as const],
])('a hostile caller over %s', (_name, tls) => {
  let hub: Hub
  let key: string
  let other: string

  beforeAll(async () => {
    hub = await Hub.open({ tls })
    key = await hub.key('user')
    other = await hub.key('user', 'another client')
  })
  afterAll(() => hub.close())

  const post = (body: unknown, headers: Record<string, string> = {}, path = '/api/contacts') =>
    hub.ask(path, { method: 'POST', body, headers: { 'x-api-key': key, ...headers } })
  /** What a hostile caller does, while another client goes on asking and is answered. */
  const meanwhile = <T>(work: () => Promise<T>) => hub.whileAnotherAsks(other, work)

  it('gets clean errors for bodies that are none, or are too large or of the wrong types', async () => {
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
    await meanwhile(async () => {
      for (const [body, headers, status] of bodies) {
        const answer = await post(body, headers)
        const shown = String(typeof body === 'object' ? JSON.stringify(body) : body).slice(0, 60)
        expect([shown, answer.status]).toEqual([shown, status])
        isClean(answer)
      }
    })
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
    expect((await hub.done('contacts.count', {})).contacts).toBe(0)
  })

  it('is stopped where a body grows too large, whatever it says of its length', async () => {
    const head = `POST /api/contacts HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\nContent-Type: application/json\r\n`
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
    const endless = chunk('{"number":"') + chunk('x'.repeat(50_000)).repeat(8)
    await meanwhile(async () => {
      const said = await hub.raw(`${head}Content-Length: 300000\r\n\r\n`)
      expect(said).toMatch(/^HTTP\/1\.1 413 .*"error":"Too large"/s)
      // What was not read any more may take the answer with it.
      const unsaid = await hub.raw(`${head}Transfer-Encoding: chunked\r\n\r\n${endless}`)
      expect(unsaid).toMatch(/^$|^HTTP\/1\.1 413 .*"error":"Too large"/s)
    })
  })

  it('gets clean errors for forms that are too large or misshapen, and leaves no file', async () => {
    const list = { name: 'a.csv', content: 'name,phone\nAnn,+12025550142\n' }
    const named = (fields: Record<string, string>) => form({ name: 'S', template: 'Hi', ...fields }, list)
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`field${n}`, 'x']))
    const forms: [{ body: Uint8Array; headers: Record<string, string> }, number][] = [
      [named({ settings: `"${'x'.repeat(70_000)}"` }), 413],
      [named({ name: 'x'.repeat(70_000) }), 413],
      [named({ ['x'.repeat(10_000)]: '1' }), 400],
      [named({ __proto__x: '1' }), 400],
      [named({ constructor: '1' }), 400],
      [form(many, list), 400],
      [{ ...form({}, list), headers: { 'content-type': `multipart/form-data; boundary=${'b'.repeat(5_000)}` } }, 400],
      [{ ...form({}, list), headers: { 'content-type': 'multipart/form-data; boundary=other' } }, 400],
      [{ body: Buffer.alloc(100_000, 0xff), headers: { 'content-type': 'multipart/form-data; boundary=x' } }, 400],
    ]
    await meanwhile(async () => {
      for (const [at, [{ body, headers }, status]] of forms.entries()) {
        const answer = await post(body, headers, '/api/campaign/upload')
        expect([at, answer.status]).toEqual([at, status])
        isClean(answer)
      }
    })
    expect(uploads(hub)).toEqual([])
  })

  it('cannot lead an upload out of its folder by a name', async () => {
    if (tls) return
    const names: [string, string][] = [
      ['../../../hub.sqlite', 'hub.sqlite'],
      ['C:\\\\Windows\\\\win.ini', 'win.ini'],
      ['..', 'upload.csv'],
      ['a\tb\u202ecsv.exe', 'abcsv.exe'],
      ['x'.repeat(5_000), 'x'.repeat(200)],
    ]
    await meanwhile(async () => {
      for (const [name, shown] of names) {
        const { body, headers } = form({}, { name, content: 'name,phone\nAnn,+12025550142\n' })
        const answer = await post(body, headers, '/api/csv/upload')
        const upload = answer.body['upload'] as { id: string; fileName: string } | undefined
        expect([name, answer.status, upload?.fileName]).toEqual([name, 200, shown])
        expect(uploads(hub)).toEqual([upload!.id])
        await hub.ask(`/api/uploads/${upload!.id}`, { method: 'DELETE', headers: { 'x-api-key': key } })
      }
    })
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
    await meanwhile(async () => {
      for (const [path, status] of paths) {
        const answer = await hub.ask(path, { headers: { 'x-api-key': key } })
        expect([path.slice(0, 60), answer.status]).toEqual([path.slice(0, 60), status])
        isClean(answer)
      }
    })
  })

  it('finds no route that breaks at values and keys of any kind', async () => {
    if (tls) return
    const admin = await hub.key('admin')
    const values = [null, true, -1, 1e308, '', `\u0000${'x'.repeat(2_000)}`, [[]], { length: -1 }, '\ud800']
    const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '']
    await meanwhile(async () => {
      for (const { method, path, name, operation } of operationRoutes) {
        const address = path.replace(/\{\w+\}/g, '999999')
        const ask = (input: string) =>
          takesQuery(method)
            ? hub.ask(`${address}?${input}`, { method, headers: { 'x-api-key': admin } })
            : hub.ask(address, {
                method,
                body: input,
                headers: { 'x-api-key': admin, 'content-type': 'application/json' },
              })
        const written = (field: string, value: unknown) =>
          takesQuery(method)
            ? `${encodeURIComponent(field)}=${encodeURIComponent(typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value))}`
            : `{${JSON.stringify(field)}:${JSON.stringify(value)}}`
        for (const answer of await Promise.all(keys.map(key => ask(written(key, { admin: true }))))) {
          expect([name, answer.status]).toEqual([name, 400])
          isClean(answer)
        }
        for (const field of Object.keys(fieldsOf(inputSchema(operation), path).properties ?? {})) {
          const answers = await Promise.all(values.map(value => ask(written(field, value))))
          const statuses = answers.map(answer => answer.status)
          expect([name, field, statuses.filter(status => status >= 500)]).toEqual([name, field, []])
          for (const answer of answers) if (answer.status !== 200) isClean(answer)
        }
      }
    })
    expect(Object.keys(Object.prototype)).toEqual([])
  }, 120_000)

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
    const smuggled = [
      'GET /api/none%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost',
      'GET /login%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost',
      'GET /api/contacts?after=%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost',
      'POST /api/sms/send HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: a%0d%0aSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\n{}',
      'GET /health HTTP/1.1\r\nHost: localhost:1%0d%0aSet-Cookie: a=b',
    ]
    const broken = [
      'GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: b\rc\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      'POST /api/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
      'GET  HTTP/9.9\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`,
    ]
    await meanwhile(async () => {
      for (const [line = '', ...rest] of smuggled.map(text => text.split('\r\n\r\n'))) {
        const head = `${line}\r\nX-API-Key: ${key}\r\nConnection: close\r\n\r\n`
        const answer = await hub.raw(head + rest.join('\r\n\r\n'))
        expect(answer).toMatch(/^HTTP\/1\.1 4/)
        expect(answer).not.toMatch(/^Set-Cookie/im)
        expect(answer).not.toMatch(INSIDES)
      }
      for (const bytes of broken) {
        const refused = await hub.raw(bytes)
        expect(refused).toMatch(/^HTTP\/1\.1 4(00|31)/)
        expect(refused).not.toMatch(INSIDES)
      }
    })
  })
})
