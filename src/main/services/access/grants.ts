import { Refusal } from '../../../shared/errors.ts'
import {
  allGrants,
  type GrantRow,
  grantSecret,
  grantsOfPerson,
  grantsOfService,
  insertGrant,
  renewGrant,
  setGrantExpired,
  setGrantExpiry,
} from '../../db/grants.ts'
import { insertPerson } from '../../db/people.ts'
import { htpasswdEntries } from '../../domain/htpasswd.ts'
import type { ChangeContext, HandlersFor } from '../operations/dispatch.ts'
import { asRefusal, changeFiles, fileAt } from './change.ts'
import { needVault, newCredential, openPassword, sealPassword } from './credentials.ts'
import { type AccessParts, holding } from './parts.ts'
import { dropGrant, grantChanges, prepareGrant, storeGrant } from './provision.ts'
import { endAfter, foundGrant, foundPerson, foundService, shownGrant } from './shown.ts'

type Names =
  | 'grants.list'
  | 'grants.create'
  | 'grants.delete'
  | 'grants.reveal'
  | 'grants.regenerate'
  | 'grants.set-expiry'
  | 'grants.adopt'

type Commit = ChangeContext['commit']

export function grantHandlers(parts: AccessParts): HandlersFor<Names> {
  const { db, clock, vault } = parts
  const shown = (id: number) => shownGrant(db, foundGrant(db, id), clock.now())
  return {
    'grants.list': ({ personId, serviceId }) => {
      if (personId !== undefined) foundPerson(db, personId)
      if (serviceId !== undefined) foundService(db, serviceId)
      const rows =
        personId !== undefined
          ? grantsOfPerson(db, personId)
          : serviceId !== undefined
            ? grantsOfService(db, serviceId)
            : allGrants(db)
      const both = rows.filter(row => serviceId === undefined || row.serviceId === serviceId)
      return { grants: both.map(grant => shownGrant(db, grant, clock.now())) }
    },
    'grants.create': async ({ personId, serviceId, days }, { actor, commit }) => {
      const id = await holding(
        parts,
        [personId],
        () => [serviceId],
        async () => {
          const person = foundPerson(db, personId)
          const service = foundService(db, serviceId)
          if (grantsOfPerson(db, personId).some(grant => grant.serviceId === serviceId)) {
            throw new Refusal('exists_already', 'This person has a grant at this service already.')
          }
          const made = await prepareGrant(parts, person.name, service, days)
          return changeFiles(parts, grantChanges([made], []), settled =>
            commit((tx, about) => {
              settled(tx)
              const grant = storeGrant(parts, tx, personId, made, actor)
              about('grant', grant)
              about('person', personId)
              about('service', serviceId)
              return grant
            }),
          )
        },
      )
      return shown(id)
    },
    'grants.delete': async ({ id }, { commit }) => {
      await onGrant(parts, id, grant => {
        const service = foundService(db, grant.serviceId)
        return changeFiles(parts, grantChanges([], [{ grant, service }]), settled =>
          commit((tx, about) => {
            settled(tx)
            about('grant', id)
            about('person', grant.personId)
            about('service', grant.serviceId)
            dropGrant(tx, id)
          }),
        )
      })
      return { done: true as const }
    },
    'grants.reveal': ({ id }, { commit }) => {
      const { username } = foundGrant(db, id)
      if (username === null) throw new Refusal('conflict', NOTHING_ASKED)
      const password = openPassword(vault, grantSecret(id))
      commit((_tx, about) => about('grant', id))
      return { username, password }
    },
    'grants.regenerate': ({ id }, { commit }) => onGrant(parts, id, grant => regenerate(parts, grant, commit)),
    'grants.set-expiry': ({ id, days }, { commit }) =>
      onGrant(parts, id, async grant => {
        if (grant.state === 'expired') {
          throw new Refusal('conflict', 'It has expired. Make a new password: its days begin anew.')
        }
        commit((tx, about) => {
          about('grant', id)
          setGrantExpiry(tx, id, endAfter(days, clock.now()))
        })
        return shown(id)
      }),
    'grants.adopt': async ({ serviceId, entries }, { actor, commit }) => {
      const people = entries.flatMap(entry => ('personId' in entry ? [entry.personId] : []))
      const ids = await holding(
        parts,
        people,
        () => [serviceId],
        async () => {
          const { place } = foundService(db, serviceId)
          if (place === null) throw new Refusal('conflict', NOTHING_ASKED)
          const text = await asRefusal(place, () => fileAt(place).read())
          const found = new Map(
            htpasswdEntries(text ?? '')
              .reverse()
              .map(entry => [entry.username, entry.hash]),
          )
          refuseOwned(parts, serviceId, entries, found)
          return commit((tx, about) => {
            about('service', serviceId)
            return entries.map(entry => {
              const now = clock.now()
              const personId =
                'personId' in entry ? entry.personId : insertPerson(tx, { name: entry.name, note: '' }, actor, now)
              const { username } = entry
              const adopted = { username, hash: found.get(username)!, known: false, expiresAt: null }
              const grant = insertGrant(tx, { personId, serviceId, ...adopted }, actor, now)
              about('grant', grant)
              return grant
            })
          })
        },
      )
      return { grants: ids.map(shown) }
    },
  }
}

/** A new password in the place of the old one; its days begin anew. The grant's locks are held. */
export async function regenerate(
  parts: AccessParts,
  grant: GrantRow,
  commit: Commit,
): Promise<{ username: string; password: string }> {
  const { db, clock, random, vault } = parts
  const service = foundService(db, grant.serviceId)
  const { username } = grant
  if (username === null || service.place === null) throw new Refusal('conflict', NOTHING_ASKED)
  needVault(vault)
  const { password, hash } = await newCredential(random)
  await changeFiles(parts, [{ place: service.place, entries: new Map([[username, hash]]) }], settled =>
    commit((tx, about) => {
      settled(tx)
      about('grant', grant.id)
      const now = clock.now()
      renewGrant(tx, grant.id, { hash, known: true, expiresAt: renewedEnd(grant, service.expiryDays, now), at: now })
      sealPassword(vault, grantSecret(grant.id), password)
    }),
  )
  return { username, password }
}

/** Takes the entry of a grant that has come to its end out of the file. The grant's locks are held. */
export async function expire(parts: AccessParts, grant: GrantRow, commit: Commit): Promise<void> {
  const service = foundService(parts.db, grant.serviceId)
  await changeFiles(parts, grantChanges([], [{ grant, service }]), settled =>
    commit((tx, about) => {
      settled(tx)
      about('grant', grant.id)
      setGrantExpired(tx, grant.id)
    }),
  )
}

/** Runs `work` on a grant as it is once its person and service are held. */
export function onGrant<T>(parts: AccessParts, id: number, work: (grant: GrantRow) => Promise<T>): Promise<T> {
  const { personId, serviceId } = foundGrant(parts.db, id)
  return holding(
    parts,
    [personId],
    () => [serviceId],
    async () => work(foundGrant(parts.db, id)),
  )
}

/** For as long as it counted before, or (taken over from a file) as the service says. */
function renewedEnd(grant: GrantRow, expiryDays: number | null, now: number): number | null {
  if (!grant.known) return endAfter(expiryDays, now)
  return grant.expiresAt === null ? null : now + Math.max(1, grant.expiresAt - grant.renewedAt)
}

function refuseOwned(
  { db }: AccessParts,
  serviceId: number,
  entries: readonly ({ username: string; personId: number } | { username: string; name: string })[],
  found: ReadonlyMap<string, string>,
): void {
  const grants = grantsOfService(db, serviceId)
  const owned = new Set([foundService(db, serviceId).adminUsername, ...grants.map(grant => grant.username)])
  const people = new Set(grants.map(grant => grant.personId))
  for (const entry of entries) {
    const { username } = entry
    if (!found.has(username)) throw new Refusal('not_found', `The file has no entry "${username}".`)
    if (owned.has(username)) throw new Refusal('conflict', `The entry "${username}" belongs to somebody already.`)
    owned.add(username)
    if (!('personId' in entry)) continue
    const { name } = foundPerson(db, entry.personId)
    if (people.has(entry.personId)) {
      throw new Refusal('conflict', `${name} has a grant at this service already. A person has one at most.`)
    }
    people.add(entry.personId)
  }
}

const NOTHING_ASKED = 'This service asks for no password, so there is none.'
