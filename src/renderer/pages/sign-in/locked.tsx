import { Button, PasswordInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { ApiError } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { useSession } from '../../session.tsx'
import { transport } from '../../transport/index.ts'
import { SignInCard } from './card.tsx'

/** Nobody was there for a while: what was shown is hidden until the password is typed. Sending goes on meanwhile. */
export function Locked({ username }: { readonly username: string }) {
  const { become, refresh } = useSession()
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const unlock = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    const answer = await window.connector!.session.unlock({ password })
    setBusy(false)
    setPassword('')
    if (answer.ok) become(answer.data)
    else setError(new ApiError(answer.error))
  }
  return (
    <SignInCard title="Locked" about={`Signed in as ${username}. Campaigns go on while the window is locked.`}>
      <form
        onSubmit={event => {
          event.preventDefault()
          void unlock()
        }}
      >
        <Stack>
          <Problem error={error} />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            autoFocus
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={busy} disabled={password === ''}>
            Unlock
          </Button>
          <Button
            variant="subtle"
            color="gray"
            onClick={async () => {
              await transport.session.signOut()
              await refresh()
            }}
          >
            Sign in as somebody else
          </Button>
        </Stack>
      </form>
    </SignInCard>
  )
}
