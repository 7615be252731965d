import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileDecoder, REPAIR_MARK } from '../../../src/main/domain/imports/file-decoder.ts'
import type { Sniffed } from '../../../src/shared/imports/settings.ts'

function decode(encoding: Sniffed['encoding'], bytes: Uint8Array, sizes: readonly number[]): string {
  const decoder = fileDecoder(encoding)
  let text = ''
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    text += decoder.decode(bytes.subarray(at, at + size))
    at += size
  }
  return text + decoder.decode(new Uint8Array(0), true)
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 })

describe('fileDecoder', () => {
  it.each([
    ['utf-8', (text: string) => Buffer.from(text)],
    ['utf-8-bom', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['utf-16le', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf-16be', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ] as const)('reads %s however it is cut', (encoding, encode) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), sizes, (text, cut) => {
        const clean = text.replace(/^\uFEFF/, '').toWellFormed()
        expect(decode(encoding, encode(clean), cut)).toBe(clean)
      }),
    )
  })

  it('reads Windows-1252 with its own characters between 0x80 and 0x9F', () => {
    expect(decode('windows-1252', Uint8Array.from([0x80, 0x93, 0x41, 0x94, 0xe9, 0x9f]), [2])).toBe('€“A”éŸ')
  })

  it('marks bytes that are not UTF-8 and reads them as Windows-1252, and loses nothing around them', () => {
    const bytes = Buffer.concat([
      Buffer.from('Zoë,'),
      Buffer.from('René€', 'latin1').subarray(0, 4),
      Buffer.from(',名'),
    ])
    expect(decode('utf-8', bytes, [100])).toBe(`Zoë,Ren${REPAIR_MARK}é,名`)
  })

  it('gives the same text for any bytes, however they are cut', () => {
    const bytes = fc.uint8Array({ maxLength: 40 })
    const hard = fc.array(
      fc.constantFrom(0xc3, 0xa9, 0xe5, 0x90, 0x8d, 0xf0, 0x9f, 0x98, 0x80, 0x41, 0xed, 0xa0, 0xff, 0xef, 0xbb, 0xbf),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          hard.map(all => Uint8Array.from(all)),
        ),
        sizes,
        (all, cut) => {
          const text = decode('utf-8', all, [1_000])
          expect(decode('utf-8', all, cut)).toBe(text)
          // Never a replacement character: whatever comes in stays recognisable.
          if (!Buffer.from(all).includes('\uFFFD')) expect(text).not.toContain('\uFFFD')
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
