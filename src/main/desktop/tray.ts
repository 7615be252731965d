import type { Menu, MenuItemConstructorOptions, Tray } from 'electron'
import { type Running, statusLine } from './running.ts'

export interface TrayParts {
  /** Null where the desktop has no place for one. */
  readonly create: () => Tray | null
  readonly menuOf: (template: MenuItemConstructorOptions[]) => Menu
  readonly look: () => Promise<Running>
  readonly show: () => void
  readonly pauseAll: () => void
  readonly quit: () => void
}

/** The icon beside the clock: what is going on, and a way to pause it. */
export function createTray(parts: TrayParts): { refresh(): Promise<void>; close(): void } {
  const tray = parts.create()
  tray?.on('click', parts.show)
  let told = ''
  return {
    refresh: async () => {
      if (!tray) return
      const running = await parts.look()
      const line = statusLine(running)
      if (line === told || tray.isDestroyed()) return
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
  parts: Pick<TrayParts, 'show' | 'pauseAll' | 'quit'>,
): MenuItemConstructorOptions[] {
  return [
    { label: statusLine(running), enabled: false },
    { type: 'separator' },
    { label: 'Open Campaign Connector', click: parts.show },
    { label: 'Pause all campaigns', enabled: running.campaigns.length > 0, click: parts.pauseAll },
    { type: 'separator' },
    { label: 'Quit', click: parts.quit },
  ]
}
