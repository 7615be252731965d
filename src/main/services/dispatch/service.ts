import type { Stopped } from '../../../shared/operations/suppression.ts'
import {
  AHEAD_MS,
  type Assign,
  type Entry,
  type LaneLimits,
  type LaneStatus,
  type NumberedEntry,
  type PhoneStatus,
} from '../../../shared/phone-protocol.ts'
import { runningCampaigns } from '../../db/campaigns.ts'
import type { Database, Writer } from '../../db/database.ts'
import { askPhoneFor } from '../../db/erasures.ts'
import { forgetStray, noteStray } from '../../db/foreign-attempts.ts'
import { closedLanesWithWork, laneLoad, nextDue, outstanding, recalledOf, unpin } from '../../db/messages.ts'
import { acknowledge, enabledSims, phoneById, phonesToReplay, replayDone } from '../../db/phones.ts'
import type { ZoneLookup } from '../../domain/zones.ts'
import { faultPoint } from '../faults.ts'
import { type InboundParts, takeIn } from '../inbound.ts'
import type { Clock, Happening, Happenings, Log, NumberHash } from '../ports.ts'
import type { SettingsView } from '../settings.ts'
import type { Times } from '../times.ts'
import { type AssignParts, assignDue, type OpenLane, type RunningCampaign } from './assign.ts'
import { applyEntry } from './entries.ts'
import { withoutErased } from './erased.ts'
import { Pace } from './pace.ts'
import { endAnswered, expireDue, stopNumber, takeBack } from './recall.ts'

/** What the dispatch can say to a phone. The link implements it; nothing here knows of sockets. */
export interface PhoneConnection {
  readonly phoneId: number
  ack(seq: number): void
  assign(list: readonly Assign[]): void
  recall(list: readonly { id: string; assignment: number }[]): void
  /** Asks the phone to take people out of its journal whom it has not confirmed yet. */
  sendErasures(): void
  /** Ends the connection since the phone broke the protocol. */
  fail(message: string): void
}

/** How many messages a lane gets before it is the next lane's turn. */
const ROUND = 16
/** The longest that a transaction may gather work, in ms: the main thread is needed elsewhere. */
const FLUSH_MS = 12
/** How soon a commit that failed (the disk is full) is tried again, in ms. */
const RETRY_MS = 1_000
const CHUNK = 500
/** Commands in one frame: with bodies of ten segments they stay below the largest frame. */
const COMMANDS = 60

interface Live {
  readonly connection: PhoneConnection
  /** Its journal has to be applied up to here before it may send. */
  readonly settledAt: number
  settled: boolean
  status: PhoneStatus | null
  readonly pace: Pace
  /** Recalls already sent on this connection, by id and assignment. */
  readonly recalled: Set<string>
  readonly pending: NumberedEntry[]
}

export interface DispatchParts {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly happenings: Happenings
  readonly numberHash: NumberHash
  readonly settings: SettingsView
  readonly zones: ZoneLookup
  readonly times: Times
  readonly epoch: () => number
  readonly inbound: Pick<InboundParts, 'ids' | 'numberHash'>
  /** Why nothing may be sent, other than what the dispatch knows itself. Empty: nothing stands against it. */
  readonly blockedBy: () => readonly string[]
}

/**
 * Moves messages between the database and the phones. Everything that phones report and everything that is assigned goes
 * through one loop, which commits many of them at once: the acknowledgement and the command leave after the commit.
 */
export class Dispatch {
  readonly #parts: DispatchParts
  readonly #live = new Map<number, Live>()
  #flushing: NodeJS.Immediate | null = null
  #timer: NodeJS.Timeout | null = null
  #recalls = false
  #assigns = false
  #storageFails = false
  #stopped = false

  constructor(parts: DispatchParts) {
    this.#parts = parts
  }

  /** A phone has shown its journal. It may send once everything up to `lastSeq` is applied. */
  connected(connection: PhoneConnection, lastSeq: number): void {
    const live: Live = {
      connection,
      settledAt: lastSeq,
      settled: false,
      status: null,
      pace: new Pace(),
      recalled: new Set(),
      pending: [],
    }
    this.#live.set(connection.phoneId, live)
    this.#flushSoon()
  }

  disconnected(connection: PhoneConnection): void {
    if (this.#live.get(connection.phoneId)?.connection === connection) this.#live.delete(connection.phoneId)
  }

  /** Journal entries, in order and without a gap after what is acknowledged. Repeated ones change nothing. */
  received(phoneId: number, entries: readonly NumberedEntry[]): void {
    this.#live.get(phoneId)?.pending.push(...entries)
    this.#flushSoon()
  }

  status(phoneId: number, status: PhoneStatus): void {
    const live = this.#live.get(phoneId)
    if (!live) return
    live.status = status
    live.pace.told()
    this.#assigns = true
    this.#flushSoon()
  }

  /** Whether a phone may attempt what it holds. */
  mayLease(phoneId: number): boolean {
    return (this.#live.get(phoneId)?.settled ?? false) && this.blockedBy().length === 0
  }

  isConnected(phoneId: number): boolean {
    return this.#live.has(phoneId)
  }

  statusOf(phoneId: number): PhoneStatus | null {
    return this.#live.get(phoneId)?.status ?? null
  }

  /** Why nothing is sent, a sentence each. */
  blockedBy(): string[] {
    const reasons = [...this.#parts.blockedBy()]
    if (this.#storageFails)
      reasons.push('The database cannot be written. Make room on the disk; sending goes on by itself.')
    for (const phone of phonesToReplay(this.#parts.db)) {
      reasons.push(
        `A backup was restored, and ${phone.name} has not yet told what it sent since. Connect it, or write it off: campaign-connector phones write-off ${phone.id}`,
      )
    }
    return reasons
  }

  /** Something may have become due, recalled or free. Cheap. */
  wake(): void {
    this.#recalls = true
    this.#assigns = true
    this.#flushSoon()
  }

  /** Takes back what phones hold of a campaign, in the transaction that pauses or cancels it. The phones hear of it after the commit. */
  takeBack(db: Writer, campaignId: number, as: 'queued' | 'cancelled'): void {
    takeBack(db, campaignId, as, this.#parts.clock.now(), this.#parts.log)
    this.wake()
  }

  /**
   * Nothing goes to this number any more, in the transaction that suppresses it. The phones hear of it after the commit.
   * Returns what was waiting for it, by how far it was.
   */
  stopNumber(db: Writer, number: string): Stopped {
    const stopped = stopNumber(db, number, this.#parts.clock.now(), this.#parts.log)
    this.wake()
    return stopped
  }

  /** A step of background work: ends what is over and frees what waits for lanes that are gone. */
  tidy(): boolean {
    const { db, clock, log } = this.#parts
    return db.write(tx => {
      const expired = expireDue(tx, clock.now(), CHUNK, log)
      if (expired > 0) this.#recalls = true
      let freed = 0
      for (const { simId, queue } of closedLanesWithWork(tx)) freed += unpin(tx, queue, simId, CHUNK)
      return expired === CHUNK || freed >= CHUNK
    })
  }

  stop(): void {
    this.#stopped = true
    if (this.#flushing) clearImmediate(this.#flushing)
    if (this.#timer) clearTimeout(this.#timer)
    this.#live.clear()
  }

  #flushSoon(): void {
    if (this.#flushing || this.#stopped) return
    this.#flushing = setImmediate(() => {
      this.#flushing = null
      this.#flush()
    })
  }

  #flush(): void {
    const { db, log } = this.#parts
    const out = new Outbox()
    try {
      db.write(tx => {
        this.#work(tx, out)
        faultPoint('before-commit')
      })
      faultPoint('after-commit')
      this.#storageFails = false
    } catch (error) {
      // Nothing was stored and nothing was acknowledged: the entries stay where they are and are tried again.
      log.error('dispatch could not commit', error)
      this.#storageFails = true
      this.#later(RETRY_MS)
      return
    }
    for (const done of out.done) done()
    for (const send of out.sends) send()
    for (const connection of out.erasures) connection.sendErasures()
    // Last of all: with the acknowledgement of a STOP the agent lets its number go again, unless it was recalled before.
    for (const ack of out.acks) ack()
    for (const happening of out.happenings.values()) this.#parts.happenings.tell(happening)
    if (this.#hasPending() || this.#recalls) this.#flushSoon()
    else this.#sleepUntilDue()
  }

  #work(db: Writer, out: Outbox): void {
    const { clock } = this.#parts
    const end = clock.mono() + FLUSH_MS
    for (const live of this.#live.values()) this.#applyPending(db, live, out, end)
    for (const live of this.#live.values()) if (!live.settled) this.#settle(db, live, out)
    if (this.#recalls) {
      this.#recalls = false
      for (const live of this.#live.values()) if (live.settled) this.#sendRecalls(db, live, out)
    }
    if (this.#assigns && this.blockedBy().length === 0) {
      this.#assigns = false
      this.#assignAll(db, out, end)
    }
  }

  #applyPending(db: Writer, live: Live, out: Outbox, end: number): void {
    if (live.pending.length === 0) return
    const phone = phoneById(db, live.connection.phoneId)
    if (!phone || phone.revokedAt !== null) return
    let seq = phone.ackedSeq
    let hash = phone.ackedHash
    let taken = 0
    const at = this.#parts.clock.now()
    for (const { seq: number, hash: chain, entry } of live.pending) {
      if (taken % 32 === 31 && this.#parts.clock.mono() > end) break
      taken += 1
      if (number <= seq) continue
      if (number !== seq + 1) {
        out.sends.push(() => live.connection.fail(`journal entry ${number} came after ${seq}`))
        taken = live.pending.length
        break
      }
      this.#applyOne(db, live, entry, at, out)
      seq = number
      hash = chain
    }
    if (seq > phone.ackedSeq) {
      acknowledge(db, phone.id, seq, hash)
      out.acks.push(() => {
        faultPoint('before-ack')
        live.connection.ack(seq)
        faultPoint('after-ack')
      })
    }
    out.done.push(() => live.pending.splice(0, taken))
  }

  #applyOne(db: Writer, live: Live, entry: Entry, at: number, out: Outbox): void {
    const { phoneId } = live.connection
    if (entry.type === 'epoch' || entry.type === 'erased') return
    const toldOfErased = (erasureId: number): void => {
      if (askPhoneFor(db, erasureId, phoneId)) out.erasures.add(live.connection)
    }
    if (entry.type === 'inbound') {
      const settings = this.#parts.settings.current()
      const thread = takeIn(db, phoneId, entry, at, {
        ...this.#parts.inbound,
        texts: settings.texts,
        limits: settings.autoAnswers,
        stopNumber: (tx, number) => void stopNumber(tx, number, at, this.#parts.log),
        toldOfErased,
        answered: (tx, number) => endAnswered(tx, number, at, this.#parts.log),
      })
      if (thread !== null) out.tell({ type: 'thread', id: thread })
      this.#recalls = true
    } else {
      const told = withoutErased(db, entry, this.#parts.numberHash, toldOfErased)
      const { segments, wanted } = applyEntry(db, phoneId, told, at, this.#parts.log)
      if (wanted) forgetStray(db, phoneId, entry.id)
      else {
        noteStray(db, phoneId, entry.id, entry.assignment)
        this.#recalls = true
      }
      if (entry.type === 'attempting') live.pace.attempted(entry.slot, segments, this.#parts.clock.mono())
      if (entry.type !== 'accepted' && entry.type !== 'attempting' && entry.type !== 'handed_over')
        out.tell({ type: 'work' })
    }
    this.#assigns = true
  }

  /** After its whole journal is applied: what it may have missed is said again, first what is wanted back. */
  #settle(db: Writer, live: Live, out: Outbox): void {
    const { phoneId } = live.connection
    const phone = phoneById(db, phoneId)
    if (!phone || phone.ackedSeq < live.settledAt) return
    if (phone.replayNeeded === 1) replayDone(db, phoneId)
    const held = outstanding(db, phoneId)
    const recalls = recalledOf(db, phoneId)
    const missed = held.filter(command => command.recall === null && command.state === 'assigned')
    for (const { id, assignment } of recalls) live.recalled.add(`${id} ${assignment}`)
    for (const list of batches(recalls)) out.sends.push(() => live.connection.recall(list))
    for (const list of batches(missed)) {
      out.sends.push(() =>
        live.connection.assign(list.map(({ state: _state, recall: _recall, ...command }) => command)),
      )
    }
    out.done.push(() => {
      live.settled = true
      this.#assigns = true
    })
    out.tell({ type: 'phone', id: phoneId })
  }

  #sendRecalls(db: Writer, live: Live, out: Outbox): void {
    const wanted = recalledOf(db, live.connection.phoneId).filter(
      command => !live.recalled.has(`${command.id} ${command.assignment}`),
    )
    for (const list of batches(wanted)) {
      out.sends.push(() => {
        for (const { id, assignment } of list) live.recalled.add(`${id} ${assignment}`)
        live.connection.recall(list)
      })
    }
  }

  #assignAll(db: Writer, out: Outbox, end: number): void {
    const enabled = enabledSims(db)
    const lanes = this.#openLanes(db, enabled)
    if (lanes.length === 0) return
    const now = this.#parts.clock.now()
    const { numberHash, settings, zones, times } = this.#parts
    const parts = {
      ...{ numberHash, zones, times },
      hours: settings.current().hours,
      usable: new Map(enabled.map(sim => [sim.id, { canProve: this.#canProve(sim) }])),
    }
    const campaigns = runningCampaigns(db)
    const lists = new Map(lanes.map(open => [open, [] as Assign[]]))
    // Round by round, so that lanes share what there is, however much the first of them could take.
    let more = true
    while (more && this.#parts.clock.mono() <= end) {
      more = false
      for (const open of lanes) {
        const list = this.#assignRound(db, open.lane, campaigns, now, parts)
        lists.get(open)!.push(...list)
        more ||= list.length > 0
      }
    }
    this.#assigns = more
    for (const [{ live }, list] of lists) {
      for (const batch of batches(list)) out.sends.push(() => live.connection.assign(batch))
    }
  }

  /** Gives a lane a few messages: replies and the like first, then direct ones, then campaigns, which take turns at going first. */
  #assignRound(
    db: Writer,
    lane: OpenLane,
    campaigns: readonly RunningCampaign[],
    now: number,
    parts: AssignParts,
  ): Assign[] {
    const round = { ...lane, messages: Math.min(lane.messages, ROUND) }
    const list = [...assignDue(db, round, null, now, parts), ...assignDue(db, round, 'direct', now, parts)]
    this.#turn += 1
    for (let turn = 0; turn < campaigns.length; turn += 1) {
      const campaign = campaigns[(turn + this.#turn) % campaigns.length]!
      if (campaign.sims !== null && !campaign.sims.includes(lane.simId)) continue
      if (!lane.canProve && !campaign.allowUnproven) continue
      list.push(...assignDue(db, round, campaign, now, parts))
    }
    lane.messages -= list.length
    lane.segments = round.segments
    return list
  }

  #turn = 0

  #openLanes(db: Writer, enabled: ReturnType<typeof enabledSims>): { live: Live; lane: OpenLane }[] {
    const open: { live: Live; lane: OpenLane }[] = []
    const usual = this.#parts.settings.current().limits
    for (const { id, phoneId, slot, limits } of enabled) {
      const { pauseMs, recipientsPerMonth } = limits === null ? usual : (JSON.parse(limits) as LaneLimits)
      const live = this.#live.get(phoneId)
      const status = live?.status?.lanes.find(lane => lane.slot === slot)
      if (!live?.settled || !status || status.halt !== null) continue
      const load = laneLoad(db, id)
      const lane = {
        simId: id,
        slot,
        canProve: live.status!.canProve,
        newRecipients: recipientsPerMonth === null || status.recipientsThisMonth < recipientsPerMonth,
        messages: live.pace.capacity(slot, pauseMs) - load.messages,
        segments: this.#room(live, status) - load.segments,
      }
      if (lane.messages > 0 && lane.segments > 0) open.push({ live, lane })
    }
    return open
  }

  /** What a connected phone says counts; of another one what it said last. */
  #canProve(sim: { phoneId: number; canProve: number }): boolean {
    return this.#live.get(sim.phoneId)?.status?.canProve ?? sim.canProve === 1
  }

  #room(live: Live, status: LaneStatus): number {
    return status.room - live.pace.spent(status.slot)
  }

  #hasPending(): boolean {
    for (const live of this.#live.values()) if (live.pending.length > 0) return true
    return this.#assigns && this.blockedBy().length === 0
  }

  /** Wakes when the next message becomes due, at the latest after the span that is assigned ahead. */
  #sleepUntilDue(): void {
    const { db, clock } = this.#parts
    const campaigns = runningCampaigns(db).map(campaign => campaign.id)
    const sims = enabledSims(db)
      .filter(sim => this.#live.has(sim.phoneId))
      .map(sim => sim.id)
    const next = this.#live.size === 0 ? null : nextDue(db, [null, 'direct', ...campaigns], sims)
    const wait = next === null ? AHEAD_MS : next - clock.now()
    // What is due already waits for room: the phone's next status brings that, so there is no need to hurry.
    this.#later(Math.min(Math.max(wait, RETRY_MS), AHEAD_MS))
  }

  #later(ms: number): void {
    if (this.#stopped) return
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.wake(), ms)
    this.#timer.unref()
  }
}

/** What leaves once the transaction is stored. */
class Outbox {
  readonly done: (() => void)[] = []
  readonly sends: (() => void)[] = []
  readonly acks: (() => void)[] = []
  /** To be asked, since they have told of people who are erased. */
  readonly erasures = new Set<PhoneConnection>()
  readonly happenings = new Map<string, Happening>()

  tell(happening: Happening): void {
    this.happenings.set(JSON.stringify(happening), happening)
  }
}

function batches<T>(list: readonly T[]): T[][] {
  const all: T[][] = []
  for (let start = 0; start < list.length; start += COMMANDS) all.push(list.slice(start, start + COMMANDS))
  return all
}
