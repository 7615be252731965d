import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ScriptedPhone, World } from '../../support/world.ts'
import { Office } from './kit.ts'

const HOUR = 3_600_000
const utc = (text: string) => Date.parse(`${text}Z`)
const DAYS = [1, 2, 3, 4, 5, 6, 7]

describe('where a contact is', () => {
  let office: Office
  beforeEach(() => {
    office = new Office()
    office.addPhone()
    // 20:30 in New York, 19:30 in Chicago, 17:30 in Los Angeles.
    office.world.now = utc('2026-01-15T01:30')
  })
  afterEach(() => office.close())

  const due = (campaign: number) => office.messages(campaign).map(({ zones, dueAt }) => ({ zones, dueAt }))

  it('decides when messages are due: by postcode, by number, by both where they disagree', async () => {
    office.addContact('+13055550101')
    office.addContact('+13125550102', { postcode: '60601' })
    office.addContact('+13105550103', { postcode: '10001' })
    const id = await office.started()
    const morning = utc('2026-01-15T13:00')
    expect(due(id)).toEqual([
      // Florida has closed at 20:00.
      { zones: 'America/New_York@US-FL', dueAt: morning },
      { zones: 'America/Los_Angeles@US-CA America/New_York@US-NY', dueAt: office.world.now },
      { zones: 'America/Chicago@US-IL', dueAt: office.world.now },
    ])
  })

  it('can be corrected: what waits is due anew, and what a phone holds is taken back', async () => {
    const waiting = office.addContact('+13055550101')
    const held = office.addContact('+13125550102')
    const id = await office.started()
    const phone = new ScriptedPhone(office.world, office.lanes[0]!.phoneId)
    await phone.connect()
    expect(phone.commands.map(command => command.number)).toEqual(['+13125550102'])

    const moved = await office.ask('contacts.update', { id: waiting, zone: 'America/Los_Angeles' })
    expect(moved).toMatchObject({ zoneSource: 'hand', zones: ['America/Los_Angeles'] })
    expect(due(id)[0]).toEqual({ zones: 'America/Los_Angeles', dueAt: office.world.now })

    await office.ask('contacts.update', { id: held, postcode: '10001', zone: 'America/New_York' })
    // New York closes at 21:00, but the phone has it still: the hub wants it back and then looks at the new place.
    office.world.dispatch.wake()
    await office.world.settle()
    expect(phone.recalls.map(({ id: message }) => message)).toEqual([phone.commands[0]!.id])

    const back = await office.ask('contacts.update', { id: waiting, zone: null, postcode: null })
    expect(back).toMatchObject({ zoneSource: 'number' })
    expect(due(id)[0]).toEqual({ zones: 'America/New_York@US-FL', dueAt: utc('2026-01-15T13:00') })
  })

  it('keeps that a list gave the zone when a form is saved without another one', async () => {
    const id = office.addContact('+13055550101', { zone: 'America/Chicago' })
    const saved = await office.ask('contacts.update', { id, firstName: 'Bea', zone: 'America/Chicago' })
    expect(saved).toMatchObject({ zone: 'America/Chicago', zoneSource: 'column' })
    expect((await office.ask('contacts.update', { id, zone: 'America/Denver' })).zoneSource).toBe('hand')
    expect((await office.refusal('contacts.update', { id, postcode: 'nowhere' })).message).toContain('60601')
  })

  it('is told with what is held, until when and why', async () => {
    const contact = office.addContact('+13055550101')
    const id = await office.started()
    const until = utc('2026-01-15T13:00')
    const because = 'it is after 20:00 in New York, where Florida ends (Fla. Stat. 501.616(6)(a))'
    const hours = await office.ask('contacts.hours', { id: contact })
    expect(hours).toMatchObject({
      places: [{ zone: 'America/New_York', region: 'US-FL' }],
      ...{ source: 'number', open: false, until, zone: 'America/New_York', because },
      held: [{ campaignId: id, campaign: 'Sale', held: { until, zone: 'America/New_York', because } }],
    })
    const { items } = await office.ask('messages.list', { campaignId: id })
    expect(items[0]!.held).toEqual({ until, zone: 'America/New_York', because })
    const outlook = await office.ask('campaigns.outlook', { id })
    expect(outlook.held).toEqual([{ until, zone: 'America/New_York', because, messages: 1, more: false }])
    expect(outlook.perDay).toMatchObject([{ date: '2026-01-15', messages: 1, lanes: [{ messages: 1 }] }])
    office.world.now = until
    expect((await office.ask('contacts.hours', { id: contact })).open).toBe(true)
    expect((await office.ask('messages.list', { campaignId: id })).items[0]!.held).toBeNull()
  })

  it('skips holidays there where a campaign wants that, and states where it does not', async () => {
    office.world.now = utc('2026-12-25T15:00')
    office.addContact('+13055550101')
    office.addContact('+493012345678', { country: 'DE' })
    const hours = { from: 480, to: 1260, days: DAYS }
    const holidays = await office.started({ hours: { ...hours, holidays: ['public'] } })
    expect(due(holidays).map(({ dueAt }) => dueAt)).toEqual([
      utc('2026-12-26T13:00'),
      // The second day of Christmas is a holiday in Germany and not in Florida.
      utc('2026-12-27T07:00'),
    ])
    office.world.now = utc('2026-12-29T01:30')
    const plain = await office.started({ hours: { ...hours, regional: false } })
    expect(due(plain)[0]!.dueAt).toBe(office.world.now)
  })

  it('says in the forecast how many go on which day by which phone, over hours and limits', async () => {
    const limits = {
      windows: [{ segments: 30, windowMs: 24 * HOUR }],
      recipientsPerMonth: null,
      pauseMs: [0, 0] as [number, number],
    }
    office.lanes[0] = { ...office.lanes[0]!, limits }
    office.addPhone({ limits: { ...limits, windows: [{ segments: 10, windowMs: 24 * HOUR }] } })
    for (let at = 0; at < 100; at += 1) office.addContact(`+1312555${String(1000 + at)}`)
    const review = await office.ask('campaigns.review', { id: await office.draft() })
    expect(review.perDay.length).toBeGreaterThan(2)
    expect(review.perDay.reduce((sum, one) => sum + one.messages, 0)).toBe(100)
    for (const one of review.perDay) {
      expect(one.lanes.reduce((sum, lane) => sum + lane.messages, 0)).toBe(one.messages)
      expect(one.lanes[0]!.messages).toBeGreaterThan(one.lanes[1]!.messages)
    }
    expect(review.endsAt).toBeGreaterThan(office.world.now + 2 * 24 * HOUR)
  })
})

describe('sending over changes of the clocks', () => {
  /** The clock is another; the phone has room, and whatever is due goes to it. */
  async function goOn(world: World, phone: ScriptedPhone, at: number, room = 1_000): Promise<void> {
    world.now = at
    await phone.status(room)
    world.dispatch.wake()
    await world.settle()
  }

  /** Minutes since midnight by the wall clock of a zone. */
  function minuteIn(zone: string, at: number): number {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    const [hour, minute] = parts.format(at).split(':').map(Number)
    return hour! * 60 + minute!
  }

  it('opens by the new clock on the day after, in zones with half hours too', async () => {
    const zones = {
      'America/New_York': ['2026-03-07T13:00', '2026-03-08T12:00'],
      'America/St_Johns': ['2026-03-07T11:30', '2026-03-08T10:30'],
      'Asia/Kolkata': ['2026-03-07T02:30', '2026-03-08T02:30'],
    }
    for (const [zone, [before, after]] of Object.entries(zones)) {
      const world = new World()
      // Saturday, just after closing, and everything is due: the dispatch itself has to hold it.
      world.now = utc(before!) + 13 * HOUR
      const phone = new ScriptedPhone(world, world.addPhone().phoneId)
      world.addContact('+12125550101')
      world.addCampaign(['+12125550101'], { zones: zone, hours: { from: 480, to: 1260, days: DAYS } })
      await phone.connect()
      expect([zone, phone.commands.length]).toEqual([zone, 0])
      for (const at of [utc(after!) - 1, utc(after!)]) {
        await goOn(world, phone, at)
        expect([zone, at, phone.commands.length]).toEqual([zone, at, at === utc(after!) ? 1 : 0])
      }
      // The day in spring has 23 hours: the lease still ends when the clock there shows 21:00.
      expect(minuteIn(zone, phone.commands[0]!.notAfter)).toBe(1260)
      world.close()
    }
  })

  it('gives a phone nothing outside of the hours at the recipient, however the clock jumps', async () => {
    const zone = fc.constantFrom(
      ...['Asia/Kolkata', 'Australia/Eucla', 'Australia/Lord_Howe', 'America/St_Johns', 'America/New_York'],
      ...['Europe/London', 'Pacific/Chatham', 'Asia/Kathmandu'],
    )
    const zones = fc.uniqueArray(zone, { minLength: 1, maxLength: 2 })
    const change = fc.constantFrom(
      ...['2026-03-08T07:00', '2026-11-01T06:00', '2026-03-29T01:00', '2026-10-25T01:00', '2026-04-04T15:00'],
      ...['2026-10-03T15:30', '2026-09-26T14:00'],
    )
    const begin = fc.integer({ min: -30, max: 6 })
    // Hours by which the clock goes on; a computer's clock is set back at times.
    const jumps = fc.array(
      fc.oneof(fc.double({ min: 0, max: 9, noNaN: true }), fc.double({ min: -3, max: 0, noNaN: true })),
      {
        minLength: 8,
        maxLength: 14,
      },
    )
    let given = 0
    await fc.assert(
      fc.asyncProperty(zones, change, begin, jumps, async (places, around, hours, list) => {
        const world = new World()
        try {
          world.now = utc(around) + hours * HOUR
          const phone = new ScriptedPhone(world, world.addPhone().phoneId)
          const numbers = Array.from({ length: 30 }, (_, at) => `+1212555${1000 + at}`)
          for (const number of numbers) world.addContact(number)
          world.addCampaign(numbers, { zones: places.join(' '), hours: { from: 480, to: 1260, days: DAYS } })
          await phone.connect(3)
          let seen = 0
          for (const jump of list) {
            await goOn(world, phone, world.now + Math.round(jump * HOUR), 3)
            for (const { notAfter } of phone.commands.slice(seen)) {
              for (const place of places) {
                // Now, at the end of the lease and half-way there.
                for (const at of [world.now, Math.floor((world.now + notAfter) / 2), notAfter - 1]) {
                  const minute = minuteIn(place, at)
                  expect([place, new Date(at).toISOString(), minute >= 480 && minute < 1260]).toEqual([
                    place,
                    new Date(at).toISOString(),
                    true,
                  ])
                }
              }
            }
            for (const command of phone.commands.slice(seen)) await phone.send(command)
            given += phone.commands.length - seen
            seen = phone.commands.length
          }
        } finally {
          world.close()
        }
      }),
      { numRuns: 12 },
    )
    expect(given).toBeGreaterThan(0)
  })

  it('holds what became due on a holiday or after the state has closed, until the next opening', async () => {
    const world = new World()
    world.now = utc('2026-11-26T17:00')
    const phone = new ScriptedPhone(world, world.addPhone().phoneId)
    const hours = { from: 480, to: 1260, days: DAYS, holidays: ['public'] }
    world.addContact('+13055550101')
    world.addCampaign(['+13055550101'], { zones: 'America/New_York@US-FL', hours })
    await phone.connect()
    expect(phone.commands).toHaveLength(0)
    // The day after Thanksgiving is one in Florida too.
    await goOn(world, phone, utc('2026-11-27T17:00'))
    expect(phone.commands).toHaveLength(0)
    await goOn(world, phone, utc('2026-11-28T13:00'))
    expect(phone.commands).toMatchObject([{ notAfter: utc('2026-11-29T01:00') }])
    world.close()
  })
})
