import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callOperation } from '../../src/main/desktop/calls.ts'
import { answer } from '../../src/main/desktop/protocol.ts'
import { buildHttp } from '../../src/main/http/server.ts'
import { readPages } from '../../src/main/services/pages.ts'
import { type OperationName, operations } from '../../src/shared/operations/index.ts'
import { Hub } from '../integration/http/kit.ts'
import { pngImage } from '../support/images.ts'

const SECRET = 'Nobody outside may read this'
let hub: Hub
const logo = pngImage(64, 32)

beforeAll(async () => {
  hub = await Hub.open()
  await hub.user('ann', 'admin')
  await hub.done('settings.update', { organisation: 'Walnut Street Market' })
  await hub.done('branding.set-logo', { image: logo.toString('base64') })
  await hub.done('contacts.create', { number: '+12025550123', firstName: SECRET })
  await hub.done('campaigns.create', {
    ...{ name: SECRET, template: 'Hi. Reply STOP to opt out.', audience: { lists: [] } },
    ...{ expiresAt: null, requireConsent: false, sims: null },
  })
})
afterAll(() => hub.close())

/** Every path that the server knows, with its methods, from the router itself. */
async function routes(web: boolean) {
  const { services, dispatch, happenings, clock, random, log } = hub.app
  const app = await buildHttp(
    {
      ...{ version: '1', dispatch, happenings, clock, random, log, downloads: '/nowhere' },
      ...{ auth: services.auth, uploads: services.uploads, brand: services.brand },
    },
    { host: '127.0.0.1', port: 0, loopback: true, web, tls: null, allowedHosts: [] },
  )
  const found = routesIn(app.printRoutes({ commonPrefix: false }))
  await app.close()
  return found
}

/** The router prints a tree: four characters for each level, and on each line what it adds to the path above. */
function routesIn(tree: string): { path: string; method: string }[] {
  const above: string[] = []
  return tree.split('\n').flatMap(line => {
    const [, lead, part, methods] = /^((?:[│ ] {3}|[├└]── )+)(\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? []
    if (lead === undefined || part === undefined) return []
    above.length = lead.length / 4 - 1
    above.push(part)
    const path = above.join('')
    return methods === undefined ? [] : methods.split(', ').map(method => ({ path, method }))
  })
}

const filled = (path: string): string => path.replaceAll(/:[a-zA-Z|:]+/g, '1').replace('*', 'x')

describe('without a session', () => {
  it('the network reads the pages, that the hub is there, name and logo, and nothing else', async () => {
    const readable = new Set<string>()
    const known = await routes(true)
    expect(known.length).toBeGreaterThan(operations.length)
    for (const { path, method } of known) {
      const got = await hub.ask(filled(path), { method, headers: { origin: `http://127.0.0.1:${hub.port}` } })
      if (got.status < 400) readable.add(path.startsWith('/assets/') ? '/assets/*' : `${path}`)
      else expect([400, 401, 403, 404, 415], `${method} ${path}`).toContain(got.status)
      expect(got.text, `${method} ${path}`).not.toContain(SECRET)
      // A refusal that knows more than that nobody is signed in would have looked further already.
      if (path.startsWith('/api/') && path !== '/api/auth/login') expect(got.status, `${method} ${path}`).toBe(401)
    }
    expect([...readable].sort()).toEqual(
      ['/', '/login', '/health', '/brand.json', '/brand/logo', '/icon.svg', '/assets/*'].sort(),
    )
    const facts = await hub.ask('/brand.json')
    expect(facts.body).toEqual({
      organisation: 'Walnut Street Market',
      logo: expect.stringMatching(/^\.\/brand\/logo\?[\w-]{22}$/),
    })
  })

  it('the network reads still less where there are no pages', async () => {
    const open = (await routes(false)).filter(({ path }) => !path.startsWith('/api/')).map(({ path }) => path)
    expect([...new Set(open)]).toEqual(['/health'])
  })

  it('a page of the window reads the same of its scheme, and does nothing', async () => {
    const { services, dispatch, random } = hub.app
    const pages = readPages(random)
    const get = (path: string) => answer({ method: 'GET', url: `app://connector${path}` }, pages, services.brand)
    const facts = (await get('/brand.json').json()) as { organisation: string; logo: string }
    expect(facts).toEqual((await hub.ask('/brand.json')).body)
    for (const path of [
      '/settings',
      '/api/settings',
      '/api/users',
      '/hub.sqlite',
      '/brand',
      '/brand/',
      '/brand/logo/x',
    ]) {
      expect(get(path).status, path).toBe(404)
    }
    for (const { name } of operations) {
      const told = await callOperation({ dispatch, caller: null }, name as OperationName, {})
      expect(told, name).toMatchObject({ ok: false, error: { code: 'authentication_required' } })
    }
  })
})

describe('the logo', () => {
  it.each(['web', 'window'])('is served as what it is, and as nothing that could run (%s)', async door => {
    const { services, random } = hub.app
    const pages = readPages(random)
    const { facts } = services.brand
    const path = facts().logo!.slice(1)
    const window = answer({ method: 'GET', url: `app://connector${path}` }, pages, services.brand)
    const web = await hub.ask(path)
    const headers = (name: string) => (door === 'web' ? web.headers[name] : window.headers.get(name))
    expect([headers('content-type'), headers('x-content-type-options')]).toEqual(['image/png', 'nosniff'])
    if (door === 'window') expect(Buffer.from(await window.arrayBuffer())).toEqual(logo)
    else {
      expect(web.headers['content-length']).toBe(String(logo.length))
      expect(headers('content-security-policy')).toContain("default-src 'none'")
      const again = await hub.ask(path, { headers: { 'if-none-match': String(headers('etag')) } })
      expect([again.status, again.text]).toEqual([304, ''])
    }
  })

  it.each([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), /SVG/],
    ['an image of a million pixels on one edge', pngImage(2000, 16), /2000 × 16/],
    ['a speck', pngImage(8, 8), /8 × 8/],
    ['a page that begins like an image', Buffer.concat([logo, Buffer.from('<script>')]), /damaged/],
  ])('is never %s, and the old one stays', async (_what, bytes, why) => {
    const session = await hub.signIn('ann')
    const got = await hub.ask('/api/admin/branding/logo', {
      method: 'PUT',
      headers: { cookie: session.cookie, 'x-csrf-token': session.csrf },
      body: { image: bytes.toString('base64') },
    })
    expect(got.status).toBe(400)
    expect(got.text).toMatch(why)
    expect((await hub.ask('/brand/logo')).headers['content-length']).toBe(String(logo.length))
  })

  it('is not larger than 128 KiB, and is removed', async () => {
    const large = await hub.app.dispatch(
      'branding.set-logo',
      { image: Buffer.alloc(128 * 1024 + 3).toString('base64') },
      { kind: 'local', role: 'admin' },
    )
    expect(large).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    await hub.done('branding.remove-logo', {})
    expect((await hub.ask('/brand/logo')).status).toBe(404)
    expect((await hub.ask('/brand.json')).body).toEqual({ organisation: 'Walnut Street Market', logo: null })
    await hub.done('branding.set-logo', { image: logo.toString('base64') })
  })
})
