import type { Command } from 'commander'
import { examples, withSession } from './command.ts'
import { aCount, anId } from './options.ts'
import { clean, counted, more, table, when } from './print.ts'

export function addInbox(program: Command): void {
  const inbox = program.command('inbox').description('the texts that came in')
  examples(inbox, [
    ['inbox threads --unread', 'who waits for an answer'],
    ['inbox reply 12 "Yes, we open at 9."', 'answer in thread 12'],
  ])
  inbox
    .command('threads')
    .description('conversations, the latest first')
    .option('--unread', 'only those with unread texts')
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], { unread?: boolean; limit: number; after?: string }>(async (session, _args, options) => {
        const { unread, limit, after } = options
        const page = await session.do('inbox.threads', { unread: unread ?? false, limit, ...(after && { after }) })
        const rows = page.items.map(thread => [
          thread.id,
          thread.number,
          thread.name,
          thread.unread,
          when(thread.lastAt),
          thread.suppressed ? 'opted out' : '',
          thread.lastText.slice(0, 60),
        ])
        return {
          data: page,
          text: () => table(['id', 'number', 'name', 'unread', 'last', '', 'text'], rows) + more(page.next),
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
        const lines = thread.entries.map(entry => {
          const about = entry.direction === 'in' ? intentNote(entry.intent) : `${entry.kind}, ${entry.state}`
          return `${when(entry.at)}  ${entry.direction === 'in' ? '<' : '>'} ${clean(entry.body)}${about && `  (${about})`}`
        })
        return { data: thread, text: () => [clean(thread.number), ...lines].join('\n') }
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
        const text = `${counted(counts.threads, 'conversation')}, ${counts.unread} unread; ${counted(counts.texts, 'text')}, ${counted(counts.optOuts, 'opt-out')}`
        return { data: counts, text: () => text }
      }),
    )
}

function intentNote(intent: string): string {
  return intent === 'none' ? '' : intent === 'stop_likely' ? 'perhaps an opt-out' : intent.toUpperCase()
}
