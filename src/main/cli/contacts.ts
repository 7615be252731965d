import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { CONSENT_KINDS, type ConsentKind } from '../../shared/consent.ts'
import type { Contact, RecordedConsent } from '../../shared/operations/contacts.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import { sure } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { type AudienceOptions, aCount, aCountry, anId, audienceOf, compact, several, withAudience } from './options.ts'
import { atBoth, clean, counted, more, pairs, table, when } from './print.ts'
import type { Session } from './session.ts'

interface Details {
  readonly firstName?: string
  readonly lastName?: string
  readonly email?: string
  readonly zone?: string
  readonly postcode?: string
  readonly attribute?: string[]
  readonly tag?: string[]
  readonly list?: string[]
  readonly consent?: string
  readonly wording?: string
  readonly consentKind?: ConsentKind
  readonly proof?: string
}

export function addContacts(program: Command): void {
  const contacts = program.command('contacts').description('the people that can be texted')
  examples(contacts, [
    ['contacts list --tag customers --search ann', 'customers whose name, address or number begins with ann'],
    [
      'contacts add "+1 202 555 0123" --first-name Ann --list "Spring" --consent "signed up at the market"',
      'one person',
    ],
    ['contacts consent 17', 'how somebody agreed to be texted, and the proof of it'],
    ['contacts export spring.csv --list "Spring"', 'a list as a file'],
  ])

  withAudience(contacts.command('list').description('search contacts'))
    .option('--import <id>', 'those that this import took in', anId)
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], AudienceOptions & { import?: number; limit: number; after?: string }>(
        async (session, _args, options) => {
          const { limit, after, import: importId } = options
          const page = await session.do('contacts.search', {
            ...audienceOf(options),
            limit,
            ...(after && { after }),
            ...(importId && { importId }),
          })
          return { data: page, text: () => contactsTable(page.items) + more(page.next) }
        },
      ),
    )
  withAudience(contacts.command('count').description('how many contacts there are')).action(
    withSession<[], AudienceOptions>(async (session, _args, options) => {
      const data = await session.do('contacts.count', audienceOf(options))
      return { data, text: () => counted(data.contacts, 'contact') }
    }),
  )
  contacts
    .command('show <contact>')
    .description('one contact, given by id or number')
    .action(withSession<[string]>(async (session, [contact]) => shown(await found(session, contact))))
  contacts
    .command('hours <contact>')
    .description('where a contact may be, whether a text may go now, and what is held for them until when')
    .action(
      withSession<[string]>(async (session, [contact]) => {
        const data = await session.do('contacts.hours', { id: (await found(session, contact)).id })
        return { data, text: () => hoursText(data) }
      }),
    )
  withDetails(contacts.command('add <number>').description('add a contact; the number may be written in any way'))
    .option('--country <cc>', 'the country of a number without a country code', aCountry)
    .action(
      withSession<[string], Details & { country?: string }>(async (session, [number], options) => {
        const { country } = options
        return shown(await session.do('contacts.create', { number, ...(country && { country }), ...given(options) }))
      }),
    )
  withDetails(
    contacts
      .command('update <contact>')
      .description('change a contact; tags, lists and attributes replace the present ones'),
  ).action(
    withSession<[string], Details>(async (session, [contact], options) => {
      const changes = given(options)
      if (Object.keys(changes).length === 0)
        throw new UsageError('Say what to change; see: campaign-connector contacts update --help')
      const { id } = await found(session, contact)
      return shown(await session.do('contacts.update', { id, ...changes }))
    }),
  )
  contacts
    .command('delete <contact>')
    .description('remove a contact')
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[string], { yes?: boolean }>(async (session, [name], { yes }) => {
        const { id, number } = await found(session, name)
        await sure(`Delete contact ${id} (${number})?`, yes)
        return { data: await session.do('contacts.delete', { id }), text: () => `Deleted contact ${id}.` }
      }),
    )
  contacts
    .command('consent <contact>')
    .description(
      'the consent of a contact: what is on record, and what was before; "contacts update --consent" changes it',
    )
    .action(
      withSession<[string]>(async (session, [contact]) => {
        const { id } = await found(session, contact)
        const data = await session.do('contacts.consents', { id })
        const rows = data.consents.map(one => [
          one.kind,
          one.source,
          one.wording,
          when(one.at),
          proofLine(one),
          `${one.recordedBy} ${when(one.recordedAt)}`,
          one.ended ? `${one.ended.by} ${when(one.ended.at)}` : '',
        ])
        const head = ['kind', 'source', 'wording', 'given', 'proof', 'recorded', 'ended']
        return { data, text: () => (rows.length === 0 ? 'No consent is on record.' : table(head, rows)) }
      }),
    )
  withAudience(
    contacts.command('export <file>').description('write contacts to a CSV file that must not exist yet'),
  ).action(
    withSession<[string], AudienceOptions>(async (session, [file], options) => {
      const data = await session.do('contacts.export', { audience: audienceOf(options), path: resolve(file) })
      return { data, text: () => `Wrote ${counted(data.rows, 'contact')} to ${data.path}.` }
    }),
  )
  contacts
    .command('fields')
    .description('the names that a template may use, and how many contacts have a value')
    .action(
      withSession(async session => {
        const data = await session.do('contacts.fields', {})
        const rows = data.fields.map(field => [`{{ ${field.name} }}`, field.contacts])
        return { data, text: () => table(['field', 'contacts'], rows) }
      }),
    )
}

function withDetails(command: Command): Command {
  return command
    .option('--first-name <name>', 'first name')
    .option('--last-name <name>', 'last name')
    .option('--email <address>', 'e-mail address')
    .option('--zone <zone>', 'time zone such as America/Chicago; "none" to take it from postcode and number')
    .option('--postcode <code>', 'ZIP code or postcode, which tells the time zone; "none" for none')
    .option('--attribute <key=value>', 'a field of your own (several times)', several)
    .option('--tag <name>', 'a tag (several times)', several)
    .option('--list <name>', 'a list (several times)', several)
    .option('--consent <source>', 'where the consent to be texted comes from; "none" to take it back')
    .option('--wording <text>', 'what was agreed to')
    .addOption(new Option('--consent-kind <kind>', 'what they agreed to be texted about').choices(CONSENT_KINDS))
    .option('--proof <text>', 'where the consent can be looked up')
}

/** What was said of a contact, under the names of the operation. */
function given(options: Details) {
  const { firstName, lastName, email, zone, postcode, tag, list } = options
  const { consent, wording, consentKind, proof, attribute } = options
  if (consent === undefined && [wording, consentKind, proof].some(one => one !== undefined)) {
    throw new UsageError('--wording, --consent-kind and --proof go with --consent.')
  }
  return {
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    ...(email !== undefined && { email }),
    ...(zone !== undefined && { zone: zone === 'none' ? null : zone }),
    ...(postcode !== undefined && { postcode: postcode === 'none' ? null : postcode }),
    ...(attribute && { attributes: attributesOf(attribute) }),
    ...(tag && { tags: tag }),
    ...(list && { lists: list }),
    ...(consent !== undefined && {
      consent:
        consent === 'none'
          ? null
          : { source: consent, wording: wording ?? '', ...(consentKind && { kind: consentKind }), proof: proof ?? '' },
    }),
  }
}

function attributesOf(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map(entry => {
      const at = entry.indexOf('=')
      if (at < 1) throw new UsageError(`--attribute is key=value, such as --attribute city=Oslo, and not "${entry}".`)
      return [entry.slice(0, at), entry.slice(at + 1)]
    }),
  )
}

/** By id where it is a short plain number, by telephone number otherwise. */
function found(session: Session, contact: string): Promise<Contact> {
  const isId = /^[1-9]\d{0,8}$/.test(contact)
  return session.do('contacts.get', isId ? { id: Number(contact) } : { number: compact(contact) })
}

/** What each source of a zone is called. */
const SOURCES: Readonly<Record<Contact['zoneSource'], string>> = {
  hand: 'set by hand',
  column: 'from the list',
  postcode: 'by the postcode',
  number: 'by the number',
  postcode_and_number: 'postcode and number disagree, so what both allow counts',
  unknown: 'nobody knows where they are; set it with --zone',
}

function zoneText({ zones, zoneSource }: Pick<Contact, 'zones' | 'zoneSource'>): string {
  const shown = zones.length > 4 ? [...zones.slice(0, 3), `${zones.length - 3} more`] : zones
  return [shown.join(', '), `(${SOURCES[zoneSource]})`].filter(Boolean).join(' ')
}

function hoursText({ places, source, open, until, zone, because, held }: OutputOf<'contacts.hours'>): string {
  const regions = [...new Set(places.flatMap(place => place.region ?? []))]
  const state = open
    ? `texts may go until ${until === null ? 'any time' : atBoth(until, zone)}`
    : until === null
      ? `no text may go: ${because}`
      : `no text before ${atBoth(until, zone)}, because ${because}`
  return [
    zoneText({ zones: [...new Set(places.map(place => place.zone))], zoneSource: source }),
    ...(regions.length > 0 ? [`state: ${regions.join(', ')}`] : []),
    state,
    ...held.map(
      ({ messageId, campaign, held: one }) =>
        `held: ${messageId}${campaign === null ? '' : ` of "${clean(campaign)}"`} until ${atBoth(one.until, one.zone)}, because ${one.because}`,
    ),
  ].join('\n')
}

function contactsTable(contacts: readonly Contact[]): string {
  return table(
    ['id', 'number', 'first name', 'last name', 'tags', 'lists', 'consent', 'suppressed'],
    contacts.map(contact => [
      contact.id,
      contact.number,
      contact.firstName,
      contact.lastName,
      contact.tags.join(', '),
      contact.lists.join(', '),
      contact.consent?.source,
      contact.suppressed,
    ]),
  )
}

function shown(contact: Contact): Result {
  const { consent } = contact
  const entries: [string, string | number | null | undefined][] = [
    ['id', contact.id],
    ['number', contact.number],
    ['country', contact.country],
    ['name', `${contact.firstName} ${contact.lastName}`.trim()],
    ['e-mail', contact.email],
    ['zone', zoneText(contact)],
    ['postcode', contact.postcode],
    ['tags', contact.tags.join(', ')],
    ['lists', contact.lists.join(', ')],
    ['consent', consent && consentLine(consent)],
    ['suppressed', contact.suppressed],
    ['added', when(contact.createdAt)],
    ...Object.entries(contact.attributes),
  ]
  return { data: contact, text: () => pairs(entries) }
}

function consentLine(consent: RecordedConsent): string {
  const kind = consent.kind === 'unspecified' ? '' : consent.kind
  const parts = [kind, consent.source, consent.wording, when(consent.at), proofLine(consent)]
  return parts.filter(part => part !== '').join('; ')
}

/** What the consent can be proved by. */
function proofLine({ proof, import: list, text }: RecordedConsent): string {
  const parts = [
    text === null ? proof : `text "${proof}"${text.id === null ? '' : ` (${text.id})`}`,
    list && `list ${list.fileName}${list.id === null ? '' : ` (import ${list.id})`}`,
  ]
  return parts.filter(part => part !== null && part !== '').join('; ')
}
