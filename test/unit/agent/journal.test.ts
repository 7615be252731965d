import {
  appendFileSync,
  fsyncSync,
  ftruncateSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Journal, JournalFull, type JournalOptions } from '../../../phone-agent/src/journal.ts'
import type { JournalFiles } from '../../../phone-agent/src/journal-files.ts'
import type { Line, NewLine } from '../../../phone-agent/src/journal-lines.ts'
import { JournalDamaged } from '../../../phone-agent/src/journal-segments.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'journal-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const path = (): string => join(dir, 'journal')
const denied = (id: string): NewLine => ({ entry: { type: 'denied', id, assignment: 1 } })
const note = (slot: number): NewLine => ({ note: { type: 'resumed', slot } })

interface Seen {
  lines: Line[]
  journal: Journal
}

function open(options: Partial<JournalOptions> = {}, create = false): Seen {
  const lines: Line[] = []
  const all = { now: () => 1000, onLine: (line: Line) => lines.push(line), ...options }
  return { lines, journal: create ? Journal.create(path(), all) : Journal.open(path(), all) }
}

function ids(lines: readonly Line[]): string[] {
  return lines.flatMap(line => (line.entry?.type === 'denied' ? [line.entry.id] : []))
}

const files = (): string[] =>
  readdirSync(path())
    .filter(name => name.endsWith('.jsonl'))
    .sort()
const lastFile = (): string => join(path(), files().at(-1)!)

describe('the journal', () => {
  it('numbers entries without a gap, and gives them back after a restart with what was kept beside them', async () => {
    const first = open({}, true)
    await first.journal.append([denied('a'), note(1)])
    await first.journal.append([{ ...denied('b'), local: { up: 5 } } as NewLine])
    expect(first.journal.lastSeq).toBe(2)
    await first.journal.close()
    const again = open()
    expect(again.journal.identity).toBe(first.journal.identity)
    expect(ids(again.lines)).toEqual(['a', 'b'])
    expect(again.lines.at(-1)).toMatchObject({ seq: 2, local: { up: 5 } })
    expect(again.journal.read(1, 10)).toEqual([
      { seq: 1, hash: again.journal.hashAt(1), entry: { type: 'denied', id: 'a', assignment: 1 } },
      { seq: 2, hash: again.journal.hashAt(2), entry: { type: 'denied', id: 'b', assignment: 1 } },
    ])
    expect(again.journal.hashAt(0)).toBe('')
    await again.journal.close()
  })

  it('writes what comes at once with one sync, and tells nobody of a line before it', async () => {
    const events: string[] = []
    const slow: JournalFiles = {
      write: (_fd, bytes, from) => bytes.length - from,
      sync: async () => {
        await new Promise(resolve => setTimeout(resolve, 5))
        events.push('sync')
      },
      truncate: () => {},
    }
    const { journal } = open({ files: slow, onLine: line => events.push(line.entry ? 'line' : 'note') }, true)
    events.length = 0
    await Promise.all([1, 2, 3].map(i => journal.append([denied(String(i))]).then(() => events.push('told'))))
    expect(events).toEqual(['sync', 'line', 'line', 'line', 'told', 'told', 'told'])
    await journal.close()
  })

  it('goes on in new files, reads across them, and finds each hash again', async () => {
    const { journal } = open({ segmentBytes: 600 }, true)
    for (let i = 1; i <= 30; i++) await journal.append([denied(`m${i}`)])
    expect(files().length).toBeGreaterThan(3)
    const hashes = journal.read(1, 200).map(entry => entry.hash)
    await journal.close()
    const again = open({ segmentBytes: 600 })
    const read: string[] = []
    for (let seq = 1; seq <= 30; ) {
      const some = again.journal.read(seq, 200)
      read.push(...some.map(entry => entry.hash))
      seq += some.length
    }
    expect(read).toHaveLength(30)
    expect(read.slice(0, hashes.length)).toEqual(hashes)
    for (let seq = 1; seq <= 30; seq++) expect(again.journal.hashAt(seq)).toBe(read[seq - 1])
    await again.journal.close()
  })

  it('keeps unacknowledged entries readable after they were released and while new ones come', async () => {
    const { journal } = open({}, true)
    await journal.append([denied('a'), denied('b'), denied('c')])
    journal.release(2)
    await journal.append([denied('d')])
    expect(journal.read(1, 10).map(entry => entry.seq)).toEqual([1, 2, 3, 4])
    expect(journal.read(3, 1).map(entry => entry.seq)).toEqual([3])
    expect(journal.read(5, 1)).toEqual([])
    await journal.close()
  })

  it('removes old files that nobody needs, and goes on from the oldest that is left', async () => {
    let now = 1000
    const { journal } = open({ segmentBytes: 400, now: () => now }, true)
    for (let i = 1; i <= 12; i++) {
      now += 1000
      await journal.append([denied(`m${i}`)])
    }
    const before = journal.lastSeq
    const carried: string[] = []
    const removed = await journal.prune(8000, 5, lines => {
      carried.push(...ids(lines))
      return [note(9)]
    })
    expect(removed).toBeGreaterThan(0)
    expect(journal.firstSeq).toBeGreaterThan(1)
    expect(journal.firstSeq).toBeLessThanOrEqual(6)
    expect(carried).toEqual(Array.from({ length: journal.firstSeq - 1 }, (_, i) => `m${i + 1}`))
    const { firstSeq } = journal
    const hashBefore = journal.hashAt(firstSeq - 1)
    expect(hashBefore).toMatch(/^[0-9a-f]{32}$/)
    await journal.close()
    const again = open()
    expect(again.journal.firstSeq).toBe(firstSeq)
    expect(again.journal.lastSeq).toBe(before)
    expect(again.journal.hashAt(firstSeq - 1)).toBe(hashBefore)
    expect(() => again.journal.read(1, 1)).toThrow(RangeError)
    await again.journal.close()
  })
})

describe('a journal that was not closed', () => {
  it('loses what was cut off in the middle of a line, and nothing else', async () => {
    const { journal } = open({}, true)
    await journal.append([denied('a')])
    await journal.append([denied('b')])
    await journal.close()
    const whole = readFileSync(lastFile())
    const start = whole.lastIndexOf(0x0a, whole.length - 2) + 1
    for (let size = start; size < whole.length; size++) {
      writeFileSync(lastFile(), whole.subarray(0, size))
      const again = open()
      expect(ids(again.lines)).toEqual(['a'])
      await again.journal.append([denied('c')])
      await again.journal.close()
      expect(ids(open().lines)).toEqual(['a', 'c'])
    }
  })

  it('may end in zeros, as some file systems leave them', async () => {
    const { journal } = open({}, true)
    await journal.append([denied('a')])
    await journal.close()
    appendFileSync(lastFile(), Buffer.alloc(500))
    const again = open()
    expect(ids(again.lines)).toEqual(['a'])
    await again.journal.append([denied('b')])
    await again.journal.close()
    expect(ids(open().lines)).toEqual(['a', 'b'])
  })

  it('may have just begun a new file', async () => {
    const { journal } = open({}, true)
    await journal.append([denied('a')])
    await journal.close()
    writeFileSync(join(path(), '000002.jsonl'), '{"hash":"12')
    const again = open()
    await again.journal.append([denied('b')])
    await again.journal.close()
    expect(files()).toEqual(['000001.jsonl'])
    expect(ids(open().lines)).toEqual(['a', 'b'])
  })
})

describe('a journal that somebody has touched', () => {
  async function threeFiles(): Promise<void> {
    const { journal } = open({ segmentBytes: 500 }, true)
    for (let i = 1; i <= 12; i++) await journal.append([denied(`m${i}`)])
    await journal.close()
  }

  it('is refused whichever byte of a whole line was changed', async () => {
    await threeFiles()
    const names = files()
    const byte = fc.tuple(fc.nat(names.length - 1), fc.nat(10_000), fc.integer({ min: 33, max: 126 }))
    fc.assert(
      fc.property(byte, ([file, position, value]) => {
        const name = join(path(), names[file]!)
        const bytes = readFileSync(name)
        const at = position % bytes.length
        const before = bytes[at]!
        if (before === value || (file === names.length - 1 && at === bytes.length - 1)) return
        bytes[at] = value
        writeFileSync(name, bytes)
        try {
          expect(() => open()).toThrow(JournalDamaged)
        } finally {
          bytes[at] = before
          writeFileSync(name, bytes)
        }
      }),
      { numRuns: 100 },
    )
    await open().journal.close()
  })

  it('is refused when a file is missing, shortened, or of another journal', async () => {
    await threeFiles()
    const [first, second] = files()
    const middle = readFileSync(join(path(), second!))
    rmSync(join(path(), second!))
    expect(() => open()).toThrow('missing')
    writeFileSync(join(path(), second!), middle)
    truncateSync(join(path(), first!), 700)
    expect(() => open()).toThrow(JournalDamaged)
  })

  it('is refused without its identity, and with another', async () => {
    await threeFiles()
    const identity = join(path(), 'identity.json')
    const text = readFileSync(identity, 'utf8')
    rmSync(identity)
    expect(() => open()).toThrow('identity')
    writeFileSync(identity, text.replace(/[0-9a-f]{32}/, 'f'.repeat(32)))
    expect(() => open()).toThrow(JournalDamaged)
  })
})

describe('a disk that does not take the journal', () => {
  it('fails the lines that were to be written and no others, and leaves no half line', async () => {
    const state = { code: '', partial: 0, failSync: false, failTruncate: false }
    const filesOf: JournalFiles = {
      write(fd, bytes, from, position) {
        if (!state.code) return writeSync(fd, bytes, from, bytes.length - from, position)
        if (state.partial > 0) {
          const some = Math.min(state.partial, bytes.length - from)
          state.partial -= some
          return writeSync(fd, bytes, from, some, position)
        }
        throw Object.assign(new Error(`${state.code}: no space`), { code: state.code })
      },
      async sync(fd) {
        if (state.failSync) throw Object.assign(new Error('EIO'), { code: 'EIO' })
        fsyncSync(fd)
      },
      truncate(fd, size) {
        if (state.failTruncate) throw Object.assign(new Error('EIO'), { code: 'EIO' })
        ftruncateSync(fd, size)
      },
    }
    const { journal, lines } = open({ files: filesOf }, true)
    await journal.append([denied('a')])
    Object.assign(state, { code: 'ENOSPC', partial: 40 })
    await expect(journal.append([denied('lost')])).rejects.toThrow(JournalFull)
    await expect(journal.append([denied('lost')])).rejects.toThrow('no free storage')
    Object.assign(state, { code: '', failSync: true, failTruncate: true })
    await expect(journal.append([denied('lost')])).rejects.toThrow(JournalFull)
    Object.assign(state, { failSync: false, failTruncate: false })
    await journal.append([denied('b')])
    expect(ids(lines)).toEqual(['a', 'b'])
    expect(journal.lastSeq).toBe(2)
    await journal.close()
    expect(ids(open().lines)).toEqual(['a', 'b'])
  })

  it('and fails again where a new file has to begin', async () => {
    const { journal } = open({ segmentBytes: 300 }, true)
    await journal.append([denied('a'), denied('b')])
    rmSync(path(), { recursive: true })
    await expect(journal.append([denied('c')])).rejects.toThrow(JournalFull)
    await journal.close()
  })
})
