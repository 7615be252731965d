import { useInfiniteQuery } from '@tanstack/react-query'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { call } from '../../api.ts'

export type ThreadData = OutputOf<'inbox.thread'>
export type SaidEntry = ThreadData['entries'][number]

const PAGE = 50
/** While a message is on its way, its state is asked for again in so many ms. */
const ON_ITS_WAY_MS = 3_000
const OPEN: ReadonlySet<string> = new Set(['queued', 'assigned', 'accepted', 'attempting', 'handed_over'])

/** One thread with what was said in it, older entries page by page. */
export function useThread(id: number) {
  const query = useInfiniteQuery({
    queryKey: ['inbox.thread', id],
    queryFn: ({ pageParam }) =>
      call('inbox.thread', { id, limit: PAGE, ...(pageParam !== null && { before: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.older,
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.entries.some(entry => entry.direction === 'out' && OPEN.has(entry.state))
        ? ON_ITS_WAY_MS
        : false,
  })
  const pages = query.data?.pages ?? []
  const entries = pages
    .toReversed()
    .flatMap(page => page.entries)
    .sort((a, b) => a.at - b.at)
  return {
    thread: pages[0],
    entries,
    campaigns: new Map(pages.flatMap(page => page.campaigns).map(({ id, name }) => [id, name])),
    error: query.error,
    retry: () => void query.refetch(),
    hasOlder: query.hasNextPage,
    loadingOlder: query.isFetchingNextPage,
    older: () => void query.fetchNextPage(),
  }
}
