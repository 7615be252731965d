import { Badge, Button, Center, Group, SegmentedControl, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconFlag, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { useRead } from '../../api.ts'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { figure, moment } from '../../lib/times.ts'

type ThreadItem = OutputOf<'inbox.threads'>['items'][number]

/** Threads, the one with the newest text first. */
export function ThreadList() {
  const [unread, setUnread] = useState(false)
  const [search, setSearch] = useState('')
  const [tag, setTag] = useState<string | null>(null)
  const [settled] = useDebouncedValue(search.trim(), 250)
  const { data: counts } = useRead('inbox.counts', {})
  const { data: tags } = useRead('inbox.tags', {})
  const list = useGrowingList('inbox.threads', { unread, search: settled, ...(tag !== null && { tag }) })
  const isNarrowed = unread || settled !== '' || tag !== null
  return (
    <div className="inbox-side">
      <Stack gap="xs" p="sm">
        <TextInput
          aria-label="Search threads"
          placeholder="Name or number"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          maxLength={200}
          onChange={event => setSearch(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label="Which threads"
          size="xs"
          value={unread ? 'unread' : 'all'}
          onChange={value => setUnread(value === 'unread')}
          data={[
            { value: 'all', label: 'All' },
            { value: 'unread', label: counts && counts.unread > 0 ? `Unread (${figure(counts.unread)})` : 'Unread' },
          ]}
        />
        {(tag !== null || (tags && tags.tags.length > 0)) && (
          <Select
            aria-label="Tag"
            placeholder="Any tag"
            size="xs"
            clearable
            clearButtonProps={{ 'aria-label': 'Any tag' }}
            value={tag}
            onChange={setTag}
            data={(tags?.tags ?? []).map(({ name, threads }) => ({
              value: name,
              label: `${name} (${figure(threads)})`,
            }))}
          />
        )}
        {counts !== undefined && counts.review > 0 && (
          <Button
            component={Link}
            href="/inbox/review"
            variant="default"
            size="xs"
            leftSection={<IconFlag size={16} aria-hidden />}
          >
            Likely opt-outs ({figure(counts.review)})
          </Button>
        )}
      </Stack>
      <nav aria-label="Threads" className="inbox-list">
        <Problem error={list.error} onRetry={list.retry} />
        {list.loading && <Skeleton h={64} m="sm" w="auto" />}
        {!list.loading && list.items.length === 0 && !list.error && (
          <Text size="sm" c="dimmed" p="sm" ta="center">
            {isNarrowed ? 'No thread is like that.' : 'Nobody has written yet. Replies to your campaigns appear here.'}
          </Text>
        )}
        {list.items.map(thread => (
          <Row key={thread.id} thread={thread} />
        ))}
        {list.hasMore && (
          <Center p="sm">
            <Button size="xs" variant="default" onClick={list.more} loading={list.loadingMore}>
              Show more
            </Button>
          </Center>
        )}
      </nav>
    </div>
  )
}

function Row({ thread }: { readonly thread: ThreadItem }) {
  const [path] = useLocation()
  const { id, name, number, unread, lastAt, lastText, suppressed, tags } = thread
  const href = `/inbox/${id}`
  return (
    <Link href={href} className="inbox-row" aria-current={path === href ? 'page' : undefined}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={unread > 0 ? 700 : 500} truncate="end" title={name || number}>
          {name || number}
        </Text>
        <Text size="xs" c="dimmed" flex="none">
          {moment(lastAt)}
        </Text>
      </Group>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="xs" c="dimmed" truncate="end">
          {lastText}
        </Text>
        {unread > 0 && (
          <Badge size="sm" circle={unread < 10} flex="none" aria-label={`${unread} unread`}>
            {unread}
          </Badge>
        )}
      </Group>
      {(suppressed || tags.length > 0) && (
        <Group gap={4} mt={4}>
          {suppressed && <Pill tone="bad">suppressed</Pill>}
          {tags.map(tag => (
            <Pill key={tag} tone="quiet">
              {tag}
            </Pill>
          ))}
        </Group>
      )}
    </Link>
  )
}
