import type { CsvCell } from '../../shared/csv.ts'
import type { InputOf, OutputOf } from '../../shared/operations/index.ts'
import type { Period } from '../db/analytics.ts'
import type { Reader } from '../db/database.ts'
import { minuteIn } from '../domain/calendar.ts'
import { resultsByCampaign } from './campaign-results.ts'
import { writeCsvFile } from './csv-file.ts'
import { knownZone, type Stretch } from './report-period.ts'
import { phonesReport, reasonsReport, timeline } from './reports.ts'

type Order = Omit<InputOf<'analytics.export'>, 'from' | 'to'>

/** Lines of a file by time: days of five years. */
const MOST_POINTS = 2_000
/** Campaigns read at a time. */
const PAGE = 100

/** Writes one of the tables of the reports as CSV. Times are those of the zone. @throws Refusal */
export function exportReport(
  db: Reader,
  { table, zone: zoneName, by, path }: Order,
  periods: { readonly campaigns: Period; readonly sums: Stretch },
): Promise<OutputOf<'analytics.export'>> {
  const zone = knownZone(zoneName)
  switch (table) {
    case 'campaigns':
      return writeCsvFile(path, CAMPAIGN_HEAD, campaignRows(db, periods.campaigns, zone))
    case 'timeline':
      return writeCsvFile(path, TIME_HEAD, rowsOf(timeRows(timeline(db, { zone, by }, periods.sums, MOST_POINTS))))
    case 'phones':
      return writeCsvFile(path, PHONE_HEAD, rowsOf(phoneRows(phonesReport(db, periods.sums))))
    case 'reasons':
      return writeCsvFile(path, REASON_HEAD, rowsOf(reasonRows(reasonsReport(db, periods.sums))))
  }
}

const CAMPAIGN_HEAD = [
  ...['id', 'campaign', 'state', 'started_at', 'finished_at', 'messages', 'sent', 'segments_sent', 'unknown', 'failed'],
  ...['held_back', 'expired', 'cancelled', 'left_out', 'replies', 'reply_rate', 'opt_outs', 'opt_out_rate'],
]

async function* campaignRows(db: Reader, period: Period, zone: string): AsyncGenerator<CsvCell[]> {
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = resultsByCampaign(db, period, before, PAGE)
    for (const one of page) {
      yield [
        ...[one.id, one.name, one.state, minuteIn(zone, one.startedAt)],
        ...[one.finishedAt === null ? '' : minuteIn(zone, one.finishedAt), one.messages, one.states.sent],
        ...[one.segmentsSent, one.states.unknown, one.states.failed, one.states.suppressed, one.states.expired],
        ...[one.states.cancelled, one.leftOut, one.replies, one.replyRate, one.optOuts, one.optOutRate],
      ]
    }
    if (page.length < PAGE) return
    before = page.at(-1)!.id
  }
}

const TIME_HEAD = [
  ...['from', 'to', 'zone', 'sent', 'segments_sent', 'unknown', 'failed', 'not_sent', 'replies', 'reply_rate'],
  ...['opt_outs', 'opt_out_rate', 'other_texts_sent'],
]

function timeRows({ zone, points }: OutputOf<'analytics.timeline'>): CsvCell[][] {
  return points.map(one => [
    ...[minuteIn(zone, one.from), minuteIn(zone, one.to), zone, one.sent, one.segmentsSent, one.unknown, one.failed],
    ...[one.notSent, one.replies, one.replyRate, one.optOuts, one.optOutRate, one.otherSent],
  ])
}

const PHONE_HEAD = [
  ...['phone', 'sim', 'carrier', 'sent', 'sent_of_campaigns', 'segments_sent', 'unknown', 'failed', 'replies'],
  ...['reply_rate', 'opt_outs', 'opt_out_rate'],
]

/** A line for each phone, and one for each of its SIMs; texts come in at a phone, so that SIMs have none of them. */
function phoneRows({ phones }: OutputOf<'analytics.phones'>): CsvCell[][] {
  return phones.flatMap(phone => [
    [
      ...[phone.name, 'all', '', phone.sent, phone.ofCampaigns, phone.segmentsSent, phone.unknown, phone.failed],
      ...[phone.replies, phone.replyRate, phone.optOuts, phone.optOutRate],
    ],
    ...phone.sims.map(sim => [
      ...[phone.name, sim.slot + 1, sim.carrier, sim.sent, sim.ofCampaigns, sim.segmentsSent, sim.unknown, sim.failed],
      ...['', '', '', ''],
    ]),
  ])
}

const REASON_HEAD = ['state', 'reason', 'meaning', 'messages', 'of_campaigns']

/** Messages that were not sent, then contacts that were left out at the start of campaigns. */
function reasonRows({ reasons, leftOut }: OutputOf<'analytics.reasons'>): CsvCell[][] {
  return [
    ...reasons.map(one => [one.state, one.reason, one.meaning, one.messages, one.ofCampaigns]),
    ...leftOut.map(one => ['left_out', one.code, one.meaning, one.contacts, one.contacts]),
  ]
}

async function* rowsOf(rows: readonly CsvCell[][]): AsyncGenerator<CsvCell[]> {
  yield* rows
}
