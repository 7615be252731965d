import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../shared/errors.ts'
import { type OperationName, operations } from '../../shared/operations/index.ts'
import { mayDo } from '../domain/permissions.ts'
import type { Auth } from '../services/auth/service.ts'
import type { Caller } from '../services/operations/caller.ts'
import type { Dispatcher } from '../services/operations/dispatch.ts'
import {
  type CookieNames,
  type Credential,
  callerOf,
  credentialOf,
  isFromOwnPage,
  isOwnRequest,
  type OwnOrigins,
  sourceOf,
} from './credentials.ts'
import { roleNeeded } from './errors.ts'

/** Who asks, and by what. */
export interface Asking {
  readonly caller: Caller
  readonly credential: Credential
}

export interface Gate {
  /**
   * Who asks: looked up before a byte of the body is read. A change that a cookie vouches for has to come from a page of
   * this application. @throws Refusal
   */
  enter(request: FastifyRequest): Asking
  /** Null where nobody is signed in. For pages, which answer with the login page. */
  visitor(request: FastifyRequest): Asking | null
  /** Refuses what a page of somebody else has made the browser do. For requests without a session. */
  refuseForeign(request: FastifyRequest): void
  /** Who a credential is now, for streams that outlive the request. */
  recheck(request: FastifyRequest, credential: Credential): Caller | null
  /** For routes that are no operation: who may not do this one is refused, and the dispatcher puts that on record. */
  permit(asking: Asking, operation: OperationName): Promise<void>
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

export function createGate(
  parts: { auth: Auth; dispatch: Dispatcher },
  cookies: CookieNames | null,
  own: OwnOrigins,
): Gate {
  const { auth, dispatch } = parts
  const visitor = (request: FastifyRequest): Asking | null => {
    const credential = credentialOf(request, cookies)
    const caller = credential && callerOf(auth, credential, sourceOf(request))
    return caller && { caller, credential }
  }
  return {
    visitor,
    enter(request) {
      const asking = visitor(request)
      if (!asking) throw new Refusal('authentication_required')
      const { credential } = asking
      if (credential.kind === 'session' && !SAFE.has(request.method) && !isOwnRequest(request, credential.token, own)) {
        throw new Refusal('csrf_refused')
      }
      return asking
    },
    refuseForeign(request) {
      if (!isFromOwnPage(request, own)) throw new Refusal('csrf_refused')
    },
    recheck: (request, credential) => callerOf(auth, credential, sourceOf(request)),
    async permit({ caller }, name) {
      const { permission } = operations.find(entry => entry.name === name)!
      if (!mayDo(caller.role, permission)) {
        await dispatch(name, {} as never, caller, 'remote')
        throw new Refusal('forbidden', roleNeeded(permission))
      }
      if (caller.kind === 'user' && caller.mustChangePassword && permission !== 'account:own') {
        throw new Refusal('password_change_needed')
      }
    },
  }
}

/** Who asks, as the route's first hook has found out. */
const askers = new WeakMap<FastifyRequest, Asking>()

/** The hook that lets in only who is known. */
export function entering(gate: Gate): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async request => {
    askers.set(request, gate.enter(request))
  }
}

export function askerOf(request: FastifyRequest): Asking {
  const asking = askers.get(request)
  if (!asking) throw new Error('a route was reached without its first hook')
  return asking
}
