/** What a byte of a list is: an odd one, one that ends a cell, one that JSON writes otherwise, or nothing but itself. */
export const KIND = { odd: 0, delimiter: 1, escaped: 2, plain: 3 } as const

const [
  LF,
  CR,
  SPACE,
  QUOTE,
  OPEN,
  CLOSE,
  PLUS,
  COMMA,
  MINUS,
  DOT,
  ZERO,
  NINE,
  COLON,
  SEMICOLON,
  LESS,
  MORE,
  AT,
  BACKSLASH,
] = [10, 13, 32, 34, 40, 41, 43, 44, 45, 46, 48, 57, 58, 59, 60, 62, 64, 92]

/**
 * The kind of each byte of UTF-8. Plain ones are of printable letters below U+0300, where nothing is left to compose,
 * without U+0080 to U+00BF, among which are spaces.
 */
export function cellKinds(delimiter: string): Uint8Array {
  const kinds = new Uint8Array(256)
  kinds.fill(KIND.plain, 0x20, 0x7f)
  kinds.fill(KIND.plain, 0x80, 0xc0)
  kinds.fill(KIND.plain, 0xc3, 0xcc)
  for (const byte of [LF, CR, QUOTE, BACKSLASH]) kinds[byte] = KIND.escaped
  kinds[delimiter.charCodeAt(0)] = KIND.delimiter
  return kinds
}

/** No number has more digits, with 00 and a country in front. */
const MOST_DIGITS = 20
const digits = Buffer.alloc(MOST_DIGITS + 1)

/**
 * The digits of a cell that holds one number and nothing else, with + in front where it has one. Null: it has to be looked
 * at as a text, as does one that a spreadsheet may have given decimals.
 */
export function digitsOf(bytes: Uint8Array, from: number, to: number): string | null {
  let at = from
  let size = 0
  if (bytes[at] === PLUS) digits[size++] = bytes[at++]!
  while (bytes[at] === SPACE || bytes[at] === OPEN) at += 1
  if (at >= to || !isDigit(bytes[at]!)) return null
  // Whether nothing but zeros follow a dot.
  let areDecimals = false
  for (; at < to; at += 1) {
    const byte = bytes[at]!
    if (isDigit(byte)) {
      if (size > MOST_DIGITS) return null
      if (byte !== ZERO) areDecimals = false
      digits[size++] = byte
    } else if (byte === DOT) {
      areDecimals = true
    } else if (byte === SPACE || byte === OPEN || byte === CLOSE || byte === MINUS) {
      areDecimals = false
    } else {
      return null
    }
  }
  return areDecimals ? null : digits.toString('latin1', 0, size)
}

/** Whether plain bytes are ASCII letters that `looksLikeEmail` takes for an e-mail address. */
export function isEmailAt(bytes: Uint8Array, from: number, to: number): boolean {
  let sign = -1
  let hasDot = false
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!
    if (byte === AT) {
      if (sign >= 0 || at === from) return false
      sign = at
    } else if (byte === DOT) {
      if (sign >= 0 && at > sign + 1 && to - at > 2) hasDot = true
    } else if (NOT_IN_EMAIL[byte] === 1) {
      return false
    }
  }
  return hasDot
}

const NOT_IN_EMAIL = new Uint8Array(256).fill(1, 0x80)
for (const byte of [SPACE, QUOTE, OPEN, CLOSE, COMMA, COLON, SEMICOLON, LESS, MORE]) NOT_IN_EMAIL[byte] = 1

/** Where the first of two names begins and ends, then the last one, as `splitName` finds them in the text. */
export function splitAt(bytes: Buffer, from: number, to: number): readonly [number, number, number, number] {
  let space = -1
  for (let at = from; at < to; at += 1) {
    if (bytes[at] === COMMA && at > from) {
      let [first, lastEnd] = [at + 1, at]
      while (first < to && bytes[first] === SPACE) first += 1
      while (lastEnd > from && bytes[lastEnd - 1] === SPACE) lastEnd -= 1
      return [first, to, from, lastEnd]
    }
    if (bytes[at] === SPACE && space < 0) space = at
  }
  return space < 0 ? [from, to, 0, 0] : [from, space, space + 1, to]
}

export function isBreak(byte: number): boolean {
  return byte === LF || byte === CR
}

/** Copies plain bytes; returns where they end. One by one: so few are there before a call that copies them has begun. */
export function copyBytes(bytes: Uint8Array, from: number, end: number, to: Uint8Array, at: number): number {
  let place = at
  for (let byte = from; byte < end; byte += 1) to[place++] = bytes[byte]!
  return place
}

/** Copies the inside of a quoted cell as JSON writes it, which takes at most twice as many bytes. */
export function copyEscaped(bytes: Uint8Array, from: number, end: number, to: Uint8Array, at: number): number {
  let place = at
  for (let byte = from; byte < end; byte += 1) {
    const one = bytes[byte]!
    const escaped = ESCAPES[one]!
    if (escaped > 0) to[place++] = BACKSLASH
    to[place++] = escaped > 0 ? escaped : one
    // A quotation mark is doubled within a cell.
    if (one === QUOTE) byte += 1
  }
  return place
}

const ESCAPES = new Uint8Array(256)
ESCAPES.set(Buffer.from('n'), LF)
ESCAPES.set(Buffer.from('r'), CR)
ESCAPES.set(Buffer.from('"'), QUOTE)
ESCAPES.set(Buffer.from('\\'), BACKSLASH)

/** Writes ASCII letters; returns where they end. */
export function writeText(to: Uint8Array, at: number, text: string): number {
  for (let unit = 0; unit < text.length; unit += 1) to[at + unit] = text.charCodeAt(unit)
  return at + text.length
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}
