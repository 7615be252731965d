import {
  keepPreviousData,
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useEffect } from 'react'
import type { PageEvent } from '../shared/bridge.ts'
import type { ErrorCode, RefusalBody } from '../shared/errors.ts'
import type { ChangeName, GivenOf, OperationName, OutputOf, ReadName } from '../shared/operations/index.ts'
import { transport } from './transport/index.ts'

/** Why the hub refused. `message` is a sentence for the person; `fields` names the inputs at fault. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly fields: Readonly<Record<string, string>>
  readonly retryAfterMs: number | null

  constructor({ code, message, fields, retryAfterMs }: RefusalBody) {
    super(message)
    this.code = code
    this.fields = fields ?? {}
    this.retryAfterMs = retryAfterMs ?? null
  }
}

/** Does an operation. @throws ApiError */
export async function call<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
  const answer = await transport.call(name, input)
  if (!answer.ok) throw new ApiError(answer.error)
  return answer.data
}

/** Refusals are answers: only what may be better in a moment is asked again. */
const WORTH_A_RETRY: ReadonlySet<ErrorCode> = new Set(['unavailable', 'internal'])

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || WORTH_A_RETRY.has(error.code)),
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  })
}

/** What an operation says now, kept fresh by the events of the hub. What was shown stays until the new answer is there. */
export function useRead<N extends ReadName>(
  name: N,
  input: GivenOf<N>,
  options: { enabled?: boolean; everyMs?: number } = {},
): UseQueryResult<OutputOf<N>, Error> {
  return useQuery<OutputOf<N>, Error, OutputOf<N>, readonly [N, GivenOf<N>]>({
    queryKey: [name, input],
    queryFn: () => call(name, input),
    placeholderData: keepPreviousData as never,
    enabled: options.enabled ?? true,
    ...(options.everyMs !== undefined && { refetchInterval: options.everyMs }),
  })
}

/** A change. Afterwards everything of its noun is asked for again, and of those in `touches`. */
export function useChange<N extends ChangeName>(
  name: N,
  options: { touches?: readonly string[]; onDone?: (output: OutputOf<N>, input: GivenOf<N>) => void } = {},
): UseMutationResult<OutputOf<N>, Error, GivenOf<N>> {
  const client = useQueryClient()
  return useMutation<OutputOf<N>, Error, GivenOf<N>>({
    mutationFn: input => call(name, input),
    onSuccess: async (output, input) => {
      await refresh(client, [nounOf(name), ...(options.touches ?? [])])
      options.onDone?.(output, input)
    },
  })
}

/** Asks again for what operations of these nouns have shown. */
export function refresh(client: QueryClient, nouns: readonly string[]): Promise<void> {
  return client.invalidateQueries({ predicate: ({ queryKey }) => nouns.includes(nounOf(String(queryKey[0]))) })
}

function nounOf(name: string): string {
  return name.split('.')[0]!
}

/** What each event of the hub makes stale. */
const STALE: Readonly<Record<PageEvent['type'], readonly string[]>> = {
  campaign: ['campaigns', 'messages', 'analytics'],
  import: ['imports', 'contacts', 'lists', 'uploads'],
  phone: ['phones', 'system', 'sms'],
  thread: ['inbox', 'campaigns', 'suppression', 'rules'],
  work: ['campaigns', 'messages', 'inbox', 'phones', 'system', 'analytics'],
  link: ['system', 'phones'],
  session: ['auth'],
  open: [],
  restore: [],
}
/** While messages flow there are many events a second: pages ask again once in so many ms. */
const GATHER_MS = 600

/** Keeps everything that is shown fresh. Used once, by the shell. */
export function useHubEvents(onEvent: (event: PageEvent) => void): void {
  const client = useQueryClient()
  useEffect(() => {
    const stale = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | null = null
    const forget = transport.listen(event => {
      onEvent(event)
      for (const noun of STALE[event.type]) stale.add(noun)
      if (stale.size === 0) return
      timer ??= setTimeout(() => {
        timer = null
        const nouns = [...stale]
        stale.clear()
        void refresh(client, nouns)
      }, GATHER_MS)
    })
    return () => {
      forget()
      if (timer) clearTimeout(timer)
    }
  }, [client, onEvent])
}
