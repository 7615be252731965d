import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { App, CommandLine, Protocol } from 'electron'
import { registerScheme } from './protocol.ts'

/**
 * What has to be settled before Electron is ready. Returns the folder of the window's profile: it lies with the data, so
 * that each data folder has one of its own.
 */
export function prepareApp(parts: {
  readonly app: Pick<App, 'setName' | 'setPath' | 'enableSandbox'> & {
    readonly commandLine: Pick<CommandLine, 'hasSwitch'>
  }
  readonly protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>
  readonly dataFolder: string
  readonly isRoot: boolean
}): string {
  const { app, protocol, dataFolder, isRoot } = parts
  const profile = join(dataFolder, '.window')
  mkdirSync(profile, { recursive: true, mode: 0o700 })
  app.setName('Campaign Connector')
  app.setPath('userData', profile)
  app.setPath('sessionData', profile)
  // Chromium does not start for root in its sandbox. Whoever runs it so has to say it, as with other programs of its kind.
  if (!(isRoot && app.commandLine.hasSwitch('no-sandbox'))) app.enableSandbox()
  registerScheme(protocol)
  return profile
}
