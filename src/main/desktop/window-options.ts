import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron'

/** What the page of the window may be: a page like any other, with one bridge. */
export function webPreferences(preload: string, packaged: boolean): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    webSecurity: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    spellcheck: false,
    devTools: !packaged,
  }
}

/** Where the window was, and how large. */
export interface WindowPlace {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly maximized: boolean
}

export const SMALLEST = { width: 900, height: 600 }
const USUAL = { width: 1320, height: 860 }

interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Options of the window. A place that no screen shows any more gives way to the middle. */
export function windowOptions(given: {
  readonly place: WindowPlace | null
  readonly screens: readonly Area[]
  readonly preload: string
  readonly icon: string
  readonly packaged: boolean
  readonly dark: boolean
}): BrowserWindowConstructorOptions {
  const { place, screens, preload, icon, packaged, dark } = given
  const visible = place !== null && screens.some(screen => overlaps(screen, place))
  return {
    ...USUAL,
    ...(visible && { x: place.x, y: place.y, width: place.width, height: place.height }),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Campaign Connector',
    icon,
    // What is seen until the page has drawn itself.
    backgroundColor: dark ? '#242424' : '#ffffff',
    webPreferences: webPreferences(preload, packaged),
  }
}

/** Enough of it that a person can take hold of it. */
function overlaps(screen: Area, place: WindowPlace): boolean {
  const wide = Math.min(screen.x + screen.width, place.x + place.width) - Math.max(screen.x, place.x)
  const high = Math.min(screen.y + screen.height, place.y + place.height) - Math.max(screen.y, place.y)
  return wide >= 100 && high >= 60
}
