import { type Caller, LOCAL } from '../services/operations/caller.ts'
import type { Dispatcher } from '../services/operations/dispatch.ts'

/** What is going on, for those who look at the tray or want to quit. */
export interface Running {
  /** Campaigns that send. */
  readonly campaigns: readonly { readonly id: number; readonly name: string }[]
  readonly paused: number
  readonly phones: number
  readonly connected: number
  /** Threads with a reply that nobody has read. */
  readonly unread: number
}

export async function whatRuns(dispatch: Dispatcher): Promise<Running> {
  const [campaigns, phones, inbox] = await Promise.all([
    dispatch('campaigns.list', { states: ['running', 'paused'], limit: 200 }, LOCAL),
    dispatch('phones.list', {}, LOCAL),
    dispatch('inbox.counts', {}, LOCAL),
  ])
  const open = campaigns.ok ? campaigns.data.items : []
  const paired = phones.ok ? phones.data.phones : []
  return {
    campaigns: open.filter(({ state }) => state === 'running').map(({ id, name }) => ({ id, name })),
    paused: open.filter(({ state }) => state === 'paused').length,
    phones: paired.length,
    connected: paired.filter(phone => phone.connected).length,
    unread: inbox.ok ? inbox.data.unread : 0,
  }
}

/**
 * Pauses every campaign that runs. It is the safe direction, so whoever sits at the computer may do it, also while the
 * window is locked. Returns how many.
 */
export async function pauseAll(dispatch: Dispatcher, caller: Caller | null): Promise<number> {
  const { campaigns } = await whatRuns(dispatch)
  let paused = 0
  for (const { id } of campaigns) if ((await dispatch('campaigns.pause', { id }, caller ?? LOCAL)).ok) paused += 1
  return paused
}

/** One line of what is going on. */
export function statusLine({ campaigns, paused, phones, connected }: Running): string {
  const parts = [
    campaigns.length === 0 ? 'Nothing is being sent' : `${counted(campaigns.length, 'campaign')} running`,
    ...(paused > 0 ? [`${paused} paused`] : []),
    phones === 0 ? 'no phone paired' : `${connected} of ${counted(phones, 'phone')} connected`,
  ]
  return parts.join(', ')
}

/** Null where nothing waits. */
export function unreadLine({ unread }: Running): string | null {
  return unread === 0 ? null : counted(unread, 'unread thread')
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
