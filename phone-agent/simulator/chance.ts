/** A duration in milliseconds: a fixed one, or one drawn between two bounds, both included. */
export type Span = number | readonly [number, number]

/**
 * A number in [0, 1) that depends on the parts alone, so that a seed always gives the same phone and the same people.
 * (cyrb53, a public-domain string hash with 53 bits.)
 */
export function chance(...parts: readonly (string | number)[]): number {
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (const char of parts.join('\u0000')) {
    const code = char.codePointAt(0) ?? 0
    low = Math.imul(low ^ code, 2654435761)
    high = Math.imul(high ^ code, 1597334677)
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  return (4294967296 * (2097151 & high) + (low >>> 0)) / 2 ** 53
}

/** Milliseconds within the span for a draw in [0, 1). */
export function within(span: Span, draw: number): number {
  if (typeof span === 'number') return span
  return span[0] + Math.floor(draw * (span[1] - span[0] + 1))
}

/** The member of a non-empty list that a draw in [0, 1) falls on. */
export function pick<T>(list: readonly [T, ...T[]], draw: number): T {
  return list[Math.floor(draw * list.length)] ?? list[0]
}
