import { crc32 } from 'node:zlib'

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const
export type ImageType = (typeof IMAGE_TYPES)[number]

export interface ImageFacts {
  readonly type: ImageType
  /** In pixels, as the file itself says. */
  readonly width: number
  readonly height: number
}

/** Why bytes are no image that is taken. The message is a sentence for the person. */
export class BadImage extends Error {}

/**
 * What an image is, by its content alone: a PNG, JPEG or WebP file that is whole from the first byte to the last, and one
 * still picture. Anything else (also SVG, which may hold scripts) is refused. Only the structure of the file is read; the
 * picture itself is drawn by nobody but the browser. @throws BadImage
 */
export function inspectImage(bytes: Uint8Array): ImageFacts {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (data.subarray(0, 8).equals(PNG)) return { type: 'image/png', ...sizeOfPng(data) }
  if (data.length >= 3 && data.readUIntBE(0, 3) === 0xffd8ff) return { type: 'image/jpeg', ...sizeOfJpeg(data) }
  if (ascii(data, 0, 4) === 'RIFF' && ascii(data, 8, 12) === 'WEBP') return { type: 'image/webp', ...sizeOfWebp(data) }
  throw new BadImage('This is no PNG, JPEG or WebP image. Others, such as SVG or GIF, are not taken.')
}

type Size = Pick<ImageFacts, 'width' | 'height'>

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Chunks of length, name, data and checksum: IHDR first, IDAT, IEND last, and nothing behind it (PNG, section 5). */
function sizeOfPng(data: Buffer): Size {
  let size: Size | null = null
  let hasPicture = false
  for (let at = 8; at < data.length; ) {
    if (at + 12 > data.length) throw torn()
    const length = data.readUInt32BE(at)
    const end = at + 12 + length
    if (end > data.length) throw torn()
    const name = ascii(data, at + 4, at + 8)
    if (crc32(data.subarray(at + 4, end - 4)) !== data.readUInt32BE(end - 4)) throw torn()
    if ((size === null) !== (name === 'IHDR')) throw torn()
    if (name === 'IHDR') {
      if (length !== 13) throw torn()
      size = { width: data.readUInt32BE(at + 8), height: data.readUInt32BE(at + 12) }
    }
    if (name === 'acTL') throw moving()
    if (name === 'IDAT') hasPicture = true
    if (name === 'IEND') {
      if (size === null || !hasPicture || length !== 0 || end !== data.length) throw torn()
      return size
    }
    at = end
  }
  throw torn()
}

/** Markers that stand alone: TEM, and RST0 to RST7 between the parts of a scan. */
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
/** The frames that browsers draw: baseline, extended and progressive, all of them Huffman-coded (T.81, table B.1). */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2])
/** Others are frames, too (C4, C8 and CC are tables). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** Segments with their length from SOI on: one frame, scans, and EOI as the very last. */
function sizeOfJpeg(data: Buffer): Size {
  let size: Size | null = null
  let hasScan = false
  for (let at = 2; at + 2 <= data.length; ) {
    if (data[at] !== 0xff) throw torn()
    const marker = data[at + 1]!
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0xd9) {
      if (size === null || !hasScan || at + 2 !== data.length) throw torn()
      return size
    }
    if (marker === 0x00 || marker === 0xd8) throw torn()
    if (standsAlone(marker)) {
      at += 2
      continue
    }
    if (at + 4 > data.length) throw torn()
    const end = at + 2 + data.readUInt16BE(at + 2)
    if (end < at + 4 || end > data.length) throw torn()
    if (isFrame(marker)) {
      if (size !== null || !FRAMES.has(marker) || end - at < 10) throw torn()
      size = { height: data.readUInt16BE(at + 5), width: data.readUInt16BE(at + 7) }
    }
    at = end
    if (marker === 0xda) {
      if (size === null) throw torn()
      hasScan = true
      at = endOfScan(data, at)
    }
  }
  throw torn()
}

/** Coded data goes on until a marker that is neither a stuffed byte nor a restart. */
function endOfScan(data: Buffer, from: number): number {
  for (let at = data.indexOf(0xff, from); at !== -1 && at + 1 < data.length; at = data.indexOf(0xff, at + 2)) {
    const next = data[at + 1]!
    if (next !== 0x00 && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  throw torn()
}

/** A RIFF of exactly this length with one picture: lossy (VP8), lossless (VP8L), or either in a canvas (VP8X). */
function sizeOfWebp(data: Buffer): Size {
  if (data.length < 20 || data.readUInt32LE(4) !== data.length - 8) throw torn()
  let canvas: Size | null = null
  let picture: Size | null = null
  for (let at = 12; at < data.length; ) {
    if (at + 8 > data.length) throw torn()
    const name = ascii(data, at, at + 4)
    const length = data.readUInt32LE(at + 4)
    const body = data.subarray(at + 8, at + 8 + length)
    if (body.length !== length) throw torn()
    if (name === 'VP8X') {
      if (at !== 12 || length !== 10) throw torn()
      if (body[0]! & 0x02) throw moving()
      canvas = { width: body.readUIntLE(4, 3) + 1, height: body.readUIntLE(7, 3) + 1 }
    }
    if (name === 'ANIM' || name === 'ANMF') throw moving()
    if (name === 'VP8 ' || name === 'VP8L') {
      if (picture !== null || (canvas === null && at !== 12)) throw torn()
      picture = name === 'VP8L' ? sizeOfLossless(body) : sizeOfLossy(body)
    }
    // A chunk of odd length is followed by one byte of nothing.
    at += 8 + length + (length % 2)
    if (at > data.length) throw torn()
  }
  if (picture === null) throw torn()
  if (canvas && (canvas.width !== picture.width || canvas.height !== picture.height)) throw torn()
  return picture
}

/** A key frame's header: three bytes, the start code, then 14 bits each of width and height (RFC 6386, section 9.1). */
function sizeOfLossy(body: Buffer): Size {
  if (body.length < 10 || (body[0]! & 1) !== 0 || body.readUIntBE(3, 3) !== 0x9d012a) throw torn()
  return { width: body.readUInt16LE(6) & 0x3fff, height: body.readUInt16LE(8) & 0x3fff }
}

/** A signature, then 14 bits each of width and height less one, and a version of 0 (RFC 9649, section 3.4). */
function sizeOfLossless(body: Buffer): Size {
  if (body.length < 5 || body[0] !== 0x2f) throw torn()
  const bits = body.readUInt32LE(1)
  if (bits >>> 29 !== 0) throw torn()
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

function ascii(data: Buffer, from: number, to: number): string {
  return data.toString('latin1', from, to)
}

function torn(): BadImage {
  return new BadImage('This image is damaged or not whole. Save it anew, and choose that file.')
}

function moving(): BadImage {
  return new BadImage('This image moves. Choose one that stands still.')
}
