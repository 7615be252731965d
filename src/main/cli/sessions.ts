import type { Command } from 'commander'
import type { Lockout, Session as SignedIn } from '../../shared/operations/accounts.ts'
import { sure } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { aCount, anId } from './options.ts'
import { counted, more, table, when } from './print.ts'
import type { Session } from './session.ts'
import { foundUser } from './users.ts'

interface PageOptions {
  readonly user?: string
  readonly limit: number
  readonly after?: string
}

export function addSessions(program: Command): void {
  const sessions = program.command('sessions').description('who is signed in to the web and the window')
  examples(sessions, [
    ['sessions list --user anna', 'where anna is signed in'],
    ['sessions revoke-all --user anna', 'anna has to sign in again everywhere'],
  ])
  paged(sessions.command('list').description('show the sessions that are valid, newest first')).action(
    withSession<[], PageOptions>(async (session, _args, options) => {
      const page = await session.do('sessions.list', await pageOf(session, options))
      return { data: page, text: () => sessionsTable(page.items) + more(page.next) }
    }),
  )
  sessions
    .command('revoke')
    .description('end one session at once')
    .argument('<id>', 'its number in the list', anId)
    .action(
      withSession<[number]>(async (session, [id]) => ({
        data: await session.do('sessions.revoke', { id }),
        text: () => `Session ${id} has ended.`,
      })),
    )
  sessions
    .command('revoke-all')
    .description('end all sessions at once, of one user or of everybody')
    .option('--user <user>', 'of this user only')
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[], { user?: string; yes?: boolean }>(async (session, _args, { user: name, yes }) => {
        const user = name === undefined ? undefined : await foundUser(session, name)
        if (!user) await sure('Sign everybody out?', yes)
        const done = await session.do('sessions.revoke-all', user ? { userId: user.id } : {})
        return { data: done, text: () => `${counted(done.ended, 'session')} ended.` }
      }),
    )
}

export function addLogins(program: Command): void {
  const logins = program.command('logins').description('the history of sign-ins, with those that failed')
  paged(logins.command('list').description('show the history, newest first')).action(
    withSession<[], PageOptions>(async (session, _args, options) => {
      const page = await session.do('logins.list', await pageOf(session, options))
      const rows = page.items.map(row => [
        when(row.at),
        row.username ?? '(no such user)',
        row.ip ?? 'this workstation',
        row.outcome.replaceAll('_', ' '),
        row.userAgent,
      ])
      return {
        data: page,
        text: () => table(['time', 'user', 'from', 'outcome', 'with'], rows) + more(page.next),
      }
    }),
  )
}

export function addLockouts(program: Command): void {
  const lockouts = program
    .command('lockouts')
    .description('accounts and addresses that are locked after too many failures')
  examples(lockouts, [
    ['lockouts list', 'what is locked now, and until when'],
    ['lockouts lift anna', 'let anna sign in again at once'],
    ['settings set lockout.failures 10', 'lock after ten failures instead of five'],
  ])
  lockouts
    .command('list')
    .description('show what is locked, newest first')
    .option('--counting', 'also failures that have locked nothing yet')
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], { counting?: boolean; limit: number; after?: string }>(
        async (session, _args, { counting = false, limit, after }) => {
          const page = await session.do('lockouts.list', { counting, limit, ...(after && { after }) })
          return { data: page, text: () => lockoutsText(page.items) + more(page.next) }
        },
      ),
    )
  lockouts
    .command('lift <who>')
    .description('end a lock and forget the failures; by the number in the list, the user name or the address')
    .action(withSession<[string]>(lift))
}

async function lift(session: Session, [who]: [string]): Promise<Result> {
  const folded = who.normalize('NFKC').toLowerCase()
  const meant: Lockout[] = []
  for (let after: string | null | undefined; after !== null; ) {
    const page = await session.do('lockouts.list', { counting: true, limit: 500, ...(after && { after }) })
    const subjects = page.items.filter(({ subject }) => subject?.normalize('NFKC').toLowerCase() === folded)
    const ids = page.items.filter(({ id }) => String(id) === who)
    meant.push(...(subjects.length > 0 ? subjects : ids))
    after = page.next
  }
  if (meant.length === 0) throw new UsageError(`Nothing is locked for "${who}". See: campaign-connector lockouts list`)
  for (const { id } of meant) await session.do('lockouts.lift', { id })
  return { data: { lifted: meant.map(({ id }) => id) }, text: () => `Lifted ${counted(meant.length, 'lock')}.` }
}

const KINDS = { account: 'account', source: 'address', key_source: 'wrong API keys from' } as const

function lockoutsText(lockouts: readonly Lockout[]): string {
  if (lockouts.length === 0) return 'Nothing is locked.'
  const rows = lockouts.map(row => [
    row.id,
    KINDS[row.kind],
    row.subject ?? '(a name that no user has)',
    row.failures,
    when(row.lastAt),
    row.lockedUntil === null ? 'not locked' : when(row.lockedUntil),
  ])
  return table(['id', 'kind', 'of', 'failures', 'last', 'until'], rows)
}

function sessionsTable(sessions: readonly SignedIn[]): string {
  const rows = sessions.map(row => [
    row.id,
    row.username,
    row.ip ?? 'this workstation',
    when(row.createdAt),
    when(row.lastSeenAt),
    when(row.expiresAt),
    row.userAgent,
  ])
  return table(['id', 'user', 'from', 'since', 'last seen', 'until', 'with'], rows)
}

function paged(command: Command): Command {
  return command
    .option('--user <user>', 'of this user only')
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
}

async function pageOf(session: Session, { user, limit, after }: PageOptions) {
  const userId = user === undefined ? undefined : (await foundUser(session, user)).id
  return { limit, ...(after && { after }), ...(userId !== undefined && { userId }) }
}
