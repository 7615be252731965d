import { createHash } from 'node:crypto'
import type { MessageState } from '../../../src/shared/operations/messages.ts'
import { type AgentStep, ModelAgent } from './agent.ts'
import { ModelHandset, type Outcome } from './handset.ts'
import { type HubStep, ModelHub } from './hub.ts'
import { Network } from './network.ts'
import { ModelTime } from './time.ts'

/** One thing that happens in a model. Whatever is not possible at the moment changes nothing. */
export type Deed =
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'hub dies'; readonly step: HubStep | null; readonly times: number }
  | { readonly do: 'agent dies'; readonly step: AgentStep | null; readonly times: number; readonly power: boolean }
  | { readonly do: 'cut' | 'reorder' | 'network down' | 'network up' }
  | { readonly do: 'hold' | 'let go' | 'twice'; readonly to: 'hub' | 'agent' }
  | { readonly do: 'text'; readonly outcome: Outcome }
  | { readonly do: 'stop' | 'start' | 'twin by hand'; readonly person: number }
  | { readonly do: 'pause' | 'resume' | 'cancel' }
  | { readonly do: 'late campaign' }
  | { readonly do: 'back up' | 'restore' | 'copy journal' | 'old journal' }

export const PEOPLE = ['+12125550101', '+12125550102', '+12125550103', '+13105550104'] as const
const FIRST = 'Hi {{ first_name }}, the market opens.'
const TWIN = 'The very same words.'
const LATE = 'This came later.'
const LEASE_MS = 30_000
/** A dead process comes back after so long, in ms. */
const BACK_MS = 700

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}

interface Seen {
  readonly id: string
  readonly kind: string
  readonly number: string
  readonly state: MessageState
  readonly reason: string
  readonly body: string | null
}

/** Hub, network, agent and phone, and three campaigns to the same people, two of them with one and the same text. */
export class ModelWorld {
  readonly hub: ModelHub
  readonly agent: ModelAgent
  readonly phone: ModelHandset
  readonly network: Network
  readonly time: ModelTime
  /** What must never be seen, noted at the moment of it. */
  readonly wrong: string[] = []
  readonly #campaign: number
  readonly #suppressedAt = new Map<string, number>()
  #haltedAt: number | null = null
  #oldJournal = false
  #radioSeen = 0
  #hubBack = 0
  #agentBack = 0

  private constructor(time: ModelTime, network: Network, phone: ModelHandset, agent: ModelAgent) {
    this.time = time
    this.network = network
    this.phone = phone
    this.agent = agent
    this.hub = new ModelHub(time, network, agent.journalIdentity)
    this.#campaign = this.hub.addCampaign('first', FIRST, PEOPLE)
    this.hub.addCampaign('twin one', TWIN, PEOPLE.slice(0, 2))
    this.hub.addCampaign('twin two', TWIN, PEOPLE.slice(0, 2))
    time.onStep(() => this.#step())
  }

  /** @param skipSync the agent's journal says that it has synced, and has not. */
  static async create(skipSync = false): Promise<ModelWorld> {
    const time = ModelTime.start()
    const network = new Network()
    const phone = new ModelHandset(time)
    const agent = await ModelAgent.create(time, phone, network)
    agent.skipSync = skipSync
    const world = new ModelWorld(time, network, phone, agent)
    await agent.start(world.hub.phoneId)
    await time.pass(500)
    return world
  }

  async play(deeds: readonly Deed[]): Promise<void> {
    for (const deed of deeds) {
      await this.#do(deed)
      await this.time.pass(100)
    }
  }

  /** Mends everything, and lets enough time pass for all that is open to be settled. */
  async heal(): Promise<void> {
    this.network.up = true
    this.network.held.hub = false
    this.network.held.agent = false
    this.phone.outcomes.length = 0
    this.hub.disarm()
    this.agent.disarm()
    await this.time.pass(3 * BACK_MS)
    await this.#do({ do: 'resume' })
    for (let turn = 0; turn < 30; turn += 1) {
      await this.time.pass(10_000, 100)
      this.agent.resumeLane()
      if (this.hub.journalProblem() !== null && this.#oldJournal) {
        this.hub.acceptJournal()
        this.agent.crash(false)
      }
      if (turn > 7 && this.#openMessages().length === 0) return
    }
  }

  /** Everything that is wrong now that all is at rest. */
  verdict(): string[] {
    const messages = this.#messages()
    const found = [...this.wrong]
    const problem = this.hub.journalProblem()
    if (problem !== null) found.push(`the hub does not know the journal of the phone any more (${problem})`)
    found.push(...this.hub.complaints.filter(one => one.includes('contradiction') || one.includes('could not')))
    const foreign = this.hub.foreignAttempts()
    const keys = new Set([...this.phone.radio, ...messages].map(one => `${one.number} ${one.body}`))
    for (const key of keys) {
      const left = this.phone.radio.filter(one => `${one.number} ${one.body}` === key).length
      const own = messages.filter(one => `${one.number} ${one.body}` === key)
      const others = foreign.filter(one => one.number === key.slice(0, 12) && one.bodyHash === hashOf(key.slice(13)))
      const states = [...own, ...others].map(one => one.state)
      const sent = states.filter(state => state === 'sent').length
      const open =
        states.filter(state => state === 'unknown').length + others.filter(one => one.state !== 'sent').length
      if (left > this.#most(key)) found.push(`sent twice: "${key}" left ${left} times (${states.join(', ')})`)
      else if (left < sent || left > sent + open) {
        found.push(`false status: "${key}" left ${left} times and is ${states.join(', ')}`)
      }
    }
    for (const one of this.#openMessages())
      found.push(`lost: ${one.kind} to ${one.number} is left ${one.state} (${one.reason})`)
    const stored = this.hub.db.all<{ number: string; body: string }>(
      'SELECT t.number, i.body FROM inbound i JOIN threads t ON t.id = i.thread_id ORDER BY i.id',
    )
    const sorted = (list: readonly { number: string; body: string }[]) =>
      list.map(one => `${one.number} ${one.body}`).sort()
    const [came, kept] = [sorted(this.phone.arrivals), sorted(stored)]
    if (JSON.stringify(came) !== JSON.stringify(kept))
      found.push(`inbound: came ${came.join(', ')}; kept ${kept.join(', ')}`)
    const counted = this.hub.db.all(
      'SELECT campaign_id, state, messages FROM campaign_counts WHERE messages > 0 ORDER BY 1, 2',
    )
    const full = this.hub.db.all(
      'SELECT campaign_id, state, count(*) AS messages FROM messages WHERE campaign_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2',
    )
    if (JSON.stringify(counted) !== JSON.stringify(full)) found.push('the counters are not what a full count says')
    return found
  }

  /** How often a text may go to a number: once for each campaign that says it, once for each text it answers. */
  #most(key: string): number {
    const [number, body] = [key.slice(0, 12), key.slice(13)]
    if (body === TWIN) return 2
    if (!body.startsWith('You are')) return 1
    const word = body.startsWith('You are unsubscribed') ? 'STOP' : 'START'
    return this.phone.arrivals.filter(one => one.number === number && one.body === word).length
  }

  async close(): Promise<void> {
    this.agent.close()
    this.hub.close()
    this.time.stop()
  }

  async #do(deed: Deed): Promise<void> {
    switch (deed.do) {
      case 'pass':
        return this.time.pass(deed.ms)
      case 'hub dies':
        return deed.step === null ? this.hub.crash() : this.hub.dieAt(deed.step, deed.times)
      case 'agent dies':
        return deed.step === null ? this.agent.crash(deed.power) : this.agent.dieAt(deed.step, deed.times, deed.power)
      case 'cut':
        return this.network.cut()
      case 'reorder':
        return this.network.reorder()
      case 'network down':
        this.network.up = false
        return this.network.cut()
      case 'network up':
        this.network.up = true
        return
      case 'hold':
        this.network.held[deed.to] = true
        return
      case 'let go':
        this.network.held[deed.to] = false
        return
      case 'twice':
        this.network.twice[deed.to] += 3
        return
      case 'text':
        this.phone.outcomes.push(deed.outcome)
        return
      case 'stop':
        return this.phone.receive(PEOPLE[deed.person]!, 'STOP')
      case 'start':
        return this.phone.receive(PEOPLE[deed.person]!, 'START')
      case 'twin by hand':
        return this.phone.ownerTexts(PEOPLE[deed.person]!, TWIN)
      case 'pause':
        return this.#halt('paused', 'queued')
      case 'cancel':
        return this.#halt('cancelled', 'cancelled')
      case 'late campaign':
        // After a restore it may be gone, and then somebody makes it again.
        if (this.hub.runs && !this.hub.has('late')) this.hub.addCampaign('late', LATE, PEOPLE)
        return
      case 'back up':
        return this.hub.backUp()
      case 'restore':
        return this.hub.restore()
      case 'copy journal':
        return this.agent.copyJournal()
      case 'old journal':
        return this.#putOldJournal()
      case 'resume':
        return this.hub.change(tx => {
          this.#haltedAt = null
          tx.run("UPDATE campaigns SET state = 'running' WHERE id = ? AND state = 'paused'", this.#campaign)
        })
    }
  }

  /**
   * Puts a copy of the journal back, where that can be noticed: of a copy that holds all that the hub has ever heard
   * nobody can tell that more had happened.
   */
  #putOldJournal(): void {
    const copied = this.agent.copiedSeq()
    if (copied === null || this.hub.ackedSeq() <= copied) return
    this.agent.putJournalBack()
    this.#oldJournal = true
  }

  #halt(state: 'paused' | 'cancelled', as: 'queued' | 'cancelled'): void {
    this.hub.change((tx, dispatch) => {
      const { changes } = tx.run(
        "UPDATE campaigns SET state = ? WHERE id = ? AND state = 'running'",
        state,
        this.#campaign,
      )
      if (changes === 0) return
      dispatch.takeBack(tx, this.#campaign, as)
      if (as === 'cancelled') {
        tx.run("UPDATE messages SET state = 'cancelled' WHERE campaign_id = ? AND state = 'queued'", this.#campaign)
      }
      this.#haltedAt = this.time.now
    })
  }

  /** What happens with each step of time: frames arrive, the dead are buried and come back, and the radio is watched. */
  #step(): void {
    this.network.deliver()
    this.hub.burial()
    const { now } = this.time
    if (this.hub.runs) this.#hubBack = now + BACK_MS
    else if (now >= this.#hubBack) this.hub.start()
    if (this.agent.runs) this.#agentBack = now + BACK_MS
    else if (now >= this.#agentBack) void this.agent.start(this.hub.phoneId)
    this.#watch()
  }

  #watch(): void {
    const { now } = this.time
    const suppressed = new Set(
      this.hub.db.all<{ number: string }>('SELECT number FROM suppressions').map(row => row.number),
    )
    for (const number of PEOPLE) {
      if (!suppressed.has(number)) this.#suppressedAt.delete(number)
      else if (!this.#suppressedAt.has(number)) this.#suppressedAt.set(number, now)
    }
    for (const { number, body, at } of this.phone.radio.slice(this.#radioSeen)) {
      const isOwn = body.startsWith('You are')
      const since = this.#suppressedAt.get(number)
      if (!isOwn && since !== undefined && at > since + LEASE_MS)
        this.wrong.push(`sent to ${number} long after its STOP`)
      const isFirst = body.startsWith('Hi ')
      if (isFirst && this.#haltedAt !== null && at > this.#haltedAt + LEASE_MS)
        this.wrong.push('sent long after the pause')
    }
    this.#radioSeen = this.phone.radio.length
  }

  #messages(): Seen[] {
    return this.hub.db.all<Seen>('SELECT id, kind, number, state, reason, body FROM messages ORDER BY id')
  }

  /** Messages without an end; those that wait for a twin without proof do so by the rules. */
  #openMessages(): Seen[] {
    const messages = this.#messages()
    return messages.filter(one => {
      const isOpen = ['queued', 'assigned', 'accepted', 'attempting', 'handed_over'].includes(one.state)
      const waits = messages.some(
        other =>
          other.state === 'unknown' && other.number === one.number && (other.body === one.body || one.body === null),
      )
      const isForeign = this.hub
        .foreignAttempts()
        .some(other => other.number === one.number && other.state !== 'refused')
      return isOpen && !(one.state === 'queued' && (waits || isForeign))
    })
  }
}
