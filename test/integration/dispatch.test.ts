import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { heldByPhone } from '../../src/main/db/messages.ts'
import { loseMemory } from '../../src/main/services/dispatch/entries.ts'
import type { PhoneStatus } from '../../src/shared/phone-protocol.ts'
import { NOON, QUIET, ScriptedPhone, World } from '../support/world.ts'

const ANN = '+12125550101'
const BOB = '+12125550102'
const CAT = '+12125550103'

let world: World
let phone: ScriptedPhone
let simId: number

beforeEach(() => {
  world = new World()
  const added = world.addPhone()
  phone = new ScriptedPhone(world, added.phoneId)
  simId = added.sims[0]!
  for (const [number, name] of [
    [ANN, 'Ann'],
    [BOB, 'Bob'],
    [CAT, 'Cat'],
  ] as const)
    world.addContact(number, name)
})

afterEach(() => world.close())

function roomy(): PhoneStatus {
  const lane = {
    slot: 0,
    carrier: null,
    country: 'US',
    halt: null,
    haltUntil: null,
    room: 1_000,
    used: [0],
    recipientsThisMonth: 0,
  }
  return { lanes: [lane], battery: null, canProve: true, warnings: [] }
}

describe('a number that is suppressed by hand', () => {
  it('takes back what waits, recalls what phones hold, and says how much of each there was', async () => {
    // Of five campaigns one message each: two wait, and of those with the phone one is on its way to Android.
    for (let n = 0; n < 5; n += 1) world.addCampaign([ANN], { template: `Text ${n}` })
    await phone.connect(3)
    expect(phone.commands).toHaveLength(3)
    const [first, second] = phone.commands
    const { id, assignment } = first!
    await phone.say(
      { type: 'accepted', id, assignment },
      { type: 'accepted', id: second!.id, assignment: 1 },
      { type: 'attempting', id, assignment, slot: 0, number: ANN, bodyHash: '0'.repeat(64), at: world.now },
    )
    const stopped = world.db.write(tx => world.dispatch.stopNumber(tx, ANN))
    expect(stopped).toEqual({ queued: 2, assigned: 1, accepted: 1, underway: 1 })
    await world.settle()
    expect(phone.recalls.map(recall => recall.id).sort()).toEqual(
      phone.commands
        .slice(1)
        .map(one => one.id)
        .sort(),
    )
    for (const recall of phone.recalls) await phone.say({ type: 'returned', ...recall, reason: 'recalled' })
    expect(world.states()).toEqual({ suppressed: 4, attempting: 1 })
    expect(world.db.write(tx => world.dispatch.stopNumber(tx, ANN))).toMatchObject({ queued: 0, accepted: 0 })
  })
})

describe('consent that was taken back while a message waited', () => {
  it('holds the message of a campaign that requires it, and no other', async () => {
    const [strict, free] = [world.addCampaign([ANN, BOB]), world.addCampaign([ANN], { template: 'News' })]
    world.db.write(tx => {
      tx.run('UPDATE campaigns SET require_consent = 1 WHERE id = ?', strict)
      tx.run("INSERT INTO consents (id, source, wording, recorded_by, recorded_at) VALUES (1, 'Form', '', 'local', 0)")
      tx.run('UPDATE contacts SET consent_id = 1 WHERE number = ?', BOB)
    })
    await phone.connect()
    expect(phone.commands.map(({ number }) => number).sort()).toEqual([ANN, BOB])
    const held = world.db.all('SELECT campaign_id AS id, state, reason FROM messages WHERE number = ? ORDER BY 1', ANN)
    expect(held).toEqual([
      { id: strict, state: 'suppressed', reason: 'consent_withdrawn' },
      { id: free, state: 'assigned', reason: '' },
    ])
  })
})

describe('assignment', () => {
  it('renders a text once, gives it to the phone, and follows it to sent', async () => {
    world.addCampaign([ANN])
    await phone.connect()
    expect(phone.commands).toMatchObject([{ number: ANN, body: 'Hi Ann', assignment: 1, segments: 1 }])
    await phone.send(phone.commands[0]!)
    expect(world.message(ANN).state).toBe('sent')
    expect(phone.acked).toBe(4)
  })

  it('assigns no more than the lane has room for, and goes on when there is room again', async () => {
    world.addCampaign([ANN, BOB, CAT])
    await phone.connect(2)
    expect(phone.commands).toHaveLength(2)
    for (const command of [...phone.commands]) await phone.send(command)
    expect(phone.commands).toHaveLength(2)
    await phone.status(2)
    expect(phone.commands).toHaveLength(3)
  })

  it('shares a campaign between lanes that could each take all of it', async () => {
    const second = world.addPhone('Second')
    const other = new ScriptedPhone(world, second.phoneId)
    const numbers = Array.from({ length: 60 }, (_, index) => `+1212555${String(1000 + index)}`)
    for (const number of numbers) world.addContact(number)
    await phone.connect(0)
    await other.connect(0)
    world.addCampaign(numbers)
    world.dispatch.status(phone.phoneId, roomy())
    world.dispatch.status(other.phoneId, roomy())
    await world.settle()
    expect(Math.min(phone.commands.length, other.commands.length)).toBeGreaterThan(15)
  })

  it('gives nothing to a lane that is halted, or to a phone that cannot prove', async () => {
    world.addCampaign([ANN])
    await phone.connect(0)
    await phone.status(10, 1, { canProve: false })
    expect(phone.commands).toEqual([])
    world.db.write(tx => tx.run('UPDATE campaigns SET allow_unproven = 1'))
    await phone.status(10, 1, { canProve: false })
    expect(phone.commands).toHaveLength(1)
  })

  it('gives nothing to somebody who stopped after the message was queued', async () => {
    world.addCampaign([ANN, BOB])
    world.db.write(tx =>
      tx.run(
        "INSERT INTO suppressions (number, number_hash, reason, created_by, created_at) VALUES (?, ?, 'manual', 'local', 0)",
        ANN,
        world.hash(ANN),
      ),
    )
    await phone.connect()
    expect(phone.commands.map(command => command.number)).toEqual([BOB])
    expect(world.message(ANN).state).toBe('suppressed')
  })

  it('gives nothing to an erased person whose hash alone is left', async () => {
    world.addCampaign([ANN])
    world.db.write(tx =>
      tx.run(
        "INSERT INTO suppressions (number, number_hash, reason, created_by, created_at) VALUES (NULL, ?, 'erased', 'local', 0)",
        world.hash(ANN),
      ),
    )
    await phone.connect()
    expect(phone.commands).toEqual([])
    expect(world.message(ANN).state).toBe('suppressed')
  })

  it('gives a SIM whose monthly cap is reached nobody new, but people it has texted before', async () => {
    world.settings.limits = { ...world.settings.limits, recipientsPerMonth: 1 }
    world.addCampaign([ANN])
    await phone.connect()
    await phone.send(phone.commands[0]!)
    world.db.write(tx => tx.run("UPDATE messages SET state = 'sent'"))
    world.addCampaign([ANN, BOB], { template: 'Again' })
    world.db.write(tx =>
      tx.run("UPDATE messages SET pinned = 1, sim_id = ? WHERE number = ? AND state = 'queued'", simId, ANN),
    )
    const status = roomy()
    world.dispatch.status(phone.phoneId, { ...status, lanes: [{ ...status.lanes[0]!, recipientsThisMonth: 1 }] })
    await world.settle()
    expect(phone.commands.map(({ number, body }) => [number, body])).toEqual([
      [ANN, 'Hi Ann'],
      [ANN, 'Again'],
    ])
  })

  it('waits for the morning at the recipient, not at the sender', async () => {
    world.now = Date.parse('2026-01-14T14:00:00Z') // 9:00 in New York, 6:00 in Los Angeles
    world.addCampaign([ANN])
    world.addCampaign([BOB], { zones: 'America/Los_Angeles' })
    await phone.connect()
    expect(phone.commands.map(command => command.number)).toEqual([ANN])
    world.now = Date.parse('2026-01-14T16:00:00Z')
    world.dispatch.wake()
    await world.settle()
    expect(phone.commands.map(command => command.number)).toEqual([ANN, BOB])
  })

  it('tells the phone to stop at the evening of the recipient', async () => {
    world.addCampaign([ANN])
    await phone.connect()
    expect(phone.commands[0]!.notAfter).toBe(Date.parse('2026-01-15T02:00:00Z'))
  })

  it('fails what cannot be rendered and says why', async () => {
    world.addContact('+12125550104', '')
    world.addCampaign(['+12125550104'], { template: 'Hi {{ first_name }}' })
    await phone.connect()
    expect(world.message('+12125550104')).toMatchObject({ state: 'failed', reason: 'field_missing' })
  })

  it('holds back a twin: the same text to the same number while the first is without proof', async () => {
    world.addCampaign([ANN])
    await phone.connect()
    const { id, assignment, slot } = phone.commands[0]!
    const at = world.now
    await phone.say(
      { type: 'accepted', id, assignment },
      { type: 'attempting', id, assignment, slot, number: ANN, bodyHash: '0'.repeat(64), at },
      { type: 'unknown', id, assignment, reason: 'no_proof', at, seen: 'Nothing.' },
    )
    expect(world.db.get('SELECT evidence FROM messages WHERE id = ?', id)).toEqual({ evidence: 'Nothing.' })
    world.addCampaign([ANN])
    await phone.status(10)
    expect(phone.commands).toHaveLength(1)
    world.now += 25 * 3_600_000
    world.dispatch.wake()
    await world.settle()
    expect(phone.commands).toHaveLength(2)
  })

  it('lets a contact keep the number that texted them first', async () => {
    const second = world.addPhone('Second')
    const other = new ScriptedPhone(world, second.phoneId)
    world.addCampaign([ANN])
    await other.connect()
    await other.send(other.commands[0]!)
    await phone.connect()
    world.addCampaign([ANN], { template: 'Again' })
    await phone.status(10)
    await other.status(10)
    expect(phone.commands).toEqual([])
    expect(other.commands.map(command => command.body)).toEqual(['Hi Ann', 'Again'])
  })

  it('gives nothing while something stands against sending', async () => {
    world.blocked = ['The data key is missing.']
    world.addCampaign([ANN])
    await phone.connect()
    expect(phone.commands).toEqual([])
    expect(world.dispatch.mayLease(phone.phoneId)).toBe(false)
  })
})

describe('taking back', () => {
  it('queues a message again only on the word of the phone that holds it', async () => {
    const campaign = world.addCampaign([ANN])
    await phone.connect()
    const { id, assignment } = phone.commands[0]!
    await phone.say({ type: 'accepted', id, assignment })
    world.db.write(tx => {
      tx.run("UPDATE campaigns SET state = 'paused'")
      world.dispatch.takeBack(tx, campaign, 'queued')
    })
    world.dispatch.wake()
    await world.settle()
    expect(phone.recalls).toEqual([{ id, assignment }])
    expect(world.message(ANN)).toMatchObject({ state: 'accepted', recall: 'queued' })
    await phone.say({ type: 'returned', id, assignment, reason: 'recalled' })
    expect(world.message(ANN)).toMatchObject({ state: 'queued', recall: null })
    world.db.write(tx => tx.run("UPDATE campaigns SET state = 'running'"))
    await phone.status(10)
    expect(phone.commands.at(-1)).toMatchObject({ id, assignment: 2 })
  })

  it('lets an attempt stand that was faster than the cancel', async () => {
    const campaign = world.addCampaign([ANN])
    await phone.connect()
    world.db.write(tx => world.dispatch.takeBack(tx, campaign, 'cancelled'))
    await phone.send(phone.commands[0]!)
    expect(world.message(ANN).state).toBe('sent')
  })

  it('says again what a phone may have missed, and first what is wanted back', async () => {
    const campaign = world.addCampaign([ANN, BOB])
    await phone.connect()
    const [first, second] = phone.commands
    world.dispatch.disconnected(phone)
    world.db.write(tx =>
      tx.run("UPDATE messages SET recall = 'cancelled' WHERE id = ? AND campaign_id = ?", first!.id, campaign),
    )
    world.restartHub()
    const again = new ScriptedPhone(world, phone.phoneId)
    await again.connect(0)
    expect(again.recalls).toEqual([{ id: first!.id, assignment: 1 }])
    expect(again.commands).toEqual([second])
    await again.say({ type: 'denied', id: first!.id, assignment: 1 })
    expect(world.message(first!.number).state).toBe('cancelled')
  })

  it('recalls what a phone has accepted and nobody wants from it: an old journal was let in, or a backup restored', async () => {
    world.addCampaign([ANN, BOB])
    await phone.connect()
    const [first, second] = phone.commands
    await phone.send(first!)
    await phone.say({ type: 'accepted', id: second!.id, assignment: 1 })
    world.dispatch.disconnected(phone)
    world.db.write(tx => tx.run('UPDATE phones SET acked_seq = 0'))
    const old = new ScriptedPhone(world, phone.phoneId)
    world.dispatch.connected(old, 3)
    await old.say(
      { type: 'accepted', id: first!.id, assignment: 1 },
      { type: 'accepted', id: second!.id, assignment: 1 },
      { type: 'accepted', id: 'a-message-of-another-time', assignment: 1 },
    )
    expect(old.recalls).toEqual([
      { id: first!.id, assignment: 1 },
      { id: 'a-message-of-another-time', assignment: 1 },
    ])
    expect(world.dispatch.mayLease(phone.phoneId)).toBe(true)
    // It does so until the phone has answered, whatever happens in between.
    world.restartHub()
    const again = new ScriptedPhone(world, phone.phoneId)
    again.seq = old.seq
    await again.connect(0)
    expect(again.recalls).toEqual(old.recalls)
    await again.say({ type: 'returned', id: first!.id, assignment: 1, reason: 'recalled' })
    world.restartHub()
    const last = new ScriptedPhone(world, phone.phoneId)
    last.seq = again.seq
    await last.connect(0)
    expect(last.recalls).toEqual([{ id: 'a-message-of-another-time', assignment: 1 }])
  })

  it('gives no lease before the whole journal of the phone is applied', async () => {
    world.addCampaign([ANN])
    world.dispatch.connected(phone, 2)
    await world.settle()
    await phone.status(10)
    expect(world.dispatch.mayLease(phone.phoneId)).toBe(false)
    expect(phone.commands).toEqual([])
    await phone.text(BOB, 'hello', 1)
    await phone.text(BOB, 'hello', 2)
    expect(world.dispatch.mayLease(phone.phoneId)).toBe(true)
    await phone.status(10)
    expect(phone.commands).toHaveLength(1)
  })

  it('tries a refused message again later', async () => {
    world.addCampaign([ANN])
    await phone.connect()
    const { id, assignment, slot } = phone.commands[0]!
    const at = world.now
    await phone.say(
      { type: 'accepted', id, assignment },
      { type: 'attempting', id, assignment, slot, number: ANN, bodyHash: '0'.repeat(64), at },
      { type: 'refused', id, assignment, reason: 'permission', detail: 'Please grant', at },
    )
    expect(world.message(ANN)).toMatchObject({ state: 'queued', reason: 'permission' })
    await phone.status(10)
    expect(phone.commands).toHaveLength(1)
    world.now += 60_000
    await phone.status(10)
    expect(phone.commands).toHaveLength(2)
  })

  it('makes everything unknown that a lost journal held, and never sends it again by itself', async () => {
    world.addCampaign([ANN, BOB])
    await phone.connect()
    await phone.say({ type: 'accepted', id: phone.commands[0]!.id, assignment: 1 })
    world.db.write(tx => {
      tx.run("UPDATE messages SET recall = 'queued' WHERE number = ?", BOB)
      loseMemory(tx, heldByPhone(tx, phone.phoneId), 'journal_lost', world.now, QUIET)
    })
    expect(world.states()).toEqual({ unknown: 2 })
    expect(world.message(BOB).reason).toBe('journal_lost')
    await phone.say({ type: 'returned', id: phone.commands[0]!.id, assignment: 1, reason: 'recalled' })
    await phone.status(10)
    expect(world.states()).toEqual({ unknown: 2 })
    expect(phone.commands).toHaveLength(2)
  })
})

describe('what phones report', () => {
  it('cuts off a phone whose journal has a gap, and applies nothing after it', async () => {
    await phone.connect()
    phone.seq = 5
    await phone.text(ANN, 'hello', 1)
    expect(phone.failed).not.toBe('')
    expect(world.db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 0 })
  })

  it('acknowledges nothing that could not be stored, and stores it when the disk takes it again', async () => {
    await phone.connect()
    world.db.connection.exec("CREATE TRIGGER full BEFORE INSERT ON inbound BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    await phone.text(ANN, 'hello', 1)
    expect(phone.acked).toBe(0)
    expect(world.dispatch.blockedBy().join()).toContain('cannot be written')
    world.db.connection.exec('DROP TRIGGER full')
    world.dispatch.wake()
    await world.settle()
    expect(phone.acked).toBe(1)
    expect(world.dispatch.blockedBy()).toEqual([])
  })

  it('takes attempts of messages that it does not know as a bar to the same text', async () => {
    await phone.connect(0)
    const body = 'Hi Ann'
    const bodyHash = (await import('node:crypto')).createHash('sha256').update(body).digest('hex')
    await phone.say({
      type: 'attempting',
      id: 'a-message-of-later',
      assignment: 1,
      slot: 0,
      number: ANN,
      bodyHash,
      at: NOON,
    })
    world.addCampaign([ANN])
    await phone.status(10)
    expect(phone.commands).toEqual([])
    expect(world.message(ANN).state).toBe('queued')
  })

  it('learns of attempts that a restored database has forgotten', async () => {
    world.addCampaign([ANN])
    const { id } = world.message(ANN)
    await phone.connect(0)
    await phone.send({
      id,
      assignment: 3,
      kind: 'campaign',
      number: ANN,
      body: 'Hi Ann',
      segments: 1,
      slot: 0,
      notAfter: NOON,
    })
    expect(world.message(ANN)).toMatchObject({ state: 'sent', assignment: 3, simId })
  })

  it('takes the word of a phone that was paired anew for what it attempted before', async () => {
    const id = 'a-message-of-another-time'
    const at = NOON
    const told = [
      { type: 'attempting', id, assignment: 1, slot: 0, number: ANN, bodyHash: '1'.repeat(64), at },
      { type: 'handed_over', id, assignment: 1, at },
    ] as const
    await phone.connect()
    await phone.say(...told)
    world.addCampaign([BOB])
    await phone.status(10)
    const [command] = phone.commands
    await phone.say({ type: 'accepted', id: command!.id, assignment: 1 }, { ...told[0], id: command!.id, number: BOB })
    world.db.write(tx => {
      tx.run('UPDATE phones SET revoked_at = ? WHERE id = ?', NOON, phone.phoneId)
      loseMemory(tx, heldByPhone(tx, phone.phoneId), 'phone_revoked', NOON, QUIET)
    })
    expect(world.message(BOB)).toMatchObject({ state: 'unknown', reason: 'phone_revoked' })
    const again = new ScriptedPhone(world, world.addPhone('Phone again').phoneId)
    await again.connect()
    await again.say(
      ...told,
      { type: 'sent', id, assignment: 1, rowId: 1, at },
      { type: 'sent', id: command!.id, assignment: 1, rowId: 2, at },
    )
    expect(world.db.all('SELECT message_id AS id, state FROM foreign_attempts')).toEqual([{ id, state: 'sent' }])
    expect(world.message(BOB).state).toBe('sent')
  })

  it('renders a text anew that only the phone had, once the phone says that it was not attempted', async () => {
    world.addCampaign([ANN])
    const { id } = world.message(ANN)
    await phone.connect(0)
    await phone.say({ type: 'accepted', id, assignment: 3 })
    expect(world.message(ANN)).toMatchObject({ state: 'accepted', assignment: 3 })
    await phone.say({ type: 'returned', id, assignment: 3, reason: 'recalled' })
    await phone.status(10)
    expect(phone.commands).toMatchObject([{ id, assignment: 4, body: 'Hi Ann', segments: 1 }])
  })

  it('takes the same text for a twin of one that only the phone had and has attempted', async () => {
    world.addCampaign([ANN])
    const { id } = world.message(ANN)
    await phone.connect(0)
    const bodyHash = createHash('sha256').update('Hi Ann').digest('hex')
    await phone.say(
      { type: 'accepted', id, assignment: 3 },
      { type: 'attempting', id, assignment: 3, slot: 0, number: ANN, bodyHash, at: NOON },
    )
    world.addCampaign([ANN])
    await phone.status(10)
    expect(phone.commands).toEqual([])
    expect(world.states()).toEqual({ attempting: 1, queued: 1 })
  })
})

describe('STOP', () => {
  it('suppresses, recalls what phones hold, drops what waits, and confirms once', async () => {
    world.addCampaign([ANN, BOB])
    world.addCampaign([ANN], { template: 'Second' })
    await phone.connect(2)
    expect(phone.commands).toHaveLength(2)
    await phone.text(ANN, 'Stop.', 1)
    await phone.text(ANN, 'STOP', 2)
    const held = phone.commands.filter(command => command.number === ANN && command.kind === 'campaign')
    expect(held.length).toBeGreaterThan(0)
    expect(new Set(phone.recalls.map(({ id }) => id))).toEqual(new Set(held.map(({ id }) => id)))
    for (const { id } of held) await phone.say({ type: 'denied', id, assignment: 1 })
    await phone.status(10)
    expect(world.db.all('SELECT kind, state FROM messages WHERE number = ? ORDER BY kind, state', ANN)).toEqual([
      { kind: 'campaign', state: 'suppressed' },
      { kind: 'campaign', state: 'suppressed' },
      { kind: 'confirmation', state: 'assigned' },
    ])
    expect(phone.commands.filter(command => command.number === ANN && command.kind === 'confirmation')).toHaveLength(1)
  })

  it('lets START back in and answers, HELP is answered, and neither is after STOP', async () => {
    await phone.connect(10)
    await phone.text(ANN, 'STOP', 1)
    await phone.text(ANN, 'HELP', 2)
    await phone.text(ANN, 'start', 3)
    await phone.text(BOB, 'help', 4)
    await phone.text(BOB, 'help', 4_000)
    await phone.text(CAT, 'Yes', 5)
    await phone.status(10)
    const answers = phone.commands.map(({ number, kind, body }) => [number, kind, body])
    expect(answers).toEqual([
      [ANN, 'confirmation', world.settings.texts.stop],
      [ANN, 'answer', world.settings.texts.start],
      [BOB, 'answer', world.settings.texts.help],
    ])
    expect(world.db.get('SELECT count(*) AS n FROM suppressions')).toEqual({ n: 0 })
  })

  it('recalls before it acknowledges, so that nothing slips through in between', async () => {
    world.addCampaign([ANN])
    await phone.connect()
    const order: string[] = []
    phone.recall = () => void order.push('recall')
    phone.ack = () => void order.push('ack')
    await phone.text(ANN, 'STOP', 1)
    expect(order.slice(0, 2)).toEqual(['recall', 'ack'])
  })

  it('is not read out of texts that are older than the pairing', async () => {
    await phone.connect(10)
    await phone.say({
      type: 'inbound',
      store: 'S',
      rowId: 1,
      sender: ANN,
      number: ANN,
      body: 'STOP',
      receivedAt: 1,
      old: true,
    })
    expect(world.db.get('SELECT count(*) AS n FROM suppressions')).toEqual({ n: 0 })
    expect(world.db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 1 })
  })

  it('holds everything back, without a confirmation, when the wording is likely but not certain', async () => {
    world.addCampaign([ANN])
    await phone.connect(0)
    await phone.text(ANN, 'not interested', 1)
    await phone.status(10)
    expect(phone.commands).toEqual([])
    expect(world.db.get('SELECT reason FROM suppressions')).toEqual({ reason: 'likely' })
    await phone.text(ANN, 'STOP', 2)
    expect(world.db.get('SELECT reason FROM suppressions')).toEqual({ reason: 'stop' })
  })
})
