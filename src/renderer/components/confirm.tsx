import { Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { FormButtons } from './form-buttons.tsx'
import { Problem } from './problem.tsx'

/** Asks before something that cannot be undone. With `type` the person has to write that word. */
export function Confirm({
  opened,
  title,
  children,
  action,
  type,
  danger = true,
  busy = false,
  error,
  onConfirm,
  onClose,
}: {
  readonly opened: boolean
  readonly title: string
  readonly children: ReactNode
  /** What the button says: the deed itself. */
  readonly action: string
  readonly type?: string
  readonly danger?: boolean
  readonly busy?: boolean
  readonly error?: Error | null
  readonly onConfirm: () => void
  readonly onClose: () => void
}) {
  const [typed, setTyped] = useState('')
  const close = (): void => {
    setTyped('')
    onClose()
  }
  const isReady = type === undefined || typed.trim() === type
  return (
    <Modal opened={opened} onClose={close} title={title} centered>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (isReady && !busy) onConfirm()
        }}
      >
        <Stack>
          <Text size="sm" component="div">
            {children}
          </Text>
          {type !== undefined && (
            <TextInput
              label={`Type ${type} to go on`}
              value={typed}
              onChange={event => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          )}
          <Problem error={error} />
          <FormButtons cancel="Keep it as it is" danger={danger} disabled={!isReady} loading={busy} onCancel={close}>
            {action}
          </FormButtons>
        </Stack>
      </form>
    </Modal>
  )
}
