import type { FastifyReply } from 'fastify'
import { ERRORS, type ErrorCode, Refusal, type RefusalBody } from '../../shared/errors.ts'
import { type Permission, ROLES } from '../../shared/operations/define.ts'
import { mayDo } from '../domain/permissions.ts'

/** What every error of the API looks like. */
export interface ErrorBody {
  readonly error: string
  readonly message: string
  readonly fields?: Readonly<Record<string, string>>
}

/** What `error` says for each code: few words, the same ones every time. */
export const TITLES: Readonly<Record<ErrorCode, string>> = {
  authentication_required: 'Authentication required',
  sign_in_refused: 'Sign-in refused',
  password_change_needed: 'Password change needed',
  forbidden: 'Insufficient permissions',
  csrf_refused: 'Request refused',
  unknown_host: 'Unknown host',
  local_only: 'Not over the network',
  invalid_input: 'Invalid request',
  not_found: 'Not found',
  conflict: 'Conflict',
  exists_already: 'Exists already',
  file_refused: 'File refused',
  review_failed: 'Review failed',
  locked: 'Locked',
  too_many: 'Too many requests',
  too_large: 'Too large',
  key_missing: 'Data key missing',
  storage_failed: 'Storage failed',
  unavailable: 'Unavailable',
  internal: 'Internal error',
}

/** Faults of HTTP itself, which no operation knows. */
export const PROTOCOL_ERRORS = {
  400: { error: 'Invalid request', message: 'The request cannot be read. Send JSON as UTF-8, and a well-formed URL.' },
  405: { error: 'Method not allowed', message: 'This address takes other methods; the Allow header names them.' },
  406: { error: 'Not acceptable', message: 'This address answers in one form only.' },
  408: { error: 'Too slow', message: 'The request did not arrive in time.' },
  415: {
    error: 'Unsupported media type',
    message: 'Send application/json, or multipart/form-data where a file is uploaded.',
  },
  431: { error: 'Too large', message: 'The headers are larger than is accepted.' },
} as const

export function answerRefusal(reply: FastifyReply, refusal: RefusalBody, permission?: Permission): FastifyReply {
  const { code, fields, retryAfterMs } = refusal
  if (code === 'authentication_required') reply.header('WWW-Authenticate', 'Bearer')
  if (retryAfterMs !== undefined) reply.header('Retry-After', String(Math.max(1, Math.ceil(retryAfterMs / 1000))))
  const body: ErrorBody = { error: TITLES[code], message: messageOf(refusal, permission), ...(fields && { fields }) }
  return reply.code(ERRORS[code].status).send(body)
}

function messageOf({ code, message }: RefusalBody, permission: Permission | undefined): string {
  if (code === 'authentication_required') return 'Please provide valid API key'
  // The sentence names the file.
  if (code === 'key_missing') return `${ERRORS.key_missing.message} On its computer: campaign-connector doctor`
  if (code === 'forbidden' && permission && message === ERRORS.forbidden.message) return roleNeeded(permission)
  return message
}

/** Such as "Admin role required". */
export function roleNeeded(permission: Permission): string {
  const roles = ROLES.filter(role => mayDo(role, permission))
    .reverse()
    .join(' or ')
  return `${roles.slice(0, 1).toUpperCase()}${roles.slice(1)} role required`
}

/** Whatever was thrown, as a refusal; null for what is a fault of the application and belongs in the log. */
export function refusalOf(error: unknown): RefusalBody | { readonly protocol: keyof typeof PROTOCOL_ERRORS } | null {
  if (error instanceof Refusal) {
    const { code, message, fields, retryAfterMs } = error
    return {
      ...{ code, message },
      ...(Object.keys(fields).length > 0 && { fields }),
      ...(retryAfterMs !== null && { retryAfterMs }),
    }
  }
  const { code = '', statusCode } = error as { code?: unknown; statusCode?: unknown }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || statusCode === 413) {
    return { code: 'too_large', message: ERRORS.too_large.message }
  }
  if (typeof statusCode !== 'number' || statusCode >= 500 || statusCode < 400) return null
  return { protocol: statusCode in PROTOCOL_ERRORS ? (statusCode as keyof typeof PROTOCOL_ERRORS) : 400 }
}
