import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { ERRORS, Refusal } from '../../shared/errors.ts'
import type { Auth } from '../services/auth/service.ts'
import { networkOf } from '../services/auth/source.ts'
import type { Brand } from '../services/branding.ts'
import { asRefusal, type Dispatcher } from '../services/operations/dispatch.ts'
import type { Clock, Happenings, Log, Randomness } from '../services/ports.ts'
import type { UploadService } from '../services/uploads.ts'
import { type CookieNames, cookieNames } from './credentials.ts'
import { answerRefusal, PROTOCOL_ERRORS, refusalOf } from './errors.ts'
import { addEvents } from './events.ts'
import { createGate, type Gate } from './gate.ts'
import { knownHosts, ownOrigins } from './hosts.ts'
import {
  BodyTimer,
  hasBody,
  LIMITS,
  type Limits,
  limitConnections,
  rawAnswer,
  type SetAlarm,
  setSystemAlarm,
} from './limits.ts'
import { addOpenApi } from './openapi.ts'
import { addOperations } from './operations.ts'
import { pathPattern } from './routes.ts'
import { addUploads } from './uploads.ts'
import { addWeb } from './web.ts'

export interface HttpParts {
  readonly version: string
  readonly dispatch: Dispatcher
  readonly auth: Auth
  readonly uploads: UploadService
  readonly brand: Brand
  readonly happenings: Happenings
  readonly clock: Clock
  readonly random: Randomness
  readonly log: Log
  /** Where files wait that a browser saves, until they are sent. */
  readonly downloads: string
}

export interface HttpOptions {
  readonly host: string
  readonly port: number
  /** Whether it listens where only this computer can reach it. */
  readonly loopback: boolean
  /** Also the pages for a browser, signing in and sessions. */
  readonly web: boolean
  /** PEM. `known`: not made by ourselves, so that browsers may be told to insist on it. */
  readonly tls: { readonly key: string; readonly cert: string; readonly known: boolean } | null
  /** Names under which it is reached besides its own, such as those of a proxy. */
  readonly allowedHosts: readonly string[]
  readonly limits?: Partial<Limits>
  readonly setAlarm?: SetAlarm
}

/** What the parts of the server share. */
export interface HttpContext extends HttpParts {
  readonly app: FastifyInstance
  readonly gate: Gate
  readonly limits: Limits
  readonly setAlarm: SetAlarm
  /** Null where there is no web mode. */
  readonly cookies: CookieNames | null
  readonly tls: boolean
}

export interface HttpServer {
  /** Such as `http://127.0.0.1:5000`. */
  readonly url: string
  /** `host:port` pairs. */
  readonly listening: readonly string[]
  close(): Promise<void>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while a body is on its way. */
    bodyTimer: BodyTimer | null
  }
  interface FastifyContextConfig {
    /** The body is read by the route itself, as long as pieces keep coming. */
    uploads?: boolean
  }
}

/** Starts the headless API, and web mode where that is asked for. @throws Error when it cannot listen */
export async function startHttp(parts: HttpParts, options: HttpOptions): Promise<HttpServer> {
  const app = await buildHttp(parts, options)
  try {
    await app.listen({ host: options.host, port: options.port })
  } catch (error) {
    await app.close()
    throw new Error(cannotListen(error, options), { cause: error })
  }
  const addresses = app.addresses() as AddressInfo[]
  return {
    url: urlOf(options, addresses[0]!),
    listening: addresses.map(({ address, port }) => `${inUrl(address)}:${port}`),
    close: () => app.close(),
  }
}

/** The server without its socket. */
export async function buildHttp(parts: HttpParts, options: HttpOptions): Promise<FastifyInstance> {
  const { log } = parts
  const limits = { ...LIMITS, ...options.limits }
  const { setAlarm = setSystemAlarm } = options
  const tls = options.tls !== null
  const app = createApp(options, limits)
  limitConnections(app.server, limits)
  app.removeContentTypeParser('text/plain')
  app.decorateRequest('bodyTimer', null)

  const known = knownHosts({ loopback: options.loopback, allowed: options.allowedHosts })
  app.addHook('onRequest', async (request, reply) => {
    if (hasBody(request)) {
      const ms = request.routeOptions.config.uploads ? limits.uploadPauseMs : limits.bodyMs
      request.bodyTimer = new BodyTimer(request, reply, ms, setAlarm)
    }
    reply.header('Cache-Control', 'no-store')
    if (!known(request.headers.host ?? '')) throw new Refusal('unknown_host', unknownHost(request))
  })
  await app.register(helmet, helmetOptions(options))
  await app.register(rateLimit, {
    global: true,
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    cache: 10_000,
    keyGenerator: request => networkOf(request.socket.remoteAddress ?? ''),
    errorResponseBuilder: (_request, { ttl }) => new Refusal('too_many', ERRORS.too_many.message, {}, ttl),
  })
  await app.register(cookie)

  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const present = methods.get(url) ?? new Set()
    for (const one of [method].flat()) present.add(one)
    methods.set(url, present)
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, log))
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => answerUnknown(request, reply, methods))

  const cookies = options.web ? cookieNames(tls) : null
  const gate = createGate(parts, cookies, ownOrigins({ tls, allowed: options.allowedHosts }))
  const context: HttpContext = { ...parts, app, gate, limits, setAlarm, cookies, tls }
  app.get('/health', { exposeHeadRoute: true }, () => ({ status: 'ok' }))
  addOperations(context)
  await addUploads(context)
  addEvents(context)
  addOpenApi(context)
  if (cookies) addWeb(context, cookies)
  await app.ready()
  return app
}

function createApp(options: HttpOptions, limits: Limits): FastifyInstance {
  const server = {
    maxHeaderSize: 16 * 1024,
    headersTimeout: limits.headersMs,
    // Each request has its own timer for the body; see BodyTimer.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(2_000, limits.headersMs),
    ...(options.tls && {
      ...{ key: options.tls.key, cert: options.tls.cert },
      ...{ minVersion: 'TLSv1.2' as const, handshakeTimeout: limits.headersMs },
    }),
  }
  const app = fastify({
    ...(options.tls ? { https: server } : { http: server }),
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: 0,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    trustProxy: false,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false, caseSensitive: true },
    frameworkErrors: (_error, _request, reply) => {
      void (reply as FastifyReply).code(400).send(PROTOCOL_ERRORS[400])
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy()
        return
      }
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
      socket.end(rawAnswer(status))
    },
  })
  return app as unknown as FastifyInstance
}

/** Pages come from here alone, and nothing else may hold them. */
function helmetOptions({ tls }: HttpOptions) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'"],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // A browser that insists on https would not let anybody past a certificate that it does not know.
    strictTransportSecurity: tls?.known ? { maxAge: 365 * 24 * 3_600, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' as const },
    referrerPolicy: { policy: 'no-referrer' as const },
    crossOriginEmbedderPolicy: true,
  }
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const refusal = refusalOf(error)
  if (refusal === null) {
    log.error('a request failed', error, { method: request.method, route: request.routeOptions.url ?? '' })
    const { code, message } = asRefusal(error)
    return answerRefusal(reply, { code, message })
  }
  if ('protocol' in refusal) return reply.code(refusal.protocol).send(PROTOCOL_ERRORS[refusal.protocol])
  return answerRefusal(reply, refusal)
}

function answerUnknown(
  request: FastifyRequest,
  reply: FastifyReply,
  methods: ReadonlyMap<string, ReadonlySet<string>>,
): FastifyReply {
  const path = request.url.split('?')[0]!
  const allowed = [...methods].filter(([url]) => pathPattern(url).test(path)).flatMap(([, names]) => [...names])
  if (allowed.length > 0) {
    return reply
      .code(405)
      .header('Allow', [...new Set(allowed)].join(', '))
      .send(PROTOCOL_ERRORS[405])
  }
  return answerRefusal(reply, { code: 'not_found', message: 'There is nothing at this address.' })
}

function unknownHost(request: FastifyRequest): string {
  const name = (request.headers.host ?? '').replace(/[^\w.:[\]-]/g, '').slice(0, 100)
  return `This computer serves itself only, and is not known as "${name}". Ask for localhost, or start with --allow-host.`
}

function urlOf(options: HttpOptions, { address, port }: AddressInfo): string {
  const everywhere = address === '0.0.0.0' || address === '::'
  return `${options.tls ? 'https' : 'http'}://${everywhere ? 'localhost' : inUrl(address)}:${port}`
}

function inUrl(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

function cannotListen(error: unknown, { host, port }: HttpOptions): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    return `The API cannot listen: port ${port} on ${host} is in use. Choose another with --port, or stop what uses it.`
  }
  if (code === 'EACCES')
    return `The API cannot listen: port ${port} is for the system. Choose one above 1023 with --port.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `The API cannot listen: ${host} is no address of this computer. Name another with --host.`
  }
  return `The API cannot listen on ${host} port ${port}: ${(error as Error).message}`
}
