import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MenuItemConstructorOptions, PowerMonitor } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { showUnread } from '../../../src/main/desktop/badge.ts'
import { lockWhenIdle } from '../../../src/main/desktop/idle-lock.ts'
import { menuTemplate } from '../../../src/main/desktop/menu.ts'
import { type Notice, Notifier, replyNotice, troublesOf } from '../../../src/main/desktop/notifications.ts'
import { GATHER_MS, gatherEvents } from '../../../src/main/desktop/page-events.ts'
import { askQuit, quitQuestion } from '../../../src/main/desktop/quit.ts'
import { type Running, statusLine } from '../../../src/main/desktop/running.ts'
import { trayTemplate } from '../../../src/main/desktop/tray.ts'
import { Updates } from '../../../src/main/desktop/updates.ts'
import { TOLD_OF_EVERYTHING } from '../../../src/main/domain/notification-rules.ts'
import type { Dispatcher } from '../../../src/main/services/operations/dispatch.ts'
import { keptLog } from '../../security/kit.ts'

const QUIET: Running = { campaigns: [], paused: 0, phones: 0, connected: 0, unread: 0 }
const BUSY: Running = { campaigns: [{ id: 1, name: 'Spring' }], paused: 1, phones: 2, connected: 1, unread: 3 }
const NUMBER = '+12025550123'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the lock of an idle window', () => {
  function idle(minutes: number) {
    let seconds = 0
    let locks = 0
    const power = Object.assign(new EventEmitter(), { getSystemIdleTime: () => seconds })
    const stop = lockWhenIdle({
      power: power as unknown as PowerMonitor,
      minutes: () => minutes,
      lock: () => {
        locks += 1
      },
    })
    const wait = (idleSeconds: number) => {
      seconds = idleSeconds
      vi.advanceTimersByTime(10_000)
      return locks
    }
    return { wait, power, stop, locks: () => locks }
  }

  it('comes when nobody was there for the minutes of the settings', () => {
    const { wait } = idle(15)
    expect(wait(15 * 60 - 1)).toBe(0)
    expect(wait(15 * 60)).toBe(1)
  })

  it('comes with the screen of the system and before it sleeps', () => {
    const { power, locks } = idle(15)
    power.emit('lock-screen')
    power.emit('suspend')
    expect(locks()).toBe(2)
  })

  it('never comes where it is off, and not after the end', () => {
    const off = idle(0)
    expect(off.wait(100_000)).toBe(0)
    off.power.emit('lock-screen')
    expect(off.locks()).toBe(0)
    const ended = idle(1)
    ended.stop()
    ended.power.emit('lock-screen')
    expect(ended.wait(100_000)).toBe(0)
  })
})

describe('quitting', () => {
  it('asks nothing when nothing runs', async () => {
    expect(quitQuestion(QUIET, true)).toBeNull()
    expect(await askQuit(QUIET, true, () => Promise.reject(new Error('asked')))).toBe('quit')
  })

  it.each([
    [true, 0, 'quit'],
    [true, 1, 'hide'],
    [true, 2, 'stay'],
    [false, 0, 'quit'],
    [false, 1, 'stay'],
  ] as const)('while a campaign runs (tray: %s) button %i means %s', async (canHide, response, choice) => {
    expect(await askQuit(BUSY, canHide, async () => ({ response }))).toBe(choice)
    const question = quitQuestion(BUSY, canHide)!
    expect(question.detail).toMatch(/"Spring"[\s\S]*Nothing is lost/)
    expect(question.buttons![question.cancelId!]).toBe('Stay')
  })
})

describe('tray and menu', () => {
  it('say what is going on', () => {
    expect(statusLine(QUIET)).toBe('Nothing is being sent, no phone paired')
    expect(statusLine(BUSY)).toBe('1 campaign running, 1 paused, 1 of 2 phones connected')
  })

  it('pause only where something runs', () => {
    const clicks: string[] = []
    const parts = {
      show: () => void clicks.push('show'),
      inbox: () => void clicks.push('inbox'),
      pauseAll: () => void clicks.push('pause'),
      quit: () => void clicks.push('quit'),
    }
    const item = (running: Running) => trayTemplate(running, parts).find(one => one.label?.startsWith('Pause'))!
    expect(item(QUIET).enabled).toBe(false)
    expect(item(BUSY).enabled).toBe(true)
    ;(item(BUSY).click as () => void)()
    expect(clicks).toEqual(['pause'])
  })

  it('lead to the inbox while something waits there', () => {
    const clicks: string[] = []
    const parts = { show() {}, inbox: () => void clicks.push('inbox'), pauseAll() {}, quit() {} }
    const item = (running: Running) => trayTemplate(running, parts).find(one => one.label?.includes('unread'))
    expect(item(QUIET)).toBeUndefined()
    expect(item(BUSY)?.label).toBe('3 unread threads')
    ;(item(BUSY)!.click as () => void)()
    expect(clicks).toEqual(['inbox'])
  })

  it.each(['darwin', 'linux', 'win32'] as const)('show at the icon how much waits (%s)', platform => {
    const shown: unknown[] = []
    const badge = (unread: number) =>
      showUnread(
        {
          app: { setBadgeCount: count => shown.push(count) > 0 },
          window: { isDestroyed: () => false, setOverlayIcon: (_image, words) => void shown.push(words) },
          ...{ platform, image: bitmap => bitmap as never },
        },
        unread,
      )
    badge(3)
    badge(0)
    expect(shown).toEqual(platform === 'win32' ? ['3 unread threads', ''] : [3, 0])
  })

  it('offer developer tools in sources only, and locking to who is signed in', () => {
    const parts = { platform: 'linux', isAdmin: false, go() {}, lock() {}, allowHeadless() {}, quit() {} } as const
    const roles = (packaged: boolean) =>
      JSON.stringify(menuTemplate({ ...parts, packaged, isSignedIn: true })).includes('toggleDevTools')
    expect([roles(true), roles(false)]).toEqual([false, true])
    const lockItem = (isSignedIn: boolean) =>
      (menuTemplate({ ...parts, packaged: true, isSignedIn })[0]!.submenu as MenuItemConstructorOptions[]).find(
        one => one.label === 'Lock',
      )!.enabled
    expect([lockItem(false), lockItem(true)]).toEqual([false, true])
    expect(JSON.stringify(menuTemplate({ ...parts, packaged: true, isSignedIn: true }))).not.toMatch(/reload/i)
  })
})

describe('notifications', () => {
  const text = (id: number, threadId: number) =>
    ({
      id,
      threadId,
      number: NUMBER,
      at: 0,
      body: 'see you at nine',
      intent: 'none',
      campaignId: null,
      assignedTo: null,
      notifies: '',
    }) as never
  const lane = (halt: string | null) => ({ slot: 0, halt }) as never
  const phone = (halt: string | null) =>
    ({ id: 1, name: 'Pixel', journalProblem: null, replayNeeded: false, status: { lanes: [lane(halt)] } }) as never

  it('hold neither number nor text, unless that was chosen', () => {
    const told = JSON.stringify([replyNotice([text(1, 7)], false), replyNotice([text(1, 7), text(2, 8)], true)])
    expect(told).not.toMatch(/555|nine/)
    expect(replyNotice([text(1, 7)], false)).toEqual({
      title: '1 new reply',
      body: 'From one person.',
      path: '/inbox/7',
    })
    expect(replyNotice([text(1, 7), text(2, 8)], false)).toMatchObject({
      title: '2 new replies',
      body: 'From 2 people.',
    })
    expect(replyNotice([text(1, 7)], true)).toMatchObject({ title: `Reply from ${NUMBER}`, body: 'see you at nine' })
  })

  it('name what a phone waits for', () => {
    expect(troublesOf([phone(null)])).toEqual([])
    expect(troublesOf([phone('no_proof')])).toEqual([
      { key: '1:0:no_proof', body: 'SIM 1 of Pixel has paused itself.' },
    ])
  })

  function notifier(window = { lockAfterMinutes: 0, notifications: true, notificationTexts: false }) {
    const shown: Notice[] = []
    const world = {
      ...{ texts: [text(1, 7)] as { id: number }[], phones: [phone(null)], lookedAt: false },
      ...{ user: null as null | { kind: 'user'; id: number; role?: 'admin' }, rules: TOLD_OF_EVERYTHING, minute: 600 },
      notes: [] as { id: number; threadId: number; by: string }[],
      grants: [] as { id: number; expiresSoon: boolean }[],
    }
    const dispatch = (async (name: string, input: { after?: string; limit: number }) => {
      if (name === 'phones.list') return { ok: true, data: { phones: world.phones } }
      if (name === 'account.notification-rules') return { ok: true, data: world.rules }
      if (name === 'inbox.mentions') return { ok: true, data: { items: world.notes.toReversed(), next: null } }
      if (name === 'grants.list') return { ok: true, data: { grants: world.grants } }
      const after = Number(input.after ?? 0)
      const items = world.texts.filter(one => one.id > after).slice(0, input.limit)
      return { ok: true, data: { items, next: null, newest: world.texts.at(-1)?.id ?? 0 } }
    }) as unknown as Dispatcher
    const made = new Notifier({
      ...{ dispatch, log: keptLog(), settings: () => window, isLookedAt: () => world.lookedAt },
      ...{ user: () => world.user as never, minute: () => world.minute },
      show: notice => void shown.push(notice),
    })
    return { made, shown, world }
  }

  it('tell each thing once, and nothing of what was there before', async () => {
    const { made, shown, world } = notifier()
    await made.start()
    await made.look()
    expect(shown).toEqual([])
    world.texts.push(text(2, 7), text(3, 8))
    await made.look()
    await made.look()
    expect(shown.map(one => one.title)).toEqual(['2 new replies'])
    world.phones = [phone('gate')]
    await made.look()
    await made.look()
    expect(shown.map(one => one.title)).toEqual(['2 new replies', 'A phone needs you'])
  })

  it('tell administrators of credentials that end soon, once, also of those that began to while nobody was here', async () => {
    const { made, shown, world } = notifier()
    world.grants.push({ id: 1, expiresSoon: true }, { id: 2, expiresSoon: false })
    await made.start()
    await made.look()
    const one = { title: '1 credential ends soon', body: expect.any(String), path: '/admin/people' }
    expect(shown).toEqual([one])
    world.user = { kind: 'user', id: 5 }
    world.grants = [
      { id: 2, expiresSoon: true },
      { id: 3, expiresSoon: true },
    ]
    await made.look()
    expect(shown).toEqual([one])
    world.user = { kind: 'user', id: 5, role: 'admin' }
    await made.look()
    expect(shown).toEqual([one, { ...one, title: '2 credentials end soon' }])
    made.stop()
  })

  it('tell each user what they want', async () => {
    const { made, shown, world } = notifier()
    world.user = { kind: 'user', id: 5 }
    world.rules = { ...TOLD_OF_EVERYTHING, anyReply: false }
    world.notes.push({ id: 1, threadId: 7, by: 'Ann' })
    await made.start()
    world.texts.push(text(2, 7), { ...(text(3, 8) as object), assignedTo: 6 } as never)
    await made.look()
    expect(shown).toEqual([])
    world.texts.push({ ...(text(4, 9) as object), assignedTo: 5 } as never)
    world.texts.push({ ...(text(5, 9) as object), intent: 'stop_likely' } as never)
    world.notes.push({ id: 2, threadId: 8, by: 'Ann' })
    await made.look()
    await made.look()
    expect(shown).toEqual([
      { title: '2 new replies', body: 'From one person.', path: '/inbox/9' },
      { title: 'You are called in a note', body: 'Ann wrote it in a thread.', path: '/inbox/8' },
    ])
    shown.length = 0
    world.rules = { ...TOLD_OF_EVERYTHING, quiet: { from: 540, to: 660 } }
    world.texts.push(text(6, 7))
    world.notes.push({ id: 3, threadId: 8, by: 'Ann' })
    await made.look()
    // What came in quiet hours is in the inbox; it is not told once they are over.
    world.minute = 700
    await made.look()
    expect(shown).toEqual([])
  })

  it('are quiet while somebody looks at the window, and where they are off', async () => {
    const looked = notifier()
    await looked.made.start()
    looked.world.lookedAt = true
    looked.world.texts.push(text(2, 7))
    await looked.made.look()
    const off = notifier({ lockAfterMinutes: 0, notifications: false, notificationTexts: true })
    await off.made.start()
    off.world.texts.push(text(2, 7))
    await off.made.look()
    expect([...looked.shown, ...off.shown]).toEqual([])
  })
})

it('what happens is told together, each thing once', () => {
  const told: unknown[] = []
  const events = gatherEvents(happened => void told.push(happened))
  events.note({ type: 'work' })
  events.note({ type: 'work' })
  events.note({ type: 'thread', id: 3 })
  vi.advanceTimersByTime(GATHER_MS)
  expect(told).toEqual([[{ type: 'work' }, { type: 'thread', id: 3 }]])
  events.note({ type: 'work' })
  events.stop()
  vi.advanceTimersByTime(GATHER_MS)
  expect(told).toHaveLength(1)
})

describe('updates', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  function updates(options: { feed: boolean; packaged?: boolean; response?: number; platform?: NodeJS.Platform }) {
    const resources = mkdtempSync(join(tmpdir(), 'cc-updates-'))
    folders.push(resources)
    if (options.feed) writeFileSync(join(resources, 'app-update.yml'), 'provider: generic\n')
    const calls: string[] = []
    const found = { version: '9.9.9' as string | null, fails: false }
    const updater = {
      ...{ autoDownload: true, autoInstallOnAppQuit: false, allowDowngrade: true },
      checkForUpdates: async () => {
        calls.push('check')
        if (found.fails) throw new Error('no network')
        return { isUpdateAvailable: found.version !== null, updateInfo: { version: found.version } } as never
      },
      downloadUpdate: async () => {
        calls.push('download')
        return []
      },
    }
    const made = new Updates({
      ...{ resources, packaged: options.packaged ?? true, platform: options.platform ?? 'darwin', log: keptLog() },
      now: () => 1_000,
      load: async () => {
        calls.push('load')
        return updater
      },
      ask: async () => {
        calls.push('ask')
        return { response: options.response ?? 1 }
      },
    })
    return { made, calls, updater, found }
  }
  const settled = () => vi.advanceTimersByTimeAsync(0)

  it('are off without a feed, and in sources, and say why; nobody is asked', async () => {
    for (const { made, calls } of [updates({ feed: false }), updates({ feed: true, packaged: false })]) {
      made.start()
      expect(await made.check()).toEqual({ kind: 'off', why: expect.stringMatching(/\.$/) })
      await vi.advanceTimersByTimeAsync(48 * 3_600_000)
      expect(calls).toEqual([])
    }
  })

  it('are loaded after a person has said so, and never an older version', async () => {
    const no = updates({ feed: true })
    expect(await no.made.check()).toEqual({ kind: 'found', version: '9.9.9', installs: true })
    await settled()
    expect(no.calls).toEqual(['load', 'check', 'ask'])
    expect(no.updater).toMatchObject({ autoDownload: false, allowDowngrade: false })
    const yes = updates({ feed: true, response: 0 })
    await yes.made.check()
    await settled()
    expect(yes.calls).toEqual(['load', 'check', 'ask', 'download'])
    expect(yes.made.state()).toEqual({ kind: 'ready', version: '9.9.9' })
  })

  it('are only told of where nobody vouches for the files', async () => {
    const { made, calls } = updates({ feed: true, response: 0, platform: 'linux' })
    expect(await made.check()).toEqual({ kind: 'found', version: '9.9.9', installs: false })
    await settled()
    expect(calls).toEqual(['load', 'check', 'ask'])
  })

  it('are looked for once a day and when somebody asks, and told of once', async () => {
    const { made, calls, found } = updates({ feed: true })
    found.version = null
    made.start()
    await settled()
    expect(made.state()).toEqual({ kind: 'current', checkedAt: 1_000 })
    await vi.advanceTimersByTimeAsync(24 * 3_600_000)
    expect(calls).toEqual(['load', 'check', 'check'])
    found.fails = true
    expect(await made.check()).toEqual({ kind: 'failed', at: 1_000 })
    found.fails = false
    found.version = '9.9.9'
    await made.check()
    await made.check()
    expect(calls.filter(call => call === 'ask')).toHaveLength(1)
    made.stop()
    await vi.advanceTimersByTimeAsync(48 * 3_600_000)
    expect(calls.filter(call => call === 'check')).toHaveLength(5)
  })
})
