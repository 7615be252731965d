import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type * as Electron from 'electron'
import type { Brand } from '../services/branding.ts'
import { readPages } from '../services/pages.ts'
import type { Log } from '../services/ports.ts'
import { Bridge, type Desk } from './bridge.ts'
import { guardContents, guardSession } from './guards.ts'
import { openOutside } from './links.ts'
import type { Preferences } from './preferences.ts'
import { servePages } from './protocol.ts'
import { loadPage, makeWindow } from './window.ts'

/** A window whose page is being made, in a process of its own, while there is no hub yet. */
export interface Opening {
  readonly window: Electron.BrowserWindow
  readonly bridge: Bridge
  /** Whoever is asked by the page, and what it shows before anybody signs in: both wait for the hub. */
  readonly serve: (desk: Desk, brand: Brand) => void
  /** Writes to the log that was set last; until then to none. */
  readonly log: Log
  readonly setLog: (log: Log | null) => void
  /** Opens one of our own pages on the web. */
  readonly open: (url: string) => void
  /** Resolves when the page has what it begins with, and Chromium is busy with that for a while. Never rejects. */
  readonly begun: Promise<void>
  /** Resolves when the page is there. */
  readonly loaded: Promise<void>
  /** Resolves when it has drawn itself. Nobody sees that yet. */
  readonly drawn: Promise<void>
}

/**
 * Guards everything that pages could reach, and begins to load the page. It needs little of the program, so that the rest
 * can be loaded and the hub opened while Chromium is busy with the page.
 */
export function openWindow(parts: {
  readonly electron: typeof Electron
  readonly preferences: Preferences
  readonly packaged: boolean
}): Opening {
  const { electron, preferences, packaged } = parts
  const { ipcMain, nativeTheme, screen, session, shell } = electron
  let current: Log | null = null
  const log: Log = {
    info: (...given) => current?.info(...given),
    warn: (...given) => current?.warn(...given),
    error: (...given) => current?.error(...given),
  }
  const open = (url: string): void => openOutside(shell, url, log)
  guardSession(session.defaultSession, log)
  guardContents(electron.app, log, open)
  const desk = Promise.withResolvers<Desk>()
  const brand = Promise.withResolvers<Brand>()
  const pages = readPages({ bytes: length => randomBytes(length) })
  const asked = servePages(session.defaultSession.protocol, pages, brand.promise)
  const bridge = new Bridge(ipcMain, log)
  bridge.serve(desk.promise)
  const window = makeWindow({
    create: options => new electron.BrowserWindow(options),
    ...{ screen, theme: nativeTheme, preferences, packaged },
    preload: beside('../preload/preload.cjs'),
    icon: beside('../../resources/icons/512x512.png'),
  })
  bridge.add(window.webContents)
  const serve = (whom: Desk, what: Brand): void => {
    desk.resolve(whom)
    brand.resolve(what)
  }
  const setLog = (next: Log | null): void => {
    current = next
  }
  const { loaded, drawn } = loadPage(window)
  void drawn.then(() => pages.readRest())
  const ended = loaded.catch(() => undefined)
  return { window, bridge, serve, log, setLog, open, begun: Promise.race([asked, ended]), loaded, drawn }
}

/** A file of the build, from the folder of the built program or from the sources. */
export function beside(path: string): string {
  const built = fileURLToPath(new URL(path, import.meta.url))
  return existsSync(built) ? built : fileURLToPath(new URL(`../${path}`, import.meta.url))
}
