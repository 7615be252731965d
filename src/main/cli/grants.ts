import type { Command } from 'commander'
import type { Grant } from '../../shared/operations/friends.ts'
import type { Credential } from '../../shared/operations/grants.ts'
import { foundFriend, foundGrant, foundService } from './access-names.ts'
import { sure } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { aCount } from './options.ts'
import { pairs, table, when } from './print.ts'

interface DaysOptions {
  /** False for --no-expiry. */
  readonly expiry: boolean
  readonly days?: number
}

export function addGrants(program: Command): void {
  const grants = program.command('grants').description('who may open which service, and the credentials for it')
  examples(grants, [
    ['grants create anna wiki --days 90', 'a credential of her own, for 90 days'],
    ['grants show anna wiki', 'user name and password, which is put on record'],
    ['grants regenerate anna wiki', 'another password; the old one stops at once'],
    ['grants delete anna wiki', 'cuts her off there, and nobody else'],
  ])
  grants
    .command('list')
    .description('who holds what, with the last access')
    .option('--person <person>', 'of one person')
    .option('--service <service>', 'at one service')
    .action(
      withSession<[], { person?: string; service?: string }>(async (session, _args, { person, service }) => {
        const data = await session.do('grants.list', {
          ...(person !== undefined && { personId: (await foundFriend(session, person)).id }),
          ...(service !== undefined && { serviceId: (await foundService(session, service)).id }),
        })
        return { data, text: () => grantsText(data.grants) }
      }),
    )
  withDays(grants.command('create <person> <service>').description('let a person open a service')).action(
    withSession<[string, string], DaysOptions>(async (session, [person, service], options) => {
      const { id: personId } = await foundFriend(session, person)
      const { id: serviceId } = await foundService(session, service)
      const grant = await session.do('grants.create', { personId, serviceId, ...daysOf(options) })
      const how =
        grant.username === null ? '' : ` Its user name is ${grant.username}; "grants show" shows the password.`
      return { data: grant, text: () => `${grant.person} may open ${grant.service}.${how}` }
    }),
  )
  grants
    .command('show <person> <service>')
    .description('user name and password; that it was shown is on record')
    .action(
      withSession<[string, string]>(async (session, [person, service]) => {
        const { id } = await foundGrant(session, person, service)
        return credential(await session.do('grants.reveal', { id }))
      }),
    )
  grants
    .command('regenerate <person> <service>')
    .description('make a new password; the old one stops at once')
    .action(
      withSession<[string, string]>(async (session, [person, service]) => {
        const { id } = await foundGrant(session, person, service)
        return credential(await session.do('grants.regenerate', { id }))
      }),
    )
  withDays(
    grants.command('expiry <person> <service>').description('say how long a credential counts, from now on'),
  ).action(
    withSession<[string, string], DaysOptions>(async (session, [person, service], options) => {
      const { id } = await foundGrant(session, person, service)
      const { days } = daysOf(options)
      if (days === undefined) throw new UsageError('Give --days or --no-expiry.')
      const grant = await session.do('grants.set-expiry', { id, days })
      return { data: grant, text: () => grantsText([grant]) }
    }),
  )
  grants
    .command('delete <person> <service>')
    .description('end a grant: its credential stops at once')
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[string, string], { yes?: boolean }>(async (session, [given, at], { yes }) => {
        const { id, person, service } = await foundGrant(session, given, at)
        await sure(`${person} cannot open ${service} any more?`, yes)
        return {
          data: await session.do('grants.delete', { id }),
          text: () => `${person} cannot open ${service} any more.`,
        }
      }),
    )
  grants
    .command('adopt <service> <username> <person>')
    .description('say whose an entry of the htpasswd file is that belongs to nobody; its password stays')
    .option('--new', 'the person is a new one of this name')
    .action(
      withSession<[string, string, string], { new?: boolean }>(
        async (session, [service, username, person], options) => {
          const { id: serviceId } = await foundService(session, service)
          const whose = options.new ? { name: person } : { personId: (await foundFriend(session, person)).id }
          const data = await session.do('grants.adopt', { serviceId, entries: [{ username, ...whose }] })
          return { data, text: () => grantsText(data.grants) }
        },
      ),
    )
}

function withDays(command: Command): Command {
  return command
    .option('--days <n>', 'for how many days it counts; else what the service says', aCount(1, 3650))
    .option('--no-expiry', 'it counts until it is ended')
}

function daysOf({ days, expiry }: DaysOptions): { days?: number | null } {
  if (!expiry && days !== undefined) throw new UsageError('Give either --days or --no-expiry.')
  if (!expiry) return { days: null }
  return days === undefined ? {} : { days }
}

/** What a person needs to sign in. */
export function credential(made: Credential): Result {
  const text = () =>
    pairs([
      ['user name', made.username],
      ['password', made.password],
    ])
  return { data: made, text }
}

function grantsText(grants: readonly Grant[]): string {
  if (grants.length === 0) return 'Nobody holds anything. Make a grant: campaign-connector grants create PERSON SERVICE'
  const rows = grants.map(grant => [
    ...[grant.person, grant.service, grant.username],
    grant.expiresAt === null ? 'never' : when(grant.expiresAt),
    grant.lastAccessAt === null ? 'never' : when(grant.lastAccessAt),
    grant.state === 'expired' ? 'expired' : grant.expiresSoon ? 'expires soon' : grant.known ? '' : 'taken over',
  ])
  return table(['person', 'service', 'user name', 'expires', 'last access', ''], rows)
}
