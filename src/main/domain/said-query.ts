import { fold, WORD } from './search-words.ts'

/** How to ask the index of all that was said for what a person typed. */
export interface SaidQuery {
  /** An expression of FTS5. All of it is within quotes, so that nothing that is typed is syntax. */
  readonly exact: string
  /** Finds more than is meant, and the newest of that at once however many there are: ask `fits` of each. Null: not needed. */
  readonly rough: string | null
  /** Whether a text is meant, as far as `rough` leaves that open; null: only the index can tell. */
  fits(text: string): boolean | null
  /** Where a text says what was asked for: spans of its characters, in order, none of which touch. */
  hits(text: string): { readonly from: number; readonly to: number }[]
}

/** One word, or several that stand side by side. */
interface Term {
  readonly words: readonly string[]
  /** Whether the word is typed to its end; else it may be the beginning of a longer one. */
  readonly isWhole: boolean
}

/**
 * The query for texts that say every word that was typed, in any order, or words that begin so. Words in quotes stand side
 * by side as they are. Accents and capitals do not matter. Null: there is no word in it.
 */
export function saidQuery(text: string): SaidQuery | null {
  const terms = termsOf(text.normalize('NFC').replaceAll(MARK, ' ')).slice(0, MAX_TERMS)
  if (terms.length === 0) return null
  const exact = terms.map(expressionOf)
  const slow = terms.map(({ words: [word = ''], isWhole }) => !isWhole && word.length > LONGEST_PREFIX)
  const folded = terms.map(({ words }) => fold(words[0]!))
  const canBeRough = slow.includes(true) && folded.every((word, at) => !slow[at] || word !== null)
  return {
    exact: exact.join(' AND '),
    rough: canBeRough
      ? exact.map((one, at) => (slow[at] ? `"${folded[at]!.slice(0, LONGEST_PREFIX)}"*` : one)).join(' AND ')
      : null,
    fits: said => {
      const found = fold(said)?.match(WORD)
      if (found === undefined) return null
      return folded.every((word, at) => !slow[at] || found?.some(one => one.startsWith(word!)))
    },
    hits: said => hitsOf(said, terms),
  }
}

/** A letter of the private use area, with which the index marks what texts can be narrowed by. */
export const MARK = '\uE000'
const MAX_TERMS = 12
/** The index keeps together what begins with the same two or three letters; longer beginnings are put together for each question. */
const LONGEST_PREFIX = 3

function termsOf(text: string): Term[] {
  const terms: Term[] = []
  for (const [part, quoted] of text.matchAll(/"([^"]*)"?|[^"]+/g)) {
    if (quoted !== undefined) {
      const words = quoted.match(WORD)
      if (words) terms.push({ words, isWhole: true })
      continue
    }
    for (const { 0: word, index } of part.matchAll(WORD)) {
      const isJoined = /^[^\s\p{L}\p{N}]+[\p{L}\p{N}]/u.test(part.slice(index + word.length))
      // A single letter begins too much to be looked for as a beginning.
      terms.push({ words: [word], isWhole: isJoined || word.length < 2 })
    }
  }
  return terms
}

function expressionOf({ words, isWhole }: Term): string {
  return `"${words.join(' ')}"${isWhole ? '' : '*'}`
}

function hitsOf(said: string, terms: readonly Term[]): { from: number; to: number }[] {
  const words = [...said.matchAll(WORD)].map(({ 0: word, index }) => ({
    text: plain(word),
    from: index,
    to: index + word.length,
  }))
  const spans: { from: number; to: number }[] = []
  for (const { words: asked, isWhole } of terms) {
    const plainly = asked.map(plain)
    for (let at = 0; at + plainly.length <= words.length; at += 1) {
      const isHit = plainly.every((word, offset) => {
        const found = words[at + offset]!.text
        return isWhole ? found === word : found.startsWith(word)
      })
      if (isHit) spans.push({ from: words[at]!.from, to: words[at + plainly.length - 1]!.to })
    }
  }
  return joined(spans)
}

function joined(spans: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const joined: { from: number; to: number }[] = []
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else joined.push({ ...span })
  }
  return joined
}

/** For showing where it was found, which may be wrong for rare letters; what is found the index decides. */
function plain(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** A part of a text as a result shows it. */
export interface SnippetPart {
  readonly text: string
  readonly isHit: boolean
}

/** Characters of a text that a result shows at most, and those before the first hit. */
const SNIPPET = 180
const BEFORE = 50

/** The part of a text around its first hit, in one line, cut at characters as people see them. */
export function snippetOf(
  text: string,
  hits: readonly { readonly from: number; readonly to: number }[],
): SnippetPart[] {
  const start = boundary(text, Math.max(0, (hits[0]?.from ?? 0) - BEFORE), Math.max(0, text.length - SNIPPET))
  const end = boundary(text, Math.min(text.length, start + SNIPPET), text.length)
  const parts: SnippetPart[] = []
  const add = (from: number, to: number, isHit: boolean): void => {
    const shown = text.slice(Math.max(from, start), Math.min(to, end)).replace(/\s+/g, ' ')
    if (shown !== '' && to > start && from < end) parts.push({ text: shown.toWellFormed(), isHit })
  }
  let at = start
  for (const { from, to } of hits) {
    add(at, from, false)
    add(from, to, true)
    at = Math.max(at, to)
  }
  add(at, end, false)
  if (start > 0) parts.unshift({ text: '…', isHit: false })
  if (end < text.length) parts.push({ text: '…', isHit: false })
  return parts
}

/** The place, or where the last space before it ends; never behind `most`. */
function boundary(text: string, place: number, most: number): number {
  const at = Math.min(place, most)
  if (at === 0 || at === text.length) return at
  const space = text.slice(Math.max(0, at - 20), at).search(/\s\S*$/)
  return space === -1 ? at : Math.max(0, at - 20) + space + 1
}
