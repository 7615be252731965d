import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/main/services/operations/caller.ts'
import { wakeSnoozed } from '../../../src/main/services/snoozes.ts'
import { manhattan, Office } from '../campaigns/kit.ts'
import { text, user } from './kit.ts'

const ANN = manhattan(1)
const BOB = manhattan(2)
const HOUR = 3_600_000

let office: Office
let eve: Extract<Caller, { kind: 'user' }>
let max: Extract<Caller, { kind: 'user' }>

beforeEach(() => {
  office = new Office()
  office.addPhone()
  eve = user(office, 'eve')
  max = user(office, 'max')
})
afterEach(() => office.close())

const wake = () => wakeSnoozed(office.parts)
const order = async (input: object = {}) =>
  (await office.ask('inbox.threads', input, eve)).items.map(item => `${item.number} ${item.state}`)

describe('a thread', () => {
  it('is assigned to somebody who can sign in, and to nobody again', async () => {
    const threadId = text(office, ANN, 'hello')
    expect((await office.ask('inbox.people', {}, eve)).people).toEqual([
      { id: eve.id, username: 'eve', name: 'Eve' },
      { id: max.id, username: 'max', name: 'Max' },
    ])
    expect(await office.ask('inbox.assign', { threadId, userId: max.id }, eve)).toEqual({
      ...{ state: 'open', snoozedUntil: null, assignedTo: max.id },
    })
    expect((await office.ask('inbox.thread', { id: threadId }, eve)).assignee).toBe('Max')
    expect((await office.ask('inbox.threads', { mine: true }, max)).items).toMatchObject([
      { id: threadId, assignee: 'Max' },
    ])
    expect((await office.ask('inbox.threads', { mine: true }, eve)).items).toEqual([])
    // A script is nobody's colleague.
    expect((await office.ask('inbox.threads', { mine: true })).items).toEqual([])
    expect((await office.ask('inbox.threads', { unassigned: true }, eve)).items).toEqual([])
    expect(await office.ask('inbox.counts', {}, max)).toMatchObject({ open: 1, mine: 1, unassigned: 0 })
    office.db.write(tx => tx.run('UPDATE users SET active = 0 WHERE id = ?', eve.id))
    expect(await office.refusal('inbox.assign', { threadId, userId: eve.id }, max)).toMatchObject({
      ...{ code: 'conflict', message: 'Eve cannot sign in at the moment. Choose somebody else.' },
    })
    expect(await office.refusal('inbox.assign', { threadId, userId: 99 }, max)).toMatchObject({ code: 'not_found' })
    await office.ask('inbox.assign', { threadId, userId: null }, max)
    expect((await office.ask('inbox.threads', { unassigned: true, state: 'open' }, max)).items).toHaveLength(1)
  })

  it('of somebody who is deleted belongs to nobody, and the counts know it', async () => {
    const threadId = text(office, ANN, 'hello')
    await office.ask('inbox.assign', { threadId, userId: max.id }, eve)
    office.db.write(tx => tx.run('DELETE FROM users WHERE id = ?', max.id))
    expect((await office.ask('inbox.thread', { id: threadId }, eve)).assignedTo).toBeNull()
    expect(await office.ask('inbox.counts', {}, eve)).toMatchObject({ open: 1, unassigned: 1 })
  })

  it('is put off, comes back at its time on top, and says so in the audit log by its id', async () => {
    const first = text(office, ANN, 'one')
    const until = office.world.now + HOUR
    await office.ask('inbox.snooze', { threadId: first, until }, eve)
    office.world.now += HOUR / 2
    text(office, BOB, 'two')
    expect(wake()).toBe(false)
    expect(await order({ state: 'open' })).toEqual([`${BOB} open`])
    expect(await order({ state: 'snoozed' })).toEqual([`${ANN} snoozed`])
    office.world.now += HOUR
    office.world.happenings.length = 0
    wake()
    expect(await order({ state: 'open' })).toEqual([`${ANN} open`, `${BOB} open`])
    expect(office.world.happenings).toEqual([{ type: 'thread', id: first }])
    expect(office.db.get('SELECT actor, action, subject FROM audit ORDER BY seq DESC LIMIT 1')).toEqual({
      ...{ actor: 'system', action: 'inbox.wake', subject: `thread:${first}` },
    })
    const page = await office.ask('inbox.threads', { limit: 1 }, eve)
    const rest = await office.ask('inbox.threads', { limit: 1, after: page.next! }, eve)
    expect([...page.items, ...rest.items].map(item => item.number)).toEqual([ANN, BOB])
  })

  it('is put off to a time that comes, within a year', async () => {
    const threadId = text(office, ANN, 'one')
    const { now } = office.world
    const refused = async (until: number) => office.refusal('inbox.snooze', { threadId, until }, eve)
    expect(await refused(now)).toMatchObject({ code: 'invalid_input', message: /still to come/ as never })
    expect(await refused(now + 400 * 24 * HOUR)).toMatchObject({ message: /more than a year/ as never })
    expect(await office.refusal('inbox.close', { threadId: 99 }, eve)).toMatchObject({ code: 'not_found' })
  })

  it('is closed and opened again; a text does both, and doing it twice is no error', async () => {
    const threadId = text(office, ANN, 'one')
    await office.ask('inbox.close', { threadId }, eve)
    expect(await office.ask('inbox.close', { threadId }, max)).toMatchObject({ state: 'closed' })
    expect(await order({ state: 'open' })).toEqual([])
    text(office, ANN, 'two')
    expect(await order({ state: 'open' })).toEqual([`${ANN} open`])
    await office.ask('inbox.snooze', { threadId, until: office.world.now + HOUR }, eve)
    text(office, ANN, 'three')
    expect(await order()).toEqual([`${ANN} open`])
    await office.ask('inbox.close', { threadId }, eve)
    expect(await office.ask('inbox.unsnooze', { threadId }, eve)).toMatchObject({ state: 'closed' })
    expect(await office.ask('inbox.reopen', { threadId }, eve)).toMatchObject({ state: 'open' })
  })

  it('names the campaign and the message that a reply belongs to', async () => {
    office.addContact(ANN)
    const campaignId = await office.started({ name: 'Open day' })
    const [message] = office.messages(campaignId)
    office.db.write(tx =>
      tx.run(
        "UPDATE messages SET state = 'sent', body = 'Hi', attempted_at = ? WHERE id = ?",
        office.world.now,
        message!.id,
      ),
    )
    const threadId = text(office, ANN, 'yes', { campaignId, at: office.world.now + 1000 })
    text(office, BOB, 'who is this?')
    const { items } = await office.ask('inbox.threads', {}, eve)
    expect(items.map(item => item.answers)).toEqual([
      { campaignId, campaign: 'Open day', messageId: message!.id },
      null,
    ])
    const { entries } = await office.ask('inbox.thread', { id: threadId }, eve)
    expect(entries.at(-1)).toMatchObject({ direction: 'in', campaignId, answers: message!.id })
  })
})

describe('any sequence of what people do, of texts and of time', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom('close', 'reopen', 'unsnooze', 'text', 'assign', 'leave'), who: fc.nat(1) }),
    fc.record({ kind: fc.constant('snooze'), who: fc.nat(1), hours: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('wait'), who: fc.constant(0), hours: fc.integer({ min: 1, max: 4 }) }),
  )

  it('leaves no thread asleep beyond its time, none closed after a text, and counts that are right', async () => {
    const threads = [text(office, ANN, 'a'), text(office, BOB, 'b')]
    const numbers = [ANN, BOB]
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async steps => {
        const expected = new Map<number, { state: string; until: number | null }>()
        for (const threadId of threads) {
          await office.ask('inbox.reopen', { threadId }, eve)
          expected.set(threadId, { state: 'open', until: null })
        }
        for (const one of steps) {
          const threadId = threads[one.who]!
          const known = expected.get(threadId)!
          if (one.kind === 'snooze') {
            const until = office.world.now + (one as { hours: number }).hours * HOUR
            await office.ask('inbox.snooze', { threadId, until }, eve)
            expected.set(threadId, { state: 'snoozed', until })
          } else if (one.kind === 'wait') {
            office.world.now += (one as { hours: number }).hours * HOUR
            while (wake()) {}
            for (const [id, { until }] of expected)
              if (until !== null && until <= office.world.now) expected.set(id, { state: 'open', until: null })
          } else if (one.kind === 'text') {
            text(office, numbers[one.who]!, 'again')
            expected.set(threadId, { state: 'open', until: null })
          } else if (one.kind === 'assign' || one.kind === 'leave') {
            await office.ask('inbox.assign', { threadId, userId: one.kind === 'assign' ? max.id : null }, eve)
          } else {
            await office.ask(`inbox.${one.kind}` as 'inbox.close', { threadId }, eve)
            const state = one.kind === 'close' ? 'closed' : 'open'
            if (one.kind !== 'unsnooze' || known.state === 'snoozed') expected.set(threadId, { state, until: null })
          }
        }
        const rows = office.db.all<{ id: number; state: string; until: number | null }>(
          'SELECT id, state, snoozed_until AS until FROM threads ORDER BY id',
        )
        expect(rows).toEqual(threads.map(id => ({ id, ...expected.get(id) })))
        expect(
          office.db.all('SELECT assigned_to AS who, state, threads FROM thread_counts WHERE threads > 0 ORDER BY 1, 2'),
        ).toEqual(
          office.db.all(
            'SELECT coalesce(assigned_to, 0) AS who, state, count(*) AS threads FROM threads GROUP BY 1, 2 ORDER BY 1, 2',
          ),
        )
      }),
      { numRuns: 25 },
    )
  })
})

describe('a note', () => {
  it('calls users by @name until they have seen it', async () => {
    const threadId = text(office, ANN, 'one')
    const note = await office.ask('inbox.add-note', { threadId, body: 'Can you call, @max? And me, @eve.' }, eve)
    expect(note).toMatchObject({ by: 'Eve', own: true, editedAt: null })
    expect((await office.ask('inbox.mentions', {}, max)).items).toMatchObject([
      { id: note.id, threadId, number: ANN, by: 'Eve', seen: false },
    ])
    // Nobody calls themselves.
    expect((await office.ask('inbox.mentions', {}, eve)).items).toEqual([])
    expect((await office.ask('inbox.mentions', {})).items).toEqual([])
    expect(await office.ask('inbox.counts', {}, max)).toMatchObject({ mentions: 1 })
    expect(await office.ask('inbox.thread', { id: threadId }, max)).toMatchObject({
      mentions: 1,
      notes: [{ own: false }],
    })
    await office.ask('inbox.see-mentions', { threadId }, max)
    expect(await office.ask('inbox.counts', {}, max)).toMatchObject({ mentions: 0 })
    expect((await office.ask('inbox.mentions', { unseen: true }, max)).items).toEqual([])
    expect((await office.ask('inbox.mentions', {}, max)).items).toMatchObject([{ seen: true }])
  })

  it('is changed by who wrote it only, and calls whom it calls then', async () => {
    const threadId = text(office, ANN, 'one')
    const { id } = await office.ask('inbox.add-note', { threadId, body: 'Call her.' }, eve)
    expect(await office.refusal('inbox.edit-note', { id, body: 'Do not.' }, max)).toMatchObject({ code: 'conflict' })
    office.world.now += 1000
    expect(await office.ask('inbox.edit-note', { id, body: '@max call her.' }, eve)).toMatchObject({
      ...{ body: '@max call her.', editedAt: office.world.now },
    })
    expect((await office.ask('inbox.mentions', {}, max)).items).toHaveLength(1)
    await office.ask('inbox.edit-note', { id, body: 'Done.' }, eve)
    expect((await office.ask('inbox.mentions', {}, max)).items).toEqual([])
    await office.ask('inbox.delete-note', { id }, max)
    expect(await office.refusal('inbox.edit-note', { id, body: 'x' }, eve)).toMatchObject({ code: 'not_found' })
  })
})

describe('a saved reply', () => {
  it('is filled in with the fields of the person, or says what is missing', async () => {
    office.addContact(ANN, { firstName: 'Ann', attributes: { city: 'Oslo' } })
    const [ann, bob] = [text(office, ANN, 'one'), text(office, BOB, 'two')]
    const saved = await office.ask(
      'inbox.save-template',
      { name: 'Hours', body: 'Hi {{ first_name }}, {{ city }} opens at nine.' },
      eve,
    )
    expect(await office.ask('inbox.fill-template', { id: saved.id, threadId: ann }, eve)).toEqual({
      ...{ text: 'Hi Ann, Oslo opens at nine.', problem: null, segments: 1, encoding: 'GSM-7' },
    })
    const missing = await office.ask('inbox.fill-template', { id: saved.id, threadId: bob }, eve)
    expect(missing.text).toBe('')
    expect(missing.problem).toMatch(/first_name.*default/)
    await office.ask('inbox.save-template', { ...saved, body: 'Hi {{ first_name | default: "there" }}’s' }, eve)
    expect(await office.ask('inbox.fill-template', { id: saved.id, threadId: bob }, eve)).toMatchObject({
      ...{ text: 'Hi there’s', encoding: 'UCS-2' },
    })
  })

  it('is refused where it is no template, with the place', async () => {
    const answer = await office.refusal('inbox.save-template', { name: 'Bad', body: 'Hi {{ first name }}' }, eve)
    expect(answer).toMatchObject({ code: 'invalid_input' })
    expect(answer.message).toMatch(/Line 1, column/)
  })
})
