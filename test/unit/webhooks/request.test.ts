import type { LookupAddress } from 'node:dns'
import { createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createTargetPost } from '../../../src/main/services/webhooks/request.ts'
import { afterThisTest } from '../../support/folder.ts'
import { Receiver } from '../../support/receiver.ts'

const signal = new AbortController().signal

function poster(addresses?: string[], limitMs?: number) {
  const names: string[] = []
  const lookup = ((name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) => {
    names.push(name)
    callback(
      null,
      (addresses ?? []).map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as typeof import('node:dns').lookup
  const { post, close } = createTargetPost(addresses && lookup, limitMs)
  afterThisTest(close)
  return { names, post: (url: string) => post({ url, headers: { 'X-Test': '1' }, body: '{"a":1}', signal }) }
}

describe('the way out to a target', () => {
  it('posts the body as it is', async () => {
    const receiver = await Receiver.start()
    expect(await poster().post(receiver.url)).toEqual({ status: 204, retryAfterMs: null })
    expect(receiver.received).toMatchObject([{ path: '/hook', body: '{"a":1}', headers: { 'x-test': '1' } }])
  })

  it('does not follow a redirect', async () => {
    const receiver = await Receiver.start()
    const other = await Receiver.start()
    receiver.react = response => response.writeHead(307, { Location: other.url }).end()
    expect(await poster().post(receiver.url)).toMatchObject({ status: 307 })
    expect(other.received).toEqual([])
  })

  it('reads how long the target wants to be left alone, in seconds only', async () => {
    const receiver = await Receiver.start()
    const answers = ['7', 'Wed, 21 Oct 2026 07:28:00 GMT', '-1']
    receiver.react = response => response.writeHead(503, { 'Retry-After': answers.shift() }).end()
    const { post } = poster()
    const waits = [await post(receiver.url), await post(receiver.url), await post(receiver.url)]
    expect(waits.map(answer => answer.retryAfterMs)).toEqual([7_000, null, null])
  })

  it.each([[['169.254.169.254']], [['10.0.0.5', '169.254.169.254']], [['::ffff:169.254.169.254']], [['0.0.0.0']]])(
    'makes no connection when the name stands for %s',
    async addresses => {
      const { post, names } = poster(addresses)
      await expect(post('https://hooks.example.org/')).rejects.toThrow('not sent to')
      expect(names).toEqual(['hooks.example.org'])
    },
  )

  it('reaches by http only what is this computer at that moment', async () => {
    await expect(poster(['10.0.0.5']).post('http://localhost:1/')).rejects.toThrow('not this computer')
    const receiver = await Receiver.start()
    expect(await poster(['127.0.0.1']).post(`http://localhost:${receiver.port}/`)).toMatchObject({ status: 204 })
  })

  it('refuses an address that could not be stored any more', async () => {
    await expect(poster().post('http://169.254.169.254/')).rejects.toThrow('not sent to')
    await expect(poster().post('http://example.org/')).rejects.toThrow('this computer only')
  })

  it('does not read an endless answer', async () => {
    const sockets: Socket[] = []
    let sent = 0
    const server = createServer(socket => {
      sockets.push(socket)
      socket.on('error', () => {})
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n')
        const pour = () => {
          while (!socket.destroyed && socket.write('x'.repeat(1024))) sent += 1024
        }
        socket.on('drain', pour)
        pour()
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    afterThisTest(() => server.close())
    const { port } = server.address() as { port: number }
    expect(await poster().post(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 })
    await new Promise(resolve => sockets[0]!.once('close', resolve))
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  it('says why there was no answer', async () => {
    const receiver = await Receiver.start()
    const { url } = receiver
    receiver.react = response => response.socket?.destroy()
    await expect(poster().post(url)).rejects.toThrow('closed the connection')
    receiver.react = () => {}
    await expect(poster(undefined, 50).post(url)).rejects.toThrow('No answer within')
    receiver.close()
    await expect(poster().post(url)).rejects.toThrow('Nothing listens')
  })

  it('does not talk to a target whose certificate nobody vouches for', async () => {
    const receiver = await Receiver.start()
    await expect(poster().post(`https://127.0.0.1:${receiver.port}/`)).rejects.toThrow(
      /certificate|HTTP|wrong version/i,
    )
    expect(receiver.received).toEqual([])
  })
})
