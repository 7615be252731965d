import { text } from '@clack/prompts'
import type { Command } from 'commander'
import { RESET_CONFIRMATION } from '../../shared/operations/database.ts'
import { answered, isInteractive, TERMINAL } from './ask.ts'
import { examples, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { counted, pairs } from './print.ts'

export function addDatabase(program: Command): void {
  const database = program.command('database').description('what is in the database, and emptying it')
  examples(database, [
    ['database stats', 'how much of what there is'],
    [
      `database reset --confirm "${RESET_CONFIRMATION}"`,
      'back to an empty one, with its users, phones, settings and opt-outs',
    ],
  ])
  database
    .command('stats')
    .description('how many contacts, messages and so on there are')
    .action(
      withSession(async session => {
        const data = await session.do('system.stats', {})
        const { campaigns, messages, ...others } = data
        const states = (what: string, counts: Record<string, number>) =>
          Object.entries(counts)
            .filter(([, count]) => count > 0)
            .map(([state, count]) => [`${what} ${state}`, count] as const)
        const rows = [...Object.entries(others), ...states('campaigns', campaigns), ...states('messages', messages)]
        return { data, text: () => pairs(rows) }
      }),
    )
  database
    .command('reset')
    .description('remove contacts, lists, imports, campaigns, messages and threads, after a backup')
    .option('--confirm <text>', `"${RESET_CONFIRMATION}"; on a terminal it is asked for`)
    .action(
      withSession<[], { confirm?: string }>(async (session, _args, options) => {
        const data = await session.do('system.reset', { confirm: options.confirm ?? (await typed()) })
        const { removed, backup } = data
        return {
          data,
          text: () =>
            `Removed ${counted(removed.contacts, 'contact')}, ${counted(removed.campaigns, 'campaign')}, ${counted(removed.messages, 'message')} and ${counted(removed.threads, 'thread')}.\nEverything as it was is in the backup ${backup.name}.`,
        }
      }),
    )
}

async function typed(): Promise<string> {
  if (!isInteractive()) throw new UsageError(`Say what is meant: --confirm "${RESET_CONFIRMATION}"`)
  const message = `This removes everybody and everything but users, phones, settings and opt-outs. To go on, type: ${RESET_CONFIRMATION}`
  return answered(await text({ message, ...TERMINAL })) ?? ''
}
