import { figure, percent } from '../../lib/times.ts'

/** A count with its share of what was sent, where anything was. */
export function withShare(count: number, rate: number | null): string {
  return count === 0 || rate === null ? figure(count) : `${figure(count)} (${percent(rate)})`
}
