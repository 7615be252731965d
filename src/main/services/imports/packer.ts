import { eachFilledField } from '../../domain/fields.ts'
import type { Candidate } from '../../domain/imports/candidate.ts'
import { sortedPlaces } from './sort.ts'
import type { PackedRows, RowNotes } from './windows.ts'

/** Bytes that a packer begins with; it takes more when it needs them. */
const FIRST_BYTES = 1 << 20

/**
 * Turns rows into bytes, one by one, and sorts them at the end: tens of thousands of objects would have to be kept, copied
 * to the other thread and collected.
 */
export class Packer {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #used = 0
  /** Where the text of each row begins. */
  #begins: number[] = []
  #numbers: string[] = []
  #rows: number[] = []
  #filled: number[] = []
  #fillings = new Fillings()
  #notes = new Map<number, Omit<RowNotes, 'at'>>()

  get size(): number {
    return this.#rows.length
  }

  add(candidate: Candidate): void {
    const { row, number, tags, consent, flags } = candidate
    if (tags.length > 0 || consent !== null || flags.length > 0) this.#notes.set(this.size, { tags, consent, flags })
    this.#begins.push(this.#used)
    this.#numbers.push(number)
    this.#rows.push(row)
    this.#filled.push(this.#fillings.of(candidate))
    this.#write(textOf(candidate))
  }

  /** Hands all of them out by number, as texts are compared, and row, and begins anew. Rows have to be added in their order. */
  take(): PackedRows {
    const { size } = this
    const order = sortedPlaces(this.#numbers)
    const texts = Buffer.allocUnsafeSlow(this.#used)
    const textsAt = new Uint32Array(size + 1)
    const numbers = Buffer.allocUnsafeSlow(size * MOST_NUMBER)
    const numbersAt = new Uint32Array(size + 1)
    const rows = new Uint32Array(size)
    const filled = new Uint32Array(size)
    const notes: RowNotes[] = []
    for (let at = 0; at < size; at += 1) {
      const from = order[at]!
      const begin = this.#begins[from]!
      const end = this.#begins[from + 1] ?? this.#used
      textsAt[at + 1] = textsAt[at]! + this.#bytes.copy(texts, textsAt[at], begin, end)
      // The number comes first in the text, with quotation marks, and the comma behind it is taken along.
      const length = this.#numbers[from]!.length + 3
      numbersAt[at + 1] = numbersAt[at]! + this.#bytes.copy(numbers, numbersAt[at], begin + 1, begin + 1 + length)
      rows[at] = this.#rows[from]!
      filled[at] = this.#filled[from]!
      const more = this.#notes.get(from)
      if (more) notes.push({ at, ...more })
    }
    const { lists: fillings } = this.#fillings
    this.#clear()
    return { size, texts, textsAt, numbers, numbersAt, rows, filled, fillings, notes }
  }

  /** The bytes stay: a window is as long as the one before. */
  #clear(): void {
    this.#used = 0
    this.#begins = []
    this.#numbers = []
    this.#rows = []
    this.#filled = []
    this.#fillings = new Fillings()
    this.#notes = new Map()
  }

  #write(text: string): void {
    // No character takes more than three bytes for each of its units.
    const needed = this.#used + text.length * 3
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, this.#used)
      this.#bytes = larger
    }
    this.#used += this.#bytes.write(text, this.#used)
  }
}

/** Quotation marks, plus, 15 digits and a comma. */
const MOST_NUMBER = 19

/** A StoredRow and a comma. */
function textOf({ number, country, firstName, lastName, email, zone, attributes }: Candidate): string {
  let pairs = ''
  for (const key in attributes) pairs += `${pairs === '' ? '' : ','}"${key}":${quoted(attributes[key]!)}`
  const names = `${quoted(firstName)},${quoted(lastName)},${quoted(email)}`
  return `["${number}",${maybe(country)},${names},${maybe(zone)},{${pairs}}],`
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
class Fillings {
  readonly lists: (readonly string[])[] = []
  readonly #roots: (Filling | undefined)[] = []

  /** The place of the row's set of fields in the lists. */
  of(candidate: Candidate): number {
    const { firstName, lastName, email, country, zone, attributes } = candidate
    const own =
      (firstName === '' ? 0 : 1) +
      (lastName === '' ? 0 : 2) +
      (email === '' ? 0 : 4) +
      (country === null ? 0 : 8) +
      (zone === null ? 0 : 16)
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

/** Of rows with certain attributes; `next` are those with one more. */
interface Filling {
  place: number
  readonly next: Map<string, Filling>
}
