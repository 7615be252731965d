import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isGsm7 } from '../../../src/shared/sms/gsm7.ts'
import { SUGGESTED, TYPOGRAPHIC } from '../../../src/shared/sms/replacement-table.ts'
import { replaceTypographic, suggestionFor } from '../../../src/shared/sms/replacements.ts'
import { replaceInTemplate } from '../../../src/shared/sms/template-replacements.ts'

describe('replaceTypographic', () => {
  it.each([
    ['“Hi”, it’s 9–5 — really…', '"Hi", it\'s 9-5 - really...'],
    ['10\u00a0000\u202f€ «net»', '10 000 € "net"'],
    ['a\tb\u2028c\r\nd', 'a b\nc\nd'],
    ['zero\u200bwidth\ufeff soft\u00adhyphen a\u200db', 'zerowidth softhyphen ab'],
    ['oﬃce ﬂow', 'office flow'],
    ['ＳＡＬＥ　５０％！', 'SALE 50%!'],
    ['e\u0301te\u0301', 'été'],
    ['5′ 10″, `code´, −3', "5' 10\", 'code', -3"],
    ['1\u200f2', '12'],
  ])('%s', (from, to) => {
    expect(replaceTypographic(from).text).toBe(to)
    expect(isGsm7(replaceTypographic(from).text)).toBe(true)
  })

  it.each([
    ['letters with accents', 'ça, Ærø, façade, žluťoučký'],
    ['fractions and signs', '1½ × 20°C ©'],
    ['joined emoji', '👨‍👩‍👧 ❤️ 1️⃣'],
    ['Persian joiners', 'می‌خواهم'],
    ['direction marks in Hebrew', 'שלום\u200f!'],
  ])('leaves %s alone', (_, text) => {
    expect(replaceTypographic(text)).toEqual({ text, replaced: [] })
  })

  it('says what was replaced and how often', () => {
    expect(replaceTypographic('‘a’ ‘b’\u200b').replaced).toEqual([
      { from: '‘', to: "'", count: 2 },
      { from: '’', to: "'", count: 2 },
      { from: '\u200b', to: '', count: 1 },
    ])
  })

  it('puts nothing but GSM-7 into a text', () => {
    for (const table of [TYPOGRAPHIC, SUGGESTED]) {
      for (const [from, to] of table) {
        expect([from, isGsm7(to)]).toEqual([from, true])
        expect([from, isGsm7(from)]).toEqual([from, false])
      }
    }
  })

  it('takes a joiner out that only a replaced letter seemed to need', () => {
    expect(replaceTypographic('\uff29\u0301\u200d').text).toBe('\u00cd')
  })

  it('changes nothing the second time, and never a text in GSM-7', () => {
    const chars = fc.constantFrom(...TYPOGRAPHIC.keys(), 'a', 'é', '\u0301', '😀', '\u200d', '\u200f', 'ש', '\r', '\n')
    fc.assert(
      fc.property(
        fc.array(chars).map(all => all.join('')),
        text => {
          const once = replaceTypographic(text).text
          expect(replaceTypographic(once)).toEqual({ text: once, replaced: [] })
          if (isGsm7(text) && !text.includes('\r')) expect(once).toBe(text)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('suggestionFor', () => {
  it.each([
    ['ç', 'c'],
    ['Á', 'A'],
    ['ž', 'z'],
    ['ł', 'l'],
    ['œ', 'oe'],
    ['’', "'"],
    ['½', '1/2'],
    ['я', undefined],
    ['😀', undefined],
  ])('%s', (char, suggestion) => expect(suggestionFor(char)).toBe(suggestion))
})

describe('replaceInTemplate', () => {
  it('makes curly quotes straight where Liquid needs it', () => {
    expect(replaceInTemplate('Hi {{ first_name | default: “there” }} – it’s on').text).toBe(
      'Hi {{ first_name | default: "there" }} - it\'s on',
    )
  })

  it('does not end a text in quotes early', () => {
    expect(replaceInTemplate('{{ a | default: "the “best” one’s" }}').text).toBe(
      '{{ a | default: "the “best” one\'s" }}',
    )
    expect(replaceInTemplate("{% if a == 'it’s' %}x…{% endif %}").text).toBe("{% if a == 'it’s' %}x...{% endif %}")
  })

  it('makes no braces where there were none, and sums up what it replaced', () => {
    expect(replaceInTemplate('｛｛ a ｝｝').text).toBe('｛｛ a ｝｝')
    expect(replaceInTemplate('a – b {{ c | append: "–" }}').replaced).toEqual([{ from: '–', to: '-', count: 2 }])
  })
})
