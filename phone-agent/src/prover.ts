import type { UnknownReason } from '../../src/shared/phone-protocol.ts'
import type { Core } from './core.ts'
import { passed } from './gate.ts'
import type { NewLine } from './journal-lines.ts'
import { type Claimant, type Finding, findProof, type ProofRow } from './proof.ts'
import { type SmsRow, sameText } from './rows.ts'
import type { Message } from './state.ts'
import type { StoreReader } from './store-reader.ts'
import { twinKey } from './text.ts'

/** How long after it was first seen a row must still be there, in ms: Android hides what failed soon after writing it. */
export const LASTING_MS = 5000

interface Tracked {
  readonly row: SmsRow
  readonly proof: Omit<ProofRow, 'lasting'>
  /** End of the read in which it was first seen, by the steady clock. */
  readonly firstSeen: number
}

/** Settles attempted messages by the rows in the SMS store. */
export class Prover {
  /** Called for each row that has just proved a message. */
  onProved: (slot: number, rowId: number) => void = () => {}
  readonly #core: Core
  readonly #reader: StoreReader
  #tracked = new Map<number, Tracked>()

  constructor(core: Core, reader: StoreReader) {
    this.#core = core
    this.#reader = reader
  }

  /** Reads the store and settles what it proves or has not proved in time; with `late` also what is already unknown. */
  async settle(late: boolean): Promise<void> {
    const { state, clock } = this.#core
    state.forgetOld(this.#core.moment())
    const open = [...state.open.values()].filter(message => !this.#core.inFlight.has(message.id))
    await this.#giveUp(open.filter(message => message.attempt?.baseline === null))
    if (this.#reader.cannotProve !== null) return
    const provable = open.filter(message => message.attempt?.baseline)
    const messages = late ? [...provable, ...state.unknown.values()] : provable
    if (messages.length === 0) return
    const startedAt = clock.mono()
    const now = this.#core.moment()
    const from = messages.reduce((least, message) => Math.min(least, oldestRow(message)), Number.MAX_SAFE_INTEGER)
    const rows = from === Number.MAX_SAFE_INTEGER ? [] : this.#track(await this.#reader.ownRows(from), from, startedAt)
    const claimants = messages.map(toClaimant).filter(found => found !== null)
    const found = findProof(claimants, rows, row => state.isClaimed(row.id, row.identity))
    const lines: NewLine[] = []
    const proved: { slot: number; rowId: number }[] = []
    for (const message of messages) {
      const finding = found.get(message.id)
      // It was settled while the store was read.
      if (message.attempt === null) continue
      if (finding?.kind === 'proved') {
        lines.push(this.#sent(message, finding.rows))
        proved.push({ slot: message.attempt.slot, rowId: finding.rows[0]!.id })
      } else if (finding?.kind !== 'pending' && message.phase !== 'unknown') {
        const proofMs = this.#core.settings?.proofMs
        if (proofMs === undefined || passed(message.attempt.moment, now) < proofMs) continue
        lines.push(this.#unknown(message, this.#reasonOf(message, finding), seenOf(finding)))
      }
    }
    if (!(await this.#core.recordOrLater(lines))) return
    for (const message of messages) if (message.phase !== 'attempting') this.#core.hung.delete(message.id)
    for (const { slot, rowId } of proved) this.onProved(slot, rowId)
  }

  /** The store cannot be read: what has waited for twice the usual time becomes unknown. */
  async settleUnread(): Promise<void> {
    const proofMs = this.#core.settings?.proofMs
    if (proofMs === undefined) return
    const now = this.#core.moment()
    const lines: NewLine[] = []
    for (const message of this.#core.state.open.values()) {
      if (this.#core.inFlight.has(message.id) || passed(message.attempt!.moment, now) < 2 * proofMs) continue
      lines.push(this.#unknown(message, 'store_unreadable', 'The SMS store could not be read.'))
    }
    await this.#core.recordOrLater(lines)
  }

  /** Nothing will ever prove these, so nothing has to be waited for. */
  async #giveUp(open: readonly Message[]): Promise<void> {
    const lines = open.map(message => {
      const reason = message.phase === 'handed_over' ? 'cannot_prove' : this.#reasonOf(message, undefined)
      return this.#unknown(message, reason, 'The SMS store could not be compared with what it held before the attempt.')
    })
    await this.#core.recordOrLater(lines)
  }

  #reasonOf(message: Message, finding: Finding | undefined): UnknownReason {
    if (message.phase === 'attempting') {
      return this.#core.hung.has(message.id) ? 'timeout' : 'interrupted'
    }
    return finding?.kind === 'unclear' ? 'ambiguous' : 'no_proof'
  }

  #sent(message: Message, rows: readonly ProofRow[]): NewLine {
    const { id, attempt } = message
    return {
      entry: {
        type: 'sent',
        id,
        assignment: attempt!.assignment,
        rowId: rows[0]!.id,
        at: this.#core.hubNow(),
      },
      local: { rows: rows.map(row => [row.id, row.identity] as const) },
    }
  }

  #unknown(message: Message, reason: UnknownReason, seen: string): NewLine {
    const { id, attempt } = message
    this.#core.log('warn', 'unknown', `A message has no proof (${reason}); it is not sent again by itself.`)
    return {
      entry: { type: 'unknown', id, assignment: attempt!.assignment, reason, at: this.#core.hubNow(), seen },
      local: this.#core.stamp(),
    }
  }

  /** Remembers since when each row is there. A row that is gone begins anew if it comes back. */
  #track(rows: readonly SmsRow[], from: number, startedAt: number): ProofRow[] {
    const seenAt = this.#core.clock.mono()
    const next = new Map<number, Tracked>()
    // Rows below belong to messages that are unknown, and are read less often.
    if (this.#core.state.unknown.size > 0) {
      for (const [id, tracked] of this.#tracked) if (id < from) next.set(id, tracked)
    }
    const found: ProofRow[] = []
    for (const row of rows) {
      const before = this.#tracked.get(row.id)
      const tracked = before && isSame(before.row, row) ? before : this.#newlySeen(row, before, seenAt)
      next.set(row.id, tracked)
      found.push({ ...tracked.proof, lasting: startedAt - tracked.firstSeen >= LASTING_MS })
    }
    this.#tracked = next
    return found
  }

  #newlySeen(row: SmsRow, before: Tracked | undefined, seenAt: number): Tracked {
    const { numbers } = this.#core
    const identity = this.#reader.identity(row)
    const number = numbers.canonical(row.address)
    const proof = { id: row.id, number, key: twinKey(number, row.body), body: row.body, identity }
    const sameRow = before !== undefined && sameText(before.proof.identity, identity)
    return { row, proof, firstSeen: sameRow ? before.firstSeen : seenAt }
  }
}

/** What the store showed, for the operator who has to decide. */
function seenOf(finding: Finding | undefined): string {
  return finding?.kind === 'unclear'
    ? 'The SMS store shows other sent texts to this number since the attempt, none of them with this wording.'
    : 'The SMS store shows no sent text to this number since the attempt.'
}

function isSame(a: SmsRow, b: SmsRow): boolean {
  return a.received === b.received && a.address === b.address && a.body === b.body
}

/** The lowest id that a row of this message can have. */
function oldestRow(message: Message): number {
  const baseline = message.attempt?.baseline
  if (!baseline) return Number.MAX_SAFE_INTEGER
  return baseline.rows.reduce((least, [id]) => Math.min(least, id), baseline.max + 1)
}

function toClaimant(message: Message): Claimant | null {
  const { attempt } = message
  return (
    attempt && {
      id: message.id,
      number: attempt.number,
      key: attempt.key,
      body: attempt.body,
      baseline: attempt.baseline,
    }
  )
}
