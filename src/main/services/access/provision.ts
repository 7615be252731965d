import type { FilePlace, ServiceRow } from '../../db/access-services.ts'
import type { Reader, Writer } from '../../db/database.ts'
import { deleteGrant, type GrantRow, grantSecret, grantsOfService, insertGrant } from '../../db/grants.ts'
import { dropSecret } from '../../db/vault.ts'
import { credentialName } from '../../domain/credential-names.ts'
import { htpasswdEntries } from '../../domain/htpasswd.ts'
import { asRefusal, type FileChange, fileAt } from './change.ts'
import { needVault, newCredential, sealPassword } from './credentials.ts'
import type { AccessParts } from './parts.ts'
import { endAfter } from './shown.ts'

/** A grant that is about to be made, with its credential. */
export interface NewGrant {
  readonly service: ServiceRow
  readonly credential: { readonly username: string; readonly password: string; readonly hash: string } | null
  readonly expiresAt: number | null
}

/** Makes user name and password for a person at a service whose lock is held. `days` over what the service says. */
export async function prepareGrant(
  parts: AccessParts,
  personName: string,
  service: ServiceRow,
  days: number | null | undefined,
): Promise<NewGrant> {
  const expiresAt = endAfter(days === undefined ? service.expiryDays : days, parts.clock.now())
  if (service.place === null) return { service, credential: null, expiresAt }
  needVault(parts.vault)
  const taken = await takenNames(parts.db, service, service.place)
  const username = credentialName(personName, service.name, name => taken.has(name))
  return { service, credential: { username, ...(await newCredential(parts.random)) }, expiresAt }
}

/** In the transaction of the change. Returns the id of the grant. */
export function storeGrant(
  { vault, clock }: AccessParts,
  tx: Writer,
  personId: number,
  { service, credential, expiresAt }: NewGrant,
  actor: string,
): number {
  const { username = null, hash = null } = credential ?? {}
  const plan = { personId, serviceId: service.id, username, hash, known: true, expiresAt }
  const id = insertGrant(tx, plan, actor, clock.now())
  if (credential) sealPassword(vault, grantSecret(id), credential.password)
  return id
}

/** In the transaction of the change. */
export function dropGrant(tx: Writer, id: number): void {
  dropSecret(tx, grantSecret(id))
  deleteGrant(tx, id)
}

/** What of files changes when grants are made and others end; services whose grants have no file are left out. */
export function grantChanges(
  made: readonly NewGrant[],
  ended: readonly { readonly service: ServiceRow; readonly grant: GrantRow }[],
): FileChange[] {
  const changes = new Map<number, { place: FilePlace; entries: Map<string, string | null> }>()
  const set = (service: ServiceRow, username: string | null, hash: string | null) => {
    if (service.place === null || username === null) return
    const change = changes.get(service.id) ?? { place: service.place, entries: new Map() }
    change.entries.set(username, hash)
    changes.set(service.id, change)
  }
  for (const { service, credential } of made) set(service, credential?.username ?? null, credential?.hash ?? null)
  for (const { service, grant } of ended) set(service, grant.username, null)
  return [...changes.values()]
}

/** Names that the database or the file of a service knows already, also those of others. */
async function takenNames(db: Reader, service: ServiceRow, place: FilePlace): Promise<Set<string>> {
  const text = await asRefusal(place, () => fileAt(place).read())
  const names = [
    service.adminUsername,
    ...grantsOfService(db, service.id).map(grant => grant.username),
    ...htpasswdEntries(text ?? '').map(entry => entry.username),
  ]
  return new Set(names.filter(name => name !== null))
}
