import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { ApiRequest } from './api-requests.ts'

/**
 * A connection that asks one thing after the other. Node's own client takes as much processor time for a request as the
 * hub does for a small one, and on a machine with few cores that would be what is measured.
 */
export class ApiConnection {
  readonly #socket: Socket
  #received = ''
  #answered: ((status: number) => void) | null = null
  #failed: ((error: Error) => void) | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (piece: string) => this.#take(piece))
    socket.on('error', error => this.#failed?.(error))
    socket.on('close', () => this.#failed?.(new Error('The hub closed the connection.')))
  }

  static async open(port: number): Promise<ApiConnection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await once(socket, 'connect')
    return new ApiConnection(socket)
  }

  /** Resolves with the status once the whole answer is there. */
  ask(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve
      this.#failed = reject
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#failed = null
    this.#socket.destroy()
  }

  #take(piece: string): void {
    this.#received += piece
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#received.slice(0, end)
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
    if (this.#received.length < end + 4 + length) return
    this.#received = this.#received.slice(end + 4 + length)
    this.#answered?.(Number(head.slice(9, 12)))
  }
}

/** A request as it goes over the wire. */
export function written({ method, path, body, idempotencyKey }: Omit<ApiRequest, 'operation'>, key: string): string {
  const json = body === undefined ? '' : JSON.stringify(body)
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    `X-API-Key: ${key}`,
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(json)}`]),
    ...(idempotencyKey === undefined ? [] : [`Idempotency-Key: ${idempotencyKey}`]),
  ]
  return `${head.join('\r\n')}\r\n\r\n${json}`
}
