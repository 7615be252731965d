import type { GivenOf, OperationName } from '../../src/shared/operations/index.ts'
import { americanNumberOf } from './people.ts'
import { contactOf } from './seed.ts'

/** What a database was filled with. */
export interface Filled {
  readonly contacts: number
  readonly campaign: number
}

/** One and the same question, over HTTP and in process. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object
  readonly idempotencyKey?: string
  /** Null: no operation stands behind it. */
  readonly operation: { readonly name: OperationName; readonly input: GivenOf<OperationName> } | null
}

export const API_REQUESTS = [
  'GET /health',
  'GET /api/contacts',
  'GET /api/campaign/status',
  'POST /api/sms/send/enhanced',
] as const
export type ApiRequestName = (typeof API_REQUESTS)[number]

/** The `n`-th question of a kind. Every number is used once, or a text would be the same as an earlier one. */
export function apiRequest(name: ApiRequestName, n: number, { contacts, campaign }: Filled): ApiRequest {
  switch (name) {
    case 'GET /health':
      return { method: 'GET', path: '/health', operation: null }
    case 'GET /api/contacts': {
      const { first, last } = contactOf(1 + (n % contacts))
      const search = `${first} ${last.slice(0, 2).toLowerCase()}`
      const path = `/api/contacts?limit=50&search=${encodeURIComponent(search)}`
      return { method: 'GET', path, operation: { name: 'contacts.search', input: { limit: 50, search } } }
    }
    case 'GET /api/campaign/status': {
      const path = `/api/campaign/status?id=${campaign}`
      return { method: 'GET', path, operation: { name: 'campaigns.progress', input: { id: campaign } } }
    }
    case 'POST /api/sms/send/enhanced': {
      const body = { phone: americanNumberOf(contacts + 1 + n), message: `Your table ${n} is ready.` }
      const operation = { name: 'sms.send-enhanced', input: body } as const
      return { method: 'POST', path: '/api/sms/send/enhanced', body, idempotencyKey: `bench-${n}`, operation }
    }
  }
}
