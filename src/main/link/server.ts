import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { WebSocketServer } from 'ws'
import { Refusal } from '../../shared/errors.ts'
import { MAX_FRAME_BYTES, PROTOCOL_VERSION, pairRequestSchema } from '../../shared/phone-protocol.ts'
import { authenticatePhone } from '../services/phones/keys.ts'
import type { PhoneLink } from '../services/phones/service.ts'
import { type LinkIdentity, pinOf } from './certificate.ts'
import { Connection, type ConnectionParts } from './connection.ts'
import { linkProblem } from './problem.ts'

export interface LinkOptions {
  readonly identity: LinkIdentity
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** The bundled phone agent, served while a pairing is open. */
  readonly agentFile: string
}

/** The link cannot listen there. The message is a sentence for the person: why, and what to do. */
export class LinkListenError extends Error {}

/** A socket that has not shown a device key or a pairing code by then is closed, in ms. */
const UNKNOWN_MS = 10_000
const MOST_SOCKETS = 256
const MOST_BODY = 4_096

/** The TLS server for phones: the WebSocket for paired ones, and while a pairing is open the agent's file and `/pair`. */
export class LinkServer implements PhoneLink {
  readonly #parts: Omit<ConnectionParts, 'addresses' | 'opened' | 'closed'>
  readonly #options: LinkOptions
  readonly #server: Server
  readonly #sockets: WebSocketServer
  readonly #open = new Map<number, Connection>()
  readonly #all = new Set<Connection>()
  readonly #unknown = new WeakMap<Duplex, NodeJS.Timeout>()
  readonly pin: string

  constructor(parts: Omit<ConnectionParts, 'addresses' | 'opened' | 'closed'>, options: LinkOptions) {
    this.#parts = parts
    this.#options = options
    this.pin = pinOf(options.identity.cert)
    this.#server = createServer(
      {
        key: options.identity.key,
        cert: options.identity.cert,
        minVersion: 'TLSv1.2',
        handshakeTimeout: UNKNOWN_MS,
        headersTimeout: UNKNOWN_MS,
        requestTimeout: UNKNOWN_MS,
        keepAlive: true,
      },
      (request, response) => void this.#answer(request, response),
    )
    this.#server.maxConnections = MOST_SOCKETS
    this.#server.on('secureConnection', socket => this.#watchUnknown(socket))
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    this.#server.on('tlsClientError', () => {})
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })
  }

  /** Starts to listen. @throws LinkListenError when the address cannot be used */
  async listen(): Promise<void> {
    const { host, port } = this.#options
    this.#server.listen(port, host)
    try {
      await once(this.#server, 'listening')
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      throw new LinkListenError(linkProblem({ host, port }, code))
    }
  }

  async close(): Promise<void> {
    for (const connection of [...this.#all]) connection.refuse('shutting_down')
    this.#sockets.close()
    this.#server.closeAllConnections()
    if (!this.#server.listening) return
    await new Promise<void>(resolve => this.#server.close(() => resolve()))
  }

  /** host:port pairs under which phones can reach the hub. */
  addresses(): string[] {
    const { port } = this.#server.address() as AddressInfo
    return hostsOf(this.#options.host).map(host => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`))
  }

  address(): { addresses: string[]; pin: string; agentSha256: string } {
    const agentSha256 = createHash('sha256').update(this.#agent()).digest('hex')
    return { addresses: this.#reachable(), pin: this.pin, agentSha256 }
  }

  /** What phones are told: where others forward to this link, they cannot know it from its own addresses. */
  #reachable(): string[] {
    return [...new Set([...this.#parts.settings.current().linkAddresses, ...this.addresses()])].slice(0, 16)
  }

  isConnected(phoneId: number): boolean {
    return this.#open.has(phoneId)
  }

  disconnect(phoneId: number, reason: 'revoked' | 'replaced'): void {
    for (const connection of [...this.#all]) if (connection.phoneId === phoneId) connection.refuse(reason)
  }

  offerKey(phoneId: number, key: string): boolean {
    return this.#open.get(phoneId)?.tell({ t: 'new-key', key }) ?? false
  }

  runDoctor(phoneId: number): boolean {
    return this.#open.get(phoneId)?.tell({ t: 'run-doctor' }) ?? false
  }

  resumeLane(phoneId: number, slot: number): boolean {
    return this.#open.get(phoneId)?.tell({ t: 'resume-lane', slot }) ?? false
  }

  refreshSettings(): void {
    for (const connection of this.#open.values()) connection.sendSettings()
  }

  sendErasures(): void {
    for (const connection of this.#open.values()) connection.sendErasures()
  }

  #watchUnknown(socket: TLSSocket): void {
    const timer = setTimeout(() => socket.destroy(), UNKNOWN_MS)
    timer.unref()
    this.#unknown.set(socket, timer)
    socket.once('close', () => clearTimeout(timer))
    socket.on('error', () => {})
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const phoneId = Number(request.headers['x-phone'])
    const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    const known =
      pathOf(request).pathname === '/phone' && Number.isSafeInteger(phoneId) && key !== undefined
        ? authenticatePhone(this.#parts.db, phoneId, key)
        : null
    if (!known) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    clearTimeout(this.#unknown.get(socket))
    this.#sockets.handleUpgrade(request, socket, head, webSocket => {
      const connection = new Connection(
        {
          ...this.#parts,
          addresses: () => this.#reachable(),
          opened: newer => {
            this.#open.get(newer.phoneId)?.refuse('replaced')
            this.#open.set(newer.phoneId, newer)
          },
          closed: gone => {
            this.#all.delete(gone)
            if (this.#open.get(gone.phoneId) === gone) {
              this.#open.delete(gone.phoneId)
              this.#parts.phones.gone(gone.phoneId)
            }
          },
        },
        webSocket,
        known.id,
      )
      this.#all.add(connection)
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Connection', 'close')
    response.setHeader('Cache-Control', 'no-store')
    const { pathname, searchParams } = pathOf(request)
    const { phones, log } = this.#parts
    try {
      if (request.method === 'GET' && pathname === '/agent' && phones.pairing.fits(searchParams.get('c') ?? '')) {
        response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' }).end(this.#agent())
      } else if (request.method === 'POST' && pathname === '/pair') {
        await this.#pair(request, response)
      } else {
        response.writeHead(404).end()
      }
    } catch (error) {
      log.error('a request for pairing failed', error)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    }
  }

  async #pair(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = pairRequestSchema.safeParse(parseJson(await bodyOf(request)))
    if (!given.success) return void refuse(response, 400, 'This is no request for pairing.')
    if (given.data.v !== PROTOCOL_VERSION) {
      return void refuse(
        response,
        409,
        'The agent is of another version. Fetch it anew with the line that the hub shows.',
      )
    }
    const paired = this.#parts.phones.pair(given.data.code, given.data)
    if (!paired) {
      return void refuse(
        response,
        403,
        'This code is not valid (any more). Press "Pair a phone" again and use the new link.',
      )
    }
    const { phone, key, textsSince } = paired
    const answer = { phone: String(phone), key, addresses: this.addresses(), textsSince }
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer))
  }

  #agent(): Buffer {
    try {
      return readFileSync(this.#options.agentFile)
    } catch {
      throw new Refusal('unavailable', `The phone agent is not built (${this.#options.agentFile}). Run: npm run build`)
    }
  }
}

function hostsOf(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host]
  const outside = Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(entry => !entry.internal && entry.family === 'IPv4')
    .map(entry => entry.address)
  return [...outside, '127.0.0.1']
}

function pathOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'https://hub')
  } catch {
    return new URL('https://hub/')
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > MOST_BODY) return ''
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
