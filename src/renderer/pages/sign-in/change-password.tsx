import { Button, PasswordInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { ApiError, useChange } from '../../api.ts'
import { NewPassword } from '../../components/new-password.tsx'
import { Problem } from '../../components/problem.tsx'
import { useSession } from '../../session.tsx'
import { transport } from '../../transport/index.ts'
import { SignInCard } from './card.tsx'

/** Somebody who was given a password chooses one of their own before anything else. */
export function ChangePassword() {
  const { refresh } = useSession()
  return (
    <SignInCard
      title="Choose a password"
      about="The one that you were given works for this only. Afterwards you sign in with the new one."
      below={
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={async () => {
            await transport.session.signOut()
            await refresh()
          }}
        >
          Sign in as somebody else
        </Button>
      }
    >
      <ChangePasswordForm />
    </SignInCard>
  )
}

export function ChangePasswordForm() {
  const { refresh } = useSession()
  const [current, setCurrent] = useState('')
  const [value, setValue] = useState('')
  const [again, setAgain] = useState('')
  const change = useChange('auth.change-password', { onDone: () => void refresh() })
  const fields = change.error instanceof ApiError ? change.error.fields : {}
  const isReady = current !== '' && value.length >= 8 && value === again
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (isReady) change.mutate({ currentPassword: current, newPassword: value })
      }}
    >
      <Stack>
        {Object.keys(fields).length === 0 && <Problem error={change.error} />}
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          value={current}
          onChange={event => setCurrent(event.currentTarget.value)}
          error={fields['currentPassword']}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        />
        <NewPassword
          value={value}
          again={again}
          onChange={setValue}
          onChangeAgain={setAgain}
          error={fields['newPassword']}
          scored
        />
        <Button type="submit" disabled={!isReady} loading={change.isPending}>
          Change password
        </Button>
      </Stack>
    </form>
  )
}
