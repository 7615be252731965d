import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { HOLIDAY_KINDS, type Hours } from '../../shared/operations/common.ts'
import type { Audience } from '../../shared/operations/contacts.ts'
import { UsageError } from './exit.ts'
import {
  type AudienceOptions,
  aTime,
  audienceOf,
  hasAudience,
  severalIds,
  someDays,
  someHours,
  withAudience,
} from './options.ts'
import type { Session } from './session.ts'

/** What can be said of a campaign when it is made or changed. */
export interface PlanOptions extends AudienceOptions {
  readonly name?: string
  readonly template?: string
  readonly templateFile?: string
  readonly hours?: Pick<Hours, 'from' | 'to'>
  readonly days?: number[]
  readonly holidays?: string
  readonly regional?: boolean
  readonly sim?: number[]
  readonly allSims?: boolean
  readonly requireConsent?: boolean
  readonly expires?: number
}

export function withPlan(command: Command): Command {
  return withAudience(command)
    .option('--name <name>', 'what it is called')
    .option('--template <text>', 'the text, with fields such as {{ first_name | default: "there" }}')
    .option('--template-file <file>', 'the text from a file')
    .option('--hours <from-to>', 'allowed hours at the recipient, such as 9:00-20:00', someHours)
    .option('--days <days>', 'allowed days, such as mon-fri', someDays)
    .option('--holidays <kinds>', `no texts on holidays at the recipient: ${HOLIDAY_KINDS.join(',')}, or none`)
    .option('--regional', 'keep the stricter hours of states (the default)')
    .option('--no-regional', 'do not keep the stricter hours of states')
    .option('--sim <id>', 'a SIM that may send it (several times; see "phones list")', severalIds)
    .option('--all-sims', 'every SIM may send it')
    .option('--require-consent', 'leave out contacts without recorded consent')
    .option('--no-require-consent', 'text contacts without recorded consent, too')
    .option('--expires <time>', 'nothing is sent after this: "2025-07-01 20:00" or +2d', aTime)
}

/** What was given, under the names of the operations. Hours that were given in part are completed from `hours`. */
export async function planOf(options: PlanOptions, hours: () => Promise<Hours>) {
  const template = templateOf(options)
  const { name, sim, allSims, requireConsent, expires } = options
  if (sim && allSims) throw new UsageError('--sim and --all-sims do not go together.')
  return {
    ...(name !== undefined && { name }),
    ...(template !== undefined && { template }),
    ...(hasAudience(options) && { audience: audienceOf(options) }),
    ...(changesHours(options) && {
      hours: {
        ...(await hours()),
        ...options.hours,
        ...(options.days && { days: options.days }),
        ...(options.holidays !== undefined && { holidays: kindsOf(options.holidays) }),
        ...(options.regional !== undefined && { regional: options.regional }),
      },
    }),
    ...(sim && { sims: sim }),
    ...(allSims && { sims: null }),
    ...(requireConsent !== undefined && { requireConsent }),
    ...(expires !== undefined && { expiresAt: expires }),
  }
}

function changesHours({ hours, days, holidays, regional }: PlanOptions): boolean {
  return [hours, days, holidays, regional].some(value => value !== undefined)
}

function kindsOf(text: string): NonNullable<Hours['holidays']> {
  if (text.trim() === 'none') return []
  return text.split(',').map(part => {
    const kind = HOLIDAY_KINDS.find(one => one === part.trim())
    if (!kind) throw new UsageError(`--holidays takes ${HOLIDAY_KINDS.join(', ')}, or none, and not "${part.trim()}".`)
    return kind
  })
}

export function templateOf(options: { template?: string; templateFile?: string }): string | undefined {
  const { template, templateFile } = options
  if (template !== undefined && templateFile !== undefined)
    throw new UsageError('Give --template or --template-file, not both.')
  if (templateFile === undefined) return template
  try {
    return readFileSync(templateFile, 'utf8').trim()
  } catch (error) {
    throw new UsageError(
      `The file ${templateFile} cannot be read (${error instanceof Error && 'code' in error ? error.code : error}).`,
    )
  }
}

export async function settingsHours(session: Session): Promise<Hours> {
  return (await session.do('settings.get', {})).hours
}

/** Who is meant, in words. */
export function describeAudience(audience: Audience): string {
  const parts = [
    audience.lists.length > 0 && `in ${audience.lists.map(quoted).join(' or ')}`,
    audience.tags.length > 0 && `tagged ${audience.tags.map(quoted).join(' or ')}`,
    audience.search !== '' && `matching ${quoted(audience.search)}`,
    audience.exceptTags.length > 0 && `not tagged ${audience.exceptTags.map(quoted).join(' or ')}`,
  ].filter(part => part !== false)
  return parts.length === 0 ? 'every contact' : `contacts ${parts.join(', ')}`
}

function quoted(text: string): string {
  return `"${text}"`
}
