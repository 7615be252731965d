/** Places; a power of two. */
const SIZE = 1024

/** What was made of the cells before, found by their bytes: to make a text of each cell takes longer. */
export class ByteCache<T> {
  readonly #make: (text: string) => T
  readonly #keys: (Uint8Array | undefined)[] = new Array(SIZE).fill(undefined)
  readonly #values: T[] = []

  /** @param make what a cell means, always the same for one text */
  constructor(make: (text: string) => T) {
    this.#make = make
  }

  /** @param bytes UTF-8, of which the cell is a part */
  of(bytes: Buffer, from: number, to: number): T {
    let hash = to - from
    for (let at = from; at < to; at += 1) hash = (Math.imul(hash, 31) + bytes[at]!) | 0
    const place = (hash ^ (hash >>> 10)) & (SIZE - 1)
    const key = this.#keys[place]
    if (key !== undefined && isSame(key, bytes, from, to)) return this.#values[place]!
    const value = this.#make(bytes.toString('utf8', from, to))
    this.#keys[place] = Uint8Array.from(bytes.subarray(from, to))
    this.#values[place] = value
    return value
  }
}

function isSame(key: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (key.length !== to - from) return false
  for (let at = 0; at < key.length; at += 1) if (key[at] !== bytes[from + at]) return false
  return true
}
