import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { LIMITS } from '../../../src/main/http/limits.ts'
import { TestDisk } from '../../support/folder.ts'
import { Alarms, form, Hub } from './kit.ts'

const MB = 1024 ** 2
const LIST = 'name,phone\nAnn,+12025550142\n'
let hub: Hub
afterEach(() => hub.close())

const files = () => {
  const folder = join(hub.folder, 'uploads')
  return existsSync(folder) ? readdirSync(folder) : []
}
const upload = (key: string, file = { name: 'a.csv', content: LIST }) => {
  const { body, headers } = form({}, file)
  return hub.ask('/api/csv/upload', { method: 'POST', body, headers: { ...headers, 'x-api-key': key } })
}

/** A list that is on its way and not all there. */
async function begin(key: string): Promise<{ socket: Socket; answer: () => string }> {
  const socket = await hub.connect()
  let answer = ''
  socket.on('data', chunk => {
    answer += String(chunk)
  })
  socket.write(
    `POST /api/csv/upload HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n` +
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nname,phone\n',
  )
  return { socket, answer: () => answer }
}

describe('a list that comes slowly', () => {
  it('may take its time as long as something comes, and ends after a pause of 30 seconds', async () => {
    const alarms = new Alarms()
    hub = await Hub.open({ web: false, setAlarm: alarms.set })
    const key = await hub.key('user')
    const { socket, answer } = await begin(key)
    await expect.poll(() => [files().length, alarms.refreshed > 0], { timeout: 10_000 }).toEqual([1, true])
    expect(alarms.waiting).toEqual([LIMITS.uploadPauseMs])
    expect(LIMITS.uploadPauseMs).toBe(30_000)
    for (let piece = 0; piece < 5; piece += 1) {
      const before = alarms.refreshed
      alarms.pass(29_999)
      socket.write(`Ann,+1202555014${piece}\n`)
      await expect.poll(() => alarms.refreshed, { timeout: 10_000 }).toBeGreaterThan(before)
    }
    expect([socket.destroyed, answer()]).toEqual([false, ''])
    alarms.pass(29_999)
    expect((await hub.whileAnotherAsks(key, () => upload(key))).status).toBe(200)
    const closed = once(socket, 'close')
    alarms.pass(1)
    await closed
    expect(answer()).toMatch(/^HTTP\/1\.1 408 .*"error":"Too slow"/s)
    const { uploads } = (await hub.ask('/api/uploads', { headers: { 'x-api-key': key } })).body
    await expect.poll(files, { timeout: 10_000 }).toEqual((uploads as { id: string }[]).map(({ id }) => id))
  })

  it('takes no more than half of the places from the others', async () => {
    hub = await Hub.open({ web: false })
    const [slow, other] = [await hub.key('user', 'slow'), await hub.key('user', 'other')]
    const lists = [await begin(slow), await begin(slow)]
    await expect.poll(() => files().length, { timeout: 10_000 }).toBe(2)
    const third = await upload(slow)
    expect([third.status, third.headers['retry-after']]).toEqual([429, '10'])
    expect((await upload(other)).status).toBe(200)
    for (const { socket } of lists) socket.destroy()
    await expect.poll(() => upload(slow).then(answer => answer.status), { timeout: 10_000 }).toBe(200)
  })
})

describe('a disk with little room', () => {
  it('takes no list, says so, and serves what needs no room', async () => {
    const disk = new TestDisk()
    hub = await Hub.open({ web: false }, {}, undefined, { disk })
    const key = await hub.key('user')
    disk.free = 288 * MB - 1
    const refused = await hub.whileAnotherAsks(key, () => upload(key))
    expect([refused.status, refused.body]).toEqual([
      503,
      { error: 'Storage failed', message: expect.stringMatching(/too little room on the disk of the hub/) },
    ])
    expect(files()).toEqual([])
    disk.free = 288 * MB
    expect((await upload(key)).status).toBe(200)
  })

  it('that fills up while a list comes in ends it, and nothing of it stays', async () => {
    const disk = new TestDisk()
    hub = await Hub.open({ web: false }, {}, undefined, { disk })
    const key = await hub.key('user')
    const line = 'Ann,+12025550142\n'
    const content = `name,phone\n${line.repeat(Math.ceil((40 * MB) / line.length))}`
    const looked: number[] = []
    disk.freeBytes = async () => {
      looked.push(files().length)
      return looked.length === 1 ? disk.free : 100 * MB
    }
    const refused = await upload(key, { name: 'large.csv', content })
    expect([refused.status, refused.body['error']]).toEqual([503, 'Storage failed'])
    expect(looked).toEqual([1, 1])
    expect(files()).toEqual([])
  })

  it('that is full in the middle of a write is told as such, and not as a fault of the program', async () => {
    const disk = new TestDisk()
    hub = await Hub.open({ web: false }, {}, undefined, { disk })
    const key = await hub.key('user')
    disk.freeBytes = async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write /secret/place'), { code: 'ENOSPC' })
    }
    const refused = await upload(key)
    expect([refused.status, refused.body]).toEqual([
      503,
      { error: 'Storage failed', message: 'The disk is full or cannot be written. Nothing was changed.' },
    ])
    expect(files()).toEqual([])
  })
})
