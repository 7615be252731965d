import {
  Button,
  Group,
  Menu,
  SegmentedControl,
  Select,
  Skeleton,
  Stack,
  TextInput,
  VisuallyHidden,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconDots, IconDownload, IconFileImport, IconHandStop, IconPlus, IconSearch } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { SuppressionReason } from '../../../shared/operations/suppression.ts'
import { ApiError, useRead } from '../../api.ts'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { VirtualRows } from '../../components/virtual-rows.tsx'
import { useCursorPages } from '../../lib/cursor-pages.ts'
import { figure } from '../../lib/times.ts'
import { transport } from '../../transport/index.ts'
import { REASONS } from '../contacts/filters.ts'
import { dayColumn, NUMBER } from './columns.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { Lifts } from './lifts.tsx'
import { StopDialog } from './stop-dialog.tsx'

type Asked = { readonly kind: 'add' } | { readonly kind: 'remove'; readonly number: string } | null

/** Numbers that are never texted. */
export function Suppression() {
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), 120)
  const [asked, setAsked] = useState<Asked>(null)
  const [reason, setReason] = useState<SuppressionReason | null>(null)
  const [shows, setShows] = useState<'list' | 'lifts'>('list')
  const [imports, setImports] = useState(false)
  const rows = useCursorPages('suppression.list', { search, ...(reason && search === '' && { reason }) })
  const { data: counts } = useRead('suppression.counts', {})
  const isEmpty = !rows.loading && rows.complete && rows.count === 0
  const save = useMutation({
    mutationFn: async () => {
      const answer = await transport.save('suppression.export', {}, 'suppression-list.csv')
      if (!answer.ok) throw new ApiError(answer.error)
      return answer.data
    },
    onSuccess: saved => saved && notifications.show({ message: 'The suppression list was saved as CSV.' }),
    onError: error => notifications.show({ color: 'red', title: 'Not saved', message: error.message }),
  })
  const add = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAsked({ kind: 'add' })}>
      Add a number
    </Button>
  )
  return (
    <Page
      title="Suppression list"
      about="These numbers get no messages, whatever a campaign or a list says"
      actions={
        <>
          {add}
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" px="xs" aria-label="More" loading={save.isPending}>
                <IconDots size={18} aria-hidden />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => setImports(true)}>
                Import a list of numbers
              </Menu.Item>
              <Menu.Item
                leftSection={<IconDownload size={16} aria-hidden />}
                disabled={counts?.numbers === 0}
                onClick={() => save.mutate()}
              >
                Save as CSV
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
      fill
    >
      <Stack h="100%" gap="sm">
        <Group gap="sm">
          <SegmentedControl
            aria-label="What is shown"
            data={[
              { value: 'list', label: 'On the list' },
              { value: 'lifts', label: 'Taken off' },
            ]}
            value={shows}
            onChange={value => setShows(value as 'list' | 'lifts')}
          />
          {shows === 'list' && (
            <>
              <TextInput
                w={240}
                aria-label="Search the suppression list"
                placeholder="Number with country code"
                leftSection={<IconSearch size={16} aria-hidden />}
                value={text}
                maxLength={40}
                onChange={event => setText(event.currentTarget.value)}
              />
              <Select
                w={230}
                aria-label="Why they are on the list"
                placeholder={counts ? `Any reason (${figure(counts.numbers)})` : 'Any reason'}
                data={(counts?.reasons ?? []).map(one => ({
                  value: one.reason,
                  label: `${REASONS[one.reason]} (${figure(one.numbers)})`,
                }))}
                value={reason}
                disabled={search !== ''}
                clearable
                clearButtonProps={{ 'aria-label': 'Any reason' }}
                onChange={value => setReason(value as SuppressionReason | null)}
              />
            </>
          )}
        </Group>
        <Problem error={rows.error} onRetry={rows.retry} />
        {shows === 'lifts' ? (
          <div style={{ flex: 1, minHeight: 0 }}>
            <Lifts />
          </div>
        ) : isEmpty ? (
          <Empty
            icon={IconHandStop}
            title={
              search !== ''
                ? 'No number begins like this'
                : reason === null
                  ? 'Nobody has opted out'
                  : 'Nobody is on the list for this reason any more'
            }
            action={search === '' && reason === null ? add : undefined}
          >
            {search === ''
              ? 'Whoever texts STOP comes onto this list by itself. Add numbers of people who told you so otherwise.'
              : 'Write it with the country code, such as 1202555. Numbers of erased people cannot be searched for.'}
          </Empty>
        ) : rows.loading ? (
          !rows.error && <Skeleton h={240} className="late" />
        ) : (
          <div style={{ flex: 1, minHeight: 0 }}>
            <VirtualRows
              key={`${search} ${reason}`}
              label="Suppression list"
              rows={rows}
              idOf={row => row.id}
              columns={[
                NUMBER,
                {
                  key: 'reason',
                  title: 'Why',
                  width: 'minmax(166px, 1.4fr)',
                  cell: row => <span title={REASONS[row.reason]}>{REASONS[row.reason] ?? row.reason}</span>,
                },
                {
                  key: 'note',
                  title: 'Note',
                  width: 'minmax(50px, 2fr)',
                  cell: row => <span title={row.note}>{row.note}</span>,
                },
                dayColumn('Since', 'createdAt'),
                {
                  key: 'remove',
                  title: <VisuallyHidden>What can be done</VisuallyHidden>,
                  width: '74px',
                  align: 'end',
                  cell: row =>
                    row.number !== null && (
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={`Take off ${row.number}`}
                        onClick={() => setAsked({ kind: 'remove', number: row.number! })}
                      >
                        Take off
                      </Button>
                    ),
                },
              ]}
            />
          </div>
        )}
      </Stack>
      <ImportDialog opened={imports} onClose={() => setImports(false)} />
      <StopDialog
        kind={asked?.kind ?? null}
        number={asked?.kind === 'remove' ? asked.number : null}
        onClose={() => setAsked(null)}
      />
    </Page>
  )
}
