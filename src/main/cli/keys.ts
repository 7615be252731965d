import { type Command, InvalidArgumentError, Option } from 'commander'
import { ROLES, type Role } from '../../shared/operations/define.ts'
import type { ApiKey } from '../../shared/operations/keys.ts'
import { systemPorts } from '../app-ports.ts'
import { makeEnvironmentKey } from '../services/auth/tokens.ts'
import { sure } from './ask.ts'
import { examples, type Result, withConfig, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { aCount } from './options.ts'
import { pairs, table, when } from './print.ts'
import type { Session } from './session.ts'

interface DaysOptions {
  /** False for --no-expiry. */
  readonly expiry: boolean
  readonly days?: number
}

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('API keys of scripts (the data key is `key`)')
  examples(keys, [
    ['keys create newsletter --role user --days 90', 'shows the key this once'],
    ['keys rotate newsletter --grace 2h', 'another key; the old one is valid for two hours more'],
    ['keys generate', 'a value for ADMIN_API_KEY, USER_API_KEY or TERMUX_API_KEY'],
  ])
  keys
    .command('list')
    .description('show the keys, and what should be done about them')
    .option('--revoked', 'also those that were revoked')
    .action(
      withSession<[], { revoked?: boolean }>(async (session, _args, { revoked = false }) => {
        const found = await session.do('keys.list', { revoked })
        return { data: found, text: () => keysText(found.keys, found.environment) }
      }),
    )
  withDays(keys.command('create <name>').description('make a key; it is shown this once'))
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .action(
      withSession<[string], DaysOptions & { role: Role }>(async (session, [name], options) => {
        const made = await session.do('keys.create', { name, role: options.role, ...daysOf(options) })
        return shownOnce(
          made,
          `The key "${made.details.name}" (${made.details.role}). Keep it now: it is not shown again.`,
        )
      }),
    )
  withDays(
    keys
      .command('rotate <key>')
      .description('put a new key in the place of one, given by name or id; both are valid for a while'),
  )
    .option('--grace <span>', 'how long the old one stays valid, such as 0m, 90m, 24h or 7d', aSpan, 24 * 60)
    .action(
      withSession<[string], DaysOptions & { grace: number }>(async (session, [name], options) => {
        const { id } = await found(session, name)
        const made = await session.do('keys.rotate', { id, graceMinutes: options.grace, ...daysOf(options) })
        const until = made.details.previousUntil
        const old = until === null ? 'The old one has ended.' : `The old one is valid until ${when(until)}.`
        return shownOnce(made, `The new key "${made.details.name}". Keep it now: it is not shown again. ${old}`)
      }),
    )
  keys
    .command('revoke <key>')
    .description('end a key at once and for good, given by name or id')
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[string], { yes?: boolean }>(async (session, [name], { yes }) => {
        const key = await found(session, name)
        await sure(`Revoke the key "${key.name}" for good?`, yes)
        return {
          data: await session.do('keys.revoke', { id: key.id }),
          text: () => `The key "${key.name}" is not valid any more.`,
        }
      }),
    )
  keys
    .command('generate')
    .description('print a key for the environment: 64 hexadecimal digits; nothing is stored')
    .action(
      withConfig(async () => {
        const key = makeEnvironmentKey(systemPorts().random)
        return { data: { key }, text: () => key }
      }),
    )
}

function withDays(command: Command): Command {
  return command
    .option('--days <n>', 'for how many days it is valid', aCount(1, 3650))
    .option('--no-expiry', 'it is valid until it is revoked')
}

function daysOf({ days, expiry }: DaysOptions): { days?: number | null } {
  if (!expiry && days !== undefined) throw new UsageError('Give either --days or --no-expiry.')
  if (!expiry) return { days: null }
  return days === undefined ? {} : { days }
}

/** In minutes. */
function aSpan(text: string): number {
  const match = /^(\d{1,5})([mhd])$/.exec(text)
  if (!match) throw new InvalidArgumentError('Give a span such as 0m, 90m, 24h or 7d.')
  return Number(match[1]) * { m: 1, h: 60, d: 1440 }[match[2] as 'm' | 'h' | 'd']
}

/** A key that is not revoked, by name in any case or by id. */
async function found(session: Session, name: string): Promise<ApiKey> {
  const { keys } = await session.do('keys.list', {})
  const folded = name.toLowerCase()
  const key =
    keys.find(candidate => candidate.name.toLowerCase() === folded) ??
    keys.find(candidate => String(candidate.id) === name)
  if (!key) throw new UsageError(`There is no key "${name}". See: campaign-connector keys list`)
  return key
}

function shownOnce(made: { key: string; details: ApiKey }, sentence: string): Result {
  const { id, role, expiresAt } = made.details
  const details = () =>
    pairs([
      ['id', id],
      ['role', role],
      ['expires', expiresAt === null ? 'never' : when(expiresAt)],
      ['key', made.key],
    ])
  return { data: made, text: () => `${sentence}\n${details()}` }
}

function keysText(keys: readonly ApiKey[], environment: readonly Role[]): string {
  const rows = keys.map(key => [
    key.id,
    key.name,
    key.role,
    `${key.prefix}...`,
    when(key.rotatedAt),
    key.expiresAt === null ? 'never' : when(key.expiresAt),
    key.lastUsedAt === null ? 'never' : when(key.lastUsedAt),
    key.revokedAt === null ? (key.reminder ?? '') : `revoked ${when(key.revokedAt)}`,
  ])
  const stored =
    keys.length === 0
      ? 'There is no key. Make one: campaign-connector keys create NAME --role user'
      : table(['id', 'name', 'role', 'key', 'since', 'expires', 'last used', ''], rows)
  if (environment.length === 0) return stored
  return `${stored}\nFrom the environment: ${environment.map(role => `${role.toUpperCase()}_API_KEY`).join(', ')}`
}
