import type { Campaign, ListedCampaign, Progress } from '../../../shared/operations/campaigns.ts'
import { MESSAGE_STATES, type MessageState } from '../../../shared/operations/messages.ts'
import {
  answerCounts,
  answersOfCampaigns,
  campaignCounts,
  countsOfCampaigns,
  leftOutCounts,
} from '../../db/campaigns.ts'
import type { Reader } from '../../db/database.ts'
import { isSettled } from '../../domain/message-states.ts'
import { wantedCampaign } from './parts.ts'

/** How far a campaign is. Reads counters, so it costs the same for ten messages and for a million. */
export function progressOf(db: Reader, id: number): Progress {
  const campaign = wantedCampaign(db, id)
  const counts = campaignCounts(db, id)
  const answers = answerCounts(db, id)
  return {
    id,
    state: campaign.state,
    filled: campaign.startedAt !== null && campaign.fillingAfter === null,
    messages: counts.reduce((sum, count) => sum + count.messages, 0),
    states: states(counts),
    segmentsSent: counts.find(count => count.state === 'sent')?.segments ?? 0,
    leftOut: Object.fromEntries(leftOutCounts(db, id).map(({ code, contacts }) => [code, contacts])),
    replies: answers.reduce((sum, answer) => sum + answer.texts, 0),
    optOuts: answers.find(answer => answer.intent === 'stop')?.texts ?? 0,
    startedAt: campaign.startedAt,
    finishedAt: campaign.finishedAt,
  }
}

/** Campaigns of a list, each with how far it is. */
export function withProgress(db: Reader, campaigns: readonly Campaign[]): ListedCampaign[] {
  const ids = campaigns.map(campaign => campaign.id)
  const counts = Map.groupBy(countsOfCampaigns(db, ids), count => count.id)
  const answers = new Map(answersOfCampaigns(db, ids).map(({ id, texts }) => [id, texts]))
  return campaigns.map(campaign => {
    const own = counts.get(campaign.id) ?? []
    const sum = (of: (state: MessageState) => boolean): number =>
      own.reduce((all, { state, messages }) => (of(state) ? all + messages : all), 0)
    return {
      ...campaign,
      messages: sum(() => true),
      ended: sum(isSettled),
      sent: sum(state => state === 'sent'),
      replies: answers.get(campaign.id) ?? 0,
    }
  })
}

function states(counts: readonly { state: MessageState; messages: number }[]): Record<MessageState, number> {
  const all = Object.fromEntries(MESSAGE_STATES.map(state => [state, 0])) as Record<MessageState, number>
  for (const { state, messages } of counts) all[state] = messages
  return all
}
