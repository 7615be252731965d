import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import {
  DELIVERY_STATES,
  type Delivery,
  type DeliveryState,
  WEBHOOK_TOPICS,
  type Webhook,
  type WebhookTopic,
} from '../../shared/operations/webhooks.ts'
import { sure } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { EXIT, UsageError } from './exit.ts'
import { aCount, anId } from './options.ts'
import { counted, more, pairs, table, when } from './print.ts'
import type { Session } from './session.ts'

const WEBHOOK = ['<webhook>', 'its id', anId] as const
const POLL_MS = 200
/** Longer than the hub waits for an answer. */
const TEST_MS = 20_000

interface Change {
  readonly name?: string
  readonly url?: string
  readonly event?: WebhookTopic[]
  readonly enable?: boolean
  readonly disable?: boolean
}

export function addWebhooks(program: Command): void {
  const webhooks = program.command('webhooks').description('addresses that are told of what happens, signed')
  examples(webhooks, [
    ['webhooks create --name CRM --url https://crm.example.org/hook --event inbound.text', 'shows the secret, once'],
    ['webhooks test 1', 'sends a delivery and shows what came of it'],
    ['webhooks deliveries 1 --state given_up', 'what was given up after two days'],
    ['webhooks replay 1 --all given_up', 'sends it again'],
  ])
  webhooks
    .command('list')
    .description('every webhook, and how it does')
    .action(
      withSession(async session => {
        const data = await session.do('webhooks.list', {})
        return { data, text: () => listText(data.webhooks) }
      }),
    )
  webhooks
    .command('create')
    .description('tell an address of what happens from now on')
    .requiredOption('--name <name>', 'what it is called')
    .requiredOption('--url <url>', 'https://..., or http:// for a program on this computer')
    .addOption(eventOption().makeOptionMandatory())
    .option('--disable', 'make it, switched off')
    .action(
      withSession<[], { name: string; url: string; event: WebhookTopic[]; disable?: boolean }>(
        async (session, _args, { name, url, event, disable }) => {
          const data = await session.do('webhooks.create', { name, url, events: event, active: !disable })
          return {
            data,
            text: () => `Webhook ${data.webhook.id} is made. Its secret, shown only now:\n${data.secret}`,
          }
        },
      ),
    )
  webhooks
    .command('update')
    .description('change one, or switch it on or off')
    .argument(...WEBHOOK)
    .option('--name <name>', 'what it is called')
    .option('--url <url>', 'another address')
    .addOption(eventOption())
    .option('--enable', 'switch it on')
    .option('--disable', 'switch it off: nothing is stored for it meanwhile')
    .action(withSession<[number], Change>(update))
  webhooks
    .command('rotate-secret')
    .description('make a new secret; the old one counts too for a while')
    .argument(...WEBHOOK)
    .option('--grace <hours>', 'so long deliveries are signed with both', aCount(0, 168), 24)
    .action(
      withSession<[number], { grace: number }>(async (session, [id], { grace }) => {
        const data = await session.do('webhooks.rotate-secret', { id, graceHours: grace })
        const old =
          data.oldUntil === null ? 'The old one ends now.' : `The old one counts until ${when(data.oldUntil)}.`
        return { data, text: () => `The new secret, shown only now:\n${data.secret}\n${old}` }
      }),
    )
  webhooks
    .command('delete')
    .description('remove one with all that waits for it')
    .argument(...WEBHOOK)
    .option('--yes', 'do not ask')
    .action(
      withSession<[number], { yes?: boolean }>(async (session, [id], { yes }) => {
        await sure(`Delete webhook ${id}? What waits for it is not sent any more.`, yes)
        return { data: await session.do('webhooks.delete', { id }), text: () => `Webhook ${id} is deleted.` }
      }),
    )
  webhooks
    .command('test')
    .description('send a delivery and wait for what comes of it; ends with 1 when it fails')
    .argument(...WEBHOOK)
    .action(withSession<[number]>((session, [id]) => test(session, id)))
  webhooks
    .command('deliveries')
    .description('what was sent and what waits, newest first')
    .argument(...WEBHOOK)
    .addOption(new Option('--state <state>', 'of one state').choices(DELIVERY_STATES))
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[number], { state?: DeliveryState; limit: number; after?: string }>(
        async (session, [id], { state, limit, after }) => {
          const data = await session.do('webhooks.deliveries', {
            ...{ id, limit },
            ...(state && { state }),
            ...(after && { after }),
          })
          return { data, text: () => deliveriesText(data.items) + more(data.next) }
        },
      ),
    )
  webhooks
    .command('replay')
    .description('send a delivery again, or all of a state; each keeps its id')
    .argument(...WEBHOOK)
    .argument('[delivery]', 'its id (see "webhooks deliveries")')
    .addOption(new Option('--all <state>', 'all of this state').choices(['given_up', 'before_restore']))
    .action(
      withSession<[number, string | undefined], { all?: 'given_up' | 'before_restore' }>(
        (session, [id, delivery], { all }) => replay(session, id, delivery, all),
      ),
    )
}

function eventOption(): Option {
  return new Option('--event <events...>', 'what it is told of; this replaces what it was told of before').choices(
    WEBHOOK_TOPICS,
  )
}

async function update(session: Session, [id]: [number], options: Change): Promise<Result> {
  const { name, url, event, enable, disable } = options
  if (enable && disable) throw new UsageError('Switch it on or off, not both.')
  const data = await session.do('webhooks.update', {
    id,
    ...(name !== undefined && { name }),
    ...(url !== undefined && { url }),
    ...(event && { events: event }),
    ...((enable || disable) && { active: enable === true }),
  })
  return { data, text: () => webhookText(data) }
}

async function test(session: Session, id: number): Promise<Result> {
  session.needHub()
  const { id: delivery } = await session.do('webhooks.test', { id })
  const end = performance.now() + TEST_MS
  for (;;) {
    const one = (await session.do('webhooks.deliveries', { id, delivery })).items[0]
    if (!one) throw new UsageError(`Webhook ${id} was deleted meanwhile.`)
    if (one.attempts > 0 || performance.now() > end) {
      const ok = one.state === 'delivered'
      const text = ok
        ? `The target took it (${one.status}).`
        : `The target did not take it. ${one.error || 'It has not answered yet.'} It is tried again for two days.`
      return { data: one, text: () => text, exit: ok ? EXIT.ok : EXIT.failed }
    }
    await sleep(POLL_MS)
  }
}

async function replay(
  session: Session,
  id: number,
  delivery: string | undefined,
  all: 'given_up' | 'before_restore' | undefined,
): Promise<Result> {
  if ((delivery === undefined) === (all === undefined)) {
    throw new UsageError('Name one delivery, or --all given_up, or --all before_restore.')
  }
  let replayed = 0
  for (let left = true; left; ) {
    const answer = await session.do('webhooks.replay', {
      id,
      ...(delivery && { delivery }),
      ...(all && { state: all }),
    })
    replayed += answer.replayed
    left = answer.more
  }
  return { data: { replayed }, text: () => `${counted(replayed, 'delivery', 'deliveries')} will be sent again.` }
}

function listText(webhooks: readonly Webhook[]): string {
  if (webhooks.length === 0) return 'There is no webhook.'
  return webhooks.map(webhookText).join('\n\n')
}

function webhookText(webhook: Webhook): string {
  const { id, name, url, events, active, pending, givenUp, beforeRestore, failingSince, restsUntil, lastError } =
    webhook
  return pairs([
    [`webhook ${id}`, `${name}${active ? '' : ' (switched off)'}`],
    ['url', url],
    ['events', events.join(', ')],
    ['waiting', pending],
    ...(givenUp > 0 ? [['given up', givenUp] as const] : []),
    ...(beforeRestore > 0 ? [['from before the restore', beforeRestore] as const] : []),
    ...(failingSince === null ? [] : [['failing since', `${when(failingSince)}: ${lastError}`] as const]),
    ...(restsUntil === null ? [] : [['next attempt', when(restsUntil)] as const]),
  ])
}

function deliveriesText(items: readonly Delivery[]): string {
  const rows = items.map(one => [
    ...[one.id, one.event, one.subject, when(one.at), one.state, one.attempts],
    ...[one.status, one.error, when(one.nextAttemptAt)],
  ])
  return table(['delivery', 'event', 'about', 'at', 'state', 'attempts', 'status', 'error', 'next attempt'], rows)
}
