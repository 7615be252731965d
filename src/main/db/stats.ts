import type { CampaignState } from '../../shared/operations/campaigns.ts'
import type { MessageState } from '../../shared/operations/messages.ts'
import type { Reader } from './database.ts'

/** How many rows a table has. */
export function countRows(
  db: Reader,
  table: 'users' | 'contacts' | 'imports' | 'suppressions' | 'threads' | 'campaigns' | 'messages',
): number {
  return db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
}

export function countLists(db: Reader): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM lists WHERE name IS NOT NULL')!.n
}

/** Phones that are not revoked. */
export function countPhones(db: Reader): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM phones WHERE revoked_at IS NULL')!.n
}

export function countUnread(db: Reader): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM threads WHERE unread > 0')!.n
}

export function countInbound(db: Reader): number {
  return db.get<{ n: number }>('SELECT coalesce(sum(texts), 0) AS n FROM inbound_counts')!.n
}

export function campaignsByState(db: Reader): { state: CampaignState; n: number }[] {
  return db.all('SELECT state, count(*) AS n FROM campaigns GROUP BY state')
}

/** Those of campaigns by their counters, the few others by counting. */
export function messagesByState(db: Reader): { state: MessageState; n: number }[] {
  return db.all(
    `SELECT state, sum(n) AS n FROM (
       SELECT state, messages AS n FROM campaign_counts
       UNION ALL SELECT state, count(*) AS n FROM messages WHERE campaign_id IS NULL GROUP BY state) GROUP BY state`,
  )
}

/** Of the file, without its log. */
export function databaseBytes(db: Reader): number {
  return db.get<{ n: number }>(
    'SELECT page_count * page_size AS n FROM pragma_page_count() CROSS JOIN pragma_page_size()',
  )!.n
}
