import type { OutputOf } from '../../shared/operations/index.ts'

/** What a problem of the phone link means for phones, in a few words. */
export function linkTitle({ link }: Pick<OutputOf<'system.status'>, 'link'>): string {
  return link === null ? 'Phones cannot connect' : 'The phone link stays where it was'
}
