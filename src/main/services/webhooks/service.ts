import { Refusal } from '../../../shared/errors.ts'
import type { Delivery, Webhook } from '../../../shared/operations/webhooks.ts'
import type { Database } from '../../db/database.ts'
import { dropSecret } from '../../db/vault.ts'
import {
  allWebhooks,
  countDeliveries,
  type DeliveryRow,
  deleteWebhook,
  deliveryById,
  deliveryByUid,
  insertTestDelivery,
  insertWebhook,
  listDeliveries,
  replayDeliveries,
  replayDelivery,
  updateWebhook,
  type WebhookRow,
  wakeWebhook,
  webhookById,
  webhookSecret,
} from '../../db/webhooks.ts'
import { idCursor, nextCursor } from '../cursor.ts'
import type { HandlersFor } from '../operations/dispatch.ts'
import type { Clock, Randomness } from '../ports.ts'
import type { Vault } from '../vault.ts'
import { storeSecret } from './secrets.ts'
import { newSecret } from './signature.ts'
import { targetProblem } from './target.ts'

/** Each asks the database at every message, and has sockets of its own. */
const MOST_WEBHOOKS = 20
const MOST_REPLAYED = 1_000
const COUNTED = 10_000
const HOUR_MS = 3_600_000

export interface WebhookParts {
  readonly db: Database
  readonly clock: Clock
  readonly random: Randomness
  readonly vault: Vault
  /** There may be something to send. */
  readonly wake: () => void
}

export function webhookHandlers(
  parts: WebhookParts,
): HandlersFor<Extract<keyof import('../operations/dispatch.ts').Handlers, `webhooks.${string}`>> {
  const { db, clock, random, vault, wake } = parts
  const found = (id: number): WebhookRow => {
    const webhook = webhookById(db, id)
    if (!webhook) throw new Refusal('not_found', 'There is no such webhook.')
    return webhook
  }
  const notThere = () => new Refusal('not_found', 'There is no such delivery (any more).')
  return {
    'webhooks.list': () => ({ webhooks: allWebhooks(db).map(webhook => shown(db, webhook)) }),
    'webhooks.create': ({ name, url, events, active }, { actor, commit }) => {
      refuseTarget(url)
      if (allWebhooks(db).length >= MOST_WEBHOOKS) {
        throw new Refusal('conflict', `There are ${MOST_WEBHOOKS} webhooks already. Delete one that is not used.`)
      }
      const secret = newSecret(random)
      const id = commit((tx, about) => {
        const made = insertWebhook(tx, { name, url, events, active }, actor, clock.now())
        storeSecret(vault, made, secret, null)
        about('webhook', made)
        return made
      })
      return { webhook: shown(db, found(id)), secret }
    },
    'webhooks.update': ({ id, name, url, events, active }, { commit }) => {
      const before = found(id)
      if (url !== undefined) refuseTarget(url)
      const plan = {
        name: name ?? before.name,
        url: url ?? before.url,
        events: events ?? before.events,
        active: active ?? before.active,
      }
      commit((tx, about) => {
        about('webhook', id)
        updateWebhook(tx, id, plan, clock.now())
      })
      wake()
      return shown(db, found(id))
    },
    'webhooks.rotate-secret': ({ id, graceHours }, { commit }) => {
      found(id)
      const secret = newSecret(random)
      const until = graceHours === 0 ? null : clock.now() + graceHours * HOUR_MS
      commit((_tx, about) => {
        about('webhook', id)
        storeSecret(vault, id, secret, until === null ? null : { until })
      })
      return { secret, oldUntil: until }
    },
    'webhooks.delete': ({ id }, { commit }) => {
      found(id)
      commit((tx, about) => {
        about('webhook', id)
        deleteWebhook(tx, id)
        dropSecret(tx, webhookSecret(id))
      })
      return { done: true as const }
    },
    'webhooks.test': ({ id }, { commit }) => {
      if (!found(id).active) throw new Refusal('conflict', 'This webhook is switched off. Switch it on first.')
      const made = commit((tx, about) => {
        about('webhook', id)
        wakeWebhook(tx, id)
        return insertTestDelivery(tx, id, clock.now())
      })
      wake()
      return shownDelivery(deliveryById(db, made)!)
    },
    'webhooks.deliveries': ({ id, state, delivery, limit, after }) => {
      found(id)
      if (delivery !== undefined) {
        const one = deliveryByUid(db, id, delivery)
        if (!one) throw notThere()
        return { items: [shownDelivery(one)], next: null }
      }
      const rows = listDeliveries(db, id, state ?? null, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      return { items: rows.map(shownDelivery), next: nextCursor(rows, limit, row => row.id) }
    },
    'webhooks.replay': ({ id, delivery, state }, { commit }) => {
      found(id)
      if ((delivery === undefined) === (state === undefined)) {
        throw new Refusal('invalid_input', 'Name one delivery, or a state of which all are sent again.')
      }
      const replayed = commit((tx, about) => {
        about('webhook', id)
        wakeWebhook(tx, id)
        if (state !== undefined) return replayDeliveries(tx, id, state, clock.now(), MOST_REPLAYED)
        if (!replayDelivery(tx, id, delivery!, clock.now())) throw notThere()
        return 1
      })
      wake()
      return { replayed, more: replayed === MOST_REPLAYED }
    },
  }
}

function refuseTarget(url: string): void {
  const problem = targetProblem(url)
  if (problem !== null) throw new Refusal('invalid_input', problem, { url: problem })
}

function shown(db: Database, webhook: WebhookRow): Webhook {
  const { failures: _failures, restsUntil, events, ...row } = webhook
  const counted = (state: DeliveryRow['state']) => countDeliveries(db, webhook.id, state, COUNTED)
  return {
    ...row,
    events: [...events],
    restsUntil: restsUntil === 0 ? null : restsUntil,
    pending: counted('pending'),
    givenUp: counted('given_up'),
    beforeRestore: counted('before_restore'),
  }
}

function shownDelivery(row: DeliveryRow): Delivery {
  const { uid, event, subject, at, state, attempts, lastAttemptAt, nextAt, status, error } = row
  return {
    ...{ id: uid, event, subject, at, state, attempts, lastAttemptAt, status, error },
    nextAttemptAt: state === 'pending' ? nextAt : null,
  }
}
