import type { CountryCode } from 'libphonenumber-js/max'
import type { ReadSettings } from '../../../shared/imports/settings.ts'
import { countryFrom } from '../../domain/imports/country.ts'
import { usableDigits } from '../../domain/imports/phone-number.ts'
import { LIMITS, type Places, placesOf } from '../../domain/imports/row.ts'
import { tagsFrom } from '../../domain/imports/tags.ts'
import { zoneFrom } from '../../domain/imports/zone.ts'
import { postcodeFrom } from '../../domain/places/postcodes.ts'
import { ByteCache } from './byte-cache.ts'
import {
  cellKinds,
  copyBytes,
  copyEscaped,
  digitsOf,
  isBreak,
  isEmailAt,
  KIND,
  splitAt,
  writeText,
} from './cell-bytes.ts'
import type { Packer } from './packer.ts'
import type { RowNotes } from './windows.ts'

/** Attributes whose presence fits into one number, with that of the fields. */
const MOST_ATTRIBUTES = 40
/** Bytes of a row. `CsvReader` looks at longer cells again. */
const LONGEST = 65_536
/** Line ends within a cell. With more of them it may be rows of the list. */
const MOST_BREAKS = 2
/** Bytes of a packed row besides its cells: number, country, zone, quotation marks. */
const ROOM = 200

const [LF, CR, SPACE, QUOTE, PLUS, MINUS, COMMA, EQUALS, AT] = [10, 13, 32, 34, 43, 45, 44, 61, 64]

/**
 * Packs rows with nothing odd in them, which are nearly all of a usual list, from their bytes, without making texts of the
 * cells: each text would be made, looked at a few times, copied and collected. A row that is not taken is read by `CsvReader`
 * and `rowReader`; what they would make of one that is taken is the same.
 */
export class QuickRows {
  readonly #packer: Packer
  readonly #at: Places
  readonly #options: ReadSettings['options']
  readonly #defaultCountry: CountryCode | null
  readonly #delimiter: number
  readonly #kinds: Uint8Array
  readonly #isPhone: Uint8Array
  /** Whether nothing is asked of the cell but to be kept. */
  readonly #mayEscape: Uint8Array
  readonly #consents: readonly number[]
  readonly #keys: readonly { readonly key: string; readonly at: number; readonly bytes: Uint8Array }[]
  readonly #keyBytes: number
  /** How often a cell is kept at most: several fields may be of one column. */
  readonly #copies: number
  /** Where each cell of the row begins and ends, without spaces around it. */
  readonly #begins: Uint32Array
  readonly #ends: Uint32Array

  readonly #countries = new ByteCache(countryFrom)
  readonly #zones = new ByteCache(zoneFrom)
  readonly #postcodes = new ByteCache(postcodeFrom)
  readonly #tags = new ByteCache(notesOfTags)
  #fillings: unknown = null
  readonly #places = new Map<number, number>()

  constructor(columns: readonly string[], settings: ReadSettings, packer: Packer) {
    this.#packer = packer
    this.#at = placesOf(columns, settings.mapping)
    this.#options = settings.options
    const { defaultCountry } = settings.options
    this.#defaultCountry = defaultCountry === null ? null : countryFrom(defaultCountry)
    this.#delimiter = settings.format.delimiter.charCodeAt(0)
    this.#kinds = cellKinds(settings.format.delimiter)
    this.#isPhone = Uint8Array.from(columns, (_, at) => (this.#at.phones.includes(at) ? 1 : 0))
    const { given, refused, source, wording, at, consentKind } = this.#at
    const { firstName, lastName, fullName, email, country, zone, tags, postcode } = this.#at
    this.#consents = [given, refused, source, wording, at, consentKind].filter(place => place >= 0)
    const asked = [...this.#at.phones, firstName, lastName, fullName, email, country, zone, tags, postcode]
    this.#mayEscape = Uint8Array.from(columns, (_, place) => (asked.includes(place) ? 0 : 1))
    this.#keys = this.#at.attributes.map(one => ({ ...one, bytes: Buffer.from(`"${one.key}":"`) }))
    this.#keyBytes = this.#keys.reduce((sum, { bytes }) => sum + bytes.length + 2, 0)
    const kept = [firstName, lastName, fullName, email, ...this.#at.attributes.map(one => one.at)]
    this.#copies = Math.max(...kept.map(place => kept.filter(other => other === place).length))
    this.#begins = new Uint32Array(columns.length)
    this.#ends = new Uint32Array(columns.length)
  }

  /** Whether lists with these columns can be read this way. */
  static canRead(columns: readonly string[], settings: ReadSettings): boolean {
    return placesOf(columns, settings.mapping).attributes.length <= MOST_ATTRIBUTES
  }

  /**
   * Packs the row that begins at `from`. Returns where the next one begins, or -1 when it is not taken.
   * @param bytes UTF-8 with a line end at or behind `from`
   * @param row the one that a spreadsheet shows
   */
  take(bytes: Buffer, from: number, row: number): number {
    const next = this.#cells(bytes, from)
    if (next < 0) return -1
    for (const at of this.#consents) if (this.#has(at)) return -1
    const country = this.#country(bytes)
    if (country === undefined) return -1
    const phone = this.#phone(bytes, country)
    if (phone === null) return -1
    const zone = this.#has(this.#at.zone) ? this.#valueOf(this.#zones, bytes, this.#at.zone) : null
    if (zone === null && this.#has(this.#at.zone)) return -1
    const postcode = this.#has(this.#at.postcode) ? this.#valueOf(this.#postcodes, bytes, this.#at.postcode) : null
    if (postcode === null && this.#has(this.#at.postcode)) return -1
    const notes = this.#has(this.#at.tags) ? this.#valueOf(this.#tags, bytes, this.#at.tags) : NO_NOTES
    if (notes === null || !this.#areUsual(bytes)) return -1
    this.#pack(bytes, next - from, row, phone, zone, postcode)
    if (notes.tags.length > 0) this.#packer.note(notes)
    return next
  }

  /** Finds the cells of a row; -1: it is not whole, or has something in it that has to be looked at closer. */
  #cells(bytes: Buffer, from: number): number {
    const kinds = this.#kinds
    const width = this.#begins.length
    let at = from
    for (let cell = 0; cell < width; cell += 1) {
      let begin = at
      let end: number
      if (bytes[at] === QUOTE) {
        begin = at + 1
        end = this.#quoteEnd(bytes, begin, this.#mayEscape[cell] === 1)
        if (end < 0) return -1
        at = end + 1
      } else {
        while (kinds[bytes[at]!] === KIND.plain) at += 1
        end = at
      }
      while (begin < end && bytes[begin] === SPACE) begin += 1
      while (begin < end && bytes[end - 1] === SPACE) end -= 1
      if (begin < end) {
        if (mayBeFormula(bytes[begin]!, this.#isPhone[cell] === 1)) return -1
        if (isBreak(bytes[begin]!) || isBreak(bytes[end - 1]!)) return -1
      }
      this.#begins[cell] = begin
      this.#ends[cell] = end
      if (cell + 1 < width) {
        if (bytes[at] !== this.#delimiter) return -1
        at += 1
      }
    }
    if (bytes[at] === CR) at += 1
    return bytes[at] === LF && at - from < LONGEST ? at + 1 : -1
  }

  /** The quotation mark that closes the cell which begins at `from`, or -1. */
  #quoteEnd(bytes: Buffer, from: number, mayEscape: boolean): number {
    const kinds = this.#kinds
    let breaks = 0
    for (let at = from; ; at += 1) {
      const byte = bytes[at]!
      const kind = kinds[byte]!
      if (kind === KIND.plain || kind === KIND.delimiter) continue
      if (kind !== KIND.escaped) return -1
      if (byte === QUOTE) {
        if (bytes[at + 1] !== QUOTE) return at
        at += 1
      } else if (isBreak(byte)) {
        breaks += 1
      }
      if (!mayEscape || breaks > MOST_BREAKS) return -1
    }
  }

  /** Null: no country. Undefined: one that is not understood. */
  #country(bytes: Buffer): CountryCode | null | undefined {
    const { country } = this.#at
    return this.#has(country) ? (this.#valueOf(this.#countries, bytes, country) ?? undefined) : this.#defaultCountry
  }

  /** The first number of the row. Null: it cannot be used as it is, or another one looks like a formula. */
  #phone(bytes: Buffer, country: CountryCode | null): ReturnType<typeof usableDigits> {
    let phone: ReturnType<typeof usableDigits> = null
    for (const at of this.#at.phones) {
      if (!this.#has(at)) continue
      const isFirst = phone === null
      if (!isFirst && bytes[this.#begins[at]!] !== PLUS) continue
      const digits = digitsOf(bytes, this.#begins[at]!, this.#ends[at]!)
      if (digits === null) return null
      const read = usableDigits(digits, country, isFirst ? this.#options : { allowLandlines: true })
      if (read === null) return null
      phone ??= read
    }
    return phone
  }

  /** Whether names, e-mail address and attributes are as they would be kept. */
  #areUsual(bytes: Buffer): boolean {
    const { firstName, lastName, fullName, email } = this.#at
    if (!this.#isName(bytes, firstName) || !this.#isName(bytes, lastName) || !this.#isName(bytes, fullName))
      return false
    if (this.#has(email) && !isEmailAt(bytes, this.#begins[email]!, this.#ends[email]!)) return false
    if (this.#lengthOf(email) > LIMITS.email) return false
    for (const { at } of this.#keys) if (this.#lengthOf(at) > LIMITS.attribute) return false
    return true
  }

  #isName(bytes: Buffer, cell: number): boolean {
    if (!this.#has(cell)) return true
    if (this.#lengthOf(cell) > LIMITS.name) return false
    const end = this.#ends[cell]!
    for (let at = this.#begins[cell]! + 1; at < end; at += 1) {
      if (bytes[at] === SPACE && bytes[at - 1] === SPACE) return false
    }
    return true
  }

  /** Writes the JSON of a StoredRow. No cell has anything in it that JSON would write otherwise. */
  #pack(
    bytes: Buffer,
    length: number,
    row: number,
    phone: NonNullable<ReturnType<typeof usableDigits>>,
    zone: string | null,
    postcode: string | null,
  ): void {
    const packer = this.#packer
    const to = packer.room(2 * length * this.#copies + this.#keyBytes + ROOM)
    let end = packer.used
    let filled = (phone.country === null ? 0 : 8) + (zone === null ? 0 : 16)
    end = writeText(to, end, '["')
    end = writeText(to, end, phone.e164)
    end = writeText(to, end, phone.country === null ? '",null,"' : `","${phone.country}","`)
    const [first, firstEnd, last, lastEnd] = this.#names(bytes)
    if (first < firstEnd) filled += 1
    if (last < lastEnd) filled += 2
    end = copyBytes(bytes, first, firstEnd, to, end)
    end = writeText(to, end, '","')
    end = copyBytes(bytes, last, lastEnd, to, end)
    end = writeText(to, end, '","')
    if (this.#has(this.#at.email)) {
      filled += 4
      end = copyBytes(bytes, this.#begins[this.#at.email]!, this.#ends[this.#at.email]!, to, end)
    }
    end = writeText(to, end, zone === null ? '",null,{' : `","${zone}",{`)
    let bit = 32
    for (const { at, bytes: key } of this.#keys) {
      if (this.#has(at)) {
        if (filled >= 32) to[end++] = COMMA
        filled += bit
        end = copyBytes(key, 0, key.length, to, end)
        end = copyEscaped(bytes, this.#begins[at]!, this.#ends[at]!, to, end)
        to[end++] = QUOTE
      }
      bit *= 2
    }
    if (this.#at.postcode >= 0) {
      if (postcode !== null) filled += bit
      end = writeText(to, end, postcode === null ? '},null],' : `},"${postcode}"],`)
    } else end = writeText(to, end, '}],')
    packer.added(row, phone.e164, this.#filling(filled), end)
  }

  /** Where the first name begins and ends, then the last name. */
  #names(bytes: Buffer): readonly [number, number, number, number] {
    const { firstName, lastName, fullName } = this.#at
    const [hasFirst, hasLast] = [this.#has(firstName), this.#has(lastName)]
    if (hasFirst || hasLast || !this.#has(fullName)) {
      return [
        hasFirst ? this.#begins[firstName]! : 0,
        hasFirst ? this.#ends[firstName]! : 0,
        hasLast ? this.#begins[lastName]! : 0,
        hasLast ? this.#ends[lastName]! : 0,
      ]
    }
    return splitAt(bytes, this.#begins[fullName]!, this.#ends[fullName]!)
  }

  /** @param filled a bit for each field and attribute that the row has */
  #filling(filled: number): number {
    const { fillings } = this.#packer
    if (fillings !== this.#fillings) this.#places.clear()
    this.#fillings = fillings
    const known = this.#places.get(filled)
    if (known !== undefined) return known
    const has = (bit: number) => Math.floor(filled / bit) % 2 === 1
    const place = fillings.of({
      number: 'x',
      firstName: has(1) ? 'x' : '',
      lastName: has(2) ? 'x' : '',
      email: has(4) ? 'x' : '',
      country: has(8) ? 'x' : null,
      zone: has(16) ? 'x' : null,
      postcode: has(2 ** (this.#keys.length + 5)) ? 'x' : null,
      attributes: Object.fromEntries(this.#keys.filter((_, n) => has(2 ** (n + 5))).map(({ key }) => [key, 'x'])),
    })
    this.#places.set(filled, place)
    return place
  }

  #has(at: number): boolean {
    return at >= 0 && this.#begins[at]! < this.#ends[at]!
  }

  /** Bytes, which are at least as many as characters. */
  #lengthOf(at: number): number {
    return at < 0 ? 0 : this.#ends[at]! - this.#begins[at]!
  }

  #valueOf<T>(cache: ByteCache<T>, bytes: Buffer, at: number): T {
    return cache.of(bytes, this.#begins[at]!, this.#ends[at]!)
  }
}

const NO_NOTES: RowNotes = { tags: [], consent: null, flags: [] }

/** Null: a tag would have to be cut. */
function notesOfTags(cell: string): RowNotes | null {
  let isCut = false
  const tags = tagsFrom(cell, () => {
    isCut = true
  })
  return isCut ? null : { ...NO_NOTES, tags }
}

/** Whether a cell that begins with this byte may be a formula; a number that can be used is none. */
function mayBeFormula(byte: number, isPhone: boolean): boolean {
  return byte === EQUALS || byte === MINUS || byte === AT || (byte === PLUS && !isPhone)
}
