import type { Message } from '../../shared/operations/messages.ts'
import type { Reader } from './database.ts'

export interface CampaignReply {
  readonly id: number
  readonly threadId: number
  readonly number: string
  readonly firstName: string
  readonly lastName: string
  readonly at: number
  readonly body: string
  readonly intent: string
}

/** What came in as answers to a campaign, newest first, those before text `before`. */
export function repliesTo(db: Reader, campaignId: number, before: number, limit: number): CampaignReply[] {
  return db.all(
    `SELECT i.id, i.thread_id AS threadId, t.number, coalesce(c.first_name, '') AS firstName,
       coalesce(c.last_name, '') AS lastName, i.received_at AS at, i.body, i.intent
       FROM inbound i CROSS JOIN threads t ON t.id = i.thread_id LEFT JOIN contacts c ON c.number = t.number
       WHERE i.campaign_id = ? AND i.id < ? ORDER BY i.id DESC LIMIT ?`,
    campaignId,
    before,
    limit,
  )
}

/** One message of a campaign with who it went to and the first answer to it. */
export interface Outcome
  extends Pick<Message, 'id' | 'number' | 'state' | 'reason' | 'segments' | 'body' | 'phone' | 'step' | 'variant'> {
  readonly firstName: string
  readonly lastName: string
  readonly attemptedAt: number | null
  readonly settledAt: number | null
  readonly repliedAt: number | null
  readonly reply: string | null
}

/** Messages of a campaign in one state by id, those after message `after`. */
export function outcomesOf(
  db: Reader,
  campaignId: number,
  state: Message['state'],
  after: string,
  limit: number,
): Outcome[] {
  return db.all(
    `SELECT m.id, m.number, m.state, m.reason, m.segments, m.body, m.step,
       coalesce(g.variants ->> ('$[' || m.variant || '].label'), '') AS variant, p.name AS phone, coalesce(c.first_name, '') AS firstName,
       coalesce(c.last_name, '') AS lastName, m.attempted_at AS attemptedAt, m.settled_at AS settledAt,
       i.received_at AS repliedAt, i.body AS reply
       FROM messages m LEFT JOIN campaigns g ON g.id = m.campaign_id LEFT JOIN sims s ON s.id = m.sim_id LEFT JOIN phones p ON p.id = s.phone_id
       LEFT JOIN contacts c ON c.number = m.number
       LEFT JOIN inbound i ON i.id = (SELECT a.id FROM threads t CROSS JOIN inbound a ON a.thread_id = t.id
         WHERE t.number = m.number AND a.campaign_id = m.campaign_id ORDER BY a.received_at, a.id LIMIT 1)
       WHERE m.campaign_id = ? AND m.state = ? AND m.id > ? ORDER BY m.id LIMIT ?`,
    campaignId,
    state,
    after,
    limit,
  )
}
