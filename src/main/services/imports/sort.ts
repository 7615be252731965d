/** Digits of a key that one pass sorts by, in bits: 8192 counters stay in the processor's cache. */
const BITS = 13
const BASE = 2 ** BITS
/** Each number filled up to 15 digits takes 50 bits. */
const PASSES = 4
const MOST_DIGITS = 15

/**
 * The places of E.164 numbers, sorted as texts are; equal ones stay in their order. It counts instead of comparing (a
 * radix sort), which takes a tenth of the time for tens of thousands of numbers.
 */
export function sortedPlaces(numbers: readonly string[]): Uint32Array {
  const digits = Array.from({ length: PASSES + 1 }, () => new Uint16Array(numbers.length))
  for (const [at, number] of numbers.entries()) {
    // Where one number begins like another, the shorter one comes first.
    digits[0]![at] = number.length
    let key = Number(number.slice(1).padEnd(MOST_DIGITS, '0'))
    for (let pass = 1; pass <= PASSES; pass += 1) {
      const rest = Math.floor(key / BASE)
      digits[pass]![at] = key - rest * BASE
      key = rest
    }
  }
  let order = Uint32Array.from(numbers.keys())
  let next = new Uint32Array(numbers.length)
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
