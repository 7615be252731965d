import { Anchor, Button, Checkbox, Menu, Skeleton, Stack, Text } from '@mantine/core'
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import {
  IconDots,
  IconDownload,
  IconFileImport,
  IconHistory,
  IconList,
  IconPlus,
  IconUserOff,
  IconUsers,
} from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { Link, useLocation, useRoute } from 'wouter'
import type { Contact } from '../../../shared/operations/contacts.ts'
import { ApiError, useRead } from '../../api.ts'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { type Column, VirtualRows } from '../../components/virtual-rows.tsx'
import { useCursorPages } from '../../lib/cursor-pages.ts'
import { counted } from '../../lib/times.ts'
import { transport } from '../../transport/index.ts'
import { BulkBar } from './bulk-bar.tsx'
import { BulkJobs } from './bulk-jobs.tsx'
import { CreateContact } from './create.tsx'
import { ContactDrawer } from './drawer.tsx'
import { FilterBar } from './filter-bar.tsx'
import { ALL, audienceOf, type Filters, isFiltered, nameOf, REASONS } from './filters.ts'
import { GroupsDialog } from './groups-dialog.tsx'
import { NONE, type Selection } from './selection.ts'

/** Everybody who can be texted: search, choose, look at one, and do something to many. */
export function Contacts() {
  const [, go] = useLocation()
  const [isNew] = useRoute('/contacts/new')
  const [isImport, ofImport] = useRoute('/contacts/import/:id')
  const [isOne, one] = useRoute('/contacts/:id')
  const [filters, setFilters] = useState<Filters>(ALL)
  const [selection, setSelection] = useState<Selection>(NONE)
  const [managesGroups, setManagesGroups] = useState(false)
  const choose = (next: Filters): void => {
    setFilters(next)
    setSelection(NONE)
  }
  const importId = isImport ? Number(ofImport?.id) : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path chooses once, and the person goes on from there.
  useEffect(() => {
    if (importId === null) return
    choose({ ...ALL, importId })
    go('/contacts', { replace: true })
  }, [importId])

  const [search] = useDebouncedValue(filters.search, 120)
  const asked = useMemo(() => ({ ...filters, search }), [filters, search])
  const audience = audienceOf(asked)
  const rows = useCursorPages('contacts.search', {
    ...audience,
    ...(asked.importId !== null && { importId: asked.importId }),
  })
  const count = useRead('contacts.count', audience, { enabled: asked.importId === null })
  const total = asked.importId === null ? (count.data?.contacts ?? null) : rows.complete ? rows.count : null
  const isEmpty = !rows.loading && rows.complete && rows.count === 0
  const columns = useColumns(selection, setSelection)

  const save = useMutation({
    mutationFn: async () => {
      const answer = await transport.save('contacts.export', { audience }, 'contacts.csv')
      if (!answer.ok) throw new ApiError(answer.error)
      return answer.data
    },
    onSuccess: saved => saved && notifications.show({ message: 'The contacts were saved as CSV.' }),
    onError: error => notifications.show({ color: 'red', title: 'Not saved', message: error.message }),
  })

  const add = (
    <Button component={Link} href="/contacts/new" leftSection={<IconPlus size={18} aria-hidden />}>
      New contact
    </Button>
  )
  return (
    <Page
      title="Contacts"
      about={
        <span className="figures" aria-live="polite">
          {total === null
            ? rows.error
              ? 'Not counted'
              : 'Counting'
            : isFiltered(asked)
              ? counted(total, 'contact matches', 'contacts match')
              : counted(total, 'contact')}
        </span>
      }
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
              <Menu.Item leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => go('/imports/new')}>
                Import a list
              </Menu.Item>
              <Menu.Item
                leftSection={<IconDownload size={16} aria-hidden />}
                disabled={isEmpty || asked.importId !== null}
                onClick={() => save.mutate()}
              >
                Save these as CSV
              </Menu.Item>
              <Menu.Item leftSection={<IconList size={16} aria-hidden />} onClick={() => setManagesGroups(true)}>
                Lists
              </Menu.Item>
              <Menu.Item leftSection={<IconHistory size={16} aria-hidden />} onClick={() => go('/changes')}>
                Recent changes
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
      fill
    >
      <Stack h="100%" gap="sm">
        <FilterBar filters={filters} onChange={choose} />
        <BulkJobs />
        <Problem error={rows.error} onRetry={rows.retry} />
        {selection.kind !== 'none' && (
          <BulkBar selection={selection} filters={asked} total={total} onDone={() => setSelection(NONE)} />
        )}
        {isEmpty && !isFiltered(asked) ? (
          <Empty
            icon={IconUsers}
            title="Nobody is here yet"
            action={
              <Button component={Link} href="/imports/new" leftSection={<IconFileImport size={18} aria-hidden />}>
                Import a list
              </Button>
            }
          >
            Bring in a list of people who agreed to be texted, or add a single contact.
          </Empty>
        ) : isEmpty ? (
          <Empty
            icon={IconUserOff}
            title="Nobody matches"
            action={
              <Button variant="default" onClick={() => choose(ALL)}>
                Show everybody
              </Button>
            }
          >
            Search finds the beginnings of names, e-mail addresses and numbers.
          </Empty>
        ) : rows.loading ? (
          !rows.error && <Skeleton h={240} className="late" />
        ) : (
          <div style={{ flex: 1, minHeight: 0 }}>
            <VirtualRows
              key={JSON.stringify(asked)}
              label="Contacts"
              rows={rows}
              columns={columns}
              idOf={row => row.id}
              isMarked={row => String(row.id) === one?.id || isChosen(selection, row.id)}
              onOpen={row => go(`/contacts/${row.id}`)}
            />
          </div>
        )}
      </Stack>
      <ContactDrawer id={isOne && !isNew ? Number(one.id) : null} onClose={() => go('/contacts')} />
      <CreateContact opened={isNew} onClose={() => go('/contacts')} />
      <GroupsDialog opened={managesGroups} onClose={() => setManagesGroups(false)} />
    </Page>
  )
}

function isChosen(selection: Selection, id: number): boolean {
  return selection.kind === 'all' || (selection.kind === 'some' && selection.ids.has(id))
}

function useColumns(selection: Selection, select: (next: Selection) => void): Column<Contact>[] {
  const isWide = useMediaQuery('(min-width: 1150px)')
  const toggle = (id: number): void => {
    const ids = new Set(selection.kind === 'some' ? selection.ids : [])
    if (!ids.delete(id)) ids.add(id)
    select(ids.size === 0 ? NONE : { kind: 'some', ids })
  }
  const columns: Column<Contact>[] = [
    {
      key: 'choose',
      width: '22px',
      title: (
        <Checkbox
          size="xs"
          aria-label="Choose everybody who is shown"
          checked={selection.kind === 'all'}
          indeterminate={selection.kind === 'some'}
          onChange={() => select(selection.kind === 'none' ? { kind: 'all' } : NONE)}
        />
      ),
      cell: row => (
        <Checkbox
          size="xs"
          aria-label={`Choose ${nameOf(row) || row.number}`}
          checked={isChosen(selection, row.id)}
          disabled={selection.kind === 'all' || (selection.kind === 'some' && selection.ids.size >= 1000)}
          onChange={() => toggle(row.id)}
        />
      ),
    },
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(130px, 2fr)',
      cell: row => (
        <Anchor component={Link} href={`/contacts/${row.id}`} size="sm" fw={500} title={nameOf(row)}>
          {nameOf(row) || 'no name'}
        </Anchor>
      ),
    },
    { key: 'number', title: 'Number', width: '140px', cell: row => <span className="exact">{row.number}</span> },
  ]
  if (isWide) {
    columns.push({
      key: 'email',
      title: 'E-mail address',
      width: 'minmax(120px, 2fr)',
      cell: row => <span title={row.email}>{row.email}</span>,
    })
  }
  columns.push(
    {
      key: 'groups',
      title: 'Lists and tags',
      width: 'minmax(110px, 2fr)',
      cell: row => {
        const text = [...row.lists, ...row.tags.map(tag => `#${tag}`)].join(', ')
        return (
          <Text span size="sm" c="dimmed" title={text}>
            {text}
          </Text>
        )
      },
    },
    {
      key: 'state',
      title: 'May be texted',
      width: '124px',
      cell: row =>
        row.suppressed !== null ? (
          <span title={`Suppressed: ${REASONS[row.suppressed] ?? row.suppressed}`}>
            <Pill tone="bad">opted out</Pill>
          </span>
        ) : row.consent === null ? (
          <Pill tone="quiet">no consent</Pill>
        ) : (
          <span title={row.consent.source}>
            <Pill tone="good">agreed</Pill>
          </span>
        ),
    },
  )
  return columns
}
