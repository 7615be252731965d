import { describe, expect, it } from 'vitest'
import { isOurs } from '../../src/main/desktop/address.ts'
import { answer, servePages } from '../../src/main/desktop/protocol.ts'
import type { Brand } from '../../src/main/services/branding.ts'
import { type Pages, pagePolicy } from '../../src/main/services/pages.ts'
import { where } from './kit.ts'

const script = { type: 'text/javascript; charset=utf-8', bytes: Buffer.from('1'), tag: '"1"' }
let nonces = 0
const pages: Pages = {
  index: () => {
    nonces += 1
    return { html: `<p>${nonces}</p>`, nonce: `n${nonces}` }
  },
  begins: ['/assets/index-1a2b.js'],
  others: new Map([
    ['/assets/index-1a2b.js', script],
    ['/icon.svg', { ...script, type: 'image/svg+xml' }],
  ]),
  readRest: () => {},
}
const brand: Brand = { facts: () => ({ organisation: '', logo: null }), logo: () => null }
const get = (url: string, method = 'GET') => answer({ method, url }, pages, brand)

describe('the pages', () => {
  it('are found by their whole path', async () => {
    const page = get('app://connector/')
    expect(page.status).toBe(200)
    expect(await page.text()).toMatch(/<p>/)
    const file = get('app://connector/assets/index-1a2b.js')
    expect([file.status, file.headers.get('Content-Type'), await file.text()]).toEqual([200, script.type, '1'])
    expect(file.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(get('app://connector/icon.svg?x=1#y').status).toBe(200)
  })

  it.each([
    'app://connector/index.html',
    'app://connector/assets/../../package.json',
    'app://connector/../../../etc/passwd',
    'app://connector/%2e%2e/%2e%2e/etc/passwd',
    'app://connector/..%2f..%2fetc%2fpasswd',
    'app://connector/assets/..%5c..%5cwindows',
    'app://connector/assets\\..\\secret',
    'app://connector/assets/index-1a2b.js%00.html',
    'app://connector/assets\u0000/index-1a2b.js',
    'app://connector//etc/passwd',
    'app://connector/assets/',
    'app://connector/constructor',
    'app://connector/__proto__',
    'app://connector/%61ssets/index-1a2b.js',
  ])('do not hold %s', url => {
    expect(get(url).status).toBeGreaterThanOrEqual(400)
  })

  it.each([
    'app://other/',
    'app://connector.example/',
    'app://connector:80/',
    'app://user@connector/',
    'app://user:pass@connector/',
    'file://connector/',
    'file:///etc/passwd',
    'https://connector/',
    'APPX://connector/',
    'connector',
    '',
  ])('are not served under %s', url => {
    expect(get(url).status).toBe(403)
    expect(isOurs(url)).toBe(false)
  })

  it.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'get', ''])('refuse %s', method => {
    expect(get('app://connector/', method).status).toBe(405)
  })

  it('carry the policy as a header, with a number of its own each time', () => {
    const [one, two] = [get('app://connector/'), get('app://connector/')].map(page =>
      page.headers.get('Content-Security-Policy'),
    )
    expect(one).not.toBe(two)
    expect(one).toBe(pagePolicy(`n${nonces - 1}`))
    expect(pagePolicy('NUMBER')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-NUMBER'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(get('app://connector/nothing').headers.get('Content-Security-Policy')).toBe("default-src 'none'")
  })

  it('are what the handler of the scheme serves, and only name and logo wait for the hub', async () => {
    const handled: [string, (request: never) => unknown][] = []
    const named = Promise.withResolvers<Brand>()
    const opened: Brand = { ...brand, facts: () => ({ organisation: 'Harbour Food Bank', logo: null }) }
    servePages({ handle: (scheme, handler) => void handled.push([scheme, handler]) }, pages, named.promise)
    expect(handled.map(([scheme]) => scheme)).toEqual(['app'])
    const ask = async (url: string) => (await handled[0]![1]({ method: 'GET', url } as never)) as Response
    expect((await ask('app://connector/')).status).toBe(200)
    let answered = false
    const facts = ask('app://connector/brand.json').finally(() => {
      answered = true
    })
    expect((await ask('app://connector/icon.svg')).status).toBe(200)
    expect(answered).toBe(false)
    named.resolve(opened)
    expect(await (await facts).json()).toMatchObject({ organisation: 'Harbour Food Bank' })
  })
})

it('nothing is loaded from files or from the network', () => {
  expect(where(/\.loadFile\(|file:\/\//)).toEqual([])
  expect(where(/\.loadURL\(/)).toEqual(['src/main/desktop/window.ts'])
  expect(where(/\.registerFileProtocol|interceptFileProtocol|net\.fetch/)).toEqual([])
})
