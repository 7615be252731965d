import { Button, Group, Modal, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { ApiError, useChange } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'

/** As the hub wants it typed: see RESET_CONFIRMATION of its operations. */
const WORDS = 'delete contacts, campaigns and messages'

/** Begins anew with the same accounts, phones and settings. */
export function Reset() {
  const [opened, setOpened] = useState(false)
  return (
    <Paper withBorder p="lg">
      <Group justify="space-between" wrap="nowrap">
        <Stack gap={2}>
          <Title order={2} size="h5">
            Begin anew
          </Title>
          <Text size="sm" c="dimmed">
            Removes contacts, lists, imports, campaigns, messages and threads. Users, phones, settings, opt-outs and the
            audit log stay. A backup is made first.
          </Text>
        </Stack>
        <Button color="red" variant="light" onClick={() => setOpened(true)} flex="none">
          Reset
        </Button>
      </Group>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Remove contacts, campaigns and messages?" centered>
        {opened && <ResetForm onClose={() => setOpened(false)} />}
      </Modal>
    </Paper>
  )
}

function ResetForm({ onClose }: { readonly onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [password, setPassword] = useState('')
  const reset = useChange('system.reset', {
    touches: ['contacts', 'lists', 'imports', 'campaigns', 'messages', 'inbox', 'suppression', 'backups'],
    onDone: ({ backup }) => {
      notifications.show({ message: `Everything as it was before is in the backup ${backup.name}.`, autoClose: 15_000 })
      onClose()
    },
  })
  const fields = reset.error instanceof ApiError ? reset.error.fields : {}
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        reset.mutate({ confirm: typed.trim(), password })
      }}
    >
      <Stack>
        {Object.keys(fields).length === 0 && <Problem error={reset.error} />}
        <TextInput
          label={`Type: ${WORDS}`}
          autoComplete="off"
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          error={fields['confirm']}
          data-autofocus
        />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
          error={fields['password']}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        />
        <FormButtons
          cancel="Keep everything"
          danger
          disabled={typed.trim() !== WORDS || password === ''}
          loading={reset.isPending}
          onCancel={onClose}
        >
          Remove
        </FormButtons>
      </Stack>
    </form>
  )
}
