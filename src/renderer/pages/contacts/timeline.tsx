import { Anchor, Button, Skeleton, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { call } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { dateAndTime } from '../../lib/times.ts'
import { REASONS } from './filters.ts'

type Entry = OutputOf<'contacts.timeline'>['items'][number]

/** What happened with a contact, newest first. */
export function Timeline({ id }: { readonly id: number }) {
  const query = useInfiniteQuery({
    queryKey: ['contacts.timeline', { id }],
    queryFn: ({ pageParam }) => call('contacts.timeline', { id, limit: 30, ...(pageParam && { after: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })
  const entries = query.data?.pages.flatMap(page => page.items) ?? []
  return (
    <Stack gap="md">
      <Problem error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Skeleton h={160} className="late" />}
      <ol className="timeline">
        {entries.map(entry => (
          <li key={entry.key} data-kind={entry.kind}>
            <Text size="xs" c="dimmed">
              {dateAndTime(entry.at)} · {headOf(entry)}
            </Text>
            <Body entry={entry} />
          </li>
        ))}
      </ol>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show older
        </Button>
      )}
    </Stack>
  )
}

function headOf({ kind, detail, campaignId, by }: Entry): string {
  switch (kind) {
    case 'received':
      return detail === 'stop' ? 'they texted, and opted out' : 'they texted'
    case 'sent': {
      const what = campaignId !== null ? 'campaign message' : by === 'reply' ? 'reply' : 'message'
      return `${what}, ${detail.replace('_', ' ')}`
    }
    case 'suppressed':
      return 'on the suppression list'
    case 'consent':
      return 'consent'
    case 'created':
      return 'added'
  }
}

function Body({ entry }: { readonly entry: Entry }) {
  const { kind, text, detail, importId } = entry
  if (kind === 'created') {
    return importId === null ? (
      <Text size="sm">By hand, or by a script</Text>
    ) : (
      <Anchor component={Link} href={`/imports/${importId}`} size="sm">
        With {text}
      </Anchor>
    )
  }
  const first = kind === 'suppressed' ? (REASONS[text] ?? text) : text
  return (
    <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} component="div">
      {first}
      {(kind === 'suppressed' || kind === 'consent') && detail !== '' && (
        <Text size="sm" c="dimmed">
          {detail}
        </Text>
      )}
    </Text>
  )
}
