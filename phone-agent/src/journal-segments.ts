import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, truncateSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, syncFolder } from './files.ts'
import { decodeLine, type Line } from './journal-lines.ts'

/** One file of the journal, and what of the chain it holds. */
export interface Segment {
  readonly index: number
  readonly path: string
  /** The first number that the file can hold, and the last that it does (one less when it holds none). */
  readonly firstSeq: number
  lastSeq: number
  /** Chain hash of the numbered line before `firstSeq`; empty at the beginning. */
  readonly seqHashBefore: string
  /** When the newest line was written, ms by the phone's clock. */
  newestAt: number
  size: number
}

/** The journal is not what was written. The sentence says where, and what to do. */
export class JournalDamaged extends Error {}

export function segmentPath(dir: string, index: number): string {
  return join(dir, `${String(index).padStart(6, '0')}.jsonl`)
}

/** What a file is called that is to take the place of a segment file, behind that one's name. */
export const CHANGE_SUFFIX = '.change'

/** The numbers of the segment files in a folder, ascending. */
export function segmentIndexes(dir: string): number[] {
  return readdirSync(dir)
    .map(name => /^(\d{6,})\.jsonl$/.exec(name)?.[1])
    .filter(found => found !== undefined)
    .map(Number)
    .sort((a, b) => a - b)
}

export interface Loaded {
  readonly segments: Segment[]
  /** Chain hash of the last line, and of the last numbered one. */
  readonly hash: string
  readonly seqHash: string
}

/**
 * Reads and checks all segment files, and hands out each line in order. A line at the very end that was not written to
 * its end is cut off: nobody has acted on it, since that needs the sync after it.
 * @throws JournalDamaged when anything else is wrong.
 */
export function loadSegments(dir: string, identity: string, onLine: (line: Line) => void): Loaded {
  removeUnfinished(dir)
  const indexes = segmentIndexes(dir)
  const segments: Segment[] = []
  let hash: string | null = null
  let seqHash = ''
  for (const [position, index] of indexes.entries()) {
    const path = segmentPath(dir, index)
    const isLast = position === indexes.length - 1
    if (position > 0 && index !== indexes[position - 1]! + 1) {
      throw damaged(`the file ${segmentPath(dir, index - 1)} is missing`)
    }
    const lines = wholeLines(path, isLast)
    if (lines.length === 0 && isLast && position > 0) {
      // The agent stopped while it began a new file: nothing stands in it yet.
      removeFile(dir, path)
      break
    }
    const header = lines[0] === undefined ? null : decodeLine(headerPrev(lines[0]), lines[0])
    const note = header?.note
    if (note?.type !== 'segment' || note.index !== index || note.journal !== identity) {
      throw damaged(`the head of ${path} is not what was written`)
    }
    const expected = segments.at(-1)
    if (hash !== null && expected && (note.prev !== hash || note.nextSeq !== expected.lastSeq + 1)) {
      throw damaged(`${path} does not continue the file before it`)
    }
    if (hash === null) seqHash = note.seqHash
    hash = header!.hash
    const segment: Segment = {
      index,
      path,
      firstSeq: note.nextSeq,
      lastSeq: note.nextSeq - 1,
      seqHashBefore: note.seqHash,
      newestAt: header!.at,
      size: Buffer.byteLength(lines.join('\n')) + 1,
    }
    segments.push(segment)
    onLine(header!)
    for (let i = 1; i < lines.length; i++) {
      const line: Line | null = decodeLine(hash, lines[i]!)
      if (!line || (line.entry && line.seq !== segment.lastSeq + 1)) {
        throw damaged(`line ${i + 1} of ${path} is not what was written`)
      }
      hash = line.hash
      segment.newestAt = line.at
      if (line.entry) {
        segment.lastSeq = line.seq
        seqHash = line.hash
      }
      onLine(line)
    }
  }
  if (segments.length === 0 || hash === null) throw damaged(`${dir} holds no entries`)
  return { segments, hash, seqHash }
}

/** The numbered lines of one file. It has been checked when the journal was opened. */
export function readEntries(path: string, size: number): (Line & { seq: number })[] {
  const text = readFileSync(path).subarray(0, size).toString('utf8')
  const found: (Line & { seq: number })[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    const parsed = JSON.parse(line) as Line
    if (parsed.entry) found.push(parsed)
  }
  return found
}

/** A change that was cut off is begun anew; until then its file would outlive the one that it is a copy of. */
function removeUnfinished(dir: string): void {
  for (const name of readdirSync(dir)) if (name.endsWith(`.jsonl${CHANGE_SUFFIX}`)) removeFile(dir, join(dir, name))
}

export function removeFile(dir: string, path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  syncFolder(dir)
}

function damaged(what: string): JournalDamaged {
  return new JournalDamaged(
    `The journal is damaged: ${what}. Nothing is sent, since a message could go out twice. If you have an exact copy of ` +
      'the folder, put it back; otherwise run "unpair --forget" and pair this phone again.',
  )
}

/** The lines that are whole. In the last file, what follows the last line feed is cut off. */
function wholeLines(path: string, mayBeTorn: boolean): string[] {
  const bytes = readFileSync(path)
  const end = bytes.lastIndexOf(0x0a) + 1
  if (end < bytes.length) {
    if (!mayBeTorn) throw damaged(`the end of ${path} is missing`)
    truncateSync(path, end)
  }
  // What a killed agent had written and not synced counts from now on, so it has to be on the disk first.
  if (mayBeTorn) syncFile(path)
  return end === 0 ? [] : bytes.toString('utf8', 0, end - 1).split('\n')
}

function syncFile(path: string): void {
  const fd = openSync(path, 'r+')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** The first kept file continues one that may be gone, so it tells itself what it continues. */
function headerPrev(text: string): string {
  return /"prev":"([0-9a-f]*)"/.exec(text)?.[1] ?? ''
}
