import { Anchor, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconFileImport } from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import type { Import } from '../../../shared/operations/imports.ts'
import { useChange, useRead } from '../../api.ts'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { type Column, VirtualRows } from '../../components/virtual-rows.tsx'
import { PAGE_SIZE, useCursorPages } from '../../lib/cursor-pages.ts'
import { ago, dateAndTime, figure, percent } from '../../lib/times.ts'
import { ImportState, isAtWork, shareOf } from './states.tsx'

/** All imports, newest first, and lists that were sent and not imported yet. */
export function History() {
  const [, go] = useLocation()
  const columns = useColumns()
  const rows = useCursorPages('imports.list', {})
  // What runs moves on without an event for each row.
  useRead(
    'imports.list',
    { limit: PAGE_SIZE },
    { everyMs: 2000, enabled: isAtWork(rows.at(0) ?? { state: 'completed' }) },
  )
  const start = (
    <Button component={Link} href="/imports/new" leftSection={<IconFileImport size={18} aria-hidden />}>
      Import a list
    </Button>
  )
  const isEmpty = rows.complete && rows.count === 0
  return (
    <Page
      title="Imports"
      about="Lists of contacts that were brought in, and what became of each row"
      actions={start}
      fill
    >
      <Stack h="100%" gap="md">
        <Problem error={rows.error} onRetry={rows.retry} />
        <Waiting />
        {isEmpty ? (
          <Empty icon={IconFileImport} title="No list was imported yet" action={start}>
            Bring in a CSV file with telephone numbers. It is checked before anything is stored, and each import can be
            undone.
          </Empty>
        ) : rows.loading ? (
          !rows.error && <Skeleton h={160} className="late" />
        ) : (
          <div style={{ flex: 1, minHeight: 0 }}>
            <VirtualRows
              label="Imports"
              rows={rows}
              columns={columns}
              idOf={row => row.id}
              onOpen={row => go(`/imports/${row.id}`)}
            />
          </div>
        )}
      </Stack>
    </Page>
  )
}

/** What there is room for. */
function useColumns(): readonly Column<Import>[] {
  const isWide = useMediaQuery('(min-width: 1150px)')
  return [
    {
      key: 'file',
      title: 'List',
      width: 'minmax(100px, 3fr)',
      cell: row => (
        <Anchor component={Link} href={`/imports/${row.id}`} size="sm" fw={500} title={row.fileName}>
          {row.fileName}
        </Anchor>
      ),
    },
    {
      key: 'state',
      title: 'State',
      width: '100px',
      cell: row => (row.state === 'running' ? `running, ${percent(shareOf(row))}` : <ImportState state={row.state} />),
    },
    ...(isWide ? FIGURES : FIGURES.filter(({ key }) => key !== 'updated' && key !== 'duplicates')),
    {
      key: 'when',
      title: 'Begun',
      width: 'minmax(112px, 1fr)',
      align: 'end',
      cell: row => (
        <Text span size="sm" c="dimmed" title={dateAndTime(row.createdAt)}>
          {ago(row.createdAt)}
        </Text>
      ),
    },
  ]
}

const FIGURES = (
  [
    ['rows', 'Rows'],
    ['created', 'New'],
    ['updated', 'Updated'],
    ['duplicates', 'Duplicates'],
    ['rejected', 'Rejected'],
  ] as const
).map(
  ([key, title]): Column<Import> => ({
    key,
    title,
    // Duplicates have a longer heading, and are shown where there is room.
    width: key === 'duplicates' ? '78px' : '62px',
    align: 'end',
    cell: row => <span className="figures">{figure(row[key])}</span>,
  }),
)

/** Somebody dropped a list and left before it was imported. */
function Waiting() {
  const { data } = useRead('uploads.list', {})
  const remove = useChange('uploads.delete')
  const waiting = data?.uploads.filter(upload => upload.importId === null) ?? []
  if (waiting.length === 0) return null
  return (
    <Stack gap={6}>
      <Problem error={remove.error} />
      {waiting.map(upload => (
        <Group key={upload.id} justify="space-between" wrap="nowrap" className="drop" px="md" py={8}>
          <Text size="sm" truncate title={upload.fileName}>
            <b>{upload.fileName}</b> was sent {ago(upload.createdAt)} and waits to be imported.
          </Text>
          <Group gap="xs" wrap="nowrap">
            <Button component={Link} href={`/imports/new/${upload.id}`} size="compact-sm" variant="light">
              Go on with it
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              loading={remove.isPending && remove.variables.id === upload.id}
              onClick={() => remove.mutate({ id: upload.id })}
            >
              Remove
            </Button>
          </Group>
        </Group>
      ))}
    </Stack>
  )
}
