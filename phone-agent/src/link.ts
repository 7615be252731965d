import { WebSocket } from 'ws'
import { type AgentFrame, MAX_FRAME_BYTES } from '../../src/shared/phone-protocol.ts'
import type { Config } from './config.ts'
import type { Core } from './core.ts'
import { errorCode } from './files.ts'
import { Session, type SessionEnd, type SessionHandlers } from './session.ts'
import { Signal } from './signal.ts'
import { connectionSentence, connectTrusted, fetchCertificate, WrongHub } from './tls.ts'

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/** After a refusal that only a person can change. */
const SLOW_WAIT_MS = 60_000
const HANDSHAKE_MS = 10_000

export interface LinkParts {
  readonly core: Core
  readonly handlers: SessionHandlers
  readonly config: () => Config
  readonly saveConfig: (change: Partial<Config>) => void
}

/** How the connection stands. */
export interface LinkState {
  readonly connected: boolean
  /** The address in use, or the one that was tried last. */
  readonly address: string | null
  /** Why there is no connection. */
  readonly problem: string | null
}

/** Keeps one connection with the hub, as long as the agent runs. */
export class Link {
  readonly #parts: LinkParts
  readonly #signal = new Signal()
  #session: Session | null = null
  #address: string | null = null
  #problem: string | null = null
  #running: Promise<void> | null = null
  #stopped = false
  #triesPreviousKey = false

  constructor(parts: LinkParts) {
    this.#parts = parts
  }

  get state(): LinkState {
    const connected = this.#session?.isResumed ?? false
    return { connected, address: this.#address, problem: connected ? null : this.#problem }
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#session?.close('The agent stops.')
    this.#signal.notify()
    await this.#running
  }

  /** False when there is no connection on which hub and phone agree. */
  send(frame: AgentFrame): boolean {
    return this.#session?.isResumed ? this.#session.send(frame) : false
  }

  recorded(): void {
    this.#session?.recorded()
  }

  /** Begins a new connection, in which both sides compare what is outstanding. */
  reconnect(sentence: string): void {
    this.#session?.close(sentence)
  }

  async #run(): Promise<void> {
    const { core, config } = this.#parts
    let failures = 0
    while (!this.#stopped) {
      let wait = 0
      for (const address of config().addresses) {
        if (this.#stopped) return
        const end = await this.#try(address)
        if (end.resumed) failures = 0
        if (end.slow) wait = SLOW_WAIT_MS
        if (end.resumed || end.slow) break
      }
      if (this.#stopped) return
      const growing = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures++, 10))
      await this.#signal.wait(Math.max(wait, growing) * (0.5 + core.random() * 0.5))
    }
  }

  async #try(address: string): Promise<SessionEnd> {
    this.#address = address
    let end: SessionEnd
    try {
      end = await this.#connect(address)
    } catch (error) {
      const slow = error instanceof Unauthorized && !this.#triesPreviousKey
      const sentence = error instanceof Unauthorized ? error.message : connectionSentence(address, error)
      end = { sentence, slow, resumed: false }
    }
    this.#session = null
    this.#problem = end.sentence
    this.#parts.core.ungranted()
    if (!this.#stopped) this.#parts.core.log('warn', 'disconnected', end.sentence)
    return end
  }

  async #connect(address: string): Promise<SessionEnd> {
    const { core, handlers, config, saveConfig } = this.#parts
    const socket = await this.#open(address)
    const { phone, key, previousKey } = config()
    const used = (this.#triesPreviousKey && previousKey) || key
    let webSocket: WebSocket
    try {
      webSocket = await upgrade(address, socket, { authorization: `Bearer ${used}`, 'x-phone': phone })
    } catch (error) {
      // After a rotation that the hub did not finish the key before is still the valid one.
      this.#triesPreviousKey = error instanceof Unauthorized && previousKey !== null && !this.#triesPreviousKey
      throw error
    }
    if (this.#stopped) webSocket.terminate()
    const session = new Session(webSocket, core, {
      hello: () => handlers.hello(),
      frame: frame => handlers.frame(frame),
      acked: seq => handlers.acked(seq),
      leaseChanged: () => handlers.leaseChanged(),
      resumed: epoch => {
        core.log('info', 'connected', `Connected with the hub at ${address}.`)
        if (previousKey !== null) saveConfig({ key: used, previousKey: null })
        this.#triesPreviousKey = false
        handlers.resumed(epoch)
      },
    })
    this.#session = session
    return session.run()
  }

  /** A hub may renew its certificate and keep its key: then the key, which the pin names, is what is trusted. */
  async #open(address: string) {
    const { pin, cert } = this.#parts.config()
    try {
      return await connectTrusted(address, { pin, cert })
    } catch (error) {
      if (!(error instanceof WrongHub) && !/CERT|SIGNATURE/.test(errorCode(error))) throw error
      const renewed = await fetchCertificate(address, pin)
      if (renewed.cert === cert) throw error
      const socket = await connectTrusted(address, renewed)
      this.#parts.saveConfig({ cert: renewed.cert })
      return socket
    }
  }
}

class Unauthorized extends Error {}

function upgrade(
  address: string,
  socket: Awaited<ReturnType<typeof connectTrusted>>,
  headers: Record<string, string>,
): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(`wss://${address}/phone`, {
      createConnection: () => socket,
      headers,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
    })
    webSocket.once('open', () => {
      webSocket.removeAllListeners()
      resolve(webSocket)
    })
    webSocket.once('error', reject)
    webSocket.once('unexpected-response', (call, response) => {
      const { statusCode = 0 } = response
      call.destroy()
      if (statusCode === 401 || statusCode === 403) {
        reject(
          new Unauthorized(
            'The hub does not let this phone in: it was revoked or removed there. Pair this phone again.',
          ),
        )
      } else reject(new Error(`the hub answered with the status ${statusCode}`))
    })
  })
}
