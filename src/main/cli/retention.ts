import { type Command, InvalidArgumentError } from 'commander'
import type { Removes, Retention } from '../../shared/operations/privacy.ts'
import { sure } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { counted, pairs } from './print.ts'

/** `undefined`: as it is. */
interface Given {
  readonly messages?: number | null
  readonly replies?: number | null
  readonly logs?: number | null
}

export function addRetention(program: Command): void {
  const retention = program.command('retention').description('how long texts and logs are kept')
  examples(retention, [
    ['retention preview --messages 365', 'how much a rule would remove'],
    ['retention set --messages 365 --replies 365 --logs 90', 'remove texts after a year and logs after 90 days'],
  ])
  retention
    .command('show')
    .description('the rules')
    .action(withSession(async session => shown(await session.do('retention.get', {}))))
  withRules(retention.command('set').description('change the rules; they are applied once a day')).action(
    withSession<[], Given>(async (session, _args, given) => {
      if (Object.values(rulesOf(given)).length === 0)
        throw new UsageError('Say which rule: --messages, --replies or --logs.')
      return shown(await session.do('retention.set', { ...(await session.do('retention.get', {})), ...rulesOf(given) }))
    }),
  )
  withRules(retention.command('preview').description('what the rules, or other ones, would remove now')).action(
    withSession<[], Given>(async (session, _args, given) => {
      const rules = { ...(await session.do('retention.get', {})), ...rulesOf(given) }
      const data = await session.do('retention.preview', rules)
      return { data, text: () => `These would be removed:\n${removesText(data.removes)}` }
    }),
  )
  retention
    .command('run')
    .description('remove now what the rules say')
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[], { yes?: boolean }>(async (session, _args, { yes }) => {
        await sure('Remove now what is older than the rules allow? It cannot be taken back.', yes)
        const data = await session.do('retention.run', {})
        return { data, text: () => `Removed:\n${removesText(data.removed)}` }
      }),
    )
}

function withRules(command: Command): Command {
  return command
    .option('--messages <days>', 'remove texts that went out after so many days; "keep" keeps them', someDays)
    .option('--replies <days>', 'the same of texts that came in', someDays)
    .option('--logs <days>', 'the same of sign-ins, webhook deliveries and rows of import reports', someDays)
}

function someDays(text: string): number | null {
  if (text === 'keep') return null
  const days = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(days >= 7 && days <= 3650)) throw new InvalidArgumentError('Give days from 7 to 3650, or "keep".')
  return days
}

function rulesOf({ messages, replies, logs }: Given): Partial<Retention> {
  return {
    ...(messages !== undefined && { messages }),
    ...(replies !== undefined && { replies }),
    ...(logs !== undefined && { logs }),
  }
}

function shown(rules: Retention): Result {
  const after = (days: number | null): string => (days === null ? 'kept' : `removed after ${counted(days, 'day')}`)
  return {
    data: rules,
    text: () =>
      pairs([
        ['texts of messages', after(rules.messages)],
        ['texts of replies', after(rules.replies)],
        ['logs', after(rules.logs)],
      ]),
  }
}

function removesText(removes: Removes): string {
  return pairs([
    ['texts of messages', removes.messages],
    ['texts of replies', removes.replies],
    ['sign-ins', removes.signIns],
    ['webhook deliveries', removes.deliveries],
    ['rows of import reports', removes.importReports],
  ])
}
