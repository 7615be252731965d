import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CsvCell } from '../../../shared/csv.ts'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { MESSAGE_STATES, type MessageState } from '../../../shared/operations/messages.ts'
import { outcomesOf } from '../../db/campaign-answers.ts'
import { troublesOf } from '../../db/campaigns.ts'
import type { Reader } from '../../db/database.ts'
import { writeCsvFile } from '../csv-file.ts'
import { meaningOf } from '../messages.ts'

/** What failed and what is without proof, by reason and in words. */
export function outcomesByReason(db: Reader, campaignId: number): OutputOf<'campaigns.outcomes'> {
  return {
    groups: troublesOf(db, campaignId).map(group => ({
      ...group,
      meaning: reasonMeaning(group.state, group.reason),
    })),
  }
}

/** Why messages ended in a state other than sent, in words. */
export function reasonMeaning(state: MessageState, reason: string): string {
  if (state === 'unknown') return meaningOf(reason)
  return ENDED[state] ?? FAILURES[reason] ?? reason
}

const ENDED: Partial<Record<MessageState, string>> = {
  suppressed: 'The number opted out before its turn came.',
  expired: 'Its time was over before it could be sent. Give campaigns more time, or more phones.',
  cancelled: 'The campaign was cancelled before its turn came.',
}

/** Why a message can fail: codes of the rendering, of the assignment and of a person. */
const FAILURES: Readonly<Record<string, string>> = {
  field_missing: 'The contact lacks a field that the text needs. Give the field a default, or fill it in.',
  body_too_long: 'The text is too long for this contact.',
  body_empty: 'The text is empty for this contact.',
  template_error: 'The text could not be made for this contact.',
  zone_ambiguous: 'The places where they may be have no allowed hour in common. Give the contact a time zone.',
  address_refused: 'The phone refused the number three times. Look at it in the contact.',
  operator: 'Marked as failed by a person.',
}

const COLUMNS = [
  ...['number', 'first_name', 'last_name', 'state', 'reason', 'segments', 'phone', 'attempted_at', 'settled_at'],
  ...['step', 'variant', 'text', 'replied_at', 'reply'],
]

/** Messages read at a time; other work gets its turn in between. */
const PAGE = 200

/** Writes what became of each message, those of one state after those of another. */
export function exportOutcomes(db: Reader, campaignId: number, path: string): Promise<{ rows: number; path: string }> {
  async function* rows(): AsyncGenerator<CsvCell[]> {
    for (const state of MESSAGE_STATES) {
      for (let after = ''; ; ) {
        const page = outcomesOf(db, campaignId, state, after, PAGE)
        for (const one of page) {
          yield [
            ...[one.number, one.firstName, one.lastName, one.state, one.reason, one.segments, one.phone],
            ...[when(one.attemptedAt), when(one.settledAt), one.step, one.variant],
            ...[one.body, when(one.repliedAt), one.reply],
          ]
        }
        if (page.length < PAGE) break
        after = page.at(-1)!.id
        await nextTurn()
      }
    }
  }
  return writeCsvFile(path, COLUMNS, rows())
}

function when(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString()
}
