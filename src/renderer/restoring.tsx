import { Alert, Button, Center, Loader, Overlay, Paper, Stack, Text, Title } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import type { PageEvent, RestoreOrder, RestoreReport } from '../shared/bridge.ts'
import { ApiError } from './api.ts'
import { counted, figure } from './lib/times.ts'
import { PARTS, taken } from './pages/admin/restored.ts'
import { useSession } from './session.tsx'

type Step = Extract<PageEvent, { type: 'restore' }>['step']
type State = { readonly step: Step } | { readonly report: RestoreReport } | null

/** Outside of the pages: the session ends with the database that it belongs to, and what was done is still to be read. */
let state: State = null
const listeners = new Set<() => void>()

function become(next: State): void {
  state = next
  for (const listener of listeners) listener()
}

/** Puts a backup in the place of the database, in front of everything. @throws ApiError when nothing was changed */
export async function restore(order: RestoreOrder): Promise<void> {
  const { connector } = window
  const forget = connector!.on(event => {
    if (event.type === 'restore') become({ step: event.step })
  })
  try {
    const answer = await connector!.restore.run(order)
    if (!answer.ok) throw new ApiError(answer.error)
    become({ report: answer.data })
  } catch (error) {
    become(null)
    throw error
  } finally {
    forget()
  }
}

const STEPS: Readonly<Record<Step, string>> = {
  closing: 'Sending ends in order, and the database is closed.',
  checking: 'The backup is copied and checked.',
  merging: 'Opt-outs, attempts and replies since the backup are taken over.',
  replacing: 'The backup takes the place of the database.',
  opening: 'The database is opened.',
}

/** Stands in front of every screen while a backup is put in place, and says afterwards what was done. */
export function Restoring() {
  const now = useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
  if (now === null) return null
  return (
    <Overlay fixed backgroundOpacity={0.85} blur={4} zIndex={1000}>
      <Center h="100vh" p="md">
        <Paper withBorder p="xl" radius="lg" w={480} role="dialog" aria-modal aria-label="Restore">
          {'step' in now ? <Working step={now.step} /> : <Done report={now.report} />}
        </Paper>
      </Center>
    </Overlay>
  )
}

function Working({ step }: { readonly step: Step }) {
  const steps = Object.keys(STEPS) as Step[]
  return (
    <Stack align="center">
      <Loader aria-label="At work" />
      <Title order={2} size="h4">
        A backup is put in place
      </Title>
      <Text size="sm" c="dimmed" ta="center" role="status">
        Step {steps.indexOf(step) + 1} of {steps.length}. {STEPS[step]}
      </Text>
      <Text size="xs" c="dimmed" ta="center">
        A large database takes minutes, and the window may stand still meanwhile. Whatever happens, either the old one
        or the new one is there.
      </Text>
    </Stack>
  )
}

function Done({ report }: { readonly report: RestoreReport }) {
  const { contacts, messages, phonesToReplay, replaced, keyProblem } = report
  const { refresh } = useSession()
  return (
    <Stack>
      <Title order={2} size="h4">
        The backup is in place
      </Title>
      <Text size="sm">
        It holds {counted(contacts, 'contact')} and {counted(messages, 'message')}. Accounts and settings are those of
        the backup, and everybody signs in again.
      </Text>
      <Text size="sm" c="dimmed">
        Taken over from the database before: {PARTS.map(part => taken(report, part)).join(', ')}.
      </Text>
      {phonesToReplay > 0 && (
        <Alert color="orange" variant="light" title="Waiting for phones">
          {phonesToReplay === 1
            ? 'Nothing is sent until the phone has told what it sent since.'
            : `Nothing is sent until ${figure(phonesToReplay)} phones have told what they sent since.`}{' '}
          A phone does when it connects; one that is gone for good is written off under Phones.
        </Alert>
      )}
      {keyProblem !== null && (
        <Alert color="red" variant="light" title="Nothing is sent">
          {keyProblem}
        </Alert>
      )}
      {replaced !== null && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          The database before is kept: {replaced}
        </Text>
      )}
      <Button
        data-autofocus
        onClick={() => {
          // The session went with the database that it belonged to.
          void refresh().then(() => become(null))
        }}
      >
        Sign in
      </Button>
    </Stack>
  )
}
