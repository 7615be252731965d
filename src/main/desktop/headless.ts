import { openHub } from './hub.ts'
import type { Preferences } from './preferences.ts'
import type { DesktopParts } from './run.ts'

/** The hub of the installed application without a window: on the keychain of the desktop, until it is ended. */
export async function runHeadless(parts: DesktopParts & { readonly preferences: Preferences }): Promise<void> {
  const { electron, config, preferences } = parts
  const { platform } = process
  const hub = await openHub({
    ...{ config, preferences, platform, keychain: electron.safeStorage },
    ...{ purpose: 'headless application', serve: true },
  })
  const lines = [
    ...hub.notices,
    `Campaign Connector runs without a window: process ${process.pid}, data folder ${config.dataFolder}`,
    hub.listening().length === 0
      ? 'The phone link does not listen.'
      : `The phone link listens on ${hub.listening().join(', ')}`,
    'End it with Ctrl-C.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  hub.happenings.listen(({ type }) => {
    if (type !== 'link') return
    const { problem } = hub.services.link
    process.stdout.write(`${problem ?? `The phone link listens on ${hub.listening().join(', ')}`}\n`)
  })
  await new Promise<void>(resolve => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
  await hub.close()
  electron.app.exit(0)
}
