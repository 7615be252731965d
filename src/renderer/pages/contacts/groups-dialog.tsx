import { ActionIcon, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { ApiError, useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Problem } from '../../components/problem.tsx'
import { offerUndo } from '../../components/undo.tsx'
import { figure } from '../../lib/times.ts'

/** The lists: rename one, or delete it. */
export function GroupsDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { data, error } = useRead('lists.list', {}, { enabled: opened })
  const [renames, setRenames] = useState<number | null>(null)
  const [deletes, setDeletes] = useState<{ id: number; name: string } | null>(null)
  const remove = useChange('lists.delete', {
    touches: ['contacts', 'undo'],
    onDone: ({ undo }) => {
      offerUndo(`The list “${deletes?.name ?? ''}” was deleted.`, undo)
      setDeletes(null)
    },
  })
  return (
    <>
      <Modal
        opened={opened && deletes === null}
        onClose={onClose}
        title="Lists"
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack gap="xs">
          <Problem error={error} />
          {data?.lists.length === 0 && (
            <Text size="sm" c="dimmed">
              There is no list yet. Imports make them, and so does “Add them to a list” for contacts that you choose.
            </Text>
          )}
          {data?.lists.map(list =>
            renames === list.id ? (
              <Rename key={list.id} list={list} onDone={() => setRenames(null)} />
            ) : (
              <Group key={list.id} wrap="nowrap" justify="space-between" gap="xs">
                <Text size="sm" truncate dir="auto" title={list.name} flex={1}>
                  {list.name}
                </Text>
                <Text size="sm" c="dimmed" className="figures">
                  {figure(list.contacts)}
                </Text>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Rename ${list.name}`}
                  onClick={() => setRenames(list.id)}
                >
                  <IconPencil size={16} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Delete ${list.name}`}
                  onClick={() => setDeletes(list)}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </Group>
            ),
          )}
        </Stack>
      </Modal>
      <Confirm
        opened={deletes !== null}
        title={`Delete the list ${deletes?.name ?? ''}?`}
        action="Delete the list"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => deletes && remove.mutate({ id: deletes.id })}
        onClose={() => setDeletes(null)}
      >
        The contacts on it stay. For a day it can be undone under More, Recent changes.
      </Confirm>
    </>
  )
}

function Rename({
  list,
  onDone,
}: {
  readonly list: { readonly id: number; readonly name: string }
  readonly onDone: () => void
}) {
  const [name, setName] = useState(list.name)
  const rename = useChange('lists.rename', {
    touches: ['contacts', 'segments', 'undo'],
    onDone: ({ undo }) => {
      offerUndo(`“${list.name}” is now “${name.trim()}”.`, undo)
      onDone()
    },
  })
  const field = rename.error instanceof ApiError ? rename.error.message : undefined
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (name.trim() !== '') rename.mutate({ id: list.id, name })
      }}
    >
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <TextInput
          flex={1}
          aria-label={`New name of ${list.name}`}
          value={name}
          maxLength={120}
          error={field}
          onChange={event => setName(event.currentTarget.value)}
          autoFocus
        />
        <Button type="submit" loading={rename.isPending} disabled={name.trim() === ''}>
          Save
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </form>
  )
}
