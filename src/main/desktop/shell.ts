import type * as Electron from 'electron'
import { Refusal } from '../../shared/errors.ts'
import type { App } from '../app.ts'
import { systemPorts } from '../app-ports.ts'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { folderPaths } from '../services/folder.ts'
import { type RestoreStep, restoreBackup } from '../services/restore.ts'
import type { Desk } from './bridge.ts'
import { callOperation, saveFile } from './calls.ts'
import { openersOf, openHub, openHubAsking } from './hub.ts'
import { Inside } from './inside.ts'
import { GUIDES } from './links.ts'
import { loginStart } from './login-start.ts'
import { beside, type Opening } from './opening.ts'
import { gatherEvents } from './page-events.ts'
import type { Preferences } from './preferences.ts'
import { quitter } from './quitter.ts'
import { RestoreDoor } from './restore.ts'
import type { DesktopSession } from './session.ts'
import { Updates } from './updates.ts'
import { takeFile } from './uploads.ts'
import { bringToFront, keepPlace } from './window.ts'
import { WindowSettingsDoor } from './window-settings.ts'

export interface ShellParts {
  readonly electron: typeof Electron
  readonly config: Config
  readonly preferences: Preferences
  readonly packaged: boolean
  /** False for the self-test: nobody has to see it. */
  readonly show: boolean
  readonly opening: Opening
}

export interface RunningShell {
  readonly app: App
  readonly window: Electron.BrowserWindow
  readonly session: DesktopSession
  focus(): void
  /** Ends in order, without a question. */
  close(): Promise<void>
}

/** Opens the hub, and the window on it, whose page is being made meanwhile. */
export async function startShell(parts: ShellParts): Promise<RunningShell> {
  const { electron, config, preferences, packaged, show, opening } = parts
  const { dialog, safeStorage, Notification } = electron
  const { window, bridge, log, setLog } = opening
  const { platform } = process
  const order = { config, purpose: 'window', serve: true, keychain: safeStorage, platform, preferences }
  const first = await (show ? openHubAsking(order, dialog) : openHub(order))
  setLog(first.log)
  /** Null while a backup takes the place of the database. */
  let inside: Inside | null = null
  const present = (): Inside => {
    if (!inside) throw new Refusal('unavailable', 'A backup is being put in place. Wait until that is done.')
    return inside
  }
  const events = gatherEvents(happened => bridge.tell(happened))
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
  inside = enter(first)
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
      setLog(null)
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
          setLog(app.log)
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
  const desk: Desk = {
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
      if (typeof topic === 'string' && Object.hasOwn(GUIDES, topic)) opening.open(GUIDES[topic as keyof typeof GUIDES])
    },
  }
  opening.serve(desk, {
    facts: () => inside?.app.services.brand.facts() ?? { organisation: '', logo: null },
    logo: () => inside?.app.services.brand.logo() ?? null,
  })
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.error('the page has ended', new Error(reason))
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload()
  })
  if (show) void opening.drawn.then(() => window.show())
  await opening.loaded
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
    // Menu and tray keep this thread busy just when the page asks what it shows first.
    await opening.drawn
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
