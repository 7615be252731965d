import { midnight } from '../../lib/days.ts'

/** What a report covers, ms UTC: not before `from` (left out: from the first day on record), and before `to`. */
export interface Period {
  readonly from?: number
  readonly to: number
}

/** Days as people write them in a field of dates: `2026-01-31`. Both belong to the period. */
export interface OwnDates {
  readonly first: string
  readonly last: string
}

interface Preset {
  readonly label: string
  /** In the zone of the person who looks. */
  readonly period: (now: number) => Period
}

/** By name, in the order in which they are offered. */
export const PRESETS = {
  today: { label: 'Today', period: now => ({ from: midnight(now), to: midnight(now, 1) }) },
  yesterday: { label: 'Yesterday', period: now => ({ from: midnight(now, -1), to: midnight(now) }) },
  week: { label: 'The last 7 days', period: now => ({ from: midnight(now, -6), to: midnight(now, 1) }) },
  weeks: { label: 'The last 4 weeks', period: now => ({ from: midnight(now, -27), to: midnight(now, 1) }) },
  month: { label: 'This month', period: now => ({ from: monthStart(now, 0), to: midnight(now, 1) }) },
  lastMonth: { label: 'Last month', period: now => ({ from: monthStart(now, -1), to: monthStart(now, 0) }) },
  year: { label: 'The last 12 months', period: now => ({ from: monthStart(now, -11), to: midnight(now, 1) }) },
  everything: { label: 'Everything', period: now => ({ to: midnight(now, 1) }) },
} as const satisfies Record<string, Preset>
export type PresetName = keyof typeof PRESETS

/** The period of own dates, or what is wrong with them. */
export function ownPeriod({ first, last }: OwnDates): Period | { readonly problem: string } {
  const from = dayOf(first)
  const until = dayOf(last)
  if (from === null || until === null) return { problem: 'Give the first and the last day.' }
  if (from > until) return { problem: 'The last day has to be the first one or a later one.' }
  return { from, to: midnight(until, 1) }
}

/** A moment as the day of a field of dates. */
export function dateField(at: number): string {
  const day = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

function dayOf(field: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(field) ? new Date(`${field}T00:00`).getTime() : Number.NaN
  return Number.isNaN(at) || at < 0 ? null : at
}

function monthStart(at: number, months: number): number {
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth() + months, 1).getTime()
}
