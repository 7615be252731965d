import { randomUUID } from 'node:crypto'
import { createReadStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { SAVING, type SavingName } from '../../shared/bridge.ts'
import { ERRORS, Refusal } from '../../shared/errors.ts'
import { type OperationName, operations } from '../../shared/operations/index.ts'
import { askerOf, entering } from './gate.ts'
import type { HttpContext } from './server.ts'

/** What a browser may save: a backup holds everything and stays on the hub's computer. */
const DOWNLOADS: readonly SavingName[] = SAVING.filter(name => name !== 'backups.create')

/** The door of the application's own pages: any operation by its name, for a session. Scripts have routes with paths. */
export function addCalls(context: HttpContext): void {
  const { app, gate, dispatch, downloads } = context
  const known = new Set<string>(operations.map(operation => operation.name))
  const enter = entering(gate)
  const sessionsOnly = async (request: FastifyRequest): Promise<void> => {
    if (askerOf(request).credential.kind !== 'session') {
      throw new Refusal(
        'not_found',
        'This address is for the pages of the application. Scripts have their own: see docs/api.md.',
      )
    }
  }
  const options = { onRequest: [enter, sessionsOnly] }

  app.post<{ Params: { name: string } }>('/api/call/:name', options, async (request, reply) => {
    const { name } = request.params
    if (!known.has(name)) throw new Refusal('not_found')
    const answer = await dispatch(
      name as OperationName,
      (request.body ?? {}) as never,
      askerOf(request).caller,
      'remote',
    )
    if (answer.ok) return reply.send(answer.data)
    return reply.code(ERRORS[answer.error.code].status).send({ error: answer.error })
  })

  app.post<{ Params: { name: string } }>('/api/files/:name', options, async (request, reply) => {
    const name = DOWNLOADS.find(one => one === request.params.name)
    if (!name) throw new Refusal('not_found')
    mkdirSync(downloads, { recursive: true, mode: 0o700 })
    const path = join(downloads, randomUUID())
    const body = typeof request.body === 'object' && request.body !== null ? request.body : {}
    // The path is ours, so the door of the own computer is right; who may do it is checked all the same.
    const answer = await dispatch(name, { ...body, path } as never, askerOf(request).caller, 'local')
    if (!answer.ok) return reply.code(ERRORS[answer.error.code].status).send({ error: answer.error })
    return sendOnce(reply, path, typeOf(name, body))
  })
}

function typeOf(name: SavingName, body: object): string {
  if (name !== 'person.save') return 'text/csv; charset=utf-8'
  return 'format' in body && body.format === 'json' ? 'application/json' : 'text/plain; charset=utf-8'
}

/** Sends a file and removes it, also when the client goes away. */
function sendOnce(reply: FastifyReply, path: string, type: string): FastifyReply {
  const stream = createReadStream(path)
  stream.once('close', () => rmSync(path, { force: true }))
  return reply.type(type).header('Content-Disposition', 'attachment').send(stream)
}
