import { createHash } from 'node:crypto'
import { Refusal } from '../../shared/errors.ts'
import type { Phone } from '../../shared/operations/phones.ts'
import type { OrderedSms } from '../../shared/operations/sms.ts'
import { TWIN_WAIT_MS } from '../../shared/phone-protocol.ts'
import { MAX_SEGMENTS, measure } from '../../shared/sms/segments.ts'
import { tidyBody } from '../../shared/sms/template.ts'
import { contactByNumber } from '../db/contacts.ts'
import type { Reader, Writer } from '../db/database.ts'
import { hasTwin, hasWaiting, lastAttemptTo, messageDue, type NewMessage, queueMessage } from '../db/messages.ts'
import { suppressionOf } from '../db/suppression.ts'
import { lastInboundAt, threadByNumber } from '../db/threads.ts'
import { nextOpening } from '../domain/allowed-hours.ts'
import { isSettled } from '../domain/message-states.ts'
import { candidatesOf, zonesKey } from '../domain/zones.ts'
import { pinFor } from './campaigns/lanes.ts'
import type { CampaignParts } from './campaigns/parts.ts'
import { TEST_MS } from './campaigns/test-message.ts'
import { queueReply } from './inbox.ts'
import { wantedMessage } from './messages.ts'
import { isE164, type TypedNumber, typedNumber } from './numbers.ts'
import type { ChangeContext, Handlers, HandlersFor } from './operations/dispatch.ts'

type SmsOperations = Extract<keyof Handlers, `sms.${string}`>

export type SmsParts = CampaignParts & {
  /** The phones that are paired and not revoked. */
  readonly pairedPhones: () => readonly Phone[]
  /** Why nothing is sent, a sentence each. */
  readonly blockedBy: () => readonly string[]
}

/** Single texts, ordered by a person or a script. They go through queue, rules and journal like all others. */
export function smsHandlers(parts: SmsParts): HandlersFor<SmsOperations> {
  const { db, clock, settings } = parts
  const defaultCountry = () => settings.current().defaultCountry
  const read = (phone: string, country: string | undefined): TypedNumber =>
    isE164(phone) ? { number: phone, country: null } : typedNumber(phone, country ?? defaultCountry(), 'phone')
  const send = (to: TypedNumber, message: string, expiresAt: number | undefined, { actor, commit }: ChangeContext) => {
    const body = wantedText(message)
    const ordered = commit((tx, about) => {
      refuseSuppressed(tx, to.number, parts)
      const now = clock.now()
      if (expiresAt !== undefined && expiresAt <= now) throw past()
      const twin = twinNotice(tx, to.number, body, now)
      const id = queueDirect(tx, { to, body, expiresAt: expiresAt ?? null, actor, now }, parts)
      about('message', id)
      return shownOrder(tx, id, twin)
    })
    parts.dispatch.wake()
    return ordered
  }
  return {
    'sms.send': ({ phone, message, expiresAt }, context) =>
      send({ number: phone, country: null }, message, expiresAt, context),

    'sms.send-enhanced': ({ phone, message, country, expiresAt }, context) =>
      send(read(phone, country), message, expiresAt, context),

    'sms.send-reply': ({ phone, message }, { actor, commit }) => {
      const body = wantedText(message)
      let threadId = 0
      const ordered = commit((tx, about) => {
        const thread = threadByNumber(tx, phone)
        if (!thread || lastInboundAt(tx, thread.id) === null) {
          throw new Refusal('conflict', `${phone} has not texted, so there is nothing to answer. Use /api/sms/send.`)
        }
        const twin = twinNotice(tx, phone, body, clock.now())
        const id = queueReply(tx, thread, body, actor, parts)
        threadId = thread.id
        about('thread', threadId)
        about('message', id)
        return shownOrder(tx, id, twin)
      })
      parts.happenings.tell({ type: 'thread', id: threadId })
      parts.dispatch.wake()
      return ordered
    },

    'sms.test': ({ phone, country }, { actor, commit }) => {
      const to = read(phone, country)
      const ordered = commit((tx, about) => {
        refuseSuppressed(tx, to.number, parts)
        const now = clock.now()
        const id = parts.ids.next()
        // A word of its own in each: two alike could not be told apart, and the second would have to wait.
        const body = `Test ${id.slice(-6)} from ${settings.current().organisation || 'Campaign Connector'}: this phone sends texts.`
        queueMessage(
          tx,
          {
            ...blank(id, to.number, body, actor),
            kind: 'test',
            contactId: contactByNumber(tx, to.number)?.id ?? null,
            dueAt: now,
            expiresAt: now + TEST_MS,
          },
          now,
        )
        about('message', id)
        return shownOrder(tx, id, '')
      })
      parts.dispatch.wake()
      return ordered
    },

    'sms.status': ({ id }) => {
      const { number, state, reason, segments, createdAt, attemptedAt, settledAt } = wantedMessage(db, id)
      return {
        ...{ id, phone: number, state, reason, segments, createdAt, attemptedAt, settledAt },
        settled: isSettled(state),
      }
    },

    'sms.device': () => {
      const phones = parts.pairedPhones().map(({ id, name, connected, canProve, sims, status }) => ({
        ...{ id, name, connected, canProve },
        lanes: sims.map(({ slot, enabled }) => ({
          slot,
          enabled,
          halt: status?.lanes.find(lane => lane.slot === slot)?.halt ?? null,
        })),
      }))
      const usable = phones.some(phone => phone.connected && phone.lanes.some(lane => lane.enabled && !lane.halt))
      const blockedBy = [...parts.blockedBy(), ...(usable ? [] : [phones.length === 0 ? NO_PHONE : NO_LANE])]
      return { ready: blockedBy.length === 0, blockedBy, phones }
    },
  }
}

const NO_PHONE = 'No phone is paired. An administrator pairs one: campaign-connector phones pair'
const NO_LANE = 'No phone is connected that can send at the moment. Start the agent on it, or resume its SIM.'

interface Order {
  readonly to: TypedNumber
  readonly body: string
  readonly expiresAt: number | null
  readonly actor: string
  readonly now: number
}

/** Puts a text into the queue of direct ones, for the allowed hours at the recipient, and returns its id. */
function queueDirect(tx: Writer, { to, body, expiresAt, actor, now }: Order, parts: SmsParts): string {
  const contact = contactByNumber(tx, to.number)
  const zones = zonesKey(candidatesOf(contact ?? to, parts.zones).places)
  const dueAt = nextOpening(parts.times(parts.settings.current().hours), zones === '' ? [] : zones.split(' '), now)
  if (dueAt === null) throw new Refusal('conflict', NO_HOUR)
  const usable = parts.phones.lanes().filter(lane => lane.enabled)
  const known = contact?.simId ?? lastAttemptTo(tx, to.number)?.simId ?? null
  const id = parts.ids.next()
  queueMessage(
    tx,
    {
      ...blank(id, to.number, body, actor),
      kind: 'direct',
      contactId: contact?.id ?? null,
      simId: pinFor(known, usable),
      zones,
      dueAt,
      expiresAt,
    },
    now,
  )
  return id
}

const NO_HOUR =
  'The places where this person may be have no allowed hour in common. Make a contact with a time zone for the number, and send again.'

/** What is the same in every single text. */
function blank(id: string, number: string, body: string, createdBy: string) {
  return {
    ...{ id, number, body, createdBy },
    segments: measure(body).segments,
    simId: null,
    zones: '',
    causeId: null,
    repeats: null,
    campaignId: null,
  } satisfies Partial<NewMessage>
}

/** Two equal texts to one number cannot be told apart on a phone, so the second goes when the first is settled. */
function twinNotice(db: Reader, number: string, body: string, now: number): string {
  const hash = createHash('sha256').update(body).digest()
  return hasWaiting(db, number, body) || hasTwin(db, number, hash, now - TWIN_WAIT_MS) ? TWIN : ''
}

const TWIN =
  'The same text to this number is on its way or without proof. This one was taken on too, and goes once that one is settled, at the latest a day later. To repeat a request safely, hand in an Idempotency-Key.'

function refuseSuppressed(db: Reader, number: string, parts: SmsParts): void {
  if (!suppressionOf(db, number, parts.numberHash.of(number))) return
  const message = `${number} has opted out or was put on the suppression list, so nothing is sent there. They can be texted again once they send START, or once they are taken off the list.`
  throw new Refusal('conflict', message, { phone: message })
}

function shownOrder(db: Reader, id: string, notice: string): OrderedSms {
  const { number, state, segments, body } = wantedMessage(db, id)
  return {
    id,
    phone: number,
    state,
    segments,
    encoding: measure(body ?? '').encoding,
    dueAt: messageDue(db, id),
    notice,
  }
}

function wantedText(message: string): string {
  const body = tidyBody(message)
  if (body === '') throw new Refusal('invalid_input', 'The text is empty.', { message: 'Write something.' })
  const { segments, encoding } = measure(body)
  if (segments > MAX_SEGMENTS) {
    const sentence = `The text has ${segments} segments in ${encoding}; at most ${MAX_SEGMENTS} are possible. Shorten it.`
    throw new Refusal('invalid_input', sentence, { message: sentence })
  }
  return body
}

function past(): Refusal {
  const message = 'This time lies in the past, so nothing would be sent. Give a later one, in ms since 1970 UTC.'
  return new Refusal('invalid_input', message, { expiresAt: message })
}
