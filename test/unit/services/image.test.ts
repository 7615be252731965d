import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadImage, inspectImage } from '../../../src/main/services/image.ts'
import {
  jpegImage,
  PNG_START,
  pngChunk,
  pngHeader,
  pngImage,
  webpExtended,
  webpLossless,
  webpLossy,
} from '../../support/images.ts'

const MAKERS = [
  ['image/png', pngImage],
  ['image/jpeg', jpegImage],
  ['image/jpeg', (width: number, height: number) => jpegImage(width, height, 0xc2)],
  ['image/webp', webpLossy],
  ['image/webp', webpLossless],
  ['image/webp', webpExtended],
] as const

/** Null where it is taken. */
function refusalOf(bytes: Uint8Array): string | null {
  try {
    inspectImage(bytes)
    return null
  } catch (error) {
    if (error instanceof BadImage) return error.message
    throw error
  }
}

describe('an image', () => {
  it.each(MAKERS)('of type %s is known by its content, with its size', (type, make) => {
    expect(inspectImage(make(320, 77))).toEqual({ type, width: 320, height: 77 })
  })

  it('may come from any program', () => {
    const icon = readFileSync('resources/icons/512x512.png')
    expect(inspectImage(icon)).toEqual({ type: 'image/png', width: 512, height: 512 })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['an SVG that begins with spaces', Buffer.from('  <?xml version="1.0"?><svg/>')],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a GIF', Buffer.from('GIF89a\u0001\u0000\u0001\u0000', 'latin1')],
    ['the first bytes of a PNG and then a page', Buffer.concat([PNG_START, Buffer.from('<script>alert(1)</script>')])],
    ['a RIFF that is sound', Buffer.from('RIFF\u0004\u0000\u0000\u0000WAVE', 'latin1')],
  ])('is not %s', (_what, bytes) => {
    expect(refusalOf(bytes)).toMatch(/PNG, JPEG or WebP|damaged/)
  })

  it.each(MAKERS)('of type %s holds nothing behind its end, such as a page', (_type, make) => {
    expect(refusalOf(Buffer.concat([make(32, 32), Buffer.from('<script>alert(1)</script>')]))).toMatch(/damaged/)
  })

  it.each(MAKERS)('of type %s is whole', (_type, make) => {
    const whole = make(40, 40)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), length => {
        expect(refusalOf(whole.subarray(0, length))).not.toBeNull()
      }),
    )
  })

  it('that is damaged anywhere is no PNG', () => {
    const whole = pngImage(24, 24)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const copy = Buffer.from(whole)
        copy[at]! ^= change
        expect(refusalOf(copy)).not.toBeNull()
      }),
    )
  })

  it('is refused or known, whatever comes, and nothing else happens', () => {
    const starts = MAKERS.map(([, make]) => make(20, 20))
    fc.assert(
      fc.property(
        fc.constantFrom(...starts),
        fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.uint8Array({ maxLength: 40 }),
        (start, changes, tail) => {
          const bytes = Buffer.concat([start, tail])
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
          refusalOf(bytes)
        },
      ),
    )
  })

  it('stands still', () => {
    const moving = Buffer.concat([PNG_START, pngHeader(20, 20), pngChunk('acTL', Buffer.alloc(8)), pngChunk('IEND')])
    expect(refusalOf(moving)).toMatch(/moves/)
    expect(refusalOf(webpExtended(20, 20, 0x02))).toMatch(/moves/)
  })

  it('says one size only', () => {
    expect(refusalOf(webpExtended(20, 20, 0, 4000))).toMatch(/damaged/)
    const twice = Buffer.concat([pngImage(20, 20).subarray(0, 33), pngImage(20, 20).subarray(8)])
    expect(refusalOf(twice)).toMatch(/damaged/)
  })

  it('is no JPEG that browsers do not draw', () => {
    expect(refusalOf(jpegImage(20, 20, 0xc3))).toMatch(/damaged/)
    expect(refusalOf(jpegImage(20, 20, 0xc9))).toMatch(/damaged/)
  })
})
