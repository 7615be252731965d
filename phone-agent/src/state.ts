import {
  type Assign,
  type Entry,
  MESSAGE_KINDS,
  type MessageEntry,
  type RefusalReason,
  TWIN_WAIT_MS,
  type UnknownReason,
} from '../../src/shared/phone-protocol.ts'
import { type Moment, passed } from './gate.ts'
import { InboundState } from './inbound-state.ts'
import type { Baseline, CarriedPhase, Line, Local, Note } from './journal-lines.ts'
import { LaneState } from './lane-state.ts'
import { blockKey } from './numbers.ts'
import { sameText } from './rows.ts'
import { twinKey } from './text.ts'

export type Phase = 'accepted' | 'attempting' | 'handed_over' | CarriedPhase

/** An attempt, from the moment before the command until it is settled. */
export interface Attempt {
  readonly assignment: number
  readonly slot: number
  readonly moment: Moment
  readonly baseline: Baseline | null
  /** Number and folded body, by which rows of the store are compared. */
  readonly key: string
  readonly number: string
  readonly body: string
  readonly undo: () => void
}

/** What the journal says of one message. */
export interface Message {
  readonly id: string
  /** The highest assignment that anything is known of. */
  assignment: number
  phase: Phase
  /** The assignment under which it was attempted, 0 for none. A refused command is no attempt. */
  attempted: number
  /** The order, while it can still be attempted or proved. */
  command: Assign | null
  /** Kept until the message is proved, or has been unknown for too long. */
  attempt: Attempt | null
  /** Number of the entry that accepted it. */
  acceptedSeq: number
  unknownSince: Moment | null
}

/** How long after it became unknown a message can still be proved, in ms. */
export const LATE_PROOF_MS = 48 * 3_600_000

/**
 * All that follows from the journal, line by line. The same lines always give the same state; nothing else goes in
 * except how the numbers of the SIM's country are written.
 */
export class AgentState {
  readonly messages = new Map<string, Message>()
  /** Attempted and not settled, oldest first. */
  readonly open = new Map<string, Message>()
  /** Unknown, and still provable. */
  readonly unknown = new Map<string, Message>()
  readonly inbound = new InboundState()
  /** Numbers that somebody was to be texted at, in their canonical form. */
  readonly texted = new Set<string>()
  epoch = 0
  lastSeq = 0
  readonly #canonical: (number: string) => string
  readonly #queues = new Map<number, Map<string, Message>[]>()
  readonly #lanes = new Map<number, LaneState>()
  readonly #twins = new Map<string, Set<Message>>()
  readonly #claimed = new Map<number, string[]>()
  #boot = 0
  #bootName: string | null = null
  #lastUp = 0

  constructor(canonical: (number: string) => string) {
    this.#canonical = canonical
  }

  /** Which start of the phone it is, counted by the starts that the journal knows of. */
  get boot(): number {
    return this.#boot
  }

  apply(line: Line): void {
    if (line.note) {
      this.#applyNote(line.note)
      return
    }
    this.lastSeq = line.seq
    this.#applyEntry(line.seq, line.entry, line.local ?? {})
  }

  lane(slot: number): LaneState {
    const known = this.#lanes.get(slot)
    if (known) return known
    const lane = new LaneState()
    this.#lanes.set(slot, lane)
    return lane
  }

  /** The slots that the journal tells anything of. */
  slots(): number[] {
    return [...new Set([...this.#lanes.keys(), ...this.#queues.keys()])]
  }

  /** What a lane may attempt, one map for each kind in the order of MESSAGE_KINDS, oldest first in each. */
  queues(slot: number): readonly ReadonlyMap<string, Message>[] {
    return this.#queuesOf(slot)
  }

  /** Whether anything is accepted and not attempted. */
  hasQueued(): boolean {
    for (const queues of this.#queues.values()) if (queues.some(queue => queue.size > 0)) return true
    return false
  }

  /** How long the message has to wait for an earlier one with its number and body, in ms: 0 for none. */
  twinWait(message: Message, now: Moment): number {
    const twins = this.#twins.get(this.keyOf(message.command!))
    let wait = 0
    for (const twin of twins ?? []) {
      if (twin === message) continue
      const left = twin.unknownSince ? TWIN_WAIT_MS - passed(twin.unknownSince, now) : TWIN_WAIT_MS
      wait = Math.max(wait, left)
    }
    return wait
  }

  keyOf(command: Assign): string {
    return twinKey(this.#canonical(command.number), command.body)
  }

  /** Whether a row of the store has already proved a message. */
  isClaimed(rowId: number, identity: string): boolean {
    return this.#claimed.get(rowId)?.some(one => sameText(one, identity)) ?? false
  }

  /** The oldest entry that something unfinished depends on. */
  oldestNeeded(): number {
    let oldest = Number.POSITIVE_INFINITY
    for (const queues of this.#queues.values()) {
      for (const queue of queues) for (const message of queue.values()) oldest = Math.min(oldest, message.acceptedSeq)
    }
    for (const message of this.open.values()) oldest = Math.min(oldest, message.acceptedSeq)
    for (const message of this.unknown.values()) oldest = Math.min(oldest, message.acceptedSeq)
    return oldest
  }

  /** Gives up the proof of messages that have been unknown for too long, and frees what they hold in memory. */
  forgetOld(now: Moment): void {
    for (const message of this.unknown.values()) {
      if (message.unknownSince && passed(message.unknownSince, now) >= LATE_PROOF_MS) this.#release(message)
    }
  }

  /**
   * Forgets a person as a start after the change of the journal would: `standIn` takes the place of their number. What is on
   * its way to them must have come to its end.
   */
  forgetPerson(isPerson: (canonical: string) => boolean, standIn: string): void {
    for (const number of [...this.texted].filter(isPerson)) {
      this.texted.delete(number)
      this.texted.add(standIn)
    }
    for (const lane of this.#lanes.values()) lane.use.rename(isPerson, standIn)
    for (const message of this.unknown.values()) {
      if (message.attempt && isPerson(message.attempt.number)) this.#release(message)
    }
  }

  /** Whether something for a person is accepted or on its way, so that the journal needs their number. */
  hasUnsettled(isPerson: (canonical: string) => boolean): boolean {
    const isTheirs = (message: Message): boolean =>
      message.command !== null && isPerson(this.#canonical(message.command.number))
    for (const message of this.open.values()) if (isTheirs(message)) return true
    for (const queues of this.#queues.values()) {
      for (const queue of queues) for (const message of queue.values()) if (isTheirs(message)) return true
    }
    return false
  }

  #applyEntry(seq: number, entry: Entry, local: Local): void {
    if (entry.type === 'inbound') {
      this.inbound.take(seq, entry.store, entry.rowId, local.identity ?? '', blockKey(entry.number ?? entry.sender))
    } else if (entry.type === 'epoch') {
      this.epoch = entry.epoch
    } else if (entry.type === 'erased') {
      const { text, identity = '' } = local
      if (text) this.inbound.take(seq, text.store, text.rowId, identity, '')
    } else {
      this.#applyMessage(seq, entry, local)
    }
  }

  #applyMessage(seq: number, entry: MessageEntry, local: Local): void {
    const message = this.#message(entry.id)
    message.assignment = Math.max(message.assignment, entry.assignment)
    switch (entry.type) {
      case 'accepted':
        this.#accept(message, seq, local.command!)
        return
      case 'denied':
      case 'returned':
        this.#dequeue(message)
        message.command = null
        message.phase = entry.type
        return
      case 'attempting':
        this.#attempt(message, entry, local)
        return
      case 'handed_over':
        message.phase = 'handed_over'
        return
      case 'refused':
        this.#refuse(message, entry.reason, local)
        return
      case 'sent':
        this.#prove(message, local)
        return
      case 'unknown':
        this.#lose(message, entry.reason, local)
        return
      case 'attempted_before':
        return
    }
  }

  #accept(message: Message, seq: number, command: Assign): void {
    message.phase = 'accepted'
    message.command = command
    message.acceptedSeq = seq
    this.texted.add(this.#canonical(command.number))
    this.#queuesOf(command.slot)[MESSAGE_KINDS.indexOf(command.kind)]!.set(message.id, message)
  }

  #attempt(message: Message, entry: Extract<Entry, { type: 'attempting' }>, local: Local): void {
    this.#dequeue(message)
    const number = this.#canonical(entry.number)
    const moment = this.#moment(local)
    const undo = this.lane(entry.slot).use.add(moment, local.segments ?? 1, number)
    message.phase = 'attempting'
    message.attempted = entry.assignment
    // Its order stood in a file that was removed, so it was settled long ago, as the lines after this one tell.
    if (!message.command) return
    const { body } = message.command
    const key = twinKey(number, body)
    message.attempt = {
      assignment: entry.assignment,
      slot: entry.slot,
      moment,
      baseline: local.baseline ?? null,
      key,
      number,
      body,
      undo,
    }
    this.open.set(message.id, message)
    const twins = this.#twins.get(key)
    if (twins) twins.add(message)
    else this.#twins.set(key, new Set([message]))
  }

  #refuse(message: Message, reason: RefusalReason, local: Local): void {
    const { attempt } = message
    attempt?.undo()
    if (attempt && !local.own) this.lane(attempt.slot).refused(reason, this.#moment(local))
    this.#release(message)
    message.phase = 'refused'
    message.attempted = 0
  }

  #prove(message: Message, local: Local): void {
    for (const [id, identity] of local.rows ?? []) {
      const known = this.#claimed.get(id)
      if (known) known.push(identity)
      else this.#claimed.set(id, [identity])
    }
    if (message.attempt) this.lane(message.attempt.slot).proved()
    this.#release(message)
    message.phase = 'sent'
  }

  #lose(message: Message, reason: UnknownReason, local: Local): void {
    const moment = this.#moment(local)
    if (message.attempt) this.lane(message.attempt.slot).missed(reason, moment)
    this.open.delete(message.id)
    message.phase = 'unknown'
    message.unknownSince = moment
    this.unknown.set(message.id, message)
  }

  /** The message is settled for good: nothing has to be compared with it any more. */
  #release(message: Message): void {
    this.open.delete(message.id)
    this.unknown.delete(message.id)
    if (message.attempt) {
      const twins = this.#twins.get(message.attempt.key)
      twins?.delete(message)
      if (twins?.size === 0) this.#twins.delete(message.attempt.key)
    }
    message.attempt = null
    message.command = null
    message.unknownSince = null
  }

  #applyNote(note: Note): void {
    switch (note.type) {
      case 'segment':
        // Numbers that were removed with old files still count.
        this.lastSeq = note.nextSeq - 1
        return
      case 'start':
        this.#start(note.boot, note.up)
        return
      case 'store':
        this.inbound.setStore(note.store, note.max, note.rows)
        return
      case 'sim':
        this.lane(note.slot).subId = note.subId
        return
      case 'sim-swapped':
        this.lane(note.slot).swapped = true
        return
      case 'resumed':
        this.lane(note.slot).resumed()
        return
      case 'uses':
        for (const [slot, hub, segments, recipient] of note.list) {
          this.lane(slot).use.add({ boot: EARLIER_BOOT, up: 0, hub }, segments, recipient)
        }
        return
      case 'carried':
        this.epoch = Math.max(this.epoch, note.epoch)
        for (const [id, assignment, phase, attempted] of note.messages) this.#carry(id, assignment, phase, attempted)
        return
    }
  }

  #carry(id: string, assignment: number, phase: CarriedPhase, attempted: number): void {
    // Later lines of the message may still be there, and know more of it.
    if (!this.messages.has(id)) this.#message(id).phase = phase
    const message = this.#message(id)
    message.assignment = Math.max(message.assignment, assignment)
    message.attempted = Math.max(message.attempted, attempted)
  }

  /** Without a name of the start, a shorter uptime than before tells that there was one. */
  #start(name: string | null, up: number): void {
    const same = name !== null && this.#bootName !== null ? name === this.#bootName : up >= this.#lastUp
    if (!same) this.#boot++
    this.#bootName = name
    this.#lastUp = up
  }

  #moment(local: Local): Moment {
    const up = local.up ?? 0
    this.#lastUp = Math.max(this.#lastUp, up)
    return { boot: this.#boot, up, hub: local.hub ?? 0 }
  }

  #message(id: string): Message {
    let message = this.messages.get(id)
    if (!message) {
      message = {
        id,
        assignment: 0,
        phase: 'denied',
        attempted: 0,
        command: null,
        attempt: null,
        acceptedSeq: 0,
        unknownSince: null,
      }
      this.messages.set(id, message)
    }
    return message
  }

  #dequeue(message: Message): void {
    const { command } = message
    if (command) this.#queuesOf(command.slot)[MESSAGE_KINDS.indexOf(command.kind)]!.delete(message.id)
  }

  #queuesOf(slot: number): Map<string, Message>[] {
    let queues = this.#queues.get(slot)
    if (!queues) {
      queues = MESSAGE_KINDS.map(() => new Map<string, Message>())
      this.#queues.set(slot, queues)
    }
    return queues
  }
}

const EARLIER_BOOT = -1
