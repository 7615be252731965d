import { confirm, intro, log, outro, select, text } from '@clack/prompts'
import { Refusal } from '../../shared/errors.ts'
import type { User } from '../../shared/operations/users.ts'
import { answered, Cancelled, type Terminal, typedTwice } from './ask.ts'
import { table, when } from './print.ts'
import type { Session } from './session.ts'

const CHOICES = [
  { value: 'list', label: 'Show every user' },
  { value: 'create', label: 'Create a user' },
  { value: 'password', label: 'Change a password' },
  { value: 'active', label: 'Deactivate or activate a user' },
  { value: 'delete', label: 'Delete a user' },
  { value: 'end', label: 'Done' },
] as const
type Choice = (typeof CHOICES)[number]['value']

/** The menu of `users`, until the person is done. A refusal is told and the menu goes on. */
export async function usersMenu(session: Session, terminal: Terminal): Promise<void> {
  intro('Users of Campaign Connector', terminal)
  for (;;) {
    try {
      const choice = answered(
        await select<Choice>({ message: 'What do you want to do?', options: [...CHOICES], ...terminal }),
      )
      if (choice === 'end') break
      await STEPS[choice](session, terminal)
    } catch (error) {
      if (error instanceof Cancelled) break
      if (!(error instanceof Refusal)) throw error
      log.error(error.message, terminal)
    }
  }
  outro('Done.', terminal)
}

export function usersTable(users: readonly User[]): string {
  return table(
    ['id', 'user', 'name', 'e-mail', 'role', 'active', 'since'],
    users.map(user => [
      user.id,
      user.username,
      user.fullName,
      user.email,
      user.role,
      user.active,
      when(user.createdAt),
    ]),
  )
}

const STEPS: Record<Exclude<Choice, 'end'>, (session: Session, terminal: Terminal) => Promise<void>> = {
  list: async (session, terminal) => {
    const { users } = await session.do('users.list', {})
    log.message(users.length === 0 ? 'There is no user yet.' : usersTable(users), terminal)
  },
  create: async (session, terminal) => {
    const username = answered(await text({ message: 'User name', ...terminal }))
    const fullName = answered(await text({ message: 'Full name (may stay empty)', defaultValue: '', ...terminal }))
    const role = answered(
      await select<'admin' | 'user'>({
        message: 'Role',
        options: [
          { value: 'user', label: 'user', hint: 'imports, campaigns, replies' },
          { value: 'admin', label: 'admin', hint: 'also users, phones, settings, backups' },
        ],
        ...terminal,
      }),
    )
    const password = await typedTwice('Password', terminal)
    const user = await session.do('users.create', { username, password, role, fullName })
    log.success(`Created "${user.username}" (${user.role}).`, terminal)
  },
  password: async (session, terminal) => {
    const user = await chosen(session, terminal, 'Whose password?')
    if (!user) return
    const password = await typedTwice('New password', terminal)
    await session.do('users.set-password', { id: user.id, password, mustChange: false })
    log.success(`The password of "${user.username}" was changed.`, terminal)
  },
  active: async (session, terminal) => {
    const user = await chosen(session, terminal, 'Who?')
    if (!user) return
    const now = await session.do('users.update', { id: user.id, active: !user.active })
    log.success(`"${now.username}" may ${now.active ? 'sign in again' : 'not sign in any more'}.`, terminal)
  },
  delete: async (session, terminal) => {
    const user = await chosen(session, terminal, 'Who is to be deleted?')
    if (!user) return
    const question = { message: `Delete "${user.username}" for good?`, initialValue: false, ...terminal }
    if (!answered(await confirm(question))) return
    await session.do('users.delete', { id: user.id })
    log.success(`Deleted "${user.username}".`, terminal)
  },
}

/** Undefined when there is nobody to choose, or the person goes back. */
async function chosen(session: Session, terminal: Terminal, message: string): Promise<User | undefined> {
  const { users } = await session.do('users.list', {})
  const options = users.map(user => ({
    value: user.id,
    label: user.username,
    hint: user.active ? user.role : `${user.role}, not active`,
  }))
  const id = answered(
    await select<number>({ message, options: [...options, { value: 0, label: 'Back' }], ...terminal }),
  )
  return users.find(user => user.id === id)
}
