import type { LeftOut } from '../../shared/operations/campaigns.ts'
import type { InputOf, OutputOf } from '../../shared/operations/index.ts'
import { totalLeftOut } from '../db/analytics.ts'
import type { Reader } from '../db/database.ts'
import { allPhones, simsOf } from '../db/phones.ts'
import {
  type AnswerSums,
  type LaneSums,
  type OutcomeSums,
  sumAnswers,
  sumAnswersByPhone,
  sumByLane,
  sumByReason,
  sumOutcomes,
} from '../db/report-sums.ts'
import { reasonMeaning } from './campaigns/outcomes.ts'
import { leftOutMeaning } from './campaigns/review-walk.ts'
import { pointsOf, readingsOf, type Stretch } from './report-period.ts'

// Reports by time, phone and reason. They read sums that triggers keep, so they cost the same for a thousand messages and
// for a million; whole days come from the sums of days.

/** What became of messages and how people answered, point by point. @throws Refusal for more than `most` points */
export function timeline(
  db: Reader,
  { zone: zoneName, by: asked }: Pick<InputOf<'analytics.timeline'>, 'zone' | 'by'>,
  period: Stretch,
  most: number,
): OutputOf<'analytics.timeline'> {
  const { zone, by, points } = pointsOf(period, zoneName, asked, most)
  const summed = points.map(point => {
    const readings = readingsOf(point)
    return {
      ...point,
      ...together<OutcomeSums>(
        NO_OUTCOMES,
        readings.map(reading => sumOutcomes(db, reading)),
      ),
      ...together<AnswerSums>(
        NO_ANSWERS,
        readings.map(reading => sumAnswers(db, reading)),
      ),
    }
  })
  const total = together<OutcomeSums & AnswerSums>({ ...NO_OUTCOMES, ...NO_ANSWERS }, summed)
  return {
    ...{ zone, by, from: period.from, to: period.to },
    total: { ...total, ...rates(total, total.sent) },
    points: summed.map(point => ({ ...point, ...rates(point, point.sent) })),
  }
}

/** What each phone sent, and what came in on it. Phones that were revoked are there when they did anything. */
export function phonesReport(db: Reader, period: Stretch): OutputOf<'analytics.phones'> {
  const readings = readingsOf(period)
  const lanes = readings.flatMap(reading => sumByLane(db, reading))
  const answers = readings.flatMap(reading => sumAnswersByPhone(db, reading))
  const phones = allPhones(db, true).map(phone => {
    const sims = simsOf(db, phone.id).map(({ id, slot, carrier }) => {
      const sums = lanes.filter(({ simId }) => simId === id)
      return { id, slot, carrier, ...together<Lane>(NO_LANE, sums) }
    })
    const sent = together<Lane>(NO_LANE, sims)
    const came = together<AnswerSums>(
      NO_ANSWERS,
      answers.filter(({ phoneId }) => phoneId === phone.id),
    )
    const revoked = phone.revokedAt !== null
    return { id: phone.id, name: phone.name, revoked, ...sent, ...came, ...rates(came, sent.ofCampaigns), sims }
  })
  const isShown = (phone: (typeof phones)[number]): boolean =>
    !phone.revoked || phone.sent + phone.unknown + phone.failed + phone.replies > 0
  return { phones: phones.filter(isShown) }
}

/** Why messages were not sent, and why contacts were left out of campaigns that began. The most frequent first. */
export function reasonsReport(db: Reader, period: Stretch): OutputOf<'analytics.reasons'> {
  const found = new Map<string, OutputOf<'analytics.reasons'>['reasons'][number]>()
  for (const { state, reason, messages, ofCampaigns } of readingsOf(period).flatMap(one => sumByReason(db, one))) {
    const before = found.get(`${state} ${reason}`)
    found.set(`${state} ${reason}`, {
      ...{ state, reason, meaning: reasonMeaning(state, reason) },
      messages: (before?.messages ?? 0) + messages,
      ofCampaigns: (before?.ofCampaigns ?? 0) + ofCampaigns,
    })
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

type Lane = Omit<LaneSums, 'simId'>

const NO_OUTCOMES: OutcomeSums = { sent: 0, segmentsSent: 0, unknown: 0, failed: 0, notSent: 0, otherSent: 0 }
const NO_ANSWERS: AnswerSums = { replies: 0, optOuts: 0 }
const NO_LANE: Lane = { sent: 0, ofCampaigns: 0, segmentsSent: 0, unknown: 0, failed: 0 }

/** Adds up what `nothing` names, and nothing else. */
function together<T extends object>(nothing: T, parts: readonly T[]): T {
  const names = Object.keys(nothing) as (keyof T)[]
  const sum = (name: keyof T): number => parts.reduce((all, part) => all + Number(part[name]), 0)
  return Object.fromEntries(names.map(name => [name, sum(name)])) as T
}

function rates({ replies, optOuts }: AnswerSums, sent: number) {
  return { replyRate: rate(replies, sent), optOutRate: rate(optOuts, sent) }
}

/** To a ten-thousandth; null where there is nothing that it could be a share of. */
export function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000
}
