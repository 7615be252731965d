import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
  /** Holds for this run in any case. False where it could not be kept for the next one, as on a full disk. */
  set<K extends keyof Remembered>(key: K, value: Remembered[K]): boolean
}

export const NOTHING_REMEMBERED: Remembered = {
  place: null,
  sealedSession: null,
  locked: false,
  useKeyFile: false,
  closeToTray: false,
  notifications: true,
}

/**
 * Kept in `window.json` in this folder: the old content or the new, never a part. One that is damaged gives way to the
 * defaults, value by value. It is read before the window is made, so it loads no library. `failed` hears of what could not
 * be written.
 */
export function openPreferences(folder: string, failed: (error: unknown) => void): Preferences {
  const path = join(folder, 'window.json')
  let remembered = read(path)
  return {
    get: key => remembered[key],
    set: (key, value) => {
      remembered = { ...remembered, [key]: value }
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        replaceFile(path, JSON.stringify(remembered))
        return true
      } catch (error) {
        failed(error)
        return false
      }
    },
  }
}

function read(path: string): Remembered {
  const found = parse(path)
  const flag = (key: 'locked' | 'useKeyFile' | 'closeToTray' | 'notifications'): boolean => {
    const value = found[key]
    return typeof value === 'boolean' ? value : NOTHING_REMEMBERED[key]
  }
  const { place, sealedSession } = found
  return {
    place: isPlace(place) ? place : null,
    sealedSession: typeof sealedSession === 'string' ? sealedSession : null,
    locked: flag('locked'),
    useKeyFile: flag('useKeyFile'),
    closeToTray: flag('closeToTray'),
    notifications: flag('notifications'),
  }
}

function parse(path: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof found === 'object' && found !== null ? { ...found } : {}
  } catch {
    return {}
  }
}

function isPlace(given: unknown): given is WindowPlace {
  if (typeof given !== 'object' || given === null) return false
  const { x, y, width, height, maximized } = given as Record<string, unknown>
  return [x, y, width, height].every(Number.isSafeInteger) && typeof maximized === 'boolean'
}

function replaceFile(path: string, text: string): void {
  const part = `${path}.part`
  try {
    const file = openSync(part, 'w', 0o600)
    try {
      // Goes on until all is written: a disk that gets full takes a part of it first, without an error.
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}
