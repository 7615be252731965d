import type { Reader, Writer } from './database.ts'

/** The ways to open the data key. */
export type SlotKind = 'keychain' | 'passphrase' | 'keyfile'

/** The data key, wrapped for one way to open it. `parameters` is JSON and no secret. */
export interface KeySlot {
  readonly kind: SlotKind
  readonly parameters: string
  readonly wrapped: Uint8Array
}

export function keySlots(db: Reader): KeySlot[] {
  return db.all('SELECT kind, parameters, wrapped FROM key_slots ORDER BY id')
}

/** Stores a slot; one of the same kind is replaced. */
export function putKeySlot(db: Writer, slot: KeySlot, at: number): void {
  db.run(
    `INSERT INTO key_slots (kind, parameters, wrapped, created_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind) DO UPDATE SET
       parameters = excluded.parameters, wrapped = excluded.wrapped, created_at = excluded.created_at`,
    slot.kind,
    slot.parameters,
    slot.wrapped,
    at,
  )
}

export function sealedSecret(db: Reader, name: string): Uint8Array | undefined {
  return db.get<{ sealed: Uint8Array }>('SELECT sealed FROM secrets WHERE name = ?', name)?.sealed
}

export function hasSecrets(db: Reader): boolean {
  return db.get('SELECT 1 FROM secrets LIMIT 1') !== undefined
}

export function putSealedSecret(db: Writer, name: string, sealed: Uint8Array, at: number): void {
  db.run(
    `INSERT INTO secrets (name, sealed, created_at) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at`,
    name,
    sealed,
    at,
  )
}

/** Copies the secrets that are missing here, sealed as they are: both databases must have the same data key. */
export function copyMissingSecrets(db: Writer, from: Reader): void {
  const rows = from.all<{ name: string; sealed: Uint8Array; at: number }>(
    'SELECT name, sealed, created_at AS at FROM secrets',
  )
  for (const { name, sealed, at } of rows) if (!sealedSecret(db, name)) putSealedSecret(db, name, sealed, at)
}

export function dropSecret(db: Writer, name: string): void {
  db.run('DELETE FROM secrets WHERE name = ?', name)
}
