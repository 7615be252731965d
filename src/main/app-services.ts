import { existsSync } from 'node:fs'
import { ERRORS } from '../shared/errors.ts'
import type { ContactRow } from './db/contacts.ts'
import type { Database, Writer } from './db/database.ts'
import { epochOf } from './db/meta.ts'
import type { LinkServer } from './link/server.ts'
import { type Access, createAccess } from './services/access/service.ts'
import { analyticsHandlers } from './services/analytics.ts'
import { auditHandlers } from './services/audit.ts'
import { accountHandlers, sessionHandlers } from './services/auth/handlers.ts'
import type { EnvironmentKey } from './services/auth/key-ring.ts'
import { keyHandlers } from './services/auth/keys.ts'
import { type Auth, createAuth } from './services/auth/service.ts'
import type { Strength } from './services/auth/strength.ts'
import { Background } from './services/background.ts'
import { allowRestoreHandlers, backupHandlers, createDailyBackup } from './services/backups.ts'
import { type Brand, brandingHandlers, brandOf } from './services/branding.ts'
import { campaignHandlers } from './services/campaigns/handlers.ts'
import { type CampaignWork, createCampaignWork } from './services/campaigns/work.ts'
import { consentHandlers } from './services/consents.ts'
import { bulkHandlers } from './services/contact-bulk.ts'
import { contactHoursHandlers } from './services/contact-hours.ts'
import { mergeHandlers } from './services/contact-merge.ts'
import { ContactSearch } from './services/contact-search.ts'
import { timelineHandlers } from './services/contact-timeline.ts'
import { contactHandlers } from './services/contacts.ts'
import { databaseHandlers } from './services/database.ts'
import { refitContact } from './services/dispatch/refit.ts'
import { Dispatch } from './services/dispatch/service.ts'
import type { FolderPaths } from './services/folder.ts'
import { createHolidays } from './services/holidays.ts'
import { createImports, type ImportService } from './services/imports/service.ts'
import { inboxHandlers } from './services/inbox.ts'
import { keyFileHandlers } from './services/key-file.ts'
import { keywordRuleHandlers } from './services/keyword-rules.ts'
import { listHandlers } from './services/lists.ts'
import { messageHandlers } from './services/messages.ts'
import { notificationRuleHandlers } from './services/notification-rules.ts'
import type { Handlers } from './services/operations/dispatch.ts'
import { forgetOldAnswers } from './services/operations/idempotency.ts'
import { optOutHandlers } from './services/opt-outs.ts'
import type { Passwords } from './services/passwords.ts'
import { PhonesService, phoneHandlers } from './services/phones/service.ts'
import type { Ports } from './services/ports.ts'
import { Erasures } from './services/privacy/erasures.ts'
import { personHandlers } from './services/privacy/person.ts'
import { RetentionRules } from './services/privacy/retention.ts'
import { SaidSearch } from './services/said-search.ts'
import { segmentHandlers } from './services/segments.ts'
import { createSettings, type SettingsStore, settingsHandlers } from './services/settings.ts'
import { smsHandlers } from './services/sms.ts'
import { wakeSnoozed } from './services/snoozes.ts'
import { suppressionHandlers } from './services/suppression.ts'
import { suppressionListHandlers } from './services/suppression-list.ts'
import { type HttpState, systemHandlers } from './services/system.ts'
import { createTimes } from './services/times.ts'
import { undoHandlers } from './services/undo.ts'
import { createUploads, type UploadService } from './services/uploads.ts'
import { userHandlers } from './services/users.ts'
import type { Vault } from './services/vault.ts'
import { PhoneWatch } from './services/webhooks/phone-watch.ts'
import { createTargetPost } from './services/webhooks/request.ts'
import { WebhookSender } from './services/webhooks/sender.ts'
import { webhookHandlers } from './services/webhooks/service.ts'
import { createZoneLookup } from './services/zones.ts'
import { VERSION } from './version.ts'

export interface ServiceParts extends Ports {
  readonly db: Database
  readonly paths: FolderPaths
  readonly vault: Vault
  readonly passwords: Passwords
  readonly strength: Strength
  /** API keys of the environment. */
  readonly environmentKeys: readonly EnvironmentKey[]
  /** Whether this process is the hub. */
  readonly serving: boolean
}

/** Every service over one database, and what the serving side has to drive. */
export interface Services {
  readonly handlers: Handlers
  readonly auth: Auth
  readonly settings: SettingsStore
  readonly dispatch: Dispatch
  readonly phones: PhonesService
  readonly background: Background
  readonly campaigns: CampaignWork
  readonly imports: ImportService
  readonly uploads: UploadService
  readonly backups: ReturnType<typeof createDailyBackup>
  readonly webhooks: WebhookSender
  readonly phoneWatch: PhoneWatch
  readonly erasures: Erasures
  readonly access: Access
  readonly brand: Brand
  /** The phone link comes and goes with the address that it listens on. */
  readonly link: {
    current: LinkServer | null
    problem: string | null
    /** Which part of that address was said at the start, where the settings decide nothing. */
    given: { readonly host: string | null; readonly port: number | null }
  }
  /** The headless API, while it listens, and the file of its private key where that is none of the hub's own. */
  readonly http: { current: HttpState; keyFile: string | null }
  stop(): Promise<void>
}

export function buildServices(parts: ServiceParts): Services {
  const { db, clock, ids, random, disk, log, happenings, vault, paths, passwords, strength, serving } = parts
  const { numberHash, lookupHash } = vault
  const settings = createSettings(db)
  const background = new Background(log)
  const search = new ContactSearch({ db, clock })
  const link: Services['link'] = { current: null, problem: null, given: { host: null, port: null } }
  const http: Services['http'] = { current: null, keyFile: null }
  const auth = createAuth({ ...parts, settings, nameHash: vault.problem === null ? numberHash : null })
  background.add('tidy sign-ins', () => auth.tidy())

  const zones = createZoneLookup()
  const times = createTimes(createHolidays())
  const dispatch = new Dispatch({
    db,
    clock,
    log,
    happenings,
    numberHash,
    settings,
    zones,
    times,
    epoch: () => epochOf(db),
    inbound: { ids, numberHash },
    // Whoever may send is told, and what exactly is wrong names a file of the hub.
    blockedBy: () => (vault.problem === null ? [] : [KEY_MISSING]),
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
    zones,
    times,
    dispatch,
    numberHash,
    phones,
  }
  const onMoved = (tx: Writer, contact: ContactRow) => {
    refitContact(tx, contact, campaignParts)
    dispatch.wake()
  }
  const campaigns = createCampaignWork(campaignParts)
  const said = new SaidSearch({ db, clock })
  background.add('search of all that was said', () => said.step())
  background.add('threads whose time to come back is there', () => wakeSnoozed({ db, clock, happenings }))
  const workerUrl = builtImportWorker()
  const imports = createImports({
    ...{ db, clock, log, happenings, numberHash, background, search, onMoved },
    ...(workerUrl && { workerUrl }),
  })
  const uploads = createUploads({ db, clock, random, disk, log, folder: paths.uploads, imports })
  background.add('uploads', () => uploads.step())
  background.add('answers kept for repeated requests', () => forgetOldAnswers(db, clock))
  const backupParts = { db, paths, vault, settings, clock, random, log }

  const erasures = new Erasures({
    ...{ db, clock, random, numberHash, happenings },
    onSuppressed: (tx, number) => dispatch.stopNumber(tx, number),
    askPhones: () => link.current?.sendErasures(),
  })
  background.add('erasures', () => erasures.step())
  const retention = new RetentionRules({ db, clock })
  background.add('texts and logs that are old', () => retention.step())

  const target = createTargetPost()
  const webhooks = new WebhookSender({ db, clock, random, log, vault, version: VERSION, post: target.post })
  background.add('old deliveries of webhooks', () => webhooks.prune())
  const phoneWatch = new PhoneWatch({ db, clock, happenings, isConnected: id => dispatch.isConnected(id) })

  const access = createAccess({ db, clock, random, log, vault, settings })

  if (serving) background.add('access logs of services', () => access.readLogs())

  const handlers: Handlers = {
    ...userHandlers({ db, clock, passwords, strength }),
    ...accountHandlers({ db, clock, passwords, strength, auth }),
    ...sessionHandlers({ db, clock }),
    ...keyHandlers(parts),
    ...auditHandlers(db),
    ...contactHandlers({ ...{ db, clock, search, settings, zones, onMoved }, numberHash: lookupHash }),
    ...bulkHandlers({ db, clock, background, search }),
    ...mergeHandlers({
      ...{ db, clock, numberHash, zones, onMoved },
      onSuppressed: (tx, number) => dispatch.stopNumber(tx, number),
    }),
    ...timelineHandlers({ db, numberHash: lookupHash }),
    ...contactHoursHandlers({ db, clock, settings, zones, times }),
    ...segmentHandlers({ db, clock }),
    ...undoHandlers({ db, clock, background, happenings }),
    ...listHandlers({ db, clock, background }),
    ...consentHandlers({ db }),
    ...suppressionHandlers({ db, numberHash }),
    ...suppressionListHandlers({
      ...{ db, clock, numberHash, settings },
      onSuppressed: (tx, number) => dispatch.stopNumber(tx, number),
    }),
    ...imports.handlers,
    ...uploads.handlers,
    ...campaignHandlers(campaignParts),
    ...messageHandlers(campaignParts),
    ...analyticsHandlers({ db, clock }),
    ...optOutHandlers({ db, clock }),
    ...keywordRuleHandlers({ db, clock, settings, lookupHash }),
    ...inboxHandlers({ ...campaignParts, lookupHash, said }),
    ...notificationRuleHandlers({ db, clock }),
    ...smsHandlers({
      ...campaignParts,
      pairedPhones: () => phones.paired(),
      blockedBy: () => dispatch.blockedBy(),
    }),
    ...phoneHandlers(phoneParts, phones),
    ...settingsHandlers({ db, clock, settings }),
    ...brandingHandlers({ db, clock, settings }),
    ...systemHandlers({
      db,
      passwords,
      paths,
      vault,
      settings,
      clock,
      disk,
      version: VERSION,
      serving,
      environmentKeys: parts.environmentKeys,
      http: () => http.current,
      httpKeyFile: () => http.keyFile,
      link: () => link.current && { listening: link.current.addresses(), pin: link.current.pin },
      linkProblem: () => link.problem,
      linkGiven: () => link.given,
      personalPage: () => ({ listening: access.pageState.current?.url ?? null, problem: access.pageState.problem }),
      blockedBy: () => dispatch.blockedBy(),
      isConnected: id => dispatch.isConnected(id),
    }),
    ...backupHandlers(backupParts),
    ...allowRestoreHandlers(auth),
    ...keyFileHandlers(backupParts),
    ...erasures.handlers(),
    ...personHandlers({ db, clock, numberHash: lookupHash }),
    ...retention.handlers(),
    ...databaseHandlers({ ...backupParts, happenings, auth }),
    ...webhookHandlers({ db, clock, random, vault, wake: () => webhooks.wake() }),
    ...access.handlers,
  }
  // Whatever was changed may have made work: messages to make, lanes to free, campaigns to complete.
  happenings.listen(({ type }) => {
    // Texts and settled messages come from the dispatch itself, which needs no telling.
    if (type !== 'thread' && type !== 'work' && type !== 'link') dispatch.wake()
    background.wake()
    webhooks.wake()
  })
  return {
    handlers,
    auth,
    settings,
    dispatch,
    phones,
    background,
    campaigns,
    imports,
    uploads,
    backups: createDailyBackup(backupParts),
    webhooks,
    phoneWatch,
    erasures,
    access,
    brand: brandOf({ db, settings }),
    link,
    http,
    stop: async () => {
      await webhooks.stop()
      await access.stop()
      target.close()
      auth.stop()
      await imports.stop()
      background.stop()
      dispatch.stop()
    },
  }
}

const KEY_MISSING = `${ERRORS.key_missing.message} On its computer: campaign-connector doctor`

/** Where a build puts the worker that reads lists; in the sources it lies beside its service. */
function builtImportWorker(): URL | undefined {
  const places = ['./import-worker.mjs', '../import-worker.mjs'].map(place => new URL(place, import.meta.url))
  return places.find(place => existsSync(place))
}
