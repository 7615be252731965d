import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { NumberedEntry } from '../../src/shared/phone-protocol.ts'
import { faultPoint } from './faults.ts'
import { errorCode, makeFolder, writeWhole } from './files.ts'
import { changedLines, changeFile, type Person } from './journal-change.ts'
import { diskSentence, type JournalFiles, realFiles } from './journal-files.ts'
import { encodeLine, type Line, type NewLine } from './journal-lines.ts'
import {
  JournalDamaged,
  loadSegments,
  readEntries,
  removeFile,
  type Segment,
  segmentIndexes,
  segmentPath,
} from './journal-segments.ts'

/** The lines could not be written; nothing of them counts. Trying again later can help. */
export class JournalFull extends Error {}

export interface JournalOptions {
  /** Ms by the phone's clock, for the lines. */
  readonly now: () => number
  /** Called with every line there is, in order: when the journal is opened, and as soon as a new one is synced. */
  readonly onLine: (line: Line) => void
  readonly files?: JournalFiles
  /** A new file is begun after so many bytes. */
  readonly segmentBytes?: number
}

/** Whether a folder holds a journal, whole or not. */
export function hasJournal(dir: string): boolean {
  return existsSync(join(dir, 'identity.json')) || (existsSync(dir) && segmentIndexes(dir).length > 0)
}

/**
 * What the phone has done, append-only: JSON lines in numbered files, each with a hash over all before it. A line counts
 * from the moment it is synced; several that come at once share one sync.
 */
export class Journal {
  readonly identity: string
  readonly #dir: string
  readonly #options: JournalOptions
  readonly #files: JournalFiles
  readonly #segments: Segment[]
  #fd: number
  #hash: string
  #seqHash: string
  #queue: Waiting[] = []
  #flushing: Promise<void> | null = null
  #torn = false
  #closed = false
  /** Entries that the hub has not acknowledged, as far as they fit; what is older is read from the files. */
  #tail: NumberedEntry[] = []
  #cache: { path: string; entries: NumberedEntry[] } | null = null

  private constructor(dir: string, identity: string, options: JournalOptions, loaded: ReturnType<typeof loadSegments>) {
    this.identity = identity
    this.#dir = dir
    this.#options = options
    this.#files = options.files ?? realFiles()
    this.#segments = loaded.segments
    this.#hash = loaded.hash
    this.#seqHash = loaded.seqHash
    this.#fd = openSync(this.#current.path, 'r+')
  }

  /** Begins a journal in an empty or missing folder, with a new random identity. */
  static create(dir: string, options: JournalOptions): Journal {
    makeFolder(dir)
    const identity = randomBytes(16).toString('hex')
    const note = { type: 'segment', index: 1, journal: identity, nextSeq: 1, prev: '', seqHash: '' } as const
    writeWhole(segmentPath(dir, 1), `${encodeLine('', { at: options.now(), note }).text}\n`)
    writeWhole(join(dir, 'identity.json'), `${JSON.stringify({ identity })}\n`)
    return Journal.open(dir, options)
  }

  /** @throws JournalDamaged with a sentence for the operator. */
  static open(dir: string, options: JournalOptions): Journal {
    const identity = readIdentity(dir)
    return new Journal(dir, identity, options, loadSegments(dir, identity, options.onLine))
  }

  /** The oldest number that is kept; one more than `lastSeq` while there is none. */
  get firstSeq(): number {
    return this.#segments[0]!.firstSeq
  }

  get lastSeq(): number {
    return this.#current.lastSeq
  }

  /**
   * Writes lines and syncs them. They are on the disk, and `onLine` has seen them, when the promise resolves.
   * @throws JournalFull (as a rejection) when the disk does not take them; then none of them counts.
   */
  append(lines: readonly NewLine[]): Promise<void> {
    if (lines.length === 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new JournalFull('The journal is closed.'))
      this.#queue.push({ lines, resolve, reject })
      this.#flushing ??= this.#flushAll()
    })
  }

  /** Entries from a number on, at most `count` of them. */
  read(from: number, count: number): NumberedEntry[] {
    if (from > this.lastSeq || count <= 0) return []
    const tailFrom = this.#tail[0]?.seq ?? Number.POSITIVE_INFINITY
    if (from >= tailFrom) return this.#tail.slice(from - tailFrom, from - tailFrom + count)
    const segment = this.#segments.findLast(one => one.firstSeq <= from)
    if (!segment) throw new RangeError(`Entry ${from} is no longer kept; the first is ${this.firstSeq}.`)
    const entries = this.#entriesOf(segment, from)
    const start = from - segment.firstSeq
    return entries.slice(start, start + count)
  }

  /** Chain hash at a number, empty at 0. Throws a RangeError where it is not kept. */
  hashAt(seq: number): string {
    if (seq === 0) return ''
    if (seq === this.lastSeq) return this.#seqHash
    if (seq === this.firstSeq - 1) return this.#segments[0]!.seqHashBefore
    const [entry] = this.read(seq, 1)
    if (!entry) throw new RangeError(`There is no entry ${seq}.`)
    return entry.hash
  }

  /** The hub has stored everything up to here, so it need not be kept in memory. */
  release(acked: number): void {
    const first = this.#tail[0]?.seq
    if (first !== undefined && acked >= first) this.#tail.splice(0, acked - first + 1)
  }

  /**
   * Files that hold only lines written before `before` (ms by the phone's clock) and entries up to `seq`: the oldest ones,
   * never the current one. `carry` is given their lines and returns the note that keeps what still matters of them.
   */
  async prune(before: number, seq: number, carry: (lines: readonly Line[]) => readonly NewLine[]): Promise<number> {
    let removed = 0
    while (this.#segments.length > 1) {
      const oldest = this.#segments[0]!
      if (oldest.newestAt >= before || oldest.lastSeq > seq) break
      const text = readFileSync(oldest.path, 'utf8')
      const lines = text.split('\n').filter(line => line !== '')
      await this.append(carry(lines.map(line => JSON.parse(line) as Line)))
      this.#segments.shift()
      removeFile(this.#dir, oldest.path)
      removed++
    }
    return removed
  }

  /**
   * Takes a person out of the entries up to `upTo` and out of all notes. Numbers and hashes of the entries stay, so that the
   * hub finds the journal as it knows it. Throws what the file system throws; what is done by then stays done.
   * @returns how many lines were changed, and how many later ones still speak of the person
   */
  async change(upTo: number, person: Person): Promise<{ changed: number; left: number }> {
    const done = { changed: 0, left: 0 }
    this.release(Math.min(upTo, this.lastSeq))
    for (let at = 0; at < this.#segments.length && !this.#closed; at++) {
      // Other work gets its turn; files may go or come meanwhile.
      await nextTurn()
      const segment = this.#segments[at]
      if (!segment) break
      if (segment === this.#current && !(await this.#closeCurrent(upTo, person, done))) break
      const { changed, left, size } = changeFile(segment.path, segment.size, upTo, person)
      segment.size = size
      if (this.#cache?.path === segment.path) this.#cache = null
      done.changed += changed
      done.left += left
    }
    return done
  }

  /** Begins another file where the present one has to be changed. Returns false when it has not. */
  async #closeCurrent(upTo: number, person: Person, done: { left: number }): Promise<boolean> {
    while (this.#flushing) await this.#flushing
    const { path, size } = this.#current
    const { changed, left } = changedLines(path, size, upTo, person)
    if (changed === 0 || this.#closed) {
      done.left += left
      return false
    }
    if (this.#torn) this.#restore()
    this.#beginSegment()
    return true
  }

  /** Waits for what is being written. Later lines are refused. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#flushing
    closeSync(this.#fd)
  }

  get #current(): Segment {
    return this.#segments.at(-1)!
  }

  async #flushAll(): Promise<void> {
    // One turn later, so that lines which are appended at the same moment go out together.
    await null
    while (this.#queue.length > 0) {
      const batch = this.#queue
      this.#queue = []
      try {
        const lines = await this.#write(batch.flatMap(waiting => waiting.lines))
        for (const line of lines) this.#options.onLine(line)
        for (const waiting of batch) waiting.resolve()
      } catch (error) {
        const failure = new JournalFull(diskSentence(error), { cause: error })
        for (const waiting of batch) waiting.reject(failure)
      }
    }
    this.#flushing = null
  }

  async #write(contents: readonly NewLine[]): Promise<Line[]> {
    if (this.#torn) this.#restore()
    if (this.#current.size >= (this.#options.segmentBytes ?? 4 * 1024 * 1024)) this.#beginSegment()
    const segment = this.#current
    let { lastSeq } = segment
    let hash = this.#hash
    let seqHash = this.#seqHash
    const at = this.#options.now()
    const lines: Line[] = []
    const texts: string[] = []
    for (const content of contents) {
      const numbered = content.entry
        ? { seq: ++lastSeq, at, entry: content.entry, ...(content.local && { local: content.local }) }
        : { at, note: content.note }
      const encoded = encodeLine(hash, numbered)
      hash = encoded.hash
      if (content.entry) seqHash = hash
      texts.push(encoded.text)
      lines.push({ hash, ...numbered } as Line)
    }
    const bytes = Buffer.from(`${texts.join('\n')}\n`)
    try {
      let written = 0
      while (written < bytes.length) {
        written += this.#files.write(this.#fd, bytes, written, segment.size + written)
      }
      faultPoint('journal-write')
      await this.#files.sync(this.#fd)
      faultPoint('journal-synced')
    } catch (error) {
      this.#torn = true
      this.#tryRestore()
      throw error
    }
    segment.size += bytes.length
    segment.lastSeq = lastSeq
    segment.newestAt = at
    this.#hash = hash
    this.#seqHash = seqHash
    this.#remember(lines)
    return lines
  }

  #remember(lines: readonly Line[]): void {
    for (const line of lines) {
      if (line.entry) this.#tail.push({ seq: line.seq, hash: line.hash, entry: line.entry })
    }
    if (this.#tail.length > MOST_IN_MEMORY) this.#tail.splice(0, this.#tail.length - MOST_IN_MEMORY / 2)
  }

  /** Cuts off what a failed write has left, so that the chain goes on where it was. */
  #restore(): void {
    this.#files.truncate(this.#fd, this.#current.size)
    this.#torn = false
  }

  #tryRestore(): void {
    try {
      this.#restore()
    } catch {
      // The disk does not even take that: it is tried again before the next write.
    }
  }

  #beginSegment(): void {
    const index = this.#current.index + 1
    const path = segmentPath(this.#dir, index)
    const nextSeq = this.lastSeq + 1
    const at = this.#options.now()
    const note = {
      type: 'segment',
      index,
      journal: this.identity,
      nextSeq,
      prev: this.#hash,
      seqHash: this.#seqHash,
    } as const
    const { text, hash } = encodeLine(this.#hash, { at, note })
    writeWhole(path, `${text}\n`)
    const fd = openSync(path, 'r+')
    closeSync(this.#fd)
    this.#fd = fd
    this.#hash = hash
    const size = Buffer.byteLength(text) + 1
    const lastSeq = nextSeq - 1
    this.#segments.push({ index, path, firstSeq: nextSeq, lastSeq, seqHashBefore: this.#seqHash, newestAt: at, size })
  }

  #entriesOf(segment: Segment, from: number): NumberedEntry[] {
    const last = this.#cache?.path === segment.path ? (this.#cache.entries.at(-1)?.seq ?? 0) : 0
    if (!this.#cache || last < from) {
      const entries = readEntries(segment.path, segment.size)
      this.#cache = {
        path: segment.path,
        entries: entries.map(({ seq, hash, entry }) => ({ seq, hash, entry: entry! })),
      }
    }
    return this.#cache.entries
  }
}

const MOST_IN_MEMORY = 20_000

interface Waiting {
  readonly lines: readonly NewLine[]
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

function readIdentity(dir: string): string {
  try {
    const { identity } = JSON.parse(readFileSync(join(dir, 'identity.json'), 'utf8')) as { identity?: unknown }
    if (typeof identity === 'string' && /^[0-9a-f]{32}$/.test(identity)) return identity
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && !(error instanceof SyntaxError)) throw error
  }
  throw new JournalDamaged(
    `The identity of the journal in ${dir} is missing. If you have an exact copy of the folder, put it back; otherwise ` +
      'run "unpair --forget" and pair this phone again.',
  )
}
