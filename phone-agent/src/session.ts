import type { WebSocket } from 'ws'
import {
  type AgentFrame,
  type HubFrame,
  hubFrameSchema,
  MAX_BATCH,
  MAX_FRAME_BYTES,
  PING_MS,
  PROTOCOL_VERSION,
  SILENCE_MS,
} from '../../src/shared/phone-protocol.ts'
import type { Instant } from './clock.ts'
import type { Core } from './core.ts'
import { faultPoint } from './faults.ts'
import { errorText } from './files.ts'

/** Entries that may be on their way without an acknowledgement. */
const MOST_UNACKNOWLEDGED = 5 * MAX_BATCH
/** Entries that come within so many ms travel in one frame. */
const GATHER_MS = 10
/** What a frame of entries may weigh, with room for its frame. */
const EVENTS_BYTES = MAX_FRAME_BYTES - 4096
/** The hub sends its settings within so many ms after the connection is made, or there is none. */
const GREETING_MS = 15_000

/** Why a connection ended. `slow`: trying again soon would not help. */
export interface SessionEnd {
  readonly sentence: string
  readonly slow: boolean
  /** Whether hub and phone had agreed on the journal. */
  readonly resumed: boolean
}

/** What a connection does with the frames of the hub that are not about the connection itself. */
export interface SessionHandlers {
  hello(): Extract<AgentFrame, { t: 'hello' }>
  /** Hub and phone agree; `epoch` is that of the hub's database. Called before the first settings are handed over. */
  resumed(epoch: number): void
  acked(seq: number): void
  leaseChanged(): void
  frame(frame: Exclude<HubFrame, { t: 'welcome' | 'ack' | 'pong' | 'refused' }>): void
}

/** One connection with the hub, from the greeting to its end. */
export class Session {
  readonly #socket: WebSocket
  readonly #core: Core
  readonly #handlers: SessionHandlers
  readonly #pings = new Map<number, Instant>()
  readonly #done: Promise<SessionEnd>
  #end: (end: Omit<SessionEnd, 'resumed'>) => void = () => {}
  #helloSent: Instant
  #epoch: number | null = null
  #isResumed = false
  #heardAt: number
  #sentSeq = 0
  #ackedSeq = 0
  #gathering: NodeJS.Timeout | null = null

  /** Takes an open WebSocket over. */
  constructor(socket: WebSocket, core: Core, handlers: SessionHandlers) {
    this.#socket = socket
    this.#core = core
    this.#handlers = handlers
    this.#helloSent = core.instant()
    this.#heardAt = core.clock.mono()
    this.#done = new Promise(resolve => {
      this.#end = end => resolve({ ...end, resumed: this.#isResumed })
    })
  }

  get isResumed(): boolean {
    return this.#isResumed
  }

  /** Resolves when the connection is over. */
  async run(): Promise<SessionEnd> {
    const socket = this.#socket
    const startedAt = this.#core.clock.mono()
    socket.on('message', data => this.#received(String(data)))
    socket.on('error', error => this.close(`The connection failed: ${errorText(error)}`))
    socket.on('close', () => this.close('The hub closed the connection.'))
    const pings = setInterval(() => this.#ping(), PING_MS)
    const watch = setInterval(() => {
      const now = this.#core.clock.mono()
      if (now - this.#heardAt > SILENCE_MS) this.close('The hub has been silent for too long.')
      else if (!this.#isResumed && now - startedAt > GREETING_MS) this.close('The hub did not finish the greeting.')
    }, 1000)
    this.send(this.#handlers.hello())
    const end = await this.#done
    clearInterval(pings)
    clearInterval(watch)
    if (this.#gathering) clearTimeout(this.#gathering)
    socket.close()
    setTimeout(() => socket.terminate(), 500).unref()
    return end
  }

  close(sentence: string, slow = false): void {
    this.#end({ sentence, slow })
  }

  send(frame: AgentFrame): boolean {
    return this.#sendText(JSON.stringify(frame))
  }

  /** New entries are in the journal. */
  recorded(): void {
    if (!this.#isResumed || this.#gathering) return
    this.#gathering = setTimeout(() => {
      this.#gathering = null
      this.#sendEvents()
    }, GATHER_MS)
  }

  #sendText(text: string): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false
    this.#socket.send(text)
    return true
  }

  #received(text: string): void {
    this.#heardAt = this.#core.clock.mono()
    let parsed: unknown
    try {
      parsed = JSON.parse(text)
    } catch {
      this.close('The hub sent something that is no JSON.')
      return
    }
    const checked = hubFrameSchema.safeParse(parsed)
    if (!checked.success) {
      const where = checked.error.issues[0]?.path.join('.') ?? ''
      this.close(`The hub sent a message that this agent does not understand (${where}). Update the agent.`)
      return
    }
    try {
      this.#take(checked.data)
    } catch (error) {
      this.#core.log('error', 'internal', errorText(error))
      this.close('A message of the hub could not be handled.')
    }
  }

  #take(frame: HubFrame): void {
    if (frame.t === 'refused') {
      this.#refused(frame)
      return
    }
    if (frame.t === 'welcome') {
      this.#welcomed(frame)
      return
    }
    if (this.#epoch === null) {
      this.close('The hub did not begin with a greeting.')
      return
    }
    if (frame.t === 'pong') {
      this.#ponged(frame)
      return
    }
    if (!this.#isResumed) {
      // The first settings say that the hub has agreed on the journal.
      if (frame.t !== 'settings') {
        this.close('The hub did not send its settings first.')
        return
      }
      this.#isResumed = true
      this.#handlers.resumed(this.#epoch)
      this.#ping()
      this.#sendEvents()
    }
    if (frame.t === 'ack') {
      this.#acked(frame.seq)
      return
    }
    this.#handlers.frame(frame)
  }

  #welcomed({ v, epoch, ackedSeq, hubNow }: Extract<HubFrame, { t: 'welcome' }>): void {
    const { journal } = this.#core
    const problem = this.#disagreement(v, epoch, ackedSeq)
    if (problem) {
      this.close(problem, true)
      return
    }
    this.#epoch = epoch
    this.#ackedSeq = ackedSeq
    this.#sentSeq = ackedSeq
    this.#core.granted({ sent: this.#helloSent, hubNow, lease: false })
    this.send({ t: 'resume', hash: journal.hashAt(ackedSeq) })
    journal.release(ackedSeq)
    this.#handlers.acked(ackedSeq)
  }

  /** Why this phone must not work with a hub that greets so; null when it may. */
  #disagreement(v: number, epoch: number, ackedSeq: number): string | null {
    const { journal, state } = this.#core
    if (this.#epoch !== null) return 'The hub greeted twice.'
    if (v !== PROTOCOL_VERSION) return 'The hub has another version than this agent. Update both.'
    if (epoch < state.epoch) {
      return 'The hub works with an older state of its database than this phone has already served. Nothing is sent.'
    }
    if (ackedSeq > journal.lastSeq) {
      return (
        'This phone has forgotten entries that the hub has: its folder was restored from a copy. Nothing is sent. ' +
        'Unpair this phone, revoke it in the hub, and pair it again.'
      )
    }
    if (journal.firstSeq > ackedSeq + 1) {
      return (
        'The hub is missing entries that this phone no longer keeps: its database is older than 120 days. Nothing is ' +
        'sent. Write the phone off in the hub, and pair it again.'
      )
    }
    return null
  }

  #refused({ code, message }: Extract<HubFrame, { t: 'refused' }>): void {
    const quick = code === 'shutting_down' || code === 'too_fast'
    this.close(`The hub refused this phone (${code}): ${message}`, !quick)
  }

  #ping(): void {
    if (this.#epoch === null) return
    const sent = this.#core.instant()
    const mono = Math.round(sent.mono * 1000) / 1000
    this.#pings.set(mono, sent)
    for (const old of this.#pings.keys()) if (this.#pings.size > 20) this.#pings.delete(old)
    this.send({ t: 'ping', mono })
  }

  #ponged({ mono, hubNow, lease }: Extract<HubFrame, { t: 'pong' }>): void {
    const sent = this.#pings.get(mono)
    if (!sent) return
    for (const earlier of this.#pings.keys()) if (earlier <= mono) this.#pings.delete(earlier)
    this.#core.granted({ sent, hubNow, lease: lease && this.#isResumed })
    this.#handlers.leaseChanged()
  }

  #acked(seq: number): void {
    faultPoint('before-ack')
    if (seq > this.#sentSeq) {
      this.close('The hub acknowledged what it cannot have.')
      return
    }
    if (seq <= this.#ackedSeq) return
    this.#ackedSeq = seq
    this.#core.journal.release(seq)
    this.#handlers.acked(seq)
    this.#sendEvents()
  }

  #sendEvents(): void {
    const { journal } = this.#core
    while (this.#isResumed && this.#sentSeq < journal.lastSeq) {
      const most = Math.min(MAX_BATCH, MOST_UNACKNOWLEDGED - (this.#sentSeq - this.#ackedSeq))
      if (most <= 0) return
      const parts: string[] = []
      let bytes = 0
      for (const entry of journal.read(this.#sentSeq + 1, most)) {
        const part = JSON.stringify(entry)
        bytes += Buffer.byteLength(part) + 1
        if (parts.length > 0 && bytes > EVENTS_BYTES) break
        parts.push(part)
      }
      if (parts.length === 0 || !this.#sendText(`{"t":"events","list":[${parts.join(',')}]}`)) return
      this.#sentSeq += parts.length
      faultPoint('events-sent')
    }
  }
}
