import {
  Alert,
  Button,
  CopyButton,
  Group,
  Loader,
  Modal,
  Stack,
  Stepper,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconCheck, IconCircleCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { useChange, useRead } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { Qr } from './qr.tsx'

/** Lets one phone in: a name, then a QR code and a line for Termux, then the phone itself. */
export function PairDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Pair a phone" size="lg" centered>
      {opened && <Pairing onClose={onClose} />}
    </Modal>
  )
}

function Pairing({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('')
  const [offer, setOffer] = useState<OutputOf<'phones.pair'> | null>(null)
  const pair = useChange('phones.pair', { onDone: setOffer })
  const stop = useChange('phones.stop-pairing')
  const { data: state } = useRead('phones.pairing', {}, { enabled: offer !== null, everyMs: 1_500 })
  const phones = useRead('phones.list', { revoked: false }, { enabled: offer !== null, everyMs: 2_000 })
  const paired = offer && state && !state.open && state.paired !== null ? state.paired : null
  const phone = phones.data?.phones.find(one => one.id === paired)
  // However the dialog is left: nobody shall come in by a code that nobody looks at any more.
  const isOpen = useRef(false)
  isOpen.current = offer !== null && paired === null
  const close = useRef(stop.mutate)
  close.current = stop.mutate
  useEffect(
    () => () => {
      if (isOpen.current) close.current({})
    },
    [],
  )
  if (offer && paired !== null) {
    return (
      <Stack align="center" gap="md" py="lg">
        <IconCircleCheck size={48} stroke={1.4} color="var(--mantine-color-teal-text)" aria-hidden />
        <Text fw={600} role="status">
          {phone?.name ?? 'The phone'} is paired{phone?.connected ? ' and connected.' : '.'}
        </Text>
        {!phone?.connected && (
          <Text size="sm" c="dimmed" ta="center" maw={420}>
            Start it on the phone with <span className="exact">campaign-connector-agent run</span>, or let it start by
            itself with
            <span className="exact"> campaign-connector-agent install-service</span>.
          </Text>
        )}
        <Button onClick={onClose}>Done</Button>
      </Stack>
    )
  }
  return (
    <Stack>
      <Stepper active={offer ? 1 : 0} size="sm" iconSize={28}>
        <Stepper.Step label="Name" />
        <Stepper.Step label="On the phone" />
      </Stepper>
      <Problem error={pair.error} />
      {offer ? (
        <Offer offer={offer} onAgain={() => pair.mutate({ name: name.trim() || 'Phone' })} />
      ) : (
        <form
          onSubmit={event => {
            event.preventDefault()
            pair.mutate({ name: name.trim() || 'Phone' })
          }}
        >
          <Stack>
            <TextInput
              label="Name of the phone"
              placeholder="Phone"
              description="As it is shown here, such as its model or where it lies."
              value={name}
              onChange={event => setName(event.currentTarget.value)}
              data-autofocus
            />
            <FormButtons loading={pair.isPending} onCancel={onClose}>
              Show the code
            </FormButtons>
          </Stack>
        </form>
      )}
    </Stack>
  )
}

function Offer({ offer, onAgain }: { readonly offer: OutputOf<'phones.pair'>; readonly onAgain: () => void }) {
  const left = useCountdown(offer.expiresAt)
  const onlyHere = offer.addresses.every(address => /^(127\.|localhost|\[::1\])/.test(address))
  if (left <= 0) {
    return (
      <Stack align="flex-start">
        <Text size="sm">The code has expired: it is valid for five minutes and one phone.</Text>
        <Button onClick={onAgain}>Show a new one</Button>
      </Stack>
    )
  }
  return (
    <Stack gap="md">
      {onlyHere && (
        <Alert color="yellow" variant="light" title="Only phones on a USB cable can reach this computer now">
          For Wi-Fi or Tailscale open the link to the network first, below the list of phones.
        </Alert>
      )}
      <Group align="flex-start" wrap="nowrap" gap="lg">
        <Qr text={offer.link} label="QR code of the pairing link" size={208} />
        <Stack gap="xs" flex={1} miw={0}>
          <Text size="sm">
            New phone: open Termux and paste this line. It fetches the agent from this computer over a pinned
            connection, checks it and pairs.
          </Text>
          <Textarea
            value={offer.line}
            readOnly
            autosize
            minRows={3}
            maxRows={6}
            className="exact"
            aria-label="Line for Termux"
          />
          <Group gap="xs">
            <Copy text={offer.line} what="Copy the line" />
            <Copy text={offer.link} what="Copy the link" />
          </Group>
          <Text size="sm" c="dimmed">
            With the agent there already: scan the code, or run{' '}
            <span className="exact">campaign-connector-agent pair 'LINK'</span>.
          </Text>
        </Stack>
      </Group>
      <Group gap="xs">
        <Loader size="xs" aria-hidden />
        <Text size="sm" c="dimmed" className="figures">
          Waiting for the phone. The code is valid for {Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')}{' '}
          more.
        </Text>
      </Group>
    </Stack>
  )
}

function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
          onClick={copy}
        >
          {copied ? 'Copied' : what}
        </Button>
      )}
    </CopyButton>
  )
}

/** Seconds until a moment; 0 afterwards. */
function useCountdown(until: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.round((until - now) / 1000))
}
