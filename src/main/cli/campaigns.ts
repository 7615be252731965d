import type { Command } from 'commander'
import { stepText } from '../../shared/campaign-steps.ts'
import type { Campaign } from '../../shared/operations/campaigns.ts'
import { CAMPAIGN_STATES } from '../../shared/operations/campaigns.ts'
import { sure } from './ask.ts'
import { addCampaignMessages } from './campaign-messages.ts'
import { describeAudience, type PlanOptions, planOf, settingsHours, withPlan } from './campaign-options.ts'
import { addCampaignProgress } from './campaign-progress.ts'
import { addCampaignResults } from './campaign-results.ts'
import { addCampaignReview } from './campaign-review.ts'
import { examples, type Result, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { aCount, anId, aTime, compact, several } from './options.ts'
import { clock, counted, more, pairs, table, when } from './print.ts'
import type { Session } from './session.ts'
import { howToUndo } from './undo.ts'

const ID = ['<campaign>', 'its id', anId] as const

export function addCampaigns(program: Command): void {
  const campaigns = program.command('campaigns').description('texts to many people')
  examples(campaigns, [
    [
      'campaigns create --name Spring --list Customers --template \'Hi {{ first_name | default: "there" }}, ...\'',
      'a draft',
    ],
    ['campaigns preview 1', 'how it reads for some of the people'],
    ['campaigns review 1', 'how many texts, who is left out and why, how long it takes'],
    ['campaigns test 1 --to +12025550123', 'one text to yourself'],
    ['campaigns start 1', 'begin'],
    ['campaigns progress 1 --follow', 'watch it'],
    [
      'campaigns create --name Spring --variant "A=50:Hi, ..." --variant "B=50:Hello, ..." --step "no-reply 3d: ..."',
      'two texts to compare, and a follow-up for the silent',
    ],
    ['campaigns results 1', 'what came of each text, side by side'],
  ])
  addPlanning(campaigns)
  addCampaignReview(campaigns)
  addRunning(campaigns)
  addCampaignProgress(campaigns)
  addCampaignResults(campaigns)
  addCampaignMessages(campaigns)
}

function addPlanning(campaigns: Command): void {
  withPlan(campaigns.command('create').description('make a draft; nothing is sent before "campaigns start"')).action(
    withSession<[], PlanOptions>(async (session, _args, options) => {
      const { name } = options
      const plan = await planOf(options, () => settingsHours(session))
      if (name === undefined || (plan.template === undefined && plan.variants === undefined))
        throw new UsageError('A campaign needs --name and --template (or --template-file, or variants).')
      return shown(await session.do('campaigns.create', { ...plan, name }))
    }),
  )
  withPlan(
    campaigns
      .command('update')
      .argument(...ID)
      .description('change a campaign that has not begun; hours, SIMs and expiry at any time'),
  ).action(
    withSession<[number], PlanOptions>(async (session, [id], options) => {
      const present = await session.do('campaigns.get', { id })
      const changes = await planOf(options, async () => present.hours)
      if (Object.keys(changes).length === 0)
        throw new UsageError('Say what to change; see: campaign-connector campaigns update --help')
      return shown(await session.do('campaigns.update', { id, ...changes }))
    }),
  )
  campaigns
    .command('list')
    .description('show campaigns, the latest first')
    .option('--state <state>', `only those that are ${CAMPAIGN_STATES.join(', ')} (several times)`, several)
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], { state?: string[]; limit: number; after?: string }>(
        async (session, _args, { state, limit, after }) => {
          const states = (state ?? []) as Campaign['state'][]
          const page = await session.do('campaigns.list', { states, limit, ...(after && { after }) })
          const rows = page.items.map(item => [
            item.id,
            item.name,
            item.state,
            describeAudience(item.audience),
            when(item.startedAt ?? item.scheduledAt),
          ])
          return { data: page, text: () => table(['id', 'name', 'state', 'to', 'start'], rows) + more(page.next) }
        },
      ),
    )
  campaigns
    .command('show')
    .description('one campaign')
    .argument(...ID)
    .action(withSession<[number]>(async (session, [id]) => shown(await session.do('campaigns.get', { id }))))
  campaigns
    .command('duplicate')
    .description('make a new draft like this one')
    .argument(...ID)
    .option('--name <name>', 'what the new one is called')
    .action(
      withSession<[number], { name?: string }>(async (session, [id], { name }) =>
        shown(await session.do('campaigns.duplicate', { id, ...(name !== undefined && { name }) })),
      ),
    )
  campaigns
    .command('delete')
    .description('remove a draft; what was sent stays on record')
    .argument(...ID)
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[number], { yes?: boolean }>(async (session, [id], { yes }) => {
        await sure(`Delete draft ${id}?`, yes)
        const data = await session.do('campaigns.delete', { id })
        return { data, text: () => `Deleted draft ${id}.${howToUndo(data.undo)}` }
      }),
    )
}

interface TestOptions {
  readonly to: string
  readonly contact?: number
  readonly step?: number
  readonly variant?: string
}

function addRunning(campaigns: Command): void {
  campaigns
    .command('test')
    .description('send one text of it to yourself')
    .argument(...ID)
    .requiredOption('--to <number>', 'your own number, with + and country code')
    .option('--contact <id>', 'rendered for this contact', anId)
    .option('--step <n>', 'this follow-up instead of the first text', aCount(1, 8))
    .option('--variant <label>', 'this variant of the first text')
    .action(
      withSession<[number], TestOptions>(async (session, [id], { to, contact, step, variant }) => {
        const data = await session.do('campaigns.test', {
          id,
          number: compact(to),
          ...(contact && { contactId: contact }),
          ...(step && { step }),
          ...(variant !== undefined && { variant }),
        })
        return {
          data,
          text: () =>
            `Queued as ${data.messageId} (${counted(data.segments, 'segment')}):\n${data.text}${idle(session)}`,
        }
      }),
    )
  campaigns
    .command('start')
    .description('begin now, or at a time')
    .argument(...ID)
    .option('--at <time>', 'when: "2025-07-01 09:00" or +2h', aTime)
    .option('--allow-unproven', 'also through phones that cannot prove what they sent')
    .action(
      withSession<[number], { at?: number; allowUnproven?: boolean }>(async (session, [id], { at, allowUnproven }) => {
        const campaign = await session.do('campaigns.start', {
          id,
          allowUnproven: allowUnproven ?? false,
          ...(at && { at }),
        })
        const sentence = campaign.state === 'scheduled' ? `It begins ${when(campaign.scheduledAt)}.` : 'It has begun.'
        return {
          data: campaign,
          text: () => `${sentence} Watch it: campaign-connector campaigns progress ${id} --follow${idle(session)}`,
        }
      }),
    )
  const steps = [
    ['unschedule', 'make a scheduled campaign a draft again', 'It is a draft again.'],
    ['pause', 'stop sending; what the phones hold is taken back', 'Paused.'],
    ['resume', 'go on sending', 'It goes on.'],
    ['cancel', 'end it; what was not sent is never sent', 'Cancelled.'],
  ] as const
  for (const [verb, what, sentence] of steps) {
    campaigns
      .command(verb)
      .description(what)
      .argument(...ID)
      .action(
        withSession<[number]>(async (session, [id]) => {
          const campaign = await session.do(`campaigns.${verb}`, { id })
          return { data: campaign, text: () => (verb === 'resume' ? sentence + idle(session) : sentence) }
        }),
      )
  }
}

/** Said after what makes messages while nobody sends them. */
function idle(session: Session): string {
  return session.hub ? '' : '\nNo hub is running, so nothing is sent yet. Start it: campaign-connector serve'
}

function shown(campaign: Campaign): Result {
  const { hours } = campaign
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].filter((_, day) => hours.days.includes(day + 1))
  const text = () =>
    pairs([
      ['id', campaign.id],
      ['name', campaign.name],
      ['state', campaign.state],
      ...(campaign.variants.length === 0
        ? [['text', campaign.template] as const]
        : campaign.variants.map(one => [`${one.label} (${one.share}%)`, one.template] as const)),
      ...campaign.steps.map((step, at) => [`step ${at + 1}`, `${stepText(step)}: ${step.template}`] as const),
      ...(campaign.variants.length > 0
        ? [['goal', campaign.goal === 'replies' ? 'many replies' : 'few opt-outs'] as const]
        : []),
      ...(campaign.steps.some(step => step.condition !== 'no_reply')
        ? [['waits', `${counted(campaign.waitDays, 'day')} for replies and tags`] as const]
        : []),
      ['to', describeAudience(campaign.audience)],
      ['hours', `${clock(hours.from)}-${clock(hours.to)} ${days.length === 7 ? 'every day' : days.join(', ')}`],
      ['SIMs', campaign.sims === null ? 'all' : campaign.sims.join(', ')],
      ['consent', campaign.requireConsent ? `${campaign.consentKind ?? 'any kind'} required` : 'not required'],
      ['begins', when(campaign.scheduledAt)],
      ['expires', when(campaign.expiresAt)],
      ['began', when(campaign.startedAt)],
      ['ended', when(campaign.finishedAt)],
    ])
  return { data: campaign, text }
}
