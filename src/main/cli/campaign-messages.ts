import { type Command, Option } from 'commander'
import { MESSAGE_STATES, type Message, type MessageState } from '../../shared/operations/messages.ts'
import { type Result, withSession } from './command.ts'
import { aCount, anId, several } from './options.ts'
import { atBoth, more, pairs, table, when } from './print.ts'

interface Page {
  readonly state?: string[]
  readonly limit: number
  readonly after?: string
}

export function addCampaignMessages(campaigns: Command): void {
  campaigns
    .command('messages')
    .description('the messages of a campaign, or all of them')
    .argument('[campaign]', 'its id', anId)
    .option('--state <state>', `only those that are ${MESSAGE_STATES.join(', ')} (several times)`, several)
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[number | undefined], Page>(async (session, [campaignId], { state, limit, after }) => {
        const states = (state ?? []) as MessageState[]
        const page = await session.do('messages.list', {
          states,
          limit,
          ...(campaignId && { campaignId }),
          ...(after && { after }),
        })
        const rows = page.items.map(message => [
          message.id,
          message.number,
          message.state,
          message.held ? `held until ${atBoth(message.held.until, message.held.zone)}` : message.reason,
          message.step === 0 ? message.variant : `${message.variant} step ${message.step}`.trim(),
          message.segments,
          message.phone && `${message.phone} SIM ${(message.slot ?? 0) + 1}`,
          when(message.attemptedAt),
        ])
        const head = ['message', 'number', 'state', 'reason', 'text', 'segments', 'phone', 'attempted']
        return { data: page, text: () => table(head, rows) + more(page.next) }
      }),
    )
  campaigns
    .command('message')
    .description('one message')
    .argument('<message>', 'its id')
    .action(withSession<[string]>(async (session, [id]) => shown(await session.do('messages.get', { id }))))
  campaigns
    .command('decide')
    .description('say what you know of a message without proof')
    .argument('<message>', 'its id')
    .addOption(new Option('--as <state>', 'what it is').choices(['sent', 'failed']).makeOptionMandatory())
    .action(
      withSession<[string], { as: 'sent' | 'failed' }>(async (session, [id], options) =>
        shown(await session.do('messages.decide', { id, as: options.as })),
      ),
    )
  campaigns
    .command('unknown')
    .description('what waits for a decision, since there is no proof that it left')
    .action(
      withSession<[]>(async session => {
        const data = await session.do('messages.unknown', {})
        const rows = data.groups.map(group => [group.campaignId ?? '-', group.reason, group.messages, group.meaning])
        const next =
          'Each of them: campaigns messages --state unknown. All of a kind: campaigns decide-all --reason REASON --as failed'
        const text = () =>
          rows.length === 0
            ? 'Nothing waits for a decision.'
            : `${table(['campaign', 'reason', 'messages', 'what it means'], rows)}\n${next}`
        return { data, text }
      }),
    )
  campaigns
    .command('decide-all')
    .description('say what you know of all messages without proof of one campaign and reason')
    .argument('[campaign]', 'its id; left out: replies and other messages of none', anId)
    .requiredOption('--reason <reason>', 'which of them, as "campaigns unknown" names it')
    .addOption(new Option('--as <state>', 'what they are').choices(['sent', 'failed']).makeOptionMandatory())
    .action(
      withSession<[number | undefined], { reason: string; as: 'sent' | 'failed' }>(
        async (session, [campaignId], { reason, as }) => {
          let decided = 0
          let left = 1
          while (left > 0) {
            const answer = await session.do('messages.decide-all', { campaignId: campaignId ?? null, reason, as })
            decided += answer.decided
            left = answer.decided === 0 ? 0 : answer.left
          }
          return { data: { decided }, text: () => `${decided} messages are now ${as}.` }
        },
      ),
    )
  campaigns
    .command('send-again')
    .description('make a new message like this one; of one without proof the person may then get two')
    .argument('<message>', 'its id')
    .option('--may-arrive-twice', 'go on although the first may have arrived')
    .action(
      withSession<[string], { mayArriveTwice?: boolean }>(async (session, [id], { mayArriveTwice }) =>
        shown(await session.do('messages.send-again', { id, mayArriveTwice: mayArriveTwice ?? false })),
      ),
    )
}

function shown(message: Message): Result {
  const text = () =>
    pairs([
      ['message', message.id],
      ['kind', message.kind],
      ['number', message.number],
      ['state', message.reason === '' ? message.state : `${message.state} (${message.reason})`],
      [
        'held',
        message.held && `until ${atBoth(message.held.until, message.held.zone)}, because ${message.held.because}`,
      ],
      ['the phone showed', message.evidence],
      ['step', message.step === 0 ? '' : message.step],
      ['variant', message.variant],
      ['text', message.body],
      ['segments', message.segments],
      ['phone', message.phone && `${message.phone} SIM ${(message.slot ?? 0) + 1}`],
      ['repeats', message.repeats],
      ['made', when(message.createdAt)],
      ['attempted', when(message.attemptedAt)],
      ['settled', when(message.settledAt)],
    ])
  return { data: message, text }
}
