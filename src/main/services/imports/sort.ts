/** Digits of a key that one pass sorts by, in bits: 8192 counters stay in the processor's cache. */
const BITS = 13
const BASE = 2 ** BITS
/** Each number filled up to 15 digits takes 50 bits. */
const PASSES = 4
const MOST_DIGITS = 15
const ZERO = 48

const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power)

/** An E.164 number as an integer, filled up to 15 digits: in the order of texts, but for one that begins like another. */
export function sortKey(number: string): number {
  let key = 0
  for (let at = 1; at < number.length; at += 1) key = key * 10 + number.charCodeAt(at) - ZERO
  return key * POWERS[MOST_DIGITS + 1 - number.length]!
}

/**
 * The places of the first `size` E.164 numbers, sorted as texts are; equal ones stay in their order. It counts instead of
 * comparing (a radix sort), which takes a tenth of the time for tens of thousands of numbers.
 * @param keys as `sortKey` makes them
 * @param lengths of the numbers
 */
export function sortedPlaces(keys: Float64Array, lengths: Uint8Array, size: number): Uint32Array {
  const digits = Array.from({ length: PASSES + 1 }, () => new Uint16Array(size))
  for (let at = 0; at < size; at += 1) {
    // Where one number begins like another, the shorter one comes first.
    digits[0]![at] = lengths[at]!
    let key = keys[at]!
    for (let pass = 1; pass <= PASSES; pass += 1) {
      const rest = Math.floor(key / BASE)
      digits[pass]![at] = key - rest * BASE
      key = rest
    }
  }
  let order = new Uint32Array(size)
  for (let at = 0; at < size; at += 1) order[at] = at
  let next = new Uint32Array(size)
  for (const digit of digits) {
    sortBy(digit, order, next)
    ;[order, next] = [next, order]
  }
  return order
}

/** Writes the places of `from` into `to`, by one digit of each. */
function sortBy(digit: Uint16Array, from: Uint32Array, to: Uint32Array): void {
  const starts = new Uint32Array(BASE + 1)
  for (const value of digit) starts[value + 1]! += 1
  for (let value = 0; value < BASE; value += 1) starts[value + 1]! += starts[value]!
  for (const place of from) {
    const value = digit[place]!
    to[starts[value]!] = place
    starts[value]! += 1
  }
}
