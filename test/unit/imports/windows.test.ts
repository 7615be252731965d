import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Candidate, Rejection } from '../../../src/main/domain/imports/candidate.ts'
import type { ImportBatch } from '../../../src/main/services/imports/read.ts'
import { sortedPlaces, sortKey } from '../../../src/main/services/imports/sort.ts'
import {
  type ImportWindow,
  numberAt,
  placeAt,
  release,
  rowsUpTo,
  sizeOf,
  WindowReader,
} from '../../../src/main/services/imports/windows.ts'

const digits = fc.stringMatching(/^[1-9][0-9]{4,14}$/)
const number = fc.oneof(digits, fc.constantFrom('1212', '12120', '121200', '120', '12')).map(text => `+${text}`)
/** Trimmed, as the texts of rows are. */
const text = fc
  .oneof(fc.constantFrom('', 'Ana', 'Łuć "B"', 'a\\b', 'Müller', '\u{1F600}', '"'), fc.string())
  .map(value => value.trim())

function candidate(row: number, some: Partial<Candidate>): Candidate {
  return {
    ...{
      row,
      number: '+12122000001',
      country: 'US',
      kind: 'either',
      firstName: '',
      lastName: '',
      email: '',
      zone: null,
      postcode: null,
    },
    ...{ tags: [], attributes: {}, consent: null, flags: [] },
    ...some,
  }
}

function rejection(row: number): Rejection {
  return { row, code: 'phone_missing', message: 'none', value: '', cells: [], flags: [] }
}

/** The rows as a reader hands them over, some at a time. */
async function* batchesOf(items: readonly (Candidate | Rejection)[], size: number): AsyncGenerator<ImportBatch, void> {
  for (let at = 0; at < items.length; at += size) {
    const part = items.slice(at, at + size)
    yield {
      candidates: part.filter(item => 'number' in item),
      rejections: part.filter(item => 'code' in item),
      bytesRead: at + part.length,
      rowsSeen: at + part.length,
      lastRow: part.at(-1)!.row,
    }
  }
}

function textsOf({ texts, textsAt, size }: ImportWindow): unknown[] {
  const bytes = Buffer.from(texts)
  return Array.from({ length: size }, (_, at) => JSON.parse(bytes.toString('utf8', textsAt[at], textsAt[at + 1]! - 1)))
}

describe('sorting numbers', () => {
  it('puts them in the order of texts, and equal ones in the order they came in', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 200 }), numbers => {
        const expected = numbers
          .map((value, at) => ({ value, at }))
          .sort((a, b) => (a.value === b.value ? a.at - b.at : a.value < b.value ? -1 : 1))
          .map(({ at }) => at)
        const keys = Float64Array.from(numbers, sortKey)
        const lengths = Uint8Array.from(numbers, value => value.length)
        expect([...sortedPlaces(keys, lengths, numbers.length)]).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a window', () => {
  it('holds every row as it was, by number and row', async () => {
    const attributes = fc.dictionary(
      fc.constantFrom('city', 'job', 'note'),
      text.filter(value => value !== ''),
    )
    const some = fc.record({ number, firstName: text, lastName: text, email: text, attributes, tags: fc.array(text) })
    await fc.assert(
      fc.asyncProperty(fc.array(some, { minLength: 1, maxLength: 60 }), async list => {
        const candidates = list.map((one, at) => candidate(at + 2, one))
        const reader = new WindowReader(batchesOf(candidates, 7))
        const window = await reader.next()
        const sorted = candidates.toSorted((a, b) =>
          a.number === b.number ? a.row - b.row : a.number < b.number ? -1 : 1,
        )
        expect(textsOf(window!)).toEqual(
          sorted.map(one => [
            ...[one.number, one.country, one.firstName, one.lastName],
            ...[one.email, one.zone, one.attributes],
          ]),
        )
        expect(sorted.map((_, at) => numberAt(window!, at))).toEqual(sorted.map(one => one.number))
        expect([...window!.rows]).toEqual(sorted.map(one => one.row))
        const tagged = sorted.flatMap(({ tags }, at) => (tags.length > 0 ? [{ at, tags }] : []))
        expect(window!.notes.map(({ tags }, n) => ({ at: window!.notesAt[n], tags }))).toEqual(tagged)
        for (const [at, one] of sorted.entries()) {
          const fields = window!.fillings[window!.filled[at]!]!
          expect(fields.includes('first_name')).toBe(one.firstName !== '')
          expect(fields.includes('city')).toBe('city' in one.attributes)
        }
        expect(await reader.next()).toBeNull()
      }),
      { numRuns: 100 },
    )
  })

  it('begins with the rejected rows, and a place in it tells how much of it is stored', async () => {
    const items = [candidate(2, { number: '+19' }), rejection(3), candidate(4, { number: '+12' }), rejection(5)]
    const window = (await new WindowReader(batchesOf(items, 3)).next())!
    expect(sizeOf(window)).toBe(4)
    const places = [0, 1, 2, 3].map(n => placeAt(window, n))
    expect(places).toEqual([
      { number: '', row: 3 },
      { number: '', row: 5 },
      { number: '+12', row: 4 },
      { number: '+19', row: 2 },
    ])
    expect(places.map(place => rowsUpTo(window, place))).toEqual([1, 2, 3, 4])
    release(window)
    expect(window.texts).toHaveLength(0)
  })

  it('ends where it is told to, as one that was stored in part, and the next goes on behind it', async () => {
    const items = Array.from({ length: 10 }, (_, at) =>
      candidate(at + 2, { number: `+1${9 - at}`, tags: at < 6 ? ['a'] : [] }),
    )
    const reader = new WindowReader(batchesOf(items, 4))
    const first = (await reader.next(7))!
    expect([...first.rows]).toEqual([7, 6, 5, 4, 3, 2])
    expect(first.lastRow).toBe(7)
    expect([...first.notesAt]).toEqual([0, 1, 2, 3, 4, 5])
    const second = (await reader.next())!
    expect([...second.rows]).toEqual([11, 10, 9, 8])
    expect(second.notes).toEqual([])
  })
})
