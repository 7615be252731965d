import { ContactChanges, type ContactPlace, contactsAmong, insertContactRows } from '../../db/contacts.ts'
import type { Reader, Writer } from '../../db/database.ts'
import { noteTouched } from '../../db/imports.ts'
import { addMembers, ensureGroup } from '../../db/lists.ts'
import type { Candidate, RowFlag } from '../../domain/imports/candidate.ts'
import type { ImportPlan } from './plan.ts'
import { type ImportWindow, numberAt, type RowNotes, type StoredRow } from './windows.ts'

/** A row with everything in it, for the few that are looked at one by one. */
export interface TakenRow extends Omit<Candidate, 'kind' | 'country'> {
  readonly country: string | null
}

/** Rows of a window that are stored in one transaction, by their place among each other, and the contacts they become. */
export class Chunk {
  readonly size: number
  readonly changes = new ContactChanges()
  readonly #window: ImportWindow
  readonly #first: number
  readonly #notes: ReadonlyMap<number, RowNotes>
  /** Texts of the contacts to make, each with a comma behind it. */
  readonly #texts: Uint8Array[] = []
  /** Places whose texts follow each other in the window and are not among those above yet. */
  #run = { from: 0, to: 0 }
  #made = 0
  /** How many of the contacts to make have the fields of each filling. */
  readonly #filled = new Map<number, number>()
  /** Tags of the contacts to make, by their place among these. */
  readonly #tagged: { made: number; tags: readonly string[] }[] = []
  readonly #members: number[] = []
  /** Contacts that were there before the import. */
  readonly #touched: number[] = []
  readonly #byTag = new Map<string, number[]>()

  constructor(window: ImportWindow, first: number, end: number) {
    this.size = end - first
    this.#window = window
    this.#first = first
    this.#notes = notesBetween(window, first, end)
  }

  get made(): number {
    return this.#made
  }

  /** Contacts that have one of the numbers already, by place. */
  there(db: Reader): Map<number, ContactPlace> {
    const { numbers, numbersAt } = this.#window
    const list = numbers.subarray(numbersAt[this.#first], numbersAt[this.#first + this.size]! - 1)
    return new Map(contactsAmong(db, list).map(contact => [contact.at, contact]))
  }

  /** E.164; they are in their order. */
  numberAt(place: number): string {
    return numberAt(this.#window, this.#first + place)
  }

  /** Every place that has a number. */
  placesOf(number: string): number[] {
    let [low, high] = [0, this.size]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.numberAt(middle) < number) low = middle + 1
      else high = middle
    }
    const places: number[] = []
    for (let place = low; place < this.size && this.numberAt(place) === number; place += 1) places.push(place)
    return places
  }

  /** Whether the row has the number of the row before it, which may belong to the chunk before. */
  repeats(place: number): boolean {
    const at = this.#first + place
    const { numbers, numbersAt } = this.#window
    const [before, from, to] = [numbersAt[at - 1], numbersAt[at]!, numbersAt[at + 1]!]
    if (before === undefined || from - before !== to - from) return false
    // The last digits differ most.
    for (let byte = to - 1; byte >= from; byte -= 1) if (numbers[byte] !== numbers[byte - (to - from)]) return false
    return true
  }

  /** The row that a spreadsheet shows. */
  rowAt(place: number): number {
    return this.#window.rows[this.#first + place]!
  }

  consentAt(place: number): Candidate['consent'] {
    return this.#notes.get(place)?.consent ?? null
  }

  *flagged(): Generator<{ place: number; flags: readonly RowFlag[] }> {
    for (const [place, { flags }] of this.#notes) if (flags.length > 0) yield { place, flags }
  }

  row(place: number): TakenRow {
    const { tags = [], consent = null, flags = [] } = this.#notes.get(place) ?? {}
    const [number, country, firstName, lastName, email, zone, attributes, postcode = null] = JSON.parse(
      this.#textAt(place),
    ) as StoredRow
    return {
      ...{ row: this.rowAt(place), number, country, firstName, lastName, email, zone, attributes, postcode },
      ...{ tags, consent, flags },
    }
  }

  /** The row becomes a new contact. `consentId`: one of its own. */
  make(place: number, consentId: number | null): void {
    const tags = this.#notes.get(place)?.tags ?? []
    if (tags.length > 0) this.#tagged.push({ made: this.#made, tags })
    if (this.#run.to !== place || consentId !== null) this.#endRun(place)
    if (consentId === null) this.#run.to = place + 1
    else this.#texts.push(Buffer.from(`${this.#textAt(place).slice(0, -1)},${consentId}],`))
    this.#made += 1
    const filling = this.#window.filled[this.#first + place]!
    this.#filled.set(filling, (this.#filled.get(filling) ?? 0) + 1)
  }

  /** Makes the new contacts. `consent`: what all of them share. `postcodes`: whether a column of the list holds them. */
  insert(tx: Writer, importId: number, postcodes: boolean, consent: () => number | null, at: number): void {
    if (this.#made === 0) return
    this.#endRun(0)
    const texts = Buffer.concat(this.#texts)
    const all = { consentId: consent(), importId, postcodes }
    const firstId = insertContactRows(tx, texts.subarray(0, -1), this.#made, all, at)
    for (let made = 0; made < this.#made; made += 1) this.#members.push(firstId + made)
    for (const { made, tags } of this.#tagged) this.#tag(firstId + made, tags)
    for (const [filling, contacts] of this.#filled) this.changes.createdMany(this.#window.fillings[filling]!, contacts)
  }

  /** The row speaks of a contact who is there. `own`: this import has made it. */
  meet(place: number, contactId: number, own: boolean): void {
    this.#members.push(contactId)
    if (!own) this.#touched.push(contactId)
    this.#tag(contactId, this.#notes.get(place)?.tags ?? [])
  }

  /** Stores what belongs to the contacts. */
  store(tx: Writer, { options }: ImportPlan, importId: number, at: number): void {
    this.changes.store(tx)
    for (const tag of options.tags) this.#byTag.set(tag, this.#members)
    const groups = [...this.#byTag].map(([tag, contacts]) => ['tag', tag, contacts] as const)
    const { list } = options
    for (const [kind, name, contacts] of list === null ? groups : [['list', list, this.#members] as const, ...groups]) {
      if (contacts.length > 0) addMembers(tx, kind, ensureGroup(tx, kind, name, importId, at), contacts, importId)
    }
    // So that undo finds those that it has to take out again.
    if ((list !== null || groups.length > 0) && this.#touched.length > 0) noteTouched(tx, importId, this.#touched)
  }

  #textAt(place: number): string {
    const { texts, textsAt } = this.#window
    const [from, to] = [textsAt[this.#first + place]!, textsAt[this.#first + place + 1]! - 1]
    return Buffer.from(texts.buffer, texts.byteOffset + from, to - from).toString()
  }

  #endRun(next: number): void {
    const { from, to } = this.#run
    const { texts, textsAt } = this.#window
    if (to > from) this.#texts.push(texts.subarray(textsAt[this.#first + from], textsAt[this.#first + to]))
    this.#run = { from: next, to: next }
  }

  #tag(contactId: number, tags: readonly string[]): void {
    for (const tag of tags) {
      const contacts = this.#byTag.get(tag)
      if (contacts) contacts.push(contactId)
      else this.#byTag.set(tag, [contactId])
    }
  }
}

/** The notes are in the order of their places, and many thousands in a long window. */
function notesBetween({ notesAt, notes }: ImportWindow, first: number, end: number): Map<number, RowNotes> {
  const found = new Map<number, RowNotes>()
  for (let at = firstFrom(notesAt, first); at < notes.length && notesAt[at]! < end; at += 1) {
    found.set(notesAt[at]! - first, notes[at]!)
  }
  return found
}

function firstFrom(places: Uint32Array, place: number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (places[middle]! < place) low = middle + 1
    else high = middle
  }
  return low
}
