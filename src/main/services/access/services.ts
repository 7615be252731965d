import { posix } from 'node:path'
import { Refusal } from '../../../shared/errors.ts'
import type { InputOf } from '../../../shared/operations/index.ts'
import { lastUses } from '../../db/access-log.ts'
import {
  adminSecret,
  allServices,
  deleteService,
  type FilePlace,
  insertService,
  noteHealth,
  type ServicePlan,
  type ServiceRow,
  serviceBySubdomain,
  serviceOfFile,
  setAdminHash,
  updateService,
} from '../../db/access-services.ts'
import type { Reader } from '../../db/database.ts'
import { deleteGrant, grantSecret, grantsOfService, renewGrant } from '../../db/grants.ts'
import { dropSecret } from '../../db/vault.ts'
import { credentialName, foldName } from '../../domain/credential-names.ts'
import { foreignLine, hashesOf, htpasswdEntries } from '../../domain/htpasswd.ts'
import { isKnownReload } from '../../domain/reload-commands.ts'
import type { ChangeContext, HandlersFor } from '../operations/dispatch.ts'
import { asRefusal, changeFiles, fileAt } from './change.ts'
import { needVault, newCredential, openPassword, sealPassword } from './credentials.ts'
import { checkHealth } from './health.ts'
import { type AccessParts, holding } from './parts.ts'
import { dropGrant } from './provision.ts'
import { compareEntries, isDrift, lookAtFile, wantedEntries } from './reconcile.ts'
import { foundService, shownService } from './shown.ts'
import { isSshHost } from './ssh-file.ts'

type Names =
  | 'services.list'
  | 'services.get'
  | 'services.create'
  | 'services.update'
  | 'services.delete'
  | 'services.check'
  | 'services.reveal-admin'
  | 'services.regenerate-admin'
  | 'services.entries'
  | 'services.mend'

/** Two services made at once must not take the same file. */
const PLACES = 'places of services'

export function serviceHandlers(parts: AccessParts): HandlersFor<Names> {
  const { db, clock, vault, random, locks } = parts
  const shown = (id: number) => shownService(db, foundService(db, id))
  const onService = <T>(id: number, work: (service: ServiceRow) => Promise<T>): Promise<T> =>
    holding(
      parts,
      [],
      () => [id],
      async () => work(foundService(db, id)),
    )
  return {
    'services.list': () => ({ services: allServices(db).map(service => shownService(db, service)) }),
    'services.get': ({ id }) => shown(id),
    'services.create': (input, { actor, source, commit }) =>
      locks.hold([PLACES], async () => {
        const plan = planOf(db, input, null)
        refuseOddPlan(db, plan, null, source.ip !== null)
        const { place } = plan
        if (place === null) {
          const id = commit((tx, about) => {
            const made = insertService(tx, plan, null, actor, clock.now())
            about('service', made)
            return made
          })
          return { service: shown(id), nobody: 0 }
        }
        needVault(vault)
        const text = await readable(place)
        const others = htpasswdEntries(text ?? '').map(entry => entry.username)
        const username = credentialName('admin', plan.name, name => others.includes(name))
        const { password, hash } = await newCredential(random)
        const id = await changeFiles(parts, [{ place, entries: new Map([[username, hash]]) }], settled =>
          commit((tx, about) => {
            settled(tx)
            const made = insertService(tx, plan, { username, hash }, actor, clock.now())
            about('service', made)
            sealPassword(vault, adminSecret(made), password)
            return made
          }),
        )
        await lookAtFile(parts, id)
        return { service: shown(id), nobody: new Set(others).size }
      }),
    'services.update': async ({ id, ...input }, { source, commit }) => {
      await locks.hold([PLACES], () =>
        onService(id, async before => {
          const plan = planOf(db, input, before)
          refuseOddPlan(db, plan, before, source.ip !== null)
          if (plan.authType !== before.authType) throw new Refusal('conflict', OTHER_KIND)
          await changeFiles(parts, await moves(db, before, plan), settled =>
            commit((tx, about) => {
              settled(tx)
              about('service', id)
              updateService(tx, id, plan, clock.now())
            }),
          )
        }),
      )
      return shown(id)
    },
    'services.delete': async ({ id, leaveFile }, { commit }) => {
      // Its people are not held: a grant that is made meanwhile waits for the service, and finds it gone.
      await onService(id, async service => {
        const grants = grantsOfService(db, id)
        const entries = new Map([...wantedEntries(db, service).keys()].map(username => [username, null]))
        const changes = service.place === null || leaveFile ? [] : [{ place: service.place, entries }]
        await changeFiles(parts, changes, settled =>
          commit((tx, about) => {
            settled(tx)
            about('service', id)
            for (const grant of grants) {
              about('grant', grant.id)
              dropGrant(tx, grant.id)
            }
            dropSecret(tx, adminSecret(id))
            deleteService(tx, id)
          }),
        )
      })
      return { done: true as const }
    },
    'services.check': async ({ id }, { commit }) => {
      const { address, authType } = foundService(db, id)
      const health = await checkHealth(address, authType)
      await onService(id, () => lookAtFile(parts, id))
      commit((tx, about) => {
        about('service', id)
        noteHealth(tx, id, { at: clock.now(), ...health })
      })
      return shown(id)
    },
    'services.reveal-admin': ({ id }, { commit }) => {
      const { adminUsername } = foundService(db, id)
      if (adminUsername === null) throw new Refusal('conflict', NOTHING_ASKED)
      const password = openPassword(vault, adminSecret(id))
      commit((_tx, about) => about('service', id))
      return { username: adminUsername, password }
    },
    'services.regenerate-admin': ({ id }, { commit }) =>
      onService(id, async ({ place, adminUsername: username }) => {
        if (place === null || username === null) throw new Refusal('conflict', NOTHING_ASKED)
        needVault(vault)
        const { password, hash } = await newCredential(random)
        await changeFiles(parts, [{ place, entries: new Map([[username, hash]]) }], settled =>
          commit((tx, about) => {
            settled(tx)
            about('service', id)
            setAdminHash(tx, id, hash)
            sealPassword(vault, adminSecret(id), password)
          }),
        )
        return { username, password }
      }),
    'services.entries': ({ id }) =>
      onService(id, async service => {
        if (service.place === null) throw new Refusal('conflict', NOTHING_ASKED)
        const text = await asRefusal(service.place, () => fileAt(service.place!).read())
        const uses = lastUses(db, id)
        const entries = compareEntries(db, service, text)
        return {
          exists: text !== null,
          entries: entries.map(entry => ({ ...entry, lastAccessAt: uses.get(entry.username) ?? null })),
        }
      }),
    'services.mend': async ({ id, change, usernames }, { commit }) =>
      onService(id, async service => {
        const mended = await mend(parts, service, { change, usernames }, commit)
        await lookAtFile(parts, id)
        return { mended }
      }),
  }
}

/** Returns how many entries were mended. The lock of the service is held. */
async function mend(
  parts: AccessParts,
  service: ServiceRow,
  { change, usernames }: Omit<InputOf<'services.mend'>, 'id'>,
  commit: ChangeContext['commit'],
): Promise<number> {
  const { db, clock } = parts
  const { id, place } = service
  if (place === null) throw new Refusal('conflict', NOTHING_ASKED)
  const text = await asRefusal(place, () => fileAt(place).read())
  const entries = compareEntries(db, service, text)
  const unknown = usernames?.find(name => !entries.some(entry => entry.username === name))
  if (unknown !== undefined) throw new Refusal('not_found', `There is no entry "${unknown}".`)
  const chosen = usernames ? entries.filter(entry => usernames.includes(entry.username)) : entries.filter(isDrift)
  if (change === 'file') {
    const wanted = wantedEntries(db, service)
    const set = new Map(chosen.map(({ username }) => [username, wanted.get(username)?.hash ?? null]))
    await changeFiles(parts, [{ place, entries: set }], settled =>
      commit((tx, about) => {
        settled(tx)
        about('service', id)
      }),
    )
    return chosen.length
  }
  // The credential of the administrators stays in the file whatever somebody has done to it.
  const taken = chosen.filter(entry => !entry.admin && entry.state !== 'in_order')
  if (taken.some(entry => entry.state === 'nobody')) throw new Refusal('conflict', WHOSE)
  const names = taken.map(entry => entry.username)
  const found = hashesOf(text ?? '', names)
  commit((tx, about) => {
    about('service', id)
    for (const { username, grantId } of taken) {
      const hash = found.get(username) ?? null
      about('grant', grantId!)
      dropSecret(tx, grantSecret(grantId!))
      if (hash === null) deleteGrant(tx, grantId!)
      else renewGrant(tx, grantId!, { hash, known: false, expiresAt: null, at: clock.now() })
    }
  })
  return taken.length
}

const NOTHING_ASKED = 'This service asks for no password, so it has no file and no credentials.'
const WHOSE = 'Say whose an entry is that belongs to nobody, or remove it from the file.'
const OTHER_KIND = 'What a service asks for is decided when it is made. Delete it and make it anew.'

type Given = Omit<InputOf<'services.update'>, 'id'>

/** What a service is to be, by what was given over what it is. @throws Refusal */
function planOf(db: Reader, given: Given, before: ServiceRow | null): ServicePlan {
  const name = given.name ?? before?.name ?? ''
  const authType = given.authType ?? before?.authType ?? 'basic'
  const file = given.htpasswdFile ?? before?.place?.file
  if (authType === 'basic' && file === undefined) {
    throw odd('htpasswdFile', 'Name the htpasswd file of the service, such as /etc/nginx/wiki.htpasswd.')
  }
  if (authType === 'none' && (given.htpasswdFile || given.host || given.reload)) {
    throw odd('htpasswdFile', 'A service that asks for no password has no file, host or reload command.')
  }
  return {
    name,
    subdomain: given.subdomain ?? before?.subdomain ?? freeSubdomain(db, name),
    address: given.address ?? before?.address ?? '',
    authType,
    place:
      authType === 'none'
        ? null
        : {
            host: given.host ?? before?.place?.host ?? '',
            file: posix.normalize(file!),
            reload: given.reload === undefined ? (before?.place?.reload ?? null) : given.reload,
          },
    expiryDays: given.expiryDays === undefined ? (before?.expiryDays ?? null) : given.expiryDays,
    warnDays: given.warnDays ?? before?.warnDays ?? 7,
    handOver: authType === 'basic' && (given.handOver ?? before?.handOver ?? false),
    selfRenewal: authType === 'basic' && (given.selfRenewal ?? before?.selfRenewal ?? false),
    logFile: given.logFile === undefined ? (before?.logFile ?? null) : given.logFile,
  }
}

function freeSubdomain(db: Reader, name: string): string {
  const base = foldName(name, 'service')
  for (let number = 1; ; number += 1) {
    const subdomain = number === 1 ? base : `${base}-${number}`
    if (!serviceBySubdomain(db, subdomain)) return subdomain
  }
}

function refuseOddPlan(db: Reader, plan: ServicePlan, before: ServiceRow | null, remote: boolean): void {
  const { subdomain, place } = plan
  const same = serviceBySubdomain(db, subdomain)
  if (same && same.id !== before?.id) {
    throw new Refusal('exists_already', `${same.name} has the subdomain ${subdomain} already.`, {
      subdomain: `${same.name} has it already.`,
    })
  }
  if (place === null) return
  if (place.host !== '' && !isSshHost(place.host)) {
    throw odd('host', 'The host is what ssh takes: a name of its configuration, host.example.org or user@host.')
  }
  if (place.file.endsWith('/')) throw odd('htpasswdFile', 'Name the file, not a folder.')
  const other = serviceOfFile(db, place.host, place.file)
  if (other && other.id !== before?.id) {
    throw new Refusal('exists_already', `${other.name} has this htpasswd file already. Each service has its own.`)
  }
  const known = [before?.place?.reload ?? null, ...allServices(db).map(service => service.place?.reload ?? null)]
  if (remote && place.reload !== null && !isKnownReload(place.reload, known))
    throw new Refusal('local_only', RELOAD_LOCAL)
}

const RELOAD_LOCAL =
  'Through the network only the usual reload commands can be chosen, and those that a service has already. Set another one on the computer of the hub: campaign-connector services update SERVICE --reload ...'

/** The file that is to be taken into use, or null where there is none yet. @throws Refusal for what is no htpasswd file */
async function readable(place: FilePlace): Promise<string | null> {
  const text = await asRefusal(place, () => fileAt(place).read())
  const line = foreignLine(text ?? '')
  if (line !== null) {
    throw odd('htpasswdFile', `Line ${line} of ${place.file} is no entry of an htpasswd file, so it is left alone.`)
  }
  return text
}

/** When the file becomes another one, our entries go there and leave the old one. */
async function moves(db: Reader, before: ServiceRow, plan: ServicePlan) {
  const [from, to] = [before.place, plan.place]
  if (from === null || to === null || (from.host === to.host && from.file === to.file)) return []
  const wanted = wantedEntries(db, before)
  const others = new Set(htpasswdEntries((await readable(to)) ?? '').map(entry => entry.username))
  const clash = [...wanted.keys()].find(username => others.has(username))
  if (clash !== undefined)
    throw new Refusal('conflict', `${to.file} has an entry "${clash}" already, which is not ours.`)
  const entries = new Map([...wanted].map(([username, { hash }]) => [username, hash]))
  const gone = new Map([...wanted.keys()].map(username => [username, null]))
  return [
    { place: to, entries },
    { place: from, entries: gone },
  ]
}

function odd(field: string, message: string): Refusal {
  return new Refusal('invalid_input', message, { [field]: message })
}
