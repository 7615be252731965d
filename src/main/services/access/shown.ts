import { Refusal } from '../../../shared/errors.ts'
import type { Friend, Grant } from '../../../shared/operations/friends.ts'
import type { Service } from '../../../shared/operations/services.ts'
import { type ServiceRow, serviceById } from '../../db/access-services.ts'
import type { Reader } from '../../db/database.ts'
import { type GrantRow, grantById, grantsOfPerson, grantsOfService } from '../../db/grants.ts'
import { type PersonRow, personById } from '../../db/people.ts'

const DAY_MS = 24 * 3_600_000

/** What was asked for by id, or a refusal that says that it is not there. */
export function foundPerson(db: Reader, id: number): PersonRow {
  const person = personById(db, id)
  if (!person) throw new Refusal('not_found', 'There is no such person (any more).')
  return person
}

export function foundService(db: Reader, id: number): ServiceRow {
  const service = serviceById(db, id)
  if (!service) throw new Refusal('not_found', 'There is no such service (any more).')
  return service
}

export function foundGrant(db: Reader, id: number): GrantRow {
  const grant = grantById(db, id)
  if (!grant) throw new Refusal('not_found', 'There is no such grant (any more).')
  return grant
}

export function shownGrant(db: Reader, grant: GrantRow, now: number): Grant {
  const { createdBy: _by, hash: _hash, ...row } = grant
  const service = foundService(db, grant.serviceId)
  return {
    ...row,
    person: foundPerson(db, grant.personId).name,
    service: service.name,
    expiresSoon: expiresSoon(grant, service, now),
  }
}

/** Whether the warning before the end is due. */
export function expiresSoon({ state, expiresAt }: GrantRow, { warnDays }: ServiceRow, now: number): boolean {
  return state === 'active' && expiresAt !== null && expiresAt - now <= warnDays * DAY_MS
}

export function shownPerson(db: Reader, person: PersonRow, now: number): Friend {
  const { linkHash: _hash, ...row } = person
  return { ...row, grants: grantsOfPerson(db, person.id).map(grant => shownGrant(db, grant, now)) }
}

export function shownService(db: Reader, service: ServiceRow): Service {
  const {
    id,
    name,
    subdomain,
    address,
    authType,
    place,
    expiryDays,
    warnDays,
    adminUsername,
    logFile,
    handOver,
    selfRenewal,
  } = service
  const { healthAt, healthOk, healthDetail, lookedAt, drift, fileProblem } = service
  return {
    ...{ id, name, subdomain, address, authType, expiryDays, warnDays, adminUsername, logFile, handOver, selfRenewal },
    host: place?.host ?? '',
    htpasswdFile: place?.file ?? null,
    reload: place?.reload ? [...place.reload] : null,
    grants: grantsOfService(db, id).length,
    health: healthAt === null ? null : { at: healthAt, ok: healthOk === true, detail: healthDetail },
    file: place === null || lookedAt === null ? null : { at: lookedAt, drift, problem: fileProblem },
    createdBy: service.createdBy,
    createdAt: service.createdAt,
    updatedAt: service.updatedAt,
  }
}

/** When something ends that counts for so many days from now. */
export function endAfter(days: number | null, now: number): number | null {
  return days === null ? null : now + days * DAY_MS
}
