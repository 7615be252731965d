import { useInfiniteQuery } from '@tanstack/react-query'
import type { GivenOf, OutputOf } from '../../shared/operations/index.ts'
import { call } from '../api.ts'
import type { PagedName } from './cursor-pages.ts'

export interface GrowingList<T> {
  readonly items: readonly T[]
  readonly loading: boolean
  readonly error: Error | null
  /** Whether there is more than is shown. */
  readonly hasMore: boolean
  readonly loadingMore: boolean
  readonly more: () => void
  readonly retry: () => void
}

type ItemOf<N extends PagedName> = OutputOf<N> extends { items: (infer T)[] } ? T : never

/** A list that is shown page after page, as the person asks for more, and kept fresh as a whole. */
export function useGrowingList<N extends PagedName>(
  name: N,
  input: Omit<GivenOf<N>, 'limit' | 'after'>,
  options: { size?: number; enabled?: boolean } = {},
): GrowingList<ItemOf<N>> {
  const { size = 50, enabled = true } = options
  const query = useInfiniteQuery({
    queryKey: [name, 'growing', input, size],
    queryFn: async ({ pageParam }) =>
      (await call(name, { ...input, limit: size, ...(pageParam !== null && { after: pageParam }) } as never)) as {
        items: ItemOf<N>[]
        next: string | null
      },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    enabled,
  })
  return {
    items: query.data?.pages.flatMap(page => page.items) ?? [],
    loading: query.isPending && enabled,
    error: query.error,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  }
}
