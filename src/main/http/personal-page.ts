import { type AddressInfo, isIP } from 'node:net'
import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { ERRORS, Refusal } from '../../shared/errors.ts'
import type { OwnService, PersonalPage, Visitor } from '../services/access/personal-page.ts'
import { networkOf } from '../services/auth/source.ts'
import { asRefusal } from '../services/operations/dispatch.ts'
import type { Log, Randomness } from '../services/ports.ts'
import { hostName, isLoopback, knownHosts, ownOrigins } from './hosts.ts'
import { LIMITS, limitConnections } from './limits.ts'
import {
  continueView,
  document,
  listView,
  sentenceView,
  serviceView,
  strangerView,
  type View,
} from './personal-page-view.ts'

export interface PersonalPageParts {
  readonly page: PersonalPage
  readonly random: Randomness
  readonly log: Log
}

export interface PersonalPageOptions {
  readonly host: string
  readonly port: number
  /** Where people reach it, such as https://access.example.org; empty: where it listens. */
  readonly address: string
  /** Proxies whose word on where a request comes from counts, besides those on this computer. */
  readonly proxies: readonly string[]
}

export interface PersonalPageServer {
  /** Such as `http://127.0.0.1:8480`. */
  readonly url: string
  close(): Promise<void>
}

const PER_MINUTE = 120
/** Of requests that show or change something. */
const CHANGES_PER_MINUTE = 30

/**
 * Serves the personal page on a listener of its own, and nothing else. A private link becomes a cookie at once, so that its
 * token stays in no address, and the page is never stored, framed or told to other sites. Throws where it cannot listen.
 */
export async function startPersonalPage(
  parts: PersonalPageParts,
  options: PersonalPageOptions,
): Promise<PersonalPageServer> {
  const app = build(parts, options)
  await app.listen({ host: options.host, port: options.port })
  const { address, port } = app.addresses()[0] as AddressInfo
  return { url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`, close: () => app.close() }
}

function build({ page, random, log }: PersonalPageParts, options: PersonalPageOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: 4 * 1024,
    requestTimeout: LIMITS.bodyMs,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 100, ignoreTrailingSlash: false, caseSensitive: true },
    http: { maxHeaderSize: 16 * 1024, headersTimeout: LIMITS.headersMs },
  })
  limitConnections(app.server, LIMITS)
  const publicHost = options.address === '' ? null : new URL(options.address).hostname.toLowerCase()
  const secure = options.address.toLowerCase().startsWith('https:')
  const names = publicHost === null ? [] : [publicHost]
  const known = knownHosts({ loopback: isLoopback(options.host), allowed: names })
  const own = ownOrigins({ tls: false, allowed: names })
  // With https the prefix binds the cookie to this very host.
  const cookieName = secure ? '__Host-cc_person' : 'cc_person'
  const kept = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const

  const send = (reply: FastifyReply, view: View, status = 200) => {
    const nonce = Buffer.from(random.bytes(16)).toString('base64')
    return reply
      .code(status)
      .type('text/html; charset=utf-8')
      .header('Content-Security-Policy', policy(nonce))
      .send(document(view, nonce))
  }
  const visitor = (request: FastifyRequest): Visitor | null => {
    const token = request.cookies[cookieName]
    return token === undefined ? null : page.visitor(token)
  }
  const sourceOf = (request: FastifyRequest) => forwarded(request, options.proxies)

  // Forms without a field.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) =>
    done(null, {}),
  )
  app.addHook('onRequest', async (request, reply) => {
    for (const [name, value] of HEADERS) reply.header(name, value)
    if (secure) reply.header('Strict-Transport-Security', 'max-age=31536000')
    const host = request.headers.host ?? ''
    if (!known(host) || hostName(host) === null) throw new Refusal('unknown_host')
    if (request.method === 'POST' && !isOwnForm(request, own)) throw new Refusal('csrf_refused')
  })
  app.setErrorHandler((error, request, reply) => {
    const refusal = asRefusal(error)
    const status = error instanceof Refusal ? ERRORS[refusal.code].status : (clientStatus(error) ?? 500)
    // Never the address itself: a private link is in it.
    if (status === 500) log.error('the personal page failed', error, { route: request.routeOptions.url ?? '' })
    const message =
      status === 500 ? ERRORS.internal.message : refusal.code === 'internal' ? 'It did not work.' : refusal.message
    if (status === 429) reply.header('Retry-After', '60')
    if (wantsJson(request)) return reply.code(status).send({ message })
    return send(reply, sentenceView('That did not work', message), status)
  })
  app.setNotFoundHandler((_request, reply) => send(reply, strangerView(), 404))

  app.register(rateLimit, {
    global: true,
    max: PER_MINUTE,
    timeWindow: 60_000,
    cache: 10_000,
    keyGenerator: request => networkOf(sourceOf(request) ?? request.socket.remoteAddress ?? ''),
    errorResponseBuilder: () => new Refusal('too_many'),
  })
  app.register(cookie)
  app.register(async routes => {
    routes.get<{ Params: { token: string } }>('/f/:token', (request, reply) => {
      const visit = page.open(request.params.token, sourceOf(request))
      if (visit === null) return send(reply, strangerView(), 404)
      return reply.setCookie(cookieName, visit, kept).redirect('/f', 303)
    })
    routes.get('/f', (request, reply) => {
      const person = visitor(request)
      if (!person) return send(reply, strangerView(), 401)
      return send(reply, listView(person.name, page.services(person.id)))
    })
    routes.post('/f/leave', (request, reply) => {
      const token = request.cookies[cookieName]
      if (token !== undefined) page.leave(token)
      return reply.clearCookie(cookieName, kept).redirect('/f', 303)
    })

    type Named = { Params: { service: string } }
    /** Who has no grant gets what a stranger gets: there is no list to be had by trying names. */
    const asked = (request: FastifyRequest<Named>): { person: Visitor; service: OwnService } | null => {
      const person = visitor(request)
      const service = person && page.service(person.id, request.params.service)
      return person && service ? { person, service } : null
    }
    routes.get<Named>('/auth/:service', (request, reply) => {
      const found = asked(request)
      return found ? send(reply, serviceView(found.service, null)) : send(reply, strangerView(), 401)
    })
    routes.get<Named>('/auth/:service/continue', (request, reply) => {
      const found = asked(request)
      if (!found) return send(reply, strangerView(), 401)
      if (!found.service.handOver) return reply.redirect(`/auth/${found.service.subdomain}`, 303)
      return send(reply, continueView(found.service))
    })
    const limited = { config: { rateLimit: { max: CHANGES_PER_MINUTE, timeWindow: 60_000 } } }
    routes.post<Named>('/auth/:service/show', limited, (request, reply) => {
      const found = asked(request)
      if (!found) return stranger(request, reply)
      const shown = page.show(found.person.id, found.service.subdomain)
      return wantsJson(request) ? reply.send(shown) : send(reply, serviceView(found.service, shown))
    })
    routes.post<Named>('/auth/:service/regenerate', limited, async (request, reply) => {
      const found = asked(request)
      if (!found) return stranger(request, reply)
      const { person, service } = found
      const shown = await page.regenerate(person.id, service.subdomain)
      if (wantsJson(request)) return reply.send(shown)
      return send(reply, serviceView(page.service(person.id, service.subdomain) ?? service, shown))
    })
    routes.post<Named>('/auth/:service/hand-over', limited, (request, reply) => {
      const found = asked(request)
      if (!found) return stranger(request, reply)
      return reply.send({ address: page.handOver(found.person.id, found.service.subdomain) })
    })
    const stranger = (request: FastifyRequest, reply: FastifyReply) =>
      wantsJson(request)
        ? reply.code(401).send({ message: 'Open your private link first.' })
        : send(reply, strangerView(), 401)
  })
  return app as unknown as FastifyInstance
}

/** What every answer carries: kept nowhere, framed nowhere, told to nobody. */
const HEADERS: readonly (readonly [string, string])[] = [
  ['Cache-Control', 'no-store'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['X-Robots-Tag', 'noindex, nofollow, noarchive'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', 'clipboard-write=(self), camera=(), microphone=(), geolocation=()'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
]

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    'img-src data:',
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Browsers name the page that a form or script belongs to; what names none is no browser, and has nothing to do here. */
function isOwnForm(request: FastifyRequest, own: (origin: string, host: string) => boolean): boolean {
  const { origin, host = '' } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return false
  // A page that sends no referrer sends its origin as null with a form.
  if (origin === undefined || origin === 'null') return site === 'same-origin'
  return own(origin, host)
}

function wantsJson(request: FastifyRequest): boolean {
  return request.headers.accept === 'application/json'
}

/** Where a request comes from: what a proxy of ours says, else the other end, unless that is this very computer. */
function forwarded(request: FastifyRequest, proxies: readonly string[]): string | null {
  const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const header = request.headers['x-forwarded-for']
  if (isLoopback(peer) || proxies.includes(peer)) {
    // The last one is what the proxy itself has seen; those before it anybody can write.
    const last = [header].flat().join(',').split(',').at(-1)?.trim() ?? ''
    return isIP(last) === 0 ? null : last
  }
  return peer
}

function clientStatus(error: unknown): number | null {
  const status = (error as { statusCode?: unknown }).statusCode
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null
}
