import { ActionIcon, Button, Group, Menu, Modal, ScrollArea, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconPencil, IconTemplate, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReplyTemplate } from '../../../shared/operations/inbox.ts'
import { measure } from '../../../shared/sms/segments.ts'
import { ApiError, useChange, useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { SegmentMeter } from '../../components/segment-meter.tsx'

type Edited = { readonly id?: number; readonly name: string; readonly body: string }

/** Saved texts: put one in, keep what was written as a new one, or change them. */
export function ReplyTemplates({
  text,
  onInsert,
}: {
  readonly text: string
  readonly onInsert: (body: string) => void
}) {
  const { data } = useRead('inbox.templates', {})
  const [edited, setEdited] = useState<Edited | null>(null)
  const [managing, setManaging] = useState(false)
  const templates = data?.templates ?? []
  return (
    <>
      <Menu position="top-end" width={280}>
        <Menu.Target>
          <Button variant="default" size="compact-sm" leftSection={<IconTemplate size={16} aria-hidden />}>
            Templates
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <ScrollArea.Autosize mah={260}>
            {templates.length === 0 && <Menu.Label>No template yet</Menu.Label>}
            {templates.map(template => (
              <Menu.Item key={template.id} onClick={() => onInsert(template.body)}>
                <Text size="sm" fw={500} truncate="end">
                  {template.name}
                </Text>
                <Text size="xs" c="dimmed" truncate="end">
                  {template.body}
                </Text>
              </Menu.Item>
            ))}
          </ScrollArea.Autosize>
          <Menu.Divider />
          <Menu.Item onClick={() => setEdited({ name: '', body: text })}>
            {text.trim() === '' ? 'New template' : 'Keep this text as a template'}
          </Menu.Item>
          {templates.length > 0 && <Menu.Item onClick={() => setManaging(true)}>Change templates</Menu.Item>}
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
      {edited && <EditTemplate template={edited} onClose={() => setEdited(null)} />}
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
    <Modal opened onClose={onClose} title="Reply templates" closeButtonProps={{ 'aria-label': 'Close' }}>
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

function EditTemplate({ template, onClose }: { readonly template: Edited; readonly onClose: () => void }) {
  const [name, setName] = useState(template.name)
  const [body, setBody] = useState(template.body)
  const save = useChange('inbox.save-template', { onDone: onClose })
  const fields = save.error instanceof ApiError ? save.error.fields : {}
  const { segments, unitsLeft, encoding } = measure(body)
  return (
    <Modal
      opened
      onClose={onClose}
      title={template.id === undefined ? 'New reply template' : 'Change the template'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
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
            autosize
            minRows={3}
            maxLength={1530}
            value={body}
            onChange={event => setBody(event.currentTarget.value)}
          />
          <SegmentMeter segments={segments} unitsLeft={unitsLeft} encoding={encoding} />
          {fields['name'] === undefined && <Problem error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Keep it as it is
            </Button>
            <Button type="submit" disabled={name.trim() === '' || body.trim() === ''} loading={save.isPending}>
              Save template
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
