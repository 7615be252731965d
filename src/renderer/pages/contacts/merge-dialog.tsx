import { Button, Group, Modal, Paper, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { Contact } from '../../../shared/operations/contacts.ts'
import { useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Problem } from '../../components/problem.tsx'
import { nameOf } from './filters.ts'

/** Two contacts are one person: looks for the other one, and makes one of them. */
export function MergeDialog({
  contact,
  opened,
  onClose,
}: {
  readonly contact: Contact
  readonly opened: boolean
  readonly onClose: () => void
}) {
  const [text, setText] = useState(() => nameOf(contact))
  const [search] = useDebouncedValue(text.trim(), 150)
  const [other, setOther] = useState<Contact | null>(null)
  const [asks, setAsks] = useState(false)
  const { data, error } = useRead('contacts.search', { search, limit: 8 }, { enabled: opened && search !== '' })
  const close = (): void => {
    setOther(null)
    setAsks(false)
    onClose()
  }
  const merge = useChange('contacts.merge', { touches: ['lists', 'suppression', 'inbox'], onDone: close })
  const found = search === '' ? [] : (data?.items.filter(({ id }) => id !== contact.id) ?? [])
  return (
    <>
      <Modal
        opened={opened && !asks}
        onClose={close}
        title={`Merge another contact into ${nameOf(contact) || contact.number}`}
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <TextInput
            label="Who is the same person?"
            description="Name, e-mail address or number"
            value={text}
            maxLength={200}
            onChange={event => {
              setText(event.currentTarget.value)
              setOther(null)
            }}
            data-autofocus
          />
          <Problem error={error} />
          {search !== '' && data && found.length === 0 && (
            <Text size="sm" c="dimmed">
              Nobody else matches.
            </Text>
          )}
          <Radio.Group
            value={other === null ? null : String(other.id)}
            onChange={value => setOther(found.find(({ id }) => String(id) === value) ?? null)}
            aria-label="The other contact"
          >
            <Stack gap="xs">
              {found.map(one => (
                <Radio
                  key={one.id}
                  value={String(one.id)}
                  label={
                    <>
                      {nameOf(one) || 'no name'}, <span className="exact">{one.number}</span>
                      {one.suppressed !== null && ', opted out'}
                    </>
                  }
                />
              ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button disabled={other === null} onClick={() => setAsks(true)}>
              Go on
            </Button>
          </Group>
        </Stack>
      </Modal>
      {other && (
        <Confirm
          opened={opened && asks}
          title="Make one contact of two?"
          action="Merge"
          type="merge"
          busy={merge.isPending}
          error={merge.error}
          onConfirm={() => merge.mutate({ id: contact.id, other: other.id })}
          onClose={close}
        >
          <Stack gap="sm">
            <Paper withBorder p="sm">
              <Text size="sm">
                Stays: <b>{nameOf(contact) || 'no name'}</b>, <span className="exact">{contact.number}</span>
              </Text>
              <Text size="sm">
                Goes: <b>{nameOf(other) || 'no name'}</b>, <span className="exact">{other.number}</span>
              </Text>
            </Paper>
            <Text size="sm">
              What the first one lacks comes from the second, with its tags, lists and messages. It cannot be taken
              apart again.
            </Text>
            {other.suppressed !== null && contact.suppressed === null && (
              <Text size="sm">
                The second one opted out, so <span className="exact">{contact.number}</span> goes on the suppression
                list, too.
              </Text>
            )}
          </Stack>
        </Confirm>
      )}
    </>
  )
}
