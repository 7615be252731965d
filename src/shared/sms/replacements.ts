import { isGsm7 } from './gsm7.ts'
import { SUGGESTED, TYPOGRAPHIC } from './replacement-table.ts'

/** One kind of character that was replaced, and how often. `to` is empty for an invisible character. */
export interface Replaced {
  from: string
  to: string
  count: number
}

/**
 * Replaces what an editor or another program put in place of a plain character (quotes, dashes, ellipsis, spaces,
 * ligatures, full-width forms, invisible marks) by its equivalent in GSM-7, and composes accents that were typed as
 * separate marks. It never changes what a reader reads: letters keep their accents, and joiners, variation selectors
 * and direction marks stay where a script or an emoji needs them.
 */
export function replaceTypographic(text: string): { text: string; replaced: Replaced[] } {
  const counts = new Map<string, Replaced>()
  const note = (from: string, to: string) => {
    const known = counts.get(from)
    if (known) known.count++
    else counts.set(from, { from, to, count: 1 })
    return to
  }
  // Lines end in one character; a pasted CR LF would cost two.
  let now = text.replace(/\r\n?/g, '\n').normalize('NFC')
  // A character that was replaced can compose with its mark, or leave a joiner between two that need none: look again.
  for (let before = ''; now !== before; ) {
    before = now
    now = replaceOnce(now, note).normalize('NFC')
  }
  return { text: now, replaced: [...counts.values()] }
}

function replaceOnce(text: string, note: (from: string, to: string) => string): string {
  const chars = [...text]
  const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u.test(text)
  let out = ''
  for (const [i, char] of chars.entries()) {
    const to = replacementOf(char, chars[i - 1], chars[i + 1], rightToLeft)
    out += to === undefined ? char : note(char, to)
  }
  return out
}

/** The GSM-7 text that stands for this character, or undefined where it stays as it is. */
function replacementOf(
  char: string,
  before: string | undefined,
  after: string | undefined,
  rightToLeft: boolean,
): string | undefined {
  if (DIRECTION_MARK.test(char)) return rightToLeft ? undefined : ''
  if (JOINER.test(char)) return isPlain(before) && isPlain(after) ? '' : undefined
  return TYPOGRAPHIC.get(char)
}

/**
 * What a person could write in GSM-7 instead of a character: the typographic equivalent, the letter without its
 * accent, or a usual spelling. Only an offer, since it can change a word ("ça" and "ca").
 */
export function suggestionFor(char: string): string | undefined {
  const known = TYPOGRAPHIC.get(char) ?? SUGGESTED.get(char)
  if (known !== undefined) return known
  if (DIRECTION_MARK.test(char) || JOINER.test(char)) return ''
  const bare = char.normalize('NFKD').replace(/\p{M}+/gu, '')
  return bare !== '' && bare !== char && isGsm7(bare) ? bare : undefined
}

// Marks of direction: LRM, RLM, ALM, embeddings, overrides, isolates.
const DIRECTION_MARK = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/u
// Zero-width non-joiner and joiner, variation selectors: letters of several scripts and emoji are built with them.
const JOINER = /^(?:\u200c|\u200d|[\ufe00-\ufe0f])$/u

/** A neighbour that no joiner changes: none at all, or a character that GSM-7 has or that is replaced by one. */
function isPlain(char: string | undefined): boolean {
  if (char === undefined || DIRECTION_MARK.test(char)) return true
  return isGsm7(char) || TYPOGRAPHIC.has(char) || /^\p{Script=Latin}$/u.test(char)
}
