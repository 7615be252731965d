import type { Server, Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { PROTOCOL_ERRORS } from './errors.ts'

/** Sizes, times and counts that keep one caller from taking the service away from the others. */
export interface Limits {
  /** Requests of one source in a minute. */
  readonly requestsPerMinute: number
  /** Attempts to sign in of one source in a minute, over and above what locks an account. */
  readonly loginsPerMinute: number
  /** Connections at once, of all sources and of one. */
  readonly connections: number
  readonly connectionsPerSource: number
  /** A JSON body, in bytes. */
  readonly bodyBytes: number
  /** For the headers and then for the body to arrive, in ms. */
  readonly headersMs: number
  readonly bodyMs: number
  /** Of an upload: the longest pause between two pieces, in ms. */
  readonly uploadPauseMs: number
  /** Open event streams, of all callers and of one. */
  readonly streams: number
  readonly streamsPerCaller: number
}

export const LIMITS: Limits = {
  requestsPerMinute: 1_200,
  loginsPerMinute: 20,
  connections: 512,
  connectionsPerSource: 128,
  bodyBytes: 256 * 1024,
  headersMs: 10_000,
  bodyMs: 15_000,
  uploadPauseMs: 30_000,
  streams: 64,
  streamsPerCaller: 4,
}

/** Something that happens later, unless it is stopped before. */
export interface Alarm {
  /** Gives it its whole time anew. */
  refresh(): void
  stop(): void
}

/** Sets an alarm that rings after so many ms. Of tests, whose time is their own. */
export type SetAlarm = (ms: number, ring: () => void) => Alarm

export const setSystemAlarm: SetAlarm = (ms, ring) => {
  const timer = setTimeout(ring, ms)
  timer.unref()
  return { refresh: () => void timer.refresh(), stop: () => clearTimeout(timer) }
}

/** Closes connections beyond what one source may have. Works on the TCP connection, before any byte is read. */
export function limitConnections(server: Server, limits: Limits): void {
  const open = new Map<string, number>()
  server.maxConnections = limits.connections
  server.on('connection', (socket: Socket) => {
    const source = socket.remoteAddress ?? ''
    const count = (open.get(source) ?? 0) + 1
    if (count > limits.connectionsPerSource) {
      socket.destroy()
      return
    }
    open.set(source, count)
    socket.once('close', () => {
      const left = (open.get(source) ?? 1) - 1
      if (left === 0) open.delete(source)
      else open.set(source, left)
    })
  })
}

/**
 * Ends a connection whose body does not arrive in time. Node's own limit counts for all requests alike, which would cut
 * off uploads, so each request has a timer; `refresh` gives it its time anew.
 */
export class BodyTimer {
  readonly #alarm: Alarm

  constructor(request: FastifyRequest, reply: FastifyReply, ms: number, setAlarm: SetAlarm) {
    const { raw } = request
    this.#alarm = setAlarm(ms, () => {
      if (!raw.complete && !reply.raw.headersSent) {
        raw.socket.write(rawAnswer(408))
      }
      raw.socket.destroySoon()
    })
    raw.once('end', () => this.#alarm.stop())
    raw.once('close', () => this.#alarm.stop())
  }

  refresh(): void {
    this.#alarm.refresh()
  }
}

/** An answer for a connection whose request never became one. */
export function rawAnswer(status: 400 | 408 | 431): string {
  const body = JSON.stringify(PROTOCOL_ERRORS[status])
  return (
    `HTTP/1.1 ${status} ${PROTOCOL_ERRORS[status].error}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}

/** Whether a request says that it has a body. */
export function hasBody(request: FastifyRequest): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  return encoding !== undefined || (length !== undefined && length !== '0')
}
