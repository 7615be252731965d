import { closeSync, openSync, readSync } from 'node:fs'

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>
  readonly offset?: string
  readonly size?: number
}

/**
 * What an archive of Electron holds, and the text of its package.json. Behind the length in the fourth 32-bit number lies
 * the list of its files as JSON, and then their bytes.
 */
export function readArchive(path: string): { readonly files: readonly string[]; readonly packageJson: string } {
  const file = openSync(path, 'r')
  try {
    const head = read(file, 0, 16)
    const listed = JSON.parse(read(file, 16, head.readUInt32LE(12)).toString('utf8')) as Entry
    const found = new Map(walk(listed, ''))
    const { offset = '0', size = 0 } = found.get('/package.json') ?? {}
    const start = 8 + head.readUInt32LE(4)
    return { files: [...found.keys()], packageJson: read(file, start + Number(offset), size).toString('utf8') }
  } finally {
    closeSync(file)
  }
}

function walk(entry: Entry, path: string): [string, Entry][] {
  return Object.entries(entry.files ?? {}).flatMap(([name, inner]): [string, Entry][] => [
    [`${path}/${name}`, inner],
    ...walk(inner, `${path}/${name}`),
  ])
}

function read(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  readSync(file, bytes, 0, length, position)
  return bytes
}
