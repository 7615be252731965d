import { type ContactFields, eachFilledField } from '../../domain/fields.ts'
import type { Candidate } from '../../domain/imports/candidate.ts'
import { sortedPlaces, sortKey } from './sort.ts'
import type { PackedRows, RowNotes } from './windows.ts'

/** Bytes and rows that a packer begins with; it takes more when it needs them. */
const FIRST_BYTES = 1 << 20
const FIRST_ROWS = 1 << 13

/**
 * Turns rows into bytes, one by one, and sorts them at the end: tens of thousands of objects and texts would have to be
 * kept, copied to the other thread and collected.
 */
export class Packer {
  #size = 0
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #used = 0
  /** Of each row, by the order they came in: where its text begins, its number, its row and its filling. */
  #begins = new Uint32Array(FIRST_ROWS)
  #keys = new Float64Array(FIRST_ROWS)
  #lengths = new Uint8Array(FIRST_ROWS)
  #rows = new Uint32Array(FIRST_ROWS)
  #filled = new Uint32Array(FIRST_ROWS)
  #fillings = new Fillings()
  /** Places in the notes, plus one; 0: there is none. */
  #noted = new Uint32Array(FIRST_ROWS)
  #notes: RowNotes[] = []
  readonly #postcodes: boolean

  /** @param postcodes whether rows have one, which is then kept behind the attributes */
  constructor(postcodes = false) {
    this.#postcodes = postcodes
  }

  get size(): number {
    return this.#size
  }

  add(candidate: Candidate): void {
    const { row, number, tags, consent, flags } = candidate
    const text = textOf(candidate, this.#postcodes)
    // No character takes more than three bytes for each of its units.
    const end = this.#used + this.room(text.length * 3).write(text, this.#used)
    this.added(row, number, this.#fillings.of(candidate), end)
    if (tags.length > 0 || consent !== null || flags.length > 0) this.note({ tags, consent, flags })
  }

  /** Where the text of the next row begins. */
  get used(): number {
    return this.#used
  }

  /** The sets of fields that rows have; another list once the rows are taken. */
  get fillings(): Fillings {
    return this.#fillings
  }

  /** All texts, with room for a row of so many bytes. Who writes it there by themselves calls `added` then. */
  room(needed: number): Buffer {
    if (this.#used + needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#used + needed, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, this.#used)
      this.#bytes = larger
    }
    return this.#bytes
  }

  /** @param filling of `fillings`; `end`: where the text of the row ends, which is a StoredRow and a comma */
  added(row: number, number: string, filling: number, end: number): void {
    const at = this.#size
    if (at === this.#rows.length) this.#makeRoom()
    this.#begins[at] = this.#used
    this.#keys[at] = sortKey(number)
    this.#lengths[at] = number.length
    this.#rows[at] = row
    this.#filled[at] = filling
    this.#noted[at] = 0
    this.#used = end
    this.#size += 1
  }

  /** More of the row that was added last. */
  note(notes: RowNotes): void {
    this.#noted[this.#size - 1] = this.#notes.push(notes)
  }

  /** Hands all of them out by number, as texts are compared, and row, and begins anew. Rows have to be added in their order. */
  take(): PackedRows {
    const size = this.#size
    const order = sortedPlaces(this.#keys, this.#lengths, size)
    const texts = new Uint8Array(this.#used)
    const textsAt = new Uint32Array(size + 1)
    const numbers = new Uint8Array(size * MOST_NUMBER)
    const numbersAt = new Uint32Array(size + 1)
    const rows = new Uint32Array(size)
    const filled = new Uint32Array(size)
    const notesAt = new Uint32Array(this.#notes.length)
    const notes: RowNotes[] = []
    const bytes = this.#bytes
    let text = 0
    let number = 0
    for (let at = 0; at < size; at += 1) {
      const from = order[at]!
      const begin = this.#begins[from]!
      const end = from + 1 < size ? this.#begins[from + 1]! : this.#used
      // The number comes first in the text, with quotation marks, and the comma behind it is taken along.
      const numberEnd = begin + this.#lengths[from]! + 4
      // One by one: so few bytes are there before a call that copies them has begun.
      for (let byte = begin; byte < end; byte += 1) texts[text++] = bytes[byte]!
      for (let byte = begin + 1; byte < numberEnd; byte += 1) numbers[number++] = bytes[byte]!
      textsAt[at + 1] = text
      numbersAt[at + 1] = number
      rows[at] = this.#rows[from]!
      filled[at] = this.#filled[from]!
      const noted = this.#noted[from]!
      if (noted > 0) notesAt[notes.push(this.#notes[noted - 1]!) - 1] = at
    }
    const { lists: fillings } = this.#fillings
    this.#clear()
    return { size, texts, textsAt, numbers, numbersAt, rows, filled, fillings, notesAt, notes }
  }

  /** The room stays: a window is as long as the one before. */
  #clear(): void {
    this.#size = 0
    this.#used = 0
    this.#fillings = new Fillings()
    this.#notes = []
  }

  #makeRoom(): void {
    this.#begins = doubled(this.#begins, new Uint32Array(this.#size * 2))
    this.#keys = doubled(this.#keys, new Float64Array(this.#size * 2))
    this.#lengths = doubled(this.#lengths, new Uint8Array(this.#size * 2))
    this.#rows = doubled(this.#rows, new Uint32Array(this.#size * 2))
    this.#filled = doubled(this.#filled, new Uint32Array(this.#size * 2))
    this.#noted = doubled(this.#noted, new Uint32Array(this.#size * 2))
  }
}

/** Quotation marks, plus, 15 digits and a comma. */
const MOST_NUMBER = 19

function doubled<T extends Uint32Array | Uint8Array | Float64Array>(list: T, larger: T): T {
  larger.set(list)
  return larger
}

/** A StoredRow and a comma. */
function textOf(candidate: Candidate, postcodes: boolean): string {
  const { number, country, firstName, lastName, email, zone, attributes, postcode } = candidate
  let pairs = ''
  for (const key in attributes) pairs += `${pairs === '' ? '' : ','}"${key}":${quoted(attributes[key]!)}`
  const names = `${quoted(firstName)},${quoted(lastName)},${quoted(email)}`
  const last = postcodes ? `,${maybe(postcode)}` : ''
  return `["${number}",${maybe(country)},${names},${maybe(zone)},{${pairs}}${last}],`
}

function maybe(text: string | null): string {
  return text === null ? 'null' : quoted(text)
}

/** A JSON text. Nearly all of them need no escaping, and looking for what does is quicker than doing it. */
function quoted(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`
}

const ESCAPED = /["\\\x00-\x1F\uD800-\uDFFF]/

/** Most rows of a list have the same few fields filled, so each such set of fields is said once. */
export class Fillings {
  readonly lists: (readonly string[])[] = []
  readonly #roots: (Filling | undefined)[] = []

  /** The place of the row's set of fields in the lists. */
  of(candidate: FilledFields): number {
    const { firstName, lastName, email, country, zone, postcode, attributes } = candidate
    const own =
      (firstName === '' ? 0 : 1) +
      (lastName === '' ? 0 : 2) +
      (email === '' ? 0 : 4) +
      (country === null ? 0 : 8) +
      (zone === null ? 0 : 16) +
      (postcode == null ? 0 : 32)
    this.#roots[own] ??= { place: -1, next: new Map() }
    let filling = this.#roots[own]
    for (const key in attributes) {
      let next = filling.next.get(key)
      if (!next) {
        next = { place: -1, next: new Map() }
        filling.next.set(key, next)
      }
      filling = next
    }
    if (filling.place < 0) {
      const names: string[] = []
      eachFilledField(candidate, attributes, name => names.push(name))
      filling.place = this.lists.push(names) - 1
    }
    return filling.place
  }
}

type FilledFields = Omit<ContactFields, 'attributes'> & Pick<Candidate, 'attributes'>

/** Of rows with certain attributes; `next` are those with one more. */
interface Filling {
  place: number
  readonly next: Map<string, Filling>
}
