import type { RawData, WebSocket } from 'ws'
import {
  type AgentFrame,
  type Assign,
  agentFrameSchema,
  type HubFrame,
  PROTOCOL_VERSION,
  type Refusal,
  SILENCE_MS,
} from '../../shared/phone-protocol.ts'
import type { Database } from '../db/database.ts'
import { knownNumbers } from '../db/inbound.ts'
import { acknowledge, adoptNextKey, type PhoneRow, phoneById } from '../db/phones.ts'
import { appendAudit } from '../services/audit.ts'
import type { Dispatch, PhoneConnection } from '../services/dispatch/service.ts'
import type { PhonesService } from '../services/phones/service.ts'
import type { Clock, Log } from '../services/ports.ts'
import type { Erasures } from '../services/privacy/erasures.ts'
import type { SettingsView } from '../services/settings.ts'

export interface ConnectionParts {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly dispatch: Dispatch
  readonly phones: PhonesService
  readonly settings: SettingsView
  readonly epoch: () => number
  readonly addresses: () => string[]
  /** People who were erased, for the journals of phones. */
  readonly erasures?: Pick<Erasures, 'forPhone' | 'confirmed'>
  /** Called once the phone has shown its journal: an older connection of it gives way. */
  readonly opened: (connection: Connection) => void
  readonly closed: (connection: Connection) => void
}

/** Frames a phone may send in a second before it is cut off. Agents put up to 200 entries in one. */
const FRAMES_PER_SECOND = 400

const SENTENCES: Record<Refusal, string> = {
  version: 'The agent and the hub do not speak the same version. Fetch the agent anew from the hub.',
  journal_changed:
    'The journal of this phone is not the one that the hub knows. An admin has to decide: campaign-connector phones accept-journal ID',
  journal_rolled_back:
    'The journal of this phone is older than what the hub has seen of it, or a copy. An admin has to decide: campaign-connector phones accept-journal ID',
  epoch_lower: 'This phone has worked for a newer state of the database. Restore the newest backup on the hub.',
  revoked: 'This phone is revoked.',
  bad_frame: 'The agent sent something that is not allowed.',
  too_fast: 'The agent sent too many frames.',
  replaced: 'A newer connection of this phone has taken over.',
  shutting_down: 'The hub is stopping.',
}

/**
 * One phone's connection, from its hello to its end: hello -> welcome -> resume -> settings, and then events, commands,
 * pings. Nothing is assigned and no lease is given before the journals were compared.
 */
export class Connection implements PhoneConnection {
  readonly phoneId: number
  readonly #parts: ConnectionParts
  readonly #socket: WebSocket
  #stage: 'hello' | 'resume' | 'open' | 'closed' = 'hello'
  #lastSeq = 0
  #startsAt = 0
  /** What of its journal was acknowledged when it said hello. */
  #ackedAtHello = 0
  #heard: number
  #frames = 0
  #erases = false
  /** New keys that this connection was given and whose arrival it has not told yet. */
  #offered = 0
  readonly #watch: NodeJS.Timeout

  constructor(parts: ConnectionParts, socket: WebSocket, phoneId: number) {
    this.#parts = parts
    this.#socket = socket
    this.phoneId = phoneId
    this.#heard = parts.clock.mono()
    this.#watch = setInterval(() => this.#check(), 1_000)
    socket.on('message', data => this.#take(data))
    socket.on('close', () => this.#ended())
    socket.on('error', error => parts.log.warn('phone connection failed', { phone: phoneId, reason: error.message }))
  }

  ack(seq: number): void {
    this.#send({ t: 'ack', seq })
  }

  assign(list: readonly Assign[]): void {
    this.#send({ t: 'assign', epoch: this.#parts.epoch(), list: [...list] })
  }

  recall(list: readonly { id: string; assignment: number }[]): void {
    this.#send({ t: 'recall', list: [...list] })
  }

  fail(message: string): void {
    this.#parts.log.warn('phone broke the protocol', { phone: this.phoneId, reason: message })
    this.refuse('bad_frame')
  }

  /** Says why and ends the connection. */
  refuse(code: Refusal): void {
    if (this.#stage === 'closed') return
    this.#send({ t: 'refused', code, message: SENTENCES[code] })
    this.#ended()
    this.#socket.close(4000, code)
    // A peer that does not answer the close is cut off.
    setTimeout(() => this.#socket.terminate(), 2_000).unref()
  }

  /** Sends a frame that changes nothing durable. Returns false when the phone is not there to take it. */
  tell(frame: Extract<HubFrame, { t: 'settings' | 'run-doctor' | 'resume-lane' | 'new-key' }>): boolean {
    if (this.#stage !== 'open') return false
    if (frame.t === 'new-key') this.#offered += 1
    this.#send(frame)
    return true
  }

  sendSettings(): void {
    const { settings, phones, addresses } = this.#parts
    const { takeAllTexts, pollSeconds, proofSeconds } = settings.current()
    this.tell({
      t: 'settings',
      lanes: phones.limitsOfPhone(this.phoneId).slice(0, 4),
      takeAll: takeAllTexts,
      addresses: addresses().slice(0, 16),
      pollMs: { active: Math.round(pollSeconds.active * 1000), idle: Math.round(pollSeconds.idle * 1000) },
      proofMs: proofSeconds * 1000,
    })
  }

  /** Asks the phone to take people out of its journal, if it knows how. */
  sendErasures(): void {
    if (!this.#erases || this.#stage !== 'open') return
    const list = this.#parts.erasures?.forPhone(this.phoneId) ?? []
    if (list.length > 0) this.#send({ t: 'erase', list })
  }

  #take(data: RawData): void {
    if (this.#stage === 'closed') return
    this.#heard = this.#parts.clock.mono()
    this.#frames += 1
    if (this.#frames > FRAMES_PER_SECOND) return this.refuse('too_fast')
    const frame = parse(data)
    if (!frame) return this.fail('a frame is not of the protocol')
    try {
      if (this.#stage === 'open') this.#serve(frame)
      else this.#greet(frame)
    } catch (error) {
      this.#parts.log.error('a frame could not be handled', error, { phone: this.phoneId, frame: frame.t })
      this.#socket.close(1011, 'try again')
    }
  }

  #greet(frame: AgentFrame): void {
    const phone = phoneById(this.#parts.db, this.phoneId)
    if (!phone || phone.revokedAt !== null) return this.refuse('revoked')
    if (this.#stage === 'hello' && frame.t === 'hello') this.#hello(frame, phone)
    else if (this.#stage === 'resume' && frame.t === 'resume') this.#resume(frame.hash, phone)
    else this.fail(`${frame.t} came before the greeting`)
  }

  #hello(hello: Extract<AgentFrame, { t: 'hello' }>, phone: PhoneRow): void {
    const { phones, clock, epoch } = this.#parts
    if (hello.v !== PROTOCOL_VERSION) return this.refuse('version')
    if (hello.epoch > epoch()) return this.refuse('epoch_lower')
    if (hello.journal !== phone.journal) return this.#broken('journal_changed', hello.journal)
    if (hello.lastSeq < phone.ackedSeq) return this.#broken('journal_rolled_back', hello.journal)
    if (phone.journalProblem === 'journal_rolled_back') return this.refuse('journal_rolled_back')
    // A journal that an admin has let in is read from the oldest entry that it still has.
    const pruned = hello.firstSeq > phone.ackedSeq + 1
    if (pruned && phone.ackedSeq > 0) return this.#broken('journal_rolled_back', hello.journal)
    this.#startsAt = pruned ? hello.firstSeq - 1 : phone.ackedSeq
    this.#ackedAtHello = phone.ackedSeq
    this.#lastSeq = hello.lastSeq
    this.#erases = hello.erases ?? false
    this.#stage = 'resume'
    phones.saidHello(this.phoneId, hello.agent, hello.country)
    this.#send({ t: 'welcome', v: PROTOCOL_VERSION, epoch: epoch(), ackedSeq: this.#startsAt, hubNow: clock.now() })
  }

  #resume(hash: string, phone: PhoneRow): void {
    const { db, dispatch, opened } = this.#parts
    // What was still on its way over an older connection has come in meanwhile, so the hash is that of an earlier entry.
    if (phone.ackedSeq !== this.#ackedAtHello) return void this.#socket.close(1013, 'try again')
    if (this.#startsAt > phone.ackedSeq) db.write(tx => acknowledge(tx, phone.id, this.#startsAt, hash))
    else if (hash !== phone.ackedHash) return this.#broken('journal_rolled_back', phone.journal)
    this.#stage = 'open'
    opened(this)
    this.sendSettings()
    this.sendErasures()
    dispatch.connected(this, this.#lastSeq)
  }

  #broken(problem: 'journal_changed' | 'journal_rolled_back', offered: string): void {
    this.#parts.phones.journalBroken(this.phoneId, problem, offered)
    this.refuse(problem)
  }

  #serve(frame: AgentFrame): void {
    const { db, clock, dispatch, phones } = this.#parts
    switch (frame.t) {
      case 'events':
        dispatch.received(this.phoneId, frame.list)
        return
      case 'ping':
        phones.seen(this.phoneId)
        this.#send({ t: 'pong', mono: frame.mono, hubNow: clock.now(), lease: dispatch.mayLease(this.phoneId) })
        return
      case 'status':
        phones.tookStatus(this.phoneId, frame.status)
        dispatch.status(this.phoneId, frame.status)
        return
      case 'known?':
        this.#send({ t: 'known', asked: frame.numbers, known: knownNumbers(db, frame.numbers) })
        return
      case 'doctor':
        phones.tookFindings(this.phoneId, frame.findings)
        return
      case 'erased':
        this.#parts.erasures?.confirmed(this.phoneId, frame.ids)
        this.sendErasures()
        return
      case 'rotate':
        this.tell({ t: 'new-key', key: this.#rotate() })
        return
      case 'rotated':
        this.#rotated()
        return
      case 'hello':
      case 'resume':
        this.fail('a second greeting')
    }
  }

  /**
   * The phone has stored a key that it was given here. Only after the last of them is it the one that the database waits
   * for: when both sides rotate at once, an earlier one must not end the key that the phone may still need.
   */
  #rotated(): void {
    if (this.#offered === 0) return
    this.#offered -= 1
    if (this.#offered === 0) this.#parts.db.write(tx => adoptNextKey(tx, this.phoneId))
  }

  /** A key that the phone asked for is a change like any other. */
  #rotate(): string {
    const { db, clock, phones } = this.#parts
    return db.write(tx => {
      const actor = `phone:${this.phoneId}`
      appendAudit(tx, { at: clock.now(), actor, action: 'phones.rotate-key', subject: actor, outcome: 'ok', code: '' })
      return phones.newKey(tx, this.phoneId)
    })
  }

  #check(): void {
    this.#frames = 0
    if (this.#parts.clock.mono() - this.#heard > SILENCE_MS) {
      this.#socket.terminate()
      this.#ended()
    }
  }

  #ended(): void {
    if (this.#stage === 'closed') return
    this.#stage = 'closed'
    clearInterval(this.#watch)
    this.#parts.dispatch.disconnected(this)
    this.#parts.closed(this)
  }

  #send(frame: HubFrame): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(frame))
  }
}

function parse(data: RawData): AgentFrame | null {
  try {
    const parsed = agentFrameSchema.safeParse(JSON.parse(data.toString()))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
