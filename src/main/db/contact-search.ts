import { fold, WORD } from '../domain/search-words.ts'
import type { Reader, Writer } from './database.ts'

/**
 * Tells the search index which contacts of one transaction change or go, in the order of their ids: out of order it
 * would write a part of itself for each. New contacts come by `indexSearch`.
 */
export class SearchChanges {
  readonly #before = new Map<number, string>()
  #indexedTo: number | null = null

  /** Call it before a contact changes or goes: the index has to be told the words that it holds. */
  changing(db: Reader, id: number): void {
    this.#indexedTo ??= indexedTo(db)
    if (id > this.#indexedTo || this.#before.has(id)) return
    const row = db.get<{ words: string }>(SELECT_WORDS, id)
    if (row) this.#before.set(id, row.words)
  }

  /** Call it when all is done, before the transaction ends. */
  store(db: Writer): void {
    for (const id of [...this.#before.keys()].sort((one, other) => one - other)) {
      const before = this.#before.get(id)!
      const after = db.get<{ words: string }>(SELECT_WORDS, id)?.words
      if (before === after) continue
      db.run("INSERT INTO contacts_search (contacts_search, rowid, words) VALUES ('delete', ?, ?)", id, before)
      if (after !== undefined) db.run('INSERT INTO contacts_search (rowid, words) VALUES (?, ?)', id, after)
    }
    this.#before.clear()
    this.#indexedTo = null
  }
}

/**
 * Takes up to `rows` contacts that are not in the search index yet into it, those made first before the others.
 * Returns whether more are waiting.
 */
export function indexSearch(db: Writer, rows: number): boolean {
  const first = indexedTo(db)
  const { last, count } = db.get<{ last: number | null; count: number }>(
    'SELECT max(id) AS last, count(*) AS count FROM (SELECT id FROM contacts WHERE id > ? ORDER BY id LIMIT ?)',
    first,
    rows,
  )!
  if (last === null) return false
  db.run(ADD_RANGE, first, last)
  db.run('UPDATE contacts_search_state SET indexed_to = ?', last)
  return count === rows
}

/** Whether the search index has every contact. */
export function isSearchComplete(db: Reader): boolean {
  return (
    db.get('SELECT 1 FROM contacts WHERE id > (SELECT indexed_to FROM contacts_search_state) LIMIT 1') === undefined
  )
}

/**
 * One step of merging the parts of a full-text index, of which each transaction adds one: many parts make searching slow.
 * Returns whether there is more to merge.
 * @param pages so many are written: 50 take some milliseconds
 */
export function mergeSearch(
  db: Writer,
  pages: number,
  index: 'contacts_search' | 'said_words' = 'contacts_search',
): boolean {
  const before = totalChanges(db)
  db.run(`INSERT INTO ${index} (${index}, rank) VALUES ('merge', ?)`, pages)
  // As the documentation of FTS5 has it: fewer than two changes mean that nothing was merged.
  return totalChanges(db) - before >= 2
}

/** How to ask the search index for what a person typed. */
export interface SearchQuery {
  readonly exact: string
  /** Finds more than is meant, at once however many there are; what it finds has to be asked with `fits`. */
  readonly rough: string | null
  /** Whether a contact is meant, by `words` of SEARCHED; null: only the index can tell. */
  fits(words: string): boolean | null
}

/**
 * The query for contacts in which every word that was typed begins a word of name, e-mail address or number. Digits with
 * spaces, dashes and brackets are one number, with or without country code or the zero of national dialling, or its last
 * four digits. Null: there is nothing in it to search for.
 */
export function searchQuery(text: string): SearchQuery | null {
  const number = NUMBER.test(text.trim()) ? text.replace(/\D/g, '') : ''
  const typed = number === '' ? text.normalize('NFC') : number
  const words = [...typed.matchAll(WORD)].slice(0, MAX_WORDS).map(({ 0: word, index }) => ({
    word,
    isWhole: word.length > LONGEST_PREFIX && JOINED.test(typed.slice(index + word.length)),
    national: withoutZero(word),
  }))
  if (words.length === 0) return null
  const exact = words.map(({ word, isWhole, national }) =>
    isWhole ? `"${word}"` : national === null ? `"${word}"*` : `("${word}"* OR "${national}"*)`,
  )
  const folded = words.map(({ word }) => fold(word))
  // Digits are spread evenly: four of them in front have few numbers, and most of those with the same three are not meant.
  const slow = words.map(({ word, isWhole }) => !isWhole && word.length > LONGEST_PREFIX && /\D/.test(word))
  const canBeRough = slow.includes(true) && folded.every(word => word !== null)
  return {
    exact: exact.join(' AND '),
    rough: canBeRough
      ? exact.map((one, at) => (slow[at] ? `"${folded[at]!.slice(0, LONGEST_PREFIX)}"*` : one)).join(' AND ')
      : null,
    fits: searched => {
      const found = fold(searched)?.match(WORD)
      return found === undefined
        ? null
        : folded.every((word, at) => !slow[at] || found?.some(one => one.startsWith(word!)))
    },
  }
}

const MAX_WORDS = 12
const NUMBER = /^\(?\+?[\d\s()./-]*\d[\d\s()./-]*$/
/** Behind a word that is typed to its end, since another is joined to it, as in an e-mail address. */
const JOINED = /^[^\s\p{L}\p{N}]+[\p{L}\p{N}]/u
/**
 * The index keeps together what begins with the same one to three letters. For more letters it puts the contacts of all
 * such words together first: of every second one for `gmai`, which takes it some 100 ms among a million.
 */
const LONGEST_PREFIX = 3

function withoutZero(word: string): string | null {
  return /^0+[1-9]\d*$/.test(word) ? word.replace(/^0+/, '') : null
}

/** Country calling codes of two digits (ITU-T E.164); 1 and 7 have one, all others three. */
const TWO_DIGITS =
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'

const NATIONAL = `substr(number, CASE WHEN substr(number, 2, 1) IN ('1', '7') THEN 3
  WHEN substr(number, 2, 2) IN (${TWO_DIGITS.split(' ')
    .map(code => `'${code}'`)
    .join(', ')}) THEN 4 ELSE 5 END)`

const WORDS = `first_name || ' ' || last_name || ' ' || email || ' ' || number || ' ' || ${NATIONAL} || ' ' || substr(number, -4)`

/** What the index holds of a contact, of the columns of `contacts`. */
export const SEARCHED = WORDS

const SELECT_WORDS = `SELECT ${WORDS} AS words FROM contacts WHERE id = ?`
const ADD_RANGE = `INSERT INTO contacts_search (rowid, words) SELECT id, ${WORDS} FROM contacts WHERE id > ? AND id <= ?`

function indexedTo(db: Reader): number {
  return db.get<{ id: number }>('SELECT indexed_to AS id FROM contacts_search_state')!.id
}

function totalChanges(db: Reader): number {
  return db.get<{ changes: number }>('SELECT total_changes() AS changes')!.changes
}
