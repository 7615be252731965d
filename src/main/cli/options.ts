import { type Command, InvalidArgumentError } from 'commander'
import type { Hours } from '../../shared/operations/common.ts'
import type { Audience } from '../../shared/operations/contacts.ts'
import type { LaneLimits } from '../../shared/phone-protocol.ts'

/** Parsers of arguments and options. Each throws a sentence that says what is expected. */

export function anId(text: string): number {
  return whole(text, 1, Number.MAX_SAFE_INTEGER, 'Give the id: a whole number such as 3.')
}

export function aCount(least: number, most: number): (text: string) => number {
  return text => whole(text, least, most, `Give a whole number from ${least} to ${most}.`)
}

/** For options that may be given several times. */
export function several(text: string, before: readonly string[] = []): string[] {
  return [...before, text]
}

export function severalIds(text: string, before: readonly number[] = []): number[] {
  return [...before, anId(text)]
}

export function aCountry(text: string): string {
  if (!/^[A-Za-z]{2}$/.test(text)) throw new InvalidArgumentError('Give a two-letter country code such as US or GB.')
  return text.toUpperCase()
}

/** A local date and time, ISO 8601 with a zone, or a span from now such as +90m, +2h or +1d. In ms UTC. */
export function aTime(text: string): number {
  const span = /^\+(\d+)([mhd])$/.exec(text)
  if (span) return Date.now() + Number(span[1]) * UNITS[span[2] as keyof typeof UNITS]
  const written = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN
  if (Number.isNaN(written)) throw new InvalidArgumentError('Give a time such as "2025-07-01 09:00", or +2h from now.')
  return written
}

/** Such as 9:00-20:30. */
export function someHours(text: string): Pick<Hours, 'from' | 'to'> {
  const match = /^(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?$/.exec(text)
  const from = match ? Number(match[1]) * 60 + Number(match[2] ?? 0) : -1
  const to = match ? Number(match[3]) * 60 + Number(match[4] ?? 0) : -1
  if (!(from >= 0 && from < to && to <= 1440))
    throw new InvalidArgumentError('Give hours of one day such as 9:00-20:30.')
  return { from, to }
}

/** Such as mon-fri or mon,wed,sat. */
export function someDays(text: string): number[] {
  const days = new Set<number>()
  for (const part of text.toLowerCase().split(',')) {
    const [first, last = first] = part
      .trim()
      .split('-')
      .map(name => DAYS.indexOf(name.slice(0, 3)) + 1)
    if (!first || !last || last < first) throw new InvalidArgumentError('Give days such as mon-fri or mon,wed,sat.')
    for (let day = first; day <= last; day += 1) days.add(day)
  }
  return [...days].sort()
}

/** Segments per span, such as 25/60s, 100/1h or 400/1d; may be given several times. */
export function someWindows(text: string, before: LaneLimits['windows'] = []): LaneLimits['windows'] {
  const match = /^(\d+)\/(\d*)([smhd])$/.exec(text)
  if (!match) throw new InvalidArgumentError('Give segments per span such as 25/60s, 100/1h or 400/1d.')
  const windowMs = Number(match[2] || 1) * UNITS[match[3] as keyof typeof UNITS]
  return [...before, { segments: Number(match[1]), windowMs }]
}

/** Seconds, such as 2-5. */
export function aPause(text: string): LaneLimits['pauseMs'] {
  const match = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text)
  if (!match || Number(match[1]) > Number(match[2])) throw new InvalidArgumentError('Give seconds such as 2-5.')
  return [Math.round(Number(match[1]) * 1000), Math.round(Number(match[2]) * 1000)]
}

/** A number without the spaces and dashes that people write. */
export function compact(number: string): string {
  return number.replace(/[\s().-]/g, '')
}

export interface AudienceOptions {
  readonly list?: string[]
  readonly tag?: string[]
  readonly exceptTag?: string[]
  readonly search?: string
}

/** Adds the options that say who is meant. */
export function withAudience(command: Command): Command {
  return command
    .option('--list <name>', 'members of this list (several: of any of them)', several)
    .option('--tag <name>', 'contacts with this tag (several: with any of them)', several)
    .option('--except-tag <name>', 'but none with this tag', several)
    .option('--search <words>', 'whose name, e-mail address or number begins so')
}

export function audienceOf(options: AudienceOptions): Audience {
  return {
    lists: options.list ?? [],
    tags: options.tag ?? [],
    exceptTags: options.exceptTag ?? [],
    search: options.search ?? '',
  }
}

/** Whether any of the options that say who is meant was given. */
export function hasAudience(options: AudienceOptions): boolean {
  return [options.list, options.tag, options.exceptTag, options.search].some(value => value !== undefined)
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

function whole(text: string, least: number, most: number, sentence: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most)) throw new InvalidArgumentError(sentence)
  return value
}
