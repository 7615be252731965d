import type { Reader } from '../../db/database.ts'
import { campaignFacts, inboundFacts, messageFacts, phoneFacts } from '../../db/webhook-facts.ts'
import type { DeliveryRow } from '../../db/webhooks.ts'

/**
 * What a delivery says. `id` is that of the delivery, the same at every attempt. `key` names what happened: it is the same
 * for every webhook, and again after a restore, when a phone tells once more what it told before.
 */
interface Payload {
  readonly id: string
  readonly event: string
  readonly key: string
  /** ms UTC. */
  readonly at: number
  readonly data: object
}

/** The body of a delivery, made from what the database knows now; null when what it tells of was removed. */
export function payloadOf(db: Reader, delivery: DeliveryRow): string | null {
  const told = tell(db, delivery)
  if (!told) return null
  const { uid, event, at } = delivery
  return JSON.stringify({ id: uid, event, key: told.key, at, data: told.data } satisfies Payload)
}

function tell(db: Reader, { uid, event, subject, detail, at }: DeliveryRow): { key: string; data: object } | null {
  switch (event) {
    case 'test':
      return { key: `test:${uid}`, data: { message: 'This is a test of Campaign Connector.' } }
    case 'inbound.text': {
      const facts = inboundFacts(db, Number(subject))
      if (!facts) return null
      const { rowId, ...data } = facts
      return { key: `text:${facts.phone}:${rowId}:${facts.receivedAt}`, data }
    }
    case 'message.state': {
      const facts = messageFacts(db, subject)
      const { state, reason } = JSON.parse(detail) as { state: string; reason: string }
      return facts ? { key: `message:${subject}:${state}:${at}`, data: { ...facts, state, reason } } : null
    }
    case 'campaign.state': {
      const facts = campaignFacts(db, Number(subject))
      const { state, before } = JSON.parse(detail) as { state: string; before: string }
      return facts ? { key: `campaign:${subject}:${state}:${at}`, data: { ...facts, state, before } } : null
    }
    case 'phone.offline':
    case 'phone.online': {
      const facts = phoneFacts(db, Number(subject))
      return facts ? { key: `phone:${subject}:${event.slice(6)}:${at}`, data: facts } : null
    }
  }
}
