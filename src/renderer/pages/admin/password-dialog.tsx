import { Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { User } from '../../../shared/operations/users.ts'
import { ApiError, useChange } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'

/** Gives somebody a password that works once, to choose one of their own. Null: closed. */
export function PasswordDialog({ user, onClose }: { readonly user: User | null; readonly onClose: () => void }) {
  return (
    <Modal opened={user !== null} onClose={onClose} title={`A one-time password for ${user?.username ?? ''}`} centered>
      {user && <PasswordForm user={user} onClose={onClose} />}
    </Modal>
  )
}

function PasswordForm({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const [password, setPassword] = useState('')
  const change = useChange('users.set-password', { onDone: onClose, touches: ['sessions'] })
  const field = change.error instanceof ApiError ? change.error.fields['password'] : undefined
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        change.mutate({ id: user.id, password, mustChange: true })
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          Their sessions end at once. At the next sign-in they choose a password of their own.
        </Text>
        {!field && <Problem error={change.error} />}
        <PasswordInput
          label="One-time password"
          autoComplete="new-password"
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
          error={field}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
          data-autofocus
        />
        <FormButtons disabled={password.length < 8} loading={change.isPending} onCancel={onClose}>
          Set it
        </FormButtons>
      </Stack>
    </form>
  )
}
