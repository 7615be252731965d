import { type Command, InvalidArgumentError } from 'commander'
import { Refusal } from '../../shared/errors.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import type { NotificationRules } from '../../shared/operations/triage.ts'
import { withSession } from './command.ts'
import { aCount, anId, aTime } from './options.ts'
import { clean, clock, counted, more, pairs, table, when } from './print.ts'
import type { Session } from './session.ts'

/** Commands of the inbox that work through replies. */
export function addTriage(inbox: Command): void {
  addMoves(inbox)
  addNotes(inbox)
  addSavedReplies(inbox)
  addSearch(inbox)
  addRules(inbox)
}

type Standing = OutputOf<'inbox.close'>

function standingText({ state, snoozedUntil, assignedTo }: Standing): string {
  const until = snoozedUntil === null ? '' : ` until ${when(snoozedUntil)}`
  return `The thread is ${state}${until}, and ${assignedTo === null ? 'nobody has it' : `user ${assignedTo} has it`}.`
}

function addMoves(inbox: Command): void {
  inbox
    .command('assign')
    .description('give a conversation to a user')
    .argument('<thread>', 'its id', anId)
    .argument('[user]', 'the user name; left out, nobody has it any more')
    .action(
      withSession<[number, string | undefined]>(async (session, [threadId, user]) => {
        const userId = user === undefined ? null : await personNamed(session, user)
        const standing = await session.do('inbox.assign', { threadId, userId })
        return { data: standing, text: () => standingText(standing) }
      }),
    )
  inbox
    .command('snooze')
    .description('put a conversation off; it comes back then, or as soon as they text')
    .argument('<thread>', 'its id', anId)
    .argument('<until>', 'such as +2h, +1d or "2025-07-01 09:00"', aTime)
    .action(
      withSession<[number, number]>(async (session, [threadId, until]) => {
        const standing = await session.do('inbox.snooze', { threadId, until })
        return { data: standing, text: () => standingText(standing) }
      }),
    )
  const moves = [
    ['unsnooze', 'inbox.unsnooze', 'bring a conversation back that was put off'],
    ['close', 'inbox.close', 'close a conversation until they text again'],
    ['reopen', 'inbox.reopen', 'open a conversation again'],
  ] as const
  for (const [name, operation, description] of moves) {
    inbox
      .command(name)
      .description(description)
      .argument('<thread>', 'its id', anId)
      .action(
        withSession<[number]>(async (session, [threadId]) => {
          const standing = await session.do(operation, { threadId })
          return { data: standing, text: () => standingText(standing) }
        }),
      )
  }
  inbox
    .command('people')
    .description('who can have a conversation and be called in a note')
    .action(
      withSession(async session => {
        const { people } = await session.do('inbox.people', {})
        const rows = people.map(person => [person.id, person.username, person.name])
        return { data: people, text: () => table(['id', 'user name', 'name'], rows) }
      }),
    )
}

/** The id of a user. @throws Refusal where nobody who can sign in is called so */
export async function personNamed(session: Session, username: string): Promise<number> {
  const { people } = await session.do('inbox.people', {})
  const person = people.find(one => one.username.toLowerCase() === username.toLowerCase())
  if (!person) throw new Refusal('not_found', `There is no user "${username}" who can sign in.`)
  return person.id
}

function addNotes(inbox: Command): void {
  inbox
    .command('note')
    .description('write a note that is never sent; @name calls a user')
    .argument('<thread>', 'its id', anId)
    .argument('<text>', 'what to note')
    .action(
      withSession<[number, string]>(async (session, [threadId, body]) => {
        const note = await session.do('inbox.add-note', { threadId, body })
        return { data: note, text: () => `Note ${note.id} is kept.` }
      }),
    )
  inbox
    .command('edit-note')
    .description('change a note of your own')
    .argument('<note>', 'its id', anId)
    .argument('<text>', 'what it says from now on')
    .action(
      withSession<[number, string]>(async (session, [id, body]) => {
        const note = await session.do('inbox.edit-note', { id, body })
        return { data: note, text: () => `Note ${note.id} is changed.` }
      }),
    )
  inbox
    .command('delete-note')
    .description('delete a note')
    .argument('<note>', 'its id', anId)
    .action(
      withSession<[number]>(async (session, [id]) => ({
        data: await session.do('inbox.delete-note', { id }),
        text: () => `Note ${id} is deleted.`,
      })),
    )
}

function addSavedReplies(inbox: Command): void {
  const saved = inbox.command('saved').description('saved replies')
  saved
    .command('list')
    .description('all of them, by name')
    .action(
      withSession(async session => {
        const { templates } = await session.do('inbox.templates', {})
        const rows = templates.map(({ id, name, body }) => [id, name, body])
        return { data: templates, text: () => table(['id', 'name', 'text'], rows) }
      }),
    )
  saved
    .command('add')
    .description('save a reply; {{ first_name | default: "there" }} stands for a field of the person')
    .argument('<name>', 'what to call it')
    .argument('<text>', 'what it says')
    .option('--id <id>', 'instead of a saved reply that is there', anId)
    .action(
      withSession<[string, string], { id?: number }>(async (session, [name, body], { id }) => {
        const kept = await session.do('inbox.save-template', { name, body, ...(id !== undefined && { id }) })
        return { data: kept, text: () => `Saved reply ${kept.id} is kept.` }
      }),
    )
  saved
    .command('show')
    .description('a saved reply as the person of a conversation would get it')
    .argument('<id>', 'of the saved reply', anId)
    .argument('<thread>', 'the id of the conversation', anId)
    .action(
      withSession<[number, number]>(async (session, [id, threadId]) => {
        const filled = await session.do('inbox.fill-template', { id, threadId })
        const size = `${counted(filled.segments, 'segment')}, ${filled.encoding}`
        return { data: filled, text: () => clean(filled.problem ?? `${filled.text}  (${size})`) }
      }),
    )
  saved
    .command('delete')
    .description('delete a saved reply')
    .argument('<id>', 'of the saved reply', anId)
    .action(
      withSession<[number]>(async (session, [id]) => ({
        data: await session.do('inbox.delete-template', { id }),
        text: () => `Saved reply ${id} is deleted.`,
      })),
    )
}

interface SearchOptions {
  readonly kind?: 'in' | 'out' | 'note'
  readonly campaign?: number
  readonly phone?: number
  readonly from?: number
  readonly to?: number
  readonly limit: number
  readonly after?: string
}

function addSearch(inbox: Command): void {
  inbox
    .command('search')
    .description('everything that was said: texts in, texts out and notes, newest first')
    .argument('<words>', 'words or their beginnings; "in quotes" for words side by side')
    .option('--kind <kind>', 'in, out or note', aKind)
    .option('--campaign <id>', 'that belong to this campaign', anId)
    .option('--phone <id>', 'that this phone took in or sent', anId)
    .option('--from <time>', 'from this time on', aTime)
    .option('--to <time>', 'before this time', aTime)
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[string], SearchOptions>(async (session, [query], options) => {
        const { kind, campaign, phone, from, to, limit, after } = options
        const found = await session.do('inbox.search', {
          ...{ query, limit },
          ...(kind && { kind }),
          ...(campaign !== undefined && { campaignId: campaign }),
          ...(phone !== undefined && { phoneId: phone }),
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
          ...(after !== undefined && { after }),
        })
        const rows = found.items.map(item => [
          when(item.at),
          { in: '<', out: '>', note: 'note' }[item.kind],
          item.threadId,
          item.name || item.number,
          item.campaign?.name,
          item.snippet.map(({ text }) => text).join(''),
        ])
        const incomplete = found.complete ? '' : '\nOlder texts are still being taken into the search.'
        return {
          data: found,
          text: () => table(['when', '', 'thread', 'who', 'campaign', 'text'], rows) + more(found.next) + incomplete,
        }
      }),
    )
}

function aKind(text: string): 'in' | 'out' | 'note' {
  if (text === 'in' || text === 'out' || text === 'note') return text
  throw new InvalidArgumentError('Give in, out or note.')
}

interface RuleOptions {
  readonly anyReply?: boolean
  readonly assigned?: boolean
  readonly mentions?: boolean
  readonly likelyOptOuts?: boolean
  readonly quiet?: NotificationRules['quiet']
}

function addRules(inbox: Command): void {
  const rules = inbox.command('rules').description('of what a user wants to be told')
  rules
    .command('show')
    .description('the rules of a user')
    .argument('<user>', 'the user name')
    .action(
      withSession<[string]>(async (session, [username]) => {
        const found = await session.do('account.notification-rules', { username })
        return { data: found, text: () => rulesText(found) }
      }),
    )
  rules
    .command('set')
    .description('change them; what is left out stays as it is')
    .argument('<user>', 'the user name')
    .option('--any-reply <yes|no>', 'every reply', yesOrNo)
    .option('--assigned <yes|no>', 'replies in conversations that the user has', yesOrNo)
    .option('--mentions <yes|no>', 'notes that call the user', yesOrNo)
    .option('--likely-opt-outs <yes|no>', 'texts that likely ask to stop', yesOrNo)
    .option('--quiet <hours|off>', 'told nothing in these hours, such as 22:00-7:00', quietHours)
    .action(
      withSession<[string], RuleOptions>(async (session, [username], options) => {
        const { anyReply, assigned, mentions, likelyOptOuts, quiet } = options
        const changed = await session.do('account.set-notification-rules', {
          username,
          ...(anyReply !== undefined && { anyReply }),
          ...(assigned !== undefined && { assignedReplies: assigned }),
          ...(mentions !== undefined && { mentions }),
          ...(likelyOptOuts !== undefined && { likelyOptOuts }),
          ...(quiet !== undefined && { quiet }),
        })
        return { data: changed, text: () => rulesText(changed) }
      }),
    )
}

function rulesText({ anyReply, assignedReplies, mentions, likelyOptOuts, quiet }: NotificationRules): string {
  return pairs([
    ['every reply', anyReply],
    ['replies in their conversations', assignedReplies],
    ['notes that call them', mentions],
    ['likely opt-outs', likelyOptOuts],
    ['quiet hours', quiet === null ? 'none' : `${clock(quiet.from)}-${clock(quiet.to)}`],
  ])
}

function yesOrNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes'
  throw new InvalidArgumentError('Give yes or no.')
}

/** Hours that may go over midnight. */
function quietHours(text: string): NotificationRules['quiet'] {
  if (text === 'off') return null
  const match = /^(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?$/.exec(text)
  const from = match ? Number(match[1]) * 60 + Number(match[2] ?? 0) : -1
  const to = match ? Number(match[3]) * 60 + Number(match[4] ?? 0) : -1
  if (from < 0 || from > 1439 || to < 0 || to > 1439 || from === to)
    throw new InvalidArgumentError('Give hours such as 22:00-7:00, or off.')
  return { from, to }
}
