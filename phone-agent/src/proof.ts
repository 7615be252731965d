import type { Baseline } from './journal-lines.ts'
import { sameText } from './rows.ts'
import { withoutSpaces } from './text.ts'

/** A row of type sent that the Termux:API app wrote. */
export interface ProofRow {
  readonly id: number
  /** Canonical number, and the same with the folded body. */
  readonly number: string
  readonly key: string
  readonly body: string
  readonly identity: string
  /** It was there at an earlier read too, long enough ago: Android hides a text that failed, a moment after writing it. */
  readonly lasting: boolean
}

/** A message that a row may prove. */
export interface Claimant {
  readonly id: string
  readonly number: string
  readonly key: string
  readonly body: string
  readonly baseline: Baseline | null
}

/** What the rows say of a message. `pending`: a row is there and may last. `unclear`: rows that may or may not be it. */
export type Finding = { kind: 'proved'; rows: readonly ProofRow[] } | { kind: 'pending' } | { kind: 'unclear' }

/**
 * Matches rows with messages, each row with one message at most. Claimants come first who may claim first: open ones
 * before unknown ones, older before newer. A message that is not in the result has no row at all.
 */
export function findProof(
  claimants: Iterable<Claimant>,
  rows: readonly ProofRow[],
  isClaimed: (row: ProofRow) => boolean,
): Map<string, Finding> {
  const free = rows.filter(row => !isClaimed(row)).sort((a, b) => a.id - b.id)
  const byKey = groupBy(free, row => row.key)
  const byNumber = groupBy(free, row => row.number)
  const used = new Set<ProofRow>()
  const found = new Map<string, Finding>()
  const left: Claimant[] = []
  for (const claimant of claimants) {
    const own = byKey.get(claimant.key)?.filter(row => !used.has(row) && isNewer(row, claimant.baseline)) ?? []
    const row = own.find(one => one.lasting) ?? own[0]
    if (row) {
      used.add(row)
      found.set(claimant.id, row.lasting ? { kind: 'proved', rows: [row] } : { kind: 'pending' })
    } else if (byNumber.has(claimant.number)) {
      left.push(claimant)
    }
  }
  for (const claimant of left) {
    const others = byNumber.get(claimant.number)!.filter(row => !used.has(row) && isNewer(row, claimant.baseline))
    const pages = pagesOf(claimant.body, others)
    if (pages) {
      for (const row of pages) used.add(row)
      const lasting = pages.every(row => row.lasting)
      found.set(claimant.id, lasting ? { kind: 'proved', rows: pages } : { kind: 'pending' })
    } else if (others.length > 0) {
      found.set(claimant.id, { kind: 'unclear' })
    }
  }
  return found
}

/** Whether a row was written after the attempt. Ids of deleted rows are used again, so a known id can hold a new text. */
export function isNewer(row: { id: number; identity: string }, baseline: Baseline | null): boolean {
  if (!baseline) return false
  if (row.id > baseline.max) return true
  const before = baseline.rows.find(([id]) => id === row.id)
  return before !== undefined && !sameText(before[1], row.identity)
}

const PAGE = /^\s*[[(]?(\d{1,2})\s*\/\s*(\d{1,2})[\])]?[:.]?\s/

/** Rows that are the pages of one body, as phones without concatenation store it: `(1/2) ...`, `(2/2) ...`. */
function pagesOf(body: string, rows: readonly ProofRow[]): ProofRow[] | null {
  const sets = new Map<number, ProofRow[][]>()
  for (const row of rows) {
    const match = PAGE.exec(row.body)
    const [page, of] = [Number(match?.[1]), Number(match?.[2])]
    if (!match || of < 2 || page < 1 || page > of) continue
    const pages = sets.get(of) ?? Array.from({ length: of }, () => [])
    pages[page - 1]!.push(row)
    sets.set(of, pages)
  }
  const wanted = withoutSpaces(body)
  for (const pages of sets.values()) {
    const whole = Math.min(...pages.map(page => page.length))
    for (let i = 0; i < whole; i++) {
      const set = pages.map(page => page[i]!)
      if (withoutSpaces(set.map(row => row.body.replace(PAGE, '')).join('')) === wanted) return set
    }
  }
  return null
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}
