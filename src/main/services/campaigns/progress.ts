import { MESSAGE_STATES, type MessageState, type Progress } from '../../../shared/operations/campaigns.ts'
import { answerCounts, campaignCounts, leftOutCounts } from '../../db/campaigns.ts'
import type { Reader } from '../../db/database.ts'
import { wantedCampaign } from './parts.ts'

/** How far a campaign is. Reads counters, so it costs the same for ten messages and for a million. */
export function progressOf(db: Reader, id: number): Progress {
  const campaign = wantedCampaign(db, id)
  const counts = campaignCounts(db, id)
  const answers = answerCounts(db, id)
  return {
    id,
    state: campaign.state,
    pauseReason: campaign.pauseReason,
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

function states(counts: readonly { state: MessageState; messages: number }[]): Record<MessageState, number> {
  const all = Object.fromEntries(MESSAGE_STATES.map(state => [state, 0])) as Record<MessageState, number>
  for (const { state, messages } of counts) all[state] = messages
  return all
}
