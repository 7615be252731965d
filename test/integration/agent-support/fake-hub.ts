import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { type WebSocket, WebSocketServer } from 'ws'
import {
  type AgentFrame,
  type Assign,
  agentFrameSchema,
  type DoctorFinding,
  type Entry,
  formatPairingLink,
  type HubFrame,
  hubFrameSchema,
  type LaneLimits,
  MAX_FRAME_BYTES,
  type NumberedEntry,
  type PhoneStatus,
  pairRequestSchema,
} from '../../../src/shared/phone-protocol.ts'

export interface Identity {
  readonly key: string
  readonly cert: string
}

export async function makeIdentity(): Promise<Identity> {
  const made = await generate([{ name: 'commonName', value: 'hub' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
  })
  return { key: made.private, cert: made.cert }
}

export function pinOf(cert: string): string {
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64url')
}

export const WIDE: LaneLimits = {
  windows: [{ segments: 100_000, windowMs: 1000 }],
  recipientsPerMonth: null,
  pauseMs: [0, 0],
}

type Settings = Extract<HubFrame, { t: 'settings' }>

/** A hub that remembers what it must, checks the protocol strictly, and otherwise does what a test says. */
export class FakeHub {
  readonly identity: Identity
  readonly entries: NumberedEntry[] = []
  readonly frames: AgentFrame[] = []
  readonly pairings: unknown[] = []
  readonly refusals: string[] = []
  readonly keys = new Set<string>()
  readonly known = new Set<string>()
  status: PhoneStatus | null = null
  findings: DoctorFinding[] | null = null
  epoch = 1
  code = 'one-time-code'
  /** From when on the texts of a phone that is paired count. */
  textsSince: number | null = null
  lease = true
  acks = true
  /** Whether a refused message is assigned anew at once. */
  reassigns = false
  /** What the hub says it has, where that is not what it has. */
  ackedSeq: number | null = null
  clockMs = 0
  settings: Settings = {
    t: 'settings',
    lanes: [
      { slot: 0, limits: WIDE },
      { slot: 1, limits: WIDE },
    ],
    takeAll: false,
    addresses: [],
    pollMs: { active: 200, idle: 200 },
    proofMs: 8000,
  }
  connections = 0
  onHello: (() => HubFrame | null) | null = null
  readonly #assigned = new Map<string, Assign>()
  #server: Server | null = null
  #sockets: WebSocketServer | null = null
  #open: WebSocket | null = null
  #port = 0

  constructor(identity: Identity) {
    this.identity = identity
  }

  static async start(): Promise<FakeHub> {
    const hub = new FakeHub(await makeIdentity())
    await hub.listen()
    return hub
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  get pin(): string {
    return pinOf(this.identity.cert)
  }

  get link(): string {
    return formatPairingLink({ code: this.code, pin: this.pin, addresses: [this.address] })
  }

  get connected(): boolean {
    return this.#open !== null
  }

  async listen(identity = this.identity): Promise<void> {
    const server = createServer({ ...identity, minVersion: 'TLSv1.2' }, (request, response) => {
      let body = ''
      request.on('data', chunk => {
        body += String(chunk)
      })
      request.on('end', () => {
        if (request.url !== '/pair') {
          response.writeHead(404).end()
          return
        }
        const asked = pairRequestSchema.parse(JSON.parse(body))
        this.pairings.push(asked)
        if (asked.code !== this.code) {
          response.writeHead(403).end(JSON.stringify({ message: 'This code is not valid.' }))
          return
        }
        this.keys.add('a-device-key-of-enough-length')
        const { textsSince } = this
        const key = 'a-device-key-of-enough-length'
        response.end(JSON.stringify({ phone: '7', key, addresses: [this.address], textsSince }))
      })
    })
    const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES })
    server.on('upgrade', (request, socket, head) => {
      const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
      if (request.url !== '/phone' || request.headers['x-phone'] !== '7' || !this.keys.has(key)) {
        this.refusals.push(key)
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
        return
      }
      sockets.handleUpgrade(request, socket, head, webSocket => this.#serve(webSocket))
    })
    server.on('tlsClientError', () => {})
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
    this.#sockets = sockets
  }

  /** Ends the server, as when the hub is killed. What it has stored stays. */
  async down(): Promise<void> {
    this.#open?.terminate()
    this.#open = null
    this.#sockets?.close()
    this.#server?.closeAllConnections()
    await new Promise(resolve => this.#server?.close(resolve) ?? resolve(null))
    this.#server = null
  }

  drop(): void {
    this.#open?.terminate()
  }

  send(frame: HubFrame): void {
    hubFrameSchema.parse(frame)
    if (this.#open?.readyState === 1) this.#open.send(JSON.stringify(frame))
  }

  sendRaw(text: string): void {
    this.#open?.send(text)
  }

  assign(...list: Assign[]): void {
    for (const command of list) this.#assigned.set(`${command.id} ${command.assignment}`, command)
    for (let i = 0; i < list.length; i += 200)
      this.send({ t: 'assign', epoch: this.epoch, list: list.slice(i, i + 200) })
  }

  recall(...list: { id: string; assignment: number }[]): void {
    this.send({ t: 'recall', list })
  }

  ack(seq = this.entries.length): void {
    this.send({ t: 'ack', seq })
  }

  resettle(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change }
    this.send(this.settings)
  }

  now(): number {
    return Date.now() + this.clockMs
  }

  /** The types of entries of one message, in order. */
  story(id: string): string[] {
    return this.entries.flatMap(({ entry }) => ('id' in entry && entry.id === id ? [entry.type] : []))
  }

  of<T extends Entry['type']>(type: T): Extract<Entry, { type: T }>[] {
    return this.entries.flatMap(({ entry }) => (entry.type === type ? [entry as Extract<Entry, { type: T }>] : []))
  }

  #serve(webSocket: WebSocket): void {
    this.#open?.close()
    this.#open = webSocket
    this.connections++
    webSocket.on('message', data => this.#take(webSocket, agentFrameSchema.parse(JSON.parse(String(data)))))
    webSocket.on('error', () => {})
    webSocket.on('close', () => {
      if (this.#open === webSocket) this.#open = null
    })
  }

  #take(webSocket: WebSocket, frame: AgentFrame): void {
    if (this.#open !== webSocket) return
    if (frame.t !== 'ping') this.frames.push(frame)
    switch (frame.t) {
      case 'hello': {
        const ackedSeq = this.ackedSeq ?? this.entries.length
        this.send(this.onHello?.() ?? { t: 'welcome', v: 1, epoch: this.epoch, ackedSeq, hubNow: this.now() })
        return
      }
      case 'resume': {
        const last = this.entries[(this.ackedSeq ?? this.entries.length) - 1]
        if (frame.hash !== (last?.hash ?? '')) {
          this.send({ t: 'refused', code: 'journal_rolled_back', message: 'other hash' })
          return
        }
        this.send(this.settings)
        this.#resend()
        return
      }
      case 'events':
        this.#store(frame.list)
        return
      case 'ping':
        this.send({ t: 'pong', mono: frame.mono, hubNow: this.now(), lease: this.lease })
        return
      case 'status':
        this.status = frame.status
        return
      case 'known?':
        this.send({ t: 'known', asked: frame.numbers, known: frame.numbers.filter(number => this.known.has(number)) })
        return
      case 'doctor':
        this.findings = frame.findings
        return
      case 'rotate':
        this.keys.add('another-device-key-of-enough-length')
        this.send({ t: 'new-key', key: 'another-device-key-of-enough-length' })
        return
      case 'rotated':
        this.keys.delete('a-device-key-of-enough-length')
    }
  }

  #store(list: readonly NumberedEntry[]): void {
    for (const numbered of list) {
      const known = this.entries[numbered.seq - 1]
      if (known && known.hash !== numbered.hash) throw new Error(`entry ${numbered.seq} is another one than before`)
      if (!known && numbered.seq !== this.entries.length + 1) throw new Error(`entry ${numbered.seq} came out of order`)
      if (known) continue
      this.entries.push(numbered)
      const { entry } = numbered
      const command = entry.type === 'refused' ? this.#assigned.get(`${entry.id} ${entry.assignment}`) : null
      if (command && this.reassigns) this.assign({ ...command, assignment: command.assignment + 1 })
    }
    if (this.acks) this.ack(list.at(-1)!.seq)
  }

  /** What the hub believes to be assigned, it assigns again. */
  #resend(): void {
    const settled = new Set(
      this.entries.flatMap(({ entry }) => ('id' in entry ? [`${entry.id} ${entry.assignment}`] : [])),
    )
    const open = [...this.#assigned].filter(([key]) => !settled.has(key)).map(([, command]) => command)
    if (open.length > 0) this.assign(...open)
  }
}
