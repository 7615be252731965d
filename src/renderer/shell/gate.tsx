import { Center, Loader } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { ChangePassword } from '../pages/sign-in/change-password.tsx'
import { FirstRun } from '../pages/sign-in/first-run.tsx'
import { Locked } from '../pages/sign-in/locked.tsx'
import { SignIn } from '../pages/sign-in/sign-in.tsx'
import { useSession } from '../session.tsx'

/** Nobody who has to sign in first waits for it. */
const Shell = lazy(async () => ({ default: (await import('./shell.tsx')).Shell }))

/** Who sees what: nobody, somebody who has to sign in, or the application. */
export function Gate() {
  const { state } = useSession()
  if (state === null) return <Waiting />
  switch (state.kind) {
    case 'first-run':
      return <FirstRun />
    case 'signed-out':
      return <SignIn />
    case 'locked':
      return <Locked username={state.username} />
    case 'signed-in':
      return state.user.mustChangePassword ? (
        <ChangePassword />
      ) : (
        <Suspense fallback={<Waiting />}>
          <Shell />
        </Suspense>
      )
  }
}

function Waiting() {
  return (
    <Center h="100vh">
      <Loader aria-label="Connecting to the hub" />
    </Center>
  )
}
