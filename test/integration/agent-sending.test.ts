import { fsyncSync, ftruncateSync, writeSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { JournalFiles } from '../../phone-agent/src/journal-files.ts'
import type { LaneLimits } from '../../src/shared/phone-protocol.ts'
import { WIDE } from './agent-support/fake-hub.ts'
import { bench, order, running, until } from './agent-support/setup.ts'

const narrow = (some: Partial<LaneLimits>) => [{ slot: 0, limits: { ...WIDE, ...some } }]

describe('sending', () => {
  it('goes from the order to the proof, one entry after the other', async () => {
    const { hub, phone, clock } = await running()
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('handed_over'))
    expect(phone.radio).toMatchObject([{ slot: 0, number: command.number, body: command.body }])
    // The row is there at once, but it has to last.
    const { listed } = phone
    await until(() => phone.listed > listed + 6)
    expect(hub.story(command.id)).toEqual(['accepted', 'attempting', 'handed_over'])
    clock.pass(5500)
    await until(() => hub.story(command.id).includes('sent'))
    expect(hub.of('sent')).toMatchObject([{ id: command.id, rowId: phone.rows[0]!.id }])
  })

  it('happens once, however often the hub repeats the order', async () => {
    const { hub, phone } = await running()
    const command = order()
    for (let i = 0; i < 5; i++) hub.assign(command)
    await until(() => hub.story(command.id).includes('handed_over'))
    hub.assign(command, command)
    hub.assign({ ...command, assignment: 2 })
    await until(() => hub.story(command.id).includes('attempted_before'))
    expect(hub.of('attempted_before')).toMatchObject([{ assignment: 2, attempted: 1, outcome: 'handed_over' }])
    expect(phone.radio).toHaveLength(1)
  })

  it('takes confirmations first and campaigns last, one at a time', async () => {
    const { hub, phone } = await running(({ hub: made }) => {
      made.lease = false
    })
    const kinds = ['campaign', 'reply', 'test', 'confirmation', 'answer'] as const
    let inside = 0
    phone.beforeSend = async () => {
      expect(++inside).toBe(1)
      await new Promise(resolve => setTimeout(resolve, 5))
      inside--
    }
    const list = kinds.map(kind => order({ kind, body: kind }))
    hub.assign(...list)
    await until(() => hub.of('accepted').length === 5)
    hub.lease = true
    await until(() => phone.radio.length === 5)
    expect(phone.radio.map(one => one.body)).toEqual(['confirmation', 'answer', 'reply', 'test', 'campaign'])
  })

  it('uses each SIM for what is meant for it', async () => {
    const { hub, phone } = await running(({ phone: made }) => {
      made.slots = 2
    })
    // The second slot has not shown yet that there is a SIM in it.
    await until(() => hub.status?.lanes[1]?.halt === 'sim_missing')
    expect(hub.status!.lanes[1]!.room).toBe(0)
    const [first, second] = [order(), order({ slot: 1 })]
    hub.assign(first, second)
    await until(() => hub.story(second.id).includes('returned'))
    expect(hub.of('returned')).toMatchObject([{ id: second.id, reason: 'lane_closed' }])
    expect(phone.radio.map(one => one.slot)).toEqual([0])
  })
})

describe('a message without proof', () => {
  it('becomes unknown, is never sent again, and is settled by a row that comes late', async () => {
    const { hub, phone, clock } = await running(({ hub: made }) => {
      made.settings = { ...made.settings, proofMs: 1000 }
    })
    phone.results.push('lost')
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('unknown'))
    expect(hub.of('unknown')).toMatchObject([{ reason: 'no_proof' }])
    hub.assign({ ...command, assignment: 2 })
    await until(() => hub.story(command.id).includes('attempted_before'))
    phone.addSent(command.number, command.body)
    clock.pass(61_000)
    await until(() => hub.connections > 1 && hub.connected)
    clock.pass(61_000)
    await until(() => hub.story(command.id).includes('sent'), 20_000)
    expect(phone.radio).toHaveLength(0)
  })

  it('because the command hung says so', async () => {
    const { hub, phone } = await running(({ hub: made }) => {
      made.settings = { ...made.settings, proofMs: 1000 }
    })
    phone.results.push({ kind: 'unknown', timeout: true })
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('unknown'))
    expect(hub.story(command.id)).toEqual(['accepted', 'attempting', 'unknown'])
    expect(hub.of('unknown')).toMatchObject([{ reason: 'timeout' }])
  })

  it('although the command hung is proved by its row', async () => {
    const { hub, phone, clock } = await running()
    phone.results.push({ kind: 'unknown', timeout: true })
    const command = order()
    phone.beforeSend = number => void phone.addSent(number, command.body)
    hub.assign(command)
    await until(() => phone.rows.length > 0 && hub.story(command.id).includes('attempting'))
    const { listed } = phone
    await until(() => phone.listed > listed + 3)
    clock.pass(5500)
    await until(() => hub.story(command.id).includes('sent'))
  })

  it('whose row vanishes again is not sent', async () => {
    const { hub, phone, clock } = await running(({ hub: made }) => {
      made.settings = { ...made.settings, proofMs: 7000 }
    })
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('handed_over'))
    const { listed } = phone
    await until(() => phone.listed > listed + 3)
    phone.rows[0]!.hidden = true
    await until(() => phone.listed > listed + 8)
    clock.pass(7500)
    await until(() => hub.story(command.id).includes('unknown'))
    expect(hub.story(command.id)).not.toContain('sent')
  })

  it('is ambiguous when other rows of this app went to the number, and not proved by another app’s row', async () => {
    const { hub, phone } = await running(({ hub: made }) => {
      made.settings = { ...made.settings, proofMs: 1000 }
    })
    phone.results.push('lost', 'lost')
    const [a, b] = [order(), order()]
    hub.assign(a)
    await until(() => hub.story(a.id).includes('handed_over'))
    phone.addSent(a.number, 'Something else')
    await until(() => hub.story(a.id).includes('unknown'))
    hub.assign(b)
    await until(() => hub.story(b.id).includes('handed_over'))
    phone.addSent(b.number, b.body, { creator: 'com.google.android.apps.messaging' })
    await until(() => hub.story(b.id).includes('unknown'))
    expect(hub.of('unknown').map(one => one.reason)).toEqual(['ambiguous', 'no_proof'])
  })

  it('twice in a row halts the lane, which gives back what it holds and goes on when it is told to', async () => {
    const { hub, phone, clock } = await running(({ hub: made }) => {
      made.settings = { ...made.settings, proofMs: 1000, lanes: narrow({ pauseMs: [1500, 1500] }) }
    })
    phone.results.push('lost', 'lost')
    const list = Array.from({ length: 4 }, () => order())
    hub.assign(...list)
    await until(() => hub.status?.lanes[0]?.halt === 'no_proof')
    expect(hub.status!.lanes[0]).toMatchObject({ room: 0 })
    expect(hub.status!.lanes[0]!.haltUntil! - hub.now()).toBeGreaterThan(10 * 60_000)
    clock.pass(6000)
    await until(() => hub.of('returned').length > 0)
    expect(new Set(hub.of('returned').map(one => one.reason))).toEqual(new Set(['lane_closed']))
    expect(hub.of('unknown').length).toBeLessThanOrEqual(3)
    hub.send({ t: 'resume-lane', slot: 0 })
    const next = order()
    hub.assign(next)
    await until(() => hub.story(next.id).includes('handed_over'))
  })

  it('is known to be one at once where nothing can be proved, and does not halt the lane', async () => {
    const { hub, phone } = await running(({ phone: made }) => {
      made.selects = false
    })
    await until(() => hub.status?.warnings.some(text => text.includes('0.59')) ?? false)
    expect(hub.status!.canProve).toBe(false)
    hub.assign(order(), order(), order())
    await until(() => hub.of('unknown').length === 3)
    expect(hub.of('unknown').map(one => one.reason)).toEqual(['cannot_prove', 'cannot_prove', 'cannot_prove'])
    expect(phone.radio).toHaveLength(3)
  })
})

describe('a refusal', () => {
  it('is no attempt, halts the lane for a while, and the message can be assigned again', async () => {
    const { hub, phone } = await running()
    phone.results.push({ kind: 'refused', reason: 'permission', detail: 'Please grant SEND_SMS' })
    const command = order()
    hub.assign(command)
    await until(() => hub.status?.lanes[0]?.halt === 'permission')
    expect(hub.of('refused')).toMatchObject([{ reason: 'permission', detail: 'Please grant SEND_SMS' }])
    expect(hub.status!.lanes[0]!.haltUntil! - hub.now()).toBeLessThanOrEqual(31_000)
    hub.assign({ ...command, assignment: 2 })
    await until(() => hub.of('accepted').length === 2)
    hub.send({ t: 'resume-lane', slot: 0 })
    await until(() => hub.story(command.id).at(-1) === 'handed_over')
    expect(phone.radio).toHaveLength(1)
  })
})

describe('an order that must not be attempted', () => {
  it('waits for the lease, and does not go without one', async () => {
    const { hub, phone, clock } = await running(({ hub: made }) => {
      made.lease = false
    })
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('accepted'))
    const { listed } = phone
    await until(() => phone.listed > listed + 5)
    expect(phone.radio).toHaveLength(0)
    hub.lease = true
    await until(() => phone.radio.length === 1, 8000)
    hub.lease = false
    // The lease from before would still last, but the hub has said no since.
    clock.pass(5000)
    await new Promise(resolve => setTimeout(resolve, 5500))
    hub.assign(order())
    await until(() => hub.of('accepted').length === 2)
    const again = phone.listed
    await until(() => phone.listed > again + 5)
    expect(phone.radio).toHaveLength(1)
  })

  it('stays where it is when the connection is gone', async () => {
    const { hub, phone } = await running(({ hub: made }) => {
      made.settings = { ...made.settings, lanes: narrow({ pauseMs: [800, 800] }) }
    })
    hub.assign(...Array.from({ length: 5 }, () => order()))
    await until(() => phone.radio.length >= 1)
    await hub.down()
    const sent = phone.radio.length
    await new Promise(resolve => setTimeout(resolve, 2500))
    expect(phone.radio.length).toBeLessThanOrEqual(sent + 1)
  })

  it('is not sent any more when the lease ends while the attempt is being journalled', async () => {
    const { hub, phone, clock, start } = await bench()
    let slow = false
    await start({
      write(fd, bytes, from, position) {
        if (String(bytes).includes('"attempting"')) slow = true
        return writeSync(fd, bytes, from, bytes.length - from, position)
      },
      sync(fd) {
        if (slow) clock.pass(31_000)
        slow = false
        fsyncSync(fd)
      },
      truncate: (fd, size) => ftruncateSync(fd, size),
    })
    await until(() => hub.status !== null)
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('refused'))
    expect(hub.of('refused')).toMatchObject([
      { reason: 'command_error', detail: expect.stringContaining('lease ended') },
    ])
    expect(phone.radio).toEqual([])
    // The agent's own doing halts nothing.
    hub.assign({ ...command, assignment: 2 })
    await until(() => hub.of('refused').length === 2)
    expect(hub.status!.lanes[0]!.halt).toBeNull()
  })

  it('is given back where the hub has no use for the lane', async () => {
    const { hub, clock } = await running(({ hub: made }) => {
      made.settings = { ...made.settings, lanes: [] }
    })
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('accepted'))
    clock.pass(6000)
    hub.resettle({})
    await until(() => hub.story(command.id).includes('returned'))
    expect(hub.of('returned')).toMatchObject([{ reason: 'lane_closed' }])
  })

  it('is given back when its time is over by the hub’s clock, whatever the phone’s clock says', async () => {
    const { hub, phone, clock } = await running(({ hub: made }) => {
      made.clockMs = 50 * 3_600_000
      made.lease = false
    })
    const command = order({ notAfter: hub.now() + 20_000 })
    hub.assign(command)
    await until(() => hub.story(command.id).includes('accepted'))
    clock.wallStep = -1e9
    clock.pass(15_000)
    await new Promise(resolve => setTimeout(resolve, 1500))
    expect(hub.story(command.id)).toEqual(['accepted'])
    clock.pass(6000)
    await until(() => hub.story(command.id).includes('returned'))
    expect(hub.of('returned')).toMatchObject([{ reason: 'too_late' }])
    expect(phone.radio).toHaveLength(0)
  })

  it('is given back when the hub takes it back', async () => {
    const { hub, phone } = await running(({ hub: made }) => {
      made.lease = false
    })
    const command = order()
    hub.assign(command)
    hub.recall({ id: command.id, assignment: 1 }, { id: 'never-seen', assignment: 3 })
    await until(() => hub.of('denied').length === 1)
    hub.lease = true
    hub.assign(command, order({ id: 'never-seen', assignment: 3 }))
    const other = order()
    hub.assign(other)
    await until(() => hub.story(other.id).includes('handed_over'))
    expect(hub.story(command.id)).toEqual(['accepted', 'returned'])
    expect(hub.story('never-seen')).toEqual(['denied'])
    expect(phone.radio).toHaveLength(1)
  })

  it('is given back above the cap of the month', async () => {
    const { hub, phone } = await running(({ hub: made }) => {
      made.settings = { ...made.settings, lanes: narrow({ recipientsPerMonth: 1 }) }
    })
    const [first, second] = [order(), order()]
    hub.assign(first)
    await until(() => hub.story(first.id).includes('handed_over'))
    hub.assign(second, order({ number: first.number }))
    await until(() => hub.of('handed_over').length === 2)
    expect(hub.of('returned')).toMatchObject([{ id: second.id, reason: 'cap_reached' }])
    expect(phone.radio.map(one => one.number)).toEqual([first.number, first.number])
  })

  it('waits for its segments, and the status says so', async () => {
    const { hub, phone, clock } = await running(({ hub: made }) => {
      made.settings = {
        ...made.settings,
        lanes: narrow({ windows: [{ segments: 3, windowMs: 10_000 }] }),
      }
    })
    hub.assign(order({ segments: 2 }), order({ segments: 2 }))
    await until(() => phone.radio.length === 1 && hub.of('accepted').length === 2)
    hub.assign(order({ segments: 1, kind: 'reply' }))
    await until(() => phone.radio.length === 2)
    await until(() => hub.status?.lanes[0]?.halt === 'gate')
    expect(hub.status!.lanes[0]!.used).toEqual([3])
    clock.pass(10_000)
    await until(() => phone.radio.length === 3)
  })
})

describe('twins', () => {
  it('wait for the proof of the first, also in another lane, while others go on', async () => {
    const { hub, phone, clock } = await running(({ phone: made }) => {
      made.slots = 2
    })
    const first = order()
    const twin = order({ number: first.number, body: ` ${first.body}` })
    const other = order()
    hub.assign(first, twin, other)
    await until(() => hub.story(other.id).includes('handed_over'))
    expect(hub.story(twin.id)).toEqual(['accepted'])
    const { listed } = phone
    await until(() => phone.listed > listed + 3)
    clock.pass(5500)
    await until(() => hub.story(twin.id).includes('handed_over'))
    expect(hub.story(first.id)).toContain('sent')
  })

  it('are given back when their time is over', async () => {
    const { hub, phone, clock } = await running(({ hub: made }) => {
      made.settings = { ...made.settings, proofMs: 1000 }
    })
    phone.results.push('lost')
    const first = order()
    const twin = order({ number: first.number, body: first.body, notAfter: hub.now() + 10_000 })
    hub.assign(first, twin)
    await until(() => hub.story(first.id).includes('unknown'))
    clock.pass(11_000)
    await until(() => hub.story(twin.id).includes('returned'))
    expect(hub.of('returned')).toMatchObject([{ reason: 'twin_waiting' }])
  })
})

describe('after a STOP', () => {
  it('that the hub has not acknowledged nothing is attempted to its sender, except the confirmation', async () => {
    const { hub, phone } = await running(({ hub: made }) => {
      made.acks = false
    })
    const number = '+14155559001'
    hub.known.add(number)
    phone.receive('(415) 555-9001', 'Stop')
    await until(() => hub.of('inbound').length === 1)
    const blocked = order({ number, kind: 'reply' })
    const confirmation = order({ number, kind: 'confirmation' })
    const other = order()
    hub.assign(blocked, confirmation, other)
    await until(() => hub.story(other.id).includes('handed_over') && hub.story(confirmation.id).includes('handed_over'))
    expect(hub.story(blocked.id)).toEqual(['accepted'])
    hub.recall({ id: blocked.id, assignment: 1 })
    hub.ack()
    await until(() => hub.story(blocked.id).includes('returned'))
    expect(phone.radio.map(one => one.number).sort()).toEqual([number, other.number].sort())
  })

  it('that can be read on the phone nothing is attempted, even if it came in the moment before', async () => {
    const { hub, phone } = await running(({ hub: made }) => {
      made.acks = false
      made.settings = { ...made.settings, pollMs: { active: 60_000, idle: 60_000 } }
    })
    const [first, second] = [order(), order()]
    phone.beforeSend = () => void phone.receive(second.number, 'stop it')
    hub.assign(first, second)
    await until(() => hub.of('inbound').length === 1)
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(phone.radio.map(one => one.number)).toEqual([first.number])
  })

  it('of somebody whom nobody knew, it is reported before the first attempt', async () => {
    const { hub, phone } = await running(({ hub: made }) => {
      made.acks = false
    })
    const number = '+14155559002'
    phone.receive(number, 'STOP')
    await until(() => hub.frames.some(frame => frame.t === 'known?'))
    await new Promise(resolve => setTimeout(resolve, 600))
    expect(hub.of('inbound')).toEqual([])
    const command = order({ number })
    hub.assign(command)
    await until(() => hub.of('inbound').length === 1)
    await new Promise(resolve => setTimeout(resolve, 600))
    expect(phone.radio).toEqual([])
    hub.ack()
    await until(() => phone.radio.length === 1)
  })
})

describe('trouble on the phone', () => {
  it('with the SMS store stops sending until the store can be read again', async () => {
    const { hub, phone } = await running()
    phone.unreadable = 'Please grant READ_SMS'
    await until(() => hub.status?.lanes[0]?.halt === 'store_unreadable')
    expect(hub.status!.canProve).toBe(false)
    expect(hub.status!.warnings.join()).toContain('READ_SMS')
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('accepted'))
    phone.unreadable = null
    await until(() => hub.story(command.id).includes('handed_over'), 15_000)
  })

  it('with a SIM that was swapped halts the lane until it is resumed', async () => {
    const { hub, phone, clock } = await running()
    const send = async (): Promise<void> => {
      const command = order()
      hub.assign(command)
      await until(() => hub.story(command.id).includes('handed_over'))
      const { listed } = phone
      await until(() => phone.listed > listed + 3)
      clock.pass(11_000)
      await until(() => hub.story(command.id).includes('sent'))
    }
    await send()
    phone.subIds = [9, 2]
    await send()
    await until(() => hub.status?.lanes[0]?.halt === 'sim_swapped')
    hub.send({ t: 'resume-lane', slot: 0 })
    await send()
    await new Promise(resolve => setTimeout(resolve, 1500))
    expect(hub.status?.lanes[0]?.halt).toBeNull()
  })

  it('with a full disk attempts nothing, and takes up the work when there is room', async () => {
    const { hub, phone, start } = await bench()
    let full = false
    const files: JournalFiles = {
      write(fd, bytes, from, position) {
        if (full) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
        return writeSync(fd, bytes, from, bytes.length - from, position)
      },
      sync: async fd => fsyncSync(fd),
      truncate: (fd, size) => ftruncateSync(fd, size),
    }
    await start(files)
    await until(() => hub.status !== null)
    full = true
    const command = order()
    hub.assign(command)
    await until(() => hub.status?.lanes[0]?.halt === 'disk_full')
    expect(hub.status!.warnings.join()).toContain('no free storage')
    expect(hub.story(command.id)).toEqual([])
    expect(phone.radio).toEqual([])
    full = false
    await until(() => hub.story(command.id).includes('handed_over'), 15_000)
    expect(phone.radio).toHaveLength(1)
  })
})
