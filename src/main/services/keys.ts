import { existsSync, renameSync } from 'node:fs'
import { Refusal } from '../../shared/errors.ts'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open.ts'
import { type KeySlot, keySlots, putKeySlot } from '../db/vault.ts'
import { appendAudit } from './audit.ts'
import { type FolderPaths, holdFolder } from './folder.ts'
import { type KeyOpener, keyFileOpener, passphraseOpener } from './key-slots.ts'
import type { Clock, Randomness } from './ports.ts'
import { openVault } from './vault.ts'

interface FolderOrder {
  readonly paths: FolderPaths
  readonly clock: Clock
  readonly random: Randomness
}

interface KeyOrder extends FolderOrder {
  readonly passphrase: string
}

/** Lets another way open the data key, too, after a person has agreed to it. Nothing else may use the folder. Throws Refusal. */
export function allowOpener(order: FolderOrder, action: string, by: KeyOpener, added: KeyOpener): Promise<void> {
  return withDatabase(order, action, db => addSlot(order, db, action, by, added))
}

/** Lets the data key also be opened by a passphrase, which replaces an earlier one. Throws Refusal. */
export function setPassphrase(order: KeyOrder): Promise<void> {
  const { paths, passphrase, random } = order
  if (passphrase.length < 8) throw new Refusal('invalid_input', 'The passphrase needs at least 8 characters.')
  return withDatabase(order, 'key passphrase', db =>
    addSlot(
      order,
      db,
      'key.set-passphrase',
      keyFileOpener(paths.keyFile, random),
      passphraseOpener(passphrase, random),
    ),
  )
}

/**
 * Makes a new key file by the passphrase, where the old one is lost, damaged or another folder's; that one is kept
 * beside it under another name. Throws Refusal.
 */
export function restoreKeyFile(order: KeyOrder): Promise<void> {
  const { paths, passphrase, clock, random } = order
  const keyFile = keyFileOpener(paths.keyFile, random)
  return withDatabase(order, 'key restore', async db => {
    if (!keySlots(db).some(slot => slot.kind === 'passphrase')) throw new Refusal('key_missing', NO_PASSPHRASE)
    const present = await openVault({ db, clock, random, openers: [keyFile] })
    if (present.problem === null)
      throw new Refusal('conflict', 'The key file opens this data folder; there is nothing to restore.')
    const opener = passphraseOpener(passphrase, random)
    const vault = await openVault({ db, clock, random, openers: [opener] })
    if (vault.problem !== null) throw new Refusal('key_missing', vault.problem)
    if (existsSync(paths.keyFile)) renameSync(paths.keyFile, `${paths.keyFile}.replaced-${clock.now()}`)
    await addSlot(order, db, 'key.restore-file', opener, keyFile)
  })
}

const NO_PASSPHRASE =
  'No passphrase was ever set for this data folder, so nothing but its key file opens it. Put your copy of the file back, or restore a backup that was made with a passphrase.'

async function addSlot(
  order: FolderOrder,
  db: Database,
  action: string,
  by: KeyOpener,
  added: KeyOpener,
): Promise<void> {
  const { clock, random } = order
  const vault = await openVault({ db, clock, random, openers: [by] })
  const slot: KeySlot = await vault.wrapFor(added)
  const at = clock.now()
  db.write(tx => {
    putKeySlot(tx, slot, at)
    appendAudit(tx, { at, actor: 'local', action, subject: `key_slot:${slot.kind}`, outcome: 'ok', code: '' })
  })
}

async function withDatabase(order: FolderOrder, purpose: string, work: (db: Database) => Promise<void>): Promise<void> {
  const { root, database } = order.paths
  if (!existsSync(database)) throw new Refusal('not_found', `There is no database in ${root}.`)
  const release = holdFolder(root, purpose)
  try {
    const db = openDatabase(database)
    try {
      await work(db)
    } finally {
      db.close()
    }
  } finally {
    release()
  }
}
