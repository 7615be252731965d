// Moves messages from the queue to their proof through the hub's own dispatch, with phones that answer at once and no
// link, so that nothing but the bookkeeping in the database is measured.
import { randomBytes } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { campaignCounts, runningCampaigns } from '../../src/main/db/campaigns.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { simOfSlot } from '../../src/main/db/phones.ts'
import { plainTimetable } from '../../src/main/domain/timetable.ts'
import { Dispatch, type PhoneConnection } from '../../src/main/services/dispatch/service.ts'
import { folderPaths } from '../../src/main/services/folder.ts'
import { DEFAULTS, defaultTexts } from '../../src/main/services/settings.ts'
import type { Assign, Entry, NumberedEntry } from '../../src/shared/phone-protocol.ts'
import { percentile } from './numbers.ts'
import { answer, inputOf, usageOf } from './process.ts'

export interface BookkeepingOrder {
  readonly data: string
  readonly phones: number
  readonly messages: number
}

export interface BookkeepingFigures {
  /** Processor time, µs. */
  readonly cpuPerMessageUs: number
  readonly perMessageUs: number
  /** Reading the counters of a campaign, ms. */
  readonly progressP95Ms: number
}

const { data, phones, messages } = inputOf<BookkeepingOrder>()
const db = openDatabase(folderPaths(data).database)
let sent = 0

class InstantPhone implements PhoneConnection {
  readonly phoneId: number
  #seq = 0

  constructor(phoneId: number) {
    this.phoneId = phoneId
  }

  ack(): void {}
  recall(): void {}
  sendErasures(): void {}

  fail(message: string): void {
    throw new Error(message)
  }

  assign(list: readonly Assign[]): void {
    const at = Date.now()
    for (const { id, assignment, slot, number } of list) {
      const named = { id, assignment }
      const entries: Entry[] = [
        { type: 'accepted', ...named },
        { type: 'attempting', ...named, slot, number, bodyHash: '0'.repeat(64), at },
        { type: 'handed_over', ...named, at },
        { type: 'sent', ...named, rowId: this.#seq, at },
      ]
      sent += 1
      dispatch.received(
        this.phoneId,
        entries.map(entry => this.#numbered(entry)),
      )
    }
  }

  /** With room for as much as a lane may hold. */
  connect(): void {
    dispatch.connected(this, 0)
    const lane = { slot: 0, carrier: null, country: 'US', halt: null, haltUntil: null, room: 1_000_000 }
    const lanes = [{ ...lane, used: [0], recipientsThisMonth: 0 }]
    dispatch.status(this.phoneId, { lanes, battery: null, canProve: true, warnings: [] })
  }

  #numbered(entry: Entry): NumberedEntry {
    this.#seq += 1
    return { seq: this.#seq, hash: this.#seq.toString(16).padStart(32, '0'), entry }
  }
}

const key = randomBytes(32)
const numberHash = { of: () => key }
const settings = { ...DEFAULTS, texts: defaultTexts('') }
const dispatch = new Dispatch({
  ...{ db, numberHash, blockedBy: () => [], epoch: () => 1 },
  clock: { now: () => Date.now(), mono: () => performance.now() },
  log: {
    info() {},
    warn() {},
    error(message, error) {
      throw new Error(message, { cause: error })
    },
  },
  happenings: { tell() {}, listen: () => () => {} },
  settings: { current: () => settings },
  zones: () => undefined,
  times: hours => plainTimetable(hours),
  inbound: { ids: { next: () => randomBytes(13).toString('hex') }, numberHash },
})

const ids = db.write(tx => {
  tx.run("UPDATE campaigns SET state = 'running' WHERE state = 'paused'")
  return Array.from({ length: phones }, (_, n) => {
    const sql = 'INSERT INTO phones (name, key_hash, journal, paired_at) VALUES (?, ?, ?, 0)'
    const { id } = tx.run(sql, `Phone ${n}`, randomBytes(32), `bench ${n}`)
    simOfSlot(tx, id, 0)
    return id
  })
})

const before = usageOf()
const began = performance.now()
for (const id of ids) new InstantPhone(id).connect()
while (sent < messages) await turn()
const seconds = (performance.now() - began) / 1000
const { cpuSeconds } = usageOf()
const done = sent
dispatch.stop()

const took: number[] = []
for (let asked = 0; asked < 200; asked += 1) {
  const from = performance.now()
  for (const { id } of runningCampaigns(db)) campaignCounts(db, id)
  took.push(performance.now() - from)
}
db.close()
const figures: BookkeepingFigures = {
  cpuPerMessageUs: ((cpuSeconds - before.cpuSeconds) / done) * 1e6,
  perMessageUs: (seconds / done) * 1e6,
  progressP95Ms: percentile(took, 95),
}
await answer(figures)
