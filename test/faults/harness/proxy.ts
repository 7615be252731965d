import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** One connection through the proxy, and the bytes that it holds back. */
interface Pair {
  readonly client: Socket
  readonly upstream: Socket
  /** Bytes of each direction that wait, in order. */
  readonly waiting: { to: 'hub' | 'agent'; bytes: Buffer }[]
  readonly timers: Set<NodeJS.Timeout>
  /** The agent's side is gone, and what it had sent is delivered late. */
  detached: boolean
}

/**
 * - `pass`: every byte goes through at once. `refuse`: new connections are closed at once.
 * - `delay`: each byte takes a while. `hold`: nothing goes through until the mode changes, then all of it in order.
 * - `swallow`: connections stay open and nothing that enters ever comes out (half-open).
 */
export type Mode =
  | { readonly kind: 'pass' | 'refuse' | 'hold' | 'swallow' }
  | { readonly kind: 'delay'; readonly ms: number }

/** A plain byte proxy between one agent and the hub, with everything that a network can do to a connection. */
export class TcpProxy {
  readonly #target: number
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  #mode: Mode = { kind: 'pass' }
  /** While it is cut off nothing comes out, whatever the mode is meanwhile. */
  #isCutOff = false
  connections = 0

  constructor(target: number) {
    this.#target = target
    this.#server = createServer(client => this.#accept(client))
  }

  async listen(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get mode(): Mode {
    return this.#mode
  }

  set mode(mode: Mode) {
    const before = this.#mode
    this.#mode = mode
    if (before.kind === 'hold' && mode.kind !== 'hold') {
      for (const pair of this.#pairs) {
        if (mode.kind === 'swallow') pair.waiting.length = 0
        else if (!pair.detached) this.#flush(pair)
      }
    }
  }

  /** Lets nothing through until it is called with `false`, and ends what hangs by then. */
  cutOff(on: boolean): void {
    this.#isCutOff = on
    if (!on) this.cut()
  }

  /** Ends every connection at once. */
  cut(): void {
    for (const pair of [...this.#pairs]) this.#end(pair)
  }

  /**
   * The agent loses its connections, and what it had sent last reaches the hub only after so many ms, when the agent has
   * a newer connection already.
   */
  reorder(ms: number): void {
    for (const pair of [...this.#pairs]) {
      if (pair.detached) continue
      pair.detached = true
      pair.client.destroy()
      const timer = setTimeout(() => {
        this.#flush(pair)
        pair.upstream.end()
      }, ms)
      pair.timers.add(timer)
    }
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise<void>(resolve => this.#server.close(() => resolve()))
  }

  #accept(client: Socket): void {
    client.on('error', () => {})
    if (this.#mode.kind === 'refuse') {
      client.destroy()
      return
    }
    this.connections += 1
    const upstream = connect(this.#target, '127.0.0.1')
    const pair: Pair = { client, upstream, waiting: [], timers: new Set(), detached: false }
    this.#pairs.add(pair)
    upstream.on('error', () => {})
    client.on('data', bytes => this.#forward(pair, 'hub', bytes))
    upstream.on('data', bytes => this.#forward(pair, 'agent', bytes))
    client.on('close', () => {
      if (!pair.detached) this.#end(pair)
    })
    upstream.on('close', () => this.#end(pair))
  }

  #forward(pair: Pair, to: 'hub' | 'agent', bytes: Buffer): void {
    const mode = this.#mode
    if (mode.kind === 'swallow' || this.#isCutOff) return
    if (mode.kind === 'hold' || pair.detached) {
      pair.waiting.push({ to, bytes })
    } else if (mode.kind === 'delay' || pair.timers.size > 0) {
      pair.waiting.push({ to, bytes })
      const ms = mode.kind === 'delay' ? mode.ms : 0
      const timer = setTimeout(() => {
        pair.timers.delete(timer)
        if (this.#mode.kind === 'hold' || pair.detached) return
        const next = pair.waiting.shift()
        if (next && !this.#isCutOff) deliver(pair, next)
      }, ms)
      pair.timers.add(timer)
    } else {
      deliver(pair, { to, bytes })
    }
  }

  #flush(pair: Pair): void {
    for (const next of pair.waiting.splice(0)) if (!this.#isCutOff) deliver(pair, next)
  }

  #end(pair: Pair): void {
    this.#pairs.delete(pair)
    for (const timer of pair.timers) clearTimeout(timer)
    pair.client.destroy()
    pair.upstream.destroy()
  }
}

function deliver(pair: Pair, { to, bytes }: { to: 'hub' | 'agent'; bytes: Buffer }): void {
  const socket = to === 'hub' ? pair.upstream : pair.client
  if (!socket.destroyed && socket.writable) socket.write(bytes)
}
