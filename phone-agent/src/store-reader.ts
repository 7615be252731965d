import type { Core } from './core.ts'
import { errorText } from './files.ts'
import { type Inbound, WINDOW_MS } from './inbound.ts'
import type { Baseline } from './journal-lines.ts'
import type { SmsQuery } from './phone-commands.ts'
import { identityOf, receivedAt, type SmsRow, StoreUnreadable } from './rows.ts'
import { usableZone } from './zone.ts'

/** Only rows that the Termux:API app wrote. */
const OWN = "creator == 'com.termux.api'"
const QUICK_PAGE = 50
const DEEP_PAGE = 200
const MOST_ROWS = 5000
const PROOF_PAGE = 500
/** The rows before an attempt: as many as can plausibly be deleted and have their ids used again. */
const BASELINE_ROWS = 10

/** The one reader of the phone's SMS store. Everything rejects with StoreUnreadable while it cannot be read. */
export class StoreReader {
  /** Why the store cannot be read; null while it can. */
  problem: string | null = null
  /** Why nothing can be proved on this phone; null when it can. */
  cannotProve: string | null = 'The SMS store has not been read yet.'
  zone = usableZone(null)
  /** When the received texts were last read, by the steady clock. */
  readAt = Number.NEGATIVE_INFINITY
  /** Called when it can be read again. */
  onReadable: () => void = () => {}
  readonly #core: Core
  readonly #inbound: Inbound
  #prepared = false
  #identities = new Map<number, { row: SmsRow; zone: string; identity: string }>()

  constructor(core: Core, inbound: Inbound) {
    this.#core = core
    this.#inbound = inbound
  }

  /** Looks up the zone, and whether rows can be told apart by the app that wrote them. */
  async prepare(): Promise<void> {
    this.zone = usableZone(await this.#core.commands.property('persist.sys.timezone'))
    if (this.#prepared && this.cannotProve === null) return
    if (!(await this.#core.commands.canSelect())) {
      this.cannotProve =
        'The package termux-api is older than 0.59 and cannot show who wrote a text. Run: pkg upgrade termux-api'
      this.#prepared = true
      return
    }
    const some = await this.#list({ type: 'all', limit: 1 })
    const none = some.length > 0 ? await this.#list({ type: 'all', limit: 1, selection: '_id < 0' }) : []
    this.cannotProve =
      none.length > 0 ? 'The app Termux:API is too old and cannot show who wrote a text. Update the app.' : null
    this.#prepared = true
  }

  /** Reads the newest received texts; with `deep` all of the last days, since some surface late. */
  async readInbox(deep: boolean, since: number | null = null): Promise<void> {
    const { clock } = this.#core
    const startedAt = clock.mono()
    const oldest = clock.wall() - WINDOW_MS
    const size = deep ? DEEP_PAGE : QUICK_PAGE
    const rows: SmsRow[] = []
    for (let offset = 0; offset < MOST_ROWS; offset += size) {
      const page = await this.#list({ type: 'inbox', limit: size, offset })
      rows.push(...page)
      if (page.length < size) break
      const enough = deep
        ? page.every(row => receivedAt(row, this.zone, 0, 0) < oldest)
        : page.some(row => this.#inbound.isKnown(row, this.zone))
      if (enough) break
    }
    await this.#inbound.offer(unique(rows), this.zone, since)
    this.readAt = startedAt
  }

  /** The newest rows before an attempt. Received texts among them are taken notice of. */
  async baseline(): Promise<Baseline | null> {
    if (!this.#prepared) await this.prepare()
    const rows = await this.#list({ type: 'all', limit: BASELINE_ROWS })
    const received = rows.filter(row => row.type === 'inbox')
    await this.#inbound.offer(received, this.zone, null)
    if (this.cannotProve !== null) return null
    const max = rows.reduce((most, row) => Math.max(most, row.id), 0)
    return { max, rows: rows.map(row => [row.id, this.identity(row)] as const) }
  }

  /** Rows of type sent that the Termux:API app wrote, from an id on. */
  async ownRows(fromId: number): Promise<SmsRow[]> {
    const rows: SmsRow[] = []
    for (let offset = 0; offset < MOST_ROWS * 4; offset += PROOF_PAGE) {
      const selection = `${OWN} AND _id >= ${fromId}`
      const page = await this.#list({ type: 'sent', limit: PROOF_PAGE, offset, selection })
      rows.push(...page)
      if (page.length < PROOF_PAGE) break
    }
    return unique(rows)
  }

  /** Whether a row exists under a condition on the hidden column `sub_id`. */
  async hasRow(id: number, condition = ''): Promise<boolean> {
    const rows = await this.#list({
      type: 'sent',
      limit: 1,
      selection: `_id == ${id}${condition && ` AND ${condition}`}`,
    })
    return rows.length > 0
  }

  identity(row: SmsRow): string {
    const known = this.#identities.get(row.id)
    const same =
      known?.zone === this.zone &&
      known.row.received === row.received &&
      known.row.address === row.address &&
      known.row.body === row.body
    if (same) return known.identity
    const identity = identityOf(row, this.zone)
    if (this.#identities.size > 20_000) this.#identities.clear()
    this.#identities.set(row.id, { row, zone: this.zone, identity })
    return identity
  }

  async #list(query: SmsQuery): Promise<SmsRow[]> {
    try {
      const rows = await this.#core.commands.list(query)
      if (this.problem !== null) {
        this.problem = null
        this.#core.log('info', 'store_readable', 'The texts on the phone can be read again.')
        this.onReadable()
      }
      return rows
    } catch (error) {
      const problem = errorText(error)
      if (this.problem !== problem) {
        this.problem = problem
        this.#core.log('error', 'store_unreadable', `The texts on the phone cannot be read: ${problem}`)
      }
      throw error instanceof StoreUnreadable ? error : new StoreUnreadable(problem)
    }
  }
}

/** Rows that slipped from one page to the next while they were read are there twice. */
function unique(rows: readonly SmsRow[]): SmsRow[] {
  return [...new Map(rows.map(row => [`${row.id} ${row.received} ${row.body}`, row])).values()]
}
