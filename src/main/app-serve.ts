import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../shared/errors.ts'
import type { RunningHttp, WantedHttp } from './app-http.ts'
import type { Services } from './app-services.ts'
import type { Database } from './db/database.ts'
import { epochOf } from './db/meta.ts'
import { LINK_IDENTITY } from './domain/secret-names.ts'
import { listenForCommands } from './hub-socket/server.ts'
import { endsSoon, type LinkIdentity, makeIdentity, renewIdentity } from './link/certificate.ts'
import { LinkDoor } from './link/door.ts'
import { hasAddress, identityProblem } from './link/problem.ts'
import { LinkServer } from './link/server.ts'
import type { FolderPaths } from './services/folder.ts'
import type { Dispatcher } from './services/operations/dispatch.ts'
import type { Ports } from './services/ports.ts'
import type { Vault } from './services/vault.ts'

/** Where the phone link listens, instead of what the settings say. */
export interface WantedLink {
  readonly host?: string
  readonly port?: number
  /** A link that cannot listen does not end the hub: the reason is told, and it is tried again. */
  readonly mayWait?: boolean
  /** How often, in ms. */
  readonly everyMs?: number
}

export interface ServingParts extends Ports {
  readonly db: Database
  readonly paths: FolderPaths
  readonly vault: Vault
  readonly dispatch: Dispatcher
  readonly services: Services
  readonly link: WantedLink
  /** Null: no API. */
  readonly http: WantedHttp | null
}

export interface Serving {
  /** `host:port` pairs of the phone link. */
  listening(): readonly string[]
  /** Null: no API was asked for. */
  readonly http: RunningHttp | null
  stop(): Promise<void>
}

/** How often is looked for what has become due: scheduled campaigns, expired messages, in ms. */
const TICK_MS = 1_000

/** Starts what a hub does by itself. Throws an Error with a sentence when the phone link cannot listen and may not wait. */
export async function startServing(parts: ServingParts): Promise<Serving> {
  const { services, paths, dispatch, log, clock } = parts
  const link = await startLink(parts)
  let socket: Awaited<ReturnType<typeof listenForCommands>>
  try {
    socket = await listenForCommands({ folder: paths.root, dispatch, log })
  } catch (error) {
    await link?.stop()
    throw error
  }
  let http: { running: RunningHttp; close(): Promise<void> } | null
  try {
    // As much again as all the rest of a start, for those who want it.
    http = parts.http && (await (await import('./app-http.ts')).openHttp(parts, parts.http))
  } catch (error) {
    await socket.close()
    await link?.stop()
    throw error
  }
  const due = [
    () => services.campaigns.startDue(clock.now()),
    () => services.phoneWatch.look(),
    () => services.background.wake(),
    // Also for what happened without a word, such as many messages that were cancelled in the background.
    () => services.webhooks.wake(),
  ]
  const tick = () => {
    for (const look of due) {
      try {
        look()
      } catch (error) {
        // Such as a full disk: the next look comes in a second.
        log.error('what is due could not be done', error)
      }
    }
  }
  const timer = setInterval(tick, TICK_MS)
  tick()
  services.dispatch.wake()
  services.imports.start()
  services.backups.start()
  services.webhooks.start()
  services.access.start()
  const stopPage = await startPage(parts)
  log.info('the hub runs', { pid: process.pid })
  return {
    listening: () => services.link.current?.addresses() ?? [],
    http: http?.running ?? null,
    stop: async () => {
      clearInterval(timer)
      await stopPage()
      await http?.close()
      await socket.close()
      await link?.stop()
      await services.backups.stop()
      log.info('the hub has stopped', { pid: process.pid })
    },
  }
}

/** Null while the data key is closed: then the certificate's key is, too, and no phone may be served. */
async function startLink(parts: ServingParts): Promise<{ stop(): Promise<void> } | null> {
  const { db, vault, services, link: chosen, log, clock, happenings } = parts
  if (vault.problem !== null) return null
  const { dispatch, phones, settings, erasures, link: state } = services
  const mayWait = chosen.mayWait ?? false
  state.given = { host: chosen.host ?? null, port: chosen.port ?? null }
  let identity: LinkIdentity
  try {
    identity = await identityOf(parts)
  } catch (error) {
    const problem = identityProblem(error instanceof Refusal ? error.message : KEPT_BADLY)
    if (!mayWait) throw new Error(problem, { cause: error })
    log.error('the phone link has no certificate', error)
    state.problem = problem
    return null
  }
  const agentFile = agentPath()
  const door = new LinkDoor({
    state,
    open: async where => {
      const server = new LinkServer(
        { db, clock, log, dispatch, phones, settings, erasures, epoch: () => epochOf(db) },
        { identity, ...where, agentFile },
      )
      await server.listen()
      return server
    },
    wanted: () => ({
      host: chosen.host ?? settings.current().linkHost,
      port: chosen.port ?? settings.current().linkPort,
    }),
    hasAddress,
    changed: () => happenings.tell({ type: 'link' }),
    log,
    ...(chosen.everyMs !== undefined && { everyMs: chosen.everyMs }),
  })
  await door.start(mayWait)
  const forget = settings.listen(() => {
    state.current?.refreshSettings()
    door.move()
  })
  return {
    stop: async () => {
      forget()
      await door.stop()
    },
  }
}

/** The personal page comes and goes with its setting. Returns what ends it. */
async function startPage({ services, log, random }: ServingParts): Promise<() => Promise<void>> {
  const { settings, access } = services
  let close: (() => Promise<void>) | null = null
  let listens = ''
  const move = async () => {
    const { enabled, ...options } = settings.current().personalPage
    const wanted = enabled ? JSON.stringify(options) : ''
    if (wanted === listens) return
    await close?.()
    close = null
    listens = ''
    access.pageState.current = null
    access.pageState.problem = ''
    if (!enabled) return
    try {
      // For those who want it only.
      const { startPersonalPage } = await import('./http/personal-page.ts')
      const server = await startPersonalPage({ page: access.page, random, log }, options)
      close = () => server.close()
      listens = wanted
      access.pageState.current = { url: server.url }
    } catch (error) {
      access.pageState.problem = `It cannot listen on ${options.host} port ${options.port}: ${(error as Error).message}`
      log.error('the personal page does not listen', error)
    }
  }
  let moving = move()
  const forget = settings.listen(() => {
    moving = moving.then(move).catch(error => log.error('the personal page does not listen any more', error))
  })
  await moving
  return async () => {
    forget()
    await moving
    await close?.()
  }
}

const KEPT_BADLY =
  'Restore a backup: in the window under Administration, System, or campaign-connector backup restore FILE'

/** The certificate and key of the link, made on the first start and sealed from then on; the key is for ever. */
async function identityOf({ vault, clock }: ServingParts): Promise<LinkIdentity> {
  const sealed = vault.open(LINK_IDENTITY)
  const known = sealed && (JSON.parse(Buffer.from(sealed).toString('utf8')) as LinkIdentity)
  const now = clock.now()
  if (known && !endsSoon(known, now)) return known
  const identity = known ? await renewIdentity(known, now) : await makeIdentity(now)
  vault.seal(LINK_IDENTITY, Buffer.from(JSON.stringify(identity)))
  return identity
}

/** The bundled phone agent: beside the built program, or where a checkout builds it. */
function agentPath(): string {
  const places = ['../phone-agent.mjs', '../../phone-agent.mjs', '../../out/phone-agent.mjs']
  const urls = places.map(place => new URL(place, import.meta.url))
  return fileURLToPath(urls.find(url => existsSync(url)) ?? urls.at(-1)!)
}
