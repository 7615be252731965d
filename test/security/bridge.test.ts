import { EventEmitter } from 'node:events'
import type { IpcMain, WebContents } from 'electron'
import { describe, expect, it } from 'vitest'
import { Bridge, type Desk } from '../../src/main/desktop/bridge.ts'
import { CHANNELS } from '../../src/main/desktop/channels.ts'
import { isOurPage } from '../../src/main/desktop/sender.ts'
import { keptLog, where } from './kit.ts'

const OURS = { url: 'app://connector/#/inbox', parent: null }
const disposed = {
  get url(): string {
    throw new Error('Render frame was disposed before WebFrameMain could be accessed')
  },
  parent: null,
}

describe('a call', () => {
  it.each([
    ['from our page', { sender: { id: 1 }, senderFrame: OURS }, true],
    ['from a frame that is gone', { sender: { id: 1 }, senderFrame: null }, false],
    ['from a frame that was disposed of', { sender: { id: 1 }, senderFrame: disposed }, false],
    ['from a frame in our page', { sender: { id: 1 }, senderFrame: { ...OURS, parent: {} } }, false],
    ['from another host', { sender: { id: 1 }, senderFrame: { ...OURS, url: 'app://other/' } }, false],
    [
      'from a host that begins alike',
      { sender: { id: 1 }, senderFrame: { ...OURS, url: 'app://connector.evil/' } },
      false,
    ],
    ['from the network', { sender: { id: 1 }, senderFrame: { ...OURS, url: 'https://connector/' } }, false],
    ['from a file', { sender: { id: 1 }, senderFrame: { ...OURS, url: 'file://connector/' } }, false],
    ['from an empty page', { sender: { id: 1 }, senderFrame: { ...OURS, url: 'about:blank' } }, false],
    ['from no address at all', { sender: { id: 1 }, senderFrame: { ...OURS, url: '' } }, false],
    ['from a window that we did not make', { sender: { id: 2 }, senderFrame: OURS }, false],
  ])('%s', (_name, event, allowed) => {
    expect(isOurPage(event, new Set([1]))).toBe(allowed)
  })
})

function bridged(open: Promise<void> = Promise.resolve()) {
  const handlers = new Map<string, (...given: unknown[]) => unknown>()
  const ipc = {
    handle: (channel: string, handler: (...given: unknown[]) => unknown) => void handlers.set(channel, handler),
    removeHandler: (channel: string) => void handlers.delete(channel),
  }
  const log = keptLog()
  const bridge = new Bridge(ipc as unknown as IpcMain, log)
  const sent: unknown[] = []
  const contents = Object.assign(new EventEmitter(), {
    id: 1,
    isDestroyed: () => false,
    send: (...given: unknown[]) => void sent.push(given),
  })
  bridge.add(contents as unknown as WebContents)
  const asked: unknown[] = []
  const note =
    (what: string) =>
    async (...given: unknown[]) => {
      asked.push([what, ...given])
      return { ok: true, data: null } as const
    }
  const session = Object.fromEntries(
    ['state', 'begin', 'signIn', 'signOut', 'lock', 'unlock'].map(name => [name, note(`session.${name}`)]),
  )
  const desk: Desk = {
    session: session as unknown as Desk['session'],
    operation: note('operation'),
    upload: note('upload'),
    save: note('save'),
    window: note('window'),
    restore: note('restore'),
    guide: topic => void asked.push(['guide', topic]),
  }
  bridge.serve(open.then(() => desk))
  const call = (channel: string, event: unknown, ...given: unknown[]) => handlers.get(channel)!(event, ...given)
  return { bridge, call, asked, sent, contents, handlers, log, desk }
}

const FROM_US = { sender: { id: 1 }, senderFrame: OURS }
const REFUSED = { ok: false, error: { code: 'forbidden', message: 'Your role does not allow this.' } }

describe('the bridge', () => {
  it('listens on its channels and no others', () => {
    const { handlers, bridge } = bridged()
    expect([...handlers.keys()].sort()).toEqual(
      [
        CHANNELS.operation,
        CHANNELS.session,
        CHANNELS.upload,
        CHANNELS.save,
        CHANNELS.window,
        CHANNELS.restore,
        CHANNELS.guide,
      ].sort(),
    )
    bridge.close()
    expect(handlers.size).toBe(0)
  })

  it('refuses whoever is not our page on every channel, and asks nobody', async () => {
    const { call, asked, handlers, log } = bridged()
    for (const channel of handlers.keys()) {
      const event = { sender: { id: 1 }, senderFrame: { ...OURS, url: 'https://evil.example/' } }
      expect(await call(channel, event, 'state', {})).toEqual(REFUSED)
    }
    expect(asked).toEqual([])
    expect(log.lines).toHaveLength(handlers.size)
  })

  it('takes what a page asks before the hub is open, and answers when it is', async () => {
    const ready = Promise.withResolvers<void>()
    const { call, asked } = bridged(ready.promise)
    const answered = call(CHANNELS.session, FROM_US, 'state')
    expect(await call(CHANNELS.session, { ...FROM_US, sender: { id: 2 } }, 'state')).toEqual(REFUSED)
    expect(asked).toEqual([])
    ready.resolve()
    await answered
    expect(asked).toEqual([['session.state']])
  })

  it('looks at the sender before anything is awaited', async () => {
    const { call, asked } = bridged()
    const event: { sender: { id: number }; senderFrame: typeof OURS | null } = { ...FROM_US }
    const answer = call(CHANNELS.operation, event, 'users.list', {})
    event.senderFrame = null
    expect(await answer).toEqual({ ok: true, data: null })
    expect(asked).toEqual([['operation', 'users.list', {}]])
  })

  it('knows a window until it is gone', async () => {
    const { call, contents } = bridged()
    contents.emit('destroyed')
    expect(await call(CHANNELS.operation, FROM_US, 'users.list', {})).toEqual(REFUSED)
  })

  it.each(['constructor', '__proto__', 'toString', 'caller', '', 7, null])('has no session method %s', async method => {
    const { call, asked } = bridged()
    expect(await call(CHANNELS.session, FROM_US, method, {})).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(asked).toEqual([])
  })

  it('says nothing of what went wrong inside', async () => {
    const { call, desk } = bridged()
    ;(desk as { operation: unknown }).operation = async () => {
      throw new Error('SELECT secret FROM /home/ann/hub.sqlite')
    }
    const answer = await call(CHANNELS.operation, FROM_US, 'users.list', {})
    expect(JSON.stringify(answer)).not.toMatch(/SELECT|home/)
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } })
  })

  it('tells pages what happened on one channel', () => {
    const { bridge, sent } = bridged()
    bridge.tell([{ type: 'work' }])
    expect(sent).toEqual([[CHANNELS.events, [{ type: 'work' }]]])
  })
})

it('Electron is spoken to between processes in the bridge alone', () => {
  expect(where(/ipcMain\s*\.|\bipcMain\.(on|once|handle|handleOnce)\b/)).toEqual([])
  expect(where(/\bipcMain\b/)).toEqual(['src/main/desktop/opening.ts'])
  expect(where(/#ipc\.handle\(/)).toEqual(['src/main/desktop/bridge.ts'])
  expect(where(/\bipcRenderer\b/)).toEqual(['src/preload/index.ts'])
  expect(where(/contents\.(send|postMessage|sendToFrame)\(|webContents\.(send|postMessage)\(/)).toEqual([
    'src/main/desktop/bridge.ts',
  ])
  expect(where(/MessageChannelMain|MessagePortMain/)).toEqual([])
  expect(where(/executeJavaScript/)).toEqual(['src/main/desktop/selftest.ts'])
})
