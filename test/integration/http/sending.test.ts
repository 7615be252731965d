import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL } from '../../../src/main/services/operations/caller.ts'
import type { OperationName } from '../../../src/shared/operations/index.ts'
import { operations } from '../../../src/shared/operations/index.ts'
import { Hub } from './kit.ts'

const NUMBER = '+12025550142'
let hub: Hub
let user: string
let phone: string

beforeAll(async () => {
  hub = await Hub.open({ web: false })
  user = await hub.key('user')
  phone = await hub.key('termux')
})
afterAll(() => hub.close())

const post = (path: string, body: unknown, headers: Record<string, string> = {}, key = user) =>
  hub.ask(path, { method: 'POST', body, headers: { 'x-api-key': key, ...headers } })
const messages = (number: string) =>
  hub.peek.all<{ kind: string; body: string; created_by: string; expires_at: number | null }>(
    'SELECT kind, body, created_by, expires_at FROM messages WHERE number = ? ORDER BY id',
    number,
  )

describe('sending one text', () => {
  it('queues it like any other and says so', async () => {
    const answer = await post('/api/sms/send', { phone: NUMBER, message: 'Your table is ready.' }, {}, phone)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ phone: NUMBER, state: 'queued', segments: 1, encoding: 'GSM-7', notice: '' })
    expect(messages(NUMBER)).toMatchObject([{ kind: 'direct', body: 'Your table is ready.' }])
    const status = await hub.ask(`/api/sms/status?id=${answer.body['id']}`, { headers: { 'x-api-key': user } })
    expect(status.body).toMatchObject({ id: answer.body['id'], phone: NUMBER, state: 'queued', settled: false })
  })

  it('takes a number in any form under the country of the settings, or the one given', async () => {
    const first = await post('/api/sms/send/enhanced', { phone: '(202) 555-0143', message: 'Hello' })
    expect(first.body).toMatchObject({ phone: '+12025550143', segments: 1 })
    const second = await post('/api/sms/send/enhanced', { phone: '07400 123456', country: 'GB', message: 'Grüße 👋' })
    expect(second.body).toMatchObject({ phone: '+447400123456', encoding: 'UCS-2' })
  })

  it('says what is wrong with a number or a text', async () => {
    const number = await post('/api/sms/send', { phone: '202-555-0142', message: 'Hello' })
    expect(number.status).toBe(400)
    expect(number.body['fields']).toEqual({ phone: 'an international number such as +12025550123' })
    const short = await post('/api/sms/send/enhanced', { phone: '12', message: 'Hello' })
    expect(short.body['fields']).toHaveProperty('phone')
    const empty = await post('/api/sms/send', { phone: NUMBER, message: '   ' })
    expect(empty.body['fields']).toHaveProperty('message')
    const long = await post('/api/sms/send', { phone: NUMBER, message: '👋'.repeat(400) })
    expect([long.status, long.body['fields']]).toEqual([400, { message: expect.stringMatching(/segments in UCS-2/) }])
    const past = await post('/api/sms/send', { phone: NUMBER, message: 'Late', expiresAt: 1000 })
    expect(past.body['fields']).toHaveProperty('expiresAt')
  })

  it('refuses a suppressed number with a sentence, by every door', async () => {
    await hub.done('suppression.add', { number: '+12025550150', note: 'asked' })
    for (const [path, body] of [
      ['/api/sms/send', { phone: '+12025550150', message: 'Hi' }],
      ['/api/sms/send/enhanced', { phone: '202 555 0150', message: 'Hi' }],
      ['/api/sms/test', { phone: '+12025550150' }],
    ] as const) {
      const answer = await post(path, body)
      expect([answer.status, answer.body['error']]).toEqual([409, 'Conflict'])
      expect(answer.body['message']).toMatch(/opted out or was put on the suppression list/)
    }
    expect(messages('+12025550150')).toEqual([])
  })

  it('takes an equal text too, and says that it waits for the first', async () => {
    const text = { phone: '+12025550151', message: 'Twice' }
    const first = await post('/api/sms/send', text)
    const second = await post('/api/sms/send', text)
    expect(first.body['notice']).toBe('')
    expect(second.body['notice']).toMatch(/same text to this number is on its way.*Idempotency-Key/)
    expect(second.body['id']).not.toBe(first.body['id'])
    expect(messages('+12025550151')).toHaveLength(2)
  })

  it('waits for the allowed hours at the recipient', async () => {
    await hub.done('settings.update', { hours: { from: 0, to: 1, days: [1] } })
    const answer = await post('/api/sms/send', { phone: '+12125550152', message: 'Later' })
    await hub.done('settings.update', { hours: { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false } })
    expect(Number(answer.body['dueAt'])).toBeGreaterThan(Date.now())
  })

  it('answers only people who have texted', async () => {
    const stranger = await post('/api/sms/send-reply', { phone: '+12025550153', message: 'Hello' }, {}, phone)
    expect([stranger.status, stranger.body['message']]).toEqual([409, expect.stringMatching(/has not texted/)])
    textFrom('+12025550154')
    const answer = await post('/api/sms/send-reply', { phone: '+12025550154', message: 'Thank you' }, {}, phone)
    expect(answer.status).toBe(200)
    expect(messages('+12025550154')).toMatchObject([{ kind: 'reply', body: 'Thank you' }])
  })

  it('tests with a text of its own, which is given up after an hour', async () => {
    await post('/api/sms/test', { phone: '+12025550155' })
    await post('/api/sms/test', { phone: '+12025550155' })
    const sent = messages('+12025550155')
    expect(sent.map(message => message.kind)).toEqual(['test', 'test'])
    expect(new Set(sent.map(message => message.body)).size).toBe(2)
    for (const message of sent) expect(message.expires_at! - Date.now()).toBeLessThanOrEqual(3_600_000)
    expect((await post('/api/sms/test', { phone: '+12025550155', message: 'Mine' })).status).toBe(400)
  })

  it('tells a phone whether it can send', async () => {
    const answer = await hub.ask('/api/sms/device', { headers: { 'x-api-key': phone } })
    expect(answer.body).toMatchObject({ ready: false, phones: expect.any(Array) })
    expect(answer.body['blockedBy']).toEqual([expect.stringMatching(/No phone is connected/)])
  })
})

describe('an Idempotency-Key', () => {
  const headers = (key: string) => ({ 'idempotency-key': key })

  it('lets a request be repeated, with the same answer and one text', async () => {
    const text = { phone: '+12025550160', message: 'Once' }
    const first = await post('/api/sms/send', text, headers('a-1'))
    const again = await post('/api/sms/send', { message: 'Once', phone: '+12025550160' }, headers('a-1'))
    expect([again.status, again.body]).toEqual([200, first.body])
    expect(messages('+12025550160')).toHaveLength(1)
  })

  it('counts for one caller: another one’s is another request', async () => {
    const text = { phone: '+12025550161', message: 'Each' }
    await post('/api/sms/send', text, headers('shared'))
    await post('/api/sms/send', text, headers('shared'), phone)
    expect(messages('+12025550161')).toHaveLength(2)
  })

  it('is refused for another request, and for another operation', async () => {
    await post('/api/sms/send', { phone: '+12025550162', message: 'One' }, headers('b-1'))
    const other = await post('/api/sms/send', { phone: '+12025550162', message: 'Two' }, headers('b-1'))
    expect([other.status, other.body['message']]).toEqual([409, expect.stringMatching(/used for another request/)])
    const elsewhere = await post('/api/sms/send/enhanced', { phone: '+12025550162', message: 'One' }, headers('b-1'))
    expect(elsewhere.status).toBe(409)
    expect(messages('+12025550162')).toHaveLength(1)
  })

  it('sends once when many come at the same time', async () => {
    const text = { phone: '+12025550163', message: 'At once' }
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/api/sms/send', text, headers('race'))))
    expect(new Set(answers.map(answer => `${answer.status} ${answer.text}`)).size).toBe(1)
    expect(messages('+12025550163')).toHaveLength(1)
  })

  it('starts a campaign once although its review takes its time', async () => {
    await hub.done('contacts.create', { number: '+12125550170', lists: ['Race'] })
    pairedPhone()
    const plan = { name: 'Race', template: 'Hi. Reply STOP to opt out.', audience: { lists: ['Race'] } }
    const { id } = await hub.done('campaigns.create', plan)
    // All of them have looked for an answer before the first one has one.
    const door = { idempotencyKey: 'start-0' }
    const atOnce = [1, 2, 3].map(() => hub.app.dispatch('campaigns.start', { id }, LOCAL, 'remote', door))
    const done = await Promise.all(atOnce)
    expect(done[0]).toMatchObject({ ok: true, data: { id, state: 'running' } })
    expect(done).toEqual([done[0], done[0], done[0]])
    await hub.done('campaigns.cancel', { id })
  })

  it('starts a campaign once over several connections', async () => {
    const plan = { name: 'Race', template: 'Hi. Reply STOP to opt out.', audience: { lists: ['Race'] } }
    const { id } = await hub.done('campaigns.create', plan)
    const start = () => post('/api/campaign/start', { id }, headers('start-1'))
    const answers = await Promise.all([start(), start(), start(), start()])
    expect(answers.map(answer => answer.text)).toEqual(Array(4).fill(answers[0]!.text))
    expect(answers[0]!.body).toMatchObject({ id, state: 'running' })
    expect((await post('/api/campaign/start', { id })).status).toBe(409)
    expect((await start()).body).toMatchObject({ state: 'running' })
  })

  it('keeps nothing of what was refused', async () => {
    await hub.done('suppression.add', { number: '+12025550164', note: 'asked' })
    const text = { phone: '+12025550164', message: 'Hello' }
    expect((await post('/api/sms/send', text, headers('c-1'))).status).toBe(409)
    await hub.done('suppression.remove', { number: '+12025550164', note: 'asked again' })
    expect((await post('/api/sms/send', text, headers('c-1'))).status).toBe(200)
  })

  it('is refused where nothing is sent, and when it is none', async () => {
    const elsewhere = await post('/api/contacts', { number: '+12025550165' }, headers('d-1'))
    expect([elsewhere.status, elsewhere.body['message']]).toEqual([400, expect.stringMatching(/Leave it out/)])
    const bad = await post('/api/sms/send', { phone: NUMBER, message: 'x' }, headers('two words'))
    expect([bad.status, Object.keys(bad.body['fields'] as object)]).toEqual([400, ['Idempotency-Key']])
    expect((await post('/api/sms/send', { phone: NUMBER, message: 'x' }, headers('k'.repeat(201)))).status).toBe(400)
  })

  it('is forgotten after two days', async () => {
    await post('/api/sms/send', { phone: '+12025550166', message: 'Old' }, headers('old'))
    hub.peek.write(tx => tx.run("UPDATE idempotency SET created_at = created_at - 172800001 WHERE key = 'old'"))
    // Background work does it within a second; nothing else is waited for.
    await expect
      .poll(() => hub.peek.get("SELECT 1 FROM idempotency WHERE key = 'old'"), { timeout: 20_000 })
      .toBeUndefined()
  })

  it('works for every operation that sends: what it commits is its answer', async () => {
    const sending = operations.filter(entry => entry.sends).map(entry => entry.name)
    textFrom('+12025550171')
    const thread = hub.peek.get<{ id: number }>("SELECT id FROM threads WHERE number = '+12025550171'")!.id
    const { id } = await hub.done('campaigns.create', {
      ...{ name: 'Each', template: 'Hi. Reply STOP to opt out.', audience: { lists: ['Race'] } },
    })
    const failed = await hub.done('sms.send', { phone: '+12025550172', message: 'Failed' })
    hub.peek.write(tx => tx.run("UPDATE messages SET state = 'failed', settled_at = 1 WHERE id = ?", failed.id))
    const inputs: Partial<Record<OperationName, [unknown, (() => Promise<unknown>)?]>> = {
      'campaigns.start': [{ id }],
      'campaigns.resume': [{ id }, () => hub.done('campaigns.pause', { id })],
      'campaigns.test': [{ id, number: '+12025550173' }],
      'messages.send-again': [{ id: failed.id }],
      'inbox.reply': [{ threadId: thread, body: 'Hello' }],
      'sms.send': [{ phone: '+12025550174', message: 'Hello' }],
      'sms.send-enhanced': [{ phone: '+12025550175', message: 'Hello' }],
      'sms.send-reply': [{ phone: '+12025550171', message: 'Hello again' }],
      'sms.test': [{ phone: '+12025550176' }],
    }
    expect(Object.keys(inputs).sort()).toEqual([...sending].sort())
    for (const name of sending) {
      const [input, before] = inputs[name]!
      await before?.()
      const send = () =>
        hub.app.dispatch(name, input as never, LOCAL, 'remote', { idempotencyKey: `each ${name}`.replace(' ', '-') })
      const first = await send()
      expect([name, first]).toEqual([name, { ok: true, data: expect.anything() }])
      expect(await send()).toEqual(first)
    }
  })
})

function textFrom(number: string): void {
  pairedPhone()
  hub.peek.write(tx => {
    tx.run('INSERT INTO threads (number, last_at) VALUES (?, ?)', number, Date.now())
    tx.run(
      `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
       VALUES ((SELECT id FROM threads WHERE number = ?), 1, 'S', ?, ?, 'Hi', x'01', ?, ?, 'none')`,
      number,
      Number(number.slice(-4)),
      number,
      Date.now(),
      Date.now(),
    )
  })
}

function pairedPhone(): void {
  hub.peek.write(tx => {
    tx.run(
      "INSERT INTO phones (id, name, key_hash, journal, can_prove, paired_at) VALUES (1, 'Phone', x'01', 'J', 1, 1) ON CONFLICT DO NOTHING",
    )
    tx.run('INSERT INTO sims (id, phone_id, slot) VALUES (1, 1, 0) ON CONFLICT DO NOTHING')
  })
}
