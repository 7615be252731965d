import { Anchor, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconFlag } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useChange } from '../../api.ts'
import { Empty } from '../../components/empty.tsx'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { moment } from '../../lib/times.ts'

/** Texts that likely ask to stop, one decision each. */
export function ReviewQueue() {
  const list = useGrowingList('inbox.review', {})
  const decide = useChange('inbox.decide-opt-out', { touches: ['suppression', 'contacts', 'campaigns'] })
  if (!list.loading && !list.error && list.items.length === 0) {
    return (
      <Empty icon={IconFlag} title="Nothing to decide">
        Texts that likely ask to stop wait here until somebody has read them.
      </Empty>
    )
  }
  return (
    <div className="inbox-list">
      <Stack p="lg">
        <Stack gap={2}>
          <Title order={2} size="h5">
            Likely opt-outs
          </Title>
          <Text size="sm" c="dimmed">
            These numbers get nothing until you decide. When in doubt, it is an opt-out.
          </Text>
        </Stack>
        <Problem error={list.error ?? decide.error} onRetry={list.retry} />
        {list.loading && <Skeleton h={120} />}
        {list.items.map(item => {
          const who = item.name || item.number
          const isBusy = decide.isPending && decide.variables.id === item.id
          return (
            <Paper key={item.id} withBorder p="md">
              <Stack gap="xs">
                <Group justify="space-between">
                  {item.threadId === null ? (
                    <Text size="sm" fw={500}>
                      {who}
                    </Text>
                  ) : (
                    <Anchor component={Link} href={`/inbox/${item.threadId}`} size="sm" fw={500}>
                      {who}
                    </Anchor>
                  )}
                  <Text size="xs" c="dimmed">
                    {moment(item.at)}
                  </Text>
                </Group>
                <Text size="sm">{item.body}</Text>
                {item.why !== '' && (
                  <Text size="xs" c="dimmed">
                    Why it waits here: {item.why}
                  </Text>
                )}
                <Group gap="xs">
                  <Button
                    size="compact-sm"
                    loading={isBusy && decide.variables.as === 'opt-out'}
                    onClick={() => decide.mutate({ id: item.id, as: 'opt-out' })}
                    aria-label={`It is an opt-out: ${who}`}
                  >
                    It is an opt-out
                  </Button>
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={isBusy && decide.variables.as === 'dismiss'}
                    onClick={() => decide.mutate({ id: item.id, as: 'dismiss' })}
                    aria-label={`It is none: ${who}`}
                  >
                    It is none
                  </Button>
                </Group>
              </Stack>
            </Paper>
          )
        })}
        {list.hasMore && (
          <Button variant="default" onClick={list.more} loading={list.loadingMore}>
            Show more
          </Button>
        )}
      </Stack>
    </div>
  )
}
