import { Anchor, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAt } from '@tabler/icons-react'
import { Link } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { moment } from '../../lib/times.ts'

/** Notes that call the person by @name, newest first. */
export function Mentions() {
  const list = useGrowingList('inbox.mentions', {})
  if (!list.loading && !list.error && list.items.length === 0) {
    return (
      <Empty icon={IconAt} title="Nobody has called you">
        A note with @ and your user name in it appears here.
      </Empty>
    )
  }
  return (
    <div className="inbox-list">
      <Stack p="lg">
        <Title order={2} size="h5">
          Notes that call you
        </Title>
        <Problem error={list.error} onRetry={list.retry} />
        {list.loading && <Skeleton h={120} />}
        {list.items.map(note => (
          <Paper key={note.id} withBorder p="md">
            <Stack gap="xs">
              <Group justify="space-between">
                <Group gap="xs">
                  <Anchor component={Link} href={`/inbox/${note.threadId}/note-${note.id}`} size="sm" fw={500}>
                    {note.name || note.number}
                  </Anchor>
                  {!note.seen && <Pill tone="wait">new</Pill>}
                </Group>
                <Text size="xs" c="dimmed">
                  {note.by}, {moment(note.at)}
                </Text>
              </Group>
              <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {note.body}
              </Text>
            </Stack>
          </Paper>
        ))}
        {list.hasMore && (
          <Button variant="default" onClick={list.more} loading={list.loadingMore}>
            Show more
          </Button>
        )}
      </Stack>
    </div>
  )
}
