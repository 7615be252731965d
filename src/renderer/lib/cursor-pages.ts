import { useQueries } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { GivenOf, ReadName } from '../../shared/operations/index.ts'
import { call } from '../api.ts'

/** Operations whose answers are pages that go by cursor. */
export type PagedName = {
  [N in ReadName]: GivenOf<N> extends { limit?: number | undefined; after?: string | undefined } ? N : never
}[ReadName]

export interface CursorPages<T> {
  /** Rows that there are as far as is known: more, once the last of them is looked at. */
  readonly count: number
  /** Whether `count` is all. */
  readonly complete: boolean
  /** Nothing is known yet. */
  readonly loading: boolean
  /** Undefined while it is being read. */
  at(index: number): T | undefined
  /** Says which rows are looked at; only their pages are read and kept fresh. */
  look(first: number, last: number): void
  readonly error: Error | null
  readonly retry: () => void
}

/** One row of a page of this operation. */
export type RowOf<N extends PagedName> = Awaited<ReturnType<typeof call<N>>> extends { items: (infer T)[] } ? T : never

/** Rows of a page, and how far ahead of what is seen the next one is read. */
export const PAGE_SIZE = 200
const AHEAD = 120

/**
 * A list of any length, page by page as it is scrolled. The hub goes by cursors, so each page knows where the next
 * begins; pages that were seen are found again at once.
 */
export function useCursorPages<N extends PagedName>(
  name: N,
  input: Omit<GivenOf<N>, 'limit' | 'after'>,
): CursorPages<RowOf<N>> {
  const key = JSON.stringify([name, input])
  const [known, setKnown] = useState<{ key: string; cursors: readonly (string | null)[] }>({ key, cursors: [] })
  const [range, setRange] = useState<readonly [number, number]>([0, 0])
  // Another question begins at its first page.
  const fresh = known.key === key
  const cursors = fresh ? known.cursors : NONE
  const [from, to] = fresh ? range : START
  const wanted = useMemo(() => {
    const pages: number[] = []
    for (let page = from; page <= Math.min(to, cursors.length); page += 1) pages.push(page)
    return pages
  }, [from, to, cursors.length])

  const answers = useQueries({
    queries: wanted.map(page => {
      const given = {
        ...input,
        limit: PAGE_SIZE,
        ...(page > 0 && { after: cursors[page - 1] }),
      } as unknown as GivenOf<N>
      return {
        queryKey: [name, given] as const,
        queryFn: () => call(name, given) as unknown as Promise<{ items: RowOf<N>[]; next: string | null }>,
        enabled: page === 0 || cursors[page - 1] !== null,
      }
    }),
  })

  const ends = JSON.stringify(answers.map(({ data }) => (data === undefined ? 'unknown' : [data.next])))
  // Where each page ends is where the next one begins.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ends` is all of the answers that matters here.
  useEffect(() => {
    const next = [...cursors]
    let changed = !fresh
    for (const [place, page] of wanted.entries()) {
      const data = answers[place]?.data
      if (!data || (page > 0 && page > next.length)) continue
      if (next[page] === data.next) continue
      // What lay behind begins elsewhere now.
      if (next[page] !== undefined) next.length = page
      next[page] = data.next
      changed = true
    }
    if (changed) setKnown({ key, cursors: next })
    if (!fresh) setRange(START)
  }, [ends, key, wanted])

  const rows = new Map(wanted.map((page, place) => [page, answers[place]?.data?.items]))
  const lastKnown = cursors.length - 1
  const complete = cursors[lastKnown] === null
  const lastRows = useRef(new Map<string, number>())
  const last = rows.get(lastKnown)
  if (complete && last) lastRows.current.set(key, last.length)
  const count = complete
    ? lastKnown * PAGE_SIZE + (lastRows.current.get(key) ?? PAGE_SIZE)
    : (lastKnown + 1) * PAGE_SIZE
  return {
    count,
    complete,
    loading: cursors.length === 0,
    at: index => rows.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE],
    look: (first, last) => {
      const next = [Math.max(0, Math.floor(first / PAGE_SIZE)), Math.floor((last + AHEAD) / PAGE_SIZE)] as const
      if (next[0] !== from || next[1] !== to) setRange(next)
    },
    error: answers.find(answer => answer.error !== null)?.error ?? null,
    retry: () => {
      for (const answer of answers) if (answer.error !== null) void answer.refetch()
    },
  }
}

const NONE: readonly (string | null)[] = []
const START = [0, 0] as const
