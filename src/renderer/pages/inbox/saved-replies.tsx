import { ActionIcon, Box, Button, Group, Menu, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconPencil, IconTemplate, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReplyTemplate } from '../../../shared/operations/inbox.ts'
import { ApiError, call, useChange, useRead } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { SegmentMeter } from '../../components/segment-meter.tsx'

type Edited = { readonly id?: number; readonly name: string; readonly body: string }

/** Saved replies: put one in for this person, keep what was written as a new one, or change them. */
export function SavedReplies({
  threadId,
  contactId,
  text,
  opened,
  onOpened,
  onInsert,
}: {
  readonly threadId: number
  readonly contactId: number | null
  readonly text: string
  readonly opened: boolean
  readonly onOpened: (opened: boolean) => void
  readonly onInsert: (body: string) => void
}) {
  const { data } = useRead('inbox.templates', {})
  const [edited, setEdited] = useState<Edited | null>(null)
  const [managing, setManaging] = useState(false)
  const templates = data?.templates ?? []
  const fill = useMutation({
    mutationFn: (id: number) => call('inbox.fill-template', { id, threadId }),
    onSuccess: ({ text: filled, problem }) => {
      if (problem === null) onInsert(filled)
      else notifications.show({ color: 'red', title: 'Not put in', message: problem })
    },
    onError: error => notifications.show({ color: 'red', title: 'Not put in', message: error.message }),
  })
  return (
    <>
      <Menu position="top-end" width={280} opened={opened} onChange={onOpened} styles={{ itemLabel: { minWidth: 0 } }}>
        <Menu.Target>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconTemplate size={16} aria-hidden />}
            loading={fill.isPending}
          >
            Saved replies
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Box mah={260} style={{ overflowY: 'auto' }}>
            {templates.length === 0 && <Menu.Label>No saved reply yet</Menu.Label>}
            {templates.map(template => (
              <Menu.Item key={template.id} onClick={() => fill.mutate(template.id)}>
                <Text size="sm" fw={500} truncate="end" dir="auto" title={template.name}>
                  {template.name}
                </Text>
                <Text size="xs" c="dimmed" truncate="end" dir="auto">
                  {template.body}
                </Text>
              </Menu.Item>
            ))}
          </Box>
          <Menu.Divider />
          <Menu.Item onClick={() => setEdited({ name: '', body: text })}>
            {text.trim() === '' ? 'New saved reply' : 'Keep this text as a saved reply'}
          </Menu.Item>
          {templates.length > 0 && <Menu.Item onClick={() => setManaging(true)}>Change saved replies</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {managing && (
        <Manage
          templates={templates}
          onClose={() => setManaging(false)}
          onEdit={template => {
            setManaging(false)
            setEdited(template)
          }}
        />
      )}
      {edited && <EditTemplate template={edited} contactId={contactId} onClose={() => setEdited(null)} />}
    </>
  )
}

function Manage({
  templates,
  onClose,
  onEdit,
}: {
  readonly templates: readonly ReplyTemplate[]
  readonly onClose: () => void
  readonly onEdit: (template: ReplyTemplate) => void
}) {
  const remove = useChange('inbox.delete-template')
  const save = useChange('inbox.save-template')
  const [gone, setGone] = useState<ReplyTemplate | null>(null)
  return (
    <Modal opened onClose={onClose} title="Saved replies" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Problem error={remove.error ?? save.error} />
        {templates.map(template => (
          <Group key={template.id} justify="space-between" wrap="nowrap">
            <Stack gap={0} miw={0}>
              <Text size="sm" fw={500} truncate="end">
                {template.name}
              </Text>
              <Text size="xs" c="dimmed" lineClamp={2}>
                {template.body}
              </Text>
            </Stack>
            <Group gap={4} wrap="nowrap">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Change ${template.name}`}
                onClick={() => onEdit(template)}
              >
                <IconPencil size={16} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete ${template.name}`}
                onClick={() => remove.mutate({ id: template.id }, { onSuccess: () => setGone(template) })}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          </Group>
        ))}
        {templates.length === 0 && (
          <Text size="sm" c="dimmed">
            There is none left.
          </Text>
        )}
        {gone && (
          <Group justify="space-between">
            <Text size="sm">“{gone.name}” was deleted.</Text>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => save.mutate({ name: gone.name, body: gone.body }, { onSuccess: () => setGone(null) })}
            >
              Undo
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  )
}

function EditTemplate({
  template,
  contactId,
  onClose,
}: {
  readonly template: Edited
  readonly contactId: number | null
  readonly onClose: () => void
}) {
  const [name, setName] = useState(template.name)
  const [body, setBody] = useState(template.body)
  const save = useChange('inbox.save-template', { onDone: onClose })
  const fields = save.error instanceof ApiError ? save.error.fields : {}
  return (
    <Modal opened onClose={onClose} title={template.id === undefined ? 'New saved reply' : 'Change the saved reply'}>
      <form
        onSubmit={event => {
          event.preventDefault()
          save.mutate({ ...(template.id !== undefined && { id: template.id }), name, body })
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            value={name}
            maxLength={120}
            onChange={event => setName(event.currentTarget.value)}
            error={fields['name']}
            data-autofocus
          />
          <Textarea
            label="Text"
            description={'{{ first_name | default: "there" }} stands for a field of the person.'}
            autosize
            minRows={3}
            maxLength={1530}
            value={body}
            onChange={event => setBody(event.currentTarget.value)}
            error={fields['body']}
          />
          <Preview body={body} contactId={contactId} />
          {Object.keys(fields).length === 0 && <Problem error={save.error} />}
          <FormButtons
            cancel="Keep it as it is"
            disabled={name.trim() === '' || body.trim() === ''}
            loading={save.isPending}
            onCancel={onClose}
          >
            Save reply
          </FormButtons>
        </Stack>
      </form>
    </Modal>
  )
}

/** How the person of the thread would get it, and how large that is; somebody made up where they are no contact. */
function Preview({ body, contactId }: { readonly body: string; readonly contactId: number | null }) {
  const [settled] = useDebouncedValue(body, 250)
  const { data } = useRead(
    'campaigns.preview',
    { template: settled, contacts: 1, ...(contactId !== null && { contactId }) },
    { enabled: settled.trim() !== '' },
  )
  const [preview] = data?.previews ?? []
  if (body.trim() === '' || !preview) return null
  return (
    <Stack gap={4}>
      <Text size="xs" c="dimmed">
        {preview.contact ? `For ${preview.contact.name || preview.contact.number}` : 'For somebody'}
      </Text>
      <Text size="sm" c={preview.ok ? undefined : 'error'} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {preview.ok ? preview.text : preview.error}
      </Text>
      {preview.ok && (
        <SegmentMeter segments={preview.segments} unitsLeft={preview.unitsLeft} encoding={preview.encoding} />
      )}
    </Stack>
  )
}
