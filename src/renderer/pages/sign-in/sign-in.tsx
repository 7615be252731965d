import { Button, Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { ApiError } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { useSession } from '../../session.tsx'
import { transport } from '../../transport/index.ts'
import { SignInCard } from './card.tsx'

export function SignIn() {
  const { state, become } = useSession()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const rememberProblem = state?.kind === 'signed-out' ? state.rememberProblem : undefined
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { username: '', password: '', remember: false },
    validate: {
      username: value => (value.trim() === '' ? 'Type your user name.' : null),
      password: value => (value === '' ? 'Type your password.' : null),
    },
  })
  const submit = form.onSubmit(async values => {
    setBusy(true)
    setError(null)
    const answer = await transport.session.signIn({ ...values, username: values.username.trim() })
    setBusy(false)
    if (answer.ok) return become(answer.data)
    setError(new ApiError(answer.error))
    form.setFieldValue('password', '')
    form.getInputNode('password')?.focus()
  })
  return (
    <SignInCard title="Sign in" below="Forgot the password? An administrator can give you a new one.">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Problem error={error} />
          <TextInput
            label="User name"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            key={form.key('username')}
            {...form.getInputProps('username')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Checkbox
            label="Stay signed in for 30 days"
            disabled={rememberProblem !== undefined}
            description={rememberProblem}
            key={form.key('remember')}
            {...form.getInputProps('remember', { type: 'checkbox' })}
          />
          <Button type="submit" loading={busy} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
    </SignInCard>
  )
}
