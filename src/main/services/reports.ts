import type { LeftOut, MessageState } from '../../shared/operations/campaigns.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import { totalLeftOut } from '../db/analytics.ts'
import type { Reader } from '../db/database.ts'
import {
  type AnswerSum,
  type OutcomeSum,
  type Stretch,
  sumAnswers,
  sumOutcomes,
  sumOutcomesByLane,
  sumOutcomesByReason,
} from '../db/outcome-sums.ts'
import { allPhones, simsOf } from '../db/phones.ts'
import { reasonMeaning } from './campaigns/outcomes.ts'
import { leftOutMeaning } from './campaigns/review-walk.ts'
import { pointsOf, readingsOf } from './report-period.ts'

// Reports by time, phone and reason. They read sums that triggers keep, so they cost the same for a thousand messages and
// for a million; whole days come from the sums of days.

/** What became of messages and how people answered, point by point. */
export function timeline(
  db: Reader,
  { zone: zoneName, by: asked, period }: { zone: string; by: Parameters<typeof pointsOf>[2]; period: Stretch },
): OutputOf<'analytics.timeline'> {
  const { zone, by, points } = pointsOf(period, zoneName, asked)
  const summed = points.map(point => ({ point, ...sumsIn(db, point) }))
  return {
    ...{ zone, by, from: period.from, to: period.to },
    total: figuresOf(
      summed.flatMap(({ outcomes }) => outcomes),
      summed.flatMap(({ answers }) => answers),
    ),
    points: summed.map(({ point, outcomes, answers }) => ({ ...point, ...figuresOf(outcomes, answers) })),
  }
}

/** What each phone sent, and what came in on it. Phones that were revoked are there when they did anything. */
export function phonesReport(db: Reader, period: Stretch): OutputOf<'analytics.phones'> {
  const outcomes = readingsOf(period).flatMap(({ grain, stretch }) => sumOutcomesByLane(db, grain, stretch))
  const { answers } = sumsIn(db, period)
  const phones = allPhones(db, true).map(phone => {
    const sims = simsOf(db, phone.id).map(({ id, slot, carrier }) => ({
      ...{ id, slot, carrier },
      ...laneFigures(outcomes.filter(sum => sum.simId === id)),
    }))
    const ofPhone = answers.filter(({ phoneId }) => phoneId === phone.id)
    const ids = new Set(sims.map(sim => sim.id))
    const sent = laneFigures(outcomes.filter(({ simId }) => ids.has(simId)))
    const came = answerFigures(ofPhone)
    return {
      ...{ id: phone.id, name: phone.name, revoked: phone.revokedAt !== null },
      ...{ ...sent, ...came, replyRate: rate(came.replies, sent.ofCampaigns) },
      ...{ optOutRate: rate(came.optOuts, sent.ofCampaigns), sims },
    }
  })
  const isShown = (phone: (typeof phones)[number]): boolean =>
    !phone.revoked || phone.sent + phone.unknown + phone.failed + phone.replies > 0
  return { phones: phones.filter(isShown) }
}

/** Why messages were not sent, and why contacts were left out of campaigns that began. The most frequent first. */
export function reasonsReport(db: Reader, period: Stretch): OutputOf<'analytics.reasons'> {
  const found = new Map<string, OutputOf<'analytics.reasons'>['reasons'][number]>()
  for (const { grain, stretch } of readingsOf(period)) {
    for (const { state, reason, campaign, messages } of sumOutcomesByReason(db, grain, stretch)) {
      const key = `${state} ${reason}`
      const there = found.get(key)
      const before = there ?? { state, reason, meaning: reasonMeaning(state, reason), messages: 0, ofCampaigns: 0 }
      found.set(key, {
        ...before,
        messages: before.messages + messages,
        ofCampaigns: before.ofCampaigns + (campaign ? messages : 0),
      })
    }
  }
  const reasons = [...found.values()].filter(({ messages }) => messages > 0)
  const leftOut = totalLeftOut(db, period)
    .filter(({ contacts }) => contacts > 0)
    .map(({ code, contacts }) => ({ code: code as LeftOut, meaning: leftOutMeaning(code as LeftOut), contacts }))
  return {
    reasons: reasons.sort((one, other) => other.messages - one.messages || (one.reason < other.reason ? -1 : 1)),
    leftOut: leftOut.sort((one, other) => other.contacts - one.contacts),
  }
}

function sumsIn(db: Reader, stretch: Stretch): { outcomes: OutcomeSum[]; answers: AnswerSum[] } {
  const readings = readingsOf(stretch)
  return {
    outcomes: readings.flatMap(reading => sumOutcomes(db, reading.grain, reading.stretch)),
    answers: readings.flatMap(reading => sumAnswers(db, reading.grain, reading.stretch)),
  }
}

const NOT_SENT: ReadonlySet<MessageState> = new Set(['suppressed', 'expired', 'cancelled'])

function figuresOf(outcomes: readonly OutcomeSum[], answers: readonly AnswerSum[]) {
  const ofCampaigns = outcomes.filter(({ campaign }) => campaign === 1)
  const sent = messagesOf(ofCampaigns, state => state === 'sent')
  const came = answerFigures(answers)
  return {
    sent,
    segmentsSent: segmentsOf(ofCampaigns),
    unknown: messagesOf(ofCampaigns, state => state === 'unknown'),
    failed: messagesOf(ofCampaigns, state => state === 'failed'),
    notSent: messagesOf(ofCampaigns, state => NOT_SENT.has(state)),
    ...came,
    replyRate: rate(came.replies, sent),
    optOutRate: rate(came.optOuts, sent),
    otherSent: messagesOf(outcomes, state => state === 'sent') - sent,
  }
}

function laneFigures(outcomes: readonly OutcomeSum[]) {
  return {
    sent: messagesOf(outcomes, state => state === 'sent'),
    ofCampaigns: messagesOf(
      outcomes.filter(({ campaign }) => campaign === 1),
      state => state === 'sent',
    ),
    segmentsSent: segmentsOf(outcomes),
    unknown: messagesOf(outcomes, state => state === 'unknown'),
    failed: messagesOf(outcomes, state => state === 'failed'),
  }
}

/** Answers to campaigns. */
function answerFigures(answers: readonly AnswerSum[]) {
  const ofCampaigns = answers.filter(({ campaign }) => campaign === 1)
  const add = (sums: readonly AnswerSum[]): number => sums.reduce((sum, { texts }) => sum + texts, 0)
  return { replies: add(ofCampaigns), optOuts: add(ofCampaigns.filter(({ intent }) => intent === 'stop')) }
}

function messagesOf(outcomes: readonly OutcomeSum[], is: (state: MessageState) => boolean): number {
  return outcomes.reduce((sum, { state, messages }) => (is(state) ? sum + messages : sum), 0)
}

function segmentsOf(outcomes: readonly OutcomeSum[]): number {
  return outcomes.reduce((sum, { state, segments }) => (state === 'sent' ? sum + segments : sum), 0)
}

/** To a ten-thousandth; null where there is nothing that it could be a share of. */
export function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000
}
