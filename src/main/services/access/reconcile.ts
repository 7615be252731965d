import type { EntryState, ServiceEntry as ShownEntry } from '../../../shared/operations/services.ts'
import { allIntents } from '../../db/access-intents.ts'
import { allServices, noteLook, type ServiceRow, serviceById } from '../../db/access-services.ts'
import type { Reader } from '../../db/database.ts'
import { grantsOfService } from '../../db/grants.ts'
import { hashKind, htpasswdEntries } from '../../domain/htpasswd.ts'
import { type ChangeParts, fileAt, settleFile } from './change.ts'
import type { Locks } from './locks.ts'

/** An entry as file and database have it. */
type ServiceEntry = Omit<ShownEntry, 'lastAccessAt'>

/** An entry that the file should have, or (hash of null) should not have. */
interface Wanted {
  readonly hash: string | null
  readonly admin: boolean
  readonly grantId: number | null
  readonly personId: number | null
}

/** What the file of a service should hold, by user name: the administrators' entry and those of grants. */
export function wantedEntries(db: Reader, service: ServiceRow): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  if (service.adminUsername !== null) {
    wanted.set(service.adminUsername, { hash: service.adminHash, admin: true, grantId: null, personId: null })
  }
  for (const { id, personId, username, hash, state } of grantsOfService(db, service.id)) {
    if (username === null) continue
    wanted.set(username, { hash: state === 'active' ? hash : null, admin: false, grantId: id, personId })
  }
  return wanted
}

/** File and database side by side: first what the database knows, then the entries that belong to nobody. */
export function compareEntries(db: Reader, service: ServiceRow, text: string | null): ServiceEntry[] {
  const found = new Map<string, string>()
  const twice = new Set<string>()
  for (const { username, hash } of htpasswdEntries(text ?? '')) {
    if (found.has(username)) twice.add(username)
    else found.set(username, hash)
  }
  const wanted = wantedEntries(db, service)
  const known = [...wanted].map(([username, { hash, admin, grantId, personId }]): ServiceEntry => {
    const there = found.get(username) ?? null
    return {
      ...{ username, admin, grantId, personId },
      state: twice.has(username) && hash !== null ? 'changed' : stateOf(hash, there),
      kind: there === null ? null : hashKind(there),
    }
  })
  const others = [...found].filter(([username]) => !wanted.has(username))
  return [
    ...known,
    ...others.map(([username, hash]): ServiceEntry => {
      const nobody = { admin: false, grantId: null, personId: null }
      return { username, ...nobody, state: 'nobody', kind: hashKind(hash) }
    }),
  ]
}

function stateOf(wanted: string | null, found: string | null): EntryState {
  if (wanted === found) return 'in_order'
  if (wanted === null) return 'should_be_gone'
  return found === null ? 'missing' : 'changed'
}

/** Whether an entry is not as the database has it. Those of nobody are nobody's fault. */
export function isDrift({ state }: ServiceEntry): boolean {
  return state !== 'in_order' && state !== 'nobody'
}

/** Reads the file of a service, compares, and keeps what was found for the list. Its lock is held. Never rejects. */
export async function lookAtFile(parts: ChangeParts, id: number): Promise<void> {
  const { db, clock } = parts
  const service = serviceById(db, id)
  if (!service || service.place === null) return
  const note = (drift: number, problem: string) =>
    db.write(tx => noteLook(tx, id, { at: clock.now(), drift, problem: problem.slice(0, 500) }))
  try {
    const text = await fileAt(service.place).read()
    note(compareEntries(db, service, text).filter(isDrift).length, '')
  } catch (error) {
    note(service.drift, error instanceof Error ? error.message : String(error))
  }
}

/**
 * What a crash has left, first thing after a start, and then a look at every file. What cannot be reached stays on the
 * list, and no change of that file is made before.
 */
export async function settleAll(parts: ChangeParts, locks: Locks, serviceKey: (id: number) => string): Promise<void> {
  const { db, log } = parts
  for (const { place } of allIntents(db)) {
    const service = allServices(db).find(
      ({ place: own }) => own !== null && own.host === place.host && own.file === place.file,
    )
    await locks
      .hold(service ? [serviceKey(service.id)] : [], () => settleFile(parts, place))
      .catch(error => log.error('a file could not be put back after a crash', error, { file: place.file }))
  }
}
