import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { addressProblem, targetProblem } from './target.ts'

/** Not imported: that reads everything the module could offer, for which Node loads its fetch and WebSocket, at each start. */
const { Agent: PlainAgent, request: plainRequest } = process.getBuiltinModule('node:http')

/** What a target answered. A redirect is an answer like any other: it is not followed. */
export interface TargetAnswer {
  readonly status: number
  /** What it asks to wait, in ms; null: nothing. */
  readonly retryAfterMs: number | null
}

export interface TargetRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
}

/** Posts to a target. Rejects with a sentence when there is no answer. */
export type PostToTarget = (request: TargetRequest) => Promise<TargetAnswer>

/** From the lookup of the name to the head of the answer, in ms. */
const LIMIT_MS = 15_000
/** So much of an answer is read and thrown away, so that the connection can be used again; then it is cut. */
const MOST_ANSWER_BYTES = 16 * 1024
const SOCKETS_PER_HOST = 8
const IDLE_MS = 10_000

/**
 * The way out for webhooks. Every address that a name stands for is looked at before the connection is made to it, so that
 * a name cannot be moved to an address that is not allowed. `lookup` is the system's except in tests.
 */
export function createTargetPost(
  lookup: typeof systemLookup = systemLookup,
  limitMs = LIMIT_MS,
): { post: PostToTarget; close(): void } {
  const settings = { keepAlive: true, maxSockets: SOCKETS_PER_HOST, timeout: IDLE_MS }
  const plain = new PlainAgent({ ...settings, lookup: checked(lookup, 'http:') })
  const tls = new TlsAgent({ ...settings, lookup: checked(lookup, 'https:') })

  const post: PostToTarget = ({ url: text, headers, body, signal }) => {
    const problem = targetProblem(text)
    if (problem !== null) return Promise.reject(new Error(problem))
    const url = new URL(text)
    const { promise, resolve, reject } = Promise.withResolvers<TargetAnswer>()
    const options = {
      method: 'POST',
      headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
      signal,
      insecureHTTPParser: false,
      maxHeaderSize: 16 * 1024,
    }
    const request =
      url.protocol === 'https:'
        ? tlsRequest(url, { ...options, agent: tls })
        : plainRequest(url, { ...options, agent: plain })
    const timer = setTimeout(
      () => request.destroy(new Error(`No answer within ${Math.round(limitMs / 1000)} seconds.`)),
      limitMs,
    )
    request.once('error', error => reject(new Error(sentenceOf(error))))
    request.once('close', () => clearTimeout(timer))
    request.once('response', response => {
      resolve({ status: response.statusCode ?? 0, retryAfterMs: retryAfter(response.headers['retry-after']) })
      let read = 0
      response.on('error', () => {})
      response.on('data', (chunk: Buffer) => {
        read += chunk.length
        if (read > MOST_ANSWER_BYTES) response.destroy()
      })
    })
    request.end(body)
    return promise
  }

  return {
    post,
    close: () => {
      plain.destroy()
      tls.destroy()
    },
  }
}

/** Hands only addresses on that a webhook may be sent to, and none where one of them may not. */
function checked(lookup: typeof systemLookup, protocol: string): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const refuse = (problem: Error) => (callback as (error: Error) => void)(problem)
      if (error) return refuse(error)
      if (addresses.length === 0) return refuse(new Error(`The name ${hostname} stands for no address.`))
      for (const { address } of addresses) {
        const problem = addressProblem(address, protocol)
        if (problem !== null) return refuse(new Error(problem))
      }
      const first = addresses[0]!
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

/** Seconds only; a date would depend on two clocks. */
function retryAfter(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) * 1000 : null
}

/** Sentences for what goes wrong most often. Nothing of the answer's body is in them. */
function sentenceOf(error: Error & { code?: string; hostname?: string }): string {
  const { code } = error
  if (code === 'ECONNREFUSED') return 'Nothing listens at this address.'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'The target closed the connection before it answered.'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The name of the target cannot be resolved.'
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'The target cannot be reached.'
  if (code?.startsWith('HPE_')) return 'The target does not answer in HTTP.'
  if (code !== undefined && /CERT|SIGNATURE|TLS|SSL|ISSUER/.test(code)) {
    return `The certificate of the target is not accepted (${code}).`
  }
  return error.message.slice(0, 300)
}
