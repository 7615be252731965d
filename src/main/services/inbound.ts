import { createHash } from 'node:crypto'
import type { Entry } from '../../shared/phone-protocol.ts'
import { contactByNumber } from '../db/contacts.ts'
import type { Writer } from '../db/database.ts'
import { erasureOf, hasErasures } from '../db/erasures.ts'
import { hasInbound, insertInbound } from '../db/inbound.ts'
import { hasSince, lastBodiesTo, lastCampaignTo } from '../db/messages.ts'
import { blindRestoreAt, resetAt } from '../db/meta.ts'
import { optOutWordsFor } from '../db/opt-out-words.ts'
import { deleteSuppression, insertSuppression, liftSuppression, suppressionOf } from '../db/suppression.ts'
import { touchThread } from '../db/threads.ts'
import { moveThread } from '../db/triage.ts'
import type { AnswerLimits } from '../domain/auto-answers.ts'
import { type Intent, type Reading, readIntent } from '../domain/opt-out.ts'
import { actOnRules, answerWord, type TakenText, WORD_ANSWER_MS } from './automatic-answers.ts'
import type { Ids, NumberHash } from './ports.ts'

export type InboundEntry = Extract<Entry, { type: 'inbound' }>

export interface InboundParts {
  readonly ids: Ids
  readonly numberHash: NumberHash
  /** How many automatic answers one number may get. */
  readonly limits: AnswerLimits
  /** Texts of the settings. */
  readonly texts: { readonly stop: string; readonly start: string; readonly help: string }
  /** Called when a number must not be texted any more. */
  readonly stopNumber: (db: Writer, number: string) => void
  /** Called when the text was there before this erasure of its sender (by its id): the phone's journal names them. */
  readonly toldOfErased: (erasureId: number) => void
  /** Called when somebody has texted: what was for the silent alone must not go to them any more. */
  readonly answered: (db: Writer, number: string) => void
}

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
  const reading: Reading =
    entry.old || entry.number === null
      ? { intent: 'none' }
      : readingOf(db, entry.number, contact?.id ?? null, entry.body, parts)
  const { intent } = reading
  const bodyHash = createHash('sha256').update(entry.body).digest()
  if (hasInbound(db, { phoneId, bodyHash, ...entry })) return null
  // It was on its way when the person was erased, or the phone tells its journal anew.
  const erasure = entry.number === null ? null : erasedSince(db, entry.number, entry.receivedAt, parts.numberHash)
  if (erasure !== null) {
    parts.toldOfErased(erasure)
    return null
  }
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
    intentReason: reading.reason,
    intentMatch: reading.matched,
    campaignId: entry.number === null ? null : lastCampaignTo(db, entry.number),
  })
  if (entry.number === null || entry.old) return threadId
  parts.answered(db, entry.number)
  // What came before the database was emptied may have been answered then, and may have been taken back since.
  const late = entry.receivedAt <= resetAt(db)
  const text: TakenText = {
    ...{ inboundId, threadId, number: entry.number, contactId: contact?.id ?? null, body: entry.body },
    ...{ receivedAt: entry.receivedAt, at, phoneId, maybeAnswered: late || entry.receivedAt <= blindRestoreAt(db) },
  }
  if (intent !== 'none') act(db, intent, { ...text, late }, parts)
  else if (!late) actOnRules(db, text, parts)
  return threadId
}

/** The erasure, by its id, of somebody who texted before it; null: there is none. */
function erasedSince(db: Writer, number: string, receivedAt: number, numberHash: NumberHash): number | null {
  if (!hasErasures(db)) return null
  const erasure = erasureOf(db, numberHash.of(number))
  return erasure?.state === 'done' && receivedAt <= erasure.requestedAt ? erasure.id : null
}

interface Cause extends TakenText {
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
      if (intent === 'stop' && !cause.maybeAnswered) answer(db, 'stop', cause, parts)
      return
    }
    case 'start':
      if (present) {
        const by = `phone:${cause.phoneId}`
        liftSuppression(db, cause.number, hash, { why: 'They texted START.', by, at: cause.at })
      }
      if (!cause.maybeAnswered) answer(db, 'start', cause, parts)
      return
    case 'help':
      if (!present && !cause.maybeAnswered) answer(db, 'help', cause, parts)
      return
  }
}

/** YES and the like mean START only from somebody who had stopped. */
function readingOf(db: Writer, number: string, contactId: number | null, body: string, parts: InboundParts): Reading {
  const reading = readIntent(body, {
    own: optOutWordsFor(db, contactId),
    campaignBodies: lastBodiesTo(db, number),
  })
  const isAnswer = reading.intent === 'start' && !suppressionOf(db, number, parts.numberHash.of(number))
  return isAnswer ? { intent: 'none' } : reading
}

/** Some networks deliver a text twice, and people press twice: one answer is enough for both. */
function answer(db: Writer, word: 'stop' | 'start' | 'help', cause: Cause, parts: InboundParts): void {
  const body = parts.texts[word]
  const kind = word === 'stop' ? 'confirmation' : 'answer'
  if (hasSince(db, { number: cause.number, kind, body, since: cause.at - WORD_ANSWER_MS })) return
  answerWord(db, word, body, cause, parts)
}
