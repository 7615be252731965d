import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { REPORT_TABLES, REPORT_UNITS, type ReportTable, type ReportUnit } from '../../shared/operations/analytics.ts'
import { examples, withSession } from './command.ts'
import { aCount, aTime } from './options.ts'
import { counted, more, pairs, table, when } from './print.ts'

interface PeriodOptions {
  readonly from?: number
  readonly to?: number
}

export function addAnalytics(program: Command): void {
  const analytics = program.command('analytics').description('what became of campaigns, and how people answered')
  examples(analytics, [
    ['analytics campaigns', 'each campaign, the latest first'],
    ['analytics totals --from "2026-01-01 00:00"', 'all that began this year'],
    ['analytics timeline --from "2026-01-01 00:00" --by week', 'what was sent and answered, week by week'],
    ['analytics phones', 'what each phone and SIM sent'],
    ['analytics reasons', 'why messages were not sent'],
    ['analytics export timeline days.csv', 'the same as a file'],
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
  addTimeline(analytics)
  addPhones(analytics)
  addReasons(analytics)
  addExport(analytics)
}

interface TimelineOptions extends PeriodOptions {
  readonly zone: string
  readonly by?: ReportUnit
}

function addTimeline(analytics: Command): void {
  const command = analytics.command('timeline').description('show what was sent and answered, by time')
  withUnits(withTimes(command)).action(
    withSession<[], TimelineOptions>(async (session, _args, options) => {
      const found = await session.do('analytics.timeline', { ...periodOf(options), ...unitsOf(options) })
      const row = (label: string, one: (typeof found)['total']) => [
        ...[label, one.sent, one.segmentsSent, one.unknown, one.failed, one.notSent, one.replies],
        ...[percent(one.replyRate), one.optOuts, percent(one.optOutRate), one.otherSent],
      ]
      const rows = found.points.map(point => row(inZone(found.zone, point.from), point))
      return { data: found, text: () => table(TIME_HEAD, [...rows, row('together', found.total)]) }
    }),
  )
}

function addPhones(analytics: Command): void {
  withTimes(analytics.command('phones').description('show what each phone and SIM sent')).action(
    withSession<[], PeriodOptions>(async (session, _args, options) => {
      const found = await session.do('analytics.phones', periodOf(options))
      const rows = found.phones.flatMap(phone => [
        [
          ...[phone.name, 'all', phone.sent, phone.ofCampaigns, phone.segmentsSent, phone.unknown, phone.failed],
          ...[phone.replies, percent(phone.replyRate), phone.optOuts, percent(phone.optOutRate)],
        ],
        ...phone.sims.map(sim => [
          ...[phone.name, `SIM ${sim.slot + 1}`, sim.sent, sim.ofCampaigns, sim.segmentsSent, sim.unknown, sim.failed],
          ...['', '', '', ''],
        ]),
      ])
      return { data: found, text: () => table(PHONE_HEAD, rows) }
    }),
  )
}

function addReasons(analytics: Command): void {
  withTimes(analytics.command('reasons').description('show why messages were not sent')).action(
    withSession<[], PeriodOptions>(async (session, _args, options) => {
      const found = await session.do('analytics.reasons', periodOf(options))
      const rows = [
        ...found.reasons.map(one => [one.state, one.reason, one.messages, one.ofCampaigns, one.meaning]),
        ...found.leftOut.map(one => ['left out', one.code, one.contacts, one.contacts, one.meaning]),
      ]
      return { data: found, text: () => table(['state', 'reason', 'messages', 'of campaigns', 'meaning'], rows) }
    }),
  )
}

function addExport(analytics: Command): void {
  const command = analytics
    .command('export')
    .description('write a table of the reports to a CSV file')
    .argument('<table>', REPORT_TABLES.join(', '), aTable)
    .argument('<file>', 'a file that is not there yet')
  withUnits(withTimes(command)).action(
    withSession<[ReportTable, string], TimelineOptions>(async (session, [name, file], options) => {
      const input = { table: name, ...periodOf(options), ...unitsOf(options), path: resolve(file) }
      const data = await session.do('analytics.export', input)
      return { data, text: () => `Wrote ${counted(data.rows, 'row')} to ${data.path}.` }
    }),
  )
}

function aTable(text: string): ReportTable {
  const found = REPORT_TABLES.find(name => name === text)
  if (!found) throw new InvalidArgumentError(`Give one of ${REPORT_TABLES.join(', ')}.`)
  return found
}

const TIME_HEAD = [
  ...['from', 'sent', 'segments', 'unknown', 'failed', 'not sent', 'replies', 'of sent', 'opt-outs', 'of sent'],
  'other texts',
]
const PHONE_HEAD = [
  ...['phone', 'SIM', 'sent', 'of campaigns', 'segments', 'unknown', 'failed', 'replies', 'of sent', 'opt-outs'],
  'of sent',
]

/** Date and time to the minute by the clock of a zone. */
function inZone(zone: string, at: number): string {
  const style = { dateStyle: 'short', timeStyle: 'short', timeZone: zone } as const
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', style).format(at)
}

function withUnits(command: Command): Command {
  return command
    .option('--zone <zone>', 'by the clock of this time zone', new Intl.DateTimeFormat().resolvedOptions().timeZone)
    .addOption(new Option('--by <unit>', 'by what suits the time where it is left out').choices(REPORT_UNITS))
}

function unitsOf({ zone, by }: TimelineOptions): Pick<TimelineOptions, 'zone' | 'by'> {
  return { zone, ...(by && { by }) }
}

function withTimes(command: Command): Command {
  return command
    .option('--from <time>', 'from this time on; from the first day on record where it is left out', aTime)
    .option('--to <time>', 'up to this time; up to now where it is left out', aTime)
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
