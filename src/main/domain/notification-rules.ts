import type { NotificationRules } from '../../shared/operations/triage.ts'

/** Who has chosen nothing is told of everything, at any hour. */
export const TOLD_OF_EVERYTHING: NotificationRules = {
  anyReply: true,
  assignedReplies: true,
  mentions: true,
  likelyOptOuts: true,
  quiet: null,
}

/** Something that came, as far as the rules ask about it. */
export type News =
  | {
      readonly type: 'text'
      /** The user who has its thread; null: nobody. */
      readonly assignedTo: number | null
      readonly isLikelyOptOut: boolean
    }
  | { readonly type: 'mention' }

/**
 * Whether a user wants to be told. Quiet hours come first; of several rules that fit, one is enough.
 * @param minute of the day where the user sits, 0 to 1439
 */
export function isWanted(rules: NotificationRules, news: News, userId: number | null, minute: number): boolean {
  if (rules.quiet !== null && isWithin(minute, rules.quiet)) return false
  if (news.type === 'mention') return rules.mentions
  return (
    rules.anyReply ||
    (rules.assignedReplies && userId !== null && news.assignedTo === userId) ||
    (rules.likelyOptOuts && news.isLikelyOptOut)
  )
}

/** From 22:00 to 7:00 goes over midnight. The last minute is no part of it. */
function isWithin(minute: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to
}
