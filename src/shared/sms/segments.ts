import { septets } from './gsm7.ts'
import { suggestionFor } from './replacements.ts'

/**
 * Units in a segment, from its 140 octets of user data (3GPP TS 23.040, 9.2.3.24.1): 160 septets or 70 UTF-16 code
 * units in a text of one segment; 153 or 67 where six octets go to the header that joins several.
 */
export const UNITS_PER_SEGMENT = {
  'GSM-7': { single: 160, joined: 153 },
  'UCS-2': { single: 70, joined: 67 },
} as const

/** The most segments a message of a campaign may have. */
export const MAX_SEGMENTS = 10

export type Encoding = keyof typeof UNITS_PER_SEGMENT

/** How large a text is on the air. */
export interface SegmentSize {
  encoding: Encoding
  /** Segments that the phone sends; 0 for an empty text. */
  segments: number
  /** Septets (GSM-7) or UTF-16 code units (UCS-2) of the text, without what is left empty before a segment's end. */
  units: number
  /** Units that still fit before another segment begins. */
  unitsLeft: number
  /** What one segment holds: 160 or 70 alone, 153 or 67 as one of several. */
  unitsPerSegment: number
}

/** A character that GSM-7 does not have, and that therefore makes the whole text UCS-2. */
export interface ForcingCharacter {
  char: string
  /** Where it stands in the text, in UTF-16 code units. */
  index: number
  codePoint: number
  /** What could be written instead in GSM-7; absent where nothing comes close. */
  suggestion?: string
}

export interface SegmentCount extends SegmentSize {
  /** Each occurrence in order; empty for GSM-7. */
  forcing: ForcingCharacter[]
}

/**
 * Counts the segments of a text as Android's `SmsManager.divideMessage` cuts it, and names the characters that
 * force UCS-2.
 */
export function countSegments(text: string): SegmentCount {
  return { ...measure(text), forcing: forcingCharacters(text) }
}

/** The same count without the list of characters: cheap enough for every message. */
export function measure(text: string): SegmentSize {
  let units = 0
  for (let i = 0; i < text.length; i++) {
    const width = septets(text.charCodeAt(i))
    if (width === 0) return measureUcs2(text)
    units += width
  }
  return measureGsm7(text, units)
}

function measureGsm7(text: string, units: number): SegmentSize {
  const { single, joined } = UNITS_PER_SEGMENT['GSM-7']
  if (units <= single) return sizeOf('GSM-7', units === 0 ? 0 : 1, units, single - units, single)
  let segments = 1
  let used = 0
  for (let i = 0; i < text.length; i++) {
    const width = septets(text.charCodeAt(i))
    if (used + width > joined) {
      segments++
      used = 0
    }
    used += width
  }
  return sizeOf('GSM-7', segments, units, joined - used, joined)
}

function measureUcs2(text: string): SegmentSize {
  const { single, joined } = UNITS_PER_SEGMENT['UCS-2']
  if (text.length <= single) return sizeOf('UCS-2', 1, text.length, single - text.length, single)
  const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)
  let segments = 1
  let start = 0
  while (text.length - start > joined) {
    start = nextStart(text, clusters, start, joined)
    segments++
  }
  return sizeOf('UCS-2', segments, text.length, joined - (text.length - start), joined)
}

/**
 * Where the next segment begins: never inside what a reader takes for one character, as in
 * `SmsMessageBase.findNextUnicodePosition` of Android. Only a cluster longer than a segment is cut, and then not
 * between the halves of a surrogate pair.
 */
function nextStart(text: string, clusters: Intl.Segments, start: number, room: number): number {
  const limit = start + room
  const boundary = clusters.containing(limit)?.index ?? limit
  if (boundary > start) return boundary
  return isHighSurrogate(text.charCodeAt(limit - 1)) ? limit - 1 : limit
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function sizeOf(encoding: Encoding, segments: number, units: number, unitsLeft: number, unitsPerSegment: number) {
  return { encoding, segments, units, unitsLeft, unitsPerSegment }
}

function forcingCharacters(text: string): ForcingCharacter[] {
  const found: ForcingCharacter[] = []
  let index = 0
  for (const char of text) {
    if (char.length > 1 || septets(char.charCodeAt(0)) === 0) {
      const suggestion = suggestionFor(char)
      const codePoint = char.codePointAt(0)!
      found.push(suggestion === undefined ? { char, index, codePoint } : { char, index, codePoint, suggestion })
    }
    index += char.length
  }
  return found
}
