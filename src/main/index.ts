import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import electron from 'electron'
import { readConfig } from './config.ts'
import { debugSwitchOf } from './desktop/debug-switches.ts'
import { HELP, readShellOptions } from './desktop/options.ts'
import { prepareApp } from './desktop/prepare.ts'
import { runDesktop } from './desktop/run.ts'
import { VERSION } from './version.ts'

/** The entry of the installed application. What has to come before Electron is ready comes here, in this order. */
const { app, protocol } = electron
const options = readShellOptions(process.argv.slice(app.isPackaged ? 1 : 2))
const config = readConfig(options)

const problem = refusalOf()
if (problem !== null) {
  process.stderr.write(`${problem}\n`)
  app.exit(2)
} else if (options.mode === 'help' || options.mode === 'version') {
  process.stdout.write(`${options.mode === 'help' ? HELP : VERSION}\n`)
  app.exit(0)
} else {
  const { dataFolder } = config
  const profile = prepareApp({ app, protocol, dataFolder, isRoot: process.getuid?.() === 0 })
  // Not awaited: Electron becomes ready only when this file has run to its end.
  void runDesktop({ electron, config, mode: options.mode, profile, packaged: isShipped() })
}

/** Why this start is refused; null where it is not. */
function refusalOf(): string | null {
  if (isShipped()) {
    const found = debugSwitchOf(process.argv.slice(1))
    if (found !== null) return `Campaign Connector does not start with ${found}.`
  }
  const [stray] = options.unknown
  if (stray !== undefined) return `Campaign Connector does not know "${stray}".\n\n${HELP}`
  if (!config.hasDisplay) {
    return 'There is no display here, so no window can be opened. Without one the hub runs on Node: campaign-connector serve (of the npm package, or npm run serve in a checkout).'
  }
  return null
}

/** Sources, and the packages that tests are run on, may be looked into. What is shipped may not. */
function isShipped(): boolean {
  if (!app.isPackaged) return false
  const { inspectable } = JSON.parse(readFileSync(join(app.getAppPath(), 'package.json'), 'utf8')) as {
    inspectable?: boolean
  }
  return inspectable !== true
}
