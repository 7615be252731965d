import {
  Alert,
  Anchor,
  Button,
  Group,
  Menu,
  Paper,
  SimpleGrid,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconDots, IconDownload, IconFileOff } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { flagReasons, rejectionReasons } from '../../../shared/imports/reasons.ts'
import type { Import } from '../../../shared/operations/imports.ts'
import { ApiError, useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { type Column, VirtualRows } from '../../components/virtual-rows.tsx'
import { useCursorPages } from '../../lib/cursor-pages.ts'
import { counted, dateAndTime, figure, percent } from '../../lib/times.ts'
import { transport } from '../../transport/index.ts'
import { ImportProgress, ImportState, isAtWork, shareOf } from './states.tsx'

/** One import while it runs and afterwards: how far it is, what became of its rows, and what can be done with it. */
export function ImportReport({ id }: { readonly id: number }) {
  const [polls, setPolls] = useState(true)
  const { data, error, refetch } = useRead('imports.get', { id }, polls ? { everyMs: 1000 } : {})
  const works = data === undefined || isAtWork(data)
  if (data && works !== polls) setPolls(works)
  if (error instanceof ApiError && error.code === 'not_found') {
    return (
      <Page title="Import">
        <Empty
          icon={IconFileOff}
          title="There is no such import any more"
          action={
            <Button component={Link} href="/imports">
              All imports
            </Button>
          }
        >
          Its report was removed.
        </Empty>
      </Page>
    )
  }
  return (
    <Page
      title={data?.fileName ?? 'Import'}
      about={data && `Begun ${dateAndTime(data.createdAt)}`}
      actions={data && <Actions value={data} />}
    >
      <Stack gap="lg">
        <Anchor component={Link} href="/imports" size="sm" w="fit-content">
          All imports
        </Anchor>
        <Problem error={error} onRetry={() => void refetch()} />
        {!data && !error && <Skeleton h={200} />}
        {data && <State value={data} />}
        {data && data.rows > 0 && <Figures value={data} />}
        {data && data.rejected > 0 && <Rejections value={data} />}
        {data && data.flagged > 0 && <Flags value={data} />}
      </Stack>
    </Page>
  )
}

function State({ value }: { readonly value: Import }) {
  const { state, error, undone } = value
  return (
    <Stack gap="sm">
      <Group gap="sm" aria-live="polite">
        <ImportState state={state} />
        <Text size="sm" c="dimmed" className="figures">
          {SAYS[state]}
          {(state === 'running' || state === 'paused') &&
            ` ${percent(shareOf(value))} of the file, ${counted(value.rows, 'row')}.`}
        </Text>
      </Group>
      {(state === 'running' || state === 'paused') && <ImportProgress value={value} />}
      {state === 'failed' && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title="The import stopped">
          {error} What was taken in stays. Mend it and go on, or undo the import.
        </Alert>
      )}
      {undone && (
        <Text size="sm">
          {counted(undone.removed, 'contact')} removed, {figure(undone.restored)} given back what they were,{' '}
          {figure(undone.kept)} kept since they were texted or changed in the meantime.
        </Text>
      )}
    </Stack>
  )
}

const SAYS: Readonly<Record<Import['state'], string>> = {
  running: 'You can leave this screen; it goes on.',
  paused: 'Nothing is read until you go on.',
  completed: 'Every row was read.',
  cancelled: 'It was stopped before its end. What was taken in stays until it is undone.',
  failed: '',
  undoing: 'What it brought is being taken back. You can leave this screen.',
  undone: 'What it brought was taken back.',
}

function Actions({ value }: { readonly value: Import }) {
  const { id, state, fileName } = value
  const [, go] = useLocation()
  const [asks, setAsks] = useState<'undo' | 'forget' | 'cancel' | null>(null)
  const close = () => setAsks(null)
  const pause = useChange('imports.pause')
  const resume = useChange('imports.resume')
  const cancel = useChange('imports.cancel', { onDone: close })
  const undo = useChange('imports.undo', { touches: ['contacts', 'lists'] })
  const forget = useChange('imports.forget', { onDone: () => go('/imports') })
  const ended = state === 'completed' || state === 'cancelled' || state === 'failed'
  return (
    <>
      {state === 'running' && (
        <Button variant="default" loading={pause.isPending} onClick={() => pause.mutate({ id })}>
          Pause
        </Button>
      )}
      {(state === 'paused' || state === 'failed') && (
        <Button loading={resume.isPending} onClick={() => resume.mutate({ id })}>
          Go on
        </Button>
      )}
      {(state === 'running' || state === 'paused') && (
        <Button variant="default" onClick={() => setAsks('cancel')}>
          Cancel
        </Button>
      )}
      {ended && (
        <Button component={Link} href={`/contacts/import/${id}`} variant="default">
          Show the contacts
        </Button>
      )}
      {(ended || state === 'undone') && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px="xs" aria-label="More">
              <IconDots size={18} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {ended && <Menu.Item onClick={() => setAsks('undo')}>Undo this import</Menu.Item>}
            <Menu.Item color="red" onClick={() => setAsks('forget')}>
              Remove this report
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <Refused error={pause.error ?? resume.error ?? undo.error} />
      <Confirm
        opened={asks === 'cancel'}
        title={`Stop importing ${fileName}?`}
        action="Stop importing"
        busy={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate({ id })}
        onClose={close}
      >
        What was taken in so far stays until you undo the import. It cannot go on afterwards: the list has to be
        imported again.
      </Confirm>
      <Confirm
        opened={asks === 'undo'}
        title={`Undo the import of ${fileName}?`}
        action="Undo the import"
        onConfirm={() => {
          undo.mutate({ id })
          close()
        }}
        onClose={close}
      >
        {figure(value.created)} new contacts are removed and {figure(value.updated)} updated ones become what they were.
        Whoever was texted or changed since is kept as they are.
      </Confirm>
      <Confirm
        opened={asks === 'forget'}
        title={`Remove the report of ${fileName}?`}
        action="Remove the report"
        type="remove"
        busy={forget.isPending}
        error={forget.error}
        onConfirm={() => forget.mutate({ id })}
        onClose={close}
      >
        Its contacts stay. The import cannot be undone afterwards, and the rejected rows are gone.
      </Confirm>
    </>
  )
}

/** A button beside which there is no room for a sentence. */
function Refused({ error }: { readonly error: Error | null }) {
  useEffect(() => {
    if (error) notifications.show({ color: 'red', title: 'Not done', message: error.message })
  }, [error])
  return null
}

function Figures({ value }: { readonly value: Import }) {
  const { rows, created, updated, duplicates, rejected, flagged } = value
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
      <Figure name="Rows" value={rows} />
      <Figure name="New contacts" value={created} />
      <Figure name="Updated" value={updated} />
      <Figure name="Duplicates" value={duplicates} />
      <Figure name="Not taken in" value={rejected} />
      <Figure name="Cells to look at" value={flagged} />
    </SimpleGrid>
  )
}

function Figure({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <Paper withBorder px="md" py="sm">
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fw={600} size="xl" className="figures">
        {figure(value)}
      </Text>
    </Paper>
  )
}

function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <Stack gap="sm" component="section">
      <Group justify="space-between">
        <Title order={2} size="h5">
          {title}
        </Title>
        {actions}
      </Group>
      {children}
    </Stack>
  )
}

/** The sentence that stands for a code. */
function reasonOf(code: string): string {
  return (
    (rejectionReasons as Readonly<Record<string, string>>)[code] ??
    (flagReasons as Readonly<Record<string, string>>)[code] ??
    code
  )
}

function Rejections({ value }: { readonly value: Import }) {
  const { id, fileName, rejectedByCode } = value
  const rows = useCursorPages('imports.rejections', { id })
  const save = useMutation({
    mutationFn: async () => {
      const answer = await transport.save('imports.export-rejections', { id }, `${stem(fileName)} - not taken in.csv`)
      if (!answer.ok) throw new ApiError(answer.error)
      return answer.data
    },
    onSuccess: saved => {
      if (saved) notifications.show({ message: 'The rejected rows were saved. Mend them and import the file.' })
    },
  })
  const codes = Object.entries(rejectedByCode).sort(([, one], [, other]) => other - one)
  return (
    <Section
      title="Rows that were not taken in"
      actions={
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Save them as CSV
        </Button>
      }
    >
      <Problem error={save.error ?? rows.error} onRetry={rows.retry} />
      <Table layout="auto" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="end" w={90}>
              Rows
            </Table.Th>
            <Table.Th>Reason, and what to do</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {codes.map(([code, count]) => (
            <Table.Tr key={code}>
              <Table.Td ta="end" className="figures">
                {figure(count)}
              </Table.Td>
              <Table.Td>{reasonOf(code)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <div style={{ height: heightOf(value.rejected) }}>
        <VirtualRows
          label="Rows that were not taken in"
          rows={rows}
          rowHeight={38}
          idOf={row => row.row}
          columns={[ROW, VALUE, WHY]}
        />
      </div>
    </Section>
  )
}

function Flags({ value }: { readonly value: Import }) {
  const rows = useCursorPages('imports.flags', { id: value.id })
  return (
    <Section title="Cells to look at">
      <Text size="sm" c="dimmed">
        These rows came in all the same, or were duplicates.
      </Text>
      <Problem error={rows.error} onRetry={rows.retry} />
      <div style={{ height: heightOf(value.flagged) }}>
        <VirtualRows
          label="Cells to look at"
          rows={rows}
          rowHeight={38}
          idOf={row => `${row.row} ${row.column} ${row.code}`}
          columns={[
            ROW,
            { key: 'column', title: 'Column', width: 'minmax(90px, 1fr)', cell: row => row.column },
            VALUE,
            WHY,
          ]}
        />
      </div>
    </Section>
  )
}

/** A row of the list, or a cell of it, about which there is something to say. */
interface Said {
  readonly row: number
  readonly value: string
  readonly message: string
}

const ROW: Column<Said> = { key: 'row', title: 'Row', width: '80px', align: 'end', cell: ({ row }) => figure(row) }
const VALUE: Column<Said> = {
  key: 'value',
  title: 'What stands there',
  width: 'minmax(120px, 1fr)',
  cell: ({ value }) => (
    <span className="exact" title={value}>
      {value || '–'}
    </span>
  ),
}
const WHY: Column<Said> = {
  key: 'why',
  title: 'Why',
  width: 'minmax(200px, 3fr)',
  cell: ({ message }) => <span title={message}>{message}</span>,
}

/** Few rows need little room, many scroll. */
function heightOf(rows: number): number {
  return 40 + 38 * Math.min(rows, 10)
}

function stem(fileName: string): string {
  return fileName.replace(/\.[^.]*$/, '')
}
