import { createHash, createHmac } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WebSocket } from 'ws'
import type { Database, Writer } from '../../../src/main/db/database.ts'
import { setEpoch } from '../../../src/main/db/meta.ts'
import { openDatabase, snapshot } from '../../../src/main/db/open.ts'
import { adoptJournal } from '../../../src/main/db/phones.ts'
import { demandReplay } from '../../../src/main/db/restore.ts'
import { plainTimetable } from '../../../src/main/domain/timetable.ts'
import { Connection, type ConnectionParts } from '../../../src/main/link/connection.ts'
import { Dispatch } from '../../../src/main/services/dispatch/service.ts'
import { PhonesService } from '../../../src/main/services/phones/service.ts'
import type { Log } from '../../../src/main/services/ports.ts'
import { DEFAULTS, defaultTexts } from '../../../src/main/services/settings.ts'
import type { Settings } from '../../../src/shared/operations/phones.ts'
import type { Network } from './network.ts'
import type { ModelTime } from './time.ts'

/** Where a hub can die: before a transaction is stored, after it, or after so many frames have left. */
export type HubStep = 'before commit' | 'after commit' | 'after a frame'

const SETTINGS: Settings = {
  ...DEFAULTS,
  texts: defaultTexts(''),
  hours: { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false },
  limits: { windows: [{ segments: 1_000, windowMs: 60_000 }], recipientsPerMonth: null, pauseMs: [400, 400] },
  proofSeconds: 10,
  pollSeconds: { active: 0.5, idle: 1 },
}

/** The hub's real dispatch, phones and connections over a real database; a crash takes all but the database. */
export class ModelHub {
  readonly folder = mkdtempSync(join(tmpdir(), 'cc-model-'))
  db: Database = openDatabase(join(this.folder, 'db.sqlite'))
  readonly complaints: string[] = []
  readonly phoneId: number
  readonly #time: ModelTime
  readonly #network: Network
  #dispatch: Dispatch | null = null
  #dying: { step: HubStep; countdown: number } | null = null
  #dead = false
  #ids = 0
  #epoch = 1

  constructor(time: ModelTime, network: Network, journal: string) {
    this.#time = time
    this.#network = network
    this.phoneId = this.db.write(tx => {
      tx.run("INSERT INTO meta VALUES ('epoch', '1') ON CONFLICT DO NOTHING")
      return tx.run(
        'INSERT INTO phones (name, key_hash, journal, paired_at) VALUES (?, ?, ?, ?)',
        'Phone',
        this.#hash('key'),
        journal,
        time.now,
      ).id
    })
    this.db.write(tx => tx.run('INSERT INTO sims (phone_id, slot) VALUES (?, 0)', this.phoneId))
    this.start()
  }

  get runs(): boolean {
    return this.#dispatch !== null
  }

  start(): void {
    if (this.#dispatch) return
    const { db } = this
    const watched = new Proxy(db, {
      get: (target, name) => {
        if (name === 'write') return <T>(work: (tx: Writer) => T) => this.#write(work)
        const value = Reflect.get(target, name, target) as unknown
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    const clock = { now: () => this.#time.now, mono: () => this.#time.now }
    const happenings = { tell: () => {}, listen: () => () => {} }
    const numberHash = { of: (number: string) => this.#hash(number) }
    const settings = { current: () => SETTINGS }
    const epoch = () => this.#epoch
    const dispatch = new Dispatch({
      db: watched,
      clock,
      log: this.#log,
      happenings,
      numberHash,
      settings,
      zones: () => undefined,
      times: hours => plainTimetable(hours),
      epoch,
      inbound: { ids: { next: () => this.#nextId() }, numberHash },
      blockedBy: () => [],
    })
    const random = {
      bytes: (length: number) =>
        createHash('sha512')
          .update(`${++this.#ids}`)
          .digest()
          .subarray(0, length),
    }
    const phones = new PhonesService({
      ...{ db: watched, clock, random, log: this.#log, happenings, settings },
      link: () => null,
      wake: () => dispatch.wake(),
    })
    this.#dispatch = dispatch
    let open: Connection | null = null
    const parts: ConnectionParts = {
      ...{ db: watched, clock, log: this.#log, dispatch, phones, settings, epoch },
      addresses: () => [],
      opened: newer => {
        open?.refuse('replaced')
        open = newer
      },
      closed: gone => {
        if (open === gone) open = null
      },
    }
    this.#network.accept = server => {
      if (this.#dispatch !== dispatch) return false
      server.onSend = () => this.#mayLeave()
      new Connection(parts, server as unknown as WebSocket, this.phoneId)
      return true
    }
  }

  /** Copies the database as it is. */
  backUp(): void {
    const path = join(this.folder, 'backup.sqlite')
    rmSync(path, { force: true })
    snapshot(this.db, path)
  }

  /** Puts the copy in the place of the database, with the next epoch, as a restore without the replaced database does. */
  restore(): void {
    const [path, backup] = [join(this.folder, 'db.sqlite'), join(this.folder, 'backup.sqlite')]
    if (!existsSync(backup)) return
    this.crash()
    this.#epoch += 1
    this.db.close()
    for (const part of ['', '-wal', '-shm']) rmSync(path + part, { force: true })
    copyFileSync(backup, path)
    this.db = openDatabase(path)
    this.db.write(tx => {
      setEpoch(tx, this.#epoch)
      demandReplay(tx)
    })
  }

  /** How far the phone's journal has been applied. */
  ackedSeq(): number {
    return this.db.get<{ seq: number }>('SELECT acked_seq AS seq FROM phones')!.seq
  }

  /** Why the phone is not let in; null when it is. */
  journalProblem(): string | null {
    return this.db.get<{ problem: string | null }>('SELECT journal_problem AS problem FROM phones')!.problem
  }

  /** An admin lets the phone in with the journal that it has. */
  acceptJournal(): void {
    this.db.write(tx => adoptJournal(tx, this.phoneId))
    this.#dispatch?.wake()
  }

  /** All that is not in the database is gone. */
  crash(): void {
    this.#dispatch?.stop()
    this.#dispatch = null
    this.#dying = null
    this.#dead = false
    this.#network.accept = () => false
    this.#network.cut()
  }

  dieAt(step: HubStep, countdown: number): void {
    if (this.#dispatch) this.#dying = { step, countdown }
  }

  /** It is not to die any more. */
  disarm(): void {
    this.#dying = null
  }

  /** A death in the middle of something is completed once that has come to its end. */
  burial(): void {
    if (this.#dead) this.crash()
  }

  /** What an operation of a person does: one transaction, and then the dispatch looks. */
  change(work: (tx: Writer, dispatch: Dispatch) => void): void {
    const dispatch = this.#dispatch
    if (!dispatch) return
    this.db.write(tx => work(tx, dispatch))
    dispatch.wake()
  }

  addCampaign(name: string, template: string, numbers: readonly string[]): number {
    const id = this.db.write(tx => {
      const campaign = tx.run(
        `INSERT INTO campaigns (name, template, state, audience, hours, created_by, created_at, updated_at, started_at)
           VALUES (?, ?, 'running', '{}', ?, 'local', 0, 0, 0)`,
        name,
        template,
        JSON.stringify(SETTINGS.hours),
      ).id
      for (const number of numbers) {
        tx.run(
          `INSERT INTO contacts (number, first_name, created_at, updated_at) VALUES (?, 'Ada', 0, 0) ON CONFLICT DO NOTHING`,
          number,
        )
        const contact = tx.get<{ id: number }>('SELECT id FROM contacts WHERE number = ?', number)!
        tx.run(
          `INSERT INTO messages (id, kind, campaign_id, contact_id, number, state, zones, due_at, created_by, created_at)
             VALUES (?, 'campaign', ?, ?, ?, 'queued', 'America/New_York', 0, 'local', ?)`,
          this.#nextId(),
          campaign,
          contact.id,
          number,
          this.#time.now,
        )
      }
      return campaign
    })
    this.#dispatch?.wake()
    return id
  }

  has(campaign: string): boolean {
    return this.db.get('SELECT 1 FROM campaigns WHERE name = ?', campaign) !== undefined
  }

  /** Attempts that only the phone knows of. */
  foreignAttempts(): { number: string; bodyHash: string; state: string }[] {
    return this.db.all('SELECT number, lower(hex(body_hash)) AS bodyHash, state FROM foreign_attempts')
  }

  close(): void {
    this.crash()
    this.db.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #write<T>(work: (tx: Writer) => T): T {
    if (this.#dead) throw new Error('the hub is dead')
    const isOuter = !this.db.inTransaction
    const result = this.db.write(tx => {
      const done = work(tx)
      if (isOuter && this.#dies('before commit')) throw new Error('the hub dies')
      return done
    })
    if (isOuter) this.#dies('after commit')
    return result
  }

  #mayLeave(): boolean {
    if (this.#dead) return false
    this.#dies('after a frame')
    return true
  }

  #dies(step: HubStep): boolean {
    if (this.#dying?.step !== step || --this.#dying.countdown > 0) return false
    this.#dead = true
    this.#dying = null
    return true
  }

  get #log(): Log {
    return {
      info() {},
      warn: (event, details) => void (this.#dead || this.complaints.push(`${event} ${JSON.stringify(details)}`)),
      error: (event, error) => void (this.#dead || this.complaints.push(`${event} ${String(error)}`)),
    }
  }

  #hash(text: string): Uint8Array {
    return createHmac('sha256', 'key of the test').update(text).digest()
  }

  #nextId(): string {
    this.#ids += 1
    return `M${String(this.#ids).padStart(20, '0')}`
  }
}
