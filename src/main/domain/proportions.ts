/** How many of so many: 30 replies to 400 texts. */
export interface Sample {
  readonly hits: number
  readonly trials: number
}

/**
 * What a comparison of samples says. `too_few`: no two of them are large enough to tell. `chance`: differences like these
 * come about by themselves often enough. `difference`: `best` (its place) did better than each of `worse`, beyond chance.
 * `p`: two-sided, corrected for the number of comparisons.
 */
export type Comparison =
  | { readonly kind: 'too_few' }
  | { readonly kind: 'chance'; readonly p: number }
  | { readonly kind: 'difference'; readonly p: number; readonly best: number; readonly worse: readonly number[] }

/** Below this a difference is held for real. */
export const LEVEL = 0.05
/** The quantile of the normal distribution that leaves 2.5 percent on either side. */
const Z95 = 1.959963984540054
/** What each cell must hold in expectation for the normal distribution to stand in. */
const LEAST_EXPECTED = 5

/**
 * Where the true rate lies with a confidence of 95 percent: Wilson's score interval, which stays between 0 and 1 and holds
 * for small samples too (E. B. Wilson, JASA 22, 1927; recommended by Brown, Cai and DasGupta, Statistical Science 16, 2001).
 * Null without a trial.
 */
export function interval({ hits, trials }: Sample): [number, number] | null {
  if (trials === 0) return null
  const rate = hits / trials
  const square = Z95 ** 2
  const middle = (rate + square / (2 * trials)) / (1 + square / trials)
  const half = (Z95 / (1 + square / trials)) * Math.sqrt((rate * (1 - rate)) / trials + square / (4 * trials ** 2))
  // At either end rounding must not lead past it.
  return [hits === 0 ? 0 : middle - half, hits === trials ? 1 : middle + half]
}

/**
 * How likely rates that differ like these are when the true ones are the same: the two-sided test of two proportions with
 * the pooled variance (NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.3), which is the chi-squared test of the table
 * of four cells without a correction for continuity.
 */
export function testTwo(a: Sample, b: Sample): number {
  const pooled = (a.hits + b.hits) / (a.trials + b.trials)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.trials + 1 / b.trials))
  if (!(error > 0)) return 1
  return complementaryError(Math.abs(a.hits / a.trials - b.hits / b.trials) / error / Math.SQRT2)
}

/** Whether the test may be trusted: at least five in each cell are expected (W. G. Cochran, Biometrics 10, 1954). */
export function isEnough(a: Sample, b: Sample): boolean {
  if (a.trials === 0 || b.trials === 0) return false
  const pooled = (a.hits + b.hits) / (a.trials + b.trials)
  return Math.min(a.trials, b.trials) * Math.min(pooled, 1 - pooled) >= LEAST_EXPECTED
}

/**
 * p-values of several tests, so corrected that the chance of even one false alarm among them stays at the level (S. Holm,
 * Scandinavian Journal of Statistics 6, 1979). In the order given.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((a, b) => values[a]! - values[b]!)
  const corrected = Array<number>(values.length)
  let most = 0
  for (const [rank, at] of order.entries()) {
    most = Math.max(most, Math.min(1, values[at]! * (values.length - rank)))
    corrected[at] = most
  }
  return corrected
}

/** Compares every two of the samples. `better`: whether many hits are good (replies) or few (opt-outs). */
export function compare(samples: readonly Sample[], better: 'many' | 'few'): Comparison {
  const pairs = samples.flatMap((a, at) =>
    samples
      .slice(at + 1)
      .flatMap((b, after) => (isEnough(a, b) ? [{ a: at, b: at + 1 + after, p: testTwo(a, b) }] : [])),
  )
  if (pairs.length === 0) return { kind: 'too_few' }
  const corrected = holm(pairs.map(pair => pair.p))
  const isBetter = (a: number, b: number): boolean => {
    const [left, right] = [rateOf(samples[a]!), rateOf(samples[b]!)]
    return better === 'many' ? left > right : left < right
  }
  const real = pairs
    .map((pair, at) => (isBetter(pair.a, pair.b) ? [pair.a, pair.b, corrected[at]!] : [pair.b, pair.a, corrected[at]!]))
    .filter(([, , p]) => p! < LEVEL) as [number, number, number][]
  if (real.length === 0) return { kind: 'chance', p: Math.min(...corrected) }
  const best = real.map(([winner]) => winner).reduce((one, other) => (isBetter(other, one) ? other : one))
  const beaten = real.filter(([winner]) => winner === best)
  return {
    kind: 'difference',
    p: Math.max(...beaten.map(([, , p]) => p)),
    best,
    worse: beaten.map(([, loser]) => loser).sort((a, b) => a - b),
  }
}

function rateOf({ hits, trials }: Sample): number {
  return hits / trials
}

/**
 * erfc(x) for x of 0 and above, good to 1.2e-7 of its value everywhere: the Chebyshev fit of Press et al., Numerical Recipes
 * in C, second edition, section 6.2.
 */
function complementaryError(x: number): number {
  const t = 1 / (1 + x / 2)
  const fit = COEFFICIENTS.reduceRight((sum, coefficient) => sum * t + coefficient, 0)
  return Math.min(1, t * Math.exp(-x * x + fit))
}

const COEFFICIENTS = [
  ...[-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806],
  ...[0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277],
]
