import { Refusal } from '../../../shared/errors.ts'
import type { OutputOf } from '../../../shared/operations/index.ts'
import type { Phone } from '../../../shared/operations/phones.ts'
import {
  type DoctorFinding,
  formatPairingLink,
  type LaneLimits,
  type PhoneStatus,
  phoneStatusSchema,
} from '../../../shared/phone-protocol.ts'
import type { Database, Writer } from '../../db/database.ts'
import { askNewPhone, askPhoneAgain } from '../../db/erasures.ts'
import { heldByPhone, laneLoad, loseQueuedOfPhone } from '../../db/messages.ts'
import {
  adoptJournal,
  allPhones,
  describeSim,
  insertPhone,
  noteJournalProblem,
  type PhoneRow,
  phoneById,
  phoneFindings,
  phoneSaidHello,
  phoneSeen,
  phoneStatus,
  renamePhone,
  replayDone,
  revokePhone,
  type SimRow,
  setSim,
  simById,
  simOfSlot,
  simsOf,
} from '../../db/phones.ts'
import { appendAudit } from '../audit.ts'
import { loseMemory } from '../dispatch/entries.ts'
import type { HandlersFor } from '../operations/dispatch.ts'
import type { Clock, Happenings, LaneView, Log, Phones, Randomness } from '../ports.ts'
import type { SettingsView } from '../settings.ts'
import { newDeviceKey, rotateDeviceKey } from './keys.ts'
import { Pairing } from './pairing.ts'

/** What the link does for the phones. Null while no link runs (the command line without a hub). */
export interface PhoneLink {
  isConnected(phoneId: number): boolean
  /** Ends the connection of a phone, if there is one. */
  disconnect(phoneId: number, reason: 'revoked' | 'replaced'): void
  offerKey(phoneId: number, key: string): boolean
  runDoctor(phoneId: number): boolean
  resumeLane(phoneId: number, slot: number): boolean
  /** Tells every connected phone its limits, its poll intervals and the addresses. */
  refreshSettings(): void
  /** How the hub can be reached: addresses (host:port), pin (base64url) and the agent's file. */
  address(): { addresses: string[]; pin: string; agentSha256: string }
}

export interface PhonesParts {
  readonly db: Database
  readonly clock: Clock
  readonly random: Randomness
  readonly log: Log
  readonly happenings: Happenings
  readonly settings: SettingsView
  readonly link: () => PhoneLink | null
  /** Something about lanes has changed: work may be assigned, freed or recalled. */
  readonly wake: () => void
}

/** Texts are dated by the clock of the phone, which may have been set wrongly, or to another zone. */
const CLOCKS_APART_MS = 26 * 3_600_000

/** What a phone gets when it is paired. `textsSince`: texts that came in since then count, ms; null: from now on. */
interface Paired {
  readonly phone: number
  readonly key: string
  readonly textsSince: number | null
}

/** Phones, their lanes, pairing and keys. */
export class PhonesService implements Phones {
  readonly pairing: Pairing
  readonly #parts: PhonesParts
  /** `last_seen_at` is written this often at most, in ms: it is no reason for a commit each few seconds. */
  readonly #seen = new Map<number, number>()

  constructor(parts: PhonesParts) {
    this.#parts = parts
    this.pairing = new Pairing(parts.clock, parts.random)
  }

  lanes(): readonly LaneView[] {
    const { db, settings } = this.#parts
    return allPhones(db, false).flatMap(phone => {
      const status = statusOf(phone)
      return simsOf(db, phone.id).map(sim => ({
        simId: sim.id,
        phoneId: phone.id,
        phoneName: phone.name,
        slot: sim.slot,
        enabled: sim.enabled === 1,
        connected: this.#isConnected(phone.id),
        canProve: phone.canProve === 1,
        limits: limitsOf(sim) ?? settings.current().limits,
        recipientsThisMonth: status?.lanes.find(lane => lane.slot === sim.slot)?.recipientsThisMonth ?? 0,
      }))
    })
  }

  /** Takes a phone in that showed the right code. Returns its id and key and which texts of it count, or null. */
  pair(code: string, given: { journal: string; name: string; agent: string }): Paired | null {
    const { db, clock, random, happenings } = this.#parts
    const chosen = this.pairing.use(code)
    if (chosen === null) return null
    const { key, hash } = newDeviceKey(random)
    const name = chosen === 'Phone' && given.name !== '' ? given.name : chosen
    const at = clock.now()
    // It may be any of those that are not there, come back without its memory.
    const away = allPhones(db, true).filter(phone => phone.revokedAt !== null || !this.#isConnected(phone.id))
    const textsSince =
      away.length === 0 ? null : Math.max(0, Math.min(...away.map(phone => phone.pairedAt)) - CLOCKS_APART_MS)
    const phone = db.write(tx => {
      const id = insertPhone(tx, {
        name,
        keyHash: hash,
        journal: given.journal,
        agentVersion: given.agent,
        pairedAt: at,
      })
      simOfSlot(tx, id, 0)
      askNewPhone(tx, id)
      record(tx, `phone:${id}`, 'phones.paired', id, at)
      return id
    })
    this.pairing.done(phone)
    happenings.tell({ type: 'phone', id: phone })
    return { phone, key, textsSince }
  }

  saidHello(phoneId: number, agent: string, country: string | null): void {
    this.#parts.db.write(tx => phoneSaidHello(tx, phoneId, agent, country, this.#parts.clock.now()))
  }

  seen(phoneId: number): void {
    const now = this.#parts.clock.now()
    if (now - (this.#seen.get(phoneId) ?? 0) < 30_000) return
    this.#seen.set(phoneId, now)
    this.#parts.db.write(tx => phoneSeen(tx, phoneId, now))
  }

  /** A connection has ended. */
  gone(phoneId: number): void {
    this.#parts.happenings.tell({ type: 'phone', id: phoneId })
  }

  /** Stores a status; only what matters to people is a reason to write it. */
  tookStatus(phoneId: number, status: PhoneStatus): void {
    const { db, clock, happenings } = this.#parts
    const phone = phoneById(db, phoneId)
    if (!phone || !worthStoring(statusOf(phone), status)) return
    db.write(tx => {
      phoneStatus(tx, phoneId, JSON.stringify(status), status.canProve, clock.now())
      for (const lane of status.lanes) describeSim(tx, simOfSlot(tx, phoneId, lane.slot), lane.carrier, lane.country)
    })
    happenings.tell({ type: 'phone', id: phoneId })
  }

  tookFindings(phoneId: number, findings: readonly DoctorFinding[]): void {
    this.#parts.db.write(tx => phoneFindings(tx, phoneId, JSON.stringify(findings)))
    this.#parts.happenings.tell({ type: 'phone', id: phoneId })
  }

  /** The journal that a phone shows is not the one that is known, or is behind it: what it held can be known no more. */
  journalBroken(phoneId: number, problem: 'journal_changed' | 'journal_rolled_back', offered: string): void {
    const { db, clock, log, happenings } = this.#parts
    const at = clock.now()
    db.write(tx => {
      const reason = problem === 'journal_changed' ? 'journal_lost' : 'journal_rolled_back'
      loseMemory(tx, heldByPhone(tx, phoneId), reason, at, log)
      if (phoneById(tx, phoneId)?.journalProblem !== problem)
        record(tx, `phone:${phoneId}`, `phones.${problem}`, phoneId, at)
      noteJournalProblem(tx, phoneId, problem, offered)
      askPhoneAgain(tx, phoneId)
    })
    log.warn('the journal of a phone is not the one that is known', { phone: phoneId, problem })
    happenings.tell({ type: 'phone', id: phoneId })
  }

  limitsOfPhone(phoneId: number): { slot: number; limits: LaneLimits }[] {
    const { db, settings } = this.#parts
    return simsOf(db, phoneId).map(sim => ({ slot: sim.slot, limits: limitsOf(sim) ?? settings.current().limits }))
  }

  newKey(db: Writer, phoneId: number): string {
    return rotateDeviceKey(db, phoneId, this.#parts.random)
  }

  /** Those that are not revoked. */
  paired(): Phone[] {
    return allPhones(this.#parts.db, false).map(phone => this.view(phone))
  }

  view(phone: PhoneRow): Phone {
    const { db } = this.#parts
    const sims = simsOf(db, phone.id)
    return {
      id: phone.id,
      name: phone.name,
      connected: this.#isConnected(phone.id),
      canProve: phone.canProve === 1,
      country: phone.country,
      agentVersion: phone.agentVersion,
      pairedAt: phone.pairedAt,
      lastSeenAt: phone.lastSeenAt,
      revokedAt: phone.revokedAt,
      journalProblem: phone.journalProblem,
      replayNeeded: phone.replayNeeded === 1,
      sims: sims.map(({ id, slot, carrier, country, enabled, limits }) => ({
        id,
        slot,
        carrier,
        country,
        enabled: enabled === 1,
        limits: limits === null ? null : (JSON.parse(limits) as LaneLimits),
      })),
      status: statusOf(phone),
      findings: JSON.parse(phone.findings) as DoctorFinding[],
      holding: sims.reduce((sum, sim) => sum + laneLoad(db, sim.id).messages, 0),
    }
  }

  #isConnected(phoneId: number): boolean {
    return this.#parts.link()?.isConnected(phoneId) ?? false
  }
}

export function phoneHandlers(
  parts: PhonesParts,
  service: PhonesService,
): HandlersFor<Extract<keyof import('../operations/dispatch.ts').Handlers, `phones.${string}`>> {
  const { db, clock, log } = parts
  const found = (id: number): PhoneRow => {
    const phone = phoneById(db, id)
    if (!phone) throw new Refusal('not_found', 'There is no such phone.')
    return phone
  }
  const active = (id: number): PhoneRow => {
    const phone = found(id)
    if (phone.revokedAt !== null) throw new Refusal('conflict', 'This phone is revoked. Pair it again.')
    return phone
  }
  const foundSim = (id: number): SimRow => {
    const sim = simById(db, id)
    if (!sim) throw new Refusal('not_found', 'There is no such SIM.')
    return sim
  }
  const needLink = (): PhoneLink => {
    const link = parts.link()
    if (!link) throw new Refusal('unavailable', 'No hub is running. Start it with: campaign-connector serve')
    return link
  }
  const needConnected = (done: boolean): void => {
    if (!done) throw new Refusal('unavailable', 'The phone is not connected. Start the agent on it, then try again.')
  }
  return {
    'phones.list': ({ revoked }) => ({ phones: allPhones(db, revoked).map(phone => service.view(phone)) }),
    'phones.pair': ({ name }, context) => {
      const link = needLink()
      return context.commit(() => pairingAnswer(service.pairing.open(name), link.address()))
    },
    'phones.stop-pairing': (_input, context) =>
      context.commit(() => {
        service.pairing.close()
        return { done: true as const }
      }),
    'phones.pairing': () => service.pairing.state(),
    'phones.rename': ({ id, name }, context) => {
      found(id)
      context.commit((tx, about) => {
        about('phone', id)
        renamePhone(tx, id, name)
      })
      parts.happenings.tell({ type: 'phone', id })
      return service.view(found(id))
    },
    'phones.rotate-key': ({ id }, context) => {
      active(id)
      const link = needLink()
      needConnected(link.isConnected(id))
      const key = context.commit((tx, about) => {
        about('phone', id)
        return service.newKey(tx, id)
      })
      link.offerKey(id, key)
      return { done: true as const }
    },
    'phones.revoke': ({ id }, context) => {
      active(id)
      context.commit((tx, about) => {
        about('phone', id)
        revokePhone(tx, id, clock.now())
        loseMemory(tx, heldByPhone(tx, id), 'phone_revoked', clock.now(), log)
      })
      parts.link()?.disconnect(id, 'revoked')
      parts.happenings.tell({ type: 'phone', id })
      parts.wake()
      return service.view(found(id))
    },
    'phones.accept-journal': ({ id }, context) => {
      if (active(id).journalProblem === null) throw new Refusal('conflict', 'The journal of this phone is in order.')
      context.commit((tx, about) => {
        about('phone', id)
        adoptJournal(tx, id)
      })
      parts.link()?.disconnect(id, 'replaced')
      parts.wake()
      return service.view(found(id))
    },
    'phones.write-off': ({ id }, context) => {
      if (active(id).replayNeeded === 0) throw new Refusal('conflict', 'Nothing waits for this phone.')
      context.commit((tx, about) => {
        about('phone', id)
        replayDone(tx, id)
        loseMemory(tx, heldByPhone(tx, id), 'journal_lost', clock.now(), log)
        loseQueuedOfPhone(tx, id, clock.now())
      })
      parts.wake()
      return service.view(found(id))
    },
    'phones.set-sim': ({ simId, enabled, limits }, context) => {
      const sim = foundSim(simId)
      const kept = limits === undefined ? sim.limits : limits === null ? null : JSON.stringify(limits)
      context.commit((tx, about) => {
        about('sim', simId)
        setSim(tx, simId, enabled ?? sim.enabled === 1, kept)
      })
      parts.link()?.refreshSettings()
      parts.wake()
      return service.view(found(sim.phoneId))
    },
    'phones.resume-lane': ({ simId }, context) => {
      const sim = foundSim(simId)
      needConnected(needLink().resumeLane(sim.phoneId, sim.slot))
      context.commit((_tx, about) => about('sim', simId))
      return { done: true as const }
    },
    'phones.run-doctor': ({ id }, context) => {
      active(id)
      needConnected(needLink().runDoctor(id))
      context.commit((_tx, about) => about('phone', id))
      return { done: true as const }
    },
  }
}

function pairingAnswer(
  open: { code: string; expiresAt: number },
  address: { addresses: string[]; pin: string; agentSha256: string },
): OutputOf<'phones.pair'> {
  const { addresses, pin, agentSha256 } = address
  const link = formatPairingLink({ code: open.code, pin, addresses })
  const curlPin = Buffer.from(pin, 'base64url').toString('base64')
  const line = [
    `for a in ${addresses.join(' ')}; do curl -fsk --max-time 20 --pinnedpubkey 'sha256//${curlPin}' "https://$a/agent?c=${open.code}" -o "$HOME/campaign-connector-agent.mjs" && break; done`,
    `echo '${agentSha256}  '"$HOME/campaign-connector-agent.mjs" | sha256sum -c -`,
    `node "$HOME/campaign-connector-agent.mjs" pair '${link}'`,
  ].join(' && ')
  return { link, line, expiresAt: open.expiresAt, addresses }
}

function statusOf(phone: PhoneRow): PhoneStatus | null {
  const parsed = phoneStatusSchema.safeParse(JSON.parse(phone.status))
  return parsed.success ? parsed.data : null
}

function limitsOf(sim: SimRow): LaneLimits | null {
  return sim.limits === null ? null : (JSON.parse(sim.limits) as LaneLimits)
}

/** Room and use change with each send; they are not worth a commit of their own. */
function worthStoring(before: PhoneStatus | null, now: PhoneStatus): boolean {
  const essence = (status: PhoneStatus) =>
    JSON.stringify({
      ...status,
      battery: status.battery && { ...status.battery, percent: Math.round(status.battery.percent / 5) },
      lanes: status.lanes.map(({ slot, carrier, country, halt }) => ({ slot, carrier, country, halt })),
    })
  return before === null || essence(before) !== essence(now)
}

function record(db: Writer, actor: string, action: string, phoneId: number, at: number): void {
  appendAudit(db, { at, actor, action, subject: `phone:${phoneId}`, outcome: 'ok', code: '' })
}
