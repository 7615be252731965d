import { Button, Skeleton, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconHandStop, IconPlus, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { VirtualRows } from '../../components/virtual-rows.tsx'
import { useCursorPages } from '../../lib/cursor-pages.ts'
import { date, dateAndTime } from '../../lib/times.ts'
import { REASONS } from '../contacts/filters.ts'
import { StopDialog } from './stop-dialog.tsx'

type Asked = { readonly kind: 'add' } | { readonly kind: 'remove'; readonly number: string } | null

/** Numbers that are never texted. */
export function Suppression() {
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), 120)
  const [asked, setAsked] = useState<Asked>(null)
  const rows = useCursorPages('suppression.list', { search })
  const isEmpty = !rows.loading && rows.complete && rows.count === 0
  const add = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAsked({ kind: 'add' })}>
      Add a number
    </Button>
  )
  return (
    <Page
      title="Suppression list"
      about="These numbers get no messages, whatever a campaign or a list says"
      actions={add}
      fill
    >
      <Stack h="100%" gap="sm">
        <TextInput
          maw={420}
          aria-label="Search the suppression list"
          placeholder="Number, from its country code on"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          maxLength={40}
          onChange={event => setText(event.currentTarget.value)}
        />
        <Problem error={rows.error} onRetry={rows.retry} />
        {isEmpty ? (
          <Empty
            icon={IconHandStop}
            title={search === '' ? 'Nobody has opted out' : 'No number begins like this'}
            action={search === '' ? add : undefined}
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
              key={search}
              label="Suppression list"
              rows={rows}
              idOf={row => row.id}
              columns={[
                {
                  key: 'number',
                  title: 'Number',
                  width: '136px',
                  cell: row =>
                    row.number === null ? (
                      <Text span size="sm" c="dimmed">
                        erased
                      </Text>
                    ) : (
                      <span className="exact">{row.number}</span>
                    ),
                },
                {
                  key: 'reason',
                  title: 'Why',
                  width: 'minmax(110px, 1.4fr)',
                  cell: row => <span title={REASONS[row.reason]}>{REASONS[row.reason] ?? row.reason}</span>,
                },
                {
                  key: 'note',
                  title: 'Note',
                  width: 'minmax(80px, 2fr)',
                  cell: row => <span title={row.note}>{row.note}</span>,
                },
                {
                  key: 'when',
                  title: 'Since',
                  width: '104px',
                  align: 'end',
                  cell: row => (
                    <Text span size="sm" c="dimmed" title={dateAndTime(row.createdAt)}>
                      {date(row.createdAt)}
                    </Text>
                  ),
                },
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
      <StopDialog
        kind={asked?.kind ?? null}
        number={asked?.kind === 'remove' ? asked.number : null}
        onClose={() => setAsked(null)}
      />
    </Page>
  )
}
