import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { insertCampaignMessage } from '../../../src/main/db/campaign-fill.ts'
import { contactById, deleteContact } from '../../../src/main/db/contacts.ts'
import { cancelStep, fillStep, fitStep } from '../../../src/main/services/campaigns/fill.ts'
import { manhattan, Office } from './kit.ts'

let office: Office

beforeEach(() => {
  office = new Office()
})
afterEach(() => office.close())

function addMany(count: number): void {
  office.db.write(() => {
    for (let index = 0; index < count; index += 1) office.addContact(manhattan(index))
  })
}

describe('making the messages of a campaign', () => {
  it('makes one for each contact of the audience, without a text yet, and says so in the counters', async () => {
    office.addPhone()
    office.addContact(manhattan(1), { list: 'Friends' })
    office.addContact(manhattan(2), { list: 'Friends' })
    office.addContact(manhattan(3), { list: 'Others' })
    const id = await office.started({ audience: { lists: ['Friends'] } })
    expect(office.messages(id)).toMatchObject([
      {
        number: manhattan(1),
        state: 'queued',
        body: null,
        segments: 0,
        zones: 'America/New_York@US-NY',
        pinned: 0,
        simId: null,
      },
      {
        number: manhattan(2),
        state: 'queued',
        body: null,
        segments: 0,
        zones: 'America/New_York@US-NY',
        pinned: 0,
        simId: null,
      },
    ])
    const progress = await office.ask('campaigns.progress', { id })
    expect(progress).toMatchObject({ state: 'running', filled: true, messages: 2, states: { queued: 2, sent: 0 } })
  })

  it('goes on after a crash where it was, however often it crashes', async () => {
    office.addPhone()
    addMany(730)
    const id = await office.draft()
    await office.ask('campaigns.start', { id })
    let steps = 0
    while (fillStep(office.parts)) {
      steps += 1
      const progress = await office.ask('campaigns.progress', { id })
      expect(progress.filled).toBe(progress.messages === 730)
      office.restart()
    }
    expect(steps).toBeGreaterThan(7)
    const messages = office.messages(id)
    expect(new Set(messages.map(message => message.number)).size).toBe(730)
    expect(messages).toHaveLength(730)
    const { kept, counted } = office.counted(id)
    expect(kept).toEqual(counted)
  })

  it('stores nothing of a step that fails in its middle, and does it again', async () => {
    office.addPhone()
    addMany(150)
    const id = await office.draft()
    await office.ask('campaigns.start', { id })
    const { ids, clock } = office.parts
    let made = 0
    const failing = {
      ...office.parts,
      // A step ends after some milliseconds; this one gets to the message that fails, however slow the computer is.
      clock: { now: () => clock.now(), mono: () => 0 },
      ids: { next: () => (++made === 50 ? raise() : ids.next()) },
    }
    expect(() => fillStep(failing)).toThrow('disk')
    expect(office.messages(id)).toEqual([])
    while (fillStep(office.parts));
    expect(office.messages(id)).toHaveLength(150)
  })

  it('waits while the data key is closed, and goes on when it is there', async () => {
    office.addPhone()
    addMany(20)
    // Only by the key can anybody tell whether one of them is the person who was erased.
    office.world.db.write(tx => {
      tx.run(
        "INSERT INTO suppressions (number, number_hash, reason, created_by, created_at) VALUES (NULL, ?, 'erased', 'local', 0)",
        office.world.hash('+12125559999'),
      )
    })
    const id = await office.draft()
    await office.ask('campaigns.start', { id })
    office.keyMissing = true
    expect(fillStep(office.parts)).toBe(false)
    expect(office.messages(id)).toEqual([])
    office.keyMissing = false
    await office.background.idle()
    expect(office.messages(id)).toHaveLength(20)
  })

  it('leaves out with the same reasons as the review, and counts them', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    office.addContact(manhattan(2), { suppressed: true })
    office.addContact(manhattan(3), { consent: false })
    office.addContact(manhattan(4), { firstName: '' })
    office.addContact(manhattan(5), { firstName: 'x'.repeat(1600) })
    // Toll-free numbers may be anywhere from Hawaii to the Caribbean: an hour a day is not common to all of them.
    office.addContact('+18005550199', { country: null })
    const id = await office.draft({
      template: 'Dear {{ first_name }}, reply STOP to end',
      requireConsent: true,
      hours: { from: 540, to: 600, days: [1, 2, 3, 4, 5, 6, 7] },
    })
    const review = await office.ask('campaigns.review', { id })
    await office.ask('campaigns.start', { id })
    await office.background.idle()
    const { leftOut } = await office.ask('campaigns.progress', { id })
    expect(leftOut).toEqual({
      body_too_long: 1,
      consent_missing: 1,
      field_missing: 1,
      suppressed: 1,
      zone_ambiguous: 1,
    })
    expect(Object.fromEntries(review.leftOut.map(({ code, contacts }) => [code, contacts]))).toEqual(leftOut)
    expect(office.messages(id)).toHaveLength(review.messages)
    const { kept, counted } = office.counted(id)
    expect(kept).toEqual(counted)
  })

  it('never makes two to one number, even when the contact was made anew in between', async () => {
    office.addPhone()
    const first = office.addContact(manhattan(1))
    for (let index = 2; index < 120; index += 1) office.addContact(manhattan(index))
    const id = await office.draft()
    await office.ask('campaigns.start', { id })
    fillStep(office.parts)
    office.db.write(tx => deleteContact(tx, contactById(tx, first)!))
    office.addContact(manhattan(1))
    await office.background.idle()
    const numbers = office.messages(id).map(message => message.number)
    expect(numbers.filter(number => number === manhattan(1))).toHaveLength(1)
    expect(numbers).toHaveLength(119)
    expect((await office.ask('campaigns.progress', { id })).leftOut).toEqual({ has_message: 1 })
    const plan = {
      id: office.world.nextId(),
      contactId: first,
      number: manhattan(1),
      zones: '',
      simId: null,
      dueAt: 0,
      expiresAt: null,
      step: 0,
      variant: 0,
    }
    expect(office.db.write(tx => insertCampaignMessage(tx, id, { ...plan, contactId: 2 }, 'local', 0))).toBe(false)
  })
})

describe('when a message is due', () => {
  it('is at once within the hours of the recipient, and at their opening outside of them', async () => {
    // 17:00 UTC: noon in New York, 9:00 in Los Angeles, 18:00 in Berlin, 2:00 of the next day in Tokyo.
    office.addPhone()
    office.addContact('+12125550101')
    office.addContact('+12135550101')
    office.addContact('+4915123456789', { country: 'DE' })
    office.addContact('+819012345678', { country: 'JP' })
    const id = await office.started()
    const due = new Map(office.messages(id).map(message => [message.number, message]))
    expect(due.get('+12125550101')!.dueAt).toBe(office.world.now)
    expect(due.get('+12135550101')!.dueAt).toBe(office.world.now)
    expect(due.get('+4915123456789')!.zones).toContain('Europe/Berlin')
    expect(due.get('+4915123456789')!.dueAt).toBe(office.world.now)
    expect(due.get('+819012345678')!.dueAt).toBe(Date.parse('2026-01-14T23:00:00Z'))
  })

  it('follows the clocks when they change overnight', async () => {
    // New York goes on summer time on 8 March 2026 at 2:00, so 8:00 comes an hour earlier in UTC.
    office.world.now = Date.parse('2026-03-08T03:30:00Z')
    office.addPhone()
    office.addContact(manhattan(1))
    // Berlin goes back on 25 October 2026; here in March it has not changed yet.
    office.addContact('+4915123456789', { country: 'DE' })
    const id = await office.started()
    const [newYork, berlin] = office.messages(id)
    expect(new Date(newYork!.dueAt).toISOString()).toBe('2026-03-08T12:00:00.000Z')
    expect(new Date(berlin!.dueAt).toISOString()).toBe('2026-03-08T07:00:00.000Z')
  })

  it('knows zones with half and quarter hours', async () => {
    office.world.now = Date.parse('2026-01-14T20:00:00Z')
    office.addPhone()
    office.addContact('+919876543210', { country: 'IN' })
    office.addContact('+9779812345678', { country: 'NP' })
    office.addContact('+61412345678', { country: 'AU', zone: 'Australia/Adelaide' })
    const id = await office.started()
    const due = new Map(office.messages(id).map(({ number, dueAt }) => [number, new Date(dueAt).toISOString()]))
    expect(due.get('+919876543210')).toBe('2026-01-15T02:30:00.000Z')
    expect(due.get('+9779812345678')).toBe('2026-01-15T02:15:00.000Z')
    expect(due.get('+61412345678')).toBe('2026-01-14T21:30:00.000Z')
  })

  it('waits for the overlap when the zone is not certain', async () => {
    // 13:00 UTC: 8:00 in New York, 5:00 in Los Angeles, 3:00 in Honolulu.
    office.world.now = Date.parse('2026-01-14T13:00:00Z')
    office.addPhone()
    office.addContact('+14805550101', { country: 'US', zone: 'America/Phoenix' })
    office.addContact('+18005550101', { country: 'US' })
    const id = await office.started()
    const unsure = office.messages(id).find(message => message.number === '+18005550101')!
    expect(unsure.zones.split(' ').length).toBeGreaterThan(4)
    // Honolulu opens last, at 18:00 UTC.
    expect(unsure.dueAt).toBeGreaterThanOrEqual(Date.parse('2026-01-14T18:00:00Z'))
  })
})

describe('the lane that somebody knows', () => {
  it('is kept, as long as it may send this campaign', async () => {
    const one = office.addPhone()
    const other = office.addPhone()
    const off = office.addPhone({ enabled: false })
    const blind = office.addPhone({ canProve: false })
    for (const [index, lane] of [one, other, off, blind].entries()) {
      office.addContact(manhattan(index), { simId: lane.simId })
    }
    const all = await office.started()
    expect(office.messages(all).map(({ simId, pinned }) => [simId, pinned])).toEqual([
      [one.simId, 1],
      [other.simId, 1],
      [null, 0],
      [null, 0],
    ])
    const chosen = await office.started({ sims: [other.simId] })
    expect(office.messages(chosen).map(({ simId }) => simId)).toEqual([null, other.simId, null, null])
    const unproven = await office.draft()
    await office.ask('campaigns.start', { id: unproven, allowUnproven: true })
    await office.background.idle()
    expect(office.messages(unproven)[3]).toMatchObject({ simId: blind.simId, pinned: 1 })
  })
})

describe('changing a campaign that has begun', () => {
  it('fits what waits to the new hours, lanes and expiry, step by step', async () => {
    const one = office.addPhone()
    const other = office.addPhone()
    office.db.write(() => {
      for (let index = 0; index < 250; index += 1) office.addContact(manhattan(index), { simId: one.simId })
    })
    const id = await office.started()
    const expiresAt = office.world.now + 3 * 86_400_000
    await office.ask('campaigns.update', {
      id,
      hours: { from: 900, to: 1000, days: [1, 2, 3, 4, 5, 6, 7] },
      sims: [other.simId],
      expiresAt,
    })
    let steps = 0
    while (fitStep(office.parts)) {
      steps += 1
      office.restart()
    }
    expect(steps).toBeGreaterThan(2)
    const opening = Date.parse('2026-01-14T20:00:00Z')
    for (const message of office.messages(id)) {
      expect(message).toMatchObject({ dueAt: opening, expiresAt, simId: null, pinned: 0 })
    }
  })

  it('takes back what phones hold, and gives that the new expiry too', async () => {
    const lane = office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.started()
    office.db.write(tx => tx.run("UPDATE messages SET state = 'accepted', body = 'Hi', sim_id = ?", lane.simId))
    const expiresAt = office.world.now + 1000
    await office.ask('campaigns.update', { id, expiresAt })
    await office.background.idle()
    expect(office.db.get('SELECT state, recall, expires_at AS expiresAt FROM messages')).toEqual({
      state: 'accepted',
      recall: 'queued',
      expiresAt,
    })
  })
})

describe('cancelling', () => {
  it('ends every waiting message in steps, goes on after a crash, and catches what comes back later', async () => {
    const lane = office.addPhone()
    addMany(650)
    const id = await office.started()
    await office.ask('campaigns.cancel', { id })
    expect(cancelStep(office.parts)).toBe(true)
    const half = await office.ask('campaigns.progress', { id })
    expect(half.states.queued).toBeGreaterThan(0)
    expect(half.states.queued + half.states.cancelled).toBe(650)
    const background = office.restart()
    await background.idle()
    expect((await office.ask('campaigns.progress', { id })).states).toMatchObject({ queued: 0, cancelled: 650 })
    // A phone refused one that it had begun to attempt before the cancel: it is queued again, and must not go out.
    office.db.write(tx =>
      tx.run("UPDATE messages SET state = 'queued', sim_id = ? WHERE number = ?", lane.simId, manhattan(3)),
    )
    await background.idle()
    expect((await office.ask('campaigns.progress', { id })).states).toMatchObject({ queued: 0, cancelled: 650 })
    background.stop()
  })

  it('makes no further messages, and ends them only here', async () => {
    office.addPhone()
    addMany(300)
    const id = await office.draft()
    await office.ask('campaigns.start', { id })
    fillStep(office.parts)
    await office.ask('campaigns.cancel', { id })
    await office.background.idle()
    const { messages, states, filled } = await office.ask('campaigns.progress', { id })
    expect(messages).toBeLessThanOrEqual(200)
    expect(states.cancelled).toBe(messages)
    expect(filled).toBe(true)
  })
})

describe('any order of steps, pauses, edits and crashes', () => {
  it('keeps the counters equal to a full count, and one message to each number', async () => {
    type Act =
      | 'fill'
      | 'fit'
      | 'cancelStep'
      | 'pause'
      | 'resume'
      | 'cancel'
      | 'crash'
      | 'edit'
      | 'suppress'
      | 'sent'
      | 'work'
    const act = fc.constantFrom<Act>(
      'fill',
      'fill',
      'fill',
      'fit',
      'cancelStep',
      'pause',
      'resume',
      'cancel',
      'crash',
      'edit',
      'suppress',
      'sent',
      'work',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async acts => {
        const own = new Office()
        try {
          const lane = own.addPhone()
          own.db.write(() => {
            for (let index = 0; index < 330; index += 1)
              own.addContact(manhattan(index), { firstName: index % 9 ? 'Ada' : '' })
          })
          const id = await own.draft({ template: 'Hi {{ first_name }}. Reply STOP to end' })
          await own.ask('campaigns.start', { id })
          let cancelled = false
          for (const [index, what] of acts.entries()) {
            if (what === 'fill') fillStep(own.parts)
            else if (what === 'fit') fitStep(own.parts)
            else if (what === 'cancelStep') cancelStep(own.parts)
            else if (what === 'crash') own.restart()
            else if (what === 'work') own.work.completeDone()
            else if (what === 'suppress') own.suppress(manhattan(index * 3))
            else if (what === 'sent') {
              own.db.write(tx =>
                tx.run(
                  "UPDATE messages SET state = 'sent', body = 'Hi', segments = 1, sim_id = ? WHERE id IN (SELECT id FROM messages WHERE state = 'queued' LIMIT 7)",
                  lane.simId,
                ),
              )
            } else {
              const { state } = await own.ask('campaigns.get', { id })
              if (what === 'pause' && state === 'running') await own.ask('campaigns.pause', { id })
              if (what === 'resume' && state === 'paused') await own.ask('campaigns.resume', { id })
              if (what === 'edit' && (state === 'running' || state === 'paused')) {
                await own.ask('campaigns.update', { id, expiresAt: own.world.now + 1000 * (index + 1) })
              }
              if (what === 'cancel' && (state === 'running' || state === 'paused')) {
                await own.ask('campaigns.cancel', { id })
                cancelled = true
              }
            }
            const { kept, counted } = own.counted(id)
            expect(kept).toEqual(counted)
          }
          const { state } = await own.ask('campaigns.get', { id })
          if (state === 'paused') await own.ask('campaigns.resume', { id })
          own.restart()
          await own.parts.background.idle()
          own.parts.background.stop()
          const messages = own.messages(id)
          expect(new Set(messages.map(message => message.number)).size).toBe(messages.length)
          const { kept, counted } = own.counted(id)
          expect(kept).toEqual(counted)
          const leftOut = Object.values((await own.ask('campaigns.progress', { id })).leftOut).reduce(
            (a, b) => a + b,
            0,
          )
          if (!cancelled) expect(messages.length + leftOut).toBe(330)
          else expect(messages.every(message => message.state === 'cancelled' || message.state === 'sent')).toBe(true)
        } finally {
          own.close()
        }
      }),
      { numRuns: 25 },
    )
  })
})

function raise(): never {
  throw new Error('the disk is full')
}
