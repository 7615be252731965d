import type * as Electron from 'electron'
import type { Config } from '../config.ts'
import { folderPaths } from '../services/folder.ts'
import type { Opening } from './opening.ts'
import type { ShellMode } from './options.ts'

export interface DesktopParts {
  readonly electron: typeof Electron
  readonly config: Config
  readonly mode: Extract<ShellMode, 'window' | 'headless' | 'selftest'>
  /** The folder of the window's profile and preferences. */
  readonly profile: string
  readonly packaged: boolean
}

/** Runs the application in one of its ways until it ends. */
export async function runDesktop(parts: DesktopParts): Promise<void> {
  const { electron, mode, config } = parts
  const { app, dialog } = electron
  let focus: (() => void) | null = null
  if (!app.requestSingleInstanceLock()) {
    // The first one shows its window; for the others nothing is left to do.
    if (mode !== 'window') process.stderr.write(`The data folder ${config.dataFolder} is open in another window.\n`)
    return app.exit(mode === 'window' ? 0 : 1)
  }
  app.on('second-instance', () => focus?.())
  process.on('uncaughtException', error => crashed(error))
  process.on('unhandledRejection', error => crashed(error))
  try {
    const [{ openWindow }, { openPreferences }] = await Promise.all([
      import('./opening.ts'),
      import('./preferences.ts'),
      app.whenReady(),
    ])
    let opening: Opening | null = null
    const preferences = openPreferences(parts.profile, error =>
      opening?.log.error('window.json cannot be written', error),
    )
    if (mode === 'headless') return await (await import('./headless.ts')).runHeadless({ ...parts, preferences })
    opening = openWindow({ ...parts, preferences })
    // The larger part of the program, while Chromium makes the page.
    const { startShell } = await import('./shell.ts')
    // Opening the hub keeps this thread busy, and the page would wait for its scripts.
    await opening.begun
    const shell = await startShell({ ...parts, preferences, show: mode === 'window', opening })
    if (mode === 'selftest') {
      const { selftest } = await import('./selftest.ts')
      const report = await selftest(shell)
      process.stdout.write(`${JSON.stringify(report)}\n`)
      await shell.close()
      return app.exit(report.ok ? 0 : 1)
    }
    focus = () => shell.focus()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(`Campaign Connector cannot start: ${message}\n`)
    if (mode === 'window') dialog.showErrorBox('Campaign Connector cannot start', message)
    app.exit(1)
  }

  /** What nobody expected: on record without anything private, and the hub starts anew from a database that is whole. */
  function crashed(error: unknown): void {
    import('../log.ts')
      .then(({ createLog }) => {
        const log = createLog({ file: folderPaths(config.dataFolder).log })
        log.error('the application ended unexpectedly', error)
        log.close()
      })
      .catch(() => undefined)
      .finally(() => {
        if (mode === 'window') {
          dialog.showErrorBox('Campaign Connector has to end', 'Something went wrong. Nothing is lost: start it again.')
        }
        app.exit(70)
      })
  }
}
