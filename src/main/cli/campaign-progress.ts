import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { ForecastDay, Progress } from '../../shared/operations/campaigns.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import { withSession } from './command.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { anId } from './options.ts'
import { atBoth, counted, table, when } from './print.ts'
import { ProgressBar } from './progress.ts'

const ENDS = ['sent', 'failed', 'unknown', 'suppressed', 'expired', 'cancelled'] as const
const POLL_MS = 500

export function addCampaignProgress(campaigns: Command): void {
  campaigns
    .command('progress')
    .description('how far it is; ends with 3 when it was followed and did not complete')
    .argument('<campaign>', 'its id', anId)
    .option('--follow', 'stay until it has ended or is paused')
    .action(
      withSession<[number], { follow?: boolean }>(async (session, [id], { follow }) => {
        if (follow) session.needHub()
        const bar = new ProgressBar()
        let progress = await session.do('campaigns.progress', { id })
        try {
          while (follow && (progress.state === 'running' || progress.state === 'scheduled')) {
            bar.show(share(progress), line(progress))
            await sleep(POLL_MS)
            progress = await session.do('campaigns.progress', { id })
          }
        } finally {
          bar.end()
        }
        return { data: progress, text: () => progressText(progress), exit: follow ? endOf(progress) : EXIT.ok }
      }),
    )
  campaigns
    .command('outlook')
    .description('when what is left will have been sent, day by day and phone by phone, and what is held until when')
    .argument('<campaign>', 'its id', anId)
    .action(
      withSession<[number]>(async (session, [id]) => {
        const data = await session.do('campaigns.outlook', { id })
        return { data, text: () => outlookText(data) }
      }),
    )
  campaigns
    .command('left-out')
    .description('who of the audience gets no message, and why')
    .argument('<campaign>', 'its id', anId)
    .action(
      withSession<[number]>(async (session, [id]) => {
        const campaign = await session.do('campaigns.get', { id })
        const begun = campaign.startedAt !== null
        const leftOut = begun
          ? (await session.do('campaigns.progress', { id })).leftOut
          : Object.fromEntries(
              (await session.do('campaigns.review', { id })).leftOut.map(entry => [entry.code, entry.contacts]),
            )
        const rows = Object.entries(leftOut).filter(([, contacts]) => contacts > 0)
        return {
          data: { begun, leftOut },
          text: () => (rows.length === 0 ? 'Nobody is left out.' : table(['reason', 'contacts'], rows)),
        }
      }),
    )
}

function outlookText({ left, endsAt, limitedBy, perDay, held }: OutputOf<'campaigns.outlook'>): string {
  return [
    `${counted(left, 'message')} to go${endsAt === null ? '' : `, ends about ${when(endsAt)}`}${limitedBy === '' ? '' : `; ${limitedBy}`}`,
    ...daysText(perDay),
    ...held.map(
      one =>
        `held: ${one.more ? 'at least ' : ''}${counted(one.messages, 'message')} until ${atBoth(one.until, one.zone)}, because ${one.because}`,
    ),
  ].join('\n')
}

/** Days that are listed; the rest is told in a number. */
const DAYS = 31

/** What is likely to be sent on each day, by phone where there are several. */
export function daysText(perDay: readonly ForecastDay[]): string[] {
  if (perDay.length === 0) return []
  const names = perDay[0]!.lanes.map(lane => lane.name)
  const shown = names.length > 1 ? names : []
  const rows = perDay
    .slice(0, DAYS)
    .map(day => [day.date, day.messages, ...(shown.length > 0 ? day.lanes.map(lane => lane.messages) : [])])
  const rest = perDay.length > DAYS ? [`and ${counted(perDay.length - DAYS, 'day')} more`] : []
  return [table(['day', 'messages', ...shown], rows), ...rest]
}

function share(progress: Progress): number {
  return progress.messages === 0 ? 0 : ENDS.reduce((sum, state) => sum + progress.states[state], 0) / progress.messages
}

function line(progress: Progress): string {
  const { states } = progress
  const parts = [
    `${states.sent} sent`,
    `${progress.messages - ENDS.reduce((sum, state) => sum + states[state], 0)} to go`,
  ]
  if (states.unknown > 0) parts.push(`${states.unknown} unknown`)
  if (progress.replies > 0) parts.push(`${progress.replies} replies`)
  return progress.filled ? parts.join(', ') : `${parts.join(', ')}, still making messages`
}

function endOf(progress: Progress): ExitCode {
  return progress.state === 'completed' ? EXIT.ok : EXIT.nothing
}

function progressText(progress: Progress): string {
  const { state, states } = progress
  const head = `${state}: ${counted(progress.messages, 'message')}, ${counted(progress.segmentsSent, 'segment')} sent`
  const rows = Object.entries(states).filter(([, messages]) => messages > 0)
  const leftOut = Object.entries(progress.leftOut).map(([code, contacts]) => [`left out: ${code}`, contacts] as const)
  const times = [
    progress.startedAt && `began ${when(progress.startedAt)}`,
    progress.finishedAt && `ended ${when(progress.finishedAt)}`,
  ]
  return [
    head,
    ...(rows.length + leftOut.length > 0 ? [table(['state', 'messages'], [...rows, ...leftOut])] : []),
    `${counted(progress.replies, 'reply', 'replies')}, ${counted(progress.optOuts, 'opt-out')}`,
    times.filter(Boolean).join(', '),
  ]
    .filter(part => part !== '')
    .join('\n')
}
