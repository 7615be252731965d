import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContactRow } from '../../../src/main/db/contacts.ts'
import type { Database, Writer } from '../../../src/main/db/database.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { Background } from '../../../src/main/services/background.ts'
import { consentHandlers } from '../../../src/main/services/consents.ts'
import { ContactSearch } from '../../../src/main/services/contact-search.ts'
import { contactHandlers } from '../../../src/main/services/contacts.ts'
import { createImports, type ImportService } from '../../../src/main/services/imports/service.ts'
import { listHandlers } from '../../../src/main/services/lists.ts'
import { type Caller, LOCAL } from '../../../src/main/services/operations/caller.ts'
import { createDispatcher, type Handlers } from '../../../src/main/services/operations/dispatch.ts'
import type { Happening } from '../../../src/main/services/ports.ts'
import { suppressionHandlers } from '../../../src/main/services/suppression.ts'
import { NOTHING_STOPPED, suppressionListHandlers } from '../../../src/main/services/suppression-list.ts'
import { createZoneLookup } from '../../../src/main/services/zones.ts'
import type { RefusalBody } from '../../../src/shared/errors.ts'
import type { Import } from '../../../src/shared/operations/imports.ts'
import type { GivenOf, OperationName, OutputOf } from '../../../src/shared/operations/index.ts'
import { QUIET } from '../../support/world.ts'

const zones = createZoneLookup()
export const hashOf = (number: string) => createHmac('sha256', 'key of the test').update(number).digest()

export type ImportOptions = NonNullable<GivenOf<'imports.start'>['settings']['options']>

/** Contacts, lists, suppression and imports over a database on disk, behind the real dispatcher. */
export class Desk {
  readonly folder: string
  readonly suppressedNumbers: string[] = []
  readonly movedNumbers: string[] = []
  readonly happenings: Happening[] = []
  /** Called for each happening, while the import that it tells of is running. */
  onHappening: (happening: Happening) => void = () => {}
  now = Date.parse('2026-03-01T12:00:00Z')
  db: Database
  background: Background
  imports: ImportService
  #dispatch: ReturnType<typeof createDispatcher>
  #mono = 0

  constructor(folder: string = mkdtempSync(join(tmpdir(), 'cc-desk-'))) {
    this.folder = folder
    this.db = openDatabase(join(folder, 'db.sqlite'))
    this.background = new Background(QUIET)
    const opened = this.#open()
    this.imports = opened.imports
    this.#dispatch = opened.dispatch
  }

  #open() {
    const { db, background } = this
    const numberHash = { of: hashOf }
    // Each look at the clock takes long: transactions get small, and the progress is told after each of them.
    const clock = {
      now: () => this.now,
      mono: () => {
        this.#mono += 300
        return this.#mono
      },
    }
    const tell = (happening: Happening) => {
      this.happenings.push(happening)
      this.onHappening(happening)
    }
    const happenings = { tell, listen: () => () => {} }
    const search = new ContactSearch({ db, clock })
    const onMoved = (_tx: Writer, { number }: ContactRow) => void this.movedNumbers.push(number)
    const parts = { db, clock, log: QUIET, happenings, numberHash, background, search, zones, onMoved }
    const imports = createImports(parts)
    const handlers = {
      ...contactHandlers(parts),
      ...listHandlers(parts),
      ...consentHandlers(parts),
      ...suppressionHandlers(parts),
      ...suppressionListHandlers({
        ...parts,
        settings: { current: () => ({ defaultCountry: 'US' }) },
        onSuppressed: (_tx: Writer, number: string) => {
          this.suppressedNumbers.push(number)
          return NOTHING_STOPPED
        },
      }),
      ...imports.handlers,
    } as unknown as Handlers
    return { imports, dispatch: createDispatcher({ db, clock, log: QUIET, handlers }) }
  }

  /** Stops and starts again, as a restart of the hub does. */
  async restart(): Promise<void> {
    await this.close()
    this.db = openDatabase(join(this.folder, 'db.sqlite'))
    this.background = new Background(QUIET)
    const opened = this.#open()
    this.imports = opened.imports
    this.#dispatch = opened.dispatch
    this.imports.start()
  }

  async close(): Promise<void> {
    await this.imports.stop()
    this.background.stop()
    this.db.close()
  }

  async remove(): Promise<void> {
    await this.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Does an operation as a door would, and fails the test when it is refused. */
  async ask<N extends OperationName>(name: N, input: GivenOf<N>, caller: Caller = LOCAL): Promise<OutputOf<N>> {
    const answer = await this.#dispatch(name, input, caller)
    if (!answer.ok) throw new Error(`${name} was refused: ${answer.error.code}: ${answer.error.message}`)
    return answer.data
  }

  /** The refusal of an operation; fails the test when it is let through. */
  async refusal<N extends OperationName>(name: N, input: GivenOf<N>): Promise<RefusalBody> {
    const answer = await this.#dispatch(name, input, LOCAL)
    if (answer.ok) throw new Error(`${name} was let through`)
    return answer.error
  }

  /** Writes a file into the desk's folder and returns its path. */
  file(name: string, text: string | Uint8Array): string {
    const path = join(this.folder, name)
    writeFileSync(path, text)
    return path
  }

  /** Starts an import of US numbers and waits for its end. */
  async import(path: string, options: ImportOptions = {}, caller: Caller = LOCAL): Promise<Import> {
    const { id } = await this.start(path, options, caller)
    return this.ended(id)
  }

  start(path: string, options: ImportOptions = {}, caller: Caller = LOCAL): Promise<Import> {
    return this.ask('imports.start', { path, settings: { options: { defaultCountry: 'US', ...options } } }, caller)
  }

  async ended(id: number): Promise<Import> {
    await this.imports.idle()
    return this.ask('imports.get', { id })
  }

  async contact(number: string) {
    return this.ask('contacts.get', { number })
  }

  /** Numbers that a search finds, in its order. */
  async found(search: string): Promise<string[]> {
    const { items } = await this.ask('contacts.search', { search, limit: 500 })
    return items.map(contact => contact.number)
  }

  /** Everything that imports have stored, to compare one way with another. Ids of contacts are left out. */
  everything(): unknown {
    const { db } = this
    return {
      imports: db.all(
        `SELECT file_name, state, done_row, window_end, window_number, window_row, rows, created, updated, duplicates, rejected,
           flagged, rejected_by_code, error FROM imports ORDER BY id`,
      ),
      contacts: db.all(
        `SELECT number, country, first_name, last_name, email, zone, attributes, import_id, version,
           (SELECT source || wording FROM consents s WHERE s.id = consent_id) AS consent FROM contacts ORDER BY number`,
      ),
      lists: db.all(
        'SELECT name, contacts, (SELECT count(*) FROM list_members m WHERE m.list_id = l.id) AS members FROM lists l ORDER BY name',
      ),
      tags: db.all(
        'SELECT name, contacts, (SELECT count(*) FROM contact_tags m WHERE m.tag_id = t.id) AS members FROM tags t ORDER BY name',
      ),
      rejections: db.all('SELECT * FROM import_rejections ORDER BY import_id, row'),
      flags: db.all('SELECT * FROM import_flags ORDER BY import_id, row, field, code'),
      fields: db.all('SELECT * FROM contact_fields WHERE contacts > 0 ORDER BY name'),
      indexed: db.all('SELECT count(*) AS contacts FROM contacts_search WHERE contacts_search MATCH ?', '"1"*'),
    }
  }
}

/** The n-th of many valid numbers in New York. */
export function newYork(n: number): string {
  return `+1212${String(2_000_000 + n)}`
}

export function csv(header: string, rows: readonly string[]): string {
  return [header, ...rows].map(row => `${row}\r\n`).join('')
}
