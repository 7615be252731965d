import type * as Electron from 'electron'
import type { PageEvent } from '../../shared/bridge.ts'
import type { App } from '../app.ts'
import { showUnread } from './badge.ts'
import { lockWhenIdle } from './idle-lock.ts'
import { menuTemplate } from './menu.ts'
import { type Notice, Notifier } from './notifications.ts'
import type { Preferences } from './preferences.ts'
import { pauseAll, whatRuns } from './running.ts'
import type { DesktopSession } from './session.ts'
import { createTray } from './tray.ts'
import { bringToFront } from './window.ts'

interface Parts {
  readonly electron: typeof Electron
  readonly app: App
  readonly window: Electron.BrowserWindow
  readonly session: DesktopSession
  readonly tell: (event: PageEvent) => void
  /** Asks whether to end, and ends. */
  readonly quit: () => void
  readonly trayIcon: string
  readonly packaged: boolean
  readonly preferences: Preferences
}

const HEADLESS_QUESTION: Electron.MessageBoxOptions = {
  type: 'question',
  title: 'Campaign Connector',
  message: 'Allow this data folder to be used without a window?',
  detail:
    'The command "campaign-connector serve" has no keychain. A key file in the data folder, which only you can read, will open it as well. Whoever can read your files can then read the secrets in it.',
  buttons: ['Make a key file', 'Cancel'],
  ...{ defaultId: 1, cancelId: 1, noLink: true },
}

export interface Ambient {
  readonly hasTray: boolean
  sessionChanged(): void
  close(): void
}

/** What stands around the page: menu, tray, badge, notifications, and the lock of an idle window. */
export async function createAmbient(parts: Parts): Promise<Ambient> {
  const { electron, app, window, session, tell, quit, trayIcon, packaged, preferences } = parts
  const { Menu, Notification, Tray, dialog, nativeImage, powerMonitor } = electron
  const { dispatch, happenings, log, services } = app
  const show = (): void => bringToFront(window)
  const go = (path: string): void => {
    show()
    tell({ type: 'open', path })
  }
  const lock = (): void => void session.lock()

  const refreshMenu = (): void => {
    const caller = session.caller()
    const template = menuTemplate({
      ...{ platform: process.platform, packaged, go, lock, quit },
      isSignedIn: caller !== null,
      isAdmin: caller?.role === 'admin',
      allowHeadless: () => void allowHeadless(),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
  const allowHeadless = async (): Promise<void> => {
    const { response } = await dialog.showMessageBox(window, HEADLESS_QUESTION)
    const caller = session.caller()
    if (response !== 0 || !caller) return
    const answer = await dispatch('system.allow-headless', {}, caller)
    await dialog.showMessageBox(window, {
      type: answer.ok ? 'info' : 'error',
      title: 'Campaign Connector',
      message: answer.ok ? 'The hub can run without a window now, when this one has ended.' : answer.error.message,
    })
  }
  const tray = createTray({
    create: () => {
      try {
        return new Tray(nativeImage.createFromPath(trayIcon))
      } catch (error) {
        log.warn('there is no tray here', { error: String(error) })
        return null
      }
    },
    menuOf: template => Menu.buildFromTemplate(template),
    ...{ show, quit, inbox: () => go('/inbox') },
    pauseAll: () => void pauseAll(dispatch, session.caller()),
  })
  const notifier = new Notifier({
    ...{ dispatch, log },
    settings: () => {
      const { notifications, ...rest } = services.settings.current().window
      return { ...rest, notifications: notifications && preferences.get('notifications') }
    },
    user: () => session.owner(),
    minute: () => {
      const now = new Date(app.clock.now())
      return now.getHours() * 60 + now.getMinutes()
    },
    isLookedAt: () => window.isVisible() && window.isFocused() && !session.isLocked,
    show: (notice: Notice) => {
      if (!Notification.isSupported()) return
      const shown = new Notification({ title: notice.title, body: notice.body })
      shown.on('click', () => go(notice.path))
      shown.show()
    },
  })
  const badge = {
    ...{ app: electron.app, window, platform: process.platform },
    image: (bitmap: Buffer, size: { width: number; height: number }) => nativeImage.createFromBitmap(bitmap, size),
  }
  const refreshStatus = async (): Promise<void> => {
    const running = await whatRuns(dispatch)
    tray.refresh(running)
    showUnread(badge, running.unread)
  }
  let trayTimer: NodeJS.Timeout | null = null
  const forget = happenings.listen(happening => {
    notifier.note(happening)
    trayTimer ??= setTimeout(() => {
      trayTimer = null
      void refreshStatus()
    }, 2_000)
  })
  const minutes = () => services.settings.current().window.lockAfterMinutes
  const endLock = lockWhenIdle({ power: powerMonitor, lock, minutes })
  refreshMenu()
  await Promise.all([refreshStatus(), notifier.start()])
  return {
    hasTray: tray.exists,
    sessionChanged: refreshMenu,
    close: () => {
      forget()
      if (trayTimer) clearTimeout(trayTimer)
      endLock()
      notifier.stop()
      tray.close()
    },
  }
}
