import { z } from 'zod'
import { ERRORS, Refusal } from '../../shared/errors.ts'
import { BRAND_PATHS, pagePolicy, readPages } from '../services/pages.ts'
import { addCalls } from './calls.ts'
import { type CookieNames, csrfTokenOf, sourceOf } from './credentials.ts'
import { askerOf, entering } from './gate.ts'
import type { HttpContext } from './server.ts'

const loginSchema = z.strictObject({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1024),
  remember: z.boolean().default(false),
})

/** The pages of the application, signing in and out, and the one door through which those pages do everything. */
export function addWeb(context: HttpContext, cookies: CookieNames): void {
  const { app, auth, brand, gate, limits, tls } = context
  const files = readPages(context.random)
  files.readRest()
  const enter = entering(gate)

  for (const path of ['/', '/login']) {
    app.get(path, { exposeHeadRoute: true }, (_request, reply) => {
      const { html, nonce } = files.index()
      return reply.type('text/html; charset=utf-8').header('Content-Security-Policy', pagePolicy(nonce)).send(html)
    })
  }
  for (const [path, file] of files.others) {
    app.get(path, (request, reply) => {
      // Names of files under /assets hold a hash of what is in them.
      const lasting = path.startsWith('/assets/')
      reply
        .header('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
        .header('ETag', file.tag)
      return request.headers['if-none-match'] === file.tag
        ? reply.code(304).send()
        : reply.type(file.type).send(file.bytes)
    })
  }
  app.get(BRAND_PATHS.facts, () => brand.facts())
  app.get(BRAND_PATHS.logo, (request, reply) => {
    const logo = brand.logo()
    if (!logo) throw new Refusal('not_found')
    reply.header('Cache-Control', 'no-cache').header('ETag', logo.tag)
    return request.headers['if-none-match'] === logo.tag
      ? reply.code(304).send()
      : reply.type(logo.type).send(Buffer.from(logo.bytes))
  })
  addCalls(context)

  const perMinute = { rateLimit: { max: limits.loginsPerMinute, timeWindow: 60_000 } }
  app.post('/api/auth/login', { config: perMinute }, async (request, reply) => {
    gate.refuseForeign(request)
    const parsed = loginSchema.safeParse(request.body ?? {})
    if (!parsed.success) throw badLogin(parsed.error)
    const before = request.cookies[cookies.session]
    const { token, expiresAt, user } = await auth.login(parsed.data, sourceOf(request))
    // Whatever session the browser had, its token is worth nothing any more: nobody can have planted this one.
    if (before !== undefined && before !== token) auth.logout(before)
    const csrfToken = csrfTokenOf(token)
    const kept = {
      path: '/',
      secure: tls,
      sameSite: 'strict',
      ...(parsed.data.remember && { expires: new Date(expiresAt) }),
    } as const
    reply.setCookie(cookies.session, token, { ...kept, httpOnly: true })
    reply.setCookie(cookies.csrf, csrfToken, { ...kept, httpOnly: false })
    return { user, csrfToken, expiresAt }
  })

  app.post('/api/auth/logout', { onRequest: enter }, async (request, reply) => {
    const asking = askerOf(request)
    await gate.permit(asking, 'auth.status')
    const { credential } = asking
    if (credential.kind !== 'session') {
      throw new Refusal('conflict', 'An API key is not signed in. It ends when an administrator revokes it.')
    }
    auth.logout(credential.token)
    for (const name of [cookies.session, cookies.csrf]) {
      reply.clearCookie(name, { path: '/', secure: tls, sameSite: 'strict' })
    }
    return { done: true }
  })
}

function badLogin(error: z.ZodError): Refusal {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) fields[issue.path.join('.') || 'input'] ??= issue.message
  return new Refusal('invalid_input', ERRORS.invalid_input.message, fields)
}
