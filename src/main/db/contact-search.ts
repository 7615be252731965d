import type { Writer } from './database.ts'

/** Pages of the search index that one step of merging writes: a few milliseconds. */
const MERGE_PAGES = 24

/** Takes the contacts of a range of ids, which must not be in it yet, into the search index. */
export function addToSearch(db: Writer, firstId: number, lastId: number): void {
  db.run(
    `INSERT INTO contacts_search (rowid, words) SELECT id, ${WORDS} FROM contacts WHERE id BETWEEN ? AND ?`,
    firstId,
    lastId,
  )
}

/** Call it before the contact changes or goes: the index is told the words that it holds. */
export function removeFromSearch(db: Writer, id: number): void {
  db.run(
    `INSERT INTO contacts_search (contacts_search, rowid, words) SELECT 'delete', id, ${WORDS} FROM contacts WHERE id = ?`,
    id,
  )
}

/**
 * One step of merging the parts of the index, which each transaction adds one to. Whoever changes contacts calls it
 * once a transaction; without it searching would grow slow.
 */
export function mergeSearch(db: Writer, pages: number = MERGE_PAGES): void {
  db.run("INSERT INTO contacts_search (contacts_search, rank) VALUES ('merge', ?)", pages)
}

/**
 * The query of the search index for what a person typed: contacts in which every word begins a word of name, e-mail
 * address or number. Digits with spaces, dashes and brackets are one number, with or without country code or the zero of
 * national dialling, or its last four digits. Null: there is nothing in it to search for.
 */
export function searchExpression(text: string): string | null {
  const number = NUMBER.test(text.trim()) ? text.replace(/\D/g, '') : ''
  const words = number === '' ? (text.normalize('NFC').match(WORD) ?? []) : [number]
  if (words.length === 0) return null
  return words.slice(0, MAX_WORDS).map(beginning).join(' AND ')
}

const MAX_WORDS = 12
const NUMBER = /^\(?\+?[\d\s().\/-]*\d[\d\s().\/-]*$/
/** What the index's tokenizer (unicode61) takes as part of a word. */
const WORD = /[\p{L}\p{N}\p{Co}\u0300-\u0331]+/gu

function beginning(word: string): string {
  const national = /^0+[1-9]\d*$/.test(word) ? word.replace(/^0+/, '') : null
  return national === null ? `"${word}"*` : `("${word}"* OR "${national}"*)`
}

/** Country calling codes of two digits (ITU-T E.164); 1 and 7 have one, all others three. */
const TWO_DIGITS =
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'

const NATIONAL = `substr(number, CASE WHEN substr(number, 2, 1) IN ('1', '7') THEN 3
  WHEN substr(number, 2, 2) IN (${TWO_DIGITS.split(' ')
    .map(code => `'${code}'`)
    .join(', ')}) THEN 4 ELSE 5 END)`

const WORDS = `first_name || ' ' || last_name || ' ' || email || ' ' || number || ' ' || ${NATIONAL} || ' ' || substr(number, -4)`
