import { Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { User } from '../../../shared/operations/users.ts'
import { ApiError, useChange } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'

/** Makes a user, or changes one. `new`: makes one. Null: closed. */
export function UserDialog({
  editing,
  onClose,
}: {
  readonly editing: User | 'new' | null
  readonly onClose: () => void
}) {
  const title = editing === 'new' ? 'Add a user' : `Edit ${editing?.username ?? ''}`
  return (
    <Modal opened={editing !== null} onClose={onClose} title={title} centered>
      {editing !== null && <UserForm user={editing === 'new' ? null : editing} onClose={onClose} />}
    </Modal>
  )
}

function UserForm({ user, onClose }: { readonly user: User | null; readonly onClose: () => void }) {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [fullName, setFullName] = useState(user?.fullName ?? '')
  const [email, setEmail] = useState(user?.email ?? '')
  const [role, setRole] = useState<'admin' | 'user'>(user?.role ?? 'user')
  const create = useChange('users.create', { onDone: onClose })
  const update = useChange('users.update', { onDone: onClose, touches: ['sessions'] })
  const error = create.error ?? update.error
  const fields = error instanceof ApiError ? error.fields : {}
  const submit = (): void => {
    if (user) update.mutate({ id: user.id, fullName, email, role })
    else create.mutate({ username: username.trim(), password, fullName, email, role, mustChangePassword: true })
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        submit()
      }}
    >
      <Stack>
        {Object.keys(fields).length === 0 && <Problem error={error} />}
        {!user && (
          <TextInput
            label="User name"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={username}
            onChange={event => setUsername(event.currentTarget.value)}
            error={fields['username']}
            data-autofocus
          />
        )}
        <TextInput
          label="Name"
          autoComplete="off"
          value={fullName}
          onChange={event => setFullName(event.currentTarget.value)}
          error={fields['fullName']}
        />
        <TextInput
          label="E-mail"
          autoComplete="off"
          value={email}
          onChange={event => setEmail(event.currentTarget.value)}
          error={fields['email']}
        />
        <Select
          label="Role"
          data={[
            { value: 'user', label: 'User' },
            { value: 'admin', label: 'Administrator' },
          ]}
          allowDeselect={false}
          value={role}
          onChange={value => setRole(value as 'admin' | 'user')}
          error={fields['role']}
        />
        {!user && (
          <PasswordInput
            label="One-time password"
            description="Hand it over yourself. At the first sign-in they choose one of their own."
            autoComplete="new-password"
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
            error={fields['password']}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
          />
        )}
        <FormButtons
          loading={create.isPending || update.isPending}
          disabled={!user && (username.trim() === '' || password.length < 8)}
          onCancel={onClose}
        >
          {user ? 'Save' : 'Add'}
        </FormButtons>
      </Stack>
    </form>
  )
}
