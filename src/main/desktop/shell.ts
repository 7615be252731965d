import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type * as Electron from 'electron'
import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { readPages } from '../services/pages.ts'
import { VERSION } from '../version.ts'
import { createAmbient } from './ambient.ts'
import { Bridge } from './bridge.ts'
import { callOperation, saveFile } from './calls.ts'
import { guardContents, guardSession } from './guards.ts'
import { openHub, openHubAsking } from './hub.ts'
import { keptSession } from './kept-session.ts'
import { GUIDES, openOutside } from './links.ts'
import { eventOf, gatherEvents } from './page-events.ts'
import type { Preferences } from './preferences.ts'
import { servePages } from './protocol.ts'
import { askQuit } from './quit.ts'
import { whatRuns } from './running.ts'
import { DesktopSession } from './session.ts'
import { takeFile } from './uploads.ts'
import { bringToFront, keepPlace, loadPage, makeWindow } from './window.ts'

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
  const { dialog, ipcMain, nativeTheme, safeStorage, screen, session: sessions, shell } = electron
  const keychain = safeStorage
  const { platform } = process
  const order = { config, purpose: 'window', serve: true, keychain, platform, preferences }
  const app = await (show ? openHubAsking(order, dialog) : openHub(order))
  const { dispatch, log, services, happenings } = app
  const open = (url: string): void => openOutside(shell, url, log)
  guardSession(sessions.defaultSession, log)
  guardContents(electron.app, log, open)
  servePages(sessions.defaultSession.protocol, readPages(app.random), services.brand)

  const bridge = new Bridge(ipcMain, log)
  const events = gatherEvents(happened => bridge.tell(happened))
  let sessionChanged = (): void => undefined
  const session = new DesktopSession({
    ...{ auth: services.auth, dispatch, log },
    kept: keptSession(keychain, platform, preferences),
    userAgent: `Campaign Connector ${VERSION} (${platform})`,
    changed: () => {
      events.note({ type: 'session' })
      sessionChanged()
    },
  })
  const window = makeWindow({
    create: options => new electron.BrowserWindow(options),
    ...{ screen, theme: nativeTheme, preferences, packaged },
    preload: beside('../preload/preload.cjs'),
    icon: beside('../../resources/icons/512x512.png'),
  })
  bridge.add(window.webContents)
  bridge.serve({
    session,
    operation: (name, input) => callOperation({ dispatch, caller: session.caller() }, name, input),
    upload: path => takeFile({ dispatch, log, uploads: services.uploads, caller: session.caller() }, path),
    save: (name, input, fileName) =>
      saveFile(
        {
          ...{ dispatch, caller: session.caller() },
          askWhere: async proposed => {
            const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: proposed })
            return canceled || filePath === '' ? null : filePath
          },
        },
        name,
        input,
        fileName,
      ),
    guide: topic => {
      if (typeof topic === 'string' && Object.hasOwn(GUIDES, topic)) open(GUIDES[topic as keyof typeof GUIDES])
    },
  })
  const forget = happenings.listen(happening => events.note(eventOf(happening)))
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.error('the page has ended', new Error(reason))
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload()
  })
  await loadPage(window, show)
  let closing: Promise<void> | null = null
  let around: Awaited<ReturnType<typeof createAmbient>> | null = null
  const close = (): Promise<void> => {
    closing ??= (async () => {
      keepPlace(window, preferences)
      around?.close()
      forget()
      events.stop()
      bridge.close()
      await app.close()
    })()
    return closing
  }
  const quit = quitter({ electron, app, window, close })
  if (show) {
    around = await createAmbient({
      ...{ electron, app, window, session, quit, packaged },
      tell: event => bridge.tell([event]),
      trayIcon: beside('../../resources/icons/32x32.png'),
    })
    sessionChanged = around.sessionChanged
  }
  return { app, window, session, focus: () => bringToFront(window), close }
}

/** Ends the application when a person wants that, and has seen what still runs; at once when the system ends. */
function quitter(parts: Pick<RunningShell, 'app' | 'window' | 'close'> & { electron: typeof Electron }): () => void {
  const { electron, app, window, close } = parts
  const { dialog, powerMonitor } = electron
  let asking = false
  const end = (): void => {
    close()
      .catch(error => app.log.error('the application could not end in order', error))
      .finally(() => electron.app.exit(0))
  }
  const quit = async (): Promise<void> => {
    if (asking) return
    asking = true
    try {
      const running = await whatRuns(app.dispatch)
      const choice = await askQuit(running, true, options => dialog.showMessageBox(window, options))
      if (choice === 'hide') window.hide()
      if (choice === 'quit') end()
    } finally {
      asking = false
    }
  }
  window.on('close', event => {
    event.preventDefault()
    void quit()
  })
  electron.app.on('before-quit', event => {
    event.preventDefault()
    void quit()
  })
  powerMonitor.on('shutdown', end)
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  return () => void quit()
}

/** A file of the build, from the folder of the built program or from the sources. */
function beside(path: string): string {
  const built = fileURLToPath(new URL(path, import.meta.url))
  return existsSync(built) ? built : fileURLToPath(new URL(`../${path}`, import.meta.url))
}
