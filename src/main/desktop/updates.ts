import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MessageBoxOptions } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { Log } from '../services/ports.ts'

const DAY_MS = 24 * 3_600_000

/** Where a release names the feed that its updates come from. Without that file there is none, and nobody is asked. */
export function isUpdateConfigured(resources: string): boolean {
  return existsSync(join(resources, 'app-update.yml'))
}

/**
 * Looks for a newer version once a day, where this build has a feed. What it finds is checked against the signed feed by
 * the updater, loaded and installed only after a person says so.
 */
export async function watchUpdates(parts: {
  readonly resources: string
  readonly packaged: boolean
  readonly log: Log
  readonly load: () => Promise<
    Pick<AppUpdater, 'autoDownload' | 'autoInstallOnAppQuit' | 'allowDowngrade' | 'checkForUpdates' | 'downloadUpdate'>
  >
  readonly ask: (options: MessageBoxOptions) => Promise<{ response: number }>
}): Promise<() => void> {
  const { resources, packaged, log, load, ask } = parts
  if (!packaged || !isUpdateConfigured(resources)) return () => undefined
  const updater = await load()
  updater.autoDownload = false
  updater.autoInstallOnAppQuit = true
  updater.allowDowngrade = false
  const look = async (): Promise<void> => {
    try {
      const found = await updater.checkForUpdates()
      if (!found?.isUpdateAvailable) return
      const { response } = await ask({
        type: 'info',
        title: 'Campaign Connector',
        message: `Version ${found.updateInfo.version} is there`,
        detail: 'It is loaded in the background, and installed when you quit.',
        buttons: ['Load it', 'Not now'],
        ...{ defaultId: 0, cancelId: 1, noLink: true },
      })
      if (response === 0) await updater.downloadUpdate()
    } catch (error) {
      log.error('the update could not be looked for', error)
    }
  }
  void look()
  const timer = setInterval(() => void look(), DAY_MS)
  return () => clearInterval(timer)
}
