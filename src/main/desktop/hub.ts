import type { Dialog } from 'electron'
import { type App, openApp } from '../app.ts'
import { systemPorts } from '../app-ports.ts'
import type { Config } from '../config.ts'
import { folderPaths } from '../services/folder.ts'
import { type KeyOpener, keyFileOpener } from '../services/key-slots.ts'
import { allowOpener } from '../services/keys.ts'
import { desktopOpeners, keyQuestion } from './data-key.ts'
import { type Keychain, keychainOpener, keychainProblem } from './keychain.ts'
import type { Preferences } from './preferences.ts'

interface Parts {
  readonly config: Config
  readonly purpose: string
  readonly serve: boolean
  readonly keychain: Keychain
  readonly platform: NodeJS.Platform
  readonly preferences: Preferences
}

/** Opens the hub of the application: the same as `serve`, with the keychain of the desktop for the data key. */
export function openHub(parts: Parts): Promise<App> {
  const { config, purpose, serve } = parts
  return openApp({
    ...{ config, purpose, serve },
    // Whoever looks at the window can mend it there; a window that does not open tells nobody anything.
    link: { mayWait: true },
    openers: openersOf(parts),
  })
}

/** What opens the data key on this computer, in this order. */
export function openersOf({ config, keychain, platform, preferences }: Parts): KeyOpener[] {
  return desktopOpeners({
    ...{ keychain, platform },
    keyFile: keyFileOf(config),
    useKeyFile: preferences.get('useKeyFile'),
    hasPassphrase: config.passphrase !== undefined,
  })
}

/**
 * The same, for a person who can be asked: where the data key stays closed and another way would open it, they decide.
 * Without their word it stays closed, and nothing is sent.
 */
export async function openHubAsking(parts: Parts, dialog: Pick<Dialog, 'showMessageBox'>): Promise<App> {
  const { config, keychain, platform, preferences } = parts
  const app = await openHub(parts)
  if (app.keyProblem === null) return app
  const question = keyQuestion({ keychainProblem: keychainProblem(keychain, platform), slots: app.keySlots })
  if (!question) return app
  const { message, detail, agree } = question
  const { response } = await dialog.showMessageBox({
    ...{ type: 'question', title: 'Campaign Connector', message, detail },
    buttons: [agree, 'Go on without sending'],
    ...{ defaultId: 0, cancelId: 1, noLink: true },
  })
  if (response !== 0) return app
  await app.close()
  if (question.leads === 'key-file') preferences.set('useKeyFile', true)
  else {
    const order = { paths: folderPaths(config.dataFolder), ...systemPorts() }
    await allowOpener(order, 'key.allow-keychain', keyFileOf(config), keychainOpener(keychain, platform))
  }
  return openHub(parts)
}

function keyFileOf({ dataFolder }: Config) {
  return keyFileOpener(folderPaths(dataFolder).keyFile, systemPorts().random)
}
