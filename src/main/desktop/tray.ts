import type { Menu, MenuItemConstructorOptions, Tray } from 'electron'
import { type Running, statusLine, unreadLine } from './running.ts'

export interface TrayParts {
  /** Null where the desktop has no place for one. */
  readonly create: () => Tray | null
  readonly menuOf: (template: MenuItemConstructorOptions[]) => Menu
  readonly show: () => void
  /** Opens the inbox. */
  readonly inbox: () => void
  readonly pauseAll: () => void
  readonly quit: () => void
}

export interface ShownTray {
  /** False where the desktop has no place for it. */
  readonly exists: boolean
  refresh(running: Running): void
  close(): void
}

/** The icon beside the clock: what is going on, and a way to pause it. */
export function createTray(parts: TrayParts): ShownTray {
  const tray = parts.create()
  tray?.on('click', parts.show)
  let told = ''
  return {
    exists: tray !== null,
    refresh: running => {
      const line = [unreadLine(running), statusLine(running)].filter(one => one !== null).join('. ')
      if (!tray || line === told || tray.isDestroyed()) return
      told = line
      tray.setToolTip(`Campaign Connector: ${line}`)
      tray.setContextMenu(parts.menuOf(trayTemplate(running, parts)))
    },
    close: () => {
      if (tray && !tray.isDestroyed()) tray.destroy()
    },
  }
}

export function trayTemplate(
  running: Running,
  parts: Pick<TrayParts, 'show' | 'inbox' | 'pauseAll' | 'quit'>,
): MenuItemConstructorOptions[] {
  const unread = unreadLine(running)
  return [
    { label: statusLine(running), enabled: false },
    ...(unread === null ? [] : [{ label: unread, click: parts.inbox }]),
    { type: 'separator' },
    { label: 'Open Campaign Connector', click: parts.show },
    { label: 'Pause all campaigns', enabled: running.campaigns.length > 0, click: parts.pauseAll },
    { type: 'separator' },
    { label: 'Quit', click: parts.quit },
  ]
}
