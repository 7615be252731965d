import Store from 'electron-store'
import type { WindowPlace } from './window-options.ts'

/** What the shell remembers on this computer, beside the database. Nothing in it can be used by somebody else. */
export interface Remembered {
  readonly place: WindowPlace | null
  /** The session of "stay signed in", sealed by the keychain, as base64. */
  readonly sealedSession: string | null
  /** Whether the window was locked when the application ended: then it still is. */
  readonly locked: boolean
  /** Whether a person has agreed that a key file opens the data folder, where there is no keychain that encrypts. */
  readonly useKeyFile: boolean
  /** Whether closing the window leaves the application in the tray. */
  readonly closeToTray: boolean
  /** Whether this computer shows notifications, where an administrator allows them. */
  readonly notifications: boolean
}

export interface Preferences {
  get<K extends keyof Remembered>(key: K): Remembered[K]
  set<K extends keyof Remembered>(key: K, value: Remembered[K]): void
}

export const NOTHING_REMEMBERED: Remembered = {
  place: null,
  sealedSession: null,
  locked: false,
  useKeyFile: false,
  closeToTray: false,
  notifications: true,
}

/** Kept in `window.json` in this folder. One that is damaged gives way to the defaults. */
export function openPreferences(folder: string): Preferences {
  const store = new Store<Remembered>({
    cwd: folder,
    name: 'window',
    defaults: NOTHING_REMEMBERED,
    clearInvalidConfig: true,
    configFileMode: 0o600,
  })
  return { get: key => store.get(key), set: (key, value) => store.set({ [key]: value }) }
}
