import { rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { errorCode, errorText } from './files.ts'

/** What another command of the same owner can ask of a running agent. */
export interface ControlRequest {
  readonly command: 'status' | 'rotate-key' | 'doctor' | 'resume-lane'
  readonly slot?: number
  /** The own number for the self-test; null: no self-test. */
  readonly number?: string | null
}

export type ControlAnswer = { ok: true; result: unknown } | { ok: false; message: string }

/** Paths of sockets are short everywhere. */
const LONGEST_PATH = 100

/**
 * Answers requests on a socket in the agent's folder, which only its owner can open. The lock must be held.
 * @returns what ends it; null when the path is too long for a socket.
 */
export async function serveControl(
  path: string,
  handle: (request: ControlRequest) => Promise<unknown>,
): Promise<Server | null> {
  if (Buffer.byteLength(path) > LONGEST_PATH) return null
  rmSync(path, { force: true })
  const server = createServer(socket => {
    let text = ''
    socket.on('error', () => {})
    socket.on('data', data => {
      text += String(data)
      if (text.length > 10_000) return socket.destroy()
      if (!text.includes('\n')) return
      const line = text.slice(0, text.indexOf('\n'))
      text = ''
      void answer(line, handle).then(result => socket.end(`${JSON.stringify(result)}\n`))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  server.unref()
  return server
}

/** Asks the running agent. Null when none answers on this socket. */
export function askControl(path: string, request: ControlRequest, limitMs: number): Promise<ControlAnswer | null> {
  if (Buffer.byteLength(path) > LONGEST_PATH) return Promise.resolve(null)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(path, () => socket.write(`${JSON.stringify(request)}\n`))
    socket.setTimeout(limitMs, () => socket.destroy(new Error('The running agent does not answer.')))
    socket.on('data', data => {
      text += String(data)
    })
    socket.on('error', error => {
      if (['ENOENT', 'ECONNREFUSED'].includes(errorCode(error))) resolve(null)
      else reject(error)
    })
    socket.on('end', () => {
      try {
        resolve(JSON.parse(text) as ControlAnswer)
      } catch {
        reject(new Error('The running agent ended before it answered.'))
      }
    })
  })
}

async function answer(line: string, handle: (request: ControlRequest) => Promise<unknown>): Promise<ControlAnswer> {
  try {
    return { ok: true, result: await handle(JSON.parse(line) as ControlRequest) }
  } catch (error) {
    return { ok: false, message: errorText(error) }
  }
}
