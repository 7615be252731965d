import { ActionIcon, Button, Group, Modal, Popover, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { ApiError, useChange, useRead } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { offerUndo } from '../../components/undo.tsx'
import { audienceOf, type Filters, isFiltered } from './filters.ts'

/** Choices of contacts that were saved under a name. */
export function SegmentsMenu({
  filters,
  onChange,
}: {
  readonly filters: Filters
  readonly onChange: (next: Filters) => void
}) {
  const [opened, { open, close, toggle }] = useDisclosure(false)
  const [naming, setNaming] = useState(false)
  const { data, error } = useRead('segments.list', {})
  const remove = useChange('segments.delete', {
    touches: ['undo'],
    onDone: ({ undo }, { id }) => {
      const name = data?.segments.find(segment => segment.id === id)?.name
      offerUndo(`The segment “${name ?? ''}” was deleted.`, undo)
    },
  })
  const canSave = isFiltered(filters) && filters.importId === null
  return (
    <>
      <Popover
        opened={opened}
        onChange={value => (value ? open() : close())}
        position="bottom-start"
        width={300}
        trapFocus
      >
        <Popover.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />} onClick={toggle}>
            Segments
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Saved segments">
          <Stack gap="xs">
            <Problem error={error ?? remove.error} />
            {data?.segments.length === 0 && (
              <Text size="sm" c="dimmed">
                Search or filter, and save the choice under a name: it is here and in campaigns from then on.
              </Text>
            )}
            {data?.segments.map(segment => (
              <Group key={segment.id} gap="xs" wrap="nowrap" justify="space-between">
                <UnstyledButton
                  flex={1}
                  miw={0}
                  py={4}
                  onClick={() => {
                    onChange({ ...segment.audience, importId: null })
                    close()
                  }}
                >
                  <Text size="sm" truncate dir="auto" title={segment.name}>
                    {segment.name}
                  </Text>
                </UnstyledButton>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove the segment ${segment.name}`}
                  loading={remove.isPending && remove.variables.id === segment.id}
                  onClick={() => remove.mutate({ id: segment.id })}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </Group>
            ))}
            <Button
              variant="light"
              size="compact-sm"
              disabled={!canSave}
              onClick={() => {
                close()
                setNaming(true)
              }}
            >
              Save this choice
            </Button>
          </Stack>
        </Popover.Dropdown>
      </Popover>
      <SaveSegment opened={naming} filters={filters} onClose={() => setNaming(false)} />
    </>
  )
}

function SaveSegment({
  opened,
  filters,
  onClose,
}: {
  readonly opened: boolean
  readonly filters: Filters
  readonly onClose: () => void
}) {
  const [name, setName] = useState('')
  const create = useChange('segments.create', {
    onDone: () => {
      setName('')
      onClose()
    },
  })
  const field = create.error instanceof ApiError ? create.error.fields['name'] : undefined
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Save this choice as a segment"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (name.trim() !== '') create.mutate({ name, audience: audienceOf(filters) })
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            value={name}
            maxLength={120}
            onChange={event => setName(event.currentTarget.value)}
            error={field}
            data-autofocus
          />
          <Text size="sm" c="dimmed">
            Whoever matches at the time belongs to it: contacts that are added later, too.
          </Text>
          {field === undefined && <Problem error={create.error} />}
          <FormButtons disabled={name.trim() === ''} loading={create.isPending} onCancel={onClose}>
            Save
          </FormButtons>
        </Stack>
      </form>
    </Modal>
  )
}
