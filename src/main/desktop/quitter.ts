import type * as Electron from 'electron'
import type { Dispatcher } from '../services/operations/dispatch.ts'
import type { Log } from '../services/ports.ts'
import { askQuit } from './quit.ts'
import { whatRuns } from './running.ts'

interface Parts {
  readonly electron: Pick<typeof Electron, 'app' | 'dialog' | 'powerMonitor'>
  readonly window: Electron.BrowserWindow
  /** Null while the database is being replaced: then nothing can be asked, and nothing ends by a click. */
  readonly dispatch: () => Dispatcher | null
  readonly log: Log
  readonly hasTray: () => boolean
  /** Whether the person wants the application to go on when the window is closed. */
  readonly closesToTray: () => boolean
  readonly close: () => Promise<void>
}

/** Ends the application when a person wants that, and has seen what still runs; at once when the system ends. */
export function quitter(parts: Parts): () => void {
  const { electron, window, dispatch, log, hasTray, closesToTray, close } = parts
  const { dialog, powerMonitor } = electron
  let asking = false
  const end = (): void => {
    close()
      .catch(error => log.error('the application could not end in order', error))
      .finally(() => electron.app.exit(0))
  }
  const quit = async (): Promise<void> => {
    const ask = dispatch()
    if (asking || ask === null) return
    asking = true
    try {
      const choice = await askQuit(await whatRuns(ask), hasTray(), options => dialog.showMessageBox(window, options))
      if (choice === 'hide') window.hide()
      if (choice === 'quit') end()
    } finally {
      asking = false
    }
  }
  window.on('close', event => {
    event.preventDefault()
    if (closesToTray() && hasTray()) window.hide()
    else void quit()
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
