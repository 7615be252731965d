import { Refusal } from '../../../shared/errors.ts'
import type { PageState } from '../../../shared/operations/friends.ts'
import { grantsOfPerson } from '../../db/grants.ts'
import { allPeople, deletePerson, insertPerson, setLink, updatePerson } from '../../db/people.ts'
import { hashOf, makeToken } from '../auth/tokens.ts'
import type { Handlers, HandlersFor } from '../operations/dispatch.ts'
import { changeFiles } from './change.ts'
import { type AccessParts, holding } from './parts.ts'
import { dropGrant, grantChanges, type NewGrant, prepareGrant, storeGrant } from './provision.ts'
import { foundPerson, foundService, shownPerson } from './shown.ts'

type Names = Extract<keyof Handlers, `friends.${string}`>

/** The personal page: how it does, and under which address people reach it (null: that is not known). */
export interface PageView {
  state(): PageState
  address(): string | null
}

export function peopleHandlers(parts: AccessParts, page: PageView): HandlersFor<Names> {
  const { db, clock } = parts
  const shown = (id: number) => shownPerson(db, foundPerson(db, id), clock.now())
  const prepared = async (name: string, services: readonly number[]): Promise<NewGrant[]> => {
    const made: NewGrant[] = []
    for (const id of services) made.push(await prepareGrant(parts, name, foundService(db, id), undefined))
    return made
  }
  return {
    'friends.list': () => ({
      friends: allPeople(db).map(person => shownPerson(db, person, clock.now())),
      page: page.state(),
    }),
    'friends.get': ({ id }) => shown(id),
    'friends.create': async ({ name, note, services }, { actor, commit }) => {
      const wanted = refuseTwice(services)
      const id = await holding(
        parts,
        [],
        () => wanted,
        async () => {
          const made = await prepared(name, wanted)
          return changeFiles(parts, grantChanges(made, []), settled =>
            commit((tx, about) => {
              settled(tx)
              const person = insertPerson(tx, { name, note }, actor, clock.now())
              about('person', person)
              for (const grant of made) about('grant', storeGrant(parts, tx, person, grant, actor))
              return person
            }),
          )
        },
      )
      return shown(id)
    },
    'friends.update': async ({ id, name, note, services }, { actor, commit }) => {
      const wanted = services === undefined ? null : new Set(refuseTwice(services))
      await holding(
        parts,
        [id],
        () => [...grantsOfPerson(db, id).map(grant => grant.serviceId), ...(wanted ?? [])],
        async () => {
          const before = foundPerson(db, id)
          const grants = grantsOfPerson(db, id)
          const plan = { name: name ?? before.name, note: note ?? before.note }
          const held = new Set(grants.map(grant => grant.serviceId))
          const made = await prepared(plan.name, wanted ? [...wanted].filter(one => !held.has(one)) : [])
          const ended = grants
            .filter(grant => wanted !== null && !wanted.has(grant.serviceId))
            .map(grant => ({ grant, service: foundService(db, grant.serviceId) }))
          await changeFiles(parts, grantChanges(made, ended), settled =>
            commit((tx, about) => {
              settled(tx)
              about('person', id)
              updatePerson(tx, id, plan, clock.now())
              for (const { grant } of ended) {
                about('grant', grant.id)
                dropGrant(tx, grant.id)
              }
              for (const grant of made) about('grant', storeGrant(parts, tx, id, grant, actor))
            }),
          )
        },
      )
      return shown(id)
    },
    'friends.new-link': ({ id }, { commit }) => {
      foundPerson(db, id)
      const token = makeToken(parts.random)
      commit((tx, about) => {
        about('person', id)
        setLink(tx, id, hashOf(token), clock.now())
      })
      const address = page.address()
      return { token, url: address === null ? null : `${address.replace(/\/+$/, '')}/f/${token}` }
    },
    'friends.revoke-link': ({ id }, { commit }) => {
      foundPerson(db, id)
      commit((tx, about) => {
        about('person', id)
        setLink(tx, id, null, clock.now())
      })
      return shown(id)
    },
    'friends.delete': async ({ id }, { commit }) => {
      const held = () => grantsOfPerson(db, id)
      await holding(
        parts,
        [id],
        () => held().map(grant => grant.serviceId),
        async () => {
          foundPerson(db, id)
          const ended = held().map(grant => ({ grant, service: foundService(db, grant.serviceId) }))
          await changeFiles(parts, grantChanges([], ended), settled =>
            commit((tx, about) => {
              settled(tx)
              about('person', id)
              for (const { grant } of ended) {
                about('grant', grant.id)
                dropGrant(tx, grant.id)
              }
              deletePerson(tx, id)
            }),
          )
        },
      )
      return { done: true as const }
    },
  }
}

function refuseTwice(services: readonly number[]): number[] {
  const once = [...new Set(services)]
  if (once.length === services.length) return once
  throw new Refusal('invalid_input', 'Name each service once.', { services: 'Name each service once.' })
}
