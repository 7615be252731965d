import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { App } from '../../src/main/app.ts'
import { MAX_REQUEST_BYTES, socketAddress } from '../../src/main/hub-socket/address.ts'
import { connectHub, type HubClient, HubGoneError } from '../../src/main/hub-socket/client.ts'
import { temporaryFolder } from '../support/folder.ts'
import { openTestApp } from '../support/hub.ts'

let app: App | null = null
let client: HubClient | null = null

afterEach(async () => {
  client?.close()
  await app?.close()
  app = null
  client = null
})

async function hub(folder = temporaryFolder('hub')): Promise<{ folder: string; client: HubClient }> {
  app = await openTestApp({ folder, serve: true })
  client = await connectHub(folder)
  return { folder, client: client! }
}

/** Speaks to the socket without the client. */
async function raw(folder: string) {
  const socket = connect(socketAddress(folder))
  let heard = ''
  socket.on('data', chunk => {
    heard += String(chunk)
  })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return {
    socket,
    lines: async (count: number) => {
      while (heard.split('\n').length <= count) await once(socket, 'data')
      return heard
        .split('\n')
        .slice(0, count)
        .map(line => JSON.parse(line) as unknown)
    },
  }
}

describe('the local socket', () => {
  it('answers as the local administrator, and is on record as that', async () => {
    const { client } = await hub()
    const made = await client.call('users.create', { username: 'anna', password: 'a good long one', role: 'admin' })
    expect(made).toMatchObject({ ok: true, data: { username: 'anna' } })
    const audit = await client.call('audit.list', {})
    expect(audit).toMatchObject({
      ok: true,
      data: { items: expect.arrayContaining([expect.objectContaining({ actor: 'local', action: 'users.create' })]) },
    })
  })

  it('lets nobody else in', async () => {
    const { folder } = await hub()
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'hub.sock')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'hub.json')).mode & 0o777).toBe(0o600)
  })

  it('answers many requests at once, each its own', async () => {
    const { client } = await hub()
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        at % 2 === 0 ? client.call('system.status', {}) : client.call('contacts.count', {}),
      ),
    )
    answers.forEach((answer, at) => {
      expect(answer.ok && Object.keys(answer.data)).toContain(at % 2 === 0 ? 'pid' : 'contacts')
    })
  })

  it('carries texts of every script and length unharmed', async () => {
    const { client } = await hub()
    const organisation = 'Zoë & søn 株式会社 🐝\u2028end'
    await client.call('settings.update', { organisation })
    expect(await client.call('settings.get', {})).toMatchObject({ ok: true, data: { organisation } })
  })

  it('refuses what is no request and goes on', async () => {
    const { folder } = await hub()
    const peer = await raw(folder)
    peer.socket.write('no json\n')
    peer.socket.write('{"id":1,"operation":"users.list","input":{},"caller":"me"}\n')
    peer.socket.write('{"id":7,"operation":"no.such","input":{}}\n')
    peer.socket.write('{"id":8,"operation":"users.list","input":{"extra":1}}\n')
    const answers = await peer.lines(4)
    expect(answers).toEqual(
      expect.arrayContaining([
        { id: 0, answer: { ok: false, error: expect.objectContaining({ code: 'invalid_input' }) } },
        { id: 7, answer: { ok: false, error: expect.objectContaining({ code: 'not_found' }) } },
        { id: 8, answer: { ok: false, error: expect.objectContaining({ code: 'invalid_input' }) } },
      ]),
    )
    expect(answers.filter(answer => (answer as { id: number }).id === 0)).toHaveLength(2)
    peer.socket.destroy()
  })

  it('cuts off a line without an end, and nobody else', async () => {
    const { folder, client } = await hub()
    const peer = await raw(folder)
    peer.socket.write('x'.repeat(MAX_REQUEST_BYTES + 10))
    expect(await peer.lines(1)).toMatchObject([{ id: 0, answer: { error: { code: 'too_large' } } }])
    if (!peer.socket.closed) await once(peer.socket, 'close')
    expect(await client.call('system.status', {})).toMatchObject({ ok: true })
  })

  it('tells a request that the hub has left without an answer', async () => {
    const { folder, client } = await hub()
    const asked = client.call('users.create', { username: 'anna', password: 'a good long one', role: 'user' })
    asked.catch(() => {})
    await app!.close()
    app = null
    await expect(asked).rejects.toThrow(HubGoneError)
    await expect(client.call('system.status', {})).rejects.toThrow(HubGoneError)
    expect(existsSync(join(folder, 'hub.json'))).toBe(false)
    expect(await connectHub(folder)).toBeNull()
  })

  it('takes the place of one that a crash has left', async () => {
    const folder = temporaryFolder('hub')
    writeFileSync(join(folder, 'hub.sock'), '')
    writeFileSync(join(folder, 'hub.json'), JSON.stringify({ pid: 999_999, socket: join(folder, 'hub.sock') }))
    expect(await connectHub(folder)).toBeNull()
    const { client } = await hub(folder)
    expect(await client.call('system.status', {})).toMatchObject({ ok: true, data: { pid: process.pid } })
    expect(JSON.parse(readFileSync(join(folder, 'hub.json'), 'utf8'))).toMatchObject({ pid: process.pid })
  })
})

describe('where it lies', () => {
  it('is in the data folder where the path fits, and else in an own folder below the temporary one', async () => {
    expect(socketAddress('/data/hub', 'linux')).toBe('/data/hub/hub.sock')
    const folder = join(temporaryFolder('hub'), 'a'.repeat(90))
    mkdirSync(folder)
    const address = socketAddress(folder)
    expect(address.startsWith(tmpdir())).toBe(true)
    expect(Buffer.byteLength(address)).toBeLessThan(104)
    const { client } = await hub(folder)
    expect(await client.call('system.status', {})).toMatchObject({ ok: true })
    expect(statSync(join(address, '..')).mode & 0o777).toBe(0o700)
  })

  it('differs from folder to folder, and is a named pipe on Windows', () => {
    expect(socketAddress('C:\\data\\one', 'win32')).toMatch(/^\\\\\.\\pipe\\campaign-connector-[0-9a-f]{16}$/)
    expect(socketAddress('C:\\data\\one', 'win32')).not.toBe(socketAddress('C:\\data\\two', 'win32'))
  })
})
