import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { queueMessage } from '../../src/main/db/messages.ts'
import type { MessageKind } from '../../src/shared/phone-protocol.ts'
import { NOON, ScriptedPhone, World } from '../support/world.ts'

let world: World
let phone: ScriptedPhone
let made = 0

beforeEach(() => {
  world = new World()
  phone = new ScriptedPhone(world, world.addPhone().phoneId)
})
afterEach(() => world.close())

/** Queues a text of no campaign that is due now. */
function queue(kind: Exclude<MessageKind, 'campaign'>, number: string, dueAt = NOON): void {
  made += 1
  const id = `M${String(made).padStart(12, '0')}`
  const rest = {
    contactId: null,
    simId: null,
    zones: 'America/New_York',
    expiresAt: null,
    causeId: null,
    repeats: null,
  }
  const text = {
    id,
    kind,
    number,
    body: `text ${made}`,
    segments: 1,
    dueAt,
    campaignId: null,
    createdBy: 'key:1',
    ...rest,
  }
  world.db.write(tx => queueMessage(tx, text, NOON))
}

const number = (index: number) => `+1212555${String(1000 + index)}`
const kinds = () => phone.commands.map(command => command.kind)

describe('texts that were ordered one by one', () => {
  it('let replies and confirmations pass, however many of them wait', async () => {
    for (let index = 0; index < 200; index += 1) queue('direct', number(index), NOON - 1_000)
    queue('reply', number(500))
    queue('confirmation', number(501))
    await phone.connect(0)
    await phone.status(5, 1)
    expect(kinds().slice(0, 2).sort()).toEqual(['confirmation', 'reply'])
    expect(kinds().slice(2)).toEqual(['direct', 'direct', 'direct'])
  })

  it('come before campaigns', async () => {
    world.addContact(number(1))
    world.addContact(number(2))
    world.addCampaign([number(1), number(2)])
    queue('direct', number(3))
    await phone.connect(0)
    await phone.status(1, 1)
    expect(kinds()).toEqual(['direct'])
    await phone.status(2, 1)
    expect(kinds()).toEqual(['direct', 'campaign'])
  })

  it('wait for the allowed hours and for an equal text under way', async () => {
    world.settings.hours = { from: 0, to: 60, days: [1] }
    queue('direct', number(1))
    queue('reply', number(2))
    await phone.connect(0)
    await phone.status(10, 1)
    expect(phone.commands).toEqual([])
  })

  it('are not sent to somebody who stopped meanwhile', async () => {
    queue('direct', number(1))
    world.db.write(tx =>
      tx.run(
        "INSERT INTO suppressions (number, number_hash, reason, created_by, created_at) VALUES (?, ?, 'manual', 'local', 0)",
        number(1),
        world.hash(number(1)),
      ),
    )
    await phone.connect(0)
    await phone.status(10, 1)
    expect(phone.commands).toEqual([])
    expect(world.db.all('SELECT state FROM messages')).toEqual([{ state: 'suppressed' }])
  })

  it('wait for another lane when theirs is gone', async () => {
    queue('direct', number(1))
    const second = world.addPhone('Second')
    world.db.write(tx => {
      tx.run('UPDATE messages SET pinned = 1, sim_id = ?', second.sims[0]!)
      tx.run('UPDATE sims SET enabled = 0 WHERE id = ?', second.sims[0]!)
    })
    await phone.connect(0)
    await phone.status(10, 1)
    expect(phone.commands).toEqual([])
    world.dispatch.tidy()
    await phone.status(10, 1)
    expect(kinds()).toEqual(['direct'])
  })
})
