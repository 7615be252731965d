import type { OutputOf } from '../../shared/operations/index.ts'
import type { Database } from '../db/database.ts'
import { epochOf } from '../db/meta.ts'
import { schemaVersion } from '../db/migrate.ts'
import type { EnvironmentKey } from './auth/key-ring.ts'
import { doctorFindings } from './doctor.ts'
import type { FolderPaths } from './folder.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Passwords } from './passwords.ts'
import type { Clock, Disk } from './ports.ts'
import type { SettingsView } from './settings.ts'
import type { Vault } from './vault.ts'

/** Where the phone link listens (`host:port`) and the pin of its key; null while no hub serves. */
export type LinkState = OutputOf<'system.status'>['link']

/** Where the headless API listens; null while there is none. */
export type HttpState = OutputOf<'system.status'>['http']

export interface SystemParts {
  readonly db: Database
  readonly paths: FolderPaths
  readonly vault: Vault
  readonly settings: SettingsView
  readonly passwords: Passwords
  readonly clock: Clock
  readonly disk: Disk
  readonly version: string
  /** Whether this process is the hub. */
  readonly serving: boolean
  readonly link: () => LinkState
  /** What is wrong with the phone link, and what mends it; null where nothing is. */
  readonly linkProblem: () => string | null
  /** Which part of the address of the link was said at the start. */
  readonly linkGiven: () => { readonly host: string | null; readonly port: number | null }
  /** API keys that come from the environment. */
  readonly environmentKeys: readonly EnvironmentKey[]
  readonly http: () => HttpState
  /** The file of the API's private key, where an administrator has named one. */
  readonly httpKeyFile: () => string | null
  /** Where the personal page listens, and what is wrong with it; empty: nothing. */
  readonly personalPage: () => { readonly listening: string | null; readonly problem: string }
  /** Why nothing is sent, a sentence each, as the dispatch sees it. */
  readonly blockedBy: () => readonly string[]
  readonly isConnected: (phoneId: number) => boolean
}

export function systemHandlers(parts: SystemParts): HandlersFor<'system.status' | 'system.doctor'> {
  const { db, paths, vault, version, serving, link, blockedBy } = parts
  return {
    'system.status': (_input, { caller }) => {
      // Where things lie on the hub's computer is for those who look after it.
      const own = caller.role === 'admin'
      return {
        version,
        schema: schemaVersion(db),
        epoch: epochOf(db),
        ...(own ? { dataFolder: paths.root, pid: process.pid } : { dataFolder: null, pid: null }),
        link: link(),
        linkProblem: parts.linkProblem(),
        linkGiven: parts.linkGiven(),
        http: parts.http(),
        sendingBlockedBy: [
          ...(serving ? [] : [NO_HUB]),
          ...(own && vault.problem !== null ? [vault.problem] : []),
          ...(link() === null && parts.linkProblem() !== null ? [parts.linkProblem()!] : []),
          ...blockedBy(),
        ],
      }
    },
    'system.doctor': async () => {
      const findings = await doctorFindings(parts)
      return { ok: findings.every(finding => finding.ok), findings }
    },
  }
}

const NO_HUB = 'No hub is running. Start it: campaign-connector serve'
