import type { App, Session } from 'electron'
import { describe, expect, it } from 'vitest'
import { guardContents, guardSession, mayLoad } from '../../src/main/desktop/guards.ts'
import { GUIDES, mayOpen, openOutside } from '../../src/main/desktop/links.ts'
import { keptLog, where } from './kit.ts'

/** Every permission that Electron knows, and one that it may know some day. */
const PERMISSIONS = [
  ...['clipboard-read', 'clipboard-sanitized-write', 'display-capture', 'fullscreen', 'geolocation', 'idle-detection'],
  ...['media', 'mediaKeySystem', 'midi', 'midiSysex', 'notifications', 'pointerLock', 'keyboardLock', 'openExternal'],
  ...['speaker-selection', 'storage-access', 'top-level-storage-access', 'window-management', 'unknown', 'fileSystem'],
  ...['hid', 'serial', 'usb', 'deprecated-sync-clipboard-read', 'of-the-future'],
]

type AnyFunction = (...given: never[]) => unknown

function guarded() {
  const set = new Map<string, AnyFunction>()
  const on = new Map<string, AnyFunction>()
  const session = new Proxy(
    {
      on: (name: string, listener: AnyFunction) => on.set(name, listener),
      webRequest: { onBeforeRequest: (listener: AnyFunction) => set.set('onBeforeRequest', listener) },
    },
    {
      get: (target, name: string) =>
        name in target ? target[name as 'on'] : (handler: AnyFunction) => void set.set(name, handler),
    },
  )
  guardSession(session as unknown as Session, keptLog())
  return { call: (name: string, ...given: unknown[]) => set.get(name)!(...(given as never[])), on }
}

describe('a page', () => {
  it.each(PERMISSIONS)('is refused the permission %s, asked for or checked', permission => {
    const { call } = guarded()
    const answers: unknown[] = []
    call('setPermissionRequestHandler', null, permission, (allowed: boolean) => answers.push(allowed))
    answers.push(call('setPermissionCheckHandler', null, permission, 'app://connector', {}))
    expect(answers).toEqual([false, false])
  })

  it('gets no device and no picture of the screen', () => {
    const { call } = guarded()
    expect(call('setDevicePermissionHandler', { deviceType: 'usb' })).toBe(false)
    expect(call('setUSBProtectedClassesHandler', { protectedClasses: ['hid'] })).toEqual([])
    const answers: unknown[] = []
    call('setDisplayMediaRequestHandler', {}, (streams: unknown) => answers.push(streams))
    call('setBluetoothPairingHandler', {}, (answer: unknown) => answers.push(answer))
    expect(answers).toEqual([{}, { confirmed: false }])
  })

  it.each([
    ['app://connector/assets/a.js', true],
    ['devtools://devtools/bundled/x.js', true],
    ['app://other/a.js', false],
    ['https://example.com/', false],
    ['http://127.0.0.1:5000/', false],
    ['ws://127.0.0.1/', false],
    ['file:///etc/passwd', false],
    ['data:text/html,x', false],
    ['blob:app://connector/1', false],
    ['chrome://settings', false],
  ])('may load %s: %s', (url, may) => {
    const { call } = guarded()
    const answers: unknown[] = []
    call('onBeforeRequest', { url }, (answer: unknown) => answers.push(answer))
    expect(answers).toEqual([{ cancel: !may }])
    expect(mayLoad(url)).toBe(may)
  })

  it('downloads nothing by itself', () => {
    let prevented = false
    guarded().on.get('will-download')!({ preventDefault: () => (prevented = true) } as never)
    expect(prevented).toBe(true)
  })

  it('stays where it is, holds no foreign page and opens no window', () => {
    const log = keptLog()
    const opened: string[] = []
    const listeners = new Map<string, AnyFunction>()
    let onCreated: AnyFunction | null = null
    let openHandler: AnyFunction | null = null
    const app = { on: (_name: string, listener: AnyFunction) => (onCreated = listener) }
    guardContents(app as unknown as App, log, url => opened.push(url))
    const contents = {
      on: (name: string, listener: AnyFunction) => listeners.set(name, listener),
      setWindowOpenHandler: (handler: AnyFunction) => (openHandler = handler),
    }
    onCreated!({} as never, contents as never)
    for (const name of ['will-frame-navigate', 'will-navigate', 'will-redirect', 'will-attach-webview']) {
      let prevented = false
      listeners.get(name)!({
        preventDefault: () => (prevented = true),
        url: 'https://evil.example/+12025550123',
      } as never)
      expect([name, prevented]).toEqual([name, true])
    }
    expect(openHandler!({ url: 'https://evil.example/' } as never)).toEqual({ action: 'deny' })
    expect(opened).toEqual(['https://evil.example/'])
    expect(log.lines.join()).not.toContain('555')
  })
})

describe('links', () => {
  it('open for the known pages only, to the letter', () => {
    for (const guide of Object.values(GUIDES)) {
      expect(guide).toMatch(/^https:\/\//)
      expect(mayOpen(guide)).toBe(true)
      expect(mayOpen(guide.replace('https', 'http'))).toBe(false)
      expect(mayOpen(`${guide}?x`)).toBe(false)
    }
    for (const url of [
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://x',
      'https://f-droid.org.evil.example/',
      '',
    ]) {
      expect(mayOpen(url)).toBe(false)
    }
  })

  it('go through one place', async () => {
    const opened: string[] = []
    const shell = { openExternal: async (url: string) => void opened.push(url) }
    openOutside(shell, 'https://evil.example/', keptLog())
    openOutside(shell, GUIDES.termux, keptLog())
    expect(opened).toEqual([GUIDES.termux])
    expect(where(/\.openExternal\(|\.openPath\(|\.showItemInFolder\(/)).toEqual(['src/main/desktop/links.ts'])
  })
})
