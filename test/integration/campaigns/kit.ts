import { recordConsent } from '../../../src/main/db/consents.ts'
import { insertContact } from '../../../src/main/db/contacts.ts'
import { addMembers, ensureGroup } from '../../../src/main/db/lists.ts'
import { insertSuppression } from '../../../src/main/db/suppression.ts'
import type { ZoneLookup } from '../../../src/main/domain/zones.ts'
import { Background } from '../../../src/main/services/background.ts'
import { campaignHandlers } from '../../../src/main/services/campaigns/handlers.ts'
import type { CampaignParts } from '../../../src/main/services/campaigns/parts.ts'
import { type CampaignWork, createCampaignWork } from '../../../src/main/services/campaigns/work.ts'
import { contactHoursHandlers } from '../../../src/main/services/contact-hours.ts'
import { ContactSearch } from '../../../src/main/services/contact-search.ts'
import { contactHandlers } from '../../../src/main/services/contacts.ts'
import { refitContact } from '../../../src/main/services/dispatch/refit.ts'
import { createHolidays } from '../../../src/main/services/holidays.ts'
import { inboxHandlers } from '../../../src/main/services/inbox.ts'
import { keywordRuleHandlers } from '../../../src/main/services/keyword-rules.ts'
import { messageHandlers } from '../../../src/main/services/messages.ts'
import { type Caller, LOCAL } from '../../../src/main/services/operations/caller.ts'
import { createDispatcher, type Handlers } from '../../../src/main/services/operations/dispatch.ts'
import { optOutHandlers } from '../../../src/main/services/opt-outs.ts'
import type { LaneView } from '../../../src/main/services/ports.ts'
import { SaidSearch } from '../../../src/main/services/said-search.ts'
import { suppressionHandlers } from '../../../src/main/services/suppression.ts'
import { suppressionListHandlers } from '../../../src/main/services/suppression-list.ts'
import { createTimes } from '../../../src/main/services/times.ts'
import { createZoneLookup } from '../../../src/main/services/zones.ts'
import { type ErrorCode, Refusal } from '../../../src/shared/errors.ts'
import type { GivenOf, OperationName, OutputOf } from '../../../src/shared/operations/index.ts'
import { QUIET, World } from '../../support/world.ts'

export const OPERATOR: Caller = { kind: 'user', id: 7, role: 'user', sessionId: 1, mustChangePassword: false }
export const ALL_WEEK = [1, 2, 3, 4, 5, 6, 7]
export const TEMPLATE = 'Hi {{ first_name | default: "there" }}, sale today. Reply STOP to opt out'

let zones: ZoneLookup | undefined
const times = createTimes(createHolidays())

/** Campaigns, messages and inbox over a database on disk, with the real dispatcher; phones are a list of the test. */
export class Office {
  readonly world = new World()
  readonly background = new Background(QUIET)
  lanes: LaneView[] = []
  /** True: the data key is closed. */
  keyMissing = false
  parts: CampaignParts
  work: CampaignWork
  readonly #dispatch: ReturnType<typeof createDispatcher>

  constructor() {
    zones ??= createZoneLookup()
    const { world } = this
    const numberHash = {
      of: (number: string) => {
        if (this.keyMissing) throw new Refusal('key_missing')
        return world.hash(number)
      },
    }
    this.parts = {
      db: world.db,
      clock: { now: () => world.now, mono: () => performance.now() },
      ids: { next: () => world.nextId() },
      log: QUIET,
      happenings: { tell: happening => void world.happenings.push(happening), listen: () => () => {} },
      background: this.background,
      settings: { current: () => world.settings },
      search: new ContactSearch({ db: world.db, clock: { now: () => world.now, mono: () => performance.now() } }),
      zones,
      times,
      dispatch: {
        takeBack: (tx, id, as) => world.dispatch.takeBack(tx, id, as),
        wake: () => {},
      },
      numberHash,
      phones: { lanes: () => this.lanes },
    }
    this.work = createCampaignWork(this.parts)
    const handlers = {
      ...campaignHandlers(this.parts),
      ...messageHandlers(this.parts),
      ...suppressionHandlers({ db: world.db, numberHash }),
      ...suppressionListHandlers({
        ...{ db: world.db, clock: this.parts.clock, numberHash, settings: this.parts.settings },
        onSuppressed: (tx, number) => world.dispatch.stopNumber(tx, number),
      }),
      ...keywordRuleHandlers({
        ...{ db: world.db, clock: this.parts.clock, settings: this.parts.settings },
        lookupHash: { of: number => world.hash(number) },
      }),
      ...optOutHandlers({ db: world.db, clock: this.parts.clock }),
      ...inboxHandlers({
        ...this.parts,
        lookupHash: { of: number => world.hash(number) },
        said: new SaidSearch({ db: world.db, clock: this.parts.clock }),
      }),
      ...contactHandlers({ ...this.parts, onMoved: (tx, contact) => refitContact(tx, contact, this.parts) }),
      ...contactHoursHandlers(this.parts),
    } as unknown as Handlers
    this.#dispatch = createDispatcher({ db: world.db, clock: this.parts.clock, log: QUIET, handlers })
  }

  get db() {
    return this.world.db
  }

  /** Does an operation as a door would, and fails the test when it is refused. */
  async ask<N extends OperationName>(name: N, input: GivenOf<N>, caller: Caller = LOCAL): Promise<OutputOf<N>> {
    const answer = await this.#dispatch(name, input, caller)
    if (!answer.ok) throw new Error(`${name} was refused: ${answer.error.code}: ${answer.error.message}`)
    return answer.data
  }

  /** The refusal of an operation; fails the test when it is let through. */
  async refusal<N extends OperationName>(
    name: N,
    input: GivenOf<N>,
    caller: Caller = LOCAL,
  ): Promise<{ code: ErrorCode; message: string }> {
    const answer = await this.#dispatch(name, input, caller)
    if (answer.ok) throw new Error(`${name} was let through`)
    return answer.error
  }

  addPhone(change: Partial<LaneView> = {}): LaneView {
    const name = change.phoneName ?? `Phone ${this.lanes.length + 1}`
    const { phoneId, sims } = this.world.addPhone(name)
    const lane = {
      simId: sims[0]!,
      phoneId,
      phoneName: name,
      slot: 0,
      enabled: true,
      connected: true,
      canProve: true,
      limits: this.world.settings.limits,
      recipientsThisMonth: 0,
      ...change,
    }
    this.lanes.push(lane)
    return lane
  }

  addContact(number: string, change: Partial<Person> = {}): number {
    const { list, consent, suppressed, simId, ...fields } = { ...NOBODY, ...change }
    return this.db.write(tx => {
      const consentId = consent
        ? recordConsent(tx, {
            source: 'form',
            wording: 'yes',
            givenAt: 0,
            recordedBy: 'local',
            recordedAt: 0,
            importId: null,
          })
        : null
      const attributes = JSON.stringify(fields.attributes)
      const id = insertContact(tx, { ...fields, attributes, number, consentId, importId: null }, this.world.now)!
      if (list !== null) addMembers(tx, 'list', ensureGroup(tx, 'list', list, null, 0), [id], null)
      if (simId !== null) tx.run('UPDATE contacts SET sim_id = ? WHERE id = ?', simId, id)
      if (suppressed) this.suppress(number)
      return id
    })
  }

  suppress(number: string): void {
    this.db.write(tx =>
      insertSuppression(tx, {
        number,
        hash: this.world.hash(number),
        reason: 'manual',
        note: '',
        inboundId: null,
        createdBy: 'local',
        createdAt: 0,
      }),
    )
  }

  /** A draft for everybody, unless something else is said. */
  async draft(change: Partial<GivenOf<'campaigns.create'>> = {}): Promise<number> {
    return (await this.ask('campaigns.create', { name: 'Sale', template: TEMPLATE, ...change })).id
  }

  /** A campaign that has begun and whose messages are made. */
  async started(change: Partial<GivenOf<'campaigns.create'>> = {}): Promise<number> {
    const id = await this.draft(change)
    await this.ask('campaigns.start', { id })
    await this.background.idle()
    return id
  }

  /** The messages of a campaign as they are stored, by number. */
  messages(campaignId: number): StoredMessage[] {
    return this.db.all(
      `SELECT id, number, state, reason, zones, sim_id AS simId, pinned, due_at AS dueAt, expires_at AS expiresAt, segments, body, repeats
         FROM messages WHERE campaign_id = ? ORDER BY number, id`,
      campaignId,
    )
  }

  /** The counters of a campaign, and the same by counting everything. */
  counted(campaignId: number): { kept: unknown; counted: unknown } {
    const { db } = this
    const kept = {
      states: db.all(
        'SELECT state, messages, segments FROM campaign_counts WHERE campaign_id = ? AND messages > 0 ORDER BY state',
        campaignId,
      ),
      leftOut: db.all(
        'SELECT code, contacts FROM campaign_left_out_counts WHERE campaign_id = ? AND contacts > 0 ORDER BY code',
        campaignId,
      ),
    }
    const counted = {
      states: db.all(
        'SELECT state, count(*) AS messages, sum(segments) AS segments FROM messages WHERE campaign_id = ? GROUP BY state ORDER BY state',
        campaignId,
      ),
      leftOut: db.all(
        'SELECT code, count(*) AS contacts FROM campaign_left_out WHERE campaign_id = ? GROUP BY code ORDER BY code',
        campaignId,
      ),
    }
    return { kept, counted }
  }

  /** What a crash leaves: the database, and nothing in memory. */
  restart(): Background {
    const background = new Background(QUIET)
    this.parts = { ...this.parts, background }
    this.work = createCampaignWork(this.parts)
    return background
  }

  close(): void {
    this.background.stop()
    this.world.close()
  }
}

export interface StoredMessage {
  id: string
  number: string
  state: string
  reason: string
  zones: string
  simId: number | null
  pinned: number
  dueAt: number
  expiresAt: number | null
  segments: number
  body: string | null
  repeats: string | null
}

interface Person {
  country: string | null
  firstName: string
  lastName: string
  email: string
  zone: string | null
  postcode: string | null
  attributes: Record<string, string>
  list: string | null
  consent: boolean
  suppressed: boolean
  simId: number | null
}

const NOBODY: Person = {
  country: 'US',
  firstName: 'Ada',
  lastName: '',
  email: '',
  zone: null,
  postcode: null,
  attributes: {},
  list: null,
  consent: true,
  suppressed: false,
  simId: null,
}

/** Numbers in Manhattan, whose zone the numbering plan knows. */
export function manhattan(index: number): string {
  return `+1212555${String(index).padStart(4, '0')}`
}
