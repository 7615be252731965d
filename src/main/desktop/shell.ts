import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type * as Electron from 'electron'
import { Refusal } from '../../shared/errors.ts'
import type { App } from '../app.ts'
import { systemPorts } from '../app-ports.ts'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { folderPaths } from '../services/folder.ts'
import { readPages } from '../services/pages.ts'
import type { Log } from '../services/ports.ts'
import { type RestoreStep, restoreBackup } from '../services/restore.ts'
import { Bridge } from './bridge.ts'
import { callOperation, saveFile } from './calls.ts'
import { guardContents, guardSession } from './guards.ts'
import { openersOf, openHub, openHubAsking } from './hub.ts'
import { Inside } from './inside.ts'
import { GUIDES, openOutside } from './links.ts'
import { loginStart } from './login-start.ts'
import { gatherEvents } from './page-events.ts'
import type { Preferences } from './preferences.ts'
import { servePages } from './protocol.ts'
import { quitter } from './quitter.ts'
import { RestoreDoor } from './restore.ts'
import type { DesktopSession } from './session.ts'
import { Updates } from './updates.ts'
import { takeFile } from './uploads.ts'
import { bringToFront, keepPlace, loadPage, makeWindow } from './window.ts'
import { WindowSettingsDoor } from './window-settings.ts'

export interface ShellParts {
  readonly electron: typeof Electron
  readonly config: Config
  readonly preferences: Preferences
  readonly packaged: boolean
  /** False for the self-test: nobody has to see it. */
  readonly show: boolean
}

export interface RunningShell {
  readonly app: App
  readonly window: Electron.BrowserWindow
  readonly session: DesktopSession
  focus(): void
  /** Ends in order, without a question. */
  close(): Promise<void>
}

/** Opens the hub and the window on it. Call it when Electron is ready. */
export async function startShell(parts: ShellParts): Promise<RunningShell> {
  const { electron, config, preferences, packaged, show } = parts
  const { dialog, ipcMain, nativeTheme, safeStorage, screen, session: sessions, shell, Notification } = electron
  const { platform } = process
  const order = { config, purpose: 'window', serve: true, keychain: safeStorage, platform, preferences }
  /** Settles with the first hub. The page is made meanwhile, in processes of its own. */
  const ready = Promise.withResolvers<void>()
  /** Null until then, and while a backup takes the place of the database. */
  let inside: Inside | null = null
  const present = (): Inside => {
    if (!inside) throw new Refusal('unavailable', 'A backup is being put in place. Wait until that is done.')
    return inside
  }
  /** Whose log is written; null while there is no hub. */
  let logging: App | null = null
  const log = logOf(() => logging)
  const open = (url: string): void => openOutside(shell, url, log)
  guardSession(sessions.defaultSession, log)
  guardContents(electron.app, log, open)
  const brand = {
    facts: () => inside?.app.services.brand.facts() ?? { organisation: '', logo: null },
    logo: () => inside?.app.services.brand.logo() ?? null,
  }
  servePages(sessions.defaultSession.protocol, readPages(systemPorts().random), brand, ready.promise)

  const bridge = new Bridge(ipcMain, log)
  const events = gatherEvents(happened => bridge.tell(happened))
  const window = makeWindow({
    create: options => new electron.BrowserWindow(options),
    ...{ screen, theme: nativeTheme, preferences, packaged },
    preload: beside('../preload/preload.cjs'),
    icon: beside('../../resources/icons/512x512.png'),
  })
  const updates = new Updates({
    ...{ packaged, platform, log, now: systemPorts().clock.now },
    resources: process.resourcesPath,
    load: async () => (await import('electron-updater')).default.autoUpdater,
    ask: options => dialog.showMessageBox(window, options),
  })
  const enter = (app: App, token: string | null = null): Inside =>
    new Inside({
      ...{ electron, app, window, preferences, packaged, quit: () => quit() },
      note: event => events.note(event),
      tell: event => bridge.tell([event]),
      trayIcon: beside('../../resources/icons/32x32.png'),
      token,
    })
  const windowSettings = new WindowSettingsDoor({
    ...{ preferences, updates },
    login: loginStart({
      ...{ app: electron.app, platform, packaged },
      program: config.appImage ?? process.execPath,
      args: ['--data-dir', config.dataFolder],
      configFolder: electron.app.getPath('appData'),
    }),
    hasTray: () => inside?.hasTray ?? false,
    canNotify: () => Notification.isSupported(),
    isSignedIn: () => present().session.caller() !== null,
  })
  /** Whoever asks, on the hub that is there. */
  const asking = () => {
    const { app, session } = present()
    return { dispatch: app.dispatch, caller: session.caller() }
  }
  /** Tells the page how far it is, and lets that go out before the next step takes this process for itself. */
  const step = async (name: RestoreStep | 'closing' | 'opening'): Promise<void> => {
    bridge.tell([{ type: 'restore', step: name }])
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  const restore = new RestoreDoor({
    ...{ asking, log },
    choose: async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: 'Choose a backup',
        properties: ['openFile'],
        filters: [
          { name: 'Backups', extensions: ['sqlite'] },
          { name: 'All files', extensions: ['*'] },
        ],
      })
      return canceled ? null : (filePaths[0] ?? null)
    },
    replace: async ({ path, passphrase, withoutSuppressionsSince }) => {
      const before = present()
      const token = before.session.handOver()
      inside = null
      logging = null
      const recorder = createLog({ file: folderPaths(config.dataFolder).log })
      try {
        await step('closing')
        await before.close()
        return await restoreBackup({
          ...{ paths: folderPaths(config.dataFolder), file: path, passphrase, withoutSuppressionsSince },
          ...{ log: recorder, openers: openersOf(order), progress: step, ...systemPorts() },
        })
      } finally {
        recorder.close()
        await step('opening')
        // Whatever happened: the folder has a database, the old one or the new one.
        try {
          const app = await openHub(order)
          logging = app
          inside = enter(app, token)
          if (show) await inside.surround()
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error)
          dialog.showErrorBox('Campaign Connector has to end', `${why}\n\nNothing is lost: start it again.`)
          electron.app.exit(1)
        }
      }
    },
  })
  bridge.add(window.webContents)
  bridge.serve({
    ready: ready.promise,
    get session() {
      return present().session
    },
    operation: async (name, input) => callOperation({ ...asking(), chosen: restore.chosen }, name, input),
    upload: async path => takeFile({ ...asking(), log, uploads: present().app.services.uploads }, path),
    save: async (name, input, fileName) => {
      const askWhere = async (proposed: string): Promise<string | null> => {
        const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: proposed })
        return canceled || filePath === '' ? null : filePath
      }
      return saveFile({ ...asking(), askWhere }, name, input, fileName)
    },
    window: (method, input) => windowSettings.call(method, input),
    restore: (method, input) => restore.call(method, input),
    guide: topic => {
      if (typeof topic === 'string' && Object.hasOwn(GUIDES, topic)) open(GUIDES[topic as keyof typeof GUIDES])
    },
  })
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.error('the page has ended', new Error(reason))
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload()
  })
  const { loaded, seen } = loadPage(window)
  try {
    const app = await (show ? openHubAsking(order, dialog) : openHub(order))
    logging = app
    inside = enter(app)
    ready.resolve()
  } catch (error) {
    window.destroy()
    throw error
  }
  if (show) void seen.then(() => window.show())
  await loaded
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => {
    closing ??= (async () => {
      keepPlace(window, preferences)
      updates.stop()
      events.stop()
      bridge.close()
      await inside?.close()
    })()
    return closing
  }
  const quit = quitter({
    ...{ electron, window, close, log },
    dispatch: () => inside?.app.dispatch ?? null,
    hasTray: () => inside?.hasTray ?? false,
    closesToTray: () => preferences.get('closeToTray'),
  })
  if (show) {
    await inside.surround()
    updates.start()
  }
  return {
    window,
    get app() {
      return present().app
    },
    get session() {
      return present().session
    },
    focus: () => bringToFront(window),
    close,
  }
}

/** The log of the hub that is open. */
function logOf(app: () => App | null): Log {
  return {
    info: (...given) => app()?.log.info(...given),
    warn: (...given) => app()?.log.warn(...given),
    error: (...given) => app()?.log.error(...given),
  }
}

/** A file of the build, from the folder of the built program or from the sources. */
function beside(path: string): string {
  const built = fileURLToPath(new URL(path, import.meta.url))
  return existsSync(built) ? built : fileURLToPath(new URL(`../${path}`, import.meta.url))
}
