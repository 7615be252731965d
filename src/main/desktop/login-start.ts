import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { App } from 'electron'

/** Whether the application starts when this person signs in to the computer. */
export interface LoginStart {
  /** Null where that is not possible. */
  get(): boolean | null
  set(on: boolean): void
}

interface Parts {
  readonly app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>
  readonly platform: NodeJS.Platform
  readonly packaged: boolean
  /** The program that the person has started: the AppImage, where there is one. */
  readonly program: string
  /** What it has to be told, such as its data folder. */
  readonly args: readonly string[]
  /** Where programs of this person keep their configuration, such as `~/.config`. */
  readonly configFolder: string
}

/** By the system itself on Windows and macOS; by the autostart folder of the desktop on Linux (XDG autostart, version 0.5). */
export function loginStart(parts: Parts): LoginStart {
  const { app, platform, packaged, program, args, configFolder } = parts
  // From sources it would be Electron that starts, with nothing to show.
  if (!packaged) return { get: () => null, set: () => undefined }
  if (platform === 'linux')
    return autostart(join(configFolder, 'autostart', 'campaign-connector.desktop'), program, args)
  const options = { path: program, args: [...args] }
  return {
    get: () => app.getLoginItemSettings(options).openAtLogin,
    set: on => app.setLoginItemSettings({ ...options, openAtLogin: on }),
  }
}

function autostart(file: string, program: string, args: readonly string[]): LoginStart {
  return {
    get: () => {
      try {
        const entry = readFileSync(file, 'utf8')
        // Desktops switch an entry off by such lines instead of removing it.
        return !/^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/m.test(entry)
      } catch {
        return false
      }
    },
    set: on => {
      if (!on) return rmSync(file, { force: true })
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, desktopEntry(program, args), { mode: 0o644 })
    },
  }
}

export function desktopEntry(program: string, args: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Campaign Connector',
    'Comment=Text-message campaigns through your own Android phone',
    `Exec=${[program, ...args].map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/** An argument of Exec: quoted, with `%` doubled, and as a string of the file with its backslashes doubled once more. */
function quoted(argument: string): string {
  const inner = argument.replaceAll(/["`$\\]/g, found => `\\${found}`).replaceAll('%', '%%')
  return `"${inner.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}"`
}
