import type { Command } from 'commander'
import { Option } from 'commander'
import type { User } from '../../shared/operations/users.ts'
import { isInteractive, newPassword, type SecretOptions, sure, TERMINAL } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { EXIT, UsageError } from './exit.ts'
import { pairs } from './print.ts'
import type { Session } from './session.ts'
import { usersMenu, usersTable } from './users-menu.ts'

interface CreateOptions extends SecretOptions {
  readonly role: 'admin' | 'user'
  readonly fullName?: string
  readonly email?: string
  readonly mustChange?: boolean
}

interface UpdateOptions {
  readonly role?: 'admin' | 'user'
  readonly fullName?: string
  readonly email?: string
}

export function addUsers(program: Command): void {
  const users = program
    .command('users')
    .description('the people who may use the application')
    .action(
      withSession(async session => {
        if (!isInteractive())
          throw new UsageError('Say what to do: campaign-connector users --help. On a terminal this is a menu.')
        await usersMenu(session, TERMINAL)
        return undefined
      }),
    )
  examples(users, [
    ['users', 'a menu, on a terminal'],
    ['users create anna --role admin', 'the first administrator; asks for the password'],
    ['users set-password anna --password-stdin < password.txt', 'the same from a script'],
  ])
  const role = new Option('--role <role>', 'what they may do').choices(['admin', 'user'])

  users.command('list').description('show every user').action(withSession(list))
  const create = users
    .command('create <username>')
    .description('add a user; the password is asked for, or comes from standard input or CAMPAIGN_CONNECTOR_PASSWORD')
    .addOption(new Option('--role <role>', 'what they may do').choices(['admin', 'user']).default('user'))
    .option('--full-name <name>', 'their name')
    .option('--email <address>', 'their e-mail address')
    .option('--password-stdin', 'read the password from standard input')
    .option('--must-change', 'they have to choose their own password at the first login')
    .action(
      withSession<[string], CreateOptions>(async (session, [username], options) => {
        const user = await session.do('users.create', {
          username,
          password: await newPassword(options, session.config),
          role: options.role,
          fullName: options.fullName ?? '',
          email: options.email ?? '',
          mustChangePassword: options.mustChange ?? false,
        })
        return shown(user, `Created user "${user.username}" (${user.role}).`)
      }),
    )
  examples(create, [['users create anna --role admin --full-name "Anna Berg"', 'an administrator']])
  users
    .command('update <user>')
    .description('change the role, name or e-mail address of a user')
    .addOption(role)
    .option('--full-name <name>', 'their name')
    .option('--email <address>', 'their e-mail address')
    .action(
      withSession<[string], UpdateOptions>(async (session, [name], { role, fullName, email }) => {
        const { id } = await foundUser(session, name)
        const changes = {
          ...(role && { role }),
          ...(fullName !== undefined && { fullName }),
          ...(email !== undefined && { email }),
        }
        if (Object.keys(changes).length === 0)
          throw new UsageError('Say what to change: --role, --full-name or --email.')
        return shown(await session.do('users.update', { id, ...changes }), 'Changed.')
      }),
    )
  users
    .command('set-password <user>')
    .description('give a user a new password')
    .option('--password-stdin', 'read the password from standard input')
    .option('--must-change', 'they have to choose their own at the next login')
    .action(
      withSession<[string], SecretOptions & { mustChange?: boolean }>(async (session, [name], options) => {
        const user = await foundUser(session, name)
        const password = await newPassword(options, session.config)
        const done = await session.do('users.set-password', {
          id: user.id,
          password,
          mustChange: options.mustChange ?? false,
        })
        return { data: done, text: () => `The password of "${user.username}" was changed.` }
      }),
    )
  users
    .command('deactivate <user>')
    .description('keep a user from signing in')
    .action(withSession<[string]>((session, [name]) => setActive(session, name, false)))
  users
    .command('activate <user>')
    .description('let a user sign in again')
    .action(withSession<[string]>((session, [name]) => setActive(session, name, true)))
  users
    .command('delete <user>')
    .description('remove a user for good')
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[string], { yes?: boolean }>(async (session, [name], { yes }) => {
        const user = await foundUser(session, name)
        await sure(`Delete user "${user.username}" for good?`, yes)
        return {
          data: await session.do('users.delete', { id: user.id }),
          text: () => `Deleted user "${user.username}".`,
        }
      }),
    )
}

async function list(session: Session): Promise<Result> {
  const { users } = await session.do('users.list', {})
  return { data: { users }, text: () => (users.length === 0 ? NOBODY : usersTable(users)) }
}

const NOBODY = 'There is no user yet. Create the first one: campaign-connector users create NAME --role admin'

/** By user name in any case, or by id. */
export async function foundUser(session: Session, name: string): Promise<User> {
  const { users } = await session.do('users.list', {})
  const folded = name.normalize('NFKC').toLowerCase()
  const user =
    users.find(candidate => candidate.username.normalize('NFKC').toLowerCase() === folded) ??
    users.find(candidate => String(candidate.id) === name)
  if (!user) throw new UsageError(`There is no user "${name}". See: campaign-connector users list`)
  return user
}

async function setActive(session: Session, name: string, active: boolean): Promise<Result> {
  const { id } = await foundUser(session, name)
  const user = await session.do('users.update', { id, active })
  return shown(user, `"${user.username}" may ${active ? 'sign in again' : 'not sign in any more'}.`)
}

function shown(user: User, sentence: string): Result {
  const details = () =>
    pairs([
      ['id', user.id],
      ['user', user.username],
      ['name', user.fullName],
      ['e-mail', user.email],
      ['role', user.role],
      ['active', user.active],
    ])
  return { data: user, text: () => `${sentence}\n${details()}`, exit: EXIT.ok }
}
