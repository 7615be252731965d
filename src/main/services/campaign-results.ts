import type { OutputOf } from '../../shared/operations/index.ts'
import { MESSAGE_STATES, type MessageState } from '../../shared/operations/messages.ts'
import {
  countStarted,
  type Period,
  startedCampaigns,
  totalAnswers,
  totalCounts,
  totalLeftOut,
} from '../db/analytics.ts'
import { answerCounts, campaignCounts, leftOutCounts } from '../db/campaigns.ts'
import type { Reader } from '../db/database.ts'
import { rate } from './reports.ts'

type CampaignResults = OutputOf<'analytics.campaigns'>['items'][number]

// Results of campaigns. They read counters alone, so they cost the same for ten messages and for a million.

/** Of campaigns that began in a period, the latest first, those made before campaign `before`. */
export function resultsByCampaign(db: Reader, period: Period, before: number, limit: number): CampaignResults[] {
  return startedCampaigns(db, period, before, limit).map(campaign => ({
    ...campaign,
    ...figuresOf(campaignCounts(db, campaign.id), leftOutCounts(db, campaign.id), answerCounts(db, campaign.id)),
  }))
}

/** Of all of them together. */
export function resultsTogether(db: Reader, period: Period): OutputOf<'analytics.totals'> {
  return {
    campaigns: countStarted(db, period),
    ...figuresOf(totalCounts(db, period), totalLeftOut(db, period), totalAnswers(db, period)),
  }
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
