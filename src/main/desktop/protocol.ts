import type { Privileges, Protocol } from 'electron'
import type { Brand } from '../services/branding.ts'
import { BRAND_PATHS, type Pages, pagePolicy } from '../services/pages.ts'
import { isOurs, SCHEME } from './address.ts'

/** No more than a page of https would have. Has to be told before the application is ready. */
const PRIVILEGES: Privileges = { standard: true, secure: true, supportFetchAPI: true }

export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: PRIVILEGES }])
}

/**
 * Serves the pages from memory to everything that shares this session. Name and logo wait for the hub that knows them.
 * Resolves when a page has asked for all scripts and styles that it begins with.
 */
export function servePages(protocol: Pick<Protocol, 'handle'>, pages: Pages, brand: Promise<Brand>): Promise<void> {
  const asked = Promise.withResolvers<void>()
  const missing = new Set(pages.begins)
  protocol.handle(SCHEME, async request => {
    const { pathname } = new URL(request.url)
    missing.delete(pathname)
    if (missing.size === 0) asked.resolve()
    return answer(request, pages, BRANDED.has(pathname) ? await brand : UNBRANDED)
  })
  return asked.promise
}

const BRANDED: ReadonlySet<string> = new Set(Object.values(BRAND_PATHS))
const UNBRANDED: Brand = { facts: () => ({ organisation: '', logo: null }), logo: () => null }

/** What one request gets: a file of the map, found by its whole path, or a refusal. No path is ever made of it. */
export function answer(
  { method, url }: { readonly method: string; readonly url: string },
  pages: Pages,
  brand: Brand,
): Response {
  if (method !== 'GET') return refused(405)
  if (!isOurs(url)) return refused(403)
  const { pathname } = new URL(url)
  if (pathname === '/') {
    const { html, nonce } = pages.index()
    return new Response(html, {
      headers: { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': pagePolicy(nonce) },
    })
  }
  if (pathname === BRAND_PATHS.facts) return Response.json(brand.facts(), { headers: HEADERS })
  const file = pathname === BRAND_PATHS.logo ? brand.logo() : pages.others.get(pathname)
  if (!file) return refused(404)
  return new Response(new Uint8Array(file.bytes), { headers: { ...HEADERS, 'Content-Type': file.type } })
}

/**
 * No Cross-Origin-Opener-Policy: nothing can open a window or be opened by one, and for that header Chromium starts a second
 * process for the page when the first one is ready.
 */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

function refused(status: number): Response {
  return new Response(null, { status, headers: { ...HEADERS, 'Content-Security-Policy': "default-src 'none'" } })
}
