import { type Command, Option } from 'commander'
import type { OutputOf } from '../../shared/operations/index.ts'
import { AUTH_TYPES, type Service, type ServiceEntry, type Visit } from '../../shared/operations/services.ts'
import { foundFriend, foundService } from './access-names.ts'
import { sure } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { EXIT, UsageError } from './exit.ts'
import { credential } from './grants.ts'
import { aCount, several } from './options.ts'
import { counted, more, pairs, table, when } from './print.ts'

interface Plan {
  readonly name?: string
  readonly subdomain?: string
  readonly address?: string
  readonly auth?: (typeof AUTH_TYPES)[number]
  readonly host?: string
  readonly file?: string
  /** False for --no-reload. */
  readonly reload?: string[] | boolean
  /** False for --no-expiry. */
  readonly expiry?: boolean
  readonly days?: number
  readonly warn?: number
  /** False for --no-log. */
  readonly log?: string | boolean
  readonly handOver?: boolean
  readonly selfRenewal?: boolean
}

export function addServices(program: Command): void {
  const services = program.command('services').description('services behind the proxy, and their htpasswd files')
  examples(services, [
    ['services create Wiki --address https://wiki.example.org --file /srv/htpasswd/wiki', 'keeps what is in the file'],
    ['services entries wiki', 'the file beside the database; who belongs to nobody'],
    ['services mend wiki --change file', 'writes the file as the database has it'],
  ])
  services
    .command('list')
    .description('every service, and how it does')
    .action(
      withSession(async session => {
        const data = await session.do('services.list', {})
        return { data, text: () => listText(data.services) }
      }),
    )
  services
    .command('show <service>')
    .description('one service, by name, subdomain or id')
    .action(withSession<[string]>(async (session, [given]) => shown(await foundService(session, given))))
  planned(services.command('create <name>').description('add a service'))
    .addOption(new Option('--auth <type>', 'what it asks for').choices(AUTH_TYPES).default('basic'))
    .action(
      withSession<[string], Plan>(async (session, [name], options) => {
        const { address } = options
        if (address === undefined) throw new UsageError('Give its address: --address https://wiki.example.org')
        const made = await session.do('services.create', { ...planOf(options), name, address })
        const others =
          made.nobody === 0
            ? ''
            : `\n${counted(made.nobody, 'entry', 'entries')} of the file belong to nobody yet and go on working. See: campaign-connector services entries ${made.service.subdomain}`
        return { data: made, text: () => shown(made.service).text() + others }
      }),
    )
  planned(services.command('update <service>').description('change a service'))
    .option('--name <name>', 'another name; user names stay as they are')
    .action(
      withSession<[string], Plan>(async (session, [given], options) => {
        const { id } = await foundService(session, given)
        return shown(await session.do('services.update', { id, ...planOf(options) }))
      }),
    )
  services
    .command('delete <service>')
    .description('delete a service: all its grants end, its entries leave the file')
    .option('--leave-file', 'without touching the file, such as one that cannot be reached any more')
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[string], { leaveFile?: boolean; yes?: boolean }>(async (session, [given], { leaveFile, yes }) => {
        const { id, name, grants } = await foundService(session, given)
        await sure(`Delete ${name} with ${counted(grants, 'grant')}?`, yes)
        const data = await session.do('services.delete', { id, leaveFile: leaveFile ?? false })
        return { data, text: () => `${name} is deleted.` }
      }),
    )
  services
    .command('check <service>')
    .description('ask whether it answers and wants a password, and look at its file')
    .action(
      withSession<[string]>(async (session, [given]) => {
        const { id } = await foundService(session, given)
        const service = await session.do('services.check', { id })
        const well = service.health?.ok === true && problemOf(service) === ''
        return { ...shown(service), exit: well ? EXIT.ok : EXIT.failed }
      }),
    )
  services
    .command('admin <service>')
    .description('the credential of the administrators, which is always in the file; that it was shown is on record')
    .option('--regenerate', 'make a new password first')
    .action(
      withSession<[string], { regenerate?: boolean }>(async (session, [given], { regenerate }) => {
        const { id } = await foundService(session, given)
        return credential(await session.do(regenerate ? 'services.regenerate-admin' : 'services.reveal-admin', { id }))
      }),
    )
  services
    .command('entries <service>')
    .description('the entries of its file beside what the database says')
    .action(
      withSession<[string]>(async (session, [given]) => {
        const { id } = await foundService(session, given)
        const data = await session.do('services.entries', { id })
        return { data, text: () => entriesText(data.entries) }
      }),
    )
  services
    .command('mend <service> [usernames...]')
    .description('make file and database agree; without user names all that differ')
    .addOption(
      new Option('--change <what>', 'file: write it as the database has it; database: take over what the file says')
        .choices(['file', 'database'])
        .makeOptionMandatory(),
    )
    .action(
      withSession<[string, string[]], { change: 'file' | 'database' }>(async (session, [given, names], { change }) => {
        const { id } = await foundService(session, given)
        const data = await session.do('services.mend', { id, change, ...(names.length > 0 && { usernames: names }) })
        return { data, text: () => `${counted(data.mended, 'entry', 'entries')} mended.` }
      }),
    )
  addVisits(services)
}

function addVisits(services: Command): void {
  services
    .command('visits')
    .description('who opened what and when, newest first, as the access logs have it')
    .option('--service <service>', 'one service')
    .option('--person <person>', 'one person')
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], { service?: string; person?: string; limit: number; after?: string }>(
        async (session, _args, { service, person, limit, after }) => {
          const data = await session.do('services.visits', {
            limit,
            ...(service !== undefined && { serviceId: (await foundService(session, service)).id }),
            ...(person !== undefined && { personId: (await foundFriend(session, person)).id }),
            ...(after !== undefined && { after }),
          })
          return { data, text: () => visitsText(data.items) + more(data.next) }
        },
      ),
    )
  services
    .command('bans')
    .description('addresses that failed or are banned, by fail2ban and the built-in counter')
    .action(
      withSession(async session => {
        const data = await session.do('services.bans', {})
        return { data, text: () => bansText(data) }
      }),
    )
  services
    .command('lift-ban <address>')
    .description('forget what the built-in counter has against an address')
    .action(
      withSession<[string]>(async (session, [address]) => {
        const { sources } = await session.do('services.bans', {})
        const source = sources.find(one => one.address === address)
        if (!source)
          throw new UsageError(`Nothing is counted against ${address}. See: campaign-connector services bans`)
        const data = await session.do('services.lift-ban', { id: source.id })
        return { data, text: () => `Nothing is counted against ${address} any more.` }
      }),
    )
}

function visitsText(visits: readonly Visit[]): string {
  if (visits.length === 0) return 'Nobody has opened anything since the logs are read.'
  const rows = visits.map(visit => [
    ...[when(visit.firstAt), when(visit.lastAt), visit.service, visit.person ?? '(nobody)'],
    ...[visit.username, visit.address, visit.requests],
  ])
  return table(['from', 'to', 'service', 'person', 'user name', 'address', 'requests'], rows)
}

const FAIL2BAN = {
  runs: 'fail2ban runs.',
  no_jail: 'fail2ban is here, without the jail campaign-connector; docs/service-access.md says how to add it.',
  no_access: 'fail2ban is here, and cannot be asked by the user who runs this.',
  absent: 'fail2ban is not here; the built-in counter serves.',
} as const

function bansText({ fail2ban, sources, problem, logs }: OutputOf<'services.bans'>): string {
  const rows = sources.map(source => [
    ...[source.address, source.failures, source.total, when(source.lastAt)],
    source.bannedUntil === null ? '' : when(source.bannedUntil),
  ])
  return [
    FAIL2BAN[fail2ban.state] + (fail2ban.banned.length > 0 ? ` It bans ${fail2ban.banned.join(', ')}.` : ''),
    ...(problem === '' ? [] : [`The proxy could not be told: ${problem}`]),
    ...logs.filter(log => log.problem !== '').map(log => `${log.file}: ${log.problem}`),
    sources.length === 0
      ? 'No address has failed.'
      : table(['address', 'failures', 'in all', 'last', 'banned until'], rows),
  ].join('\n')
}

function planned(command: Command): Command {
  return command
    .option('--subdomain <name>', 'the name under which the proxy serves it, such as wiki')
    .option('--address <url>', 'where people open it, such as https://wiki.example.org')
    .option('--file <path>', 'its htpasswd file, the whole path')
    .option('--host <host>', 'where file and reload command are, for ssh: host or user@host; "" for this computer')
    .option('--reload <argument>', 'the reload command, one --reload for each argument; no shell reads it', several)
    .option('--no-reload', 'without a reload command')
    .option('--log <path>', 'its access log on this computer, the whole path')
    .option('--no-log', 'read no access log')
    .option('--hand-over', 'the personal page offers to put the credential into the address')
    .option('--no-hand-over', 'it does not')
    .option('--self-renewal', 'people may make a new password on their personal page')
    .option('--no-self-renewal', 'only administrators may')
    .option('--days <n>', 'how long a new credential counts', aCount(1, 3650))
    .option('--no-expiry', 'a new credential counts until it is ended')
    .option('--warn <n>', 'so many days before it ends is warned', aCount(0, 365))
}

function planOf(options: Plan) {
  const { name, subdomain, address, auth, host, file, reload, expiry, days, warn, log, handOver, selfRenewal } = options
  if (expiry === false && days !== undefined) throw new UsageError('Give either --days or --no-expiry.')
  return {
    ...(name !== undefined && { name }),
    ...(subdomain !== undefined && { subdomain }),
    ...(address !== undefined && { address }),
    ...(auth !== undefined && { authType: auth }),
    ...(host !== undefined && { host }),
    ...(file !== undefined && { htpasswdFile: file }),
    ...(reload === false && { reload: null }),
    ...(Array.isArray(reload) && { reload }),
    ...(handOver !== undefined && { handOver }),
    ...(selfRenewal !== undefined && { selfRenewal }),
    ...(log === false && { logFile: null }),
    ...(typeof log === 'string' && { logFile: log }),
    ...(expiry === false && { expiryDays: null }),
    ...(days !== undefined && { expiryDays: days }),
    ...(warn !== undefined && { warnDays: warn }),
  }
}

function shown(service: Service): Result {
  const { id, name, subdomain, address, authType, host, htpasswdFile, reload, grants, health } = service
  const details = () =>
    pairs([
      ['id', id],
      ['name', name],
      ['subdomain', subdomain],
      ['address', address],
      ['asks for', authType === 'basic' ? 'a user name and password' : 'nothing'],
      ['file', htpasswdFile === null ? '' : host === '' ? htpasswdFile : `${host}:${htpasswdFile}`],
      ['reload', reload === null ? '' : reload.join(' ')],
      ['credentials count', service.expiryDays === null ? 'until they are ended' : counted(service.expiryDays, 'day')],
      ['access log', service.logFile],
      ['in the address', service.handOver ? 'offered on the personal page' : 'no'],
      ['new passwords by', service.selfRenewal ? 'the person, too' : 'administrators'],
      ['administrators', service.adminUsername],
      ['grants', grants],
      ['health', health === null ? 'not asked yet' : `${health.detail} (${when(health.at)})`],
      ['to mend', problemOf(service)],
    ])
  return { data: service, text: details }
}

function problemOf({ file }: Service): string {
  if (file === null) return ''
  if (file.problem !== '') return file.problem
  return file.drift === 0 ? '' : `${counted(file.drift, 'entry', 'entries')} of the file differ from the database`
}

function listText(services: readonly Service[]): string {
  if (services.length === 0) {
    return 'There is no service yet. Add one: campaign-connector services create NAME --address URL --file PATH'
  }
  const rows = services.map(service => [
    ...[service.id, service.name, service.subdomain, service.address, service.grants],
    service.health === null ? '' : service.health.ok ? 'answers' : service.health.detail,
    problemOf(service),
  ])
  return table(['id', 'name', 'subdomain', 'address', 'grants', 'health', 'to mend'], rows)
}

function entriesText(entries: readonly ServiceEntry[]): string {
  const STATES = {
    in_order: '',
    missing: 'is not in the file',
    changed: 'has another password in the file',
    should_be_gone: 'has expired and is in the file',
    nobody: 'belongs to nobody',
  } as const
  const rows = entries.map(({ username, kind, admin, state, lastAccessAt }) => [
    username,
    kind,
    admin ? 'administrators' : state === 'nobody' ? '' : 'a person',
    lastAccessAt === null ? '' : when(lastAccessAt),
    STATES[state],
  ])
  return table(['user name', 'kept as', 'of', 'last access', 'to mend'], rows)
}
