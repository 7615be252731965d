import type { InputOf, OutputOf } from '../../shared/operations/index.ts'
import { campaignNames } from '../db/campaigns.ts'
import { mergeSearch } from '../db/contact-search.ts'
import { contactByNumber } from '../db/contacts.ts'
import type { Database } from '../db/database.ts'
import { END, findSaid, indexSaid, isHistoryDone, isSaidComplete, type SaidFilter, type SaidRow } from '../db/said.ts'
import { fullName } from '../domain/fields.ts'
import { type SaidQuery, saidQuery, snippetOf } from '../domain/said-query.ts'
import { idCursor, nextCursor } from './cursor.ts'
import { IndexKeeper } from './index-keeper.ts'
import type { Clock } from './ports.ts'

/** Texts are longer than names, so a step takes fewer of them. */
const LEAST_ROWS = 25
/** Texts that a rough search finds for each one that is wanted: enough where many of them are meant. */
const ROUGHLY = 10

/** Finds everything that was said: what came in, what went out, and notes. */
export class SaidSearch extends IndexKeeper {
  readonly #db: Database

  constructor(parts: { db: Database; clock: Clock }) {
    const merge: ConstructorParameters<typeof IndexKeeper>[1]['merge'] = (tx, pages) =>
      mergeSearch(tx, pages, 'said_words')
    super(parts, { isComplete: isSaidComplete, add: indexSaid, merge }, LEAST_ROWS)
    this.#db = parts.db
  }

  /** What is said a moment ago is found, too; what was there before the search was may still be missing. */
  async find(input: InputOf<'inbox.search'>): Promise<OutputOf<'inbox.search'>> {
    const db = this.#db
    if (isHistoryDone(db)) await this.complete()
    const query = saidQuery(input.query)
    const rows = query ? this.#rows(query, input) : []
    const campaigns = new Map(
      campaignNames(
        db,
        rows.flatMap(row => row.campaignId ?? []),
      ).map(campaign => [campaign.id, campaign]),
    )
    return {
      items: rows.map(row => {
        const contact = contactByNumber(db, row.number)
        return {
          kind: row.kind,
          id: row.messageId ?? String(row.rowId),
          threadId: row.threadId,
          contactId: contact?.id ?? null,
          number: row.number,
          name: contact ? fullName(contact) : '',
          at: row.at,
          snippet: snippetOf(row.body, query!.hits(row.body)),
          campaign: (row.campaignId !== null && campaigns.get(row.campaignId)) || null,
        }
      }),
      next: nextCursor(rows, input.limit, row => row.place),
      complete: isHistoryDone(db),
    }
  }

  #rows(query: SaidQuery, input: InputOf<'inbox.search'>): SaidRow[] {
    const filter: SaidFilter = {
      kind: input.kind ?? null,
      campaignId: input.campaignId ?? null,
      phoneId: input.phoneId ?? null,
      from: input.from ?? null,
      to: input.to ?? null,
    }
    const before = placeCursor(input.after)
    const { limit } = input
    return this.#roughly(query, filter, before, limit) ?? findSaid(this.#db, query.exact, filter, before, limit)
  }

  /** By the rough search alone; null where too few of those that it finds are meant, or that cannot be told. */
  #roughly(query: SaidQuery, filter: SaidFilter, before: number, limit: number): SaidRow[] | null {
    if (query.rough === null) return null
    const found = findSaid(this.#db, query.rough, filter, before, limit * ROUGHLY)
    const meant: SaidRow[] = []
    for (const row of found) {
      const fits = query.fits(row.body)
      if (fits === null) return null
      if (fits) meant.push(row)
      if (meant.length === limit) return meant
    }
    return found.length < limit * ROUGHLY ? meant : null
  }
}

/** Places have up to 16 digits. */
function placeCursor(after: string | undefined): number {
  if (after !== undefined && /^\d{16}$/.test(after) && Number.isSafeInteger(Number(after))) return Number(after)
  return idCursor(after, END)
}
