import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { getHotkeyHandler } from '@mantine/hooks'
import { IconBan } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { useChange } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { dateAndTime } from '../../lib/times.ts'
import type { ThreadData } from './use-thread.ts'

/** Puts a number on the suppression list, with the reason. */
export function OptOutDialog({
  number,
  opened,
  onClose,
}: {
  readonly number: string
  readonly opened: boolean
  readonly onClose: () => void
}) {
  const [note, setNote] = useState('')
  const add = useChange('suppression.add', { touches: ['inbox', 'contacts'], onDone: onClose })
  const confirm = (): void => {
    if (!add.isPending) add.mutate({ number, note: note.trim() || 'asked in the thread' })
  }
  return (
    <Confirm
      opened={opened}
      title="Opt this number out?"
      action="Opt out"
      busy={add.isPending}
      error={add.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{number} gets no text any more, from any campaign. What waits for it is held back.</Text>
        <Textarea
          label="Reason"
          placeholder="Asked in the thread"
          value={note}
          maxLength={500}
          onChange={event => setNote(event.currentTarget.value)}
          onKeyDown={getHotkeyHandler([['mod+Enter', confirm]])}
          autosize
          minRows={2}
          data-autofocus
        />
      </Stack>
    </Confirm>
  )
}

const REASONS: Readonly<Record<string, string>> = {
  stop: 'They texted a word such as STOP.',
  wording: 'They asked not to be texted.',
  likely: 'Their text likely asks to stop. Nothing is sent until somebody decides.',
  manual: 'Somebody opted them out.',
  import: 'They came in on a list of opt-outs.',
  erased: 'The person was erased.',
}

/** Why nothing can be sent here, and the way back. */
export function Suppressed({ thread }: { readonly thread: ThreadData }) {
  const [opened, setOpened] = useState(false)
  const [note, setNote] = useState('')
  const remove = useChange('suppression.remove', { touches: ['inbox', 'contacts'], onDone: () => setOpened(false) })
  const { reason, note: why, at } = thread.suppressed!
  return (
    <Alert color="red" variant="light" icon={<IconBan aria-hidden />} radius={0} p="sm">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">
          {REASONS[reason] ?? reason} {why !== '' && `“${why}” `}
          <Text span size="xs" c="dimmed">
            {dateAndTime(at)}
          </Text>
        </Text>
        {reason === 'likely' ? (
          <Button size="compact-sm" variant="default" component={Link} href="/inbox/review" flex="none">
            Decide
          </Button>
        ) : (
          <Button size="compact-sm" variant="default" onClick={() => setOpened(true)} flex="none">
            Allow texts again
          </Button>
        )}
      </Group>
      <Confirm
        opened={opened}
        title="Allow texts to this number again?"
        action="Allow texts again"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ number: thread.number, note: note.trim() })}
        onClose={() => setOpened(false)}
      >
        <Stack gap="sm">
          <Text size="sm">
            Only when the person has asked for it. Somebody who texted STOP can also text START, which does it by
            itself.
          </Text>
          <Textarea
            label="Why they may be texted again"
            value={note}
            maxLength={500}
            required
            withAsterisk={false}
            onChange={event => setNote(event.currentTarget.value)}
            autosize
            minRows={2}
            data-autofocus
          />
        </Stack>
      </Confirm>
    </Alert>
  )
}
