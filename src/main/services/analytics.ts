import type { Period } from '../db/analytics.ts'
import type { Database } from '../db/database.ts'
import { resultsByCampaign, resultsTogether } from './campaign-results.ts'
import { idCursor, nextCursor } from './cursor.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock } from './ports.ts'
import { exportReport } from './report-files.ts'
import { reportPeriod } from './report-period.ts'
import { phonesReport, reasonsReport, timeline } from './reports.ts'

/** More points are no picture. */
const MOST_POINTS = 130

type AnalyticsNames = `analytics.${'campaigns' | 'totals' | 'timeline' | 'phones' | 'reasons' | 'export'}`

/** What became of messages and how people answered: by campaign, time, phone and reason, on the screen and as files. */
export function analyticsHandlers(parts: {
  readonly db: Database
  readonly clock: Clock
}): HandlersFor<AnalyticsNames> {
  const { db, clock } = parts
  return {
    'analytics.campaigns': ({ limit, after, ...period }) => {
      const items = resultsByCampaign(db, wholePeriod(period), idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      return { items, next: nextCursor(items, limit, item => item.id) }
    },
    'analytics.totals': period => resultsTogether(db, wholePeriod(period)),
    'analytics.timeline': given => timeline(db, given, reportPeriod(db, given, clock.now()), MOST_POINTS),
    'analytics.phones': given => phonesReport(db, reportPeriod(db, given, clock.now())),
    'analytics.reasons': given => reasonsReport(db, reportPeriod(db, given, clock.now())),
    'analytics.export': ({ from, to, ...input }) =>
      exportReport(db, input, {
        campaigns: wholePeriod({ from, to }),
        sums: reportPeriod(db, { from, to }, clock.now()),
      }),
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
