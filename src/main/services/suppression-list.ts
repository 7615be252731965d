import { setImmediate } from 'node:timers/promises'
import type { CsvCell } from '../../shared/csv.ts'
import { Refusal } from '../../shared/errors.ts'
import type { InputOf, OutputOf } from '../../shared/operations/index.ts'
import type { Stopped, SuppressionReason } from '../../shared/operations/suppression.ts'
import type { Database, Reader, Writer } from '../db/database.ts'
import {
  confirmSuppression,
  insertSuppression,
  liftSuppression,
  listSuppressions,
  suppressionOf,
} from '../db/suppression.ts'
import { writeCsvFile } from './csv-file.ts'
import { isE164, typedNumber } from './numbers.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock, NumberHash } from './ports.ts'

export interface SuppressionListParts {
  readonly db: Database
  readonly clock: Clock
  readonly numberHash: NumberHash
  /** Its country is the one of numbers that come without. */
  readonly settings: { current(): { readonly defaultCountry: string | null } }
  /** Takes back what waits for this number, in the transaction that suppresses it, and says what that was. */
  readonly onSuppressed: (db: Writer, number: string) => Stopped
}

export const NOTHING_STOPPED: Stopped = { queued: 0, assigned: 0, accepted: 0, underway: 0 }

/** Changing the suppression list by hand and by lists, and writing it to a file. All campaigns share it. */
export function suppressionListHandlers(
  parts: SuppressionListParts,
): HandlersFor<'suppression.add' | 'suppression.remove' | 'suppression.import' | 'suppression.export'> {
  const { db, clock, numberHash } = parts
  return {
    'suppression.add': ({ number, note }, { actor, commit }) =>
      commit((tx, about) => {
        const found = suppress(tx, parts, number, { reason: 'manual', note, by: actor })
        about('suppression', found.id)
        return { added: found.added, stopped: found.stopped }
      }),
    'suppression.remove': ({ number, note }, { actor, commit }) => {
      const removed = commit((tx, about) => {
        const hash = numberHash.of(number)
        const present = suppressionOf(tx, number, hash)
        if (!present) return false
        about('suppression', present.id)
        const lift = liftSuppression(tx, number, hash, { why: note, by: actor, at: clock.now() })
        if (lift !== null) about('suppression-lift', lift)
        return lift !== null
      })
      return { removed }
    },
    'suppression.import': (input, { actor, commit }) => {
      const read = readNumbers(input, parts.settings.current().defaultCountry)
      return commit((tx, about) => {
        const done = { added: 0, present: 0, rejected: read.rejected, stopped: NOTHING_STOPPED }
        for (const { number, note } of read.numbers) {
          const found = suppress(tx, parts, number, { reason: 'import', note, by: actor })
          if (found.added) about('suppression', found.id)
          done.added += found.added ? 1 : 0
          done.present += found.added ? 0 : 1
          done.stopped = sum(done.stopped, found.stopped)
        }
        return done
      })
    },
    'suppression.export': ({ path }) => writeCsvFile(path, EXPORTED, exportedRows(db)),
  }
}

/**
 * Puts a number on the list, in a transaction. A likely opt-out that waits for a word becomes certain by it, and counts as
 * added. `stopped`: what waited for the number.
 */
export function suppress(
  tx: Writer,
  parts: Pick<SuppressionListParts, 'clock' | 'numberHash' | 'onSuppressed'>,
  number: string,
  how: { readonly reason: SuppressionReason; readonly note: string; readonly by: string },
): { id: number; added: boolean; stopped: Stopped } {
  const hash = parts.numberHash.of(number)
  const present = suppressionOf(tx, number, hash)
  if (present?.reason === 'likely') {
    confirmSuppression(tx, present.id, how.reason, how.by, how.note)
    return { id: present.id, added: true, stopped: parts.onSuppressed(tx, number) }
  }
  if (present) return { id: present.id, added: false, stopped: NOTHING_STOPPED }
  const { reason, note, by: createdBy } = how
  insertSuppression(tx, { number, hash, reason, note, inboundId: null, createdBy, createdAt: parts.clock.now() })
  return { id: suppressionOf(tx, number, hash)!.id, added: true, stopped: parts.onSuppressed(tx, number) }
}

type Rejected = OutputOf<'suppression.import'>['rejected']

/** Each number once, and what is wrong with the others. */
function readNumbers(
  { numbers, country, note }: InputOf<'suppression.import'>,
  usual: string | null,
): { numbers: { number: string; note: string }[]; rejected: Rejected } {
  const found = new Map<string, string>()
  const rejected: Rejected = []
  for (const [at, given] of numbers.entries()) {
    const read = readNumber(given.number.trim(), country ?? usual)
    if ('message' in read) rejected.push({ at, message: read.message })
    else if (!found.has(read.number)) found.set(read.number, given.note || note)
  }
  return { numbers: [...found].map(([number, note]) => ({ number, note })), rejected }
}

function readNumber(text: string, country: string | null): { number: string } | { message: string } {
  // Who is on the list stays on it, even with a number that the numbering plans do not know (any more).
  if (isE164(text)) return { number: text }
  try {
    return typedNumber(text, country, 'number')
  } catch (error) {
    if (error instanceof Refusal) return { message: error.message }
    throw error
  }
}

const EXPORTED = ['number', 'reason', 'note', 'by', 'since'] as const
/** Rows read at a time; other work gets its turn in between. */
const PAGE = 500

async function* exportedRows(db: Reader): AsyncGenerator<CsvCell[]> {
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = listSuppressions(db, null, before, PAGE)
    for (const row of page) {
      if (row.number === null) continue
      yield [row.number, row.reason, row.note, row.createdBy, new Date(row.createdAt).toISOString()]
    }
    if (page.length < PAGE) return
    before = page.at(-1)!.id
    await setImmediate()
  }
}

function sum(one: Stopped, other: Stopped): Stopped {
  return {
    queued: one.queued + other.queued,
    assigned: one.assigned + other.assigned,
    accepted: one.accepted + other.accepted,
    underway: one.underway + other.underway,
  }
}
