import { EventEmitter } from 'node:events'

type End = 'hub' | 'agent'

/** One end of a connection, as much of a WebSocket as hub and agent use. */
export class ModelSocket extends EventEmitter {
  readonly OPEN = 1
  readyState = 0
  /** What was sent and has not arrived, oldest first. */
  readonly onTheWay: string[] = []
  peer: ModelSocket | null = null
  onSend: (text: string) => boolean = () => true

  send(text: string): void {
    if (this.readyState === this.OPEN && this.onSend(String(text))) this.onTheWay.push(String(text))
  }

  close(): void {
    this.#over()
    // The other end hears of it after everything that was sent before.
    this.onTheWay.push('')
  }

  terminate(): void {
    this.#over()
    this.onTheWay.length = 0
    this.peer?.lost()
  }

  /** The connection is gone, and nobody said so. */
  lost(): void {
    this.#over()
  }

  #over(): void {
    if (this.readyState === 3) return
    this.readyState = 3
    queueMicrotask(() => this.emit('close'))
  }
}

/** Everything between the hub and one agent. What is sent arrives with the next step of time, in order, unless it is held. */
export class Network {
  readonly held: Record<End, boolean> = { hub: false, agent: false }
  /** How many of the next frames to each end arrive twice. */
  readonly twice: Record<End, number> = { hub: 0, agent: 0 }
  up = true
  /** Takes the hub's end of a new connection; false while there is no hub. */
  accept: (server: ModelSocket) => boolean = () => false
  #connections: { client: ModelSocket; server: ModelSocket }[] = []

  connect(client: ModelSocket): void {
    const server = new ModelSocket()
    client.peer = server
    server.peer = client
    queueMicrotask(() => {
      server.readyState = server.OPEN
      if (!this.up || !this.accept(server)) {
        client.readyState = 3
        client.emit('error', new Error('nobody is there'))
        return
      }
      client.readyState = client.OPEN
      this.#connections.push({ client, server })
      client.emit('open')
    })
  }

  /** Lets everything arrive that is on its way and not held. */
  deliver(): void {
    for (const { client, server } of this.#connections) {
      if (!this.held.hub) this.#arrive(client, server, 'hub')
      if (!this.held.agent) this.#arrive(server, client, 'agent')
    }
    this.#connections = this.#connections.filter(
      ({ client, server }) => client.readyState !== 3 || server.readyState !== 3 || client.onTheWay.length > 0,
    )
  }

  /** Every connection is gone at once, with all that was on its way. */
  cut(): void {
    for (const { client, server } of this.#connections.splice(0)) {
      client.onTheWay.length = 0
      server.onTheWay.length = 0
      client.lost()
      server.lost()
    }
  }

  /** The agent loses its connections, and what it had sent arrives all the same, when it has a newer one. */
  reorder(): void {
    for (const { client } of this.#connections) client.lost()
  }

  #arrive(from: ModelSocket, to: ModelSocket, end: End): void {
    const texts = from.onTheWay.splice(0)
    for (const text of texts) {
      if (to.readyState !== to.OPEN) return
      if (text === '') {
        to.lost()
        return
      }
      to.emit('message', text)
      if (this.twice[end] > 0 && !ONCE.test(text)) {
        this.twice[end] -= 1
        to.emit('message', text)
      }
    }
  }
}

/** The greeting of a connection is said once. */
const ONCE = /^\{"t":"(hello|resume|welcome|refused)"/
