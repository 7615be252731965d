import { Box, Button, Center, Code } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ErrorBoundary, type FallbackProps, getErrorMessage } from 'react-error-boundary'
import { Empty } from './empty.tsx'

/**
 * Says so where what is inside cannot be shown: a mistake in a screen, or a part of the program that does not load, as after
 * an update. What stands around it goes on. `place`: the address of a
 * screen, at each of which it is tried again; without it there is nothing around.
 */
export function Unbroken({ place, children }: { readonly place?: string; readonly children: ReactNode }) {
  return (
    <ErrorBoundary FallbackComponent={place === undefined ? BrokenPage : Broken} resetKeys={[place]}>
      {children}
    </ErrorBoundary>
  )
}

function BrokenPage(props: FallbackProps) {
  return (
    <Box component="main" h="100dvh">
      <Broken {...props} />
    </Box>
  )
}

function Broken({ error }: FallbackProps) {
  return (
    <Center mih="100%" role="alert">
      <Empty
        icon={IconAlertTriangle}
        title="This screen cannot be shown"
        isScreen
        action={<Button onClick={() => window.location.reload()}>Load it again</Button>}
      >
        Nothing is lost: the hub goes on sending and receiving. If it happens again, restart the application and say
        what stands here. <Code>{getErrorMessage(error)}</Code>
      </Empty>
    </Center>
  )
}
