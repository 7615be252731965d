import { createHmac } from 'node:crypto'
import { Refusal } from '../../shared/errors.ts'
import type { Database } from '../db/database.ts'
import { hasSecrets, type KeySlot, keySlots, putKeySlot, putSealedSecret, sealedSecret } from '../db/vault.ts'
import { KEY_BYTES, type KeyOpener, KeyUnavailable, openBytes, sealBytes } from './key-slots.ts'
import type { Clock, NumberHash, Randomness } from './ports.ts'

/** Secrets that must be read back, sealed under the data key. While it is closed nothing is sent, but reading goes on. */
export interface Vault {
  /** Null when the data key is open; otherwise a sentence that says what is wrong and what to do. */
  readonly problem: string | null
  /** Seals and stores a secret; one of the same name is replaced. Throws Refusal key_missing. */
  seal(name: string, bytes: Uint8Array): void
  /** Undefined when there is no such secret. Throws Refusal key_missing, also when the sealed bytes were changed. */
  open(name: string): Uint8Array | undefined
  /** Throws Refusal key_missing. */
  readonly numberHash: NumberHash
  /** For lookups that must go on without the key: then it finds nothing, since stored hashes have 32 bytes. Never store it. */
  readonly lookupHash: NumberHash
  /** The data key wrapped for another way to open it. The caller stores and audits it. Throws Refusal key_missing. */
  wrapFor(opener: KeyOpener): Promise<KeySlot>
}

const NUMBER_HASH = 'number-hash'

/**
 * Opens the data key by the first of `openers` that can, in their order. A database without any gets a new data key,
 * wrapped by the first. Never throws for a missing key: `problem` says it, and what needs the key refuses.
 */
export async function openVault(parts: {
  db: Database
  clock: Clock
  random: Randomness
  openers: readonly KeyOpener[]
}): Promise<Vault> {
  const { db, clock, random, openers } = parts
  const slots = keySlots(db)
  try {
    if (slots.length > 0) return opened(parts, await unwrapAny(slots, openers))
    if (hasSecrets(db)) {
      throw new KeyUnavailable(
        'The database has lost its key slots. Restore a backup: campaign-connector backup restore FILE',
      )
    }
    const dataKey = random.bytes(KEY_BYTES)
    const slot = await openers[0]!.wrap(dataKey)
    db.write(tx => putKeySlot(tx, slot, clock.now()))
    return opened(parts, dataKey)
  } catch (error) {
    if (error instanceof KeyUnavailable) return closed(error.message)
    throw error
  }
}

async function unwrapAny(slots: readonly KeySlot[], openers: readonly KeyOpener[]): Promise<Uint8Array> {
  const problems: string[] = []
  for (const opener of openers) {
    const slot = slots.find(candidate => candidate.kind === opener.kind)
    try {
      if (slot) return await opener.unwrap(slot)
    } catch (error) {
      if (!(error instanceof KeyUnavailable)) throw error
      problems.push(error.message)
    }
  }
  if (problems.length === 0) {
    const asked = openers[0]?.kind === 'keychain' ? 'the keychain of this desktop' : 'a key file'
    const how =
      openers[0]?.kind === 'keychain'
        ? 'It was used without a window until now.'
        : 'It was used with a window until now: an administrator can allow it there, in the menu (Allow use without a window).'
    problems.push(`This data folder cannot be opened by ${asked} yet. ${how}`)
  }
  const passphrase = slots.some(slot => slot.kind === 'passphrase')
  if (passphrase) problems.push('Or open it with the passphrase: campaign-connector key restore')
  throw new KeyUnavailable(problems.join(' '))
}

function opened(parts: { db: Database; clock: Clock; random: Randomness }, dataKey: Uint8Array): Vault {
  const { db, clock, random } = parts
  const seal: Vault['seal'] = (name, bytes) => {
    const sealed = sealBytes(dataKey, name, bytes, random)
    db.write(tx => putSealedSecret(tx, name, sealed, clock.now()))
  }
  const open: Vault['open'] = name => {
    const sealed = sealedSecret(db, name)
    if (!sealed) return undefined
    const bytes = openBytes(dataKey, name, sealed)
    if (!bytes) {
      throw new Refusal(
        'key_missing',
        `The secret "${name}" in the database was damaged. Restore a backup: campaign-connector backup restore FILE`,
      )
    }
    return bytes
  }
  if (!sealedSecret(db, NUMBER_HASH)) seal(NUMBER_HASH, random.bytes(32))
  const hashKey = open(NUMBER_HASH)!
  const numberHash: NumberHash = { of: number => createHmac('sha256', hashKey).update(number).digest() }
  return { problem: null, seal, open, numberHash, lookupHash: numberHash, wrapFor: opener => opener.wrap(dataKey) }
}

function closed(problem: string): Vault {
  const refuse = (): never => {
    throw new Refusal('key_missing', `${problem} Until then nothing is sent.`)
  }
  return {
    problem,
    seal: refuse,
    open: refuse,
    numberHash: { of: refuse },
    lookupHash: { of: () => new Uint8Array(0) },
    wrapFor: async () => refuse(),
  }
}
