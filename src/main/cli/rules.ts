import { type Command, Option } from 'commander'
import { CONSENT_TO, REQUIRABLE_KINDS, type RequirableKind } from '../../shared/consent.ts'
import { type KeywordRule, RULE_FITS, type RuleFits } from '../../shared/operations/rules.ts'
import { sure } from './ask.ts'
import { examples, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { aCount, anId, compact, several } from './options.ts'
import { counted, more, pairs, table, when } from './print.ts'

const RULE = ['<rule>', 'its id', anId] as const

interface Fields {
  readonly name?: string
  readonly phrase?: string[]
  readonly fits?: RuleFits
  readonly answer?: string
  readonly tag?: string
  readonly list?: string
  readonly consent?: RequirableKind | 'none'
  readonly wording?: string
  readonly notify?: boolean
  readonly wait?: number
  readonly enable?: boolean
  readonly disable?: boolean
}

export function addRules(program: Command): void {
  const rules = program
    .command('rules')
    .description('keywords that answer, tag, add to a list, record consent or notify')
  examples(rules, [
    ['rules create --name Hours --phrase hours --phrase "when open" --fits within --answer "We open at 9."', 'answers'],
    ['rules create --name Join --phrase join --list Spring --answer "Welcome! Reply STOP to opt out."', 'text to join'],
    [
      'rules create --name Offers --phrase join --consent marketing --wording "Text JOIN for our weekly offers."',
      'records what they agree to',
    ],
    ['rules try "When do you OPEN?" --number +12025550123', 'what would happen, and whether it would be held back'],
    ['rules actions --held', 'answers that were held back, and why'],
  ])
  rules
    .command('list')
    .description('every rule, in the order in which they are tried')
    .action(
      withSession(async session => {
        const data = await session.do('rules.list', {})
        return {
          data,
          text: () => (data.rules.length === 0 ? 'There is no rule.' : data.rules.map(ruleText).join('\n\n')),
        }
      }),
    )
  withFields(rules.command('create').description('add a rule, which is tried after all others')).action(
    withSession<[], Fields>(async (session, _args, options) => {
      const { name, phrases, ...fields } = fieldsOf(options)
      if (name === undefined || phrases === undefined) throw new UsageError('Give --name and at least one --phrase.')
      const data = await session.do('rules.create', { name, phrases, ...fields })
      return { data, text: () => ruleText(data) }
    }),
  )
  withFields(
    rules
      .command('update')
      .description('change a rule; what is left out stays')
      .argument(...RULE),
  ).action(
    withSession<[number], Fields>(async (session, [id], options) => {
      const data = await session.do('rules.update', { id, ...fieldsOf(options) })
      return { data, text: () => ruleText(data) }
    }),
  )
  rules
    .command('delete')
    .description('delete a rule')
    .argument(...RULE)
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[number], { yes?: boolean }>(async (session, [id], { yes }) => {
        await sure(`Delete rule ${id}?`, yes)
        return { data: await session.do('rules.delete', { id }), text: () => `Deleted rule ${id}.` }
      }),
    )
  rules
    .command('order')
    .description('say in which order they are tried: the ids of all rules')
    .argument('<rules...>', 'their ids', (text: string, before: number[] = []) => [...before, anId(text)])
    .action(
      withSession<[number[]]>(async (session, [ids]) => {
        const data = await session.do('rules.order', { ids })
        return { data, text: () => data.rules.map(rule => `${rule.id}  ${rule.name}`).join('\n') }
      }),
    )
  rules
    .command('try')
    .description('say what a text would do, and why; nothing happens')
    .argument('<text>', 'what somebody might write')
    .option('--number <number>', 'from this number: says also whether the answer would be held back')
    .action(
      withSession<[string], { number?: string }>(async (session, [text], { number }) => {
        const from = number === undefined ? {} : { number: compact(number) }
        const data = await session.do('rules.try', { text, ...from })
        return {
          data,
          text: () =>
            pairs([
              ['rule', data.rule?.name ?? 'none'],
              ['why', data.why],
              ...(data.answer === '' ? [] : [['answer', data.answer] as const]),
            ]),
        }
      }),
    )
  rules
    .command('actions')
    .description('what texts have caused by themselves, newest first')
    .option('--held', 'only answers that were held back')
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], { held?: boolean; limit: number; after?: string }>(async (session, _args, options) => {
        const { held, limit, after } = options
        const data = await session.do('rules.actions', { held: held ?? false, limit, ...(after && { after }) })
        const rows = data.items.map(action => [
          ...[when(action.at), action.number, action.rule || action.cause.toUpperCase(), action.answer, action.why],
          ...[action.tag, action.list, action.consent ?? '', action.body.slice(0, 60)],
        ])
        const head = ['at', 'number', 'cause', 'answer', 'why', 'tag', 'list', 'consent', 'text']
        return { data, text: () => table(head, rows) + more(data.next) }
      }),
    )
}

function withFields(command: Command): Command {
  return command
    .option('--name <name>', 'what it is called')
    .option('--phrase <words>', 'a keyword or phrase (several: any of them)', several)
    .addOption(
      new Option(
        '--fits <where>',
        'the whole text is it, the text begins with it, or it stands anywhere within',
      ).choices(RULE_FITS),
    )
    .option('--answer <text>', 'what to answer, a template; "" answers nothing')
    .option('--tag <name>', 'tag the contact; "" tags nobody')
    .option('--list <name>', 'add the contact to this list; "" adds nobody')
    .addOption(
      new Option('--consent <kind>', 'record that they agreed to this; the whole text has to be the keyword').choices([
        ...REQUIRABLE_KINDS,
        'none',
      ]),
    )
    .option('--wording <text>', 'what they agree to, word for word, as it was advertised with the keyword')
    .option('--notify', 'notify')
    .option('--no-notify', 'do not notify')
    .option('--wait <minutes>', 'do not answer the same person again for so long', aCount(0, 43_200))
    .option('--enable', 'switch it on')
    .option('--disable', 'switch it off')
}

function fieldsOf(options: Fields) {
  const { name, phrase, fits, answer, tag, list, consent, wording, notify, wait, enable, disable } = options
  if (enable && disable) throw new UsageError('Switch it on or off, not both.')
  if (wording !== undefined && consent === undefined) throw new UsageError('--wording goes with --consent.')
  return {
    ...(name !== undefined && { name }),
    ...(phrase !== undefined && { phrases: phrase }),
    ...(fits !== undefined && { fits }),
    ...(answer !== undefined && { answer }),
    ...(tag !== undefined && { tag }),
    ...(list !== undefined && { list }),
    ...(consent !== undefined && { consent: consentOf(consent, wording) }),
    ...(notify !== undefined && { notify }),
    ...(wait !== undefined && { waitMinutes: wait }),
    ...((enable || disable) && { active: enable === true }),
  }
}

function consentOf(kind: RequirableKind | 'none', wording: string | undefined): KeywordRule['consent'] {
  if (kind === 'none') return null
  if (wording === undefined) throw new UsageError('Say with --wording what they agree to.')
  return { kind, wording }
}

const FITS: Readonly<Record<RuleFits, string>> = { whole: 'the whole text is', begins: 'begins with', within: 'holds' }

function ruleText(rule: KeywordRule): string {
  return pairs([
    [`rule ${rule.id}`, `${rule.name}${rule.active ? '' : ' (switched off)'}`],
    ['when', `${FITS[rule.fits]} ${rule.phrases.map(phrase => `"${phrase}"`).join(' or ')}`],
    ...(rule.answer === '' ? [] : [['answers', rule.answer] as const]),
    ...(rule.tag === '' ? [] : [['tags', rule.tag] as const]),
    ...(rule.list === '' ? [] : [['adds to', rule.list] as const]),
    ...(rule.consent === null
      ? []
      : [
          ['records', `consent to ${CONSENT_TO[rule.consent.kind]}`] as const,
          ['they agree to', rule.consent.wording] as const,
        ]),
    ...(rule.notify ? [['notifies', 'yes'] as const] : []),
    ...(rule.waitMinutes === 0 ? [] : [['waits', counted(rule.waitMinutes, 'minute')] as const]),
  ])
}
