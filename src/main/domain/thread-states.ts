import type { ThreadState } from '../../shared/operations/triage.ts'

/** Where a thread stands in the work of the people who answer. */
export interface Standing {
  readonly state: ThreadState
  /** When it comes back by itself, ms UTC; null unless it is snoozed. */
  readonly snoozedUntil: number | null
}

export type ThreadEvent =
  | { readonly type: 'close' }
  | { readonly type: 'reopen' }
  /** `until`: ms UTC. */
  | { readonly type: 'snooze'; readonly until: number }
  | { readonly type: 'unsnooze' }
  /** The clock shows `now`, ms UTC. */
  | { readonly type: 'time'; readonly now: number }
  /** A text came in. */
  | { readonly type: 'text' }

export const OPEN: Standing = { state: 'open', snoozedUntil: null }
const CLOSED: Standing = { state: 'closed', snoozedUntil: null }

/**
 * Where a thread stands after an event. What it already is it stays, so that two people who do the same get no error. A
 * text that came in always opens it: nobody may be overheard because a thread was put off or done with.
 */
export function stepThread(standing: Standing, event: ThreadEvent): Standing {
  switch (event.type) {
    case 'close':
      return standing.state === 'closed' ? standing : CLOSED
    case 'reopen':
    case 'text':
      return standing.state === 'open' ? standing : OPEN
    case 'snooze':
      return { state: 'snoozed', snoozedUntil: event.until }
    case 'unsnooze':
      return standing.state === 'snoozed' ? OPEN : standing
    case 'time':
      return standing.state === 'snoozed' && standing.snoozedUntil! <= event.now ? OPEN : standing
  }
}
