import { get, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Alarms, Hub } from './kit.ts'

const alarms = new Alarms()
let hub: Hub
let key: string

beforeAll(async () => {
  hub = await Hub.open({ setAlarm: alarms.set })
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
  #response: IncomingMessage | null = null

  static async open(headers: Record<string, string>): Promise<Stream> {
    const stream = new Stream()
    await new Promise<void>((resolve, reject) => {
      const asked = get({ host: '127.0.0.1', port: hub.port, path: '/api/events', headers, agent: false }, response => {
        stream.status = response.statusCode!
        stream.#response = response
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

  /** Reads nothing more for now. */
  pause(): void {
    this.#response!.pause()
  }

  resume(): void {
    this.#response!.resume()
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

function textsIn(count: number, body: string): number[] {
  return hub.peek.write(() => Array.from({ length: count }, () => textIn(body)))
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

  it('tells a client that was away for long of everything, at its pace, while others are served', async () => {
    const last = textIn('the last one that it knows')
    // More than a connection takes at once.
    const ids = textsIn(8_000, 'x'.repeat(1_000))
    const stream = await Stream.open({ 'x-api-key': key, 'last-event-id': String(last) })
    stream.pause()
    const quick = await Stream.open({ 'x-api-key': key, 'last-event-id': String(ids.at(-1)) })
    const next = textIn('the next one')
    await tell()
    await expect.poll(() => quick.of('inbound').map(one => one.id), { timeout: 10_000 }).toEqual([String(next)])
    await hub.whileAnotherAsks(key, async () => {
      stream.resume()
      await expect.poll(() => stream.of('inbound').length, { timeout: 20_000 }).toBe(8_001)
    })
    expect(stream.of('inbound').map(one => Number(one.id))).toEqual([...ids, next])
    for (const one of [stream, quick]) one.close()
  })

  it('is ended for a client that reads nothing', async () => {
    const last = textIn('the last one that it knows')
    textsIn(8_000, 'x'.repeat(1_000))
    const idle = await hub.key('user', 'idle')
    const deaf = await Stream.open({ 'x-api-key': idle, 'last-event-id': String(last) })
    deaf.pause()
    const quick = await Stream.open({ 'x-api-key': key })
    const others = await Promise.all([1, 2, 3].map(() => Stream.open({ 'x-api-key': idle })))
    const places = async () => (await hub.ask('/api/events', { headers: { 'x-api-key': idle } })).status
    expect(await places()).toBe(429)
    // From when nothing more fits in between, it has two heartbeats.
    const beat = () => {
      alarms.pass(15_000)
      return places()
    }
    await expect.poll(beat, { timeout: 10_000 }).toBe(200)
    deaf.resume()
    await expect.poll(() => deaf.ended, { timeout: 10_000 }).toBe(true)
    expect([quick, ...others].map(stream => stream.ended)).toEqual([false, false, false, false])
    for (const stream of [quick, ...others]) stream.close()
  })

  it('begins at the newest text for a client that knows one of before a restore', async () => {
    const newest = textIn('before')
    const stream = await Stream.open({ 'x-api-key': key, 'last-event-id': '999999999' })
    const next = textIn('after')
    await tell()
    await expect.poll(() => stream.of('inbound').map(one => one.id), { timeout: 10_000 }).toEqual([String(next)])
    expect(next).toBe(newest + 1)
    stream.close()
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
