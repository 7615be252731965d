import { existsSync } from 'node:fs'
import type { Database } from './db/database.ts'
import { epochOf } from './db/meta.ts'
import type { LinkServer } from './link/server.ts'
import { auditHandlers } from './services/audit.ts'
import { Background } from './services/background.ts'
import { backupHandlers, createDailyBackup } from './services/backups.ts'
import { campaignHandlers } from './services/campaigns/handlers.ts'
import { type CampaignWork, createCampaignWork } from './services/campaigns/work.ts'
import { ContactSearch } from './services/contact-search.ts'
import { contactHandlers } from './services/contacts.ts'
import { Dispatch } from './services/dispatch/service.ts'
import type { FolderPaths } from './services/folder.ts'
import { createImports, type ImportService } from './services/imports/service.ts'
import { inboxHandlers } from './services/inbox.ts'
import { listHandlers } from './services/lists.ts'
import { messageHandlers } from './services/messages.ts'
import type { Handlers } from './services/operations/dispatch.ts'
import type { Passwords } from './services/passwords.ts'
import { PhonesService, phoneHandlers } from './services/phones/service.ts'
import type { Ports } from './services/ports.ts'
import { createSettings, type SettingsStore, settingsHandlers } from './services/settings.ts'
import { suppressionHandlers } from './services/suppression.ts'
import { systemHandlers } from './services/system.ts'
import { userHandlers } from './services/users.ts'
import type { Vault } from './services/vault.ts'
import { createZoneLookup } from './services/zones.ts'
import { VERSION } from './version.ts'

export interface ServiceParts extends Ports {
  readonly db: Database
  readonly paths: FolderPaths
  readonly vault: Vault
  readonly passwords: Passwords
  /** Whether this process is the hub. */
  readonly serving: boolean
}

/** Every service over one database, and what the serving side has to drive. */
export interface Services {
  readonly handlers: Handlers
  readonly settings: SettingsStore
  readonly dispatch: Dispatch
  readonly phones: PhonesService
  readonly background: Background
  readonly campaigns: CampaignWork
  readonly imports: ImportService
  readonly backups: ReturnType<typeof createDailyBackup>
  /** The phone link comes and goes with the address that it listens on. */
  readonly link: { current: LinkServer | null }
  stop(): Promise<void>
}

export function buildServices(parts: ServiceParts): Services {
  const { db, clock, ids, random, log, happenings, vault, paths, passwords, serving } = parts
  const { numberHash, lookupHash } = vault
  const settings = createSettings(db)
  const background = new Background(log)
  const search = new ContactSearch({ db, clock })
  const link: Services['link'] = { current: null }

  const dispatch = new Dispatch({
    db,
    clock,
    log,
    happenings,
    numberHash,
    settings,
    epoch: () => epochOf(db),
    inbound: { ids, numberHash },
    blockedBy: () => (vault.problem === null ? [] : [vault.problem]),
  })
  background.add('end what is over', () => dispatch.tidy())

  const phoneParts = {
    db,
    clock,
    random,
    log,
    happenings,
    settings,
    link: () => link.current,
    wake: () => dispatch.wake(),
  }
  const phones = new PhonesService(phoneParts)
  const campaignParts = {
    db,
    clock,
    ids,
    log,
    happenings,
    background,
    settings,
    search,
    zones: createZoneLookup(),
    dispatch,
    numberHash,
    phones,
  }
  const campaigns = createCampaignWork(campaignParts)
  const workerUrl = builtImportWorker()
  const imports = createImports({
    ...{ db, clock, log, happenings, numberHash, background, search },
    ...(workerUrl && { workerUrl }),
  })
  const backupParts = { db, paths, vault, settings, clock, random, log }

  const handlers: Handlers = {
    ...userHandlers({ db, clock, passwords }),
    ...auditHandlers(db),
    ...contactHandlers({ db, clock, numberHash: lookupHash, search, settings }),
    ...listHandlers({ db, background }),
    ...suppressionHandlers({
      db,
      clock,
      numberHash,
      onSuppressed: (tx, number) => dispatch.stopNumber(tx, number),
    }),
    ...imports.handlers,
    ...campaignHandlers(campaignParts),
    ...messageHandlers(campaignParts),
    ...inboxHandlers({ ...campaignParts, lookupHash }),
    ...phoneHandlers(phoneParts, phones),
    ...settingsHandlers({ db, clock, settings }),
    ...systemHandlers({
      db,
      paths,
      vault,
      settings,
      clock,
      version: VERSION,
      serving,
      link: () => link.current && { listening: link.current.addresses(), pin: link.current.pin },
      blockedBy: () => dispatch.blockedBy(),
      isConnected: id => dispatch.isConnected(id),
    }),
    ...backupHandlers(backupParts),
  }
  // Whatever was changed may have made work: messages to make, lanes to free, campaigns to complete.
  happenings.listen(({ type }) => {
    // Texts and settled messages come from the dispatch itself, which needs no telling.
    if (type !== 'thread' && type !== 'work') dispatch.wake()
    background.wake()
  })
  return {
    handlers,
    settings,
    dispatch,
    phones,
    background,
    campaigns,
    imports,
    backups: createDailyBackup(backupParts),
    link,
    stop: async () => {
      await imports.stop()
      background.stop()
      dispatch.stop()
    },
  }
}

/** Where a build puts the worker that reads lists; in the sources it lies beside its service. */
function builtImportWorker(): URL | undefined {
  const places = ['./import-worker.mjs', '../import-worker.mjs'].map(place => new URL(place, import.meta.url))
  return places.find(place => existsSync(place))
}
