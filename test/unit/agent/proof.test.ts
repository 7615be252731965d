import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Claimant, findProof, isNewer, type ProofRow } from '../../../phone-agent/src/proof.ts'
import { twinKey } from '../../../phone-agent/src/text.ts'

const ANN = '+15555550101'
const BOB = '+15555550102'

function claim(id: string, number: string, body: string, max: number, rows: [number, string][] = []): Claimant {
  return { id, number, key: twinKey(number, body), body, baseline: { max, rows } }
}

function row(id: number, number: string, body: string, lasting = true, identity = `t${id}.${body}`): ProofRow {
  return { id, number, key: twinKey(number, body), body, identity, lasting }
}

const none = (): boolean => false
const prove = (claimants: Claimant[], rows: ProofRow[], claimed: (row: ProofRow) => boolean = none) =>
  Object.fromEntries(
    [...findProof(claimants, rows, claimed)].map(([id, found]) => [
      id,
      found.kind === 'proved' ? found.rows.map(one => one.id) : found.kind,
    ]),
  )

describe('proof of a send', () => {
  it('is a newer row to the same number with the same body', () => {
    expect(prove([claim('m', ANN, 'Hello', 10)], [row(11, ANN, 'Hello')])).toEqual({ m: [11] })
    expect(prove([claim('m', ANN, 'Hello', 10)], [row(10, ANN, 'Hello')])).toEqual({})
    expect(prove([claim('m', ANN, 'Hello', 10)], [row(11, BOB, 'Hello')])).toEqual({})
  })

  it('bears what phones do to bodies', () => {
    const body = 'Café at  5?\nSee you'
    for (const stored of ['Café at 5?\nSee you', 'Cafe\u0301 at 5? See you', 'Café\u00a0at 5?\u00a0See you ']) {
      expect(prove([claim('m', ANN, body, 0)], [row(1, ANN, stored)])).toEqual({ m: [1] })
    }
    expect(prove([claim('m', ANN, body, 0)], [row(1, ANN, 'Cafe at 5? See you')])).toEqual({ m: 'unclear' })
  })

  it('has to last: a row that was just seen is only a hope', () => {
    expect(prove([claim('m', ANN, 'Hello', 10)], [row(11, ANN, 'Hello', false)])).toEqual({ m: 'pending' })
  })

  it('can have an id that was in use before, if another text stands there now', () => {
    const claimant = claim('m', ANN, 'Hello', 10, [[10, 'old.Hello']])
    expect(prove([claimant], [row(10, ANN, 'Hello', true, 'new.Hello')])).toEqual({ m: [10] })
    expect(prove([claimant], [row(10, ANN, 'Hello', true, 'old.Hello')])).toEqual({})
    expect(prove([claimant], [row(9, ANN, 'Hello', true, 'new.Hello')])).toEqual({})
    expect(isNewer({ id: 99, identity: 'x' }, null)).toBe(false)
  })

  it('goes to the one who claims first where messages are alike, and one row proves one', () => {
    const twins = [claim('first', ANN, 'Hello', 10), claim('second', ANN, 'Hello', 10)]
    expect(prove(twins, [row(11, ANN, 'Hello')])).toEqual({ first: [11] })
    expect(prove(twins, [row(11, ANN, 'Hello'), row(12, ANN, 'Hello')])).toEqual({ first: [11], second: [12] })
    expect(prove(twins, [row(11, ANN, 'Hello'), row(12, ANN, 'Hello')], one => one.id === 11)).toEqual({ first: [12] })
  })

  it('is put together from pages, and only from all of them', () => {
    const body = 'A long text that was cut into pages by this phone'
    const first = row(11, ANN, '(1/2) A long text that was cut ')
    const second = row(12, ANN, '(2/2) into pages by this phone')
    expect(prove([claim('m', ANN, body, 10)], [first, second])).toEqual({ m: [11, 12] })
    expect(prove([claim('m', ANN, body, 10)], [first])).toEqual({ m: 'unclear' })
    expect(prove([claim('m', ANN, body, 10)], [first, { ...second, lasting: false }])).toEqual({ m: 'pending' })
    const bare = [row(11, ANN, '1/2 A long text that was'), row(12, ANN, '2/2 cut into pages by this phone')]
    expect(prove([claim('m', ANN, body, 10)], bare)).toEqual({ m: [11, 12] })
  })

  it('is a whole text that merely looks like a page', () => {
    expect(prove([claim('m', ANN, '1/2 price today', 10)], [row(11, ANN, '1/2 price today')])).toEqual({ m: [11] })
  })

  it('never proves more messages than there are rows, and never by a row twice', () => {
    const number = fc.constantFrom(ANN, BOB)
    const body = fc.constantFrom('a', 'b', 'a b', '(1/2) a', '(2/2) b')
    const claimants = fc.array(fc.tuple(number, body, fc.nat(6)), { maxLength: 8 })
    const rows = fc.uniqueArray(fc.record({ id: fc.nat(12), number, body, lasting: fc.boolean() }), {
      selector: one => one.id,
      maxLength: 8,
    })
    fc.assert(
      fc.property(claimants, rows, (claims, stored) => {
        const list = claims.map(([to, text, max], i) => claim(`m${i}`, to, text, max))
        const found = findProof(
          list,
          stored.map(one => row(one.id, one.number, one.body, one.lasting)),
          none,
        )
        const used = [...found.values()].flatMap(one => (one.kind === 'proved' ? one.rows.map(r => r.id) : []))
        expect(new Set(used).size).toBe(used.length)
        for (const [id, one] of found) {
          if (one.kind !== 'proved') continue
          const { number: to, baseline } = list.find(claimant => claimant.id === id)!
          for (const proof of one.rows) {
            expect(proof.number).toBe(to)
            expect(proof.lasting).toBe(true)
            expect(proof.id).toBeGreaterThan(baseline!.max)
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})
