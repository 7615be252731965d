import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contactByNumber, deleteContact } from '../../../src/main/db/contacts.ts'
import { insertInbound } from '../../../src/main/db/inbound.ts'
import { touchThread } from '../../../src/main/db/threads.ts'
import type { LaneView } from '../../../src/main/services/ports.ts'
import { manhattan, Office, OPERATOR } from './kit.ts'

const HOUR = 3_600_000
const ANN = manhattan(1)
const BOB = manhattan(2)

let office: Office
let lane: LaneView
let rowId = 0

beforeEach(() => {
  office = new Office()
  lane = office.addPhone()
})
afterEach(() => office.close())

/** A text that comes in, as the hub stores it. */
function text(number: string, body: string, at = office.world.now, intent: 'none' | 'stop' = 'none'): number {
  rowId += 1
  return office.db.write(tx => {
    const contactId = contactByNumber(tx, number)?.id ?? null
    const threadId = touchThread(tx, { number, contactId, at, text: body, unreadBy: 1 })
    insertInbound(tx, {
      threadId,
      phoneId: lane.phoneId,
      store: 'S',
      rowId,
      sender: number,
      body,
      bodyHash: office.world.hash(body),
      receivedAt: at,
      storedAt: at,
      intent,
      campaignId: null,
    })
    return threadId
  })
}

describe('threads', () => {
  it('come with the newest first, page by page, with names and unread counts', async () => {
    office.addContact(ANN, { firstName: 'Ann', lastName: 'Lee' })
    const { now } = office.world
    text(ANN, 'one', now - 4000)
    text(BOB, 'two', now - 3000)
    text(ANN, 'three\nlines', now - 2000)
    text('Bank', 'code 1234', now - 1000)
    const first = await office.ask('inbox.threads', { limit: 2 })
    expect(first.items).toMatchObject([
      { number: 'Bank', name: '', unread: 1, contactId: null, suppressed: false },
      { number: ANN, name: 'Ann Lee', unread: 2, lastAt: now - 2000, lastText: 'three lines' },
    ])
    const rest = await office.ask('inbox.threads', { limit: 2, after: first.next! })
    expect(rest.items.map(({ number }) => number)).toEqual([BOB])
    expect(rest.next).toBeNull()
    expect(await office.refusal('inbox.threads', { after: 'x' })).toMatchObject({ code: 'invalid_input' })
  })

  it('of the same instant are neither lost nor shown twice between pages', async () => {
    for (let index = 0; index < 7; index += 1) text(manhattan(index), 'same time')
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: { items: { number: string }[]; next: string | null } = await office.ask('inbox.threads', {
        limit: 2,
        ...(after !== null && { after }),
      })
      seen.push(...page.items.map(({ number }) => number))
      after = page.next
    } while (after !== null)
    expect(seen.sort()).toEqual(Array.from({ length: 7 }, (_, index) => manhattan(index)))
  })

  it('show the newest text even when an older one comes late', async () => {
    text(ANN, 'new')
    text(ANN, 'late', office.world.now - HOUR)
    expect((await office.ask('inbox.threads', {})).items).toMatchObject([
      { lastText: 'new', lastAt: office.world.now, unread: 2 },
    ])
  })

  it('can be filtered by unread, are marked read, and are counted', async () => {
    const ann = text(ANN, 'a')
    text(ANN, 'STOP', office.world.now, 'stop')
    text(BOB, 'b')
    expect(await office.ask('inbox.counts', {})).toMatchObject({
      threads: 2,
      unread: 2,
      texts: 3,
      optOuts: 1,
      review: 0,
    })
    await office.ask('inbox.mark-read', { threadId: ann })
    expect(await office.ask('inbox.counts', {})).toMatchObject({
      threads: 2,
      unread: 1,
      texts: 3,
      optOuts: 1,
      review: 0,
    })
    expect((await office.ask('inbox.threads', { unread: true })).items.map(({ number }) => number)).toEqual([BOB])
    expect(await office.refusal('inbox.mark-read', { threadId: 99 })).toMatchObject({ code: 'not_found' })
  })

  it('belong to a contact that was made after the text, and outlive one that is deleted', async () => {
    text(ANN, 'hello')
    office.addContact(ANN, { firstName: 'Ann' })
    expect((await office.ask('inbox.threads', {})).items).toMatchObject([{ name: 'Ann', contactId: 1 }])
    office.db.write(tx => deleteContact(tx, contactByNumber(tx, ANN)!))
    expect((await office.ask('inbox.threads', {})).items).toMatchObject([{ name: '', contactId: null }])
  })

  it('say who is suppressed, also while the data key is closed', async () => {
    text(ANN, 'STOP')
    office.suppress(ANN)
    office.keyMissing = true
    expect((await office.ask('inbox.threads', {})).items).toMatchObject([{ number: ANN, suppressed: true }])
  })
})

describe('one thread', () => {
  it('shows both directions by time, newest last, without messages that have no text yet', async () => {
    office.addContact(ANN, { firstName: 'Ann' })
    const { now } = office.world
    const campaign = await office.started()
    office.db.write(tx =>
      tx.run("UPDATE messages SET state = 'sent', body = 'Sale', sim_id = ?, attempted_at = ?", lane.simId, now + 1000),
    )
    await office.started({ name: 'Next' })
    const id = text(ANN, 'How much?', now + 2000)
    text(ANN, 'Thanks', now + 4000)
    office.world.now = now + 3000
    const reply = await office.ask('inbox.reply', { threadId: id, body: 'Ten' })
    const thread = await office.ask('inbox.thread', { id })
    expect(thread.entries).toMatchObject([
      { direction: 'out', body: 'Sale', kind: 'campaign', state: 'sent', campaignId: campaign, at: now + 1000 },
      { direction: 'in', body: 'How much?', at: now + 2000, intent: 'none' },
      { direction: 'out', body: 'Ten', kind: 'reply', id: reply.id },
      { direction: 'in', body: 'Thanks' },
    ])
    const last = await office.ask('inbox.thread', { id, limit: 2 })
    expect(last.entries.map(({ body }) => body)).toEqual(['Ten', 'Thanks'])
    expect(await office.refusal('inbox.thread', { id: 99 })).toMatchObject({ code: 'not_found' })
  })

  it('keeps two identical texts as two', async () => {
    const id = text(ANN, 'Hello?')
    text(ANN, 'Hello?')
    expect((await office.ask('inbox.thread', { id })).entries).toHaveLength(2)
  })
})

describe('a reply', () => {
  it('is queued at once within a day of their text, at any hour, from the number they know', async () => {
    const other = office.addPhone()
    office.addContact(ANN, { simId: other.simId })
    // Midnight in New York.
    office.world.now = Date.parse('2026-01-15T05:00:00Z')
    const threadId = text(ANN, 'Hi', office.world.now - 23 * HOUR)
    const reply = await office.ask('inbox.reply', { threadId, body: '  Hello Ann \r\n' }, OPERATOR)
    expect(reply).toMatchObject({ kind: 'reply', state: 'queued', body: 'Hello Ann', segments: 1, campaignId: null })
    expect(office.db.get('SELECT due_at AS dueAt, sim_id AS simId, pinned, created_by AS by FROM messages')).toEqual({
      dueAt: office.world.now,
      simId: other.simId,
      pinned: 1,
      by: 'user:7',
    })
    expect((await office.ask('inbox.threads', {})).items).toMatchObject([{ lastText: 'Hello Ann', unread: 0 }])
  })

  it('waits for the allowed hours when their text is older than a day', async () => {
    office.world.now = Date.parse('2026-01-15T05:00:00Z')
    const threadId = text(ANN, 'Hi', office.world.now - 24 * HOUR - 1)
    await office.ask('inbox.reply', { threadId, body: 'Hello' })
    expect(office.db.get('SELECT due_at AS at FROM messages')).toEqual({ at: Date.parse('2026-01-15T13:00:00Z') })
  })

  it('does not trust a phone whose clock is ahead', async () => {
    office.world.now = Date.parse('2026-01-15T05:00:00Z')
    const threadId = text(ANN, 'Hi', office.world.now - 30 * HOUR)
    office.db.write(tx => tx.run('UPDATE inbound SET received_at = ?', office.world.now + 100 * HOUR))
    await office.ask('inbox.reply', { threadId, body: 'Hello' })
    expect(office.db.get('SELECT due_at AS at FROM messages')).toEqual({ at: Date.parse('2026-01-15T13:00:00Z') })
  })

  it('goes out from the lane that texted them last when the contact has none, and from any when that is gone', async () => {
    office.addContact(ANN)
    await office.started()
    office.db.write(tx =>
      tx.run("UPDATE messages SET state = 'sent', body = 'x', sim_id = ?, attempted_at = 1", lane.simId),
    )
    const threadId = text(ANN, 'Hi')
    const reply = await office.ask('inbox.reply', { threadId, body: 'One' })
    expect(office.db.get('SELECT sim_id AS simId FROM messages WHERE id = ?', reply.id)).toEqual({ simId: lane.simId })
    office.lanes = []
    const free = await office.ask('inbox.reply', { threadId, body: 'Two' })
    expect(office.db.get('SELECT sim_id AS simId, pinned FROM messages WHERE id = ?', free.id)).toEqual({
      simId: null,
      pinned: 0,
    })
  })

  it('is refused for a suppressed number, for a sender that is a name, and when it is too long', async () => {
    const threadId = text(ANN, 'STOP')
    office.suppress(ANN)
    expect(await office.refusal('inbox.reply', { threadId, body: 'But' })).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('START'),
    })
    const bank = text('Bank', 'code')
    expect((await office.refusal('inbox.reply', { threadId: bank, body: 'Hi' })).message).toContain('"Bank" is a name')
    const bob = text(BOB, 'Hi')
    expect(await office.refusal('inbox.reply', { threadId: bob, body: 'ж'.repeat(671) })).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('11 segments'),
    })
    expect(office.db.get('SELECT count(*) AS n FROM messages')).toEqual({ n: 0 })
  })
})
