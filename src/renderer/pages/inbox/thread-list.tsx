import { Badge, Button, Center, Chip, Group, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconAt, IconFlag, IconSearch } from '@tabler/icons-react'
import { memo, useState } from 'react'
import { Link } from 'wouter'
import { useRead } from '../../api.ts'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { figure, moment } from '../../lib/times.ts'
import { type ThreadItem, VIEWS, type View } from './thread-view.ts'
import { useTriage } from './triage.tsx'

/** Threads of one kind, the one that moved last first. */
export function ThreadList() {
  const { filters, setFilters, list, items, openId } = useTriage()
  const today = new Date().toDateString()
  const [typed, setTyped] = useState(filters.search)
  const search = useDebouncedCallback((text: string) => setFilters({ ...filters, search: text.trim() }), 250)
  const { data: counts } = useRead('inbox.counts', {})
  const { data: tags } = useRead('inbox.tags', {})
  const { view, unread, tag } = filters
  const isNarrowed = unread || filters.search !== '' || tag !== null
  return (
    <div className="inbox-side">
      <Stack gap="xs" p="sm">
        <TextInput
          aria-label="Search threads"
          placeholder="Name or number"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          maxLength={200}
          onChange={event => {
            setTyped(event.currentTarget.value)
            search(event.currentTarget.value)
          }}
        />
        <Group gap="xs">
          <Select
            aria-label="Which threads"
            size="xs"
            flex="1 1 130px"
            allowDeselect={false}
            value={view}
            onChange={value => setFilters({ ...filters, view: value as View })}
            data={VIEWS.map(value => ({ value, label: viewLabel(value, counts) }))}
          />
          <Chip size="xs" checked={unread} onChange={checked => setFilters({ ...filters, unread: checked })}>
            {counts && counts.unread > 0 ? `Unread (${figure(counts.unread)})` : 'Unread'}
          </Chip>
        </Group>
        {(tag !== null || (tags && tags.tags.length > 0)) && (
          <Select
            aria-label="Tag"
            placeholder="Any tag"
            size="xs"
            clearable
            clearButtonProps={{ 'aria-label': 'Any tag' }}
            value={tag}
            onChange={next => setFilters({ ...filters, tag: next })}
            data={(tags?.tags ?? []).map(({ name, threads }) => ({
              value: name,
              label: `${name} (${figure(threads)})`,
            }))}
          />
        )}
        {counts !== undefined && counts.mentions > 0 && (
          <Button
            component={Link}
            href="/inbox/mentions"
            variant="default"
            size="xs"
            leftSection={<IconAt size={16} aria-hidden />}
          >
            Mentions ({figure(counts.mentions)})
          </Button>
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
        {!list.loading && items.length === 0 && !list.error && (
          <Text size="sm" c="dimmed" p="sm" ta="center">
            {isNarrowed ? 'No thread is like that.' : counts && counts.threads > 0 ? EMPTY[view] : NOBODY_WROTE}
          </Text>
        )}
        {items.map(thread => (
          <Row
            key={thread.id}
            thread={thread}
            isOpen={thread.id === openId}
            tellsClosed={view !== 'closed'}
            today={today}
          />
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

const NOBODY_WROTE = 'Nobody has written yet. Replies to your campaigns appear here.'
const EMPTY: Readonly<Record<View, string>> = {
  open: 'All is done. What comes in next appears here.',
  mine: 'You have no open thread.',
  snoozed: 'Nothing is snoozed.',
  closed: 'Nothing is closed.',
  all: NOBODY_WROTE,
}

type Counts = Readonly<Record<'open' | 'mine' | 'snoozed' | 'closed' | 'threads', number>>

function viewLabel(view: View, counts: Counts | undefined): string {
  const name = { open: 'Open', mine: 'Mine', snoozed: 'Snoozed', closed: 'Closed', all: 'All' }[view]
  const count = counts?.[view === 'all' ? 'threads' : view]
  return count === undefined ? name : `${name} (${figure(count)})`
}

interface RowProps {
  readonly thread: ThreadItem
  readonly isOpen: boolean
  /** Whether one that is closed has to say so. */
  readonly tellsClosed: boolean
  /** On another day times are told in other words. */
  readonly today: string
}

/** Drawn again only when something about this thread is new: there may be hundreds, and every key changes what is around them. */
const Row = memo(function Row({ thread, isOpen, tellsClosed }: RowProps) {
  const { id, name, number, unread, lastAt, lastText, suppressed, tags, state, snoozedUntil, assignee, answers } =
    thread
  const href = `/inbox/${id}`
  const showsState = state === 'closed' && tellsClosed
  return (
    <div className="inbox-row" data-open={isOpen || undefined}>
      <Link href={href} className="inbox-row-link" data-thread={id} aria-current={isOpen ? 'page' : undefined}>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text size="sm" fw={unread > 0 ? 700 : 500} truncate="end" dir="auto" title={name || number}>
            {name || number}
          </Text>
          <Text size="xs" c="dimmed" flex="none">
            {moment(lastAt)}
          </Text>
        </Group>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text size="xs" c="dimmed" truncate="end" dir="auto">
            {lastText}
          </Text>
          {unread > 0 && (
            <Badge size="sm" circle={unread < 10} flex="none" aria-label={`${unread} unread`}>
              {unread}
            </Badge>
          )}
        </Group>
        {(suppressed || tags.length > 0 || showsState || snoozedUntil !== null || assignee !== null) && (
          <Group gap={4} mt={4}>
            {suppressed && <Pill tone="bad">suppressed</Pill>}
            {showsState && <Pill tone="quiet">closed</Pill>}
            {snoozedUntil !== null && <Pill tone="wait">until {moment(snoozedUntil)}</Pill>}
            {assignee !== null && <Pill tone="busy">{assignee}</Pill>}
            {tags.map(tag => (
              <Pill key={tag} tone="quiet">
                {tag}
              </Pill>
            ))}
          </Group>
        )}
      </Link>
      {answers && (
        <Text size="xs" c="dimmed" className="inbox-row-answers" truncate="end">
          to{' '}
          <Link href={`/campaigns/${answers.campaignId}`} className="quiet-link">
            {answers.campaign}
          </Link>
          {answers.messageId !== null && (
            <>
              {', '}
              <Link
                href={`${href}/out-${answers.messageId}`}
                className="quiet-link"
                aria-label={`the message that ${name || number} answers`}
              >
                message
              </Link>
            </>
          )}
        </Text>
      )}
    </div>
  )
})
