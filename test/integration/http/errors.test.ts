import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { TITLES } from '../../../src/main/http/errors.ts'
import { buildHttp } from '../../../src/main/http/server.ts'
import type { Auth } from '../../../src/main/services/auth/service.ts'
import type { Caller } from '../../../src/main/services/operations/caller.ts'
import { createDispatcher, type Handlers } from '../../../src/main/services/operations/dispatch.ts'
import type { UploadService } from '../../../src/main/services/uploads.ts'
import { ERRORS, type ErrorCode, Refusal } from '../../../src/shared/errors.ts'
import { dataFolder } from '../../support/folder.ts'
import { form, Hub } from './kit.ts'

const SECRET = 'SELECT secret FROM /srv/data/hub.sqlite at Object.run (file:///srv/app/db.ts:7)'
const ADMIN: Caller = { kind: 'key', id: 1, role: 'admin' }

let app: FastifyInstance | null = null
afterEach(async () => {
  await app?.close()
  app = null
})

/** The API over one operation, of which a test says how it ends. */
async function world(contacts: () => never, given: { auth?: Partial<Auth>; uploads?: Partial<UploadService> } = {}) {
  const { db, clock } = dataFolder()
  const logged: unknown[] = []
  const log = { info() {}, warn() {}, error: (_event: string, error: unknown) => void logged.push(error) }
  const handlers = { 'contacts.count': contacts } as unknown as Handlers
  const auth = { callerOfKey: () => ADMIN, callerOfSession: () => null, ...given.auth } as unknown as Auth
  const parts = {
    ...{ version: '1', clock, log, auth, uploads: given.uploads as UploadService },
    ...{ random: { bytes: (length: number) => new Uint8Array(length) }, downloads: '/nowhere' },
    brand: { facts: () => ({ organisation: '', logo: null }), logo: () => null },
    dispatch: createDispatcher({ db, clock, log, handlers }),
    happenings: { tell: () => {}, listen: () => () => {} },
  }
  app = await buildHttp(parts, { host: '', port: 0, loopback: true, web: true, tls: null, allowedHosts: [] })
  const ask = async (url = '/api/contacts/count', payload?: Uint8Array, headers: Record<string, string> = {}) => {
    const method = payload ? 'POST' : 'GET'
    const request = { method, url, headers: { 'x-api-key': 'any', ...headers }, ...(payload && { payload }) } as const
    const { statusCode, headers: answered, body } = await app!.inject(request)
    return { status: statusCode, headers: answered, text: body, body: JSON.parse(body) as Record<string, unknown> }
  }
  return { ask, logged, db }
}

const throwing = (error: unknown) => () => {
  throw error
}

describe('every refusal', () => {
  it.each(Object.keys(ERRORS) as ErrorCode[])('%s has its status and a flat body', async code => {
    const { ask } = await world(throwing(new Refusal(code, 'This is why.', { field: 'at fault' }, 1_500)))
    const { status, headers, body } = await ask()
    expect(status).toBe(ERRORS[code].status)
    const fixed: Partial<Record<ErrorCode, string>> = {
      authentication_required: 'Please provide valid API key',
      key_missing: `${ERRORS.key_missing.message} On its computer: campaign-connector doctor`,
    }
    expect(body).toEqual({ error: TITLES[code], message: fixed[code] ?? 'This is why.', fields: { field: 'at fault' } })
    expect(headers['retry-after']).toBe('2')
    expect(headers['www-authenticate']).toBe(code === 'authentication_required' ? 'Bearer' : undefined)
  })

  it('has a sentence of its own where nobody has said why', async () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      const { ask } = await world(throwing(new Refusal(code)))
      const { body, headers } = await ask()
      expect(Object.keys(body)).toEqual(['error', 'message'])
      expect(body['message']).toMatch(/^[A-Z].* .*[\w).]$/)
      expect(headers['retry-after']).toBeUndefined()
    }
  })
})

describe('a fault inside', () => {
  const internal = { error: 'Internal error', message: ERRORS.internal.message }

  it.each([
    ['an Error', new Error(SECRET)],
    ['an Error that looks like a refusal of the framework', Object.assign(new Error(SECRET), { statusCode: 503 })],
    ['an error of SQLite', Object.assign(new Error(SECRET), { code: 'SQLITE_CONSTRAINT_CHECK' })],
    ['a text', SECRET],
    ['nothing', undefined],
  ])('tells nothing of itself, and is in the log: %s', async (_what, error) => {
    const { ask, logged } = await world(throwing(error))
    const { status, body } = await ask()
    expect([status, body]).toEqual([500, internal])
    expect(logged).toEqual([error])
  })

  it('tells nothing where it happens before an operation is reached', async () => {
    const error = new Error(SECRET)
    const { ask, logged } = await world(throwing(error), { auth: { callerOfKey: throwing(error) } })
    for (const url of ['/api/contacts/count', '/api/openapi.json', '/api/events', '/api/csv/upload']) {
      const { status, body } = await ask(url, url === '/api/csv/upload' ? new Uint8Array(1) : undefined)
      expect([url, status, body]).toEqual([url, 500, internal])
    }
    expect(logged).toEqual([error, error, error, error])
  })

  it.each(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_READONLY', 'ENOSPC', 'EDQUOT', 'EROFS'])(
    'of the disk (%s) is a 503 that says so',
    async code => {
      const error = Object.assign(new Error(SECRET), { code })
      const receive = async () => throwing(error)()
      const { ask, logged } = await world(throwing(error), { uploads: { receive, discard() {} } })
      const { body, headers } = form({}, { name: 'a.csv', content: 'phone\n' })
      for (const answer of [await ask(), await ask('/api/csv/upload', body, headers)]) {
        expect([answer.status, answer.body]).toEqual([
          503,
          { error: 'Storage failed', message: ERRORS.storage_failed.message },
        ])
      }
      expect(logged).toEqual([error, error])
    },
  )
})

describe('a hub whose data key is missing', () => {
  it('serves what needs no key, and says what is wrong where one is needed', async () => {
    const before = await Hub.open({ web: false })
    const keys = {
      admin: await before.key('admin'),
      user: await before.key('user'),
      termux: await before.key('termux'),
    }
    const { folder } = before
    before.peek.close()
    await before.app.close()
    rmSync(join(folder, 'data.key'))
    const hub = await Hub.open({ web: false }, {}, folder)
    try {
      const post = (path: string, body: unknown) =>
        hub.ask(path, { method: 'POST', body, headers: { 'x-api-key': keys.admin } })
      for (const answer of [
        await post('/api/sms/send', { phone: '+12025550142', message: 'Hello' }),
        await post('/api/admin/webhooks', { name: 'W', url: 'https://example.org/', events: ['inbound.text'] }),
      ]) {
        expect([answer.status, answer.body['error']]).toEqual([503, 'Data key missing'])
        expect(answer.text).not.toContain(folder)
      }
      expect(hub.peek.all('SELECT 1 FROM messages UNION ALL SELECT 1 FROM webhooks')).toEqual([])
      const get = (path: string, key: string) => hub.ask(path, { headers: { 'x-api-key': key } })
      expect((await get('/api/contacts', keys.user)).status).toBe(200)
      // What is wrong is told to all, and where the file lies to administrators.
      const told = [
        [await get('/api/sms/device', keys.termux), 'blockedBy', false],
        [await get('/api/system/status', keys.user), 'sendingBlockedBy', false],
        [await get('/api/system/status', keys.admin), 'sendingBlockedBy', true],
      ] as const
      for (const [{ status, body, text }, field, named] of told) {
        expect([status, String(body[field]).includes('data key cannot be opened')]).toEqual([200, true])
        expect(text.includes(folder)).toBe(named)
      }
    } finally {
      await hub.close()
    }
  })
})
