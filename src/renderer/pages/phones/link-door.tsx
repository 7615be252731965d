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
  const isOpen = status.link?.listening.some(address => !LOOPBACK.test(address.replace(/^\[/, ''))) ?? false
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

/** Nothing where both parts of the address were said at the start. */
function ChangeDoor() {
  const [opened, setOpened] = useState(false)
  const { data: settings } = useRead('settings.get', {})
  const { data: status } = useRead('system.status', {})
  if (!status || (status.linkGiven.host !== null && status.linkGiven.port !== null)) return null
  return (
    <>
      <Button size="compact-sm" variant="default" flex="none" onClick={() => setOpened(true)}>
        Change
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Who can reach the phone link" centered>
        {opened && settings && (
          <DoorForm settings={settings} given={status.linkGiven} onClose={() => setOpened(false)} />
        )}
      </Modal>
    </>
  )
}

type Choice = 'closed' | 'everywhere' | 'one'

function DoorForm({
  settings,
  given,
  onClose,
}: {
  readonly settings: OutputOf<'settings.get'>
  readonly given: OutputOf<'system.status'>['linkGiven']
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
        change.mutate({
          ...(given.host === null && { linkHost: host }),
          ...(given.port === null && { linkPort: port }),
        })
      }}
    >
      <Stack>
        {given.host === null ? (
          <Host
            choice={choice}
            onChoice={setChoice}
            address={address}
            onAddress={setAddress}
            error={fields['linkHost']}
          />
        ) : (
          <Text size="sm">
            The hub was started with --link-host {given.host}, which decides who reaches it. Start it without, to choose
            here.
          </Text>
        )}
        {given.port === null ? (
          <WholeNumber
            label="Port"
            description="0 takes any that is free; phones that are paired are told when it changes."
            min={0}
            max={65_535}
            value={port}
            onChange={setPort}
            error={fields['linkPort']}
          />
        ) : (
          <Text size="sm">
            The hub was started with --link-port {given.port}, which decides the port. Start it without, to choose here.
          </Text>
        )}
        {Object.keys(fields).length === 0 && <Problem error={change.error} />}
        <FormButtons
          loading={change.isPending}
          disabled={given.host === null && choice === 'one' && address.trim() === ''}
          onCancel={onClose}
        >
          Save
        </FormButtons>
      </Stack>
    </form>
  )
}

function Host({
  choice,
  onChoice,
  address,
  onAddress,
  error,
}: {
  readonly choice: Choice
  readonly onChoice: (choice: Choice) => void
  readonly address: string
  readonly onAddress: (address: string) => void
  readonly error: string | undefined
}) {
  return (
    <>
      <Radio.Group
        value={choice}
        onChange={value => onChoice(value as Choice)}
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
          onChange={event => onAddress(event.currentTarget.value)}
          error={error}
        />
      )}
    </>
  )
}
