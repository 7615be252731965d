import { Center, Loader } from '@mantine/core'
import { ChangePassword } from '../pages/sign-in/change-password.tsx'
import { FirstRun } from '../pages/sign-in/first-run.tsx'
import { Locked } from '../pages/sign-in/locked.tsx'
import { SignIn } from '../pages/sign-in/sign-in.tsx'
import { useSession } from '../session.tsx'
import { Shell } from './shell.tsx'

/** Who sees what: nobody, somebody who has to sign in, or the application. */
export function Gate() {
  const { state } = useSession()
  if (state === null) {
    return (
      <Center h="100vh">
        <Loader aria-label="Connecting to the hub" />
      </Center>
    )
  }
  switch (state.kind) {
    case 'first-run':
      return <FirstRun />
    case 'signed-out':
      return <SignIn />
    case 'locked':
      return <Locked username={state.username} />
    case 'signed-in':
      return state.user.mustChangePassword ? <ChangePassword /> : <Shell />
  }
}
