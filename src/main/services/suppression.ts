import type { Database, Writer } from '../db/database.ts'
import {
  deleteSuppression,
  insertSuppression,
  listSuppressions,
  type SuppressionRow,
  suppressionOf,
  suppressionsByPrefix,
} from '../db/suppression.ts'
import { badCursor, idCursor, nextCursor } from './cursor.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock, NumberHash } from './ports.ts'

export interface SuppressionParts {
  readonly db: Database
  readonly clock: Clock
  readonly numberHash: NumberHash
  /** Takes back what waits for this number, in the transaction that suppresses it. */
  readonly onSuppressed?: (db: Writer, number: string) => void
}

export function suppressionHandlers(
  parts: SuppressionParts,
): HandlersFor<'suppression.list' | 'suppression.check' | 'suppression.add' | 'suppression.remove'> {
  const { db, clock, numberHash, onSuppressed } = parts
  return {
    'suppression.list': ({ limit, after, search }) => {
      const digits = search.replace(/\D/g, '')
      if (search.trim() === '') {
        const items = listSuppressions(db, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
        return { items, next: nextCursor(items, limit, item => item.id) }
      }
      if (digits === '') return { items: [], next: null }
      if (after !== undefined && !/^\+\d{1,15}$/.test(after)) throw badCursor()
      const items: SuppressionRow[] = suppressionsByPrefix(db, `+${digits}`, after ?? '', limit)
      return { items, next: nextCursor(items, limit, item => item.number!) }
    },
    'suppression.check': ({ number }) => {
      const found = suppressionOf(db, number, numberHash.of(number))
      return { suppressed: found !== undefined, reason: found?.reason ?? null }
    },
    'suppression.add': ({ number, note }, { actor, commit }) => {
      const added = commit((tx, about) => {
        const hash = numberHash.of(number)
        const added = insertSuppression(tx, {
          number,
          hash,
          reason: 'manual',
          note,
          inboundId: null,
          createdBy: actor,
          createdAt: clock.now(),
        })
        about('suppression', suppressionOf(tx, number, hash)!.id)
        if (added) onSuppressed?.(tx, number)
        return added
      })
      return { added }
    },
    'suppression.remove': ({ number }, { commit }) => {
      const removed = commit((tx, about) => {
        const hash = numberHash.of(number)
        const present = suppressionOf(tx, number, hash)
        if (!present) return false
        about('suppression', present.id)
        return deleteSuppression(tx, number, hash)
      })
      return { removed }
    },
  }
}
