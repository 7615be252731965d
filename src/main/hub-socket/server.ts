import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { type Answer, ERRORS } from '../../shared/errors.ts'
import type { OperationName } from '../../shared/operations/index.ts'
import { LOCAL } from '../services/operations/caller.ts'
import type { Dispatcher } from '../services/operations/dispatch.ts'
import type { Log } from '../services/ports.ts'
import { MAX_REQUEST_BYTES, ownFolder, removeHubFile, requestSchema, socketAddress, writeHubFile } from './address.ts'
import { readLines } from './lines.ts'

/** The hub's door for the command line on the same computer. */
export interface HubSocket {
  readonly address: string
  close(): Promise<void>
}

/** How long a client may take to read its last answer when the hub stops, in ms. */
const PATIENCE_MS = 1_000

/**
 * Listens where only the owner of the data folder can come in, so whoever does is the local administrator. Call it while
 * the folder's lock is held: what is left of an earlier hub is cleared away.
 */
export async function listenForCommands(parts: { folder: string; dispatch: Dispatcher; log: Log }): Promise<HubSocket> {
  const { folder, dispatch, log } = parts
  const address = socketAddress(folder)
  const pipe = process.platform === 'win32'
  if (!pipe) {
    if (dirname(address) !== folder) ownFolder(dirname(address))
    rmSync(address, { force: true })
  }
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', error => log.warn('a local connection broke', { error }))
    serve(socket, dispatch, log)
  })
  await listening(server, address)
  if (!pipe) chmodSync(address, 0o600)
  writeHubFile(folder, { pid: process.pid, socket: address })
  return {
    address,
    close: async () => {
      removeHubFile(folder)
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const socket of sockets) socket.destroySoon()
      // A client that does not read must not keep the hub from stopping.
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, PATIENCE_MS)
      await closed
      clearTimeout(timer)
    },
  }
}

function serve(socket: Socket, dispatch: Dispatcher, log: Log): void {
  const reply = (id: number, answer: Answer<unknown>) => {
    if (socket.writable) socket.write(`${JSON.stringify({ id, answer })}\n`)
  }
  const take = (line: string) => {
    const request = parse(line)
    if (!request) {
      reply(0, refusal('invalid_input', 'The line is no request: {"id", "operation", "input"} as JSON.'))
      return
    }
    dispatch(request.operation as OperationName, request.input as never, LOCAL).then(
      answer => reply(request.id, answer),
      error => {
        log.error('a local request failed', error, { operation: request.operation })
        reply(request.id, refusal('internal', ERRORS.internal.message))
      },
    )
  }
  readLines(socket, MAX_REQUEST_BYTES, take, () => {
    reply(0, refusal('too_large', `A request has ${MAX_REQUEST_BYTES} bytes at most.`))
  })
}

function parse(line: string) {
  try {
    const parsed = requestSchema.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function refusal(code: keyof typeof ERRORS, message: string): Answer<never> {
  return { ok: false, error: { code, message } }
}

function listening(server: Server, address: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(address, () => {
    server.off('error', reject)
    resolve()
  })
  return promise
}
