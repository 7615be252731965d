import { Anchor, Button, Center, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconMessages } from '@tabler/icons-react'
import { Link } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { moment } from '../../lib/times.ts'

/** What came in as answers; each leads to its thread. */
export function Replies({ campaignId }: { readonly campaignId: number }) {
  const list = useGrowingList('campaigns.replies', { id: campaignId })
  return (
    <Stack>
      <Problem error={list.error} onRetry={list.retry} />
      {list.loading && <Skeleton h={160} />}
      {!list.loading && list.items.length === 0 && !list.error && (
        <Empty icon={IconMessages} title="No reply yet">
          Replies appear here and in the inbox by themselves.
        </Empty>
      )}
      {list.items.map(reply => (
        <Group key={reply.id} justify="space-between" wrap="nowrap" align="flex-start">
          <Stack gap={2} miw={0}>
            <Group gap="xs">
              <Anchor component={Link} href={`/inbox/${reply.threadId}`} size="sm" fw={500}>
                {reply.name || reply.number}
              </Anchor>
              {reply.intent === 'stop' && <Pill tone="bad">opt-out</Pill>}
              {reply.intent === 'stop_likely' && <Pill tone="wait">likely opt-out</Pill>}
            </Group>
            <Text size="sm">{reply.body}</Text>
          </Stack>
          <Text size="xs" c="dimmed" flex="none">
            {moment(reply.at)}
          </Text>
        </Group>
      ))}
      {list.hasMore && (
        <Center>
          <Button variant="default" onClick={list.more} loading={list.loadingMore}>
            Show more
          </Button>
        </Center>
      )}
    </Stack>
  )
}
