import { insertCampaignMessage } from '../../src/main/db/campaign-fill.ts'
import { insertCampaign, setCampaignState } from '../../src/main/db/campaigns.ts'
import type { Database } from '../../src/main/db/database.ts'
import { contactOf } from './seed.ts'

/** A paused campaign with a queued message for each of the first so many contacts, as its start would make them. Its id is 1. */
export function seedQueue(db: Database, messages: number, template: string, at: number): void {
  const campaign = db.write(tx => {
    const audience = { lists: [], tags: [], exceptTags: [], search: '' }
    const plan = {
      name: 'Bench',
      template,
      audience,
      hours: ALWAYS,
      sims: null,
      requireConsent: false,
      expiresAt: null,
    }
    const id = insertCampaign(tx, plan, 'local', at)
    setCampaignState(tx, id, 'paused', at)
    tx.run('UPDATE campaigns SET started_at = ? WHERE id = ?', at, id)
    return id
  })
  const STEP = 10_000
  for (let from = 1; from <= messages; from += STEP) {
    db.write(tx => {
      for (let n = from; n < Math.min(from + STEP, messages + 1); n += 1) {
        const { number } = contactOf(n)
        const planned = {
          id: messageId(n),
          contactId: n,
          number,
          zones: 'America/New_York',
          simId: null,
          dueAt: at,
          expiresAt: null,
        }
        insertCampaignMessage(tx, campaign, planned, 'local', at)
      }
    })
  }
}

export const ALWAYS = { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7] }

/** Ids that sort as they are made, of the length of real ones. */
export function messageId(n: number): string {
  return `01BENCH${String(n).padStart(19, '0')}`
}
