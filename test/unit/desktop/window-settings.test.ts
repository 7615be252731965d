import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { desktopEntry, loginStart } from '../../../src/main/desktop/login-start.ts'
import { WindowSettingsDoor } from '../../../src/main/desktop/window-settings.ts'
import { memoryPreferences } from '../../security/kit.ts'
import { temporaryFolder } from '../../support/folder.ts'

function door(given: { signedIn?: boolean; tray?: boolean; login?: boolean | null; full?: boolean } = {}) {
  const remembered = memoryPreferences()
  const preferences = given.full ? { ...remembered, set: () => false } : remembered
  let login = given.login === undefined ? false : given.login
  let checks = 0
  const made = new WindowSettingsDoor({
    preferences,
    login: {
      get: () => login,
      set: on => {
        login = on
      },
    },
    updates: {
      state: () => ({ kind: 'off', why: 'None.' }),
      check: async () => {
        checks += 1
        return { kind: 'off', why: 'None.' }
      },
    },
    hasTray: () => given.tray ?? true,
    canNotify: () => true,
    isSignedIn: () => given.signedIn ?? true,
  })
  return { made, preferences, checks: () => checks }
}

describe('the settings of the window', () => {
  it('are kept on this computer', async () => {
    const { made, preferences, checks } = door()
    expect(await made.call('settings', undefined)).toEqual({
      ok: true,
      data: {
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        ...{ closeToTray: false, notifications: true, startAtLogin: false, update: { kind: 'off', why: 'None.' } },
      },
    })
    const all = { closeToTray: true, notifications: false, startAtLogin: true }
    expect(await made.call('change', all)).toMatchObject({ ok: true, data: all })
    expect(preferences.stored).toMatchObject({ closeToTray: true, notifications: false })
    expect(await made.call('change', { notifications: true })).toMatchObject({ data: { ...all, notifications: true } })
    expect(await made.call('checkForUpdates', undefined)).toMatchObject({ ok: true })
    expect(checks()).toBe(1)
  })

  it.each([
    ['change', { closeToTray: 'yes' }, 'invalid_input'],
    ['change', { place: null }, 'invalid_input'],
    ['change', { sealedSession: 'x' }, 'invalid_input'],
    ['change', null, 'ok'],
    ['change', [true], 'invalid_input'],
    ['change', { closeToTray: true, useKeyFile: true }, 'invalid_input'],
    ['set', {}, 'not_found'],
    ['constructor', {}, 'not_found'],
    [7, {}, 'not_found'],
  ])('%s %j is answered by %s, and changes nothing else', async (method, input, code) => {
    const { made, preferences } = door()
    const before = JSON.stringify(preferences.stored)
    const answer = await made.call(method, input)
    expect(answer.ok ? 'ok' : answer.error.code).toBe(code)
    expect(JSON.stringify(preferences.stored)).toBe(before)
  })

  it('say when they cannot be kept', async () => {
    const { made } = door({ full: true })
    expect(await made.call('change', { notifications: false })).toMatchObject({
      ...{ ok: false, error: { code: 'unavailable', message: expect.stringContaining('free space') } },
    })
  })

  it('are for somebody who is signed in', async () => {
    const { made, preferences, checks } = door({ signedIn: false })
    for (const method of ['settings', 'change', 'checkForUpdates']) {
      const answer = await made.call(method, { notifications: false })
      expect(answer).toMatchObject({ ok: false, error: { code: 'authentication_required' } })
    }
    expect([preferences.stored.notifications, checks()]).toEqual([true, 0])
  })

  it('say what this computer does not offer, and refuse it in words', async () => {
    const { made } = door({ tray: false, login: null })
    expect(await made.call('settings', {})).toMatchObject({ data: { closeToTray: null, startAtLogin: null } })
    const tray = await made.call('change', { closeToTray: true })
    const login = await made.call('change', { startAtLogin: true })
    expect([tray, login]).toMatchObject([
      { ok: false, error: { code: 'conflict', message: expect.stringMatching(/no place for an icon/) } },
      { ok: false, error: { code: 'conflict', message: expect.stringMatching(/where it is installed/) } },
    ])
  })
})

describe('starting with the computer', () => {
  const items: unknown[] = []
  const app = {
    getLoginItemSettings: (options: unknown) => ({ openAtLogin: items.push(options) > 0 }) as never,
    setLoginItemSettings: (options: unknown) => void items.push(options),
  }
  const program = '/opt/Campaign Connector/campaign-connector'

  it('is an entry of the desktop on Linux, which other programs may switch off', () => {
    const configFolder = temporaryFolder('config')
    const login = loginStart({
      ...{ app, platform: 'linux' as const, packaged: true, program, args: ['--data-dir', '/data'], configFolder },
    })
    const file = join(configFolder, 'autostart', 'campaign-connector.desktop')
    expect(login.get()).toBe(false)
    login.set(true)
    expect(login.get()).toBe(true)
    expect(readFileSync(file, 'utf8')).toContain(`Exec="${program}" "--data-dir" "/data"\n`)
    writeFileSync(file, readFileSync(file, 'utf8').replace('enabled=true', 'enabled=false'))
    expect(login.get()).toBe(false)
    login.set(false)
    expect([login.get(), existsSync(file)]).toEqual([false, false])
  })

  it('quotes what a path may hold', () => {
    const entry = desktopEntry('/home/a b/"$x`\\y%/run', ['--data-dir', '/d\nExec=evil'])
    expect(entry).toContain('Exec="/home/a b/\\\\"\\\\$x\\\\`\\\\\\\\y%%/run" "--data-dir" "/d\\nExec=evil"\n')
    expect(entry.match(/^Exec=/gm)).toHaveLength(1)
  })

  it('is the business of the system elsewhere, and is not there in sources', () => {
    const parts = { app, program, args: ['--data-dir', 'D'], configFolder: '' }
    loginStart({ ...parts, platform: 'win32', packaged: true }).set(true)
    expect(items.at(-1)).toEqual({ path: program, args: ['--data-dir', 'D'], openAtLogin: true })
    expect(loginStart({ ...parts, platform: 'darwin', packaged: true }).get()).toBe(true)
    expect(loginStart({ ...parts, platform: 'linux', packaged: false }).get()).toBeNull()
  })
})
