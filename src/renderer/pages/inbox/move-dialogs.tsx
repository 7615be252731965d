import { Button, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { dateAndTime } from '../../lib/times.ts'
import { useUser } from '../../session.tsx'
import { Choices } from './choices.tsx'
import { type Choice, type Movable, snoozeChoices } from './thread-view.ts'
import { useTriage } from './triage.tsx'

/** When the thread comes back. */
export function SnoozeDialog({ thread, onClose }: { readonly thread: Movable; readonly onClose: () => void }) {
  const { snooze } = useTriage()
  const [choices] = useState(() => snoozeChoices(new Date()))
  const [written, setWritten] = useState('')
  const at = written === '' ? Number.NaN : new Date(written).getTime()
  const isOver = at <= Date.now()
  const choose = (until: number): void => {
    onClose()
    snooze(thread, until)
  }
  return (
    <Modal opened onClose={onClose} title="Snooze until" centered>
      <Stack>
        <Text size="sm" c="dimmed">
          The thread comes back then, or as soon as they text.
        </Text>
        <Choices
          label="When"
          choices={choices.map(choice => ({ ...choice, about: dateAndTime(choice.value) }))}
          onChoose={choice => choose(choice.value)}
        />
        <form
          onSubmit={event => {
            event.preventDefault()
            if (!Number.isNaN(at) && !isOver) choose(at)
          }}
        >
          <Group align="flex-end" wrap="nowrap">
            <TextInput
              type="datetime-local"
              label="Another time"
              value={written}
              onChange={event => setWritten(event.currentTarget.value)}
              error={isOver ? 'That time is over.' : undefined}
              flex={1}
            />
            <Button type="submit" variant="default" disabled={Number.isNaN(at) || isOver}>
              Snooze
            </Button>
          </Group>
        </form>
      </Stack>
    </Modal>
  )
}

/** Who has the thread from now on: oneself first, then nobody, then the others by name. */
export function AssignDialog({ thread, onClose }: { readonly thread: Movable; readonly onClose: () => void }) {
  const { assign } = useTriage()
  const user = useUser()
  const { data, error, refetch } = useRead('inbox.people', {})
  const people = data?.people ?? []
  const choices: Choice<number | null>[] = [
    { label: 'Me', value: user.id },
    { label: 'Nobody', value: null },
    ...people.filter(person => person.id !== user.id).map(person => ({ label: person.name, value: person.id })),
  ].map(choice => (choice.value === thread.assignedTo ? { ...choice, about: 'has it now' } : choice))
  return (
    <Modal opened onClose={onClose} title="Assign to" centered>
      <Problem error={error} onRetry={() => void refetch()} />
      {data ? (
        <Choices
          label="Who"
          choices={choices}
          onChoose={({ value, label }) => {
            onClose()
            assign(thread, value, label === 'Me' ? user.fullName || user.username : label)
          }}
        />
      ) : (
        <Skeleton h={96} />
      )}
    </Modal>
  )
}
