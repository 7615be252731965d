import { connect, type Socket } from 'node:net'
import { dirname } from 'node:path'
import type { Answer } from '../../shared/errors.ts'
import type { GivenOf, OperationName, OutputOf } from '../../shared/operations/index.ts'
import { isOwn, readHubFile } from './address.ts'
import { readLines } from './lines.ts'

/** Does operations as the local administrator, in the hub or in this process. */
export type Call = <N extends OperationName>(name: N, input: GivenOf<N>) => Promise<Answer<OutputOf<N>>>

export interface HubClient {
  readonly pid: number
  /** Rejects with HubGoneError when the hub ends before it has answered. */
  readonly call: Call
  close(): void
}

/** The connection ended before the answer came: what was asked for may have been done or not. */
export class HubGoneError extends Error {
  readonly code = 'HUB_GONE'

  constructor() {
    super('The hub stopped before it answered. Look what was done before you try again.')
    this.name = 'HubGoneError'
  }
}

/** Answers can be long: a page of 500 threads, a million codes never. */
const MAX_ANSWER_CHARS = 64 * 1024 * 1024

/** The hub that runs on a data folder, or null when none answers. */
export async function connectHub(folder: string): Promise<HubClient | null> {
  const hub = readHubFile(folder)
  if (!hub) return null
  // A socket outside the data folder could be somebody else's trap.
  const outside = process.platform !== 'win32' && dirname(hub.socket) !== folder
  if (outside && !safely(() => isOwn(dirname(hub.socket)))) return null
  const socket = await connected(hub.socket)
  return socket && clientOver(socket, hub.pid)
}

function clientOver(socket: Socket, pid: number): HubClient {
  const waiting = new Map<number, PromiseWithResolvers<Answer<unknown>>>()
  let last = 0
  let ended = false
  readLines(
    socket,
    MAX_ANSWER_CHARS,
    line => {
      const { id, answer } = JSON.parse(line) as { id: number; answer: Answer<unknown> }
      // A refusal of the line itself names no request: it is the last one's.
      const request = id === 0 ? last : id
      waiting.get(request)?.resolve(answer)
      waiting.delete(request)
    },
    () => socket.destroy(),
  )
  socket.on('error', () => socket.destroy())
  socket.once('close', () => {
    ended = true
    for (const { reject } of waiting.values()) reject(new HubGoneError())
    waiting.clear()
  })
  return {
    pid,
    call: ((operation: OperationName, input: unknown) => {
      if (ended) return Promise.reject(new HubGoneError())
      last += 1
      const answer = Promise.withResolvers<Answer<unknown>>()
      waiting.set(last, answer)
      socket.write(`${JSON.stringify({ id: last, operation, input })}\n`)
      return answer.promise
    }) as Call,
    close: () => socket.destroy(),
  }
}

function connected(path: string): Promise<Socket | null> {
  const { promise, resolve } = Promise.withResolvers<Socket | null>()
  const socket = connect(path)
  socket.once('connect', () => resolve(socket))
  socket.once('error', () => resolve(null))
  return promise
}

function safely(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}
