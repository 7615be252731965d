import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Environment, Folder } from './config.ts'
import { runCommand } from './spawn.ts'

export const SERVICE_NAME = 'campaign-connector-agent'

/** Where Termux looks for what it starts. */
export interface ServicePaths {
  readonly service: string
  readonly run: string
  readonly logRun: string
  readonly logs: string
  readonly boot: string
}

export function servicePaths(environment: Environment): ServicePaths {
  const service = join(environment.prefix, 'var', 'service', SERVICE_NAME)
  return {
    service,
    run: join(service, 'run'),
    logRun: join(service, 'log', 'run'),
    logs: join(environment.prefix, 'var', 'log', 'sv', SERVICE_NAME),
    boot: join(environment.home, '.termux', 'boot', SERVICE_NAME),
  }
}

/**
 * Writes the files that let Termux start the agent, with the phone and whenever it ends.
 * @param program the agent's own file. @param node the Node that runs it.
 * @returns lines for the operator: what was done and what is left to do.
 */
export async function installService(
  environment: Environment,
  folder: Folder,
  program: string,
  node: string,
): Promise<string[]> {
  const paths = servicePaths(environment)
  const shell = join(environment.prefix, 'bin', 'sh')
  script(
    paths.run,
    `#!${shell}
# Started by runit, and again whenever it ends.
exec 2>&1
export HOME=${quoted(environment.home)} PREFIX=${quoted(environment.prefix)}
exec ${quoted(node)} ${quoted(program)} run --dir ${quoted(folder.path)}
`,
  )
  script(
    paths.logRun,
    `#!${shell}
mkdir -p ${quoted(paths.logs)}
exec svlogd -tt ${quoted(paths.logs)}
`,
  )
  script(
    paths.boot,
    `#!${shell}
# Run by Termux:Boot when the phone has started.
termux-wake-lock
. ${quoted(join(environment.prefix, 'etc', 'profile.d', 'start-services.sh'))}
`,
  )
  const lines = [`Wrote ${paths.run}`, `Wrote ${paths.logRun}`, `Wrote ${paths.boot}`]
  if (!existsSync(join(environment.prefix, 'etc', 'profile.d', 'start-services.sh'))) {
    lines.push('The package termux-services is missing. Run: pkg install termux-services, then restart Termux.')
  }
  const enabled = await runCommand('sv-enable', [SERVICE_NAME], { env: environment.all, limitMs: 15_000 })
  if (enabled.code === 0) lines.push('The agent runs now, and starts with Termux.')
  else lines.push(`After restarting Termux run: sv-enable ${SERVICE_NAME}`)
  lines.push(
    'Install the app Termux:Boot from the same source as Termux, and open it once.',
    `Its log is in ${paths.logs}. To end the agent run: sv-disable ${SERVICE_NAME}`,
  )
  return lines
}

/** Takes away what installService has written. */
export function removeService(environment: Environment): void {
  const paths = servicePaths(environment)
  rmSync(paths.boot, { force: true })
  rmSync(paths.service, { recursive: true, force: true })
}

function script(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, 0o700)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
