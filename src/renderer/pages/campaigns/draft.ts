import type { RequirableKind } from '../../../shared/consent.ts'
import type { Campaign, Goal } from '../../../shared/operations/campaigns.ts'
import type { Hours } from '../../../shared/operations/common.ts'
import type { Audience } from '../../../shared/operations/contacts.ts'
import type { GivenOf } from '../../../shared/operations/index.ts'
import type { OptOutWord } from '../../../shared/operations/opt-outs.ts'
import {
  type StepDraft,
  stepDrafts,
  stepProblems,
  stepsOf,
  type VariantDraft,
  variantDrafts,
  variantProblems,
  variantsOf,
} from './texts.ts'

/** A campaign as it stands in the fields of the editor. */
export interface Draft {
  readonly name: string
  /** First texts: one, or several that are compared. */
  readonly variants: readonly VariantDraft[]
  readonly goal: Goal
  readonly steps: readonly StepDraft[]
  /** As the field has it. */
  readonly waitDays: string
  readonly audience: Audience
  readonly hours: HoursDraft
  /** Ids of lanes; null: every one that is switched on. */
  readonly sims: readonly number[] | null
  readonly requireConsent: boolean
  /** Of which kind, where it is required; null: any. */
  readonly consentKind: RequirableKind | null
  /** As the field has it: local date and time, or empty. */
  readonly expires: string
}

/** Times as `HH:MM`; 00:00 as the end is midnight. */
export interface HoursDraft {
  readonly from: string
  readonly to: string
  /** ISO weekdays, as texts. */
  readonly days: readonly string[]
  /** Kinds of holidays on which nothing goes. */
  readonly holidays: readonly string[]
  /** Whether the stricter hours of states are kept. */
  readonly regional: boolean
}

/** Own opt-out words that a campaign to these lists may name: those that act for everybody whom it reaches. */
export function stopWordsOf(words: readonly OptOutWord[], lists: readonly string[]): string[] {
  const isFor = (word: OptOutWord) => word.list === null || (lists.length === 1 && word.list.name === lists[0])
  return words.filter(word => word.act === 'stop' && word.place === 'whole' && isFor(word)).map(word => word.phrase)
}

export const EVERYBODY: Audience = { lists: [], tags: [], search: '', exceptTags: [] }
const DAY_MINUTES = 1440

export function emptyDraft(hours: Hours): Draft {
  return {
    name: '',
    variants: variantDrafts('', []),
    goal: 'replies',
    steps: [],
    waitDays: '14',
    audience: EVERYBODY,
    hours: hoursDraft(hours),
    sims: null,
    requireConsent: false,
    consentKind: null,
    expires: '',
  }
}

export function draftOf(campaign: Campaign): Draft {
  const { name, template, variants, steps, goal, waitDays, audience, hours, sims, requireConsent, expiresAt } = campaign
  return {
    name,
    variants: variantDrafts(template, variants),
    goal,
    steps: stepDrafts(steps),
    waitDays: String(waitDays),
    audience,
    hours: hoursDraft(hours),
    sims,
    requireConsent,
    consentKind: campaign.consentKind,
    expires: expiresAt === null ? '' : localTime(expiresAt),
  }
}

export function hoursDraft({ from, to, days, holidays = [], regional = true }: Hours): HoursDraft {
  return { from: timeText(from), to: timeText(to), days: days.map(String), holidays, regional }
}

/** What is wrong, by field; empty when it can be saved. */
export function problemsOf(draft: Draft): Partial<Record<'name' | 'template' | 'steps' | 'hours' | 'expires', string>> {
  const hours = hoursOf(draft.hours)
  return {
    ...(draft.name.trim() === '' && { name: 'Give the campaign a name.' }),
    ...(Object.keys(variantProblems(draft.variants)).length > 0 && { template: 'Look at the messages.' }),
    ...(Object.keys(stepProblems(draft.steps)).length > 0 && { steps: 'Look at the follow-ups.' }),
    ...(!/^([1-9]|[1-8]\d|90)$/.test(draft.waitDays.trim()) && { steps: 'It can wait 1 to 90 days.' }),
    ...(typeof hours === 'string' && { hours }),
    ...(draft.expires !== '' && expiresAtOf(draft.expires) === null && { expires: 'This is no date and time.' }),
  }
}

/** The plan that the hub takes. Only for a draft without problems. */
export function planOf(draft: Draft): Omit<GivenOf<'campaigns.create'>, 'hours'> & { hours: Hours } {
  const variants = variantsOf(draft.variants)
  return {
    name: draft.name.trim(),
    ...(variants.length === 0 && { template: draft.variants[0]!.template }),
    variants,
    goal: draft.goal,
    steps: stepsOf(draft.steps),
    waitDays: Number(draft.waitDays),
    audience: { ...draft.audience, search: draft.audience.search.trim() },
    hours: hoursOf(draft.hours) as Hours,
    sims: draft.sims === null ? null : [...draft.sims],
    requireConsent: draft.requireConsent,
    consentKind: draft.consentKind,
    expiresAt: expiresAtOf(draft.expires),
  }
}

/** Hours as the hub has them, or a sentence that says what is wrong. */
export function hoursOf({ from, to, days, holidays, regional }: HoursDraft): Hours | string {
  const [start, end] = [minutesOf(from), minutesOf(to)]
  if (start === null || end === null) return 'Say from when to when, such as 08:00 to 21:00.'
  const until = end === 0 ? DAY_MINUTES : end
  if (start >= until) return 'The end must come after the start.'
  if (days.length === 0) return 'Choose at least one day.'
  const kinds = HOLIDAY_CHOICES.map(kind => kind.value).filter(kind => holidays.includes(kind))
  return {
    ...{ from: start, to: until, days: days.map(Number).sort((a, b) => a - b) },
    ...(kinds.length > 0 && { holidays: kinds }),
    ...(!regional && { regional }),
  }
}

export function expiresAtOf(text: string): number | null {
  const at = text === '' ? Number.NaN : new Date(text).getTime()
  return Number.isFinite(at) ? at : null
}

/** A moment as fields for date and time have it, in the zone of the person who looks. */
export function localTime(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * 60_000
  return new Date(at - offset).toISOString().slice(0, 16)
}

function timeText(minutes: number): string {
  const whole = minutes % DAY_MINUTES
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`
}

function minutesOf(text: string): number | null {
  const match = /^(\d{2}):(\d{2})/.exec(text)
  return match ? Number(match[1]) * 60 + Number(match[2]) : null
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
export const DAY_CHOICES = DAYS.map((label, at) => ({ label, value: String(at + 1) }))

export const HOLIDAY_CHOICES: readonly {
  readonly label: string
  readonly value: NonNullable<Hours['holidays']>[number]
}[] = [
  { label: 'Public', value: 'public' },
  { label: 'Bank', value: 'bank' },
  { label: 'Optional', value: 'optional' },
  { label: 'School', value: 'school' },
  { label: 'Observances', value: 'observance' },
]

/** Allowed hours in one line. */
export function hoursText({ from, to, days, holidays = [], regional = true }: Hours): string {
  const names = days.length === 7 ? 'every day' : days.map(day => DAYS[day - 1]).join(', ')
  const kept = holidays.length === 0 ? '' : `, not on ${holidays.map(kind => HOLIDAY_WORDS[kind]).join(', ')} holidays`
  const rules = regional ? '' : ', without the rules of states'
  return `${timeText(from)} to ${to === DAY_MINUTES ? '24:00' : timeText(to)}, ${names}${kept}${rules}`
}

const HOLIDAY_WORDS = { public: 'public', bank: 'bank', optional: 'optional', school: 'school', observance: 'other' }
