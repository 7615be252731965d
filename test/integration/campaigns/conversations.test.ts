import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { insertInbound } from '../../../src/main/db/inbound.ts'
import { insertSuppression } from '../../../src/main/db/suppression.ts'
import { touchThread } from '../../../src/main/db/threads.ts'
import type { LaneView } from '../../../src/main/services/ports.ts'
import type { OutputOf } from '../../../src/shared/operations/index.ts'
import { manhattan, Office } from './kit.ts'

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

function text(
  number: string,
  body: string,
  given: { at?: number; intent?: 'none' | 'stop_likely'; campaignId?: number } = {},
): number {
  const { at = office.world.now, intent = 'none', campaignId = null } = given
  rowId += 1
  return office.db.write(tx => {
    const threadId = touchThread(tx, { number, contactId: null, at, text: body, unreadBy: 1 })
    const inboundId = insertInbound(tx, {
      ...{ threadId, phoneId: lane.phoneId, store: 'S', rowId, sender: number, body },
      ...{ bodyHash: office.world.hash(body), receivedAt: at, storedAt: at, intent, campaignId },
    })
    if (intent === 'stop_likely') {
      const hash = office.world.hash(number)
      insertSuppression(tx, {
        number,
        hash,
        reason: 'likely',
        note: '',
        inboundId,
        createdBy: 'phone:1',
        createdAt: at,
      })
    }
    return threadId
  })
}

describe('a long thread', () => {
  it('is read back page by page, both directions, each entry once, however many come in one instant', async () => {
    const { now } = office.world
    let thread = 0
    for (let place = 0; place < 30; place += 1) {
      thread = text(ANN, `in ${place}`, { at: now - 1_000_000 + Math.floor(place / 7) * 1000 })
    }
    for (let place = 0; place < 12; place += 1) {
      await office.ask('inbox.reply', { threadId: thread, body: `out ${place}` })
    }
    const pages: OutputOf<'inbox.thread'>[] = []
    let before: string | null | undefined
    do {
      pages.push(await office.ask('inbox.thread', { id: thread, limit: 5, ...(before && { before }) }))
      before = pages.at(-1)!.older
    } while (before)
    const bodies = pages.flatMap(page => page.entries.map(entry => entry.body))
    expect(bodies).toHaveLength(42)
    expect(new Set(bodies).size).toBe(42)
    expect(pages[0]!.entries.every(entry => entry.direction === 'out')).toBe(true)
    expect(pages.at(-1)!.entries[0]!.body).toBe('in 0')
    expect(await office.refusal('inbox.thread', { id: thread, before: 'nonsense' })).toMatchObject({
      code: 'invalid_input',
    })
  })
})

describe('threads are found', () => {
  it('by name, by digits in any place of the number, by a sender that is a word, and by tag', async () => {
    office.addContact(ANN, { firstName: 'Ann', lastName: 'Lee' })
    const ann = text(ANN, 'one')
    text(BOB, 'two')
    text('My Bank', 'code')
    const found = async (search: string, tag?: string) =>
      (await office.ask('inbox.threads', { search, ...(tag && { tag }) })).items.map(item => item.number)
    expect(await found('ann')).toEqual([ANN])
    expect(await found('le')).toEqual([ANN])
    expect(await found(`${BOB.slice(-6, -3)} ${BOB.slice(-3)}`)).toEqual([BOB])
    expect(await found('bank')).toEqual(['My Bank'])
    expect(await found('100%')).toEqual([])
    expect(await office.ask('inbox.set-tags', { threadId: ann, tags: ['Warm', 'new'] })).toEqual({
      tags: ['new', 'Warm'],
    })
    expect(await found('', 'warm')).toEqual([ANN])
    expect((await office.ask('inbox.tags', {})).tags).toEqual([
      { name: 'new', threads: 1 },
      { name: 'Warm', threads: 1 },
    ])
    // The second one takes the spelling of the first.
    const bob = (await office.ask('inbox.threads', { search: BOB })).items[0]!.id
    expect((await office.ask('inbox.set-tags', { threadId: bob, tags: ['WARM'] })).tags).toEqual(['Warm'])
    await office.ask('inbox.set-tags', { threadId: ann, tags: [] })
    expect(await found('', 'Warm')).toEqual([BOB])
  })
})

describe('notes and reply templates', () => {
  it('are kept, changed and deleted, and a name is there once', async () => {
    const thread = text(ANN, 'one')
    const note = await office.ask('inbox.add-note', { threadId: thread, body: 'Call her.' })
    expect((await office.ask('inbox.thread', { id: thread })).notes).toEqual([note])
    await office.ask('inbox.delete-note', { id: note.id })
    expect((await office.ask('inbox.thread', { id: thread })).notes).toEqual([])
    expect(await office.refusal('inbox.delete-note', { id: note.id })).toMatchObject({ code: 'not_found' })

    const hours = await office.ask('inbox.save-template', { name: 'Hours', body: 'Nine to five.' })
    expect(await office.refusal('inbox.save-template', { name: 'hours', body: 'x' })).toMatchObject({
      code: 'exists_already',
    })
    await office.ask('inbox.save-template', { id: hours.id, name: 'hours', body: 'Nine to six.' })
    expect((await office.ask('inbox.templates', {})).templates).toEqual([
      { id: hours.id, name: 'hours', body: 'Nine to six.' },
    ])
    await office.ask('inbox.delete-template', { id: hours.id })
    expect((await office.ask('inbox.templates', {})).templates).toEqual([])
  })
})

describe('a likely opt-out', () => {
  it('waits for a word, and stays suppressed when it was one', async () => {
    const thread = text(ANN, 'leave me alone please', { intent: 'stop_likely' })
    const [item] = (await office.ask('inbox.review', {})).items
    expect(item).toMatchObject({ number: ANN, threadId: thread, body: 'leave me alone please' })
    expect(await office.ask('inbox.counts', {})).toMatchObject({ review: 1, optOuts: 0 })
    await office.ask('inbox.decide-opt-out', { id: item!.id, as: 'opt-out' })
    expect(await office.ask('inbox.counts', {})).toMatchObject({ review: 0, optOuts: 1 })
    expect((await office.ask('inbox.thread', { id: thread })).suppressed).toMatchObject({ reason: 'wording' })
    expect(await office.refusal('inbox.decide-opt-out', { id: item!.id, as: 'dismiss' })).toMatchObject({
      code: 'not_found',
    })
  })

  it('can be texted again when it was none', async () => {
    const thread = text(ANN, 'stop by our place', { intent: 'stop_likely' })
    expect(await office.refusal('inbox.reply', { threadId: thread, body: 'Sure' })).toMatchObject({ code: 'conflict' })
    const [item] = (await office.ask('inbox.review', {})).items
    await office.ask('inbox.decide-opt-out', { id: item!.id, as: 'dismiss' })
    await office.ask('inbox.reply', { threadId: thread, body: 'Sure' })
    expect((await office.ask('inbox.thread', { id: thread })).suppressed).toBeNull()
  })
})

describe('what came of a campaign', () => {
  it('stands in the list, by reason, in replies and in a file', async () => {
    office.addContact(ANN, { firstName: 'Ann' })
    office.addContact(BOB, { firstName: '' })
    const id = await office.started()
    office.db.write(tx => {
      tx.run("UPDATE messages SET state = 'sent', body = 'Hi Ann', segments = 1 WHERE number = ?", ANN)
      tx.run("UPDATE messages SET state = 'failed', reason = 'address_refused' WHERE number = ?", BOB)
    })
    text(ANN, '=1+1', { campaignId: id })
    const [listed] = (await office.ask('campaigns.list', {})).items
    expect(listed).toMatchObject({ id, messages: 2, ended: 2, sent: 1, replies: 1 })
    const { groups } = await office.ask('campaigns.outcomes', { id })
    expect(groups).toMatchObject([{ state: 'failed', reason: 'address_refused', messages: 1 }])
    expect(groups[0]!.meaning).toMatch(/refused the number/)
    expect((await office.ask('campaigns.replies', { id })).items).toMatchObject([{ number: ANN, name: 'Ann' }])
    const folder = mkdtempSync(join(tmpdir(), 'cc-export-'))
    const path = join(folder, 'out.csv')
    expect(await office.ask('campaigns.export', { id, path })).toMatchObject({ rows: 2 })
    const [header, first, second] = readFileSync(path, 'utf8').split('\r\n')
    expect(header).toMatch(/number,first_name,last_name,state,reason/)
    expect(first).toContain(`${ANN},Ann,,sent,,1`)
    // A reply that a spreadsheet would run is no formula any more.
    expect(first).toContain("'=1+1")
    expect(second).toContain(`${BOB},,,failed,address_refused`)
    rmSync(folder, { recursive: true })
  })

  it('says when the rest will have been sent, and why that cannot be told', async () => {
    for (let place = 1; place <= 30; place += 1) office.addContact(manhattan(place))
    const id = await office.started()
    const outlook = await office.ask('campaigns.outlook', { id })
    expect(outlook.left).toBe(30)
    expect(outlook.endsAt).toBeGreaterThan(office.world.now)
    office.lanes = office.lanes.map(one => ({ ...one, connected: false }))
    expect(await office.ask('campaigns.outlook', { id })).toMatchObject({
      left: 30,
      endsAt: null,
      limitedBy: 'no phone that may send it is connected',
    })
    await office.ask('campaigns.pause', { id })
    expect(await office.ask('campaigns.outlook', { id })).toMatchObject({ limitedBy: 'the campaign is paused' })
  })
})
