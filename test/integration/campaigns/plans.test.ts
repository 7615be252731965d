import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasCampaignMessage, messagesToFit } from '../../../src/main/db/campaign-fill.ts'
import {
  answerCounts,
  campaignCounts,
  campaignToEmpty,
  campaignToFill,
  campaignToFit,
  doneCampaigns,
  dueCampaigns,
  leftOutCounts,
  listCampaigns,
  runningCampaigns,
} from '../../../src/main/db/campaigns.ts'
import type { Reader, Value } from '../../../src/main/db/database.ts'
import { listMessages, repeatsOf } from '../../../src/main/db/message-list.ts'
import {
  countInbox,
  inboundOf,
  lastInboundAt,
  listThreads,
  outboundTo,
  threadById,
} from '../../../src/main/db/threads.ts'
import { manhattan, Office } from './kit.ts'

let office: Office

beforeEach(async () => {
  office = new Office()
  office.addPhone()
  office.addContact(manhattan(1))
  await office.started()
})
afterEach(() => office.close())

/** How SQLite answers each query that `ask` makes. */
function plansOf(ask: (db: Reader) => unknown): string[] {
  const plans: string[] = []
  const explain = (sql: string, values: Value[]) => {
    const rows = office.db.connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]
    plans.push(...rows.map(row => row.detail))
  }
  ask({
    get: (sql, ...values) => {
      explain(sql, values)
      return office.db.get(sql, ...values)
    },
    all: (sql, ...values) => {
      explain(sql, values)
      return office.db.all(sql, ...values)
    },
    iterate: () => {
      throw new Error('reads everything')
    },
  })
  return plans
}

const ALL = { unread: false, tag: null, search: '', state: null }

/** Walks over a whole table that grows, or sorts what it found. */
function slowPartsOf(ask: (db: Reader) => unknown): string[] {
  const plans = plansOf(ask)
  expect(plans.length).toBeGreaterThan(0)
  return plans.filter(detail => /TEMP B-TREE|SCAN (m|messages|t|threads|i|inbound|c|contacts|p)\b/.test(detail))
}

describe('queries over tables that grow to millions of rows', () => {
  it.each<[string, (db: Reader) => unknown]>([
    ['a page of messages', db => listMessages(db, { states: [], limit: 50 })],
    ['a page of messages further on', db => listMessages(db, { states: [], limit: 50, before: 'M5' })],
    ['the messages of a campaign', db => listMessages(db, { campaignId: 1, states: [], limit: 50 })],
    [
      'messages of some states of a campaign',
      db => listMessages(db, { campaignId: 1, states: ['queued', 'sent'], limit: 50 }),
    ],
    ['messages of a state in every campaign and in none', db => listMessages(db, { states: ['unknown'], limit: 50 })],
    ['repeats', db => repeatsOf(db, 'M1')],
    ['progress', db => [campaignCounts(db, 1), leftOutCounts(db, 1), answerCounts(db, 1)]],
    ['threads', db => listThreads(db, ALL, { movedAt: 9e12, id: 9e12 }, 50)],
    ['open threads', db => listThreads(db, { ...ALL, state: 'open' }, { movedAt: 9e12, id: 9e12 }, 50)],
    [
      'open threads of a user',
      db => listThreads(db, { ...ALL, state: 'open', assignedTo: 1 }, { movedAt: 9e12, id: 9e12 }, 50),
    ],
    ['all threads of a user', db => listThreads(db, { ...ALL, assignedTo: 1 }, { movedAt: 9e12, id: 9e12 }, 50)],
    [
      'open threads that nobody has',
      db => listThreads(db, { ...ALL, state: 'open', assignedTo: null }, { movedAt: 9e12, id: 9e12 }, 50),
    ],
    ['unread threads', db => listThreads(db, { ...ALL, unread: true }, { movedAt: 9e12, id: 9e12 }, 50)],
    [
      'one thread',
      db => [
        threadById(db, 1),
        inboundOf(db, 1, { at: 9e12, id: 9e12 }, 100),
        outboundTo(db, manhattan(1), { createdAt: 9e12, place: 9e12 }, 100),
        lastInboundAt(db, 1),
      ],
    ],
    ['what filling asks of each contact', db => hasCampaignMessage(db, 1, manhattan(1))],
    ['what a step of fitting reads', db => messagesToFit(db, 1, '', 100)],
  ])('%s: by an index, without sorting', (_what, ask) => {
    expect(slowPartsOf(ask)).toEqual([])
  })

  it('the newest threads come from the index by time, the unread ones from an index of those alone', () => {
    const first = { movedAt: 9e12, id: 9e12 }
    expect(plansOf(db => listThreads(db, ALL, first, 50))).toContainEqual(expect.stringContaining('threads_by_time'))
    expect(plansOf(db => listThreads(db, { ...ALL, unread: true }, first, 50))).toContainEqual(
      expect.stringContaining('threads_unread'),
    )
  })

  it('the counts of the inbox read no table in full', () => {
    const plans = plansOf(countInbox)
    expect(
      plans.filter(
        detail => /SCAN/.test(detail) && !/COVERING INDEX|inbound_counts|thread_counts|CONSTANT/.test(detail),
      ),
    ).toEqual([])
  })

  it('what is looked for at every turn reads campaigns by their state, and counters only', () => {
    const looks = [campaignToFill, campaignToFit, campaignToEmpty, runningCampaigns]
    const plans = plansOf(db => [...looks.map(look => look(db)), dueCampaigns(db, 9e12), doneCampaigns(db, 9e12)])
    // The steps of one campaign are a few.
    expect(plans.filter(detail => /^SCAN (?!s VIRTUAL)|messages/.test(detail))).toEqual([])
  })

  it('a page of campaigns needs no sorting', () => {
    expect(plansOf(db => listCampaigns(db, ['draft'], 9, 50)).filter(detail => /TEMP B-TREE/.test(detail))).toEqual([])
  })
})
