import {
  type LaneStatus,
  MESSAGE_KINDS,
  type RefusalReason,
  type ReturnReason,
} from '../../src/shared/phone-protocol.ts'
import type { Core } from './core.ts'
import { faultPoint } from './faults.ts'
import type { Inbound } from './inbound.ts'
import type { Baseline, NewLine } from './journal-lines.ts'
import type { Halted } from './lane-state.ts'
import type { Grant } from './lease.ts'
import type { SendResult } from './phone-commands.ts'
import { Signal } from './signal.ts'
import type { AgentState, Message } from './state.ts'
import type { StoreReader } from './store-reader.ts'
import { sha256 } from './text.ts'

/** An attempt begins only while the lease has this much left, in ms: the sync before the command takes some of it. */
const LEASE_MARGIN_MS = 2000
/** A lane whose two oldest messages have left no trace for so long sends nothing more before one of them does, in ms. */
const SUSPECT_MS = 30_000
/** That is looked up once in so many ms. */
const SUSPECT_EVERY_MS = 500
/** After so long in a halt the lane gives back what it holds, so that another can send it, in ms. */
const GIVE_BACK_MS = 5000
const LOOK_AGAIN_MS = 5000
/** Something changed while a message was prepared: the lane looks anew, but never without a pause. */
const A_MOMENT_MS = 20

export interface LaneParts {
  readonly core: Core
  readonly inbound: Inbound
  readonly reader: StoreReader
  /** Whether the slot is known to hold a SIM. */
  readonly hasSim: (slot: number) => boolean
}

/** One SIM of the phone: sends its messages one at a time, and nothing that any rule forbids at that moment. */
export class Lane {
  readonly slot: number
  readonly #core: Core
  readonly #inbound: Inbound
  readonly #reader: StoreReader
  readonly #hasSim: (slot: number) => boolean
  readonly #signal = new Signal()
  #running: Promise<void> | null = null
  #stopped = false
  #nextAt = 0
  #haltedSince: number | null = null
  #suspect = { at: Number.NEGATIVE_INFINITY, is: false }

  constructor(slot: number, parts: LaneParts) {
    this.slot = slot
    this.#core = parts.core
    this.#inbound = parts.inbound
    this.#reader = parts.reader
    this.#hasSim = parts.hasSim
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Ends after the message that is being sent. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#signal.notify()
    await this.#running
  }

  /** Something has changed that may let a message go. */
  wake(): void {
    this.#signal.notify()
  }

  /** Why the lane does not send, apart from its limits; null when it does. */
  halted(): Halted | null {
    const core = this.#core
    const slot = this.slot
    if (core.diskProblem) return { halt: 'disk_full', ms: null }
    if (!this.#hasSim(slot)) return { halt: 'sim_missing', ms: null }
    const halted = core.state.lane(slot).halted(core.moment())
    if (halted) return halted
    if (this.#reader.problem !== null) return { halt: 'store_unreadable', ms: null }
    return this.#isSuspect() ? { halt: 'no_proof', ms: null } : null
  }

  status(carrier: string | null, country: string | null): LaneStatus {
    const core = this.#core
    const slot = this.slot
    const now = core.moment()
    const { use, probing } = core.state.lane(slot)
    const limits = core.limits(slot)
    if (limits) use.setLimits(limits)
    const halted = this.halted()
    const gate = limits && !halted ? use.check(now, 1, '') : null
    const full = gate?.kind === 'wait'
    const ms = halted ? halted.ms : full ? gate.ms : null
    const room = limits && !halted ? use.room(now) : 0
    return {
      slot,
      carrier,
      country,
      halt: halted?.halt ?? (full ? 'gate' : null),
      haltUntil: ms === null ? null : Math.ceil(now.hub + ms),
      room: probing ? Math.min(1, room) : room,
      used: limits ? use.used(now) : [],
      recipientsThisMonth: use.recipients(now),
    }
  }

  /** Gives back what can no longer be attempted in time. */
  async sweep(): Promise<void> {
    const latest = this.#core.hubLatest()
    if (latest === null) return
    const late: [Message, ReturnReason][] = []
    for (const message of this.#waiting()) {
      if (latest > message.command!.notAfter) late.push([message, this.#lateReason(message)])
    }
    await this.#giveBack(late)
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const ms = await this.#step()
      if (ms > 0 && !this.#stopped) await this.#signal.wait(ms)
    }
  }

  /** Sends one message, or finds out that none can be sent. @returns how long to wait before the next look, in ms. */
  async #step(): Promise<number> {
    const limits = this.#core.limits(this.slot)
    // A hub that sets no limits for this lane has no use for it.
    if (!limits) return this.#core.settings ? this.#rest(null, false) : LOOK_AGAIN_MS
    this.#core.state.lane(this.slot).use.setLimits(limits)
    const halted = this.halted()
    if (halted) return this.#rest(halted.ms, halted.halt === 'disk_full' || this.#isSuspect())
    this.#haltedSince = null
    if (this.#core.leaseLeft() < LEASE_MARGIN_MS) return LOOK_AGAIN_MS
    if (this.#core.state.lane(this.slot).probing && this.#hasOpen()) return LOOK_AGAIN_MS
    const now = this.#core.clock.mono()
    if (this.#nextAt > now) return this.#nextAt - now
    const { message, ms, back } = this.#pick()
    if (back.length > 0 && !(await this.#giveBack(back))) return LOOK_AGAIN_MS
    if (!message) return back.length > 0 ? 0 : ms
    return this.#hold(message)
  }

  /** The first message that may go now: by kind, then by arrival. What waits for something of its own is passed over. */
  #pick(): { message: Message | null; ms: number; back: [Message, ReturnReason][] } {
    const back: [Message, ReturnReason][] = []
    for (const message of this.#waiting()) {
      const verdict = this.#judge(message)
      if (verdict === 'go') return { message, ms: 0, back }
      if (typeof verdict === 'number') return { message: null, ms: verdict, back }
      if (verdict !== 'wait') back.push([message, verdict])
    }
    return { message: null, ms: LOOK_AGAIN_MS, back }
  }

  /** `wait`: for something of its own. A number: the whole lane waits for so many ms. A reason: it is given back. */
  #judge(message: Message): 'go' | 'wait' | number | ReturnReason {
    const core = this.#core
    const command = message.command!
    const latest = core.hubLatest()
    if (latest === null) return 'wait'
    if (latest > command.notAfter) return this.#lateReason(message)
    const now = core.moment()
    const number = core.numbers.canonical(command.number)
    const verdict = core.state.lane(this.slot).use.check(now, command.segments, number)
    if (verdict.kind === 'full') return 'cap_reached'
    if (command.kind !== 'confirmation' && this.#inbound.isBlocked(command.number)) return 'wait'
    const holder = core.busyKeys.get(core.state.keyOf(command)) ?? message.id
    if (holder !== message.id || core.state.twinWait(message, now) > 0) return 'wait'
    return verdict.kind === 'wait' ? verdict.ms : 'go'
  }

  /** Attempts a message, with everyone else's hands off it. */
  async #hold(message: Message): Promise<number> {
    const { busy, busyKeys, state } = this.#core
    const key = state.keyOf(message.command!)
    let free = (): void => {}
    busy.set(message.id, new Promise(resolve => (free = resolve)))
    busyKeys.set(key, message.id)
    try {
      return await this.#attempt(message)
    } finally {
      busy.delete(message.id)
      busyKeys.delete(key)
      free()
    }
  }

  async #attempt(message: Message): Promise<number> {
    const core = this.#core
    const baseline = await this.#readBaseline()
    if (baseline === 'unreadable') return LOOK_AGAIN_MS
    // Everything once more: reading the store took its time, and may have brought a STOP.
    if (this.#stopped || this.#isRecalled(message) || message.phase !== 'accepted' || this.halted()) return A_MOMENT_MS
    if (core.leaseLeft() < LEASE_MARGIN_MS || this.#judge(message) !== 'go') return A_MOMENT_MS
    const command = message.command!
    const { grant } = core
    // From here on nobody else may settle it before the command has ended.
    core.inFlight.add(message.id)
    if (!(await core.recordOrLater([this.#attempting(message, baseline)]))) {
      core.inFlight.delete(message.id)
      return LOOK_AGAIN_MS
    }
    faultPoint('before-send')
    // A connection that has just broken takes no lease back, only its time or another word of the hub does.
    const stop = this.#tooLateToSend(message, core.grant ?? grant)
    if (stop) {
      await core.recordOrLater([this.#refused(message, { reason: 'command_error', detail: stop }, true)])
      core.inFlight.delete(message.id)
      return 0
    }
    const result = await core.commands.send(this.slot, command.number, command.body, () => {})
    faultPoint('after-send')
    const [least, most] = core.limits(this.slot)?.pauseMs ?? [0, 0]
    this.#nextAt = core.clock.mono() + least + core.random() * Math.max(0, most - least)
    await this.#take(message, result)
    return 0
  }

  async #take(message: Message, result: SendResult): Promise<void> {
    const core = this.#core
    if (result.kind === 'empty') {
      // The next attempt's sync covers this line too, so the lane does not wait for it.
      const written = core.recordOrLater([
        { entry: { type: 'handed_over', ...named(message), at: core.hubNow() }, local: core.stamp() },
      ])
      void written.then(() => {
        core.inFlight.delete(message.id)
        faultPoint('handed-over')
      })
      return
    }
    if (result.kind === 'unknown') {
      core.hung.add(message.id)
      core.log('warn', 'no_outcome', 'termux-sms-send did not end properly: only the SMS store can tell what it did.')
    } else {
      core.log('error', 'refused', `termux-sms-send refused: ${result.detail}`)
      await core.recordOrLater([this.#refused(message, result, false)])
    }
    core.inFlight.delete(message.id)
  }

  async #readBaseline(): Promise<Baseline | null | 'unreadable'> {
    const { clock, settings } = this.#core
    try {
      const freshMs = 2 * (settings?.pollMs.active ?? LOOK_AGAIN_MS)
      if (clock.mono() - this.#reader.readAt > freshMs) await this.#reader.readInbox(false)
      return await this.#reader.baseline()
    } catch {
      // The reader has said why, and the lane rests until it can read again.
      return 'unreadable'
    }
  }

  /** Why the command must not run any more although the attempt is journalled; null when it may. */
  #tooLateToSend(message: Message, grant: Grant | null): string | null {
    const { notAfter, number, kind } = message.command!
    const latest = this.#core.hubLatest()
    if (this.#core.leaseLeft(grant) <= 0) return 'the lease ended before the command ran'
    if (latest === null || latest > notAfter) return 'the time for it ended before the command ran'
    if (kind !== 'confirmation' && this.#inbound.isBlocked(number))
      return 'a text from this number came in before it ran'
    return null
  }

  #attempting(message: Message, baseline: Baseline | null): NewLine {
    const { number, body, segments } = message.command!
    const at = this.#core.hubNow()
    return {
      entry: { type: 'attempting', ...named(message), slot: this.slot, number, bodyHash: sha256(body), at },
      local: { ...this.#core.stamp(), segments, baseline },
    }
  }

  #refused(message: Message, why: { reason: RefusalReason; detail: string }, own: boolean): NewLine {
    const { reason, detail } = why
    return {
      entry: { type: 'refused', ...named(message), reason, detail, at: this.#core.hubNow() },
      local: { ...this.#core.stamp(), ...(own && { own }) },
    }
  }

  /** Waits in a halt, and gives back what is held if it lasts, unless the lane keeps it. */
  async #rest(ms: number | null, keeps: boolean): Promise<number> {
    const now = this.#core.clock.mono()
    this.#haltedSince ??= now
    if (!keeps && now - this.#haltedSince >= GIVE_BACK_MS) {
      await this.#giveBack([...this.#waiting()].map(message => [message, 'lane_closed']))
    }
    return Math.min(LOOK_AGAIN_MS, ms ?? LOOK_AGAIN_MS)
  }

  async #giveBack(list: readonly (readonly [Message, ReturnReason])[]): Promise<boolean> {
    const { busy } = this.#core
    const free = list.filter(([message]) => message.phase === 'accepted' && !busy.has(message.id))
    const written = this.#core.recordOrLater(
      free.map(([message, reason]) => ({ entry: { type: 'returned', ...named(message), reason } })),
    )
    const done = written.then(() => {})
    for (const [message] of free) busy.set(message.id, done)
    const ok = await written
    for (const [message] of free) busy.delete(message.id)
    return ok
  }

  #lateReason(message: Message): ReturnReason {
    return this.#core.state.twinWait(message, this.#core.moment()) > 0 ? 'twin_waiting' : 'too_late'
  }

  *#waiting(): Generator<Message> {
    const queues = this.#core.state.queues(this.slot)
    for (let kind = 0; kind < MESSAGE_KINDS.length; kind++) {
      for (const message of queues[kind]!.values()) {
        if (!this.#core.busy.has(message.id) && !this.#isRecalled(message)) yield message
      }
    }
  }

  #isRecalled(message: Message): boolean {
    return this.#core.recalled.has(`${message.id} ${message.assignment}`)
  }

  #hasOpen(): boolean {
    for (const message of this.#core.state.open.values()) if (message.attempt?.slot === this.slot) return true
    return false
  }

  /** Texts may be vanishing without a word: then few are better than many before anybody can know. */
  #isSuspect(): boolean {
    if (this.#reader.cannotProve !== null) return false
    const { state, clock } = this.#core
    const mono = clock.mono()
    if (mono - this.#suspect.at < SUSPECT_EVERY_MS) return this.#suspect.is
    this.#suspect = { at: mono, is: this.#hasOldOpen(state, clock.up()) }
    return this.#suspect.is
  }

  #hasOldOpen(state: AgentState, up: number): boolean {
    let old = 0
    for (const { attempt } of state.open.values()) {
      if (attempt?.slot !== this.slot) continue
      if (attempt.moment.boot === state.boot && up - attempt.moment.up < SUSPECT_MS) return false
      if (++old === 2) return true
    }
    return false
  }
}

function named(message: Message): { id: string; assignment: number } {
  return { id: message.id, assignment: message.attempt?.assignment ?? message.assignment }
}
