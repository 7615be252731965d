import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { REQUIRABLE_KINDS, type RequirableKind } from '../../shared/consent.ts'
import { GOALS, type Goal, type Step, type Variant } from '../../shared/operations/campaigns.ts'
import { HOLIDAY_KINDS, type Hours } from '../../shared/operations/common.ts'
import type { Audience } from '../../shared/operations/contacts.ts'
import { UsageError } from './exit.ts'
import {
  type AudienceOptions,
  aCount,
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
  readonly variant?: Variant[]
  /** False: --no-variants. */
  readonly variants?: boolean
  readonly step?: Step[]
  /** False: --no-steps. */
  readonly steps?: boolean
  readonly textsFile?: string
  readonly goal?: Goal
  readonly waitDays?: number
  readonly hours?: Pick<Hours, 'from' | 'to'>
  readonly days?: number[]
  readonly holidays?: string
  readonly regional?: boolean
  readonly sim?: number[]
  readonly allSims?: boolean
  readonly requireConsent?: boolean
  readonly consentKind?: RequirableKind | 'any'
  readonly expires?: number
}

export function withPlan(command: Command): Command {
  return withAudience(command)
    .option('--name <name>', 'what it is called')
    .option('--template <text>', 'the text, with fields such as {{ first_name | default: "there" }}')
    .option('--template-file <file>', 'the text from a file')
    .option(
      '--variant <label=share:text>',
      'one of several first texts, such as "A=50:Hi, ..." (several times)',
      someVariants,
    )
    .option('--no-variants', 'no variants any more: the first of them is the text')
    .option(
      '--step <when: text>',
      'a follow-up: "no-reply 3d: ...", "reply: ...", "reply 2h: ..." or "tag hot 1d: ..." (several times, in order)',
      someSteps,
    )
    .option('--no-steps', 'no follow-ups any more')
    .option('--texts-file <file>', 'variants and steps from a JSON file, as "campaigns show --json" writes them')
    .addOption(
      new Option('--goal <goal>', 'what makes a variant the best')
        .choices(['replies', 'few-opt-outs'])
        .argParser(aGoal),
    )
    .option('--wait-days <n>', 'how long steps wait for replies and tags after the last text', aCount(1, 90))
    .option('--hours <from-to>', 'allowed hours at the recipient, such as 9:00-20:00', someHours)
    .option('--days <days>', 'allowed days, such as mon-fri', someDays)
    .option('--holidays <kinds>', `no texts on holidays at the recipient: ${HOLIDAY_KINDS.join(',')}, or none`)
    .option('--regional', 'keep the stricter hours of states (the default)')
    .option('--no-regional', 'do not keep the stricter hours of states')
    .option('--sim <id>', 'a SIM that may send it (several times; see "phones list")', severalIds)
    .option('--all-sims', 'every SIM may send it')
    .option('--require-consent', 'leave out contacts without recorded consent')
    .option('--no-require-consent', 'text contacts without recorded consent, too')
    .addOption(
      new Option('--consent-kind <kind>', 'leave out contacts whose recorded consent is not of this kind').choices([
        ...REQUIRABLE_KINDS,
        'any',
      ]),
    )
    .option('--expires <time>', 'nothing is sent after this: "2025-07-01 20:00" or +2d', aTime)
}

/** What was given, under the names of the operations. Hours that were given in part are completed from `hours`. */
export async function planOf(options: PlanOptions, hours: () => Promise<Hours>) {
  const template = templateOf(options)
  const { name, sim, allSims, requireConsent, consentKind, expires } = options
  if (sim && allSims) throw new UsageError('--sim and --all-sims do not go together.')
  return {
    ...(name !== undefined && { name }),
    ...(template !== undefined && { template }),
    ...textsOf(options),
    ...(options.goal !== undefined && { goal: options.goal }),
    ...(options.waitDays !== undefined && { waitDays: options.waitDays }),
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
    ...(consentKind === 'any' && { requireConsent: true, consentKind: null }),
    ...(consentKind !== undefined && consentKind !== 'any' && { consentKind }),
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

/** Variants and steps, from options or a file. */
function textsOf(options: PlanOptions): Partial<Texts> {
  const { variant, variants, step, steps, textsFile } = options
  // Commander sets true where neither of a pair was given.
  if ((variant && variants === false) || (step && steps === false)) {
    throw new UsageError('--variant and --no-variants do not go together, and neither do --step and --no-steps.')
  }
  if (textsFile !== undefined && (variant || step)) throw new UsageError('Give --texts-file, or --variant and --step.')
  return {
    ...(textsFile !== undefined && textsIn(textsFile)),
    ...(variant ? { variants: variant } : variants === false && { variants: [] }),
    ...(step ? { steps: step } : steps === false && { steps: [] }),
  }
}

interface Texts {
  variants: Variant[]
  steps: Step[]
  template: string
  goal: Goal
  waitDays: number
}

/** What a file says of texts. Whether each of it is sound, the operation looks at. */
function textsIn(path: string): Partial<Texts> {
  let found: unknown
  try {
    found = JSON.parse(contentOf(path))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`The file ${path} is no JSON (${error instanceof Error ? error.message : error}).`)
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    throw new UsageError(`The file ${path} must hold an object with "variants", "steps" or both.`)
  }
  const known = ['template', 'variants', 'steps', 'goal', 'waitDays'] as const
  const texts = Object.fromEntries(
    known.filter(key => key in found).map(key => [key, found[key as keyof typeof found]]),
  )
  if (!('variants' in texts || 'steps' in texts)) {
    throw new UsageError(`The file ${path} has neither "variants" nor "steps".`)
  }
  return texts as Partial<Texts>
}

/** Such as "A=50:Hi there". */
function someVariants(text: string, before: readonly Variant[] = []): Variant[] {
  const match = /^([^=:]{1,40})=\s*(\d{1,2})%?\s*:(.*\S.*)$/s.exec(text.trim())
  if (!match) throw new InvalidArgumentError('Give label, share in percent and text, such as "A=50:Hi there, ...".')
  return [...before, { label: match[1]!.trim(), share: Number(match[2]), template: match[3]!.trim() }]
}

/** Such as "no-reply 3d: text", "reply: text", "tag hot 12h: text". */
function someSteps(text: string, before: readonly Step[] = []): Step[] {
  const match = /^(no-reply|reply|tag\s+([^:]+?))(?:\s+(\d+)([hd]))?\s*:(.*\S.*)$/s.exec(text.trim())
  if (!match) {
    throw new InvalidArgumentError('Give when and text, such as "no-reply 3d: ...", "reply 2h: ..." or "tag hot: ...".')
  }
  const [, kind, tag, count, unit, body] = match
  const delayHours = Number(count ?? 0) * (unit === 'd' ? 24 : 1)
  const rest = { delayHours, template: body!.trim() }
  if (kind === 'no-reply') {
    if (delayHours === 0)
      throw new InvalidArgumentError('Say after how long without a reply, such as "no-reply 3d: ...".')
    return [...before, { condition: 'no_reply', ...rest }]
  }
  return [
    ...before,
    kind === 'reply' ? { condition: 'reply', ...rest } : { condition: 'tag', tag: tag!.trim(), ...rest },
  ]
}

function aGoal(text: string): Goal {
  const goal = GOALS.find(one => one === text.replaceAll('-', '_'))
  if (!goal) throw new InvalidArgumentError('Give replies or few-opt-outs.')
  return goal
}

export function templateOf(options: { template?: string; templateFile?: string }): string | undefined {
  const { template, templateFile } = options
  if (template !== undefined && templateFile !== undefined)
    throw new UsageError('Give --template or --template-file, not both.')
  return templateFile === undefined ? template : contentOf(templateFile).trim()
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      `The file ${path} cannot be read (${error instanceof Error && 'code' in error ? error.code : error}).`,
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
