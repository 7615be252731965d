import { hash } from 'node:crypto'
import type { Assign, Entry } from '../../src/shared/phone-protocol.ts'

/** The rows of the SMS store that were newest before an attempt: each id with what stood there. */
export interface Baseline {
  /** Highest `_id`, 0 in an empty store. */
  readonly max: number
  readonly rows: readonly (readonly [id: number, identity: string])[]
}

/** What the agent keeps with an entry for itself; it never leaves the phone. */
export interface Local {
  /** `accepted`: the whole order. */
  readonly command?: Assign
  /** When it happened, as a `Moment` without the number of the start, which the notes before tell. */
  readonly up?: number
  readonly hub?: number
  /** `attempting`: what the lane's windows count, and the store before the send (null where it proves nothing). */
  readonly segments?: number
  readonly baseline?: Baseline | null
  /** `refused`: the agent itself did not run the command, so the lane is not to blame. */
  readonly own?: boolean
  /** `sent`: the rows that prove it. */
  readonly rows?: readonly (readonly [id: number, identity: string])[]
  /** `inbound` and `erased`: what identifies the text in its store besides the row id. */
  readonly identity?: string
  /** `erased`: where the text stands in the phone's store, so that it is not taken for a new one. */
  readonly text?: { readonly store: string; readonly rowId: number }
}

/** Facts that only the agent needs. They have no number of their own, but stand in the chain like everything else. */
export type Note =
  /** First line of every segment file. `prev` is the chain hash before it, `seqHash` that of the last numbered line. */
  | { type: 'segment'; index: number; journal: string; nextSeq: number; prev: string; seqHash: string }
  /** The agent started: `boot` names the start of the phone where Android tells it. */
  | { type: 'start'; boot: string | null; up: number }
  /** The texts that were in the store before the agent took notice of it, or that a new store has from an old one. */
  | { type: 'store'; store: string; max: number; rows: (readonly [id: number, identity: string])[] }
  | { type: 'sim'; slot: number; subId: number }
  | { type: 'sim-swapped'; slot: number }
  | { type: 'resumed'; slot: number }
  /** What the lane use of an earlier journal of this phone was. */
  | { type: 'uses'; list: (readonly [slot: number, hub: number, segments: number, recipient: string])[] }
  /** What segments that were removed said of messages: id, highest assignment, phase, attempted assignment or 0. */
  | { type: 'carried'; epoch: number; messages: (readonly [string, number, CarriedPhase, number])[] }

export type CarriedPhase = 'denied' | 'returned' | 'refused' | 'sent' | 'unknown'

/** A line of the journal. `at` is the phone's own clock, in ms. */
export type Line =
  | {
      readonly hash: string
      readonly at: number
      readonly seq: number
      readonly entry: Entry
      readonly local?: Local
      readonly note?: never
    }
  | { readonly hash: string; readonly at: number; readonly note: Note; readonly seq?: never; readonly entry?: never }

/** What somebody wants to be journalled. */
export type NewLine =
  | { readonly entry: Entry; readonly local?: Local; readonly note?: never }
  | { readonly note: Note; readonly entry?: never }

/** The text of a line (without its line feed) and its chain hash, which covers every line before it. */
export function encodeLine(prev: string, content: object): { text: string; hash: string } {
  const rest = JSON.stringify(content)
  const digest = chainHash(prev, rest)
  return { text: `{"hash":"${digest}",${rest.slice(1)}`, hash: digest }
}

/**
 * A line from which a person was taken out. It keeps the hash that it had, which the hub knows and the next line continues;
 * a second one covers what stands there now.
 */
export function encodeChanged(prev: string, hash: string, content: object): string {
  const rest = JSON.stringify(content)
  return `{"hash":"${hash}",${CHANGED}${chainHash(prev + hash, rest)}",${rest.slice(1)}`
}

const CHANGED = '"changed":"'

/** Reads a line back. Returns null when it is not what was written after the line with the hash `prev`. */
export function decodeLine(prev: string, text: string): Line | null {
  if (!text.startsWith('{"hash":"') || text.slice(41, 43) !== '",') return null
  const hash = text.slice(9, 41)
  const rest = text.slice(43)
  const isSound = rest.startsWith(CHANGED)
    ? rest.slice(11, 43) === chainHash(prev + hash, `{${rest.slice(45)}`)
    : hash === chainHash(prev, `{${rest}`)
  if (!isSound) return null
  try {
    return JSON.parse(text) as Line
  } catch {
    return null
  }
}

/** First 32 hex digits of SHA-256 over the hash before and the line as it is written. */
function chainHash(prev: string, rest: string): string {
  return hash('sha256', prev + rest, 'hex').slice(0, 32)
}
