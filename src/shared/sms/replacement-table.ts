/**
 * Characters that an editor, a word processor or a web page puts where a plain one was meant, with the GSM-7 text that
 * reads the same. Fractions, signs and letters are not here: replacing them could change the meaning ("1½", "ça").
 */
export const TYPOGRAPHIC: ReadonlyMap<string, string> = new Map([
  ...each('“”„‟«»″‶〝〞〟❝❞ˮ＂', '"'),
  ...each('‘’‚‛‹›′‵`´ʹʻʼʽˈˊˋ❛❜＇', "'"),
  ...each('‐‑‒–—―−⁃﹘﹣－', '-'),
  ...each('…', '...'),
  ...each('‥', '..'),
  ...each('‼', '!!'),
  ...each('⁇', '??'),
  ...each('⁈', '?!'),
  ...each('⁉', '!?'),
  ...each('⁄∕', '/'),
  ...each('•‣', '*'),
  // Tab, no-break, Ogham, the fixed widths, narrow no-break, mathematical and ideographic spaces.
  ...each('\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000', ' '),
  // Vertical tab, next line, line and paragraph separators.
  ...each('\u000b\u0085\u2028\u2029', '\n'),
  // Soft hyphen, zero-width space, word joiner, Mongolian vowel separator, byte order mark.
  ...each('\u00ad\u200b\u2060\u180e\ufeff', ''),
  ...pairs({ ﬀ: 'ff', ﬁ: 'fi', ﬂ: 'fl', ﬃ: 'ffi', ﬄ: 'ffl', ﬅ: 'st', ﬆ: 'st' }),
  ...fullWidth(),
])

/** Usual spellings in GSM-7 for letters and signs that do not come apart into a letter and an accent. Offers only. */
export const SUGGESTED: ReadonlyMap<string, string> = new Map(
  pairs({
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    Đ: 'D',
    ð: 'd',
    Ð: 'D',
    þ: 'th',
    Þ: 'Th',
    ħ: 'h',
    Ħ: 'H',
    ı: 'i',
    ŋ: 'ng',
    Ŋ: 'Ng',
    œ: 'oe',
    Œ: 'OE',
    ẞ: 'SS',
    '·': '.',
    '×': 'x',
    '÷': '/',
    '½': '1/2',
    '¼': '1/4',
    '¾': '3/4',
    '©': '(c)',
    '®': '(R)',
    '™': 'TM',
    '°': ' deg',
    '₤': '£',
    '、': ',',
    '。': '.',
  }),
)

function each(from: string, to: string): [string, string][] {
  return [...from].map(char => [char, to])
}

function pairs(table: Record<string, string>): [string, string][] {
  return Object.entries(table)
}

/** U+FF01 to U+FF5E repeat ASCII; those with a replacement of their own above are overridden to the same. */
function fullWidth(): [string, string][] {
  const table: [string, string][] = []
  for (let code = 0xff01; code <= 0xff5e; code++) {
    const ascii = String.fromCharCode(code - 0xfee0)
    table.push([String.fromCharCode(code), ascii === '`' ? "'" : ascii])
  }
  return table
}
