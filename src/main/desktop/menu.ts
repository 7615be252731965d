import type { MenuItemConstructorOptions } from 'electron'

export interface MenuParts {
  readonly platform: NodeJS.Platform
  readonly packaged: boolean
  readonly isSignedIn: boolean
  readonly isAdmin: boolean
  /** Opens a page of the application by its path. */
  readonly go: (path: string) => void
  readonly lock: () => void
  /** Lets the hub run without the keychain of the desktop, after a question. */
  readonly allowHeadless: () => void
  readonly quit: () => void
}

/** The menu of the application. What belongs to pages stands in the pages; here is what belongs to the window. */
export function menuTemplate(parts: MenuParts): MenuItemConstructorOptions[] {
  const { platform, packaged, isSignedIn, isAdmin, go, lock, allowHeadless, quit } = parts
  const mac = platform === 'darwin'
  const own: MenuItemConstructorOptions[] = [
    { label: 'Your account', enabled: isSignedIn, click: () => go('/account') },
    { label: 'Lock', accelerator: 'CmdOrCtrl+L', enabled: isSignedIn, click: lock },
    { type: 'separator' },
    { label: 'Allow use without a window...', enabled: isAdmin, click: allowHeadless },
    { type: 'separator' },
    { label: mac ? 'Quit Campaign Connector' : 'Quit', accelerator: 'CmdOrCtrl+Q', click: quit },
  ]
  return [
    { label: mac ? 'Campaign Connector' : '&File', submenu: own },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(packaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { label: '&Window', submenu: [{ role: 'minimize' }, { role: 'close' }] },
  ]
}
