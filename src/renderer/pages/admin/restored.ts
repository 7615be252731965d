import type { RestoreReport } from '../../../shared/bridge.ts'
import { counted } from '../../lib/times.ts'

/** What a restore takes over from the database that it replaces. */
export const PARTS = [
  ['suppressionsMerged', 'opt-out', 'opt-outs'],
  ['erasuresMerged', 'erasure', 'erasures'],
  ['attemptsMerged', 'attempt', 'attempts'],
  ['textsMerged', 'reply', 'replies'],
  ['phonesMerged', 'phone', 'phones'],
] as const

/** Such as `3 opt-outs`. */
export function taken(report: RestoreReport, [key, one, many]: (typeof PARTS)[number]): string {
  return counted(report[key], one, many)
}
