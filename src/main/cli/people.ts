import type { Command } from 'commander'
import type { Friend } from '../../shared/operations/friends.ts'
import { foundFriend, foundService } from './access-names.ts'
import { sure } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { several } from './options.ts'
import { counted, pairs, table, when } from './print.ts'
import type { Session } from './session.ts'

interface Plan {
  readonly name?: string
  readonly note?: string
  readonly service?: string[]
}

export function addPeople(program: Command): void {
  const people = program
    .command('people')
    .alias('friends')
    .description('people who use services behind the proxy (users of this application are `users`)')
  examples(people, [
    ['people create "Anna Berg" --service wiki --service files', 'with a credential of her own for each'],
    ['people delete anna', 'ends everything of hers in one step'],
  ])
  people
    .command('list')
    .description('every person, with what they may open')
    .action(
      withSession(async session => {
        const data = await session.do('friends.list', {})
        const trouble = data.page.problem === '' ? '' : `\nThe personal page: ${data.page.problem}`
        return { data, text: () => listText(data.friends) + trouble }
      }),
    )
  people
    .command('show <person>')
    .description('one person, by name or id')
    .action(withSession<[string]>(async (session, [given]) => shown(await foundFriend(session, given))))
  people
    .command('create <name>')
    .description('add a person')
    .option('--note <text>', 'what you want to remember of them')
    .option('--service <service>', 'what they may open; repeatable', several)
    .action(
      withSession<[string], Plan>(async (session, [name], { note, service }) => {
        const services = await serviceIds(session, service ?? [])
        return shown(await session.do('friends.create', { name, services, ...(note !== undefined && { note }) }))
      }),
    )
  people
    .command('update <person>')
    .description('change name or note, or all that they may open')
    .option('--name <name>', 'another name; user names stay as they are')
    .option('--note <text>', 'what you want to remember of them')
    .option('--service <service>', 'all that they may open from now on; repeatable', several)
    .option('--no-services', 'end everything that they may open')
    .action(
      withSession<[string], Plan & { services: boolean }>(async (session, [given], options) => {
        const { id } = await foundFriend(session, given)
        const { name, note, service } = options
        const named = options.services ? service : []
        return shown(
          await session.do('friends.update', {
            id,
            ...(name !== undefined && { name }),
            ...(note !== undefined && { note }),
            ...(named && { services: await serviceIds(session, named) }),
          }),
        )
      }),
    )
  people
    .command('link <person>')
    .description('make a private link to their personal page, shown this once; the one before stops')
    .option('--revoke', 'end the link instead')
    .action(
      withSession<[string], { revoke?: boolean }>(async (session, [given], { revoke }) => {
        const { id, name } = await foundFriend(session, given)
        if (revoke) {
          return { data: await session.do('friends.revoke-link', { id }), text: () => `The link of ${name} has ended.` }
        }
        const made = await session.do('friends.new-link', { id })
        const where = made.url ?? `…/f/${made.token}`
        const off =
          made.url === null ? '\nThe personal page is off; docs/service-access.md says how to switch it on.' : ''
        return { data: made, text: () => `The private link of ${name}, shown only now:\n${where}${off}` }
      }),
    )
  people
    .command('delete <person>')
    .description('delete a person and end all their grants, in one step')
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[string], { yes?: boolean }>(async (session, [given], { yes }) => {
        const { id, name, grants } = await foundFriend(session, given)
        await sure(`Delete ${name}? ${counted(grants.length, 'credential')} of theirs stop at once.`, yes)
        return { data: await session.do('friends.delete', { id }), text: () => `${name} is deleted.` }
      }),
    )
}

async function serviceIds(session: Session, names: readonly string[]): Promise<number[]> {
  const ids: number[] = []
  for (const name of names) ids.push((await foundService(session, name)).id)
  return ids
}

function shown(friend: Friend): Result {
  const { id, name, note, grants } = friend
  const details = () =>
    pairs([
      ['id', id],
      ['name', name],
      ['note', note],
      ['private link', friend.linkMadeAt === null ? 'none' : `since ${when(friend.linkMadeAt)}`],
      ['may open', grants.map(grant => grant.service).join(', ') || 'nothing'],
    ])
  return { data: friend, text: details }
}

function listText(people: readonly Friend[]): string {
  if (people.length === 0)
    return 'There is nobody yet. Add somebody: campaign-connector people create NAME --service SERVICE'
  const rows = people.map(({ id, name, grants, createdAt }) => [
    ...[id, name],
    grants.map(grant => (grant.state === 'expired' ? `${grant.service} (expired)` : grant.service)).join(', '),
    when(createdAt),
  ])
  return table(['id', 'name', 'may open', 'since'], rows)
}
