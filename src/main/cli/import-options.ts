import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { CONSENT_KINDS, type ConsentKind } from '../../shared/consent.ts'
import {
  type ImportMapping,
  type ImportSettings,
  importMappingSchema,
  type Sniffed,
} from '../../shared/imports/settings.ts'
import { inspectFile } from '../services/imports/inspect.ts'
import { UsageError } from './exit.ts'
import { aCountry, aTime, several } from './options.ts'

/** How a file is to be read. */
export interface ReadOptions {
  readonly country?: string
  readonly allowLandlines?: boolean
  readonly stripFormulas?: boolean
  readonly mapping?: string
  readonly map?: string[]
  readonly encoding?: Sniffed['encoding']
  readonly delimiter?: string
  readonly header?: boolean
}

/** What becomes of its rows. */
export interface TakeOptions {
  readonly onDuplicate?: 'skip' | 'update'
  readonly list?: string
  readonly tag?: string[]
  readonly consent?: string
  readonly wording?: string
  readonly consentAt?: number
  readonly consentKind?: ConsentKind
  readonly proof?: string
}

const DELIMITERS: Record<string, Sniffed['delimiter']> = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' }

export function withReading(command: Command): Command {
  return command
    .option('--country <cc>', 'the country of numbers without a country code, such as US', aCountry)
    .option('--allow-landlines', 'also take numbers that are landlines')
    .option('--strip-formulas', 'take the sign away that makes a spreadsheet run a cell')
    .option('--map <what=column>', MAP_HELP, several)
    .option('--mapping <file>', 'the whole mapping from a JSON file, as "import check --json" prints it')
    .addOption(
      new Option('--encoding <name>', 'instead of the one that was found').choices([
        'utf-8',
        'utf-8-bom',
        'utf-16le',
        'utf-16be',
        'windows-1252',
      ]),
    )
    .addOption(new Option('--delimiter <name>', 'instead of the one that was found').choices(Object.keys(DELIMITERS)))
    .option('--header', 'the first row names the columns')
    .option('--no-header', 'the first row is a contact')
}

const MAP_HELP =
  'which column holds what, such as phone=Mobile, first_name=Name or city=Town; postcode=ZIP tells the time zone; consent_kind=Agreed what they agreed to (marketing, information); several phones by priority; "zone=" for none'

export function withTaking(command: Command): Command {
  return command
    .addOption(
      new Option('--on-duplicate <how>', 'contacts that exist already').choices(['skip', 'update']).default('skip'),
    )
    .option('--list <name>', 'put them on this list')
    .option('--tag <name>', 'give them this tag (several times)', several)
    .option('--consent <source>', 'how these people agreed to be texted')
    .option('--wording <text>', 'what they agreed to')
    .option('--consent-at <time>', 'when they agreed: "2025-03-31 00:00"', aTime)
    .addOption(new Option('--consent-kind <kind>', 'what they agreed to be texted about').choices(CONSENT_KINDS))
    .option('--proof <text>', 'where their consent can be looked up')
}

/** The settings of an import from the options: what was not said is sniffed and proposed from the file. */
export async function settingsOf(path: string, options: ReadOptions & TakeOptions): Promise<ImportSettings> {
  const { consent, wording, consentAt, consentKind, proof } = options
  const about = [wording, consentAt, consentKind, proof]
  if (consent === undefined && about.some(one => one !== undefined)) {
    throw new UsageError('--wording, --consent-at, --consent-kind and --proof go with --consent.')
  }
  const settings: ImportSettings = {
    options: {
      defaultCountry: options.country ?? null,
      allowLandlines: options.allowLandlines ?? false,
      onDuplicate: options.onDuplicate ?? 'skip',
      stripFormulas: options.stripFormulas ?? false,
      tags: options.tag ?? [],
      list: options.list ?? null,
      consent:
        consent === undefined
          ? null
          : {
              kind: consentKind ?? 'unspecified',
              source: consent,
              wording: wording ?? '',
              at: consentAt ?? null,
              proof: proof ?? '',
            },
    },
  }
  const format = await formatOf(path, settings, options)
  if (format) settings.format = format
  if (options.mapping !== undefined) settings.mapping = readMapping(options.mapping)
  if (options.map) settings.mapping = await remapped(path, settings, options.map)
  return settings
}

async function formatOf(path: string, settings: ImportSettings, options: ReadOptions): Promise<Sniffed | null> {
  const { encoding, delimiter, header } = options
  if (encoding === undefined && delimiter === undefined && header === undefined) return null
  const { format } = (await inspectFile(path, settings)).settings
  return {
    ...format,
    ...(encoding && { encoding }),
    ...(delimiter && { delimiter: DELIMITERS[delimiter]! }),
    ...(header !== undefined && { header }),
  }
}

function readMapping(file: string): ImportMapping {
  try {
    const given = JSON.parse(readFileSync(file, 'utf8')) as { mapping?: unknown }
    return importMappingSchema.parse(given.mapping ?? given)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${file} holds no mapping as "import check --json" prints it: ${reason}`)
  }
}

/** The mapping of the settings, or the proposed one, with what `--map` says instead. */
async function remapped(path: string, settings: ImportSettings, entries: readonly string[]): Promise<ImportMapping> {
  const { columns, settings: read } = await inspectFile(path, settings)
  const mapping = structuredClone(read.mapping)
  const phones: string[] = []
  for (const entry of entries) {
    const at = entry.indexOf('=')
    const [what, column] = [entry.slice(0, at), entry.slice(at + 1).trim()]
    if (at < 1) throw new UsageError(`--map is what=column, such as --map phone=Mobile, and not "${entry}".`)
    if (column !== '' && !columns.includes(column)) {
      throw new UsageError(`There is no column "${column}" in this file. It has: ${columns.join(', ')}`)
    }
    if (what === 'phone') phones.push(...(column === '' ? [] : [column]))
    else assign(mapping, what, column)
  }
  if (entries.some(entry => entry.startsWith('phone='))) mapping.phones = phones
  const checked = importMappingSchema.safeParse(mapping)
  if (!checked.success) throw new UsageError(`--map: ${checked.error.issues[0]!.message}`)
  return checked.data
}

const FIELDS: Record<
  string,
  'firstName' | 'lastName' | 'fullName' | 'email' | 'country' | 'zone' | 'postcode' | 'tags'
> = {
  first_name: 'firstName',
  last_name: 'lastName',
  full_name: 'fullName',
  email: 'email',
  country: 'country',
  zone: 'zone',
  postcode: 'postcode',
  tags: 'tags',
}
const CONSENT: Record<string, keyof ImportMapping['consent']> = {
  consent_given: 'given',
  consent_refused: 'refused',
  consent_source: 'source',
  consent_wording: 'wording',
  consent_at: 'at',
  consent_kind: 'kind',
}

function assign(mapping: ImportMapping, what: string, column: string): void {
  const value = column === '' ? null : column
  const field = FIELDS[what]
  const consent = CONSENT[what]
  if (field) mapping[field] = value
  else if (consent) mapping.consent[consent] = value
  else if (value === null) delete mapping.attributes[what]
  else mapping.attributes[what] = value
}
