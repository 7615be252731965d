import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { erasedNumber } from '../../shared/erased.ts'
import { Refusal } from '../../shared/errors.ts'
import { inspectDatabase, syncPath } from '../db/backups.ts'
import type { Database, Writer } from '../db/database.ts'
import { erasePerson, eraseReports, REPORT_TABLES, type ReportPlace } from '../db/erase.ts'
import { erasureOf, mergeErasures, missingErasures } from '../db/erasures.ts'
import { heldByPhone } from '../db/messages.ts'
import { epochOf, noteBlindRestore, setEpoch } from '../db/meta.ts'
import { openDatabase, snapshot } from '../db/open.ts'
import { allPhones } from '../db/phones.ts'
import { demandReplay, everyNumber, everySim, everySuppression, mergePhones, mergeSuppression } from '../db/restore.ts'
import { mergeAccess, mergeServiceAccess } from '../db/restore-access.ts'
import { mergeInbound } from '../db/restore-inbound.ts'
import { everyAttempt, mergeAttempt, mergeForeignAttempts } from '../db/restore-messages.ts'
import { copyMissingSecrets, putKeySlot, sealedSecret } from '../db/vault.ts'
import { holdBackDeliveries } from '../db/webhooks.ts'
import { appendAudit } from './audit.ts'
import { loseMemory } from './dispatch/entries.ts'
import { type FolderPaths, holdFolder } from './folder.ts'
import { type KeyOpener, keyFileOpener, passphraseOpener } from './key-slots.ts'
import type { Clock, Log, Randomness } from './ports.ts'
import { openVault, type Vault } from './vault.ts'

export interface RestoreOrder {
  readonly paths: FolderPaths
  /** The backup. It is copied, never changed. */
  readonly file: string
  /** Opens a backup that was made with one, where the key file of the folder does not. */
  readonly passphrase?: string | undefined
  /** Goes on although the replaced database cannot be read: people who said stop since the backup may be texted. */
  readonly withoutSuppressionsSince: boolean
  readonly clock: Clock
  readonly random: Randomness
  readonly log: Log
  /** What opens the data key on this computer, in this order; the key file of the folder where it is left out. */
  readonly openers?: readonly KeyOpener[]
  /** Told before each step. It may let others do something first, such as showing it. */
  readonly progress?: (step: RestoreStep) => Promise<void>
}

export const RESTORE_STEPS = ['checking', 'merging', 'replacing'] as const
export type RestoreStep = (typeof RESTORE_STEPS)[number]

export interface Restored {
  readonly epoch: number
  /** Where the database lies that was replaced; null when there was none. */
  readonly replaced: string | null
  readonly contacts: number
  readonly messages: number
  readonly suppressionsMerged: number
  readonly erasuresMerged: number
  readonly attemptsMerged: number
  /** Texts that came in since the backup. */
  readonly textsMerged: number
  readonly phonesMerged: number
  /** Phones that have to tell what they sent before anything is sent. */
  readonly phonesToReplay: number
  /** Why sending stays blocked by the data key; null when it does not. */
  readonly keyProblem: string | null
}

/**
 * Puts a backup in the place of the database, under the folder's lock. The copy is made ready beside it first, so that a
 * crash at any moment leaves the old database or the new one. Throws Refusal.
 */
export async function restoreBackup(order: RestoreOrder): Promise<Restored> {
  const { paths, file } = order
  if (!existsSync(file)) throw new Refusal('not_found', `There is no file ${file}.`)
  const release = holdFolder(paths.root, 'backup restore')
  const staged = join(paths.root, 'restoring.sqlite')
  const old = join(paths.root, 'restoring-old.sqlite')
  try {
    await order.progress?.('checking')
    removeDatabase(staged)
    copyDatabaseFiles(file, staged)
    refuseUnsound(staged, file)
    await order.progress?.('merging')
    const replaced = copyOfReplaced(order, old)
    const restored = await prepare(order, staged, replaced)
    replaced?.close()
    await order.progress?.('replacing')
    const kept = swap(order, staged)
    return { ...restored, replaced: kept }
  } finally {
    removeDatabase(staged)
    removeDatabase(old)
    release()
  }
}

/** Everything that a restore changes in the copy, in one transaction. */
async function prepare(
  order: RestoreOrder,
  staged: string,
  replaced: Database | null,
): Promise<Omit<Restored, 'replaced'>> {
  const db = openDatabase(staged)
  try {
    const vault = await openRestoredVault(order, db)
    const rehash = replaced && hashesDiffer(db, replaced) ? vault.numberHash : null
    return db.write(tx => {
      const at = order.clock.now()
      const epoch = Math.max(at, epochOf(tx), replaced ? epochOf(replaced) : 0) + 1
      setEpoch(tx, epoch)
      if (!replaced) noteBlindRestore(tx, at)
      const merged = replaced ? mergeReplaced(tx, replaced, order, vault, rehash) : NOTHING_MERGED
      mergeAccess(tx, replaced)
      mergeServiceAccess(tx, replaced, rehash === null)
      const phonesToReplay = demandReplay(tx)
      // Last, since what was merged has told the webhooks once more what they were told before.
      holdBackDeliveries(tx, replaced, rehash === null)
      const subject = `epoch:${epoch}${order.withoutSuppressionsSince ? ' without-suppressions-since' : ''}`
      appendAudit(tx, { at, actor: 'local', action: 'backups.restore', subject, outcome: 'ok', code: '' })
      const count = (table: string) => tx.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
      const counts = { contacts: count('contacts'), messages: count('messages') }
      return { epoch, ...counts, ...merged, phonesToReplay, keyProblem: vault.problem }
    })
  } finally {
    db.close()
  }
}

const NOTHING_MERGED = { suppressionsMerged: 0, erasuresMerged: 0, attemptsMerged: 0, textsMerged: 0, phonesMerged: 0 }

function mergeReplaced(
  tx: Writer,
  replaced: Database,
  order: RestoreOrder,
  vault: Vault,
  rehash: Vault['numberHash'] | null,
): typeof NOTHING_MERGED {
  if (!rehash) copyMissingSecrets(tx, replaced)
  let suppressionsMerged = 0
  const erased = new Set<string>()
  for (const row of everySuppression(replaced)) {
    if (row.number === null && rehash) {
      if (order.withoutSuppressionsSince) continue
      throw new Refusal('conflict', ERASED_UNDER_ANOTHER_KEY)
    }
    const hash = rehash && row.number !== null ? rehash.of(row.number) : row.hash
    if (row.number === null) erased.add(hex(hash))
    if (mergeSuppression(tx, { ...row, hash })) suppressionsMerged += 1
  }
  const { added, revoked, phones, lanes } = mergePhones(tx, allPhones(replaced, true), everySim(replaced))
  // First, so that what was told since the erasure stays.
  for (const hash of rehash ? [] : missingErasures(tx, replaced)) erased.add(hex(hash))
  if (!rehash) mergeErasures(tx, replaced, phones)
  const erasuresMerged = erased.size > 0 ? eraseAll(tx, erased, vault) : 0
  let attemptsMerged = 0
  for (const row of everyAttempt(replaced)) if (mergeAttempt(tx, row, lanes)) attemptsMerged += 1
  mergeForeignAttempts(tx, replaced, phones)
  const textsMerged = mergeInbound(tx, replaced, phones)
  for (const id of revoked) loseMemory(tx, heldByPhone(tx, id), 'phone_revoked', order.clock.now(), order.log)
  return { suppressionsMerged, erasuresMerged, attemptsMerged, textsMerged, phonesMerged: added }
}

const ERASED_UNDER_ANOTHER_KEY =
  'The replaced database knows people who were erased, but under another key, so they cannot be found in the backup. ' +
  'Restore into the folder that the backup came from, or say that you accept it: --without-suppressions-since'

/** Rows of reports that are looked at in one step. */
const REPORT_ROWS = 10_000

/** People who were erased since the backup are in it again. Their numbers are known as hashes only. */
function eraseAll(tx: Writer, erased: ReadonlySet<string>, vault: Vault): number {
  const numbers: string[] = []
  for (const { number } of everyNumber(tx)) if (erased.has(hex(vault.numberHash.of(number)))) numbers.push(number)
  for (const number of numbers) {
    const hash = vault.numberHash.of(number)
    const standIn = erasedNumber(erasureOf(tx, hash)?.uid ?? hex(hash).slice(0, 32))
    for (const table of REPORT_TABLES) {
      for (let place: ReportPlace = null; ; ) {
        const { next } = eraseReports(tx, table, number, place, REPORT_ROWS)
        if (next === null) break
        place = next
      }
    }
    erasePerson(tx, { number, hash, standIn })
  }
  return numbers.length
}

/** By what opens the folder here, or by the passphrase; then the first of those is a way to open it, too. */
async function openRestoredVault(order: RestoreOrder, db: Database): Promise<Vault> {
  const { paths, clock, random, passphrase } = order
  const own = order.openers ?? [keyFileOpener(paths.keyFile, random)]
  const open = (openers: readonly KeyOpener[]) => openVault({ db, clock, random, openers })
  const vault = await open(own)
  if (vault.problem === null || passphrase === undefined) return vault
  const byPassphrase = await open([passphraseOpener(passphrase, random)])
  if (byPassphrase.problem !== null) throw new Refusal('key_missing', byPassphrase.problem)
  const slot = await byPassphrase.wrapFor(own[0]!)
  db.write(tx => putKeySlot(tx, slot, clock.now()))
  return byPassphrase
}

/** Whether the two databases hash numbers with different keys. The same sealed bytes hold the same key. */
function hashesDiffer(db: Database, replaced: Database): boolean {
  const [here, there] = [sealedSecret(db, 'number-hash'), sealedSecret(replaced, 'number-hash')]
  return !there || !here || Buffer.compare(here, there) !== 0
}

/** A copy of the database that is about to be replaced, brought up to date so that its tables can be read. */
function copyOfReplaced(order: RestoreOrder, to: string): Database | null {
  const { paths } = order
  if (!existsSync(paths.database)) return null
  removeDatabase(to)
  try {
    const live = openDatabase(paths.database, { readonly: true })
    try {
      snapshot(live, to)
    } finally {
      live.close()
    }
    return openDatabase(to)
  } catch (error) {
    if (order.withoutSuppressionsSince) return null
    const reason = error instanceof Error ? error.message : String(error)
    throw new Refusal(
      'conflict',
      `The present database cannot be read, so opt-outs made since the backup would be lost (${reason}). If you accept that, add --without-suppressions-since.`,
    )
  }
}

/** The old database is kept in a folder of its own before the new one takes its name in one step. */
function swap({ paths, clock }: RestoreOrder, staged: string): string | null {
  let kept: string | null = null
  if (existsSync(paths.database)) {
    const folder = join(paths.replaced, new Date(clock.now()).toISOString().replaceAll(':', ''))
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    kept = join(folder, 'hub.sqlite')
    linkOrCopy(paths.database, kept)
    for (const part of ['-wal', '-shm']) {
      if (existsSync(paths.database + part)) linkOrCopy(paths.database + part, kept + part)
      // A log that stayed would be taken for the new database's.
      rmSync(paths.database + part, { force: true })
    }
    syncPath(folder)
  }
  syncPath(staged)
  renameSync(staged, paths.database)
  syncPath(paths.root)
  return kept
}

function refuseUnsound(staged: string, file: string): void {
  try {
    const { faults } = inspectDatabase(staged)
    if (faults.length > 0) throw new Refusal('file_refused', `${file} is not sound: ${faults.slice(0, 3).join('; ')}`)
  } catch (error) {
    if (error instanceof Refusal) throw error
    const reason = error instanceof Error ? error.message.replaceAll(staged, file) : String(error)
    throw new Refusal('file_refused', `${file} is no backup of Campaign Connector that can be read: ${reason}`)
  }
}

function copyDatabaseFiles(from: string, to: string): void {
  copyFileSync(from, to)
  if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`)
}

function removeDatabase(path: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(path + part, { force: true })
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
