import { Refusal } from '../../../shared/errors.ts'
import type { Credential } from '../../../shared/operations/grants.ts'
import { type ServiceRow, serviceById, serviceBySubdomain } from '../../db/access-services.ts'
import { type GrantRow, grantSecret, grantsOfPerson } from '../../db/grants.ts'
import { personById, personByLink } from '../../db/people.ts'
import { appendAudit } from '../audit.ts'
import { hashOf, isToken, makeToken, sameHash } from '../auth/tokens.ts'
import type { ChangeContext } from '../operations/dispatch.ts'
import type { Bans } from './bans.ts'
import { openPassword } from './credentials.ts'
import { onGrant, regenerate } from './grants.ts'
import type { AccessParts } from './parts.ts'
import { expiresSoon } from './shown.ts'

/** What a person sees of a service that they may open. */
export interface OwnService {
  readonly subdomain: string
  readonly name: string
  readonly address: string
  /** Null: it asks for nothing. */
  readonly username: string | null
  /** Whether the password can be shown; not one that was taken over, and none that has expired. */
  readonly known: boolean
  readonly state: GrantRow['state']
  readonly expiresAt: number | null
  readonly expiresSoon: boolean
  /** Whether the credential may be handed over in the address. */
  readonly handOver: boolean
  /** Whether they may make a new password. */
  readonly selfRenewal: boolean
}

/** Who visits. */
export interface Visitor {
  readonly id: number
  readonly name: string
}

/** A browser in which a private link was opened. Its token is in a cookie, and only the hash of it here. */
interface Visit {
  readonly personId: number
  readonly linkHash: Uint8Array
  readonly startedAt: number
  lastAt: number
}

const IDLE_MS = 15 * 60_000
const LONGEST_MS = 8 * 3_600_000
const MOST_VISITS = 2_000

/**
 * What the personal page does. Who has opened a private link is known by a cookie of their browser for a while; when the link
 * is revoked, or the person deleted, that ends too.
 */
export class PersonalPage {
  readonly #parts: AccessParts
  readonly #bans: Bans
  readonly #visits = new Map<string, Visit>()

  constructor(parts: AccessParts, bans: Bans) {
    this.#parts = parts
    this.#bans = bans
  }

  /**
   * Takes a private link. Returns the token of a visit, or null for a link that is none (any more); which of the two is not
   * told. `address`: where it comes from; null where that is not known. Throws Refusal too_many for one that is banned.
   */
  open(token: string, address: string | null): string | null {
    const { db, clock, random } = this.#parts
    const now = clock.now()
    if (address !== null && this.#bans.isBanned(address)) throw new Refusal('too_many')
    // Found by its hash: how much of a guess was right makes no difference to the time.
    const hash = hashOf(token)
    const person = personByLink(db, hash)
    if (!isToken(token) || !person) {
      if (address !== null) db.write(tx => this.#bans.failed(tx, address, now))
      return null
    }
    this.#tidy(now)
    const visit = makeToken(random)
    this.#visits.set(keyOf(visit), { personId: person.id, linkHash: hash, startedAt: now, lastAt: now })
    db.write(tx => this.#record(tx, person.id, 'friends.open-page', []))
    return visit
  }

  /** Who visits; null: nobody (any more). */
  visitor(token: string): Visitor | null {
    const { db, clock } = this.#parts
    const key = keyOf(token)
    const visit = this.#visits.get(key)
    if (!visit) return null
    const now = clock.now()
    const person = personById(db, visit.personId)
    const over = now - visit.lastAt > IDLE_MS || now - visit.startedAt > LONGEST_MS || now < visit.startedAt
    const revoked = !person?.linkHash || !sameHash(person.linkHash, visit.linkHash)
    if (over || revoked) {
      this.#visits.delete(key)
      return null
    }
    visit.lastAt = now
    return { id: person.id, name: person.name }
  }

  leave(token: string): void {
    this.#visits.delete(keyOf(token))
  }

  services(personId: number): OwnService[] {
    const { db, clock } = this.#parts
    const own = grantsOfPerson(db, personId).map(grant => shown(grant, serviceById(db, grant.serviceId)!, clock.now()))
    return own.sort((left, right) => left.name.localeCompare(right.name))
  }

  /** Undefined where they have no grant: for them there is no such service. */
  service(personId: number, subdomain: string): OwnService | undefined {
    return this.services(personId).find(service => service.subdomain === subdomain)
  }

  /** Throws Refusal. */
  show(personId: number, subdomain: string): Credential {
    const grant = this.#grant(personId, subdomain)
    if (grant.state === 'expired') throw new Refusal('conflict', 'It has expired. Ask for a new one.')
    const password = openPassword(this.#parts.vault, grantSecret(grant.id))
    this.#parts.db.write(tx => this.#record(tx, personId, 'grants.reveal', [`grant:${grant.id}`]))
    return { username: grant.username!, password }
  }

  /** The address with the credential in it, where an administrator has chosen that. Throws Refusal. */
  handOver(personId: number, subdomain: string): string {
    const service = serviceBySubdomain(this.#parts.db, subdomain)
    if (!service?.handOver) throw new Refusal('not_found')
    const { username, password } = this.show(personId, subdomain)
    const url = new URL(service.address)
    url.username = username
    url.password = password
    return url.href
  }

  /** A new password, where an administrator lets people make one themselves. Throws Refusal. */
  async regenerate(personId: number, subdomain: string): Promise<Credential> {
    const { id } = this.#grant(personId, subdomain)
    return onGrant(this.#parts, id, grant => {
      const service = serviceById(this.#parts.db, grant.serviceId)
      if (!service?.selfRenewal) throw new Refusal('forbidden', 'Ask an administrator for a new password.')
      // What has come to its end is for an administrator to give again.
      if (grant.state === 'expired') throw new Refusal('conflict', 'It has expired. Ask an administrator.')
      return regenerate(this.#parts, grant, this.#commitFor(personId, 'grants.regenerate'))
    })
  }

  #grant(personId: number, subdomain: string): GrantRow {
    const { db } = this.#parts
    const service = serviceBySubdomain(db, subdomain)
    const grant = grantsOfPerson(db, personId).find(one => one.serviceId === service?.id)
    if (!grant || grant.username === null) throw new Refusal('not_found')
    return grant
  }

  #commitFor(personId: number, action: string): ChangeContext['commit'] {
    return work =>
      this.#parts.db.write(tx => {
        const subjects: string[] = []
        const done = work(tx, (kind, id) => subjects.push(`${kind}:${id}`))
        this.#record(tx, personId, action, subjects)
        return done
      })
  }

  #record(tx: Parameters<typeof appendAudit>[0], personId: number, action: string, subjects: readonly string[]): void {
    const at = this.#parts.clock.now()
    const subject = subjects.join(' ') || `person:${personId}`
    appendAudit(tx, { at, actor: `person:${personId}`, action, subject, outcome: 'ok', code: '' })
  }

  /** Forgets visits that are over; when there are too many all the same, the oldest. */
  #tidy(now: number): void {
    for (const [key, visit] of this.#visits) if (now - visit.lastAt > IDLE_MS) this.#visits.delete(key)
    while (this.#visits.size >= MOST_VISITS) this.#visits.delete(this.#visits.keys().next().value!)
  }
}

function keyOf(token: string): string {
  return Buffer.from(hashOf(token)).toString('hex')
}

function shown(grant: GrantRow, service: ServiceRow, now: number): OwnService {
  const { subdomain, name, address, handOver, selfRenewal } = service
  const { username, known, state, expiresAt } = grant
  const works = state === 'active' && known && username !== null
  return {
    ...{ subdomain, name, address, username, state, expiresAt },
    known: works,
    expiresSoon: expiresSoon(grant, service, now),
    handOver: handOver && works,
    selfRenewal: selfRenewal && state === 'active' && username !== null,
  }
}
