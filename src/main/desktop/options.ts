/** What the program was started for. */
export type ShellMode = 'window' | 'headless' | 'selftest' | 'help' | 'version'

export interface ShellOptions {
  readonly mode: ShellMode
  readonly dataDir: string | undefined
  /** Switches of Chromium pass; anything else that nobody knows is told. */
  readonly unknown: readonly string[]
}

/** Reads what stands after the program (and after the folder of the sources, in a checkout). */
export function readShellOptions(args: readonly string[]): ShellOptions {
  let mode: ShellMode = 'window'
  let dataDir: string | undefined
  const unknown: string[] = []
  const rest = [...args]
  for (let given = rest.shift(); given !== undefined; given = rest.shift()) {
    if (given === '--selftest' || given === '--headless') mode = given.slice(2) as ShellMode
    else if (given === '--help' || given === '-h') mode = 'help'
    else if (given === '--version') mode = 'version'
    else if (given === '--data-dir') dataDir = rest.shift()
    else if (given.startsWith('--data-dir=')) dataDir = given.slice('--data-dir='.length)
    else if (!given.startsWith('-')) unknown.push(given)
  }
  return { mode, dataDir, unknown }
}

export const HELP = `Campaign Connector

  campaign-connector                    opens the window
  campaign-connector --headless         runs the hub without a window, until it is ended
  campaign-connector --selftest         opens database, pages and window once, and says whether that works
  campaign-connector --version

  --data-dir FOLDER   another data folder; also as CAMPAIGN_CONNECTOR_DATA in the environment`
