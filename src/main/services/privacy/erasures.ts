import { createHmac } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { erasedNumber } from '../../../shared/erased.ts'
import { Refusal } from '../../../shared/errors.ts'
import type { Erasure } from '../../../shared/operations/privacy.ts'
import { MAX_BATCH } from '../../../shared/phone-protocol.ts'
import type { Database, Reader, Writer } from '../../db/database.ts'
import {
  emptyLog,
  erasePerson,
  eraseReports,
  REPORT_TABLES,
  type ReportPlace,
  type ReportTable,
  underwayFor,
} from '../../db/erase.ts'
import {
  askPhones,
  confirmErasure,
  type ErasureRow,
  erasureById,
  erasuresForPhone,
  finishErasure,
  insertErasure,
  listErasures,
  phonesOfErasures,
  waitingErasureOf,
  waitingErasures,
} from '../../db/erasures.ts'
import { idCursor, nextCursor } from '../cursor.ts'
import type { HandlersFor } from '../operations/dispatch.ts'
import type { Clock, Happenings, NumberHash, Randomness } from '../ports.ts'
import { type SuppressionListParts, suppress } from '../suppression-list.ts'

export interface ErasureParts {
  readonly db: Database
  readonly clock: Clock
  readonly random: Randomness
  readonly numberHash: NumberHash
  readonly happenings: Happenings
  readonly onSuppressed: SuppressionListParts['onSuppressed']
  /** Asks phones that are connected to take out of their journals whom they have not confirmed yet. */
  readonly askPhones: () => void
}

/** Rows of reports that one step looks at. */
const ROWS = 500

/** Where the look through the reports is, of the erasure at work. What a crash cuts off begins anew, which changes nothing. */
interface Sweep {
  readonly id: number
  table: ReportTable | null
  place: ReportPlace
  erased: number
}

/**
 * Erases people. The number is suppressed at once; what phones hold is recalled, and what is being sent is waited for, so
 * that its outcome still counts. Then the hub forgets the person, and each phone is asked until it has confirmed.
 */
export class Erasures {
  readonly #parts: ErasureParts
  #sweep: Sweep | null = null

  constructor(parts: ErasureParts) {
    this.#parts = parts
  }

  /** A step of background work: goes on with erasures that nothing is underway for. Returns whether there is more to do. */
  step(): boolean {
    const { db } = this.#parts
    const next = waitingErasures(db).find(one => underwayFor(db, one.number!) === 0)
    if (!next) return false
    if (this.#sweep?.id !== next.id) this.#sweep = { id: next.id, table: REPORT_TABLES[0], place: null, erased: 0 }
    const sweep = this.#sweep
    if (sweep.table === null) this.#finish(next, sweep.erased)
    else this.#look(next, sweep, sweep.table)
    return true
  }

  handlers(): HandlersFor<'person.erase' | 'person.erasures' | 'person.erasure'> {
    const { db } = this.#parts
    return {
      'person.erase': async ({ number, confirm }, { actor, commit }) => {
        if (confirm.replace(/[\s().-]/g, '') !== number) {
          const message = `Type the number once more to confirm: ${number}`
          throw new Refusal('invalid_input', message, { confirm: message })
        }
        const id = commit((tx, about) => {
          const id = this.#request(tx, number, actor)
          about('erasure', id)
          return id
        })
        this.#parts.happenings.tell({ type: 'work' })
        // Without a hub nothing else would do it; with one it is done when the answer comes.
        while (erasureById(db, id)?.state === 'waiting' && underwayFor(db, number) === 0 && this.step())
          await nextTurn()
        return receipts(db, [erasureById(db, id)!])[0]!
      },
      'person.erasures': ({ limit, after }) => {
        const rows = listErasures(db, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
        return { items: receipts(db, rows), next: nextCursor(rows, limit, row => row.id) }
      },
      'person.erasure': ({ id }) => {
        const row = erasureById(db, id)
        if (!row) throw new Refusal('not_found', 'There is no such receipt.')
        return receipts(db, [row])[0]!
      },
    }
  }

  /** What a phone has to take out of its journal, as the link says it. */
  forPhone(phoneId: number): { id: string; key: string; hash: string }[] {
    const waiting = erasuresForPhone(this.#parts.db, phoneId, MAX_BATCH)
    return waiting.map(({ uid, phoneHash }) => ({
      id: uid,
      key: hex(keyOf(this.#parts.numberHash, uid)),
      hash: hex(phoneHash),
    }))
  }

  /** A phone has said that its journal names them no more. */
  confirmed(phoneId: number, uids: readonly string[]): void {
    const { db, clock, happenings } = this.#parts
    db.write(tx => {
      for (const uid of uids) confirmErasure(tx, phoneId, uid, clock.now())
    })
    happenings.tell({ type: 'phone', id: phoneId })
  }

  /** The number is suppressed from here on. Asked for again while one is at work, that one is meant. */
  #request(tx: Writer, number: string, by: string): number {
    const { clock, random, numberHash, onSuppressed } = this.#parts
    const hash = numberHash.of(number)
    suppress(tx, this.#parts, number, { reason: 'erased', note: '', by })
    onSuppressed(tx, number)
    const waiting = waitingErasureOf(tx, hash)
    if (waiting) return waiting.id
    const uid = hex(random.bytes(16))
    const phoneHash = createHmac('sha256', keyOf(numberHash, uid)).update(number).digest()
    return insertErasure(tx, { uid, number, numberHash: hash, phoneHash, requestedBy: by, requestedAt: clock.now() })
  }

  #look({ number }: ErasureRow, sweep: Sweep, table: ReportTable): void {
    const { erased, next } = this.#parts.db.write(tx => eraseReports(tx, table, number!, sweep.place, ROWS))
    sweep.erased += erased
    sweep.place = next
    if (next === null) sweep.table = REPORT_TABLES[REPORT_TABLES.indexOf(table) + 1] ?? null
  }

  #finish({ id, uid, number, numberHash }: ErasureRow, reportRows: number): void {
    const { db, clock } = this.#parts
    db.write(tx => {
      askPhones(tx, id, number!)
      const removed = erasePerson(tx, { number: number!, hash: numberHash, standIn: erasedNumber(uid) })
      if (reportRows > 0) removed['report rows'] = reportRows
      finishErasure(tx, id, removed, clock.now())
    })
    this.#sweep = null
    // It still holds the pages as they were.
    emptyLog(db)
    this.#parts.askPhones()
  }
}

function receipts(db: Reader, rows: readonly ErasureRow[]): Erasure[] {
  const phones = phonesOfErasures(
    db,
    rows.map(row => row.id),
  )
  return rows.map(row => {
    const own = phones.filter(phone => phone.erasureId === row.id)
    return {
      id: row.id,
      state: row.state,
      underway: row.number === null ? 0 : underwayFor(db, row.number),
      requestedBy: row.requestedBy,
      requestedAt: row.requestedAt,
      finishedAt: row.finishedAt,
      removed: JSON.parse(row.removed) as Record<string, number>,
      phones: own.map(({ id, name, revoked, confirmedAt }) => ({ id, name, revoked: revoked === 1, confirmedAt })),
      stays: [...STAYS, ...(own.some(phone => phone.revoked === 1 && phone.confirmedAt === null) ? [REVOKED] : [])],
    }
  })
}

const STAYS = [
  'On the suppression list: a keyed hash of the number, so that no later list can have it texted again.',
  'Messages as facts without number and text, so that the counts of campaigns stay right, and the audit log, which never names anybody.',
  'On each phone, in Android’s own messages app: the texts that were sent and received there. Delete the conversation on the phone.',
  'In the journal of each phone: which rows of its own store are known, each by a short hash, without number and text.',
  'Files outside the hub: lists that were imported from, files that were exported, and what receivers of webhooks keep.',
  'Backups and databases that a restore has replaced, until they are removed. Restoring one erases the person again, unless the database that it replaces cannot be read.',
]
const REVOKED =
  'A revoked phone cannot be asked any more. Run "unpair --forget" on it, or remove the agent with its folder.'

/** The key under which one erasure tells phones the number; it can be made again as long as the data key is open. */
function keyOf(numberHash: NumberHash, uid: string): Uint8Array {
  return numberHash.of(`erase ${uid}`)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
