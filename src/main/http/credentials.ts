import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Refusal } from '../../shared/errors.ts'
import type { Auth, Source } from '../services/auth/service.ts'
import type { Caller } from '../services/operations/caller.ts'

/** What a request shows to say who asks. */
export type Credential =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'session'; readonly token: string }

/** Names of the cookies. With TLS the prefix `__Host-` binds them to this very host, and to https. */
export interface CookieNames {
  readonly session: string
  readonly csrf: string
}

export function cookieNames(tls: boolean): CookieNames {
  const prefix = tls ? '__Host-' : ''
  return { session: `${prefix}cc_session`, csrf: `${prefix}cc_csrf` }
}

/**
 * The credential of a request: a key in a header, else (in web mode) the session's cookie. Null: none.
 * A key in a header counts alone, since no foreign page can make a browser send one.
 * @throws Refusal invalid_input for two different keys
 */
export function credentialOf(request: FastifyRequest, cookies: CookieNames | null): Credential | null {
  const { 'x-api-key': header, authorization } = request.headers
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  const key = typeof header === 'string' && header !== '' ? header : undefined
  if (key !== undefined && bearer !== undefined && key !== bearer) {
    throw new Refusal('invalid_input', 'X-API-Key and Authorization hold different keys. Send one of them.')
  }
  const given = key ?? bearer
  if (given !== undefined) return { kind: 'key', key: given }
  // What was meant as a credential must not be passed over for the cookie.
  if (authorization !== undefined) return null
  const token = cookies === null ? undefined : request.cookies[cookies.session]
  return token === undefined || token === '' ? null : { kind: 'session', token }
}

export function sourceOf(request: FastifyRequest): Source {
  return { ip: request.socket.remoteAddress ?? 'unknown', userAgent: request.headers['user-agent'] ?? '' }
}

/** Who a credential is, at this moment. Null: nobody (any more). Throws Refusal too_many. */
export function callerOf(auth: Auth, credential: Credential, source: Source): Caller | null {
  return credential.kind === 'key'
    ? auth.callerOfKey(credential.key, source)
    : auth.callerOfSession(credential.token, source)
}

/** The token that changes by this session have to show: only who knows the session's own token can make it. */
export function csrfTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('campaign-connector csrf').digest('base64url')
}

/**
 * Whether a change that a cookie vouches for was made by a page of this application: the browser says so, as far as it
 * says anything, and the request shows the session's token, which foreign pages cannot read.
 */
export function isOwnRequest(request: FastifyRequest, sessionToken: string, ownOrigins: OwnOrigins): boolean {
  const shown = request.headers['x-csrf-token']
  if (typeof shown !== 'string') return false
  const wanted = Buffer.from(csrfTokenOf(sessionToken))
  const given = Buffer.from(shown)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return false
  return isFromOwnPage(request, ownOrigins)
}

/** Says whether `origin` is the one under which the request reached us. */
export type OwnOrigins = (origin: string, host: string) => boolean

/** What the browser says about the page that made the request. Other clients say nothing, and pass. */
export function isFromOwnPage(request: FastifyRequest, ownOrigins: OwnOrigins): boolean {
  const { origin, host = '' } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return origin === undefined || ownOrigins(origin, host)
}
