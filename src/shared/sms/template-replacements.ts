import { type Replaced, replaceTypographic } from './replacements.ts'

/**
 * `replaceTypographic` for the source of a template. Text outside of `{{ }}` and `{% %}` is replaced as a whole, without
 * making new braces. Within them curly quotes become the straight ones that Liquid needs, and a text in quotes
 * keeps a character whose replacement would end it.
 */
export function replaceInTemplate(source: string): { text: string; replaced: Replaced[] } {
  const counts = new Map<string, Replaced>()
  const add = (part: { text: string; replaced: Replaced[] }): string => {
    for (const one of part.replaced) {
      const known = counts.get(one.from)
      counts.set(one.from, known ? { ...known, count: known.count + one.count } : one)
    }
    return part.text
  }
  const text = source
    .split(/(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/)
    .map((part, i) => (i % 2 === 0 ? keeping(part, /[｛｝％]/, add) : withinTag(part, add)))
    .join('')
  return { text, replaced: [...counts.values()] }
}

type Add = (part: { text: string; replaced: Replaced[] }) => string

function withinTag(tag: string, add: Add): string {
  return tag
    .split(/("[^"]*"|'[^']*')/)
    .map((part, i) => {
      if (i % 2 === 0) return add(replaceTypographic(part))
      return part[0] === '"'
        ? keeping(part, /[“”„‟«»″‶〝〞〟❝❞ˮ＂]/, add)
        : keeping(part, /[‘’‚‛‹›′‵`´ʹʻʼʽˈˊˋ❛❜＇｀]/, add)
    })
    .join('')
}

/** Replaces all but the characters of a class. */
function keeping(text: string, kept: RegExp, add: Add): string {
  return text
    .split(new RegExp(`(${kept.source})`, 'u'))
    .map((part, i) => (i % 2 === 0 ? add(replaceTypographic(part)) : part))
    .join('')
}
