import type { DoctorFinding } from '../../../shared/phone-protocol.ts'
import { allIntents } from '../../db/access-intents.ts'
import { allServices, type ServiceRow } from '../../db/access-services.ts'
import type { Reader } from '../../db/database.ts'
import { allGrants } from '../../db/grants.ts'
import { fine, wrong } from '../doctor-finding.ts'
import type { Clock } from '../ports.ts'
import { expiresSoon } from './shown.ts'

/** Grants are ended every few seconds; what is over for longer could not be ended. In ms. */
const LATE_MS = 60_000

/** What is known to go wrong with services and grants. */
export function accessFindings({ db, clock }: { db: Reader; clock: Clock }): DoctorFinding[] {
  const services = allServices(db)
  return [
    ...services.map(finding),
    ...allIntents(db).map(({ place: { host, file } }) =>
      wrong(
        'service files',
        `${file}${host === '' ? '' : ` on ${host}`} may hold a change that was cut off, and cannot be put back yet.`,
        'Make it reachable again; the next change of its service, or a restart of the hub, puts it back first.',
      ),
    ),
    ...ends(db, services, clock.now()),
  ]
}

function finding({ id, name, drift, fileProblem, healthOk, healthDetail }: ServiceRow): DoctorFinding {
  const check = `service ${id}`
  if (fileProblem !== '') return wrong(check, `${name}: ${fileProblem}`, 'Mend the file or the way to it.')
  if (drift > 0) {
    return wrong(
      check,
      `${name}: ${drift} entries of its file differ from the database.`,
      `Look: campaign-connector services entries ${id}; then: campaign-connector services mend ${id} --change file`,
    )
  }
  if (healthOk === false)
    return wrong(check, `${name}: ${healthDetail}`, `Then: campaign-connector services check ${id}`)
  return fine(check, `${name} is in order.`)
}

function ends(db: Reader, services: readonly ServiceRow[], now: number): DoctorFinding[] {
  const check = 'credentials'
  const grants = allGrants(db)
  const late = grants.filter(
    grant => grant.state === 'active' && grant.expiresAt !== null && grant.expiresAt + LATE_MS < now,
  )
  if (late.length > 0) {
    return [
      wrong(
        check,
        `${late.length} credentials are over, and could not be taken out of their files yet.`,
        'Mend what is wrong with the file or the reload command; it is tried again by itself while the hub runs.',
      ),
    ]
  }
  const soon = grants.filter(grant => {
    const service = services.find(one => one.id === grant.serviceId)
    return service !== undefined && expiresSoon(grant, service, now)
  })
  if (soon.length === 0) return []
  return [
    wrong(
      check,
      `${soon.length === 1 ? 'A credential expires' : `${soon.length} credentials expire`} within the days of warning.`,
      'See which: campaign-connector grants list; then: campaign-connector grants regenerate PERSON SERVICE, or grants expiry',
    ),
  ]
}
