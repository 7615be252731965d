import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ERRORS, Refusal } from '../../shared/errors.ts'
import { type CookieNames, csrfTokenOf, sourceOf } from './credentials.ts'
import { askerOf, entering } from './gate.ts'
import type { HttpContext } from './server.ts'

const loginSchema = z.strictObject({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1024),
  remember: z.boolean().default(false),
})

/** Pages, signing in and signing out. */
export function addWeb(context: HttpContext, cookies: CookieNames): void {
  const { app, auth, gate, limits, tls } = context
  const files = readFiles()
  const enter = entering(gate)
  const page = (reply: FastifyReply, name: string) => sendFile(reply, files.get(name)!)

  app.get('/', { exposeHeadRoute: true }, (request, reply) =>
    reply.redirect(signedIn(request) ? '/account' : '/login', 303),
  )
  app.get('/login', { exposeHeadRoute: true }, (request, reply) =>
    signedIn(request) ? reply.redirect('/account', 303) : page(reply, 'login.html'),
  )
  app.get('/account', { exposeHeadRoute: true }, (request, reply) =>
    signedIn(request) ? page(reply, 'account.html') : reply.redirect('/login', 303),
  )
  for (const [name, file] of files) {
    if (name.endsWith('.html')) continue
    app.get(`/assets/${name}`, (request, reply) => {
      reply.header('Cache-Control', 'no-cache').header('ETag', file.tag)
      return request.headers['if-none-match'] === file.tag ? reply.code(304).send() : sendFile(reply, file)
    })
  }

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

  function signedIn(request: FastifyRequest): boolean {
    return gate.visitor(request)?.credential.kind === 'session'
  }
}

function badLogin(error: z.ZodError): Refusal {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) fields[issue.path.join('.') || 'input'] ??= issue.message
  return new Refusal('invalid_input', ERRORS.invalid_input.message, fields)
}

interface PageFile {
  readonly type: string
  readonly bytes: Buffer
  readonly tag: string
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** All files of the pages, read once: what is asked for is looked up by name, and never made into a path. */
function readFiles(): ReadonlyMap<string, PageFile> {
  const places = ['../../../resources/web/', '../../resources/web/', '../resources/web/', '../../web/']
  const folder = places
    .map(place => new URL(place, import.meta.url))
    .find(url => existsSync(new URL('login.html', url)))
  if (!folder) throw new Error('The pages of web mode are missing: resources/web is not beside the program.')
  return new Map(
    readdirSync(folder).flatMap((name): [string, PageFile][] => {
      const type = TYPES[extname(name)]
      if (type === undefined) return []
      const bytes = readFileSync(new URL(name, folder))
      return [[name, { type, bytes, tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }]]
    }),
  )
}

function sendFile(reply: FastifyReply, file: PageFile): FastifyReply {
  return reply.type(file.type).send(file.bytes)
}
