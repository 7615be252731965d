import type { Friend, Grant } from '../../shared/operations/friends.ts'
import type { Service } from '../../shared/operations/services.ts'
import { UsageError } from './exit.ts'
import type { Session } from './session.ts'

/** A person by name in any case, or by id. */
export async function foundFriend(session: Session, given: string): Promise<Friend> {
  const { friends } = await session.do('friends.list', {})
  const named = friends.filter(friend => friend.name.toLowerCase() === given.toLowerCase())
  if (named.length > 1) {
    throw new UsageError(`There are ${named.length} people of this name. Give the id: ${ids(named)}.`)
  }
  const friend = named[0] ?? friends.find(one => String(one.id) === given)
  if (!friend) throw new UsageError(`There is no person "${given}". See: campaign-connector people list`)
  return friend
}

/** A service by name or subdomain in any case, or by id. */
export async function foundService(session: Session, given: string): Promise<Service> {
  const { services } = await session.do('services.list', {})
  const folded = given.toLowerCase()
  const named = services.filter(one => one.name.toLowerCase() === folded)
  const service =
    services.find(one => one.subdomain === folded) ??
    (named.length === 1 ? named[0] : undefined) ??
    services.find(one => String(one.id) === given)
  if (!service) throw new UsageError(`There is no service "${given}". See: campaign-connector services list`)
  return service
}

/** The grant of a person at a service. */
export async function foundGrant(session: Session, person: string, service: string): Promise<Grant> {
  const [friend, { id, name }] = [await foundFriend(session, person), await foundService(session, service)]
  const grant = friend.grants.find(one => one.serviceId === id)
  if (!grant) throw new UsageError(`${friend.name} has no grant at ${name}. See: campaign-connector grants list`)
  return grant
}

function ids(people: readonly Friend[]): string {
  return people.map(one => one.id).join(', ')
}
