import { crc32, deflateSync } from 'node:zlib'

/** One chunk of a PNG file. */
export function pngChunk(name: string, body: Uint8Array = new Uint8Array(0)): Buffer {
  const tail = Buffer.alloc(4)
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  tail.writeUInt32BE(crc32(named))
  return Buffer.concat([head, named, tail])
}

export const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

export function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  header[9] = 2
  return pngChunk('IHDR', header)
}

/** A PNG file of one colour that every browser draws. */
export function pngImage(
  width: number,
  height: number,
  colour: readonly [number, number, number] = [30, 90, 160],
): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.from(Array.from({ length: width }, () => colour).flat())])
  const picture = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))
  return Buffer.concat([PNG_START, pngHeader(width, height), pngChunk('IDAT', picture), pngChunk('IEND')])
}

/** The structure of a JPEG file around coded data that is none. */
export function jpegImage(width: number, height: number, frame = 0xc0): Buffer {
  const segment = (marker: number, body: readonly number[]): number[] => [
    ...[0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff],
    ...body,
  ]
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff]
  return Buffer.from([
    ...[0xff, 0xd8],
    ...segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segment(
      0xdb,
      Array.from({ length: 65 }, () => 1),
    ),
    ...segment(frame, [8, ...size, 1, 1, 0x11, 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...[0x12, 0xff, 0x00, 0x34, 0xff, 0xd3, 0x56],
    ...[0xff, 0xd9],
  ])
}

function riff(...chunks: readonly (readonly [name: string, body: readonly number[]])[]): Buffer {
  const parts = chunks.map(([name, body]) => {
    const head = Buffer.alloc(8)
    head.write(name, 0, 'latin1')
    head.writeUInt32LE(body.length, 4)
    return Buffer.concat([head, Buffer.from(body), Buffer.alloc(body.length % 2)])
  })
  const all = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...parts])
  const head = Buffer.alloc(8)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(all.length, 4)
  return Buffer.concat([head, all])
}

const lossy = (width: number, height: number): number[] => [
  ...[0x10, 0, 0, 0x9d, 0x01, 0x2a],
  ...[width & 0xff, width >> 8, height & 0xff, height >> 8],
  0,
]

export function webpLossy(width: number, height: number): Buffer {
  return riff(['VP8 ', lossy(width, height)])
}

export function webpLossless(width: number, height: number): Buffer {
  const bits = (width - 1) | ((height - 1) << 14)
  return riff(['VP8L', [0x2f, bits & 0xff, (bits >> 8) & 0xff, (bits >> 16) & 0xff, (bits >>> 24) & 0xff]])
}

/** `flags`: 0x02 says that it moves. `canvas`: what it says of its size, which is to be that of the picture. */
export function webpExtended(width: number, height: number, flags = 0, canvas = width): Buffer {
  const edge = (length: number): number[] => [(length - 1) & 0xff, ((length - 1) >> 8) & 0xff, 0]
  return riff(['VP8X', [flags, 0, 0, 0, ...edge(canvas), ...edge(height)]], ['VP8 ', lossy(width, height)])
}
