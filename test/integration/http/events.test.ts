import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Hub } from './kit.ts'

let hub: Hub
let key: string

beforeAll(async () => {
  hub = await Hub.open()
  await hub.user('watcher')
  key = await hub.key('user')
  hub.peek.write(tx => {
    tx.run(
      "INSERT INTO phones (id, name, key_hash, journal, can_prove, paired_at) VALUES (1, 'Phone', x'01', 'J', 1, 1)",
    )
    tx.run("INSERT INTO threads (id, number, last_at) VALUES (1, '+12025550142', 1)")
  })
})
afterAll(() => hub.close())

interface Told {
  readonly event: string
  readonly id: string | undefined
  readonly data: Record<string, unknown>
}

class Stream {
  readonly told: Told[] = []
  status = 0
  ended = false
  #stop = () => {}

  static async open(headers: Record<string, string>): Promise<Stream> {
    const stream = new Stream()
    await new Promise<void>((resolve, reject) => {
      const asked = get({ host: '127.0.0.1', port: hub.port, path: '/api/events', headers, agent: false }, response => {
        stream.status = response.statusCode!
        let text = ''
        response.on('data', chunk => {
          text += String(chunk)
          const blocks = text.split('\n\n')
          text = blocks.pop()!
          for (const block of blocks) stream.#take(block)
          resolve()
        })
        response.on('end', () => {
          stream.ended = true
        })
        response.on('error', () => {
          stream.ended = true
        })
      })
      asked.on('error', reject)
      stream.#stop = () => asked.destroy()
    })
    return stream
  }

  close(): void {
    this.#stop()
  }

  #take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
    const event = field('event')
    if (event !== undefined) this.told.push({ event, id: field('id'), data: JSON.parse(field('data')!) })
  }

  of(event: string): Told[] {
    return this.told.filter(one => one.event === event)
  }
}

let row = 0
/** A text comes in, as the phone link stores it. */
function textIn(body: string): number {
  row += 1
  return hub.peek.write(
    tx =>
      tx.run(
        `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
         VALUES (1, 1, 'S', ?, '+12025550142', ?, x'01', 1, 1, 'none')`,
        row,
        body,
      ).id,
  )
}

/** Makes the hub tell of the thread. */
const tell = () => hub.done('inbox.mark-read', { threadId: 1 })

describe('the event stream', () => {
  it('tells of texts that come in, once each, and of those that were missed', async () => {
    textIn('before')
    const stream = await Stream.open({ 'x-api-key': key })
    const first = textIn('first')
    const second = textIn('second')
    await tell()
    await expect.poll(() => stream.of('inbound').length, { timeout: 10_000 }).toBe(2)
    expect(stream.of('inbound')).toMatchObject([
      { id: String(first), data: { id: first, body: 'first', number: '+12025550142', threadId: 1 } },
      { id: String(second), data: { body: 'second' } },
    ])
    stream.close()
    const missed = textIn('missed')
    const again = await Stream.open({ 'x-api-key': key, 'last-event-id': String(second) })
    await expect.poll(() => again.of('inbound').map(one => one.id), { timeout: 10_000 }).toEqual([String(missed)])
    again.close()
  })

  it('tells of campaigns and imports', async () => {
    const stream = await Stream.open({ authorization: `Bearer ${key}` })
    const { id } = await hub.done('campaigns.create', { name: 'Told', template: 'Hi', audience: {} })
    await expect.poll(() => stream.of('progress').map(one => one.data['id']), { timeout: 10_000 }).toContain(id)
    stream.close()
  })

  it('tells of phones', async () => {
    const stream = await Stream.open({ 'x-api-key': key })
    await hub.done('phones.rename', { id: 1, name: 'Renamed' })
    await expect
      .poll(() => stream.of('phone').map(one => one.data), { timeout: 10_000 })
      .toContainEqual({ id: 1, name: 'Renamed', connected: false, revoked: false, lanes: [] })
    stream.close()
  })

  it('ends with the key, before anything more is told', async () => {
    const short = await hub.key('user', 'short')
    const { keys } = await hub.done('keys.list', {})
    const stream = await Stream.open({ 'x-api-key': short })
    await hub.done('keys.revoke', { id: keys.find(one => one.name === 'short')!.id })
    textIn('secret')
    await tell()
    await expect.poll(() => stream.ended, { timeout: 10_000 }).toBe(true)
    expect(stream.told).toEqual([{ event: 'end', id: undefined, data: { reason: 'signed_out' } }])
  })

  it('ends with the session', async () => {
    const session = await hub.signIn('watcher')
    const stream = await Stream.open({ cookie: session.cookie })
    const out = { cookie: session.cookie, 'x-csrf-token': session.csrf }
    expect((await hub.ask('/api/auth/logout', { method: 'POST', headers: out })).status).toBe(200)
    textIn('secret')
    await tell()
    await expect.poll(() => stream.ended, { timeout: 10_000 }).toBe(true)
    expect(stream.of('inbound')).toEqual([])
  })

  it('is open a few times for one caller', async () => {
    const few = await hub.key('user', 'few')
    const streams = await Promise.all([1, 2, 3, 4].map(() => Stream.open({ 'x-api-key': few })))
    const refused = await hub.ask('/api/events', { headers: { 'x-api-key': few } })
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '10'])
    streams[0]!.close()
    await expect
      .poll(async () => (await hub.ask('/api/events', { headers: { 'x-api-key': few } })).status, { timeout: 10_000 })
      .toBe(200)
    for (const stream of streams) stream.close()
  })
})
