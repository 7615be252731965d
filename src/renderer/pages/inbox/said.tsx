import { Anchor, Button, Group, Mark, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { getHotkeyHandler, useDebouncedValue } from '@mantine/hooks'
import { IconNote, IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { GivenOf, OutputOf } from '../../../shared/operations/index.ts'
import { call, useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { dateAndTime } from '../../lib/times.ts'
import { type SaidFilters, useTriage } from './triage.tsx'

type Found = OutputOf<'inbox.search'>['items'][number]

const DAY_MS = 86_400_000

/** Searches everything that was said, and leads to its place in the thread. */
export function Said() {
  const { said, setSaid, toList } = useTriage()
  const [settled] = useDebouncedValue(said, 250)
  const input = askedFor(settled)
  const query = useInfiniteQuery({
    queryKey: ['inbox.search', input],
    queryFn: ({ pageParam }) => call('inbox.search', { ...input, ...(pageParam !== null && { after: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    enabled: input.query !== '',
  })
  const items = query.data?.pages.flatMap(page => page.items) ?? []
  const isEmpty = query.isSuccess && items.length === 0
  return (
    <div className="inbox-list">
      <Stack p="lg" gap="sm">
        <TextInput
          aria-label="Search what was said"
          placeholder='Words or their beginnings, "in quotes" side by side'
          leftSection={<IconSearch size={16} aria-hidden />}
          value={said.query}
          maxLength={200}
          onChange={event => {
            const query = event.currentTarget.value
            setSaid(before => ({ ...before, query }))
          }}
          onKeyDown={getHotkeyHandler([['Escape', toList]])}
          data-said-search
          autoFocus
        />
        <Narrowing />
        <Problem error={query.error} onRetry={() => void query.refetch()} />
        {query.data?.pages[0]?.complete === false && (
          <Text size="sm" c="dimmed">
            Older texts are still being taken into the search, the newest first.
          </Text>
        )}
        {query.isFetching && items.length === 0 && <Skeleton h={72} className="late" />}
        <Text size="sm" c="dimmed" aria-live="polite">
          {input.query === ''
            ? 'Texts that came in, texts that went out and notes, the newest first.'
            : isEmpty
              ? 'Nothing like that was said.'
              : ''}
        </Text>
        {items.map(item => (
          <Result key={`${item.kind} ${item.id}`} item={item} />
        ))}
        {query.hasNextPage && (
          <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
            Show more
          </Button>
        )}
      </Stack>
    </div>
  )
}

function askedFor({ query, kind, campaignId, phoneId, from, to }: SaidFilters): GivenOf<'inbox.search'> {
  const start = from === '' ? Number.NaN : new Date(`${from}T00:00`).getTime()
  const last = to === '' ? Number.NaN : new Date(`${to}T00:00`)
  // The next midnight may be 23 or 25 hours away.
  const end = typeof last === 'number' ? last : last.setDate(last.getDate() + 1)
  return {
    ...{ query: query.trim(), limit: 30 },
    ...(kind !== null && { kind }),
    ...(campaignId !== null && { campaignId }),
    ...(phoneId !== null && { phoneId }),
    ...(start >= 0 && { from: start }),
    ...(end >= DAY_MS && { to: end }),
  }
}

/** What the search is narrowed by. */
function Narrowing() {
  const { said, setSaid } = useTriage()
  const { data: campaigns } = useRead('campaigns.list', { limit: 200 })
  const { data: phones } = useRead('phones.list', {})
  const set = (change: Partial<SaidFilters>): void => setSaid(before => ({ ...before, ...change }))
  return (
    <Group gap="xs">
      <Select
        {...{ size: 'xs', w: 130, clearable: true, 'aria-label': 'Direction', placeholder: 'In, out, notes' }}
        value={said.kind}
        onChange={kind => set({ kind: kind as SaidFilters['kind'] })}
        data={[
          { value: 'in', label: 'Came in' },
          { value: 'out', label: 'Went out' },
          { value: 'note', label: 'Notes' },
        ]}
        clearButtonProps={{ 'aria-label': 'Any direction' }}
      />
      <Select
        {...{
          size: 'xs',
          w: 160,
          clearable: true,
          searchable: true,
          'aria-label': 'Campaign',
          placeholder: 'Any campaign',
        }}
        value={said.campaignId === null ? null : String(said.campaignId)}
        onChange={id => set({ campaignId: id === null ? null : Number(id) })}
        data={(campaigns?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        nothingFoundMessage="No campaign is called that."
        clearButtonProps={{ 'aria-label': 'Any campaign' }}
      />
      <Select
        {...{ size: 'xs', w: 130, clearable: true, 'aria-label': 'Phone', placeholder: 'Any phone' }}
        value={said.phoneId === null ? null : String(said.phoneId)}
        onChange={id => set({ phoneId: id === null ? null : Number(id) })}
        data={(phones?.phones ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        clearButtonProps={{ 'aria-label': 'Any phone' }}
      />
      <TextInput
        {...{
          size: 'xs',
          type: 'date',
          'aria-label': 'From day',
          leftSection: <Side>from</Side>,
          leftSectionWidth: 42,
        }}
        value={said.from}
        onChange={event => set({ from: event.currentTarget.value })}
      />
      <TextInput
        {...{ size: 'xs', type: 'date', 'aria-label': 'To day', leftSection: <Side>to</Side>, leftSectionWidth: 26 }}
        value={said.to}
        onChange={event => set({ to: event.currentTarget.value })}
      />
    </Group>
  )
}

/** What a date is for, in front of it: two dates side by side look the same. */
function Side({ children }: { readonly children: string }) {
  return (
    <Text size="xs" c="dimmed" aria-hidden>
      {children}
    </Text>
  )
}

const KINDS = { in: 'wrote', out: 'was sent', note: 'note' } as const

function Result({ item }: { readonly item: Found }) {
  const who = item.name || item.number
  const to = item.threadId !== null ? `/inbox/${item.threadId}/${item.kind}-${item.id}` : null
  const contact = item.contactId === null ? null : `/contacts/${item.contactId}`
  const href = to ?? contact
  return (
    <div className="said" data-kind={item.kind}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap={6} wrap="nowrap" miw={0}>
          {item.kind === 'note' && <IconNote size={16} aria-hidden style={{ flex: 'none' }} />}
          {href === null ? (
            <Text size="sm" fw={500} truncate="end" dir="auto" title={who}>
              {who}
            </Text>
          ) : (
            <Anchor component={Link} href={href} size="sm" fw={500} truncate="end" dir="auto" title={who}>
              {who}
            </Anchor>
          )}
          <Text size="xs" c="dimmed" flex="none">
            {KINDS[item.kind]}
          </Text>
        </Group>
        <Text size="xs" c="dimmed" flex="none">
          {dateAndTime(item.at)}
        </Text>
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {item.snippet.map(({ text, isHit }, at) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name.
          isHit ? <Mark key={at}>{text}</Mark> : <span key={at}>{text}</span>,
        )}
      </Text>
      {item.campaign && (
        <Text size="xs" c="dimmed">
          {item.kind === 'out' ? 'from ' : 'to '}
          <Anchor component={Link} href={`/campaigns/${item.campaign.id}`} size="xs">
            {item.campaign.name}
          </Anchor>
        </Text>
      )}
    </div>
  )
}
