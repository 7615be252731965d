/** The value below which so many percent of the samples lie, rounded for reading; 0 when there are none. */
export function percentile(samples: readonly number[], percent: number): number {
  if (samples.length === 0) return 0
  const sorted = [...samples].sort((one, other) => one - other)
  return rounded(sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? sorted[0]!)
}

export interface Spread {
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** In the unit of the samples. */
export function spread(samples: readonly number[]): Spread {
  return { p50: percentile(samples, 50), p95: percentile(samples, 95), max: percentile(samples, 100) }
}

/** Three digits that matter: nobody can measure more. */
export function rounded(value: number): number {
  return value === 0 || !Number.isFinite(value) ? 0 : Number(value.toPrecision(3))
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 50)
}
