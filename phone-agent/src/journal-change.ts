import { hash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { faultPoint } from './faults.ts'
import { syncFolder } from './files.ts'
import { encodeChanged, type Line } from './journal-lines.ts'
import { CHANGE_SUFFIX } from './journal-segments.ts'

/** What takes the place of a person: a number that is nobody's and can never be dialled, and a body. */
export interface StandIn {
  readonly number: string
  readonly body: string
}

/** The same for the same key, so that a change that was cut off goes on as it began. Nothing of it tells who it was. */
export function standInFor(key: string): StandIn {
  const digest = hash('sha256', `stand-in ${key}`, 'hex')
  // No country's numbers or prefixes begin with four zeros.
  const digits = BigInt(`0x${digest.slice(0, 16)}`)
    .toString()
    .padStart(11, '0')
    .slice(-11)
  return { number: `0000${digits}`, body: `erased ${digest.slice(16, 48)}` }
}

/** A person who is taken out of the journal. */
export interface Person {
  /** Whether a number, as texts and commands have it, is theirs. */
  isTheirs(number: string): boolean
  readonly standIn: StandIn
  /** Ids of messages to them, which are collected on the way. */
  readonly messages: Set<string>
}

/**
 * A line without a person, or null where it says nothing of them. Everything that decides about sending stays: numbers of
 * entries, assignments, outcomes, times, segments, and which rows of the phone's store are known or used as proof.
 */
export function withoutPerson(line: Line, person: Person): object | null {
  const { hash: _hash, changed: _changed, ...content } = line as Line & { readonly changed?: string }
  const { standIn, messages } = person
  if (line.note) {
    if (line.note.type !== 'uses' || !line.note.list.some(use => person.isTheirs(use[3]))) return null
    const list = line.note.list.map(use => (person.isTheirs(use[3]) ? [use[0], use[1], use[2], standIn.number] : use))
    return { ...content, note: { ...line.note, list } }
  }
  const { entry, local } = line
  switch (entry.type) {
    case 'accepted': {
      const command = local?.command
      if (!command || !person.isTheirs(command.number)) return null
      messages.add(entry.id)
      return { ...content, local: { ...local, command: { ...command, ...standIn } } }
    }
    case 'attempting':
      if (!person.isTheirs(entry.number)) return null
      messages.add(entry.id)
      return { ...content, entry: { ...entry, number: standIn.number, bodyHash: '0'.repeat(64) } }
    case 'refused':
      // What the command printed may name the number.
      if (!messages.has(entry.id) || entry.detail === '') return null
      return { ...content, entry: { ...entry, detail: '' } }
    case 'inbound': {
      if (!person.isTheirs(entry.number ?? entry.sender)) return null
      const text = { store: entry.store, rowId: entry.rowId }
      return { ...content, entry: { type: 'erased' }, local: { ...local, text } }
    }
    default:
      return null
  }
}

/** What was done to one file. */
export interface FileChange {
  /** Lines that were changed. */
  readonly changed: number
  /** Lines that have to be changed, and cannot be yet: the hub has not stored them. */
  readonly left: number
  /** The new size in bytes. */
  readonly size: number
}

/**
 * Takes a person out of the first `size` bytes of a file of the journal that nobody writes to. The new file takes the place
 * of the old one in one step, and each file is whole by itself, so that a crash at any moment leaves a sound journal.
 * @param upTo the last entry that may be changed
 */
export function changeFile(path: string, size: number, upTo: number, person: Person): FileChange {
  const found = changedLines(path, size, upTo, person)
  if (found.changed === 0) return { changed: 0, left: found.left, size }
  const bytes = Buffer.from(`${found.lines.join('\n')}\n`)
  const beside = `${path}${CHANGE_SUFFIX}`
  try {
    writeSynced(beside, bytes)
  } catch (error) {
    // What is half written would take room on a disk that has none.
    rmSync(beside, { force: true })
    throw error
  }
  faultPoint('journal-change')
  renameSync(beside, path)
  syncFolder(dirname(path))
  faultPoint('journal-changed')
  return { changed: found.changed, left: found.left, size: bytes.length }
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const fd = openSync(path, 'w', 0o600)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** How a file would be changed, without changing it. */
export function changedLines(
  path: string,
  size: number,
  upTo: number,
  person: Person,
): { lines: string[]; changed: number; left: number } {
  const texts = readFileSync(path).subarray(0, size).toString('utf8').split('\n')
  const lines: string[] = []
  let [changed, left, previous] = [0, 0, '']
  for (const text of texts) {
    if (text === '') continue
    const line = parsed(text)
    const content = line && withoutPerson(line, person)
    if (content && (line.seq ?? 0) <= upTo) {
      lines.push(encodeChanged(previous, line.hash, content))
      changed += 1
    } else {
      lines.push(text)
      if (content) left += 1
    }
    previous = line?.hash ?? previous
  }
  return { lines, changed, left }
}

/** A line that is torn stays as it is. */
function parsed(text: string): Line | null {
  try {
    return JSON.parse(text) as Line
  } catch {
    return null
  }
}
