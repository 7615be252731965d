import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterThisTest } from './folder.ts'

/** One request that came in. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly json: { id: string; event: string; key: string; at: number; data: Record<string, unknown> }
}

/** What the receiver does with a request; without a choice it answers 204. */
export type Reaction = (response: ServerResponse, request: Received) => void

/** A program that takes webhooks, on a real socket of this computer. */
export class Receiver {
  readonly received: Received[] = []
  react: Reaction = response => response.writeHead(204).end()
  readonly #server: Server
  readonly #waiting: { enough: () => boolean; resolve: () => void }[] = []

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(port = 0): Promise<Receiver> {
    const server = createServer()
    const receiver = new Receiver(server)
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('error', () => {})
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8')
        const one = { path: request.url ?? '', headers: request.headers, body, json: JSON.parse(body) as never }
        receiver.received.push(one)
        receiver.react(response, one)
        for (const waiting of [...receiver.#waiting]) if (waiting.enough()) waiting.resolve()
      })
    })
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
    afterThisTest(() => receiver.close())
    return receiver
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`
  }

  /** Resolves when so many different deliveries have come. */
  async deliveries(count: number): Promise<Received[]> {
    await this.until(() => new Set(this.received.map(one => one.json.id)).size >= count)
    return this.received
  }

  /** Resolves when it is so; asked after each request. */
  async until(enough: () => boolean): Promise<void> {
    if (enough()) return
    await new Promise<void>(resolve => this.#waiting.push({ enough, resolve }))
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
