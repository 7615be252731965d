import { contactByNumber } from './contacts.ts'
import type { Reader, Writer } from './database.ts'
import { hasInbound, insertInbound, type NewInbound } from './inbound.ts'
import { touchThread } from './threads.ts'
import { moveThread } from './triage.ts'

/**
 * Brings back the texts that a replaced database has and this one has not. Their phones would tell most of them again, but
 * not one that is revoked or loses its memory first. A START among them lifts the opt-out here, too. `phones` gives the
 * phones' ids here by their ids there. Returns how many were added.
 */
export function mergeInbound(db: Writer, replaced: Reader, phones: ReadonlyMap<number, number>): number {
  let added = 0
  const texts = replaced.iterate<Omit<NewInbound, 'threadId'> & { number: string; campaignAt: number | null }>(
    `SELECT t.number, i.phone_id AS phoneId, i.store, i.row_id AS rowId, i.sender, i.body, i.body_hash AS bodyHash,
       i.received_at AS receivedAt, i.stored_at AS storedAt, i.intent, i.intent_reason AS intentReason,
       i.intent_match AS intentMatch, i.campaign_id AS campaignId, c.created_at AS campaignAt
       FROM inbound i JOIN threads t ON t.id = i.thread_id LEFT JOIN campaigns c ON c.id = i.campaign_id ORDER BY i.id`,
  )
  for (const { number, campaignAt, ...text } of texts) {
    const phoneId = phones.get(text.phoneId)
    if (phoneId === undefined || hasInbound(db, { ...text, phoneId })) continue
    const threadId = touchThread(db, {
      number,
      contactId: contactByNumber(db, number)?.id ?? null,
      at: Math.min(text.receivedAt, text.storedAt),
      text: text.body,
      unreadBy: 1,
    })
    moveThread(db, threadId, { type: 'text' })
    insertInbound(db, { ...text, phoneId, threadId, campaignId: sameCampaign(db, text.campaignId, campaignAt) })
    if (text.intent === 'start' && !isSuppressed(replaced, number)) {
      db.run('DELETE FROM suppressions WHERE number = ?', number)
    }
    added += 1
  }
  return added
}

function isSuppressed(db: Reader, number: string): boolean {
  return db.get('SELECT 1 FROM suppressions WHERE number = ?', number) !== undefined
}

/** A campaign made after the backup is not there, and its id may be another's by now. */
function sameCampaign(db: Reader, id: number | null, createdAt: number | null): number | null {
  return id !== null && db.get('SELECT 1 FROM campaigns WHERE id = ? AND created_at = ?', id, createdAt) ? id : null
}
