import type { NotificationRules } from '../../shared/operations/triage.ts'
import type { Reader, Writer } from './database.ts'

interface Row {
  readonly anyReply: 0 | 1
  readonly assignedReplies: 0 | 1
  readonly mentions: 0 | 1
  readonly likelyOptOuts: 0 | 1
  readonly from: number | null
  readonly to: number | null
}

/** What a user has chosen; undefined: nothing yet. */
export function notificationRulesOf(db: Reader, userId: number): NotificationRules | undefined {
  const row = db.get<Row>(
    `SELECT any_reply AS anyReply, assigned_replies AS assignedReplies, mentions, likely_opt_outs AS likelyOptOuts,
       quiet_from AS "from", quiet_to AS "to" FROM notification_rules WHERE user_id = ?`,
    userId,
  )
  if (!row) return undefined
  return {
    anyReply: row.anyReply === 1,
    assignedReplies: row.assignedReplies === 1,
    mentions: row.mentions === 1,
    likelyOptOuts: row.likelyOptOuts === 1,
    quiet: row.from === null || row.to === null ? null : { from: row.from, to: row.to },
  }
}

export function storeNotificationRules(db: Writer, userId: number, rules: NotificationRules, at: number): void {
  db.run(
    `INSERT INTO notification_rules VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       any_reply = excluded.any_reply, assigned_replies = excluded.assigned_replies, mentions = excluded.mentions,
       likely_opt_outs = excluded.likely_opt_outs, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
       updated_at = excluded.updated_at`,
    userId,
    Number(rules.anyReply),
    Number(rules.assignedReplies),
    Number(rules.mentions),
    Number(rules.likelyOptOuts),
    rules.quiet?.from ?? null,
    rules.quiet?.to ?? null,
    at,
  )
}
