import { allServices, noteHealth } from '../../db/access-services.ts'
import { grantsToExpire } from '../../db/grants.ts'
import { appendAudit } from '../audit.ts'
import type { ChangeContext, Handlers, HandlersFor } from '../operations/dispatch.ts'
import type { SettingsView } from '../settings.ts'
import { AccessLogs } from './access-log.ts'
import { accessLogHandlers } from './access-log-handlers.ts'
import { Bans } from './bans.ts'
import { expire, grantHandlers, onGrant } from './grants.ts'
import { checkHealth } from './health.ts'
import { Locks } from './locks.ts'
import { type AccessParts, serviceKey } from './parts.ts'
import { type PageView, peopleHandlers } from './people.ts'
import { PersonalPage } from './personal-page.ts'
import { lookAtFile, settleAll } from './reconcile.ts'
import { serviceHandlers } from './services.ts'

type Names = Extract<keyof Handlers, `friends.${string}` | `grants.${string}` | `services.${string}`>

/** How often is looked for what expires, at the services, and at their files, in ms. */
const EXPIRY_EVERY_MS = 10_000
const HEALTH_EVERY_MS = 5 * 60_000
const FILES_EVERY_MS = 10 * 60_000
const AT_ONCE = 100

export interface Access {
  readonly handlers: HandlersFor<Names>
  /** Puts back what a crash has left, then keeps looking. */
  start(): void
  readonly bans: Bans
  readonly page: PersonalPage
  /** Where the personal page listens, and why it does not although it should. */
  readonly pageState: { current: { readonly url: string } | null; problem: string }
  /** A step of background work: reads on in the access logs. Returns whether there is more. */
  readLogs(): boolean
  /** Ends grants whose time is over. Resolves with how many could be ended. */
  expireDue(): Promise<number>
  /** Puts files back whose change a crash has cut off. */
  settle(): Promise<void>
  /** Resolves when nothing of it is under way. */
  stop(): Promise<void>
}

/** People, services, grants and the files in which they stand. */
export function createAccess(given: Omit<AccessParts, 'locks'> & { readonly settings: SettingsView }): Access {
  const parts: AccessParts = { ...given, locks: new Locks() }
  const { db, clock, log, locks } = parts
  const bans = new Bans(given)
  const logs = new AccessLogs({ db, clock, log, bans })
  const page = new PersonalPage(parts, bans)
  const state: Access['pageState'] = { current: null, problem: '' }
  const pageView: PageView = {
    state: () => ({
      enabled: given.settings.current().personalPage.enabled,
      listening: state.current?.url ?? null,
      problem: state.problem,
    }),
    address: () => given.settings.current().personalPage.address || (state.current?.url ?? null),
  }
  const timers: NodeJS.Timeout[] = []
  /** What runs by itself; none of it beside itself. */
  const running = new Map<string, Promise<unknown>>()
  let stopped = false

  function once<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    const before = running.get(name)
    if (before) return before as Promise<T | undefined>
    const now = work()
      .catch(error => {
        log.error('work on services failed', error, { work: name })
        return undefined
      })
      .finally(() => running.delete(name))
    running.set(name, now)
    return now
  }

  const settle = () => once('settle', () => settleAll(parts, locks, serviceKey))
  const expireDue = async () => (await once('expiry', () => expireGrants(parts))) ?? 0
  const look = () =>
    once('files', async () => {
      for (const service of allServices(db)) {
        if (stopped) return
        await locks.hold([serviceKey(service.id)], () => lookAtFile(parts, service.id))
      }
    })
  const health = () =>
    once('health', async () => {
      for (const { id, address, authType } of allServices(db)) {
        if (stopped) return
        const found = await checkHealth(address, authType)
        db.write(tx => noteHealth(tx, id, { at: clock.now(), ...found }))
      }
    })
  return {
    handlers: {
      ...peopleHandlers(parts, pageView),
      ...grantHandlers(parts),
      ...serviceHandlers(parts),
      ...accessLogHandlers(parts, logs, bans),
    },
    bans,
    page,
    pageState: state,
    readLogs: () => logs.step(),
    settle: async () => {
      await settle()
    },
    expireDue,
    start: () => {
      const every = (ms: number, work: () => unknown) => {
        const timer = setInterval(work, ms)
        timer.unref()
        timers.push(timer)
      }
      void settle().then(() => {
        if (stopped) return
        every(EXPIRY_EVERY_MS, expireDue)
        every(EXPIRY_EVERY_MS, () => bans.publish())
        every(HEALTH_EVERY_MS, health)
        every(FILES_EVERY_MS, look)
        void expireDue()
        void health()
        void look()
      })
    },
    stop: async () => {
      stopped = true
      for (const timer of timers) clearInterval(timer)
      await Promise.all(running.values())
      await bans.idle()
    },
  }
}

/** One after the other; one that cannot be ended now is tried again the next time, and stays in the doctor's findings. */
async function expireGrants(parts: AccessParts): Promise<number> {
  const { db, clock, log } = parts
  let ended = 0
  for (const { id } of grantsToExpire(db, clock.now(), AT_ONCE)) {
    try {
      await onGrant(parts, id, async grant => {
        // It may have got a new password, or other days, since.
        if (grant.state !== 'active' || grant.expiresAt === null || grant.expiresAt > clock.now()) return
        await expire(parts, grant, bySystem(parts))
        ended += 1
      })
    } catch (error) {
      log.error('a grant could not be ended when its time was over', error, { grant: id })
    }
  }
  return ended
}

/** A commit with its audit row, of what nobody has asked for. */
function bySystem({ db, clock }: AccessParts): ChangeContext['commit'] {
  return work =>
    db.write(tx => {
      const subjects: string[] = []
      const done = work(tx, (kind, id) => subjects.push(`${kind}:${id}`))
      const row = { at: clock.now(), actor: 'system', action: 'grants.expire', outcome: 'ok', code: '' } as const
      appendAudit(tx, { ...row, subject: subjects.join(' ') })
      return done
    })
}
