import { describe, expect, it } from 'vitest'
import { setReach } from '../../../src/main/db/webhooks.ts'
import { PhoneWatch } from '../../../src/main/services/webhooks/phone-watch.ts'
import { Receiver } from '../../support/receiver.ts'
import { ScriptedPhone } from '../../support/world.ts'
import { verify, webhookWorld } from './kit.ts'

const HOUR = 3_600_000
const ANNA = '+12125550101'

describe('what is stored for a webhook', () => {
  it('is stored with what it tells of, and not at all when that is rolled back', async () => {
    const { world, add, deliveries } = await webhookWorld()
    await add('http://127.0.0.1:1/')
    const { phoneId } = world.addPhone()
    const insert = () =>
      world.db.write(tx => {
        tx.run('INSERT INTO threads (number, last_at) VALUES (?, 1) ON CONFLICT DO NOTHING', ANNA)
        tx.run(
          `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
           VALUES (1, ?, 'S', 1, ?, 'Hi', x'01', 5, 6, 'none')`,
          phoneId,
          ANNA,
        )
        if (rollBack) throw new Error('no')
      })
    let rollBack = true
    expect(insert).toThrow('no')
    expect(deliveries()).toEqual([])
    rollBack = false
    insert()
    expect(deliveries()).toMatchObject([{ event: 'inbound.text', subject: '1', state: 'pending' }])
    expect(JSON.stringify(world.db.all('SELECT * FROM webhook_deliveries'))).not.toMatch(/Hi|2125550101/)
  })

  it('is what each has asked for: a campaign makes a delivery for each message only for the one that wants them', async () => {
    const { world, add, deliveries } = await webhookWorld()
    await add('http://127.0.0.1:1/', ['campaign.state', 'inbound.text', 'phone.reach'])
    const campaign = world.addCampaign(Array.from({ length: 30 }, (_, index) => `+1212555${1000 + index}`))
    const cancel = () =>
      world.db.write(tx => {
        tx.run("UPDATE messages SET state = 'cancelled', reason = 'cancelled', settled_at = 7 WHERE state = 'queued'")
        tx.run("UPDATE campaigns SET state = 'cancelled', updated_at = 7 WHERE id = ?", campaign)
      })
    cancel()
    expect(deliveries()).toMatchObject([{ event: 'campaign.state', subject: String(campaign) }])
    world.db.write(tx => tx.run("UPDATE messages SET state = 'queued', settled_at = NULL"))
    await add('http://127.0.0.1:2/', ['message.state'])
    cancel()
    const made = deliveries().filter(one => one.webhookId === 2)
    expect(made).toHaveLength(30)
    expect(new Set(made.map(one => one.uid)).size).toBe(30)
  })

  it('says the end of a message once, and nothing of the way there', async () => {
    const { world, add, deliveries, newSender } = await webhookWorld()
    const receiver = await Receiver.start()
    await add(receiver.url, ['message.state'])
    const { phoneId } = world.addPhone()
    const phone = new ScriptedPhone(world, phoneId)
    world.addContact(ANNA)
    const campaign = world.addCampaign([ANNA])
    await phone.connect()
    await phone.send(phone.commands[0]!)
    expect(deliveries()).toMatchObject([{ event: 'message.state', subject: phone.commands[0]!.id }])
    const sender = newSender()
    sender.start()
    const [one] = await receiver.deliveries(1)
    expect(one!.json).toMatchObject({
      event: 'message.state',
      data: {
        id: phone.commands[0]!.id,
        campaign,
        number: ANNA,
        state: 'sent',
        reason: '',
        kind: 'campaign',
        phone: phoneId,
      },
    })
    expect(one!.body).not.toContain('Hi there')
    await sender.stop()
  })

  it('tells of a phone that was away for two minutes, once, and that it is back', async () => {
    const { world, add, deliveries, clock, time } = await webhookWorld()
    await add('http://127.0.0.1:1/', ['phone.reach'])
    const { phoneId } = world.addPhone()
    let connected = true
    const told: unknown[] = []
    const happenings = { tell: (one: unknown) => void told.push(one), listen: () => () => {} }
    const newWatch = () => new PhoneWatch({ db: world.db, clock, happenings, isConnected: () => connected })
    let watch = newWatch()
    const later = (ms: number) => {
      time.ahead += ms
      watch.look()
      return deliveries().map(one => one.event)
    }
    expect(later(0)).toEqual([])
    connected = false
    expect(later(1_000)).toEqual([])
    expect(later(100_000)).toEqual([])
    connected = true
    expect(later(1_000)).toEqual([])
    connected = false
    later(0)
    expect(later(119_000)).toEqual([])
    expect(later(2_000)).toEqual(['phone.offline'])
    expect(later(600_000)).toEqual(['phone.offline'])
    watch = newWatch()
    expect(later(600_000)).toEqual(['phone.offline'])
    connected = true
    expect(later(1_000)).toEqual(['phone.offline', 'phone.online'])
    expect(told).toEqual([
      { type: 'phone', id: phoneId },
      { type: 'phone', id: phoneId },
    ])
    // A phone that was revoked is nobody's any more.
    connected = false
    world.db.write(tx => tx.run('UPDATE phones SET revoked_at = 1'))
    later(0)
    expect(later(600_000)).toHaveLength(2)
  })
})

describe('the sender', () => {
  it('sends a text with a signature that the secret proves', async () => {
    const { world, add, newSender, deliveries } = await webhookWorld()
    const receiver = await Receiver.start()
    const { secret } = await add(receiver.url)
    const sender = newSender()
    sender.start()
    const phone = new ScriptedPhone(world, world.addPhone().phoneId)
    await phone.connect()
    await phone.text(ANNA, 'Is this still on? Überaus „gern“ 👍', 9)
    sender.wake()
    const [one] = await receiver.deliveries(1)
    expect(one!.json).toEqual({
      id: deliveries()[0]!.uid,
      event: 'inbound.text',
      key: `text:1:9:${world.now}`,
      at: world.now,
      data: {
        ...{ id: 1, thread: 1, phone: 1, contact: null, campaign: null, number: ANNA, intent: 'none' },
        ...{ body: 'Is this still on? Überaus „gern“ 👍', receivedAt: world.now },
      },
    })
    expect(one!.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'campaign-connector/1',
      'x-campaign-connector-delivery': one!.json.id,
      'x-campaign-connector-event': 'inbound.text',
    })
    const signature = String(one!.headers['x-campaign-connector-signature'])
    expect(signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/)
    expect(verify(signature, one!.body, secret, Date.now())).toMatchObject({ fits: true })
    expect(verify(signature, `${one!.body} `, secret, Date.now()).fits).toBe(false)
    expect(verify(signature, one!.body, `${secret}x`, Date.now()).fits).toBe(false)
    await sender.stop()
    expect(deliveries()).toMatchObject([{ state: 'delivered', attempts: 1, error: '' }])
  })

  it('signs with the old secret too until its time is over', async () => {
    const { add, newSender, handlers, context, time } = await webhookWorld()
    const receiver = await Receiver.start()
    const { webhook, secret: old } = await add(receiver.url)
    const sender = newSender()
    sender.start()
    const { secret } = await handlers['webhooks.rotate-secret']({ id: webhook.id, graceHours: 24 }, context())
    const fits = async (count: number) => {
      await handlers['webhooks.test']({ id: webhook.id }, context())
      await receiver.deliveries(count)
      const { headers, body } = receiver.received.at(-1)!
      const signature = String(headers['x-campaign-connector-signature'])
      return [old, secret].map(one => verify(signature, body, one, Date.now()).fits)
    }
    expect(await fits(1)).toEqual([true, true])
    time.ahead += 25 * HOUR
    expect(await fits(2)).toEqual([false, true])
    const { secret: newest } = await handlers['webhooks.rotate-secret']({ id: webhook.id, graceHours: 0 }, context())
    expect(await fits(3)).toEqual([false, false])
    expect(newest).toMatch(/^whsec_[\w-]{43}$/)
    await sender.stop()
  })

  it('tries again what failed, later and later, as the same delivery', async () => {
    const { add, newSender, handlers, context, time, deliveries } = await webhookWorld()
    const receiver = await Receiver.start()
    const { webhook } = await add(receiver.url)
    receiver.react = response => response.writeHead(500).end('secret inside')
    const sender = newSender()
    sender.start()
    const { id } = await handlers['webhooks.test']({ id: webhook.id }, context())
    await receiver.until(() => receiver.received.length === 1)
    await sender.idle()
    const waits: number[] = []
    for (let attempt = 2; attempt <= 4; attempt += 1) {
      const [one] = deliveries()
      expect(one).toMatchObject({ state: 'pending', attempts: attempt - 1, error: 'The target answered 500.' })
      const wait = one!.nextAt - Date.now() - time.ahead
      waits.push(wait)
      time.ahead += wait + 1_000
      sender.wake()
      await receiver.until(() => receiver.received.length === attempt)
      await sender.idle()
    }
    expect(waits[1]!).toBeGreaterThan(waits[0]!)
    expect(waits[2]!).toBeGreaterThan(waits[1]!)
    const shown = await handlers['webhooks.list']({}, context())
    expect(shown.webhooks[0]).toMatchObject({ pending: 1, lastError: 'The target answered 500.' })
    expect(shown.webhooks[0]!.failingSince).not.toBeNull()
    receiver.react = response => response.writeHead(200).end()
    time.ahead += HOUR
    sender.wake()
    await receiver.until(() => receiver.received.length === 5)
    await sender.stop()
    expect(deliveries()).toMatchObject([{ state: 'delivered', attempts: 5, error: '' }])
    expect(new Set(receiver.received.map(one => one.json.id))).toEqual(new Set([id]))
    const after = await handlers['webhooks.list']({}, context())
    expect(after.webhooks[0]).toMatchObject({ pending: 0, failingSince: null, restsUntil: null, lastError: '' })
  })

  it('gives up after two days, all that waited so long, and sends it when it is replayed', async () => {
    const { world, add, newSender, handlers, context, time, deliveries } = await webhookWorld()
    const receiver = await Receiver.start()
    const { webhook } = await add(receiver.url, ['message.state'])
    const numbers = Array.from({ length: 510 }, (_, index) => `+1212555${1000 + index}`)
    world.addCampaign(numbers)
    world.db.write(tx => tx.run("UPDATE messages SET state = 'cancelled', reason = 'cancelled', settled_at = 7"))
    receiver.react = response => response.socket?.destroy()
    const sender = newSender()
    sender.start()
    await receiver.until(() => receiver.received.length >= 4)
    await sender.idle()
    const tried = receiver.received.length
    time.ahead += 47 * HOUR
    sender.wake()
    await receiver.until(() => receiver.received.length > tried)
    await sender.idle()
    sender.prune()
    expect(deliveries().every(one => one.state === 'pending')).toBe(true)
    time.ahead += 3 * HOUR
    const before = receiver.received.length
    sender.wake()
    await receiver.until(() => receiver.received.length > before)
    await sender.idle()
    while (sender.prune());
    expect(deliveries().filter(one => one.state === 'given_up')).toHaveLength(510)
    // A dead target gets a request now and then, not one for each delivery.
    expect(receiver.received.length).toBeLessThan(20)

    receiver.react = response => response.writeHead(204).end()
    const page = await handlers['webhooks.deliveries']({ id: webhook.id, state: 'given_up', limit: 500 }, context())
    expect(page.items).toHaveLength(500)
    expect(page.items.every(one => one.error !== '' && one.nextAttemptAt === null)).toBe(true)
    const replay = await handlers['webhooks.replay']({ id: webhook.id, state: 'given_up' }, context())
    expect(replay).toEqual({ replayed: 510, more: false })
    await receiver.until(
      () => deliveries().every(one => one.state === 'delivered') || receiver.received.length >= before + 511,
    )
    await sender.stop()
    const given = new Set(page.items.map(one => one.id))
    const came = new Set(receiver.received.map(one => one.json.id))
    expect([...given].every(id => came.has(id))).toBe(true)
  })

  it('lets no slow or dead target keep the others waiting, and is easy on each', async () => {
    const { add, world, newSender, deliveries } = await webhookWorld()
    const quick = await Receiver.start()
    const slow = await Receiver.start()
    const held: (() => void)[] = []
    slow.react = response => void held.push(() => response.writeHead(204).end())
    await add(slow.url, ['message.state'])
    await add('http://127.0.0.1:9/', ['message.state'])
    await add(quick.url, ['message.state'])
    world.addCampaign(Array.from({ length: 50 }, (_, index) => `+1212555${1000 + index}`))
    world.db.write(tx => tx.run("UPDATE messages SET state = 'cancelled', reason = 'cancelled', settled_at = 7"))
    const sender = newSender()
    sender.start()
    await quick.deliveries(50)
    await slow.until(() => held.length === 8)
    expect(slow.received).toHaveLength(8)
    expect(deliveries().filter(one => one.webhookId === 2 && one.attempts > 0).length).toBeLessThanOrEqual(8)
    slow.react = response => response.writeHead(204).end()
    for (const release of held) release()
    await slow.deliveries(50)
    await sender.stop()
  })

  it('does not let a delivery that is refused hold up the others', async () => {
    const { add, newSender, handlers, context, deliveries } = await webhookWorld()
    const receiver = await Receiver.start()
    const { webhook } = await add(receiver.url)
    let bad = ''
    receiver.react = (response, one) => {
      bad ||= one.json.id
      response.writeHead(one.json.id === bad ? 400 : 204).end()
    }
    const sender = newSender()
    for (let index = 0; index < 10; index += 1) await handlers['webhooks.test']({ id: webhook.id }, context())
    sender.start()
    await receiver.deliveries(10)
    await sender.stop()
    expect(deliveries().filter(one => one.state === 'delivered')).toHaveLength(9)
    expect(deliveries().filter(one => one.state === 'pending')).toMatchObject([{ uid: bad, attempts: 1 }])
  })

  it('sends nothing while the data key is closed, and nothing of what was switched off', async () => {
    const { add, newSender, handlers, context, vault, deliveries, requests } = await webhookWorld()
    const receiver = await Receiver.start()
    const { webhook } = await add(receiver.url)
    await handlers['webhooks.test']({ id: webhook.id }, context())
    const closed = newSender({ vault: { ...vault, problem: 'closed' } })
    closed.start()
    await closed.idle()
    await closed.stop()
    await handlers['webhooks.update']({ id: webhook.id, active: false }, context())
    await expect(async () => handlers['webhooks.test']({ id: webhook.id }, context())).rejects.toThrow('switched off')
    const sender = newSender()
    sender.start()
    await sender.idle()
    expect(requests).toEqual([])
    await handlers['webhooks.update']({ id: webhook.id, active: true }, context())
    await receiver.deliveries(1)
    await sender.stop()
    expect(deliveries()).toMatchObject([{ state: 'delivered' }])
  })

  it('sends again after the next start what was not answered when the hub ended', async () => {
    const { add, newSender, handlers, context, deliveries } = await webhookWorld()
    const receiver = await Receiver.start()
    const { webhook } = await add(receiver.url)
    receiver.react = () => {}
    const first = newSender()
    first.start()
    await handlers['webhooks.test']({ id: webhook.id }, context())
    await receiver.until(() => receiver.received.length === 1)
    await first.stop()
    expect(deliveries()).toMatchObject([{ state: 'pending', attempts: 0 }])
    receiver.react = response => response.writeHead(204).end()
    const second = newSender()
    second.start()
    await receiver.until(() => receiver.received.length === 2)
    await second.stop()
    expect(receiver.received[0]!.json.id).toBe(receiver.received[1]!.json.id)
    expect(deliveries()).toMatchObject([{ state: 'delivered', attempts: 1 }])
  })

  it('ends a delivery whose text was removed meanwhile', async () => {
    const { world, add, newSender, deliveries, requests } = await webhookWorld()
    const { phoneId } = world.addPhone()
    await add('http://127.0.0.1:9/')
    const phone = new ScriptedPhone(world, phoneId)
    await phone.connect()
    await phone.text(ANNA, 'Hello', 1)
    world.db.write(tx => tx.run('DELETE FROM threads'))
    const sender = newSender()
    sender.start()
    await sender.idle()
    await sender.stop()
    expect(requests).toEqual([])
    expect(deliveries()).toMatchObject([{ state: 'given_up', error: 'What it tells of was removed.' }])
  })

  it('removes what is old and what belongs to a deleted webhook, in steps', async () => {
    const { world, add, newSender, handlers, context, time, deliveries } = await webhookWorld()
    const { webhook } = await add('http://127.0.0.1:9/')
    await add('http://127.0.0.1:9/')
    const put = (id: number, state: string, count: number, age: number) =>
      world.db.write(tx => {
        for (let index = 0; index < count; index += 1) {
          tx.run(
            "INSERT INTO webhook_deliveries (webhook_id, event, subject, at, state, last_attempt_at) VALUES (?, 'test', '1', 1, ?, ?)",
            id,
            state,
            Date.now() - age,
          )
        }
      })
    put(webhook.id, 'delivered', 600, 8 * 24 * HOUR)
    put(webhook.id, 'delivered', 3, HOUR)
    put(webhook.id, 'given_up', 2, 8 * 24 * HOUR)
    put(webhook.id, 'given_up', 2, 31 * 24 * HOUR)
    put(webhook.id, 'pending', 2, 99 * 24 * HOUR)
    put(2, 'pending', 700, 0)
    const sender = newSender()
    while (sender.prune());
    const left = (id: number) =>
      deliveries()
        .filter(one => one.webhookId === id)
        .map(one => one.state)
    expect(left(webhook.id).sort()).toEqual([
      ...['delivered', 'delivered', 'delivered', 'given_up', 'given_up', 'pending', 'pending'],
    ])
    await handlers['webhooks.delete']({ id: 2 }, context())
    expect((await handlers['webhooks.list']({}, context())).webhooks).toHaveLength(1)
    time.ahead += 1
    while (sender.prune());
    expect(left(2)).toEqual([])
    expect(world.db.all('SELECT id FROM webhooks')).toEqual([{ id: webhook.id }])
    expect(world.db.all("SELECT name FROM secrets WHERE name LIKE 'webhook-%'")).toEqual([{ name: 'webhook-1' }])
  })

  it('tells nobody of a phone that was there all the time', async () => {
    const { world, add, deliveries } = await webhookWorld()
    await add('http://127.0.0.1:1/', ['phone.reach'])
    const { phoneId } = world.addPhone()
    world.db.write(tx => setReach(tx, phoneId, 'online', 5))
    expect(deliveries()).toEqual([])
  })
})

describe('what an administrator sees', () => {
  it('is the secret once, and never again, not even in the file', async () => {
    const { add, world, handlers, context } = await webhookWorld()
    const { webhook, secret } = await add('https://example.org/hook')
    expect(webhook).toMatchObject({ url: 'https://example.org/hook', active: true, events: ['inbound.text'] })
    expect(JSON.stringify(await handlers['webhooks.list']({}, context()))).not.toContain(secret)
    const rows = world.db.all<{ sealed: Uint8Array }>('SELECT sealed FROM secrets')
    expect(rows.some(row => Buffer.from(row.sealed).includes(secret))).toBe(false)
    expect(JSON.stringify(world.db.all('SELECT * FROM webhooks'))).not.toContain(secret)
  })

  it('refuses what cannot be a target, and more than twenty', async () => {
    const { add } = await webhookWorld()
    await expect(add('http://example.org/')).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { url: expect.any(String) },
    })
    for (let index = 0; index < 20; index += 1) await add(`https://example.org/${index}`)
    await expect(add('https://example.org/')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('pages through deliveries, newest first', async () => {
    const { add, handlers, context } = await webhookWorld()
    const { webhook } = await add('https://example.org/hook')
    const ids: string[] = []
    for (let index = 0; index < 5; index += 1) {
      ids.unshift((await handlers['webhooks.test']({ id: webhook.id }, context())).id)
    }
    const found: string[] = []
    let after: string | undefined
    for (;;) {
      const page = await handlers['webhooks.deliveries'](
        { id: webhook.id, limit: 2, ...(after && { after }) },
        context(),
      )
      found.push(...page.items.map(one => one.id))
      if (page.next === null) break
      after = page.next
    }
    expect(found).toEqual(ids)
    const one = await handlers['webhooks.deliveries']({ id: webhook.id, delivery: ids[2]!, limit: 50 }, context())
    expect(one.items).toMatchObject([{ id: ids[2], state: 'pending', attempts: 0 }])
    await expect(async () =>
      handlers['webhooks.deliveries']({ id: webhook.id, delivery: 'whd_other', limit: 50 }, context()),
    ).rejects.toMatchObject({ code: 'not_found' })
  })
})
