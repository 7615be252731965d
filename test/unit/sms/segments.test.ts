import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, it } from 'vitest'
import { gsm7Characters, isGsm7, septets } from '../../../src/shared/sms/gsm7.ts'
import { countSegments, measure } from '../../../src/shared/sms/segments.ts'

const basic = gsm7Characters().filter(char => septets(char.charCodeAt(0)) === 1)
const extension = gsm7Characters().filter(char => septets(char.charCodeAt(0)) === 2)
const gsmText = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...basic) }, fc.constantFrom(...extension)), {
    maxLength: 500,
  })
  .map(chars => chars.join(''))

describe('the alphabet', () => {
  it('has the 127 characters and 10 extensions of TS 23.038', () => {
    expect(basic).toHaveLength(127)
    expect([...extension].sort()).toEqual([...'\f^{}\\[~]|€'].sort())
  })

  it('agrees with sms-segments-calculator about every character of the basic plane', () => {
    const differing: string[] = []
    for (let code = 0; code <= 0xffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      const char = String.fromCharCode(code)
      const theirs = new SegmentedMessage(char)
      const width = theirs.getEncodingName() === 'GSM-7' ? theirs.messageSize / 7 : 0
      if (width !== septets(code)) differing.push(code.toString(16))
    }
    expect(differing).toEqual([])
  })

  it('does not take a lower-case c with cedilla, a backtick or a tab for GSM-7', () => {
    expect(['ç', '`', '\t', '\u001b', 'Á'].map(isGsm7)).toEqual([false, false, false, false, false])
    expect(isGsm7('Çàé')).toBe(true)
  })
})

describe('counting in GSM-7', () => {
  it.each([
    ['', 0, 0, 160, 160],
    ['a', 1, 1, 159, 160],
    ['a'.repeat(160), 1, 160, 0, 160],
    ['a'.repeat(161), 2, 161, 145, 153],
    ['a'.repeat(306), 2, 306, 0, 153],
    ['a'.repeat(307), 3, 307, 152, 153],
    ['€'.repeat(80), 1, 160, 0, 160],
    ['€'.repeat(81), 2, 162, 143, 153],
  ])('%#', (text, segments, units, unitsLeft, unitsPerSegment) => {
    expect(countSegments(text)).toEqual({
      encoding: 'GSM-7',
      segments,
      units,
      unitsLeft,
      unitsPerSegment,
      forcing: [],
    })
  })

  it('does not split an extension character over two segments', () => {
    // 152 + a two-septet character does not fit into 153, so one septet is lost and a third segment needed.
    const text = `${'a'.repeat(152)}€${'b'.repeat(151)}c`
    expect(measure(text)).toMatchObject({ units: 306, segments: 3, unitsLeft: 152 })
  })

  it('agrees with sms-segments-calculator on any text', () => {
    fc.assert(
      fc.property(gsmText, text => {
        fc.pre(text !== '')
        const theirs = new SegmentedMessage(text)
        const ours = measure(text)
        expect(ours.segments).toBe(theirs.segmentsCount)
        expect(ours.units).toBe(theirs.segments.reduce((sum, one) => sum + one.messageSizeInBits() / 7, 0))
        expect(ours.encoding).toBe('GSM-7')
      }),
      { numRuns: 400 },
    )
  })
})

describe('counting in UCS-2', () => {
  it.each([
    ['я'.repeat(70), 1, 70, 0, 70],
    ['я'.repeat(71), 2, 71, 63, 67],
    ['я'.repeat(134), 2, 134, 0, 67],
    ['я'.repeat(135), 3, 135, 66, 67],
    ['😀'.repeat(35), 1, 70, 0, 70],
    [`${'я'.repeat(69)}€`, 1, 70, 0, 70],
    // 66 units in a segment, as the 67th would split a pair.
    ['😀'.repeat(36), 2, 72, 61, 67],
    ['😀'.repeat(67), 3, 134, 65, 67],
  ])('%#', (text, segments, units, unitsLeft, unitsPerSegment) => {
    expect(measure(text)).toEqual({ encoding: 'UCS-2', segments, units, unitsLeft, unitsPerSegment })
  })

  it('keeps together what a reader takes for one character, as Android does', () => {
    const family = '👨‍👩‍👧‍👦'
    expect(family).toHaveLength(11)
    // 6 of 11 units fit into 67 and one unit is left empty.
    expect(measure(family.repeat(7))).toMatchObject({ units: 77, segments: 2, unitsLeft: 56 })
    expect(measure('🇩🇪'.repeat(18))).toMatchObject({ units: 72, segments: 2, unitsLeft: 67 - 8 })
  })

  it('cuts a cluster that no segment can hold, but no surrogate pair', () => {
    const zalgo = `a${'\u0301'.repeat(200)}`
    expect(measure(zalgo)).toMatchObject({ units: 201, segments: 3, unitsLeft: 0 })
    const chain = Array.from({ length: 40 }, () => '👩').join('\u200d')
    expect(chain).toHaveLength(119)
    // The 67th unit of the chain is the first half of a pair.
    expect(measure(chain)).toMatchObject({ segments: 2, unitsLeft: 67 - 53 })
  })

  it('agrees with sms-segments-calculator on letters, signs and simple emoji', () => {
    const letters = fc.constantFrom('я', 'ч', '中', 'ü', 'a', ' ', '€', '😀', '🚀', '—')
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 400 }), chars => {
        const text = `я${chars.join('')}`
        const theirs = new SegmentedMessage(text)
        expect(measure(text).segments).toBe(theirs.segmentsCount)
        expect(theirs.getEncodingName()).toBe('UCS-2')
      }),
      { numRuns: 400 },
    )
  })

  it('is right where sms-segments-calculator is not: an empty text, and a cluster longer than a segment', () => {
    expect([new SegmentedMessage('').segmentsCount, measure('').segments]).toEqual([1, 0])
    const zalgo = `a${'\u0301'.repeat(200)}`
    // It puts 201 units into one segment of 67.
    expect([new SegmentedMessage(zalgo).segmentsCount < 3, measure(zalgo).segments]).toEqual([true, 3])
  })

  it('holds every unit of any text within its segments', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), text => {
        const size = measure(text)
        expect(size.unitsLeft).toBeGreaterThanOrEqual(0)
        expect(size.units).toBeLessThanOrEqual(size.segments * size.unitsPerSegment)
        expect(size.segments > 1).toBe(size.units > (size.encoding === 'GSM-7' ? 160 : 70))
        if (size.encoding === 'UCS-2') expect(size.units).toBe(text.length)
        // Typing what is left fills the last segment and opens no other.
        const filler = 'a'.repeat(size.unitsLeft)
        if (size.segments > 0) expect(measure(text + filler)).toMatchObject({ segments: size.segments, unitsLeft: 0 })
      }),
      { numRuns: 500 },
    )
  })
})

describe('the characters that force UCS-2', () => {
  it('are listed with place, code point and what to write instead', () => {
    expect(countSegments('Ça, l’été 😀 façade').forcing).toEqual([
      { char: '’', index: 5, codePoint: 0x2019, suggestion: "'" },
      { char: '😀', index: 10, codePoint: 0x1f600 },
      { char: 'ç', index: 15, codePoint: 0xe7, suggestion: 'c' },
    ])
  })

  it('are found exactly when the encoding is UCS-2, and every suggestion is GSM-7', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), gsmText), text => {
        const { encoding, forcing } = countSegments(text)
        expect(forcing.length > 0).toBe(encoding === 'UCS-2')
        for (const one of forcing) {
          expect(text.startsWith(one.char, one.index)).toBe(true)
          expect(isGsm7(one.char)).toBe(false)
          if (one.suggestion !== undefined) expect(isGsm7(one.suggestion)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
