import type { FastifyReply, FastifyRequest } from 'fastify'
import { mayDo } from '../domain/permissions.ts'
import { sourceOf } from './credentials.ts'
import { answerRefusal } from './errors.ts'
import { askerOf, entering } from './gate.ts'
import { inputReader, type RequestParts } from './input.ts'
import { operationRoutes, routerPath } from './routes.ts'
import type { HttpContext } from './server.ts'

/** A route for every operation of the table that has one. */
export function addOperations({ app, dispatch, gate }: HttpContext): void {
  const enter = entering(gate)
  for (const { method, path, name, operation } of operationRoutes) {
    const read = inputReader(operation, { method, path })
    /** The dispatcher refuses and records it: nothing of the body is read for somebody who may not do this at all. */
    const refuseEarly = async (request: FastifyRequest, reply: FastifyReply) => {
      const { caller } = askerOf(request)
      if (mayDo(caller.role, operation.permission)) return
      const answer = await dispatch(name, {} as never, caller, 'remote')
      if (!answer.ok) return answerRefusal(reply, answer.error, operation.permission)
    }
    app.route({
      method,
      url: routerPath(path),
      onRequest: [enter, refuseEarly],
      handler: async (request, reply) => {
        const { caller } = askerOf(request)
        const { params, query, body } = request
        const input = read({ params, query, body } as RequestParts)
        const key = request.headers['idempotency-key']
        const answer = await dispatch(name, input as never, caller, 'remote', {
          source: sourceOf(request),
          ...(key !== undefined && { idempotencyKey: String(key) }),
        })
        return answer.ok ? reply.send(answer.data) : answerRefusal(reply, answer.error, operation.permission)
      },
    })
  }
}
