import { Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ApiError } from '../../api.ts'
import { NewPassword } from '../../components/new-password.tsx'
import { Problem } from '../../components/problem.tsx'
import { useSession } from '../../session.tsx'
import { SignInCard } from './card.tsx'

/** The first start on this computer: the administrator's account. */
export function FirstRun() {
  const { become } = useSession()
  const [username, setUsername] = useState('')
  const [fullName, setFullName] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const isReady = username.trim() !== '' && password.length >= 8 && password === again
  const begin = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    const answer = await window.connector!.session.begin({ username: username.trim(), fullName, password })
    setBusy(false)
    if (answer.ok) become(answer.data)
    else setError(new ApiError(answer.error))
  }
  return (
    <SignInCard
      title="Welcome"
      about="Make the administrator's account. Everything stays on this computer; there is no account anywhere else."
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (isReady) void begin()
        }}
      >
        <Stack>
          {error && Object.keys(error.fields).length === 0 && <Problem error={error} />}
          <TextInput
            label="User name"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            value={username}
            onChange={event => setUsername(event.currentTarget.value)}
            error={error?.fields['username']}
          />
          <TextInput
            label="Your name"
            description="As others see it. May be left empty."
            autoComplete="name"
            value={fullName}
            onChange={event => setFullName(event.currentTarget.value)}
          />
          <NewPassword
            value={password}
            again={again}
            onChange={setPassword}
            onChangeAgain={setAgain}
            error={error?.fields['password']}
            scored={false}
          />
          <Button type="submit" disabled={!isReady} loading={busy}>
            Make the account
          </Button>
        </Stack>
      </form>
    </SignInCard>
  )
}
