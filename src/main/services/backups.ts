import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { Refusal } from '../../shared/errors.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import { RESTORE_CONFIRMATION } from '../../shared/operations/phones.ts'
import { type Inspection, schemaOfFile } from '../db/backups.ts'
import { runChore } from '../db/chores.ts'
import type { Database } from '../db/database.ts'
import { appendAudit } from './audit.ts'
import { passwordOnceMore } from './auth/once-more.ts'
import type { Auth } from './auth/service.ts'
import type { FolderPaths } from './folder.ts'
import { passphraseOpener } from './key-slots.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock, Log, Randomness } from './ports.ts'
import type { SettingsView } from './settings.ts'
import type { Vault } from './vault.ts'

type Backup = OutputOf<'backups.create'>

export interface BackupParts {
  readonly db: Database
  readonly paths: FolderPaths
  readonly vault: Vault
  readonly settings: SettingsView
  readonly clock: Clock
  readonly random: Randomness
  readonly log: Log
}

const DAY_MS = 24 * 3_600_000
/** How often it is looked whether a backup is due, in ms. */
const LOOK_MS = 10 * 60_000

export function backupHandlers(
  parts: BackupParts,
): HandlersFor<'backups.create' | 'backups.list' | 'backups.verify' | 'backups.preview'> {
  return {
    'backups.create': async ({ path, passphrase }, { commit }) => {
      const backup = await createBackup(parts, path ?? join(parts.paths.backups, fileName(parts, 'manual')), passphrase)
      commit((_, about) => about('backup', backup.createdAt))
      return backup
    },
    'backups.list': () => ({ backups: listBackups(parts.paths) }),
    'backups.verify': async ({ path }) => {
      refuseMissing(path)
      const found = await inspect(path)
      return { ok: found.faults.length === 0, ...found }
    },
    'backups.preview': async ({ path }) => {
      refuseMissing(path)
      try {
        const found = await runChore('compare', { backup: path, present: parts.paths.database })
        return { ok: found.faults.length === 0, ...found }
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new Refusal('file_refused', `This is no backup of Campaign Connector that can be read: ${reason}`)
      }
    },
  }
}

/** The word that a backup may take the place of the database. */
export function allowRestoreHandlers(auth: Pick<Auth, 'checkPassword'>): HandlersFor<'backups.allow-restore'> {
  return {
    'backups.allow-restore': async ({ path, confirm, password }, context) => {
      if (confirm !== RESTORE_CONFIRMATION) {
        const message = `Type "${RESTORE_CONFIRMATION}" to confirm.`
        throw new Refusal('invalid_input', message, { confirm: message })
      }
      refuseMissing(path)
      await passwordOnceMore(auth, context, password)
      context.commit((_, about) => about('backup', Math.round(statSync(path).mtimeMs)))
      return { done: true }
    },
  }
}

function refuseMissing(path: string): void {
  if (!existsSync(path)) throw new Refusal('not_found', `There is no file ${path}.`)
}

/** The backup that is made before everything is removed: verified and synced, and never pruned. */
export function backupBeforeReset(parts: BackupParts): Promise<Backup> {
  return createBackup(parts, join(parts.paths.backups, fileName(parts, 'before-reset')))
}

export interface DailyBackup {
  start(): void
  /** Resolves when one that is being made is done: its thread cannot be ended in the middle. */
  stop(): Promise<void>
  /** The backup that was made, null when none was due or it failed. */
  runIfDue(): Promise<Backup | null>
}

/** The backup of each day while the hub runs: made in a thread, verified, and the oldest beyond the count removed. */
export function createDailyBackup(parts: BackupParts): DailyBackup {
  const { db, paths, settings, clock, log } = parts
  let timer: NodeJS.Timeout | undefined
  let running: Promise<Backup | null> | null = null

  function runIfDue(): Promise<Backup | null> {
    running ??= tried().finally(() => {
      running = null
    })
    return running
  }

  async function tried(): Promise<Backup | null> {
    try {
      return isDue() ? await run() : null
    } catch (error) {
      log.error('the daily backup failed', error)
      return null
    }
  }

  function isDue(): boolean {
    const newest = listBackups(paths).find(isDaily)
    // A clock that was set back must not stop the backups.
    const age = newest ? Math.abs(clock.now() - newest.createdAt) : Number.POSITIVE_INFINITY
    return settings.current().backups.daily && age >= DAY_MS
  }

  async function run(): Promise<Backup> {
    const backup = await createBackup(parts, join(paths.backups, fileName(parts, 'daily')))
    const audit = { at: clock.now(), actor: 'system', action: 'backups.create', outcome: 'ok', code: '' } as const
    db.write(tx => appendAudit(tx, { ...audit, subject: `backup:${backup.createdAt}` }))
    const kept = settings.current().backups.keep
    for (const old of listBackups(paths).filter(isDaily).slice(kept)) rmSync(old.path)
    return backup
  }

  return {
    runIfDue,
    start: () => {
      timer = setInterval(runIfDue, LOOK_MS)
      timer.unref()
      void runIfDue()
    },
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}

/** Those in the folder of backups, newest first. Files that are no database of ours are left out. */
export function listBackups(paths: FolderPaths): Backup[] {
  if (!existsSync(paths.backups)) return []
  const found: Backup[] = []
  for (const name of readdirSync(paths.backups)) {
    const path = join(paths.backups, name)
    if (!name.endsWith('.sqlite')) continue
    const { size, mtimeMs } = statSync(path)
    const schema = schemaOfFile(path)
    if (schema !== null) found.push({ path, bytes: size, createdAt: Math.round(mtimeMs), schema })
  }
  return found.sort((left, right) => right.createdAt - left.createdAt)
}

/** Copies, verifies, syncs. With `passphrase` the copy carries a slot that opens it on another computer. */
async function createBackup(
  { paths, vault, clock, random }: BackupParts,
  to: string,
  passphrase?: string,
): Promise<Backup> {
  if (!isAbsolute(to)) throw new Refusal('invalid_input', 'The path of a backup is a whole one, from the root on.')
  if (existsSync(to)) throw new Refusal('exists_already', `${to} exists already. Name another file.`)
  const at = clock.now()
  const slot = passphrase === undefined ? null : await vault.wrapFor(passphraseOpener(passphrase, random))
  mkdirSync(paths.backups, { recursive: true, mode: 0o700 })
  const found = await runChore('copy', { from: paths.database, to, slot, at })
  if (found.faults.length > 0) {
    throw new Refusal(
      'storage_failed',
      `The copy is not sound, so it was not kept: ${found.faults.slice(0, 3).join('; ')}`,
    )
  }
  utimesSync(to, at / 1000, at / 1000)
  return { path: to, bytes: statSync(to).size, createdAt: at, schema: found.schema }
}

async function inspect(path: string): Promise<Inspection> {
  try {
    return await runChore('inspect', { path })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { faults: [reason], schema: 0, contacts: 0, messages: 0 }
  }
}

/** Such as `hub-20250131-020000Z-daily.sqlite`; a second one within the same second gets a number. */
function fileName({ clock, paths }: BackupParts, kind: 'daily' | 'manual' | 'before-reset'): string {
  const time = new Date(clock.now())
    .toISOString()
    .replace(/[-:]|\.\d+/g, '')
    .replace('T', '-')
  for (let number = 1; ; number += 1) {
    const name = `hub-${time}-${kind}${number === 1 ? '' : `-${number}`}.sqlite`
    if (!existsSync(join(paths.backups, name))) return name
  }
}

function isDaily(backup: Backup): boolean {
  return /-daily(-\d+)?\.sqlite$/.test(backup.path)
}
