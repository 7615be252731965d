import type { GivenOf, OutputOf } from '../../../shared/operations/index.ts'

export type ThreadItem = OutputOf<'inbox.threads'>['items'][number]
/** What is needed of a thread to move it and to take that back. */
export type Movable = Pick<ThreadItem, 'id' | 'name' | 'number' | 'state' | 'snoozedUntil' | 'assignedTo'>

export const VIEWS = ['open', 'mine', 'snoozed', 'closed', 'all'] as const
export type View = (typeof VIEWS)[number]

export interface ThreadFilters {
  readonly view: View
  readonly unread: boolean
  readonly search: string
  readonly tag: string | null
}

export const FIRST_VIEW: ThreadFilters = { view: 'open', unread: false, search: '', tag: null }

/** What the hub is asked for a view. A search looks in every thread, since people search for what is done with, too. */
export function asked({ view, unread, search, tag }: ThreadFilters): Omit<GivenOf<'inbox.threads'>, 'limit' | 'after'> {
  const states = { open: 'open', mine: 'open', snoozed: 'snoozed', closed: 'closed', all: 'all' } as const
  return {
    ...{ unread, search, state: search === '' ? states[view] : 'all', mine: view === 'mine' && search === '' },
    ...(tag !== null && { tag }),
  }
}

/** The thread to go to when one is done with: the next one of the list, or the one before at its end. */
export function neighbour(items: readonly Pick<ThreadItem, 'id'>[], id: number | null): number | null {
  const at = items.findIndex(item => item.id === id)
  if (at === -1) return items[0]?.id ?? null
  return (items[at + 1] ?? items[at - 1])?.id ?? null
}

/** One step up or down the list from a thread; stays at its ends. */
export function stepFrom(items: readonly Pick<ThreadItem, 'id'>[], id: number | null, by: 1 | -1): number | null {
  const at = items.findIndex(item => item.id === id)
  if (at === -1) return items[0]?.id ?? null
  return (items[at + by] ?? items[at])!.id
}

export interface Choice<T> {
  readonly label: string
  readonly about?: string
  readonly value: T
}

const HOUR_MS = 3_600_000

/** When a thread may come back, by the clock of the person who asks: times of day are local. */
export function snoozeChoices(now: Date): Choice<number>[] {
  const at = (days: number, hour: number): number =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour).getTime()
  const toMonday = (8 - now.getDay()) % 7 || 7
  return [
    { label: 'In 1 hour', value: now.getTime() + HOUR_MS },
    { label: 'In 3 hours', value: now.getTime() + 3 * HOUR_MS },
    ...(now.getHours() < 17 ? [{ label: 'This evening', value: at(0, 18) }] : []),
    { label: 'Tomorrow morning', value: at(1, 9) },
    ...(toMonday > 1 ? [{ label: 'Next Monday', value: at(toMonday, 9) }] : []),
  ]
}
