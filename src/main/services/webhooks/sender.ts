import type { Database, Writer } from '../../db/database.ts'
import {
  allWebhooks,
  type DeliveryRow,
  dueDeliveries,
  giveUpDeliveries,
  nextDelivery,
  noteAttempt,
  pruneDeliveries,
  purgeDeleted,
  type WebhookRow,
  webhookById,
  webhookFailed,
  webhookSucceeded,
} from '../../db/webhooks.ts'
import type { Clock, Log, Randomness } from '../ports.ts'
import type { Vault } from '../vault.ts'
import { payloadOf } from './payload.ts'
import type { PostToTarget } from './request.ts'
import { answerText, askedWait, backOff, isTaken, restAfter, TRIED_FOR_MS } from './retry.ts'
import { validSecrets } from './secrets.ts'
import { signatureOf } from './signature.ts'

export interface SenderParts {
  readonly db: Database
  readonly clock: Clock
  readonly random: Randomness
  readonly log: Log
  readonly vault: Vault
  readonly version: string
  readonly post: PostToTarget
}

/** Deliveries to one target at a time; to one that fails, one. */
const AT_ONCE = 8
/** Results are stored together, at most so long after the first of them came, in ms. */
const GATHER_MS = 10
/** How soon a commit that failed (the disk is full) is tried again, in ms. */
const RETRY_MS = 1_000
/** How often is looked without being told, in ms: an hour later the clock may have been set. */
const LONGEST_SLEEP_MS = 60_000
const PRUNE_EVERY_MS = 3_600_000
/** Deliveries that were taken are kept so long, and so many; those given up longer. In ms and per webhook. */
const KEPT = {
  delivered: { ms: 7 * 24 * 3_600_000, most: 10_000 },
  given_up: { ms: 30 * 24 * 3_600_000, most: 100_000 },
} as const
const CHUNK = 500
/** How long requests under way may go on when the hub stops, in ms. */
const LAST_ANSWERS_MS = 1_000

interface Result {
  readonly delivery: DeliveryRow
  /** Null: no answer. */
  readonly status: number | null
  readonly error: string
  readonly retryAfterMs: number | null
  /** What it tells of is gone, so that it is never tried again. */
  readonly gone: boolean
}

/**
 * Sends what the triggers have stored. Only what is on its way is held in memory, a few for each target, so a target that
 * is slow or dead keeps nobody but itself waiting. What was not answered when the hub ended is sent again.
 */
export class WebhookSender {
  readonly #parts: SenderParts
  readonly #under = new Map<number, Set<number>>()
  readonly #results: Result[] = []
  readonly #stopping = new AbortController()
  #running = false
  #scheduled: NodeJS.Immediate | null = null
  #timer: NodeJS.Timeout | null = null
  #gathering: NodeJS.Timeout | null = null
  #prunedAt = Number.NEGATIVE_INFINITY
  /** Targets of which everything that was queued before a time has to be given up. */
  readonly #dead = new Map<number, number>()
  #idle: (() => void)[] = []

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  start(): void {
    this.#running = true
    this.wake()
  }

  /** Says that there may be something to send. Cheap. */
  wake(): void {
    if (!this.#running || this.#scheduled) return
    this.#scheduled = setImmediate(() => {
      this.#scheduled = null
      try {
        this.#round()
      } catch (error) {
        this.#parts.log.error('webhooks cannot be read', error)
        this.#sleep(RETRY_MS)
      }
    })
  }

  /** A step of background work: gives up what had its time and removes what is old. Returns whether there is more. */
  prune(): boolean {
    const { db, clock } = this.#parts
    for (const [id, before] of this.#dead) {
      if (db.write(tx => giveUpDeliveries(tx, id, before, DEAD, CHUNK)) === CHUNK) return true
      this.#dead.delete(id)
    }
    if (db.write(tx => purgeDeleted(tx, CHUNK))) return true
    if (clock.mono() - this.#prunedAt < PRUNE_EVERY_MS) return false
    const now = clock.now()
    const removed = allWebhooks(db).map(({ id }) =>
      db.write(tx => {
        const of = (state: 'delivered' | 'given_up') =>
          pruneDeliveries(tx, id, state, { before: now - KEPT[state].ms, keep: KEPT[state].most }, CHUNK)
        return Math.max(of('delivered'), of('given_up'))
      }),
    )
    if (removed.some(count => count === CHUNK)) return true
    this.#prunedAt = clock.mono()
    return false
  }

  /** Resolves when nothing is under way and all results are stored. */
  async idle(): Promise<void> {
    while (this.#scheduled || this.#under.size > 0) await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  /** Waits a moment for answers; what gets none is sent again after the next start. */
  async stop(): Promise<void> {
    this.#running = false
    if (this.#scheduled) clearImmediate(this.#scheduled)
    this.#scheduled = null
    if (this.#timer) clearTimeout(this.#timer)
    const abort = setTimeout(() => this.#stopping.abort(), LAST_ANSWERS_MS)
    await this.idle()
    clearTimeout(abort)
    if (this.#gathering) clearTimeout(this.#gathering)
  }

  #round(): void {
    const { db, clock, vault } = this.#parts
    const now = clock.now()
    let next = now + LONGEST_SLEEP_MS
    // Nothing can be signed while the data key is closed; all of it waits.
    const targets = vault.problem === null ? allWebhooks(db).filter(webhook => webhook.active) : []
    for (const webhook of targets) {
      if (webhook.restsUntil > now) {
        next = Math.min(next, webhook.restsUntil)
        continue
      }
      const under = this.#under.get(webhook.id)
      const free = (webhook.failures > 0 ? 1 : AT_ONCE) - (under?.size ?? 0)
      if (free <= 0) continue
      const due = dueDeliveries(db, webhook.id, now, free + (under?.size ?? 0))
      for (const delivery of due.filter(({ id }) => !under?.has(id)).slice(0, free)) this.#begin(webhook, delivery)
      const later = nextDelivery(db, webhook.id, now)
      if (later !== null) next = Math.min(next, later)
    }
    this.#sleep(Math.max(1, next - now))
    this.#tellIdle()
  }

  #begin(webhook: WebhookRow, delivery: DeliveryRow): void {
    let under = this.#under.get(webhook.id)
    if (!under) {
      under = new Set()
      this.#under.set(webhook.id, under)
    }
    under.add(delivery.id)
    void this.#attempt(webhook, delivery).then(result => {
      if (result) this.#results.push(result)
      else this.#ended(delivery)
      this.#gathering ??= setTimeout(() => this.#store(), GATHER_MS)
    })
  }

  /** Never rejects. Null: the hub stops, and the attempt counts for nothing. */
  async #attempt(webhook: WebhookRow, delivery: DeliveryRow): Promise<Result | null> {
    const { db, clock, vault, version, post } = this.#parts
    try {
      const body = payloadOf(db, delivery)
      if (body === null) return result(delivery, { error: 'What it tells of was removed.', gone: true })
      const secrets = validSecrets(vault, webhook.id, clock.now())
      if (secrets.length === 0) return result(delivery, { error: NO_SECRET })
      const headers = {
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': `campaign-connector/${version}`,
        'X-Campaign-Connector-Delivery': delivery.uid,
        'X-Campaign-Connector-Event': delivery.event,
        'X-Campaign-Connector-Signature': signatureOf(body, secrets, clock.now()),
      }
      const { status, retryAfterMs } = await post({ url: webhook.url, headers, body, signal: this.#stopping.signal })
      return result(delivery, { status, error: isTaken(status) ? '' : answerText(status), retryAfterMs })
    } catch (error) {
      if (this.#stopping.signal.aborted) return null
      return result(delivery, { error: error instanceof Error ? error.message.slice(0, 300) : String(error) })
    }
  }

  #store(): void {
    this.#gathering = null
    const { db, log } = this.#parts
    const results = [...this.#results]
    try {
      if (results.length > 0) {
        db.write(tx => {
          for (const one of results) this.#storeOne(tx, one)
        })
      }
    } catch (error) {
      log.error('results of webhooks could not be stored', error)
      this.#gathering = setTimeout(() => this.#store(), RETRY_MS)
      // Stopping waits for nothing that cannot be had: what is not stored is sent again.
      if (this.#running) return
    }
    this.#results.splice(0, results.length)
    for (const { delivery } of results) this.#ended(delivery)
    this.wake()
    this.#tellIdle()
  }

  #storeOne(tx: Writer, { delivery, status, error, retryAfterMs, gone }: Result): void {
    const { clock, random } = this.#parts
    const at = clock.now()
    const { id, webhookId } = delivery
    if (gone) return noteAttempt(tx, id, { state: 'given_up', at, status, error, nextAt: null })
    if (status !== null && isTaken(status)) {
      noteAttempt(tx, id, { state: 'delivered', at, status, error: '', nextAt: null })
      return webhookSucceeded(tx, webhookId)
    }
    const webhook = webhookById(tx, webhookId)
    if (!webhook) return
    const asked = askedWait(retryAfterMs)
    const rest = restAfter(webhook.failures + 1, status, chance(random))
    webhookFailed(tx, webhookId, at, at + Math.max(rest, rest > 0 ? asked : 0), error)
    const over = at - (delivery.firstAttemptAt ?? at) >= TRIED_FOR_MS
    const nextAt = at + Math.max(backOff(delivery.attempts + 1, chance(random)), asked)
    noteAttempt(tx, id, { state: over ? 'given_up' : 'pending', at, status, error, nextAt: over ? null : nextAt })
    // A target that was dead for two days: what waits since then had its time, tried one by one or not.
    if (at - (webhook.failingSince ?? at) >= TRIED_FOR_MS) this.#dead.set(webhookId, at - TRIED_FOR_MS)
  }

  #ended({ id, webhookId }: DeliveryRow): void {
    const under = this.#under.get(webhookId)
    under?.delete(id)
    if (under?.size === 0) this.#under.delete(webhookId)
  }

  #sleep(ms: number): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.wake(), ms)
  }

  #tellIdle(): void {
    if (this.#under.size === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }
}

const NO_SECRET =
  'The secret of this webhook is missing from the database. Make a new one: campaign-connector webhooks rotate-secret ID'
const DEAD = 'The target did not answer for two days.'

function result(delivery: DeliveryRow, found: Partial<Omit<Result, 'delivery'>>): Result {
  return { delivery, status: null, error: '', retryAfterMs: null, gone: false, ...found }
}

function chance(random: Randomness): number {
  return random.bytes(1)[0]! / 255
}
