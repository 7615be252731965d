import { Alert, Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { IconWorldShare } from '@tabler/icons-react'
import { useState } from 'react'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { ApiError, useChange, useRead } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { WholeNumber } from '../../components/whole-number.tsx'
import { linkTitle } from '../../lib/link.ts'
import { useUser } from '../../session.tsx'

const LOOPBACK = /^(127\.|localhost$|::1$)/

/** Whether phones of the network reach this computer, in a sentence, and the way to change it. */
export function LinkDoor() {
  const { data: settings } = useRead('settings.get', {})
  const { data: status } = useRead('system.status', {})
  if (!settings || !status) return null
  const isOpen = !LOOPBACK.test(settings.linkHost)
  return (
    <Group gap="sm" wrap="nowrap">
      <IconWorldShare size={18} stroke={1.6} aria-hidden style={{ flex: 'none' }} />
      <Text size="sm" flex={1}>
        {status.link === null
          ? 'The link does not listen at the moment, so no phone can connect.'
          : isOpen
            ? `The link is open to the network: paired phones reach this computer at ${status.link.listening.join(', ')}.`
            : 'The link is closed to the network: only phones on a USB cable (adb reverse) reach this computer.'}
      </Text>
      <ChangeDoor />
    </Group>
  )
}

/** Why the link does not listen where it is wanted, with what mends it. Nothing while it does. */
export function LinkProblem() {
  const { role } = useUser()
  const { data: status } = useRead('system.status', {})
  if (!status || status.linkProblem === null) return null
  return (
    <Alert color="orange" variant="light" title={linkTitle(status)}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{status.linkProblem}</Text>
        {role === 'admin' && <ChangeDoor />}
      </Stack>
    </Alert>
  )
}

function ChangeDoor() {
  const [opened, setOpened] = useState(false)
  const { data: settings } = useRead('settings.get', {})
  return (
    <>
      <Button size="compact-sm" variant="default" flex="none" onClick={() => setOpened(true)}>
        Change
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Who can reach the phone link" centered>
        {opened && settings && <DoorForm settings={settings} onClose={() => setOpened(false)} />}
      </Modal>
    </>
  )
}

type Choice = 'closed' | 'everywhere' | 'one'

function DoorForm({
  settings,
  onClose,
}: {
  readonly settings: OutputOf<'settings.get'>
  readonly onClose: () => void
}) {
  const present: Choice = LOOPBACK.test(settings.linkHost)
    ? 'closed'
    : /^(0\.0\.0\.0|::)$/.test(settings.linkHost)
      ? 'everywhere'
      : 'one'
  const [choice, setChoice] = useState<Choice>(present)
  const [address, setAddress] = useState(present === 'one' ? settings.linkHost : '')
  const [port, setPort] = useState(settings.linkPort)
  const change = useChange('settings.update', { touches: ['system', 'phones'], onDone: onClose })
  const fields = change.error instanceof ApiError ? change.error.fields : {}
  const host = choice === 'closed' ? '127.0.0.1' : choice === 'everywhere' ? '0.0.0.0' : address.trim()
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        change.mutate({ linkHost: host, linkPort: port })
      }}
    >
      <Stack>
        <Radio.Group
          value={choice}
          onChange={value => setChoice(value as Choice)}
          label="The link"
          description="It is encrypted, and only paired phones are let in. Opening it still means that others on that network can knock: open it on networks that you trust."
        >
          <Stack gap="sm" mt="sm">
            <Radio value="closed" label="Closed: phones on a USB cable only" />
            <Radio value="one" label="Open on one address, such as that of Tailscale or of your Wi-Fi" />
            <Radio value="everywhere" label="Open on every network of this computer" />
          </Stack>
        </Radio.Group>
        {choice === 'one' && (
          <TextInput
            label="Address of this computer"
            placeholder="192.168.1.20"
            value={address}
            onChange={event => setAddress(event.currentTarget.value)}
            error={fields['linkHost']}
          />
        )}
        <WholeNumber
          label="Port"
          description="0 takes any that is free; phones that are paired are told when it changes."
          min={0}
          max={65_535}
          value={port}
          onChange={setPort}
          error={fields['linkPort']}
        />
        {Object.keys(fields).length === 0 && <Problem error={change.error} />}
        <FormButtons loading={change.isPending} disabled={choice === 'one' && address.trim() === ''} onCancel={onClose}>
          Save
        </FormButtons>
      </Stack>
    </form>
  )
}
