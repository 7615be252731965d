import type { Sniffed } from '../../../shared/imports/settings.ts'

/**
 * Stands in front of a character that was read from a byte that is not UTF-8. A noncharacter: no text holds it.
 * The row reader takes it out again and flags the cell.
 */
export const REPAIR_MARK = '\uFDD0'

/** Turns the bytes of a file into text, piece by piece. */
export interface FileDecoder {
  /** `final` tells that this is the last piece: what is cut off in the middle of a character is then no longer waited for. */
  decode(bytes: Uint8Array, final?: boolean): string
}

/** A decoder for one file. The byte order mark is taken off. */
export function fileDecoder(encoding: Sniffed['encoding']): FileDecoder {
  switch (encoding) {
    case 'utf-8':
    case 'utf-8-bom':
      return new Utf8Decoder()
    case 'windows-1252':
      return { decode: windows1252 }
    default: {
      const decoder = new TextDecoder(encoding)
      return { decode: (bytes, final = false) => decoder.decode(bytes, { stream: !final }) }
    }
  }
}

/**
 * UTF-8 that does not lose what is not UTF-8. A list that was pasted together from several sources holds
 * Windows-1252 bytes somewhere after the part that was sniffed: such a byte is read as Windows-1252 and marked.
 */
class Utf8Decoder implements FileDecoder {
  readonly #strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #rest = new Uint8Array(0)
  #started = false

  decode(piece: Uint8Array, final = false): string {
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    if (!this.#started) {
      if (bytes.length < 3 && !final) {
        this.#rest = Uint8Array.from(bytes)
        return ''
      }
      this.#started = true
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)
    }
    const whole = final ? bytes.length : bytes.length - unfinished(bytes)
    this.#rest = Uint8Array.from(bytes.subarray(whole))
    return this.#text(bytes.subarray(0, whole))
  }

  #text(bytes: Uint8Array): string {
    try {
      return this.#strict.decode(bytes)
    } catch {
      return this.#repaired(bytes)
    }
  }

  #repaired(bytes: Uint8Array): string {
    let text = ''
    let from = 0
    let at = 0
    while (at < bytes.length) {
      const size = sequenceAt(bytes, at)
      if (size > 0) {
        at += size
        continue
      }
      text += `${this.#strict.decode(bytes.subarray(from, at))}${REPAIR_MARK}${windows1252(bytes.subarray(at, at + 1))}`
      at += 1
      from = at
    }
    return text + this.#strict.decode(bytes.subarray(from))
  }
}

/** Bytes of the valid UTF-8 sequence at this place, or 0 if there is none. */
export function sequenceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const size = sequenceLength(first)
  if (size === 0 || at + size > bytes.length) return 0
  const second = bytes[at + 1] ?? 0
  // Overlong forms, surrogates, and what lies beyond Unicode.
  if (first === 0xe0 && second < 0xa0) return 0
  if (first === 0xed && second > 0x9f) return 0
  if (first === 0xf0 && second < 0x90) return 0
  if (first === 0xf4 && second > 0x8f) return 0
  for (let next = at + 1; next < at + size; next += 1) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0
  return size
}

/** How many bytes at the end are the start of a character whose rest has yet to come. */
export function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    return sequenceLength(byte) > back ? back : 0
  }
  return 0
}

function sequenceLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2
  if (first >= 0xe0 && first <= 0xef) return 3
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0
}

// Not left to TextDecoder: several releases of Node read 0x80 to 0x9F as control characters instead.
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ'

function windows1252(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  return text.replace(/[\x80-\x9F]/g, character => HIGH.charAt(character.charCodeAt(0) - 0x80))
}
