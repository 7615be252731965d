import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mayDo } from '../../../src/main/domain/permissions.ts'
import { EXTRA_ROUTES } from '../../../src/main/http/extra.ts'
import { fieldsOf, inputSchema, pathFields, takesQuery } from '../../../src/main/http/input.ts'
import { operationRoutes } from '../../../src/main/http/routes.ts'
import type { Permission } from '../../../src/shared/operations/define.ts'
import { operations } from '../../../src/shared/operations/index.ts'
import { type Asked, Hub, type Session } from './kit.ts'

/** What the API does not offer, and why. Whoever adds an operation has to choose. */
const NOT_OFFERED: Readonly<Record<string, string>> = {
  'imports.preview': 'names a file of the hub: uploads.preview takes what came over the network',
  'imports.start': 'names a file of the hub: uploads.start takes what came over the network',
  'imports.export-rejections': 'writes a file on the hub: imports.rejections has the same rows',
  'person.save': 'writes a file on the hub: person.export has the same',
  'suppression.export': 'writes a file on the hub: suppression.list has the same numbers',
  'contacts.export': 'writes a file on the hub: contacts.search has the same contacts',
  'campaigns.export': 'writes a file on the hub: messages.list has the same messages',
  'system.allow-headless': 'needs the keychain of the desktop, so it is done in its window',
  'backups.create': 'writes a file on the hub',
  'backups.list': 'names files of the hub',
  'backups.verify': 'reads a file of the hub',
  'backups.preview': 'reads a file of the hub',
  'backups.allow-restore': 'the window does the rest',
  'analytics.export': 'writes a file on the hub: the other operations of analytics have the same figures',
  'uploads.register': 'POST /api/csv/upload does it when the file has come',
}

const UNAUTHENTICATED = { error: 'Authentication required', message: 'Please provide valid API key' }
const ADMIN_NEEDED = { error: 'Insufficient permissions', message: 'Admin role required' }
const USER_NEEDED = { error: 'Insufficient permissions', message: 'User or admin role required' }

interface Walked {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly permission: Permission | null
}

const ROUTES: readonly Walked[] = [
  ...operationRoutes.map(({ name, method, path, operation }) => ({
    ...{ name, method, path },
    permission: operation.permission,
  })),
  ...EXTRA_ROUTES.map(({ name, method, path, permission }) => ({ name, method, path, permission })),
]
const GUARDED = ROUTES.filter(route => route.permission !== null)
const PUBLIC = ROUTES.filter(route => route.permission === null)

let hub: Hub
let keys: Record<'admin' | 'user' | 'termux' | 'revoked' | 'expired', string>
let sessions: Record<'admin' | 'user', Session>

beforeAll(async () => {
  hub = await Hub.open()
  await hub.user('walker')
  await hub.user('boss', 'admin')
  keys = {
    admin: await hub.key('admin'),
    user: await hub.key('user'),
    termux: await hub.key('termux'),
    revoked: await hub.key('admin', 'revoked'),
    expired: await hub.key('admin', 'expired'),
  }
  const { keys: stored } = await hub.done('keys.list', {})
  await hub.done('keys.revoke', { id: stored.find(key => key.name === 'revoked')!.id })
  hub.peek.write(tx => tx.run("UPDATE api_keys SET expires_at = 1 WHERE name = 'expired'"))
  sessions = { admin: await hub.signIn('boss'), user: await hub.signIn('walker') }
})
afterAll(() => hub.close())

/** Reaches the route and changes nothing: the values are none that any operation takes. */
async function knock(route: Walked, headers: Record<string, string>, from?: string) {
  const path = route.path.replace(/\{\w+\}/g, 'none~')
  const query = takesQuery(route.method as 'GET') && pathFields(route.path).length === 0
  const asked: Asked = {
    method: route.method,
    headers,
    ...(from !== undefined && { from }),
    ...(!takesQuery(route.method as 'GET') && { body: { wrong: 1 } }),
  }
  return hub.ask(query ? `${path}?wrong=1` : path, asked)
}

/** What somebody gets who may come in: everything but a refusal of who they are. */
function comesIn(status: number): void {
  expect([200, 400, 404, 409]).toContain(status)
}

const refusalFor = (permission: Permission) => (mayDo('user', permission) ? USER_NEEDED : ADMIN_NEEDED)

describe('the table', () => {
  it('offers every operation, or says why not', () => {
    const offered = new Set(operationRoutes.map(route => route.name))
    const missing = operations.map(entry => entry.name).filter(name => !offered.has(name))
    expect(missing.sort()).toEqual(Object.keys(NOT_OFFERED).sort())
  })

  it('gives each route to one operation', () => {
    const addresses = ROUTES.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)
    expect(addresses.filter((address, index) => addresses.indexOf(address) !== index)).toEqual([])
  })

  /** For administrators too; what services behind the proxy are about has nouns of its own. */
  const ELSEWHERE = /^\/api\/(database\/reset$|(friends|services|grants)(\/|$))/

  it('keeps administrators’ work under /api/admin, and the phones’ under /api/sms', () => {
    for (const { name, path, permission } of GUARDED) {
      const forAdmins = !mayDo('user', permission!)
      if (!ELSEWHERE.test(path)) expect(path.startsWith('/api/admin/'), name).toBe(forAdmins)
      if (mayDo('termux', permission!)) expect(path).toMatch(/^\/api\/sms\//)
    }
  })

  it('names every field of a path that the input has', () => {
    for (const { name, path, operation } of operationRoutes) {
      for (const field of pathFields(path)) {
        expect(Object.keys(fieldsOf(inputSchema(operation), path).properties ?? {}), name).toContain(field)
      }
    }
  })
})

describe('nobody', () => {
  const strangers: [string, () => Record<string, string>][] = [
    ['no credential', () => ({})],
    ['a wrong key', () => ({ 'x-api-key': 'cc_admin_0000000000000000000000000000000000000000000000000000' })],
    ['a revoked key', () => ({ 'x-api-key': keys.revoked })],
    ['an expired key', () => ({ authorization: `Bearer ${keys.expired}` })],
    ['a cookie of nobody', () => ({ cookie: 'cc_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })],
    ['a password', () => ({ authorization: 'Basic Ym9zczpib3Nz' })],
  ]
  describe.each(strangers)('with %s', (_what, headers) => {
    it.each(GUARDED)('is refused $method $path', async route => {
      // Each from an address of its own: a few wrong keys lock the one that they come from.
      const at = GUARDED.indexOf(route)
      const answer = await knock(route, headers(), `127.1.${Math.floor(at / 250)}.${(at % 250) + 1}`)
      expect([answer.status, answer.body]).toEqual([401, UNAUTHENTICATED])
    })

    it.each(PUBLIC)('reaches $method $path', async route => {
      const answer = await knock(route, headers(), '127.1.9.9')
      expect([route.path, answer.status]).toEqual([route.path, route.path === '/health' ? 200 : 400])
    })
  })

  it('is told to wait where too many wrong keys came from', async () => {
    // A hub of its own: so many wrong keys as above are no longer all written down.
    const other = await Hub.open()
    try {
      const headers = { 'x-api-key': `cc_admin_${'0'.repeat(52)}` }
      const ask = () => other.ask('/api/settings', { headers, from: '127.1.9.10' })
      const statuses: number[] = []
      for (let time = 0; time < 8; time += 1) statuses.push((await ask()).status)
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
      const refused = await ask()
      expect(refused.body).toEqual({
        error: 'Too many requests',
        message: expect.stringContaining('Try again in 60 minutes'),
      })
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_500)
    } finally {
      await other.close()
    }
  })

  it('gets the page that asks who they are, and no door behind it', async () => {
    for (const [method, path, status] of [
      ['GET', '/', 200],
      ['GET', '/login', 200],
      ['POST', '/api/call/settings.get', 401],
      ['POST', '/api/files/contacts.export', 401],
    ] as const) {
      const { status: answered } = await hub.ask(path, { method, ...(method === 'POST' && { body: {} }) })
      expect([path, answered]).toEqual([path, status])
    }
  })

  it('is told that a credential is wanted', async () => {
    expect((await hub.ask('/api/settings')).headers['www-authenticate']).toBe('Bearer')
  })
})

describe('a key of a phone', () => {
  it.each(GUARDED)('$method $path', async route => {
    const answer = await knock(route, { 'x-api-key': keys.termux })
    if (mayDo('termux', route.permission!)) comesIn(answer.status)
    else expect([answer.status, answer.body]).toEqual([403, refusalFor(route.permission!)])
  })
})

describe('a user', () => {
  it.each(GUARDED)('with a key: $method $path', async route => {
    const answer = await knock(route, { authorization: `Bearer ${keys.user}` })
    if (mayDo('user', route.permission!)) comesIn(answer.status)
    else expect([answer.status, answer.body]).toEqual([403, ADMIN_NEEDED])
  })

  it.each(GUARDED.filter(route => route.method !== 'GET'))('without CSRF token: $method $path', async route => {
    const answer = await knock(route, { cookie: sessions.user.cookie })
    expect([answer.status, answer.body['error']]).toEqual([403, 'Request refused'])
  })

  it.each(GUARDED.filter(route => route.name !== 'auth.logout'))('with a session: $method $path', async route => {
    const answer = await knock(route, { cookie: sessions.user.cookie, 'x-csrf-token': sessions.user.csrf })
    if (mayDo('user', route.permission!)) comesIn(answer.status)
    else expect([answer.status, answer.body]).toEqual([403, ADMIN_NEEDED])
  })
})

describe('an administrator', () => {
  it.each(GUARDED)('with a key: $method $path', async route => {
    comesIn((await knock(route, { 'x-api-key': keys.admin })).status)
  })

  it.each(GUARDED.filter(route => route.method !== 'GET'))('without CSRF token: $method $path', async route => {
    const answer = await knock(route, { cookie: sessions.admin.cookie, 'x-csrf-token': sessions.user.csrf })
    expect([answer.status, answer.body['error']]).toEqual([403, 'Request refused'])
  })

  it.each(GUARDED.filter(route => route.name !== 'auth.logout'))('with a session: $method $path', async route => {
    comesIn((await knock(route, { cookie: sessions.admin.cookie, 'x-csrf-token': sessions.admin.csrf })).status)
  })
})

describe('somebody who has to change their password first', () => {
  it.each(GUARDED.filter(route => route.name !== 'auth.logout'))('$method $path', async route => {
    const session = await newcomer()
    const answer = await knock(route, { cookie: session.cookie, 'x-csrf-token': session.csrf })
    if (route.permission === 'account:own') comesIn(answer.status)
    else
      expect([answer.status, answer.body['error']]).toEqual([
        403,
        mayDo('user', route.permission!) ? 'Password change needed' : 'Insufficient permissions',
      ])
  })

  let made: Session | null = null
  async function newcomer(): Promise<Session> {
    if (made) return made
    await hub.done('users.create', {
      ...{ username: 'newcomer', password: 'several words that nobody guesses', role: 'user' },
      mustChangePassword: true,
    })
    made = await hub.signIn('newcomer')
    return made
  }
})

describe('every answer', () => {
  it('has the headers that keep it out of caches and frames', async () => {
    for (const path of ['/health', '/api/settings', '/login', '/api/none', '/icon.svg']) {
      const { headers } = await hub.ask(path)
      const policy = String(headers['content-security-policy']).replace(/; /g, ';')
      expect(policy.replace(/ 'nonce-[\w-]{22}'/, path === '/login' ? '' : '$&')).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self';font-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
      )
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['x-frame-options']).toBe('DENY')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['cache-control']).toBe(path === '/icon.svg' ? 'no-cache' : 'no-store')
      expect(headers).not.toHaveProperty('server')
      expect(headers).not.toHaveProperty('x-powered-by')
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    }
  })

  it('says which methods an address takes', async () => {
    const answer = await hub.ask('/api/sms/send', { headers: { 'x-api-key': keys.user } })
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
    expect((await hub.ask('/api/none')).status).toBe(404)
  })
})
