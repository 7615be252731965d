// Asks a filled database what people ask it, through the hub's own operations, and tells how long each answer took.
import type { GivenOf, OperationName } from '../../src/shared/operations/index.ts'
import { openBenchApp } from './app.ts'
import { type Spread, spread } from './numbers.ts'
import { answer, inputOf, type LoopDelay, watchLoop } from './process.ts'
import { Random } from './random.ts'
import { contactOf } from './seed.ts'

export interface QueriesOrder {
  readonly data: string
  readonly contacts: number
  readonly threads: number
  readonly campaign: number
  /** How often each is asked. */
  readonly turns: number
  readonly review: boolean
}

export interface QueriesFigures {
  /** Milliseconds, by what was asked. */
  readonly queries: Readonly<Record<string, Spread>>
  readonly review: { readonly contacts: number; readonly seconds: number; readonly delay: LoopDelay } | null
}

const { data, contacts, threads, campaign, turns, review } = inputOf<QueriesOrder>()
const { app, call } = await openBenchApp(data)
const random = new Random(5)
const someone = () => contactOf(1 + random.below(contacts))
const lower = (text: string, length: number) => text.slice(0, length).toLowerCase()

const SEARCHES: readonly (() => string)[] = [
  () => lower(someone().first, 1),
  () => lower(someone().last, 2),
  () => lower(someone().last, 3),
  () => lower(someone().last, 4),
  () => someone().first,
  () => `${someone().first} ${someone().last}`,
  () => `${lower(someone().first, 2)} ${lower(someone().last, 2)}`,
  () => someone().email.slice(0, 12),
  () => someone().email,
  () => 'example.com',
  () => someone().number,
  () => someone().number.slice(2, 8),
  () => `(${someone().number.slice(2, 5)}) ${someone().number.slice(5, 8)}-${someone().number.slice(8)}`,
  () => someone().number.slice(-4),
  () => someone().number.slice(2, 5),
  () => 'nobody at all',
]
const page = { limit: 50 }
const FILTERS: readonly (() => GivenOf<'contacts.search'>)[] = [
  () => ({ ...page }),
  () => ({ ...page, after: String(random.below(contacts)) }),
  () => ({ ...page, lists: ['Spring'] }),
  () => ({ ...page, lists: ['Spring'], after: String(random.below(contacts)) }),
  () => ({ ...page, tags: ['vip'] }),
  () => ({ ...page, lists: ['Spring'], tags: ['vip'] }),
  () => ({ ...page, lists: ['Everybody', 'Spring'], exceptTags: ['vip'] }),
  () => ({ ...page, lists: ['Spring'], search: lower(someone().last, 3) }),
  () => ({ ...page, tags: ['vip'], search: someone().first }),
]

/** What people look for in what was said: words of every second text and of one, beginnings, phrases, and within something. */
const SAID: readonly (() => GivenOf<'inbox.search'>)[] = [
  () => ({ query: 'market' }),
  () => ({ query: 'mark' }),
  () => ({ query: 'saturd' }),
  () => ({ query: 'thanks' }),
  () => ({ query: 'than' }),
  () => ({ query: 'see yo' }),
  () => ({ query: '"see you there"' }),
  () => ({ query: `booking ${1 + random.below(threads)}` }),
  () => ({ query: String(1 + random.below(threads)) }),
  () => ({ query: lower(someone().first, 3) }),
  () => ({ query: `hi ${someone().first} market` }),
  () => ({ query: 'stop' }),
  () => ({ query: 'stop', kind: 'in' }),
  () => ({ query: 'market', campaignId: campaign }),
  () => ({ query: 'opens saturday', kind: 'note' }),
  () => ({ query: 'thanks', from: Date.now() - 86_400_000 * 2, to: Date.now() - 86_400_000 }),
  () => ({ query: 'thanks', phoneId: 1, campaignId: campaign }),
  () => ({ query: 'nobody said this' }),
]

const queries: Record<string, Spread> = {}
await ask('contact search', 'contacts.search', turn => ({ ...page, search: SEARCHES[turn % SEARCHES.length]!() }))
await ask('contact filters', 'contacts.search', turn => FILTERS[turn % FILTERS.length]!())
await ask('contact', 'contacts.get', () => ({ id: 1 + random.below(contacts) }))
await ask('thread', 'inbox.thread', () => ({ id: 1 + random.below(threads) }))
const { next } = await call('inbox.threads', { limit: 500 })
await ask('inbox list', 'inbox.threads', turn => ({
  ...page,
  ...(turn % 3 === 1 ? { unread: true } : {}),
  ...(turn % 3 === 2 && next !== null ? { after: next } : {}),
}))
await ask('open threads', 'inbox.threads', turn => ({
  ...page,
  state: 'open',
  ...(turn % 3 === 1 ? { unassigned: true } : {}),
  ...(turn % 3 === 2 ? { unread: true } : {}),
}))
await ask('search of all that was said', 'inbox.search', turn => ({ ...page, ...SAID[turn % SAID.length]!() }))
await ask('inbox counts', 'inbox.counts', () => ({}))
await ask('progress', 'campaigns.progress', () => ({ id: campaign }))
await ask('messages', 'messages.list', turn => ({
  ...page,
  ...(turn % 2 === 0 ? { campaignId: campaign } : {}),
  ...(turn % 3 === 0 ? { states: ['unknown' as const] } : {}),
}))
await ask('campaign list', 'campaigns.list', () => page)
const DAY = 86_400_000
const since = (days: number) => Date.now() - days * DAY
await ask('report by time', 'analytics.timeline', turn => ({
  ...{ zone: 'America/New_York', from: since([1, 7, 28, 62, 365][turn % 5]!) },
}))
await ask('report by phone', 'analytics.phones', turn => ({ from: since([1, 28, 365][turn % 3]!) }))
await ask('report of reasons', 'analytics.reasons', turn => ({ from: since([1, 28, 365][turn % 3]!) }))
await ask('report by campaign', 'analytics.campaigns', () => page)
await ask('preview', 'campaigns.preview', () => ({ template: 'Hi {{ first_name }}', audience: { lists: ['Spring'] } }))

const figures: QueriesFigures = { queries, review: review ? await timeReview() : null }
await app.close()
await answer(figures)

async function ask<N extends OperationName>(what: string, name: N, input: (turn: number) => GivenOf<N>): Promise<void> {
  const took: number[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    const given = input(turn)
    const began = performance.now()
    await call(name, given)
    took.push(performance.now() - began)
  }
  queries[what] = spread(took)
}

/** A review looks at every contact on purpose: what matters is that others are served meanwhile. */
async function timeReview() {
  const loop = watchLoop()
  const began = performance.now()
  const { id } = await call('campaigns.create', { name: 'Review', template: 'Hi {{ first_name | default: "there" }}' })
  const found = await call('campaigns.review', { id })
  const seconds = (performance.now() - began) / 1000
  return { contacts: found.audience, seconds, delay: loop.read() }
}
