import { Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ApiError, useChange } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import type { PhoneView } from './phone-card.tsx'

export function RenameDialog({
  phone,
  opened,
  onClose,
}: {
  readonly phone: PhoneView
  readonly opened: boolean
  readonly onClose: () => void
}) {
  const [name, setName] = useState(phone.name)
  const rename = useChange('phones.rename', { onDone: onClose })
  const field = rename.error instanceof ApiError ? rename.error.fields['name'] : undefined
  return (
    <Modal opened={opened} onClose={onClose} title="Rename the phone" centered>
      <form
        onSubmit={event => {
          event.preventDefault()
          rename.mutate({ id: phone.id, name: name.trim() })
        }}
      >
        <Stack>
          {!field && <Problem error={rename.error} />}
          <TextInput
            label="Name"
            value={name}
            onChange={event => setName(event.currentTarget.value)}
            error={field}
            data-autofocus
          />
          <FormButtons disabled={name.trim() === ''} loading={rename.isPending} onCancel={onClose}>
            Rename
          </FormButtons>
        </Stack>
      </form>
    </Modal>
  )
}
