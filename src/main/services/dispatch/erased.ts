import { erasedNumber } from '../../../shared/erased.ts'
import type { MessageEntry } from '../../../shared/phone-protocol.ts'
import type { Reader } from '../../db/database.ts'
import { erasureOf, hasErasures } from '../../db/erasures.ts'
import type { NumberHash } from '../ports.ts'

/**
 * An entry as the hub takes it in. After a restore, a phone that has not changed its journal yet tells once more what it
 * attempted to people who were erased since: their number and text stay out.
 * @param told is given the erasure, by its id
 */
export function withoutErased(
  db: Reader,
  entry: MessageEntry,
  numberHash: NumberHash,
  told: (erasureId: number) => void,
): MessageEntry {
  if (entry.type !== 'attempting' || !hasErasures(db)) return entry
  const erasure = erasureOf(db, numberHash.of(entry.number))
  if (erasure?.finishedAt == null || entry.at > erasure.finishedAt) return entry
  told(erasure.id)
  return { ...entry, number: erasedNumber(erasure.uid), bodyHash: '0'.repeat(64) }
}
