import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, holm, interval, isEnough, type Sample, testTwo } from '../../../src/main/domain/proportions.ts'

describe('the interval of a rate', () => {
  it.each([
    // Newcombe, Statistics in Medicine 17 (1998) 857, table I, score method.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i among %i is the one in the literature', (hits, trials, from, to) => {
    const [low, high] = interval({ hits, trials })!
    expect(low).toBeCloseTo(from, 4)
    expect(high).toBeCloseTo(to, 4)
  })

  it('holds the rate, and lies within 0 and 1', () => {
    expect(interval({ hits: 0, trials: 0 })).toBeNull()
    fc.assert(
      fc.property(samples(), sample => {
        const [low, high] = interval(sample)!
        const rate = sample.hits / sample.trials
        expect(low).toBeGreaterThanOrEqual(0)
        expect(low).toBeLessThanOrEqual(rate + 1e-12)
        expect(high).toBeGreaterThanOrEqual(rate - 1e-12)
        expect(high).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('the test of two rates', () => {
  it.each([
    // As prop.test(c(15, 25), c(50, 50), correct = FALSE) of R says: X-squared 4.1667.
    [15, 50, 25, 50, 0.04123],
    // prop.test of the smokers in its manual, the first two groups: X-squared 0.0031, no difference at all.
    [83, 86, 90, 93, 0.9226],
    // Fleiss: 24 of 120 against 10 of 130, X-squared 7.9947.
    [24, 120, 10, 130, 0.00469],
  ])('of %i/%i and %i/%i gives the p of the chi-squared test', (a, n, b, m, p) => {
    expect(testTwo({ hits: a, trials: n }, { hits: b, trials: m })).toBeCloseTo(p, 3)
  })

  it('has no direction, and says 1 where the rates are the same', () => {
    fc.assert(
      fc.property(samples(), samples(), (a, b) => {
        const p = testTwo(a, b)
        expect(p).toBeCloseTo(testTwo(b, a), 12)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        expect(testTwo(a, a)).toBeCloseTo(1, 6)
      }),
    )
  })

  it('is trusted from five expected in each cell on', () => {
    expect(isEnough({ hits: 5, trials: 100 }, { hits: 5, trials: 100 })).toBe(true)
    expect(isEnough({ hits: 4, trials: 100 }, { hits: 5, trials: 100 })).toBe(false)
    expect(isEnough({ hits: 99, trials: 100 }, { hits: 99, trials: 100 })).toBe(false)
    expect(isEnough({ hits: 0, trials: 0 }, { hits: 50, trials: 100 })).toBe(false)
  })
})

describe('the correction for several comparisons', () => {
  it('gives what p.adjust(method = "holm") of R gives', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
    expect(holm([0.6, 0.7])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})

describe('comparing variants', () => {
  it('says that there are too few, that it is chance, or which is better', () => {
    expect(compare([of(3, 40), of(1, 40)], 'many')).toEqual({ kind: 'too_few' })
    expect(compare([of(50, 1000), of(58, 1000)], 'many')).toMatchObject({ kind: 'chance' })
    expect(compare([of(50, 1000), of(90, 1000)], 'many')).toMatchObject({ kind: 'difference', best: 1, worse: [0] })
    expect(compare([of(50, 1000), of(90, 1000)], 'few')).toMatchObject({ kind: 'difference', best: 0, worse: [1] })
  })

  it('asks more of a difference, the more variants there are', () => {
    // On their own these two differ (p 0.041); as one of six comparisons that is no surprise.
    expect(compare([of(15, 50), of(25, 50)], 'many')).toMatchObject({ kind: 'difference' })
    expect(compare([of(15, 50), of(25, 50), of(20, 50), of(20, 50)], 'many')).toMatchObject({ kind: 'chance' })
  })

  it('names those that are beaten, and not those that are as good', () => {
    const said = compare([of(100, 1000), of(110, 1000), of(30, 1000)], 'many')
    expect(said).toMatchObject({ kind: 'difference', best: 1, worse: [2] })
  })

  it('raises few false alarms where all variants are the same', () => {
    // Three variants of one true rate, drawn 400 times: at most 5 percent of alarms are promised.
    let seed = 7
    const draw = (): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    let alarms = 0
    for (let run = 0; run < 400; run += 1) {
      const drawn = [0, 1, 2].map(() => {
        let hits = 0
        for (let trial = 0; trial < 300; trial += 1) if (draw() < 0.1) hits += 1
        return of(hits, 300)
      })
      if (compare(drawn, 'many').kind === 'difference') alarms += 1
    }
    expect(alarms).toBeLessThan(32)
  })
})

function of(hits: number, trials: number): Sample {
  return { hits, trials }
}

function samples(): fc.Arbitrary<Sample> {
  return fc
    .integer({ min: 1, max: 100_000 })
    .chain(trials => fc.integer({ min: 0, max: trials }).map(hits => ({ hits, trials })))
}
