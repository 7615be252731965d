import type { MessageState } from '../../shared/operations/messages.ts'

/**
 * The life of a message. The usual order is queued, assigned, accepted, attempting, handed_over, sent.
 *
 * - `assign`: the hub gives it to a lane.
 * - `accepted`, `attempting`, `handed_over`, `refused`, `sent`, `unknown`: the agent's journal says so.
 * - `given_back`: the agent's final word that this assignment was not and will not be attempted.
 * - `suppress`, `expire`, `cancel`, `take_back`: the hub wants it not to be attempted. Before the assignment that is so at
 *   once; while a phone may hold it, it is recalled, and only the phone's word settles it.
 * - `cannot_send`: it cannot be rendered or addressed.
 * - `memory_lost`: the journal of the phone that has it is gone, so nobody can say whether it was attempted.
 * - `decide_sent`, `decide_failed`: an operator knows better.
 */
export const MESSAGE_EVENTS = [
  'assign',
  'accepted',
  'attempting',
  'handed_over',
  'refused',
  'sent',
  'unknown',
  'given_back',
  'suppress',
  'expire',
  'cancel',
  'take_back',
  'cannot_send',
  'memory_lost',
  'decide_sent',
  'decide_failed',
] as const
export type MessageEvent = (typeof MESSAGE_EVENTS)[number]

/** What becomes of a recalled message once its phone says that it was not attempted. */
export type Recall = 'queued' | 'suppressed' | 'expired' | 'cancelled'

/** `stay`: nothing changes. `recall`: wanted back under this name. `back`: to where the recall says, else to the queue. */
type Step = MessageState | 'stay' | 'illegal' | 'back' | 'recall'

export type Outcome =
  | { readonly kind: 'move'; readonly to: MessageState }
  | { readonly kind: 'recall'; readonly as: Recall }
  | { readonly kind: 'stay' }
  | { readonly kind: 'illegal' }

/**
 * What an event does to a message in a state; `recall` is what it was recalled as before, if it was. Pure and total.
 * A message that the hub holds for queued or ended without an attempt follows the phone's journal when that says
 * otherwise: after a restore the phone knows more than the database.
 */
export function step(state: MessageState, event: MessageEvent, recall: Recall | null): Outcome {
  const next = TABLE[event][state]
  if (next === 'stay' || next === 'illegal') return { kind: next }
  if (next === 'back') return { kind: 'move', to: recall ?? 'queued' }
  if (next !== 'recall') return { kind: 'move', to: next }
  const wanted = RECALLS[event]
  // The first reason that ends the message stays; taking it back to the queue never softens it.
  if (wanted === undefined || (recall !== null && (recall !== 'queued' || wanted === 'queued'))) return { kind: 'stay' }
  return { kind: 'recall', as: wanted }
}

/** States in which a message needs nothing more. `unknown` is one: it is shown, and never resent by itself. */
export function isSettled(state: MessageState): boolean {
  return !OPEN.has(state)
}

const OPEN: ReadonlySet<MessageState> = new Set(['queued', 'assigned', 'accepted', 'attempting', 'handed_over'])

const RECALLS: Partial<Record<MessageEvent, Recall>> = {
  suppress: 'suppressed',
  expire: 'expired',
  cancel: 'cancelled',
  take_back: 'queued',
}

type Steps = Record<MessageState, Step>

const TABLE: Record<MessageEvent, Steps> = {
  assign: { ...all('illegal'), queued: 'assigned' },
  accepted: { ...all('stay'), queued: 'accepted', assigned: 'accepted' },
  attempting: {
    queued: 'attempting',
    assigned: 'attempting',
    accepted: 'attempting',
    attempting: 'stay',
    handed_over: 'stay',
    sent: 'stay',
    unknown: 'stay',
    suppressed: 'attempting',
    expired: 'attempting',
    cancelled: 'attempting',
    failed: 'stay',
  },
  handed_over: {
    ...all('illegal'),
    attempting: 'handed_over',
    handed_over: 'stay',
    sent: 'stay',
    unknown: 'stay',
    failed: 'stay',
  },
  refused: { ...all('illegal'), attempting: 'back', unknown: 'stay', failed: 'stay', sent: 'stay' },
  sent: { ...all('illegal'), attempting: 'sent', handed_over: 'sent', unknown: 'sent', failed: 'sent', sent: 'stay' },
  unknown: {
    ...all('illegal'),
    attempting: 'unknown',
    handed_over: 'unknown',
    unknown: 'stay',
    sent: 'stay',
    failed: 'stay',
  },
  given_back: { ...all('stay'), assigned: 'back', accepted: 'back', attempting: 'illegal', handed_over: 'illegal' },
  suppress: { ...all('stay'), queued: 'suppressed', assigned: 'recall', accepted: 'recall' },
  expire: { ...all('stay'), queued: 'expired', assigned: 'recall', accepted: 'recall' },
  cancel: { ...all('stay'), queued: 'cancelled', assigned: 'recall', accepted: 'recall' },
  take_back: { ...all('stay'), assigned: 'recall', accepted: 'recall' },
  cannot_send: { ...all('illegal'), queued: 'failed' },
  memory_lost: {
    ...all('stay'),
    assigned: 'unknown',
    accepted: 'unknown',
    attempting: 'unknown',
    handed_over: 'unknown',
  },
  decide_sent: { ...all('illegal'), unknown: 'sent' },
  decide_failed: { ...all('illegal'), unknown: 'failed' },
}

function all(step: Step): Steps {
  return {
    queued: step,
    assigned: step,
    accepted: step,
    attempting: step,
    handed_over: step,
    sent: step,
    unknown: step,
    suppressed: step,
    expired: step,
    cancelled: step,
    failed: step,
  }
}
