import type { Database } from '../db/database.ts'
import {
  countSuppressions,
  listLifts,
  listSuppressions,
  type SuppressionRow,
  suppressionOf,
  suppressionsByPrefix,
} from '../db/suppression.ts'
import { badCursor, idCursor, nextCursor } from './cursor.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { NumberHash } from './ports.ts'

/** Looking at the suppression list. */
export function suppressionHandlers(parts: {
  readonly db: Database
  readonly numberHash: NumberHash
}): HandlersFor<'suppression.list' | 'suppression.counts' | 'suppression.check' | 'suppression.lifts'> {
  const { db, numberHash } = parts
  return {
    'suppression.list': ({ limit, after, search, reason }) => {
      const digits = search.replace(/\D/g, '')
      if (search.trim() === '') {
        const items = listSuppressions(db, reason ?? null, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
        return { items, next: nextCursor(items, limit, item => item.id) }
      }
      if (digits === '') return { items: [], next: null }
      if (after !== undefined && !/^\+\d{1,15}$/.test(after)) throw badCursor()
      const items: SuppressionRow[] = suppressionsByPrefix(db, `+${digits}`, after ?? '', limit)
      return { items, next: nextCursor(items, limit, item => item.number!) }
    },
    'suppression.counts': () => {
      const reasons = countSuppressions(db)
      return { numbers: reasons.reduce((sum, { numbers }) => sum + numbers, 0), reasons }
    },
    'suppression.check': ({ number }) => {
      const found = suppressionOf(db, number, numberHash.of(number))
      return { suppressed: found !== undefined, reason: found?.reason ?? null }
    },
    'suppression.lifts': ({ limit, after }) => {
      const items = listLifts(db, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      return { items, next: nextCursor(items, limit, item => item.id) }
    },
  }
}
