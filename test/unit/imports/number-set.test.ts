import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberSet } from '../../../src/main/domain/imports/number-set.ts'

describe('NumberSet', () => {
  it('answers like a set of strings', () => {
    const number = fc.bigInt({ min: 10_000n, max: 999_999_999_999_999n }).map(digits => `+${digits}`)
    fc.assert(
      fc.property(
        fc.array(fc.oneof(number, fc.constantFrom('+12025550123', '+12025550124', '+999999999999999'))),
        numbers => {
          const mine = new NumberSet()
          const truth = new Set<string>()
          for (const one of numbers) {
            expect(mine.add(one)).toBe(!truth.has(one))
            truth.add(one)
            expect(mine.size).toBe(truth.size)
          }
        },
      ),
    )
  })

  it('holds long runs of neighbouring numbers', () => {
    const set = new NumberSet()
    for (let line = 0; line < 200_000; line += 1) expect(set.add(`+1202${5_000_000 + line}`)).toBe(true)
    expect(set.add('+12025000000')).toBe(false)
    expect(set.add('+12025199999')).toBe(false)
    expect(set.size).toBe(200_000)
  })
})
