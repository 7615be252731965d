import { Autocomplete, Button, Group, Menu, Modal, Paper, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { BulkAction } from '../../../shared/operations/contact-work.ts'
import { useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { counted } from '../../lib/times.ts'
import { audienceOf, type Filters } from './filters.ts'
import type { Selection } from './selection.ts'

type NamedKind = Exclude<BulkAction['kind'], 'delete'>

const SAYS: Readonly<Record<NamedKind, { title: string; label: string; action: string }>> = {
  tag: { title: 'Put a tag on them', label: 'Tag', action: 'Put the tag on' },
  untag: { title: 'Take a tag off them', label: 'Tag', action: 'Take the tag off' },
  'add-to-list': { title: 'Add them to a list', label: 'List', action: 'Add to the list' },
  'remove-from-list': { title: 'Remove them from a list', label: 'List', action: 'Remove from the list' },
}

/** What can be done to the contacts that are chosen. */
export function BulkBar({
  selection,
  filters,
  total,
  onDone,
}: {
  readonly selection: Exclude<Selection, { kind: 'none' }>
  readonly filters: Filters
  readonly total: number | null
  readonly onDone: () => void
}) {
  const [asks, setAsks] = useState<BulkAction['kind'] | null>(null)
  const bulk = useChange('contacts.bulk', {
    touches: ['lists'],
    onDone: () => {
      setAsks(null)
      onDone()
    },
  })
  const count = selection.kind === 'some' ? selection.ids.size : total
  const who = count === null ? 'Everybody who is shown' : counted(count, 'contact')
  const run = (action: BulkAction): void =>
    bulk.mutate({
      selection:
        selection.kind === 'some'
          ? { ids: [...selection.ids] }
          : {
              audience: audienceOf(filters),
              ...(filters.importId !== null && { importId: filters.importId }),
            },
      action,
    })
  const close = (): void => {
    bulk.reset()
    setAsks(null)
  }
  return (
    <Paper withBorder px="md" py="xs" role="toolbar" aria-label="The chosen contacts">
      <Group justify="space-between" gap="sm">
        <Text size="sm" fw={600} className="figures" aria-live="polite">
          {who} chosen
        </Text>
        <Group gap="xs">
          <Menu>
            <Menu.Target>
              <Button size="compact-sm" variant="default">
                Tags
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setAsks('tag')}>Put a tag on them</Menu.Item>
              <Menu.Item onClick={() => setAsks('untag')}>Take a tag off them</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Menu>
            <Menu.Target>
              <Button size="compact-sm" variant="default">
                Lists
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setAsks('add-to-list')}>Add them to a list</Menu.Item>
              <Menu.Item onClick={() => setAsks('remove-from-list')}>Remove them from a list</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button size="compact-sm" variant="default" onClick={() => setAsks('delete')}>
            Delete
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={onDone}>
            Choose nobody
          </Button>
        </Group>
      </Group>
      <NameDialog
        kind={asks === null || asks === 'delete' ? null : asks}
        who={who}
        busy={bulk.isPending}
        error={bulk.error}
        onConfirm={(kind, name) => run({ kind, name })}
        onClose={close}
      />
      <Confirm
        opened={asks === 'delete'}
        title={`Delete ${who.toLowerCase()}?`}
        action="Delete"
        type="delete"
        busy={bulk.isPending}
        error={bulk.error}
        onConfirm={() => run({ kind: 'delete' })}
        onClose={close}
      >
        Their names, fields, tags and consent are gone for good. Messages and replies stay with the number, and who
        opted out stays on the suppression list.
      </Confirm>
    </Paper>
  )
}

function NameDialog({
  kind,
  who,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  readonly kind: NamedKind | null
  readonly who: string
  readonly busy: boolean
  readonly error: Error | null
  readonly onConfirm: (kind: NamedKind, name: string) => void
  readonly onClose: () => void
}) {
  const [name, setName] = useState('')
  const { data } = useRead('lists.list', {})
  const says = SAYS[kind ?? 'tag']
  const adds = kind === 'tag' || kind === 'add-to-list'
  const groups = kind === 'tag' || kind === 'untag' ? data?.tags : data?.lists
  const close = (): void => {
    setName('')
    onClose()
  }
  return (
    <Modal
      opened={kind !== null}
      onClose={close}
      title={says.title}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (kind !== null && name.trim() !== '') onConfirm(kind, name.trim())
        }}
      >
        <Stack>
          <Autocomplete
            label={says.label}
            description={adds ? 'One that is there, or a new one' : undefined}
            data={groups?.map(group => group.name) ?? []}
            value={name}
            maxLength={120}
            onChange={setName}
            data-autofocus
          />
          <Text size="sm" c="dimmed">
            {who}. It is done in the background; you can go on meanwhile.
          </Text>
          <Problem error={error} />
          <FormButtons loading={busy} disabled={name.trim() === ''} onCancel={close}>
            {says.action}
          </FormButtons>
        </Stack>
      </form>
    </Modal>
  )
}
