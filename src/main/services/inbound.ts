import { createHash } from 'node:crypto'
import type { Entry } from '../../shared/phone-protocol.ts'
import { measure } from '../../shared/sms/segments.ts'
import { contactByNumber } from '../db/contacts.ts'
import type { Writer } from '../db/database.ts'
import { erasedAt, hasErasures } from '../db/erasures.ts'
import { hasInbound, insertInbound } from '../db/inbound.ts'
import { hasSince, lastAttemptTo, lastBodiesTo, lastCampaignTo, queueMessage } from '../db/messages.ts'
import { resetAt } from '../db/meta.ts'
import { deleteSuppression, insertSuppression, liftSuppression, suppressionOf } from '../db/suppression.ts'
import { touchThread } from '../db/threads.ts'
import { moveThread } from '../db/triage.ts'
import { type Intent, readIntent } from '../domain/opt-out.ts'
import { DEFAULT_WORDS } from '../domain/opt-out-words.ts'
import type { Ids, NumberHash } from './ports.ts'

export type InboundEntry = Extract<Entry, { type: 'inbound' }>

export interface InboundParts {
  readonly ids: Ids
  readonly numberHash: NumberHash
  /** Texts and words of the settings. */
  readonly texts: { readonly stop: string; readonly start: string; readonly help: string }
  readonly extraStopWords: readonly string[]
  /** Called when a number must not be texted any more. */
  readonly stopNumber: (db: Writer, number: string) => void
  /** Called when somebody has texted: what was for the silent alone must not go to them any more. */
  readonly answered: (db: Writer, number: string) => void
}

/** A confirmation or an answer goes out within five minutes or not at all (FCC, 47 CFR 64.1200(a)(12)). */
const ANSWER_MS = 5 * 60_000

/**
 * Stores a text that came in, once, and does what it asks for: STOP, START, HELP. Runs in the transaction that stores the
 * journal's sequence number. Returns the thread, or null when the text is there already.
 */
export function takeIn(
  db: Writer,
  phoneId: number,
  entry: InboundEntry,
  at: number,
  parts: InboundParts,
): number | null {
  const number = entry.number ?? entry.sender
  const contact = entry.number === null ? undefined : contactByNumber(db, entry.number)
  const intent = entry.old || entry.number === null ? 'none' : intentOf(db, entry.number, entry.body, parts)
  const bodyHash = createHash('sha256').update(entry.body).digest()
  if (hasInbound(db, { phoneId, bodyHash, ...entry })) return null
  // It was on its way when the person was erased, or the phone tells its journal anew.
  if (entry.number !== null && isFromBeforeErasure(db, entry.number, entry.receivedAt, parts.numberHash)) return null
  const threadId = touchThread(db, {
    number,
    contactId: contact?.id ?? null,
    // A phone whose clock runs ahead must not keep its threads on top.
    at: Math.min(entry.receivedAt, at),
    text: entry.body,
    unreadBy: 1,
  })
  moveThread(db, threadId, { type: 'text' })
  const inboundId = insertInbound(db, {
    threadId,
    phoneId,
    store: entry.store,
    rowId: entry.rowId,
    sender: entry.sender,
    body: entry.body,
    bodyHash,
    receivedAt: entry.receivedAt,
    storedAt: at,
    intent,
    campaignId: entry.number === null ? null : lastCampaignTo(db, entry.number),
  })
  if (entry.number !== null && !entry.old) parts.answered(db, entry.number)
  if (entry.number !== null && intent !== 'none') {
    // What came before the database was emptied may have been answered then, and may have been taken back since.
    const late = entry.receivedAt <= resetAt(db)
    act(db, intent, { number: entry.number, contactId: contact?.id ?? null, inboundId, at, phoneId, late }, parts)
  }
  return threadId
}

function isFromBeforeErasure(db: Writer, number: string, receivedAt: number, numberHash: NumberHash): boolean {
  if (!hasErasures(db)) return false
  const erased = erasedAt(db, numberHash.of(number))
  return erased !== undefined && receivedAt <= erased
}

interface Cause {
  readonly number: string
  readonly contactId: number | null
  readonly inboundId: number
  readonly at: number
  readonly phoneId: number
  /** True: it can stop, and nothing else. */
  readonly late: boolean
}

function act(db: Writer, intent: Exclude<Intent, 'none'>, cause: Cause, parts: InboundParts): void {
  if (cause.late && (intent === 'start' || intent === 'help')) return
  const hash = parts.numberHash.of(cause.number)
  const present = suppressionOf(db, cause.number, hash)
  switch (intent) {
    case 'stop':
    case 'stop_likely': {
      if (present && present.reason !== 'likely') return
      if (present) deleteSuppression(db, cause.number, hash)
      insertSuppression(db, {
        number: cause.number,
        hash,
        reason: intent === 'stop' ? 'stop' : 'likely',
        note: '',
        inboundId: cause.inboundId,
        createdBy: `phone:${cause.phoneId}`,
        createdAt: cause.at,
      })
      parts.stopNumber(db, cause.number)
      if (intent === 'stop' && !cause.late) answer(db, 'confirmation', parts.texts.stop, cause, parts)
      return
    }
    case 'start':
      if (present) {
        const by = `phone:${cause.phoneId}`
        liftSuppression(db, cause.number, hash, { why: 'They texted START.', by, at: cause.at })
      }
      answer(db, 'answer', parts.texts.start, cause, parts)
      return
    case 'help':
      if (!present) answer(db, 'answer', parts.texts.help, cause, parts)
      return
  }
}

/** YES and the like mean START only from somebody who had stopped. */
function intentOf(db: Writer, number: string, body: string, parts: InboundParts): Intent {
  const words = { ...DEFAULT_WORDS, stop: [...DEFAULT_WORDS.stop, ...parts.extraStopWords] }
  const { intent } = readIntent(body, { words, campaignBodies: lastBodiesTo(db, number) })
  if (intent === 'start' && !suppressionOf(db, number, parts.numberHash.of(number))) return 'none'
  return intent
}

/** Some networks deliver a text twice, and people press twice: one answer is enough for both. */
function answer(db: Writer, kind: 'confirmation' | 'answer', body: string, cause: Cause, parts: InboundParts): void {
  if (hasSince(db, { number: cause.number, kind, body, since: cause.at - ANSWER_MS })) return
  queueMessage(
    db,
    {
      id: parts.ids.next(),
      kind,
      number: cause.number,
      contactId: cause.contactId,
      body,
      segments: measure(body).segments,
      // From the number that the person wrote to, as far as that is known.
      simId: lastAttemptTo(db, cause.number)?.simId ?? null,
      zones: '',
      dueAt: cause.at,
      expiresAt: cause.at + ANSWER_MS,
      causeId: cause.inboundId,
      repeats: null,
      campaignId: null,
      createdBy: `phone:${cause.phoneId}`,
    },
    cause.at,
  )
}
