import { Alert, Button, Code, Group, Modal, ScrollArea, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Erasure } from '../../../shared/operations/privacy.ts'
import { ApiError, call, useChange } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { transport } from '../../transport/index.ts'
import { Receipt } from './privacy-receipts.tsx'

/** Everything about one number: to look at, to save, and to erase. */
export function Person() {
  const [typed, setTyped] = useState('')
  const [erases, setErases] = useState(false)
  const number = typed.replace(/[\s().-]/g, '')
  const find = useMutation({ mutationFn: (asked: string) => call('person.export', { number: asked }) })
  const found = find.data?.number === number ? find.data : undefined
  const save = useMutation({
    mutationFn: async (format: 'json' | 'text') => {
      const answer = await transport.save(
        'person.save',
        { number, format },
        format === 'json' ? 'person.json' : 'person.txt',
      )
      if (!answer.ok) throw new ApiError(answer.error)
      return answer.data
    },
    onSuccess: saved => saved && notifications.show({ message: 'Everything about this number was saved.' }),
    onError: error => notifications.show({ color: 'red', title: 'Not saved', message: error.message }),
  })
  const wrong = find.error instanceof ApiError && find.error.fields['number']
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        One person
      </Title>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (number !== '') find.mutate(number)
        }}
      >
        <Group align="flex-start">
          <TextInput
            label="Number"
            description="With + and the country code in front"
            type="tel"
            w={280}
            maxLength={40}
            value={typed}
            error={wrong ? 'Write it with + and the country code in front, such as +12025550123.' : undefined}
            onChange={event => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" mt={48} loading={find.isPending} disabled={number === ''}>
            Show everything
          </Button>
        </Group>
      </form>
      {!wrong && <Problem error={find.error} />}
      {found && (
        <Stack gap="sm">
          <ScrollArea.Autosize mah={320} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'What is known' }}>
            <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {found.text}
            </Code>
          </ScrollArea.Autosize>
          <Group gap="sm">
            <Button variant="default" onClick={() => save.mutate('json')} disabled={!found.found}>
              Save as JSON
            </Button>
            <Button variant="default" onClick={() => save.mutate('text')} disabled={!found.found}>
              Save to read
            </Button>
            <Button color="red" variant="light" onClick={() => setErases(true)}>
              Erase this person
            </Button>
          </Group>
        </Stack>
      )}
      <Modal
        opened={erases}
        onClose={() => setErases(false)}
        title="Erase everything about this person?"
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {erases && <EraseForm number={number} onErased={find.reset} onClose={() => setErases(false)} />}
      </Modal>
    </Stack>
  )
}

function EraseForm({
  number,
  onErased,
  onClose,
}: {
  readonly number: string
  readonly onErased: () => void
  readonly onClose: () => void
}) {
  const [confirm, setConfirm] = useState('')
  const [receipt, setReceipt] = useState<Erasure | null>(null)
  const erase = useChange('person.erase', {
    touches: ['contacts', 'inbox', 'suppression', 'messages', 'campaigns', 'segments'],
    onDone: done => {
      setReceipt(done)
      onErased()
    },
  })
  if (receipt) {
    return (
      <Stack>
        <Receipt erasure={receipt} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Stack>
    )
  }
  const isReady = confirm.replace(/[\s().-]/g, '') === number
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (isReady) erase.mutate({ number, confirm })
      }}
    >
      <Stack>
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          Contact, consent, texts of both ways and notes are gone for good, here and in what phones remember. The number
          is never texted again.
        </Alert>
        <Text size="sm">
          Save everything first if the person has asked for it: <span className="exact">{number}</span>
        </Text>
        <TextInput
          label="Type the number to go on"
          type="tel"
          autoComplete="off"
          value={confirm}
          onChange={event => setConfirm(event.currentTarget.value)}
          data-autofocus
        />
        <Problem error={erase.error} />
        <FormButtons cancel="Keep it as it is" danger disabled={!isReady} loading={erase.isPending} onCancel={onClose}>
          Erase
        </FormButtons>
      </Stack>
    </form>
  )
}
