import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LaneView } from '../../../src/main/services/ports.ts'
import type { MessageState } from '../../../src/shared/operations/messages.ts'
import { manhattan, Office, OPERATOR } from './kit.ts'

const ANN = manhattan(1)
const BOB = manhattan(2)

let office: Office
let lane: LaneView
let campaign: number

beforeEach(async () => {
  office = new Office()
  lane = office.addPhone({ phoneName: 'Pixel' })
  office.addContact(ANN, { firstName: 'Ann' })
  office.addContact(BOB, { firstName: 'Bob' })
  campaign = await office.started()
})
afterEach(() => office.close())

function idOf(number: string): string {
  return office.messages(campaign).find(message => message.number === number && message.repeats === null)!.id
}

/** Brings a message to a state as its phone would; without a body where it was never assigned. */
function put(number: string, state: MessageState, body: string | null = 'Hi Ann'): string {
  const id = idOf(number)
  office.db.write(tx =>
    tx.run(
      'UPDATE messages SET state = ?, body = ?, segments = 1, sim_id = ?, attempted_at = 5 WHERE id = ?',
      state,
      body,
      lane.simId,
      id,
    ),
  )
  return id
}

describe('the list of messages', () => {
  it('goes newest first, page by page, by campaign and by state', async () => {
    const other = await office.started()
    put(ANN, 'sent')
    const all = await office.ask('messages.list', { limit: 3 })
    expect(all.items.map(({ campaignId, number }) => [campaignId, number])).toEqual([
      [other, BOB],
      [other, ANN],
      [campaign, BOB],
    ])
    const rest = await office.ask('messages.list', { limit: 3, after: all.next! })
    expect(rest.items).toMatchObject([
      { number: ANN, state: 'sent', phone: 'Pixel', slot: 0, body: 'Hi Ann', recalled: false },
    ])
    expect(rest.next).toBeNull()
    const own = await office.ask('messages.list', { campaignId: campaign })
    expect(own.items.map(({ number }) => number)).toEqual([BOB, ANN])
    const sent = await office.ask('messages.list', { states: ['sent', 'unknown'] })
    expect(sent.items.map(({ id }) => id)).toEqual([idOf(ANN)])
    const waiting = await office.ask('messages.list', { campaignId: campaign, states: ['queued'] })
    expect(waiting.items.map(({ number }) => number)).toEqual([BOB])
  })

  it('holds those of no campaign too', async () => {
    const { messageId } = await office.ask('campaigns.test', { id: campaign, number: '+12125559999' })
    const queued = await office.ask('messages.list', { states: ['queued'], limit: 1 })
    expect(queued.items).toMatchObject([{ id: messageId, kind: 'test', campaignId: null }])
    expect(await office.ask('messages.get', { id: messageId })).toEqual(queued.items[0])
    expect(await office.refusal('messages.get', { id: 'M9999999999' })).toMatchObject({ code: 'not_found' })
  })
})

describe('deciding about a message without proof', () => {
  it('settles it as the operator says, in the counters too, and says that an operator did', async () => {
    const ann = put(ANN, 'unknown')
    const bob = put(BOB, 'unknown')
    expect(await office.ask('messages.decide', { id: ann, as: 'sent' }, OPERATOR)).toMatchObject({
      state: 'sent',
      reason: 'operator',
      settledAt: office.world.now,
    })
    expect(await office.ask('messages.decide', { id: bob, as: 'failed' })).toMatchObject({
      state: 'failed',
      reason: 'operator',
    })
    expect((await office.ask('campaigns.progress', { id: campaign })).states).toMatchObject({
      sent: 1,
      failed: 1,
      unknown: 0,
    })
    expect(
      office.db.get("SELECT actor, subject FROM audit WHERE action = 'messages.decide' ORDER BY seq LIMIT 1"),
    ).toEqual({
      actor: 'user:7',
      subject: `message:${ann}`,
    })
  })

  it('can be said of all of one campaign and reason, with each of them in the audit log, and of no others', async () => {
    const ann = put(ANN, 'unknown')
    const bob = put(BOB, 'unknown')
    office.db.write(tx => tx.run("UPDATE messages SET reason = 'no_proof' WHERE id = ?", ann))
    office.db.write(tx => tx.run("UPDATE messages SET reason = 'timeout' WHERE id = ?", bob))
    const { groups } = await office.ask('messages.unknown', {})
    expect(groups.map(({ campaignId, reason, messages }) => [campaignId, reason, messages])).toEqual([
      [campaign, 'no_proof', 1],
      [campaign, 'timeout', 1],
    ])
    const decide = { campaignId: campaign, reason: 'no_proof', as: 'failed' } as const
    expect(await office.ask('messages.decide-all', decide)).toEqual({ decided: 1, left: 0 })
    expect((await office.ask('messages.get', { id: ann })).state).toBe('failed')
    expect((await office.ask('messages.get', { id: bob })).state).toBe('unknown')
    expect(office.db.get("SELECT subject FROM audit WHERE action = 'messages.decide-all'")).toEqual({
      subject: `message:${ann}`,
    })
  })

  it('is refused in every other state', async () => {
    const states: MessageState[] = [
      'queued',
      'sent',
      'failed',
      'expired',
      'cancelled',
      'suppressed',
      'accepted',
      'attempting',
      'handed_over',
    ]
    for (const state of states) {
      const id = put(ANN, state)
      const refusal = await office.refusal('messages.decide', { id, as: 'sent' })
      expect(refusal, state).toMatchObject({ code: 'conflict' })
      expect((await office.ask('messages.get', { id })).state).toBe(state)
    }
  })
})

describe('sending again', () => {
  it('makes a new message that names the old one, in the campaign as long as that is open', async () => {
    const id = put(ANN, 'failed')
    const again = await office.ask('messages.send-again', { id }, OPERATOR)
    expect(again).toMatchObject({
      repeats: id,
      kind: 'campaign',
      campaignId: campaign,
      state: 'queued',
      body: 'Hi Ann',
      number: ANN,
    })
    expect((await office.ask('messages.get', { id })).state).toBe('failed')
    expect((await office.ask('campaigns.progress', { id: campaign })).messages).toBe(3)
    const { kept, counted } = office.counted(campaign)
    expect(kept).toEqual(counted)
  })

  it('keeps a campaign open until the repeat has come to an end', async () => {
    put(BOB, 'sent')
    const id = put(ANN, 'failed')
    const again = await office.ask('messages.send-again', { id })
    expect(office.work.completeDone()).toBe(0)
    office.db.write(tx => tx.run("UPDATE messages SET state = 'sent' WHERE id = ?", again.id))
    expect(office.work.completeDone()).toBe(1)
  })

  it('is a message of its own once the campaign is over, in the hours of the settings', async () => {
    const id = put(ANN, 'expired', null)
    await office.ask('campaigns.cancel', { id: campaign })
    office.world.now = Date.parse('2026-01-15T05:00:00Z')
    const again = await office.ask('messages.send-again', { id })
    expect(again).toMatchObject({
      kind: 'reply',
      campaignId: null,
      repeats: id,
      body: 'Hi Ann, sale today. Reply STOP to opt out',
    })
    expect(office.db.get('SELECT due_at AS at FROM messages WHERE id = ?', again.id)).toEqual({
      at: Date.parse('2026-01-15T13:00:00Z'),
    })
  })

  it('asks for a clear word where it may arrive twice', async () => {
    const id = put(ANN, 'unknown')
    const refusal = await office.refusal('messages.send-again', { id })
    expect(refusal).toMatchObject({ code: 'conflict', message: expect.stringContaining('arrive twice') })
    expect(office.messages(campaign)).toHaveLength(2)
    expect(await office.ask('messages.send-again', { id, mayArriveTwice: true })).toMatchObject({ repeats: id })
  })

  it('is refused while the first repeat may still arrive, or has', async () => {
    const id = put(ANN, 'failed')
    const again = await office.ask('messages.send-again', { id })
    for (const state of ['queued', 'sent', 'unknown'] as const) {
      office.db.write(tx => tx.run('UPDATE messages SET state = ? WHERE id = ?', state, again.id))
      expect(await office.refusal('messages.send-again', { id }), state).toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(again.id),
      })
    }
    office.db.write(tx => tx.run("UPDATE messages SET state = 'cancelled' WHERE id = ?", again.id))
    expect(await office.ask('messages.send-again', { id })).toMatchObject({ repeats: id })
  })

  it('is refused for a suppressed number, for what was sent, and for what is on its way', async () => {
    for (const state of ['sent', 'queued', 'accepted', 'attempting', 'handed_over', 'suppressed'] as const) {
      const id = put(ANN, state)
      expect(await office.refusal('messages.send-again', { id, mayArriveTwice: true }), state).toMatchObject({
        code: 'conflict',
      })
    }
    const id = put(BOB, 'failed')
    office.suppress(BOB)
    expect(await office.refusal('messages.send-again', { id })).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('suppression list'),
    })
  })

  it('renders anew what was never rendered, and refuses when nothing is left to render it for', async () => {
    const id = put(ANN, 'expired', null)
    await office.ask('campaigns.pause', { id: campaign })
    expect(await office.ask('messages.send-again', { id })).toMatchObject({
      body: 'Hi Ann, sale today. Reply STOP to opt out',
      segments: 1,
    })
    const bob = put(BOB, 'expired', null)
    office.db.write(tx => tx.run('DELETE FROM contacts WHERE number = ?', BOB))
    expect(await office.refusal('messages.send-again', { id: bob })).toMatchObject({ code: 'conflict' })
  })
})
