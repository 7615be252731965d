/**
 * A set of E.164 numbers that costs about 16 bytes each instead of the 100 of a set of strings. The digits of a
 * number (15 at most) fit into a double without loss.
 */
export class NumberSet {
  #slots = new Float64Array(1024)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Adds a number such as `+12025550123`. Returns false if it was there already. */
  add(number: string): boolean {
    if (this.#size * 8 >= this.#slots.length * 5) this.#grow()
    const added = put(this.#slots, Number(number.slice(1)))
    if (added) this.#size += 1
    return added
  }

  #grow(): void {
    const slots = new Float64Array(this.#slots.length * 2)
    for (const digits of this.#slots) if (digits !== 0) put(slots, digits)
    this.#slots = slots
  }
}

/** Open addressing with linear probing; 0 is an empty slot, since no number is 0. */
function put(slots: Float64Array, digits: number): boolean {
  const mask = slots.length - 1
  let at = hash(digits) & mask
  for (;;) {
    const there = slots[at]
    if (there === digits) return false
    if (there === 0) {
      slots[at] = digits
      return true
    }
    at = (at + 1) & mask
  }
}

/** Lists hold long runs of neighbouring numbers, so the bits have to be mixed well. */
function hash(digits: number): number {
  let mixed = (digits >>> 0) ^ Math.imul((digits / 4_294_967_296) >>> 0, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
