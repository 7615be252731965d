import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database, Writer } from '../../src/main/db/database.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { Dispatch, type PhoneConnection } from '../../src/main/services/dispatch/service.ts'
import { createHolidays } from '../../src/main/services/holidays.ts'
import type { Happening, Log } from '../../src/main/services/ports.ts'
import { DEFAULTS, defaultTexts } from '../../src/main/services/settings.ts'
import { createTimes } from '../../src/main/services/times.ts'
import type { MessageState } from '../../src/shared/operations/messages.ts'
import type { Settings } from '../../src/shared/operations/phones.ts'
import type { Assign, Entry, PhoneStatus } from '../../src/shared/phone-protocol.ts'

/** Noon in New York on a Wednesday in winter: inside the usual hours of every zone of the mainland. */
export const NOON = Date.parse('2026-01-14T17:00:00Z')

const TIMES = createTimes(createHolidays())

export const QUIET: Log = { info() {}, warn() {}, error() {} }

/** A database on disk, a dispatch over it, and phones that are scripted by the test. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'cc-world-'))
  readonly db: Database = openDatabase(join(this.folder, 'db.sqlite'))
  readonly happenings: Happening[] = []
  readonly settings: Settings = { ...DEFAULTS, texts: defaultTexts('') }
  now = NOON
  blocked: string[] = []
  dispatch: Dispatch
  #ids = 0

  constructor() {
    this.db.write(tx => {
      tx.run("INSERT INTO meta VALUES ('epoch', '1') ON CONFLICT DO NOTHING")
    })
    this.dispatch = this.#newDispatch()
  }

  /** What a crash of the hub leaves: the database, and nothing in memory. */
  restartHub(): void {
    this.dispatch.stop()
    this.dispatch = this.#newDispatch()
  }

  hash(number: string): Uint8Array {
    return createHmac('sha256', 'key of the test').update(number).digest()
  }

  addPhone(name = 'Phone', slots = 1): { phoneId: number; sims: number[] } {
    return this.db.write(tx => {
      const { id } = tx.run(
        'INSERT INTO phones (name, key_hash, journal, paired_at) VALUES (?, ?, ?, ?)',
        name,
        this.hash(name),
        `journal of ${name}`,
        this.now,
      )
      const sims: number[] = []
      for (let slot = 0; slot < slots; slot += 1)
        sims.push(tx.run('INSERT INTO sims (phone_id, slot) VALUES (?, ?)', id, slot).id)
      return { phoneId: id, sims }
    })
  }

  addContact(number: string, firstName = 'Ada'): number {
    return this.db.write(
      tx =>
        tx.run(
          'INSERT INTO contacts (number, first_name, created_at, updated_at) VALUES (?, ?, ?, ?)',
          number,
          firstName,
          0,
          0,
        ).id,
    )
  }

  /** A running campaign with a queued message for each number. */
  addCampaign(
    numbers: readonly string[],
    options: Partial<{ template: string; hours: object; sims: number[]; zones: string }> = {},
  ): number {
    return this.db.write(tx => {
      const { id } = tx.run(
        `INSERT INTO campaigns (name, template, state, audience, hours, sims, created_by, created_at, updated_at, started_at)
           VALUES ('C', ?, 'running', '{}', ?, ?, 'local', 0, 0, 0)`,
        options.template ?? 'Hi {{ first_name | default: "there" }}',
        JSON.stringify(options.hours ?? { from: 480, to: 1260, days: [1, 2, 3, 4, 5, 6, 7] }),
        options.sims ? JSON.stringify(options.sims) : null,
      )
      for (const number of numbers) {
        const contact = tx.get<{ id: number }>('SELECT id FROM contacts WHERE number = ?', number)
        this.#queue(tx, id, contact?.id ?? null, number, options.zones ?? 'America/New_York')
      }
      return id
    })
  }

  message(number: string): {
    id: string
    state: MessageState
    reason: string
    recall: string | null
    assignment: number
    simId: number
  } {
    return this.db.get(
      'SELECT id, state, reason, recall, assignment, sim_id AS simId FROM messages WHERE number = ? AND campaign_id IS NOT NULL ORDER BY id DESC LIMIT 1',
      number,
    )!
  }

  states(): Record<string, number> {
    const rows = this.db.all<{ state: string; n: number }>('SELECT state, count(*) AS n FROM messages GROUP BY state')
    return Object.fromEntries(rows.map(row => [row.state, row.n]))
  }

  /** Lets everything happen that is due now. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
  }

  close(): void {
    this.dispatch.stop()
    this.db.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  nextId(): string {
    this.#ids += 1
    return `M${String(this.#ids).padStart(20, '0')}`
  }

  #queue(tx: Writer, campaignId: number, contactId: number | null, number: string, zones: string): void {
    tx.run(
      `INSERT INTO messages (id, kind, campaign_id, contact_id, number, state, zones, due_at, created_by, created_at)
         VALUES (?, 'campaign', ?, ?, ?, 'queued', ?, ?, 'local', ?)`,
      this.nextId(),
      campaignId,
      contactId,
      number,
      zones,
      0,
      this.now,
    )
  }

  #newDispatch(): Dispatch {
    const numberHash = { of: (number: string) => this.hash(number) }
    return new Dispatch({
      db: this.db,
      clock: { now: () => this.now, mono: () => performance.now() },
      log: QUIET,
      happenings: { tell: happening => void this.happenings.push(happening), listen: () => () => {} },
      numberHash,
      settings: { current: () => this.settings },
      zones: () => undefined,
      times: TIMES,
      epoch: () => 1,
      inbound: { ids: { next: () => this.nextId() }, numberHash },
      blockedBy: () => this.blocked,
    })
  }
}

/** A phone of the test: it takes commands, and says what the test lets it say, as numbered entries. */
export class ScriptedPhone implements PhoneConnection {
  readonly phoneId: number
  readonly world: World
  readonly commands: Assign[] = []
  readonly recalls: { id: string; assignment: number }[] = []
  acked = 0
  failed = ''
  askedToErase = 0
  seq = 0

  constructor(world: World, phoneId: number) {
    this.world = world
    this.phoneId = phoneId
  }

  ack(seq: number): void {
    this.acked = seq
  }

  assign(list: readonly Assign[]): void {
    this.commands.push(...list)
  }

  recall(list: readonly { id: string; assignment: number }[]): void {
    this.recalls.push(...list)
  }

  sendErasures(): void {
    this.askedToErase += 1
  }

  fail(message: string): void {
    this.failed = message
  }

  /** Connects with its whole journal applied, and with room for so many segments a lane. */
  async connect(room = 1_000, slots = 1): Promise<void> {
    this.world.dispatch.connected(this, this.seq)
    await this.world.settle()
    await this.status(room, slots)
  }

  async status(room: number, slots = 1, change: Partial<PhoneStatus> = {}): Promise<void> {
    const lanes = Array.from({ length: slots }, (_, slot) => ({
      slot,
      carrier: null,
      country: 'US',
      halt: null,
      haltUntil: null,
      room,
      used: [0],
      recipientsThisMonth: 0,
    }))
    this.world.dispatch.status(this.phoneId, { lanes, battery: null, canProve: true, warnings: [], ...change })
    await this.world.settle()
  }

  async say(...entries: Entry[]): Promise<void> {
    const list = entries.map(entry => {
      this.seq += 1
      return { seq: this.seq, hash: this.seq.toString(16).padStart(32, '0'), entry }
    })
    this.world.dispatch.received(this.phoneId, list)
    await this.world.settle()
  }

  /** Everything that an untroubled send says. */
  async send(command: Assign): Promise<void> {
    const { id, assignment } = command
    const at = this.world.now
    await this.say(
      { type: 'accepted', id, assignment },
      { type: 'attempting', id, assignment, slot: command.slot, number: command.number, bodyHash: '0'.repeat(64), at },
      { type: 'handed_over', id, assignment, at },
      { type: 'sent', id, assignment, rowId: 1, at },
    )
  }

  async text(number: string, body: string, rowId: number): Promise<void> {
    await this.say({
      type: 'inbound',
      store: 'S',
      rowId,
      sender: number,
      number,
      body,
      receivedAt: this.world.now,
      old: false,
    })
  }
}
