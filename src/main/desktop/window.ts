import type { BrowserWindow, BrowserWindowConstructorOptions, NativeTheme, Screen } from 'electron'
import { START_URL } from './address.ts'
import type { Preferences } from './preferences.ts'
import { windowOptions } from './window-options.ts'

export interface WindowParts {
  readonly create: (options: BrowserWindowConstructorOptions) => BrowserWindow
  readonly screen: Pick<Screen, 'getAllDisplays'>
  readonly theme: Pick<NativeTheme, 'shouldUseDarkColors'>
  readonly preferences: Preferences
  readonly preload: string
  readonly icon: string
  readonly packaged: boolean
}

/** Makes the window where it was the last time, without loading anything yet: the page comes by `load`. */
export function makeWindow(parts: WindowParts): BrowserWindow {
  const { preferences, screen, theme } = parts
  const place = preferences.get('place')
  const window = parts.create(
    windowOptions({
      ...parts,
      place,
      screens: screen.getAllDisplays().map(display => display.workArea),
      dark: theme.shouldUseDarkColors,
    }),
  )
  if (place?.maximized) window.maximize()
  return window
}

/** Remembers where the window is, for the next time. */
export function keepPlace(window: BrowserWindow, preferences: Preferences): void {
  if (window.isDestroyed()) return
  preferences.set('place', { ...window.getNormalBounds(), maximized: window.isMaximized() })
}

/** Loads the page. `drawn` resolves when it has drawn itself, which nobody sees yet. */
export function loadPage(window: BrowserWindow): { readonly loaded: Promise<void>; readonly drawn: Promise<void> } {
  const drawn = new Promise<void>(resolve => window.once('ready-to-show', resolve))
  return { loaded: window.loadURL(START_URL), drawn }
}

export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  if (!window.isVisible()) window.show()
  window.focus()
}
