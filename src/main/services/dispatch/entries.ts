import type { MessageState } from '../../../shared/operations/messages.ts'
import type { MessageEntry, UnknownReason } from '../../../shared/phone-protocol.ts'
import type { Writer } from '../../db/database.ts'
import { recordForeignAttempt, settleForeignAttempt } from '../../db/foreign-attempts.ts'
import {
  adoptAssignment,
  type HeldMessage,
  heldMessage,
  keepLane,
  moveMessage,
  noteBodyHash,
  noteEvidence,
  noteRefusal,
  noteRow,
  postpone,
  recallMessage,
} from '../../db/messages.ts'
import { simOfSlot } from '../../db/phones.ts'
import { type MessageEvent, step } from '../../domain/message-states.ts'
import type { Log } from '../ports.ts'

/** A number or argument that the command refused so often cannot be addressed. */
const REFUSALS_TO_FAIL = 3
/** How long a refused message waits before it is tried again, in ms. */
const REFUSED_WAIT_MS = 30_000
/** How long a message waits that its lane had no room for, in ms. */
const RETURNED_WAIT_MS = 5_000
/** The same when a cap over days or a month was reached. */
const CAPPED_WAIT_MS = 15 * 60_000

/** Moves a message by an event. Returns whether anything changed; an illegal event is logged and changes nothing. */
export function apply(
  db: Writer,
  message: HeldMessage,
  event: MessageEvent,
  reason: string,
  at: number,
  log: Log,
): boolean {
  const outcome = step(message.state, event, message.recall)
  switch (outcome.kind) {
    case 'move':
      moveMessage(db, message.id, outcome.to, why(message, outcome.to, reason), at)
      return true
    case 'recall':
      recallMessage(db, message.id, outcome.as, reason)
      return true
    case 'illegal':
      log.warn('event does not fit the message', { message: message.id, state: message.state, event })
      return false
    case 'stay':
      return false
  }
}

/**
 * Applies what a phone's journal says of a message. Runs in the transaction that stores the sequence number.
 * `segments` are those of the message, 0 when this database does not know it. `wanted` is false when the phone has
 * accepted what this database does not want from it (any more): it has to be recalled, or it would be attempted.
 */
export function applyEntry(
  db: Writer,
  phoneId: number,
  entry: MessageEntry,
  at: number,
  log: Log,
): { segments: number; wanted: boolean } {
  const message = heldMessage(db, entry.id)
  if (!message) applyForeign(db, phoneId, entry)
  const current = message && reconcile(db, phoneId, message, entry, log)
  const segments = message?.segments ?? 0
  if (entry.type === 'accepted') {
    const wanted = current ? apply(db, current, 'accepted', '', at, log) || current.state === 'accepted' : false
    return { segments, wanted }
  }
  if (current) applyKnown(db, current, entry, at, log)
  return { segments, wanted: true }
}

function applyKnown(
  db: Writer,
  current: HeldMessage,
  entry: Exclude<MessageEntry, { type: 'accepted' }>,
  at: number,
  log: Log,
): void {
  switch (entry.type) {
    case 'handed_over':
      apply(db, current, 'handed_over', '', at, log)
      return
    case 'attempting':
      apply(db, current, 'attempting', '', entry.at, log)
      if (current.unrendered === 1) noteBodyHash(db, current.id, Buffer.from(entry.bodyHash, 'hex'))
      if (current.contactId !== null && current.kind === 'campaign') keepLane(db, current.contactId, current.simId!)
      return
    case 'denied':
      apply(db, current, 'given_back', 'denied', at, log)
      return
    case 'returned':
      apply(db, current, 'given_back', entry.reason, at, log)
      if (entry.reason !== 'recalled' && entry.reason !== 'too_late') {
        postpone(db, entry.id, at + (entry.reason === 'cap_reached' ? CAPPED_WAIT_MS : RETURNED_WAIT_MS))
      }
      return
    case 'refused':
      if (!apply(db, current, 'refused', entry.reason, at, log)) return
      noteRefusal(db, entry.id, at + REFUSED_WAIT_MS)
      if (
        current.refusals + 1 >= REFUSALS_TO_FAIL &&
        (entry.reason === 'bad_number' || entry.reason === 'bad_argument')
      ) {
        const back = heldMessage(db, entry.id)!
        if (back.state === 'queued') apply(db, back, 'cannot_send', 'address_refused', at, log)
      }
      return
    case 'sent':
      if (apply(db, current, 'sent', '', entry.at, log)) noteRow(db, entry.id, entry.rowId)
      return
    case 'unknown':
      if (apply(db, current, 'unknown', entry.reason, entry.at, log)) noteEvidence(db, entry.id, entry.seen)
      return
    case 'attempted_before':
      applyAttemptedBefore(db, current, entry.outcome, at, log)
      return
  }
}

/** Everything that a phone holds or has attempted without a last word becomes unknown: its memory is gone. */
export function loseMemory(
  db: Writer,
  held: readonly HeldMessage[],
  reason: UnknownReason,
  at: number,
  log: Log,
): number {
  let lost = 0
  for (const message of held) if (apply(db, message, 'memory_lost', reason, at, log)) lost += 1
  return lost
}

/**
 * Checks that the entry speaks of the assignment that this database knows. A later assignment is one that a restore has
 * forgotten, and the phone's word is taken. An earlier one, or one of another phone, has been given back before.
 */
function reconcile(
  db: Writer,
  phoneId: number,
  message: HeldMessage,
  entry: MessageEntry,
  log: Log,
): HeldMessage | null {
  const known = entry.assignment === message.assignment && message.phoneId === phoneId
  if (known) return message
  const settledHere = message.phoneId === phoneId && message.state === 'unknown'
  // A phone that was paired anew comes as another one and tells its journal from the beginning.
  const toldAnew = message.phoneId !== phoneId && entry.assignment === message.assignment
  if (settledHere || (toldAnew && message.state === 'unknown')) return message
  if (toldAnew && SETTLED_BY_PHONE.has(message.state)) return null
  const forgotten = entry.assignment > message.assignment
  const attempted = entry.type === 'attempting'
  if (forgotten && (entry.type === 'accepted' || attempted)) {
    adoptAssignment(db, message.id, {
      assignment: entry.assignment,
      simId: simOfSlot(db, phoneId, entry.type === 'attempting' ? entry.slot : 0),
      bodyHash: entry.type === 'attempting' ? Buffer.from(entry.bodyHash, 'hex') : null,
    })
    return heldMessage(db, message.id)!
  }
  if (attempted || entry.type === 'sent') {
    // The phone gave this assignment back and attempted it all the same: nobody may send it again.
    log.error('a phone attempted what it had given back', new Error('contradiction'), {
      message: message.id,
      phone: phoneId,
    })
    if (message.state === 'queued') moveMessage(db, message.id, 'unknown', 'ambiguous', entry.at)
  }
  return null
}

const SETTLED_BY_PHONE: ReadonlySet<MessageState> = new Set(['sent', 'failed'])

function applyAttemptedBefore(
  db: Writer,
  message: HeldMessage,
  outcome: 'attempting' | 'handed_over' | 'sent' | 'unknown',
  at: number,
  log: Log,
): void {
  apply(db, message, 'attempting', '', at, log)
  if (outcome === 'attempting') return
  apply(db, heldMessage(db, message.id)!, outcome, outcome === 'unknown' ? 'no_proof' : '', at, log)
}

function applyForeign(db: Writer, phoneId: number, entry: MessageEntry): void {
  if (entry.type === 'attempting') {
    const bodyHash = Buffer.from(entry.bodyHash, 'hex')
    recordForeignAttempt(db, {
      messageId: entry.id,
      phoneId,
      assignment: entry.assignment,
      number: entry.number,
      bodyHash,
      at: entry.at,
    })
  } else if (
    entry.type === 'handed_over' ||
    entry.type === 'sent' ||
    entry.type === 'unknown' ||
    entry.type === 'refused'
  ) {
    settleForeignAttempt(db, entry.id, entry.assignment, entry.type)
  }
}

/** A recalled message keeps the reason it was recalled for; one that nobody can tell about keeps why that is so. */
function why({ recall, state }: HeldMessage, to: MessageState, reason: string): string {
  const isRecalled = recall !== null && (state === 'assigned' || state === 'accepted')
  return isRecalled && to !== 'unknown' ? recall : reason
}
