import type { Command } from 'commander'
import { examples, withSession } from './command.ts'
import { aCount, aTime } from './options.ts'
import { more, pairs, table, when } from './print.ts'

interface PeriodOptions {
  readonly from?: number
  readonly to?: number
}

export function addAnalytics(program: Command): void {
  const analytics = program.command('analytics').description('what became of campaigns, and how people answered')
  examples(analytics, [
    ['analytics campaigns', 'each campaign, the latest first'],
    ['analytics totals --from "2026-01-01 00:00"', 'all that began this year'],
  ])
  withPeriod(analytics.command('campaigns').description('show the results of each campaign that has begun'))
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], PeriodOptions & { limit: number; after?: string }>(async (session, _args, options) => {
        const { limit, after } = options
        const input = { ...periodOf(options), limit, ...(after && { after }) }
        const found = await session.do('analytics.campaigns', input)
        const rows = found.items.map(item => [
          ...[item.id, item.name, item.state, when(item.startedAt), item.messages, item.states.sent],
          ...[item.states.unknown, item.states.failed, item.replies, percent(item.replyRate), item.optOuts],
          percent(item.optOutRate),
        ])
        return { data: found, text: () => table(HEAD, rows) + more(found.next) }
      }),
    )
  withPeriod(analytics.command('totals').description('show the results of all campaigns of a time together')).action(
    withSession<[], PeriodOptions>(async (session, _args, options) => {
      const found = await session.do('analytics.totals', periodOf(options))
      const { states, replyRate, optOutRate, ...others } = found
      const counted = Object.entries(states).filter(([, messages]) => messages > 0)
      const rows = [
        ...Object.entries(others),
        ['replies for each that was sent', percent(replyRate)] as const,
        ['opt-outs for each that was sent', percent(optOutRate)] as const,
        ...counted.map(([state, messages]) => [`messages ${state}`, messages] as const),
      ]
      return { data: found, text: () => pairs(rows) }
    }),
  )
}

const HEAD = [
  ...['id', 'name', 'state', 'start', 'messages', 'sent', 'unknown', 'failed'],
  ...['replies', 'of sent', 'opt-outs', 'of sent'],
]

function withPeriod(command: Command): Command {
  return command
    .option('--from <time>', 'of campaigns that began at this time or later', aTime)
    .option('--to <time>', 'of campaigns that began before this time', aTime)
}

function periodOf({ from, to }: PeriodOptions): PeriodOptions {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

function percent(rate: number | null): string {
  return rate === null ? '' : `${(rate * 100).toFixed(1)} %`
}
