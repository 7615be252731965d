import { type Command, InvalidArgumentError } from 'commander'
import { CONSENT_TO } from '../../shared/consent.ts'
import type { ShownAction } from '../../shared/operations/rules.ts'
import { THREAD_STATES, type ThreadState } from '../../shared/operations/triage.ts'
import { examples, withSession } from './command.ts'
import { aCount, anId } from './options.ts'
import { clean, counted, more, table, when } from './print.ts'
import { addTriage, personNamed } from './triage.ts'

export function addInbox(program: Command): void {
  const inbox = program.command('inbox').description('the texts that came in')
  examples(inbox, [
    ['inbox threads --unread', 'who waits for an answer'],
    ['inbox reply 12 "Yes, we open at 9."', 'answer in thread 12'],
    ['inbox snooze 12 +1d', 'put thread 12 off until tomorrow'],
    ['inbox search \'parking "open day"\'', 'who spoke of parking and of the open day'],
  ])
  inbox
    .command('threads')
    .description('conversations, the latest first')
    .option('--unread', 'only those with unread texts')
    .option('--state <state>', 'open, snoozed or closed', aState)
    .option('--assigned <user>', 'only those that this user has')
    .option('--unassigned', 'only those that nobody has')
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], ThreadsOptions>(async (session, _args, options) => {
        const { unread, state, assigned, unassigned, limit, after } = options
        const page = await session.do('inbox.threads', {
          ...{ unread: unread ?? false, unassigned: unassigned ?? false, limit },
          ...(state && { state }),
          ...(assigned !== undefined && { assignedTo: await personNamed(session, assigned) }),
          ...(after && { after }),
        })
        const rows = page.items.map(thread => [
          thread.id,
          thread.number,
          thread.name,
          thread.unread,
          when(thread.lastAt),
          thread.snoozedUntil === null ? thread.state : `until ${when(thread.snoozedUntil)}`,
          thread.assignee,
          thread.suppressed ? 'opted out' : '',
          thread.answers?.campaign,
          thread.lastText.slice(0, 60),
        ])
        return {
          data: page,
          text: () => table(HEAD, rows) + more(page.next),
        }
      }),
    )
  inbox
    .command('show')
    .description('one conversation, newest last')
    .argument('<thread>', 'its id', anId)
    .option('--limit <n>', 'how many texts', aCount(1, 500), 100)
    .action(
      withSession<[number], { limit: number }>(async (session, [id], { limit }) => {
        const thread = await session.do('inbox.thread', { id, limit })
        const campaigns = new Map(thread.campaigns.map(campaign => [campaign.id, campaign.name]))
        const lines = [
          ...thread.entries.map(entry => {
            const campaign = entry.campaignId === null ? undefined : campaigns.get(entry.campaignId)
            const about = [
              ...(entry.direction === 'in'
                ? [intentNote(entry.intent), actionNote(entry.automatic)]
                : [entry.kind, entry.state]),
              campaign && `${entry.direction === 'in' ? 'to' : 'of'} "${campaign}"`,
            ].filter(Boolean)
            const said = `${entry.direction === 'in' ? '<' : '>'} ${clean(entry.body)}`
            return { at: entry.at, said: about.length > 0 ? `${said}  (${about.join(', ')})` : said }
          }),
          ...thread.notes.map(note => ({
            at: note.at,
            said: `# ${clean(note.body)}  (note ${note.id} by ${note.by})`,
          })),
        ].sort((one, other) => one.at - other.at)
        const head = `${clean(thread.number)}, ${thread.state}${thread.assignee === null ? '' : `, ${thread.assignee} has it`}`
        return { data: thread, text: () => [head, ...lines.map(({ at, said }) => `${when(at)}  ${said}`)].join('\n') }
      }),
    )
  inbox
    .command('reply')
    .description('answer in a conversation; it goes out at any hour within 24 hours of their text')
    .argument('<thread>', 'its id', anId)
    .argument('<text>', 'what to answer')
    .action(
      withSession<[number, string]>(async (session, [threadId, body]) => {
        const message = await session.do('inbox.reply', { threadId, body })
        return {
          data: message,
          text: () => `Message ${message.id} is ${message.state} (${counted(message.segments, 'segment')}).`,
        }
      }),
    )
  inbox
    .command('mark-read')
    .description('take the unread mark off a conversation')
    .argument('<thread>', 'its id', anId)
    .action(
      withSession<[number]>(async (session, [threadId]) => ({
        data: await session.do('inbox.mark-read', { threadId }),
        text: () => 'Marked as read.',
      })),
    )
  inbox
    .command('counts')
    .description('how many conversations and texts there are')
    .action(
      withSession(async session => {
        const counts = await session.do('inbox.counts', {})
        const text = `${counted(counts.threads, 'conversation')}, ${counts.unread} unread, ${counts.open} open, ${counts.snoozed} snoozed, ${counts.closed} closed; ${counted(counts.texts, 'text')}, ${counted(counts.optOuts, 'opt-out')}`
        return { data: counts, text: () => text }
      }),
    )
  addTriage(inbox)
}

interface ThreadsOptions {
  readonly unread?: boolean
  readonly state?: ThreadState
  readonly assigned?: string
  readonly unassigned?: boolean
  readonly limit: number
  readonly after?: string
}

const HEAD = ['id', 'number', 'name', 'unread', 'last', 'state', 'who', '', 'campaign', 'text']

function aState(text: string): ThreadState {
  const state = THREAD_STATES.find(one => one === text)
  if (state) return state
  throw new InvalidArgumentError(`Give ${THREAD_STATES.join(', ')}.`)
}

function actionNote(action: ShownAction | null): string {
  if (!action) return ''
  const by = action.rule === '' ? '' : `rule ${action.rule}`
  const consent = action.consent === null ? '' : `consent to ${CONSENT_TO[action.consent]} recorded`
  const held = action.answer === 'held' ? `not answered: ${action.why}` : ''
  return clean([by, consent, held].filter(Boolean).join(', '))
}

function intentNote(intent: string): string {
  return intent === 'none' ? '' : intent === 'stop_likely' ? 'perhaps an opt-out' : intent.toUpperCase()
}
