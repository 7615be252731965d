import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { Role } from '../shared/operations/define.ts'

/** What the environment and the options of the command line decide. Everything else is a setting in the database. */
export interface Config {
  readonly dataFolder: string
  /** The first administrator, each pair of values taken once. `problem` says why what is there cannot be used. */
  readonly admin: { readonly username: string; readonly password: string } | null
  readonly adminProblem: string | null
  /** API keys that are accepted beside the stored ones. */
  readonly apiKeys: readonly { readonly role: Role; readonly key: string }[]
  /** Why keys that are there are not used, a sentence each. */
  readonly apiKeyProblems: readonly string[]
  /** Opens the data key where there is no key file. */
  readonly passphrase: string | undefined
  /** The password for `users create` and `users set-password`. */
  readonly userPassword: string | undefined
  /** Whether tables and progress may use colours. */
  readonly colour: boolean
  /** Whether a window can be shown. */
  readonly hasDisplay: boolean
  /** The AppImage that was started, where the program came as one. */
  readonly appImage: string | undefined
  /** A step at which a test lets the hub die. */
  readonly dieAt: string | null
}

export type Environment = Readonly<Record<string, string | undefined>>

/** The only reader of the environment. */
export function readConfig(
  options: { dataDir?: string | undefined },
  env: Environment = process.env,
  system: { platform: NodeJS.Platform; home: string } = { platform: process.platform, home: homedir() },
): Config {
  const username = filled(env['ADMIN_USERNAME'])
  const password = filled(env['ADMIN_PASSWORD'])
  const half = (username === undefined) !== (password === undefined)
  const given = filled(options.dataDir) ?? filled(env['CAMPAIGN_CONNECTOR_DATA'])
  return {
    dataFolder: given === undefined ? defaultFolder(env, system) : resolve(given),
    admin: username !== undefined && password !== undefined ? { username, password } : null,
    adminProblem: half
      ? 'ADMIN_USERNAME and ADMIN_PASSWORD go together: only one of them is set, so it is not used.'
      : null,
    ...apiKeysOf(env),
    passphrase: filled(env['CAMPAIGN_CONNECTOR_PASSPHRASE']),
    userPassword: filled(env['CAMPAIGN_CONNECTOR_PASSWORD']),
    colour: filled(env['NO_COLOR']) === undefined && env['TERM'] !== 'dumb',
    hasDisplay:
      system.platform !== 'linux' ||
      filled(env['DISPLAY']) !== undefined ||
      filled(env['WAYLAND_DISPLAY']) !== undefined,
    appImage: filled(env['APPIMAGE']),
    dieAt: env['CC_HUB_TEST'] === '1' ? (filled(env['CC_HUB_DIE_AT']) ?? null) : null,
  }
}

const API_KEY_VARIABLES = { admin: 'ADMIN_API_KEY', user: 'USER_API_KEY', termux: 'TERMUX_API_KEY' } as const

/** Weak or ambiguous ones are not used: whoever has set one relies on what it opens. */
function apiKeysOf(env: Environment): Pick<Config, 'apiKeys' | 'apiKeyProblems'> {
  const apiKeys: { role: Role; key: string }[] = []
  const apiKeyProblems: string[] = []
  for (const [role, variable] of Object.entries(API_KEY_VARIABLES) as [Role, string][]) {
    const key = filled(env[variable])
    if (key === undefined) continue
    const same = apiKeys.find(other => other.key.toLowerCase() === key.toLowerCase())
    if (!/^[0-9a-f]{64}$/i.test(key)) {
      apiKeyProblems.push(`${variable} is not used: it has to be 64 hexadecimal digits. ${GENERATE}`)
    } else if (new Set(key.toLowerCase()).size < 8) {
      apiKeyProblems.push(`${variable} is not used: it can be guessed. ${GENERATE}`)
    } else if (same) {
      apiKeyProblems.push(`${variable} is not used: it is the same as ${API_KEY_VARIABLES[same.role]}. ${GENERATE}`)
    } else apiKeys.push({ role, key })
  }
  return { apiKeys, apiKeyProblems }
}

const GENERATE = 'Make one: campaign-connector keys generate'

/** Where each system keeps the data of a program. */
function defaultFolder(env: Environment, { platform, home }: { platform: NodeJS.Platform; home: string }): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Campaign Connector')
  if (platform === 'win32')
    return join(filled(env['APPDATA']) ?? join(home, 'AppData', 'Roaming'), 'Campaign Connector')
  const xdg = filled(env['XDG_DATA_HOME'])
  // A relative path there is to be ignored, says the XDG base directory specification.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.local', 'share'), 'campaign-connector')
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value
}
