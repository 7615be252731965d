import type { RunningHttp, WantedHttp } from './app-http.ts'
import { createHappenings, systemPorts, ulids } from './app-ports.ts'
import { type Serving, startServing, type WantedLink } from './app-serve.ts'
import { buildServices, type Services } from './app-services.ts'
import type { Config } from './config.ts'
import { epochOf, initialiseMeta } from './db/meta.ts'
import { openDatabase } from './db/open.ts'
import { keySlots, type SlotKind } from './db/vault.ts'
import { createLog } from './log.ts'
import { noteEnvironmentKeys } from './services/auth/environment-keys.ts'
import { createStrength } from './services/auth/strength.ts'
import { folderPaths, holdFolder } from './services/folder.ts'
import { type KeyOpener, keyFileOpener, passphraseOpener } from './services/key-slots.ts'
import { createDispatcher, type Dispatcher } from './services/operations/dispatch.ts'
import { createPasswords } from './services/passwords.ts'
import type { Clock, Happenings, Log, Ports, Randomness } from './services/ports.ts'
import { applyAdmin } from './services/users.ts'
import { openVault } from './services/vault.ts'

export interface AppOptions {
  readonly config: Config
  /** Told to others who want the folder meanwhile, such as `serve`. */
  readonly purpose: string
  /** Also starts what runs by itself: the phone link, the door for the command line, background work, daily backups. */
  readonly serve: boolean
  readonly log?: 'file' | 'stderr'
  readonly link?: WantedLink
  /** Also serves the headless API. */
  readonly http?: WantedHttp
  /** What opens the data key, in this order, in the place of the key file. A passphrase of the environment comes last. */
  readonly openers?: readonly KeyOpener[]
  /** In the place of the real ones, for tests. */
  readonly ports?: Partial<Pick<Ports, 'disk'>>
}

/** One opened data folder with everything built on it. */
export interface App {
  readonly dispatch: Dispatcher
  /** `host:port` pairs of the phone link; none while it does not run. */
  listening(): readonly string[]
  /** The headless API; null where none was asked for. */
  readonly http: RunningHttp | null
  /** What the person who opened it should know, a sentence each. */
  readonly notices: readonly string[]
  /** Null when the data key is open; otherwise why not, and what to do. */
  readonly keyProblem: string | null
  /** The ways by which the data key can be opened. */
  readonly keySlots: readonly SlotKind[]
  /** For the shell of the desktop, which is a door of its own. */
  readonly services: Services
  readonly happenings: Happenings
  readonly log: Log
  readonly clock: Clock
  readonly random: Randomness
  /** Stops everything in order and gives the folder back. */
  close(): Promise<void>
}

/**
 * Opens a data folder, making what is missing: database, data key, first administrator.
 * Throws Refusal `locked` when another process has it, NewerDatabaseError, DamagedDatabaseError.
 */
export async function openApp(options: AppOptions): Promise<App> {
  const { config } = options
  const paths = folderPaths(config.dataFolder)
  const { clock, random, disk } = { ...systemPorts(), ...options.ports }
  const closers: (() => void | Promise<void>)[] = [holdFolder(paths.root, options.purpose)]
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const log = createLog(options.log === 'stderr' ? 'stderr' : { file: paths.log })
    closers.push(() => log.close())
    const db = openDatabase(paths.database, { backups: paths.backups })
    closers.push(() => db.close())
    const ids = ulids(clock, random)
    if (epochOf(db) === 0) db.write(tx => initialiseMeta(tx, ids.next(), clock.now()))

    const openers = [...(options.openers ?? [keyFileOpener(paths.keyFile, random)])]
    if (config.passphrase !== undefined) openers.push(passphraseOpener(config.passphrase, random))
    const vault = await openVault({ db, clock, random, openers })
    const passwords = createPasswords()
    const strength = createStrength()
    closers.push(() => strength.stop())
    const applied = config.admin && (await applyAdmin({ db, clock, passwords, strength }, config.admin))
    const notices = [
      config.adminProblem,
      applied,
      ...config.apiKeyProblems,
      vault.problem && `${vault.problem} Until then nothing is sent.`,
    ]

    if (options.serve) noteEnvironmentKeys(db, clock, config.apiKeys)
    const ports = { clock, random, disk, ids, log, happenings: createHappenings(log) }
    const services = buildServices({
      ...{ db, paths, vault, passwords, strength, environmentKeys: config.apiKeys },
      ...{ serving: options.serve, ...ports },
    })
    closers.push(() => services.stop())
    const dispatch = createDispatcher({ db, clock, log, handlers: services.handlers })
    let serving: Serving | null = null
    if (options.serve) {
      const { link = {}, http = null } = options
      serving = await startServing({ db, paths, vault, dispatch, services, link, http, ...ports })
      closers.push(() => serving?.stop())
      const { problem } = services.link
      if (problem !== null) notices.push(`${problem} It is tried again every few seconds.`)
    }
    return {
      dispatch,
      listening: () => serving?.listening() ?? [],
      http: serving?.http ?? null,
      notices: notices.filter(notice => notice !== null),
      keyProblem: vault.problem,
      keySlots: keySlots(db).map(slot => slot.kind),
      ...{ services, happenings: ports.happenings, log, clock, random },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
