import { Alert, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { ApiError, useChange } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { stoppedText } from './stopped.ts'

/** Puts a number on the suppression list, or takes it off, with a reason. Without a number it asks for one. */
export function StopDialog({
  kind,
  number,
  onClose,
}: {
  readonly kind: 'add' | 'remove' | null
  readonly number: string | null
  readonly onClose: () => void
}) {
  // What it says stays while it fades.
  const [shown, setShown] = useState<{ kind: 'add' | 'remove'; number: string | null }>({ kind: 'add', number })
  if (kind !== null && (kind !== shown.kind || number !== shown.number)) setShown({ kind, number })
  return (
    <Modal
      opened={kind !== null}
      onClose={onClose}
      title={shown.kind === 'add' ? 'Never text a number again' : 'Take a number off the suppression list'}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Form kind={shown.kind} number={shown.number} onClose={onClose} />
    </Modal>
  )
}

function Form({
  kind,
  number,
  onClose,
}: {
  readonly kind: 'add' | 'remove'
  readonly number: string | null
  readonly onClose: () => void
}) {
  const [typed, setTyped] = useState('')
  const [note, setNote] = useState('')
  const touched = { touches: ['contacts', 'inbox', 'campaigns', 'messages'], onDone: onClose }
  const add = useChange('suppression.add', {
    ...touched,
    onDone: ({ added, stopped }) => {
      notifications.show({
        message: added ? `The number is on the list. ${stoppedText(stopped)}` : 'The number was on the list already.',
      })
      onClose()
    },
  })
  const remove = useChange('suppression.remove', touched)
  const change = kind === 'add' ? add : remove
  const meant = number ?? typed.replace(/[\s().-]/g, '')
  const errors = change.error instanceof ApiError ? change.error.fields : {}
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (note.trim() !== '' && meant !== '') change.mutate({ number: meant, note: note.trim() })
      }}
    >
      <Stack>
        {number === null ? (
          <TextInput
            label="Number"
            description="With + and the country code in front"
            type="tel"
            value={typed}
            maxLength={40}
            error={errors['number'] && 'Write it with + and the country code in front, such as +12025550123.'}
            onChange={event => setTyped(event.currentTarget.value)}
            data-autofocus
          />
        ) : (
          <Text size="sm" className="exact">
            {number}
          </Text>
        )}
        {kind === 'remove' && (
          <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
            Who has opted out may be texted again only when they asked for it themselves. They can also text START.
          </Alert>
        )}
        <Textarea
          label={kind === 'add' ? 'Reason' : 'Why may they be texted again?'}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={500}
          value={note}
          onChange={event => setNote(event.currentTarget.value)}
          {...(number !== null && { 'data-autofocus': true })}
        />
        {kind === 'add' && (
          <Text size="sm" c="dimmed">
            Whatever waits for this number is taken back at once.
          </Text>
        )}
        {Object.keys(errors).length === 0 && <Problem error={change.error} />}
        <FormButtons
          danger={kind === 'remove'}
          loading={change.isPending}
          disabled={note.trim() === '' || meant === ''}
          onCancel={onClose}
        >
          {kind === 'add' ? 'Put it on the list' : 'Take it off the list'}
        </FormButtons>
      </Stack>
    </form>
  )
}
