import { MESSAGE_STATES, type MessageState } from '../../shared/operations/campaigns.ts'
import {
  countStarted,
  type Period,
  startedCampaigns,
  totalAnswers,
  totalCounts,
  totalLeftOut,
} from '../db/analytics.ts'
import { answerCounts, campaignCounts, leftOutCounts } from '../db/campaigns.ts'
import type { Database } from '../db/database.ts'
import { idCursor, nextCursor } from './cursor.ts'
import type { HandlersFor } from './operations/dispatch.ts'

/** Results of campaigns. They read counters alone, so they cost the same for ten messages and for a million. */
export function analyticsHandlers(db: Database): HandlersFor<'analytics.campaigns' | 'analytics.totals'> {
  return {
    'analytics.campaigns': ({ limit, after, ...period }) => {
      const found = startedCampaigns(db, wholePeriod(period), idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      const items = found.map(campaign => ({
        ...campaign,
        ...figuresOf(campaignCounts(db, campaign.id), leftOutCounts(db, campaign.id), answerCounts(db, campaign.id)),
      }))
      return { items, next: nextCursor(items, limit, item => item.id) }
    },
    'analytics.totals': given => {
      const period = wholePeriod(given)
      return {
        campaigns: countStarted(db, period),
        ...figuresOf(totalCounts(db, period), totalLeftOut(db, period), totalAnswers(db, period)),
      }
    },
  }
}

function wholePeriod({
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
}: {
  from?: number | undefined
  to?: number | undefined
}): Period {
  return { from, to }
}

function figuresOf(
  counts: readonly { state: MessageState; messages: number; segments: number }[],
  leftOut: readonly { contacts: number }[],
  answers: readonly { intent: string; texts: number }[],
) {
  const states = Object.fromEntries(MESSAGE_STATES.map(state => [state, 0])) as Record<MessageState, number>
  for (const { state, messages } of counts) states[state] = messages
  const replies = answers.reduce((sum, { texts }) => sum + texts, 0)
  const optOuts = answers.find(({ intent }) => intent === 'stop')?.texts ?? 0
  return {
    messages: counts.reduce((sum, { messages }) => sum + messages, 0),
    states,
    segmentsSent: counts.find(({ state }) => state === 'sent')?.segments ?? 0,
    leftOut: leftOut.reduce((sum, { contacts }) => sum + contacts, 0),
    replies,
    optOuts,
    replyRate: rate(replies, states.sent),
    optOutRate: rate(optOuts, states.sent),
  }
}

/** To a ten-thousandth. */
function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000
}
