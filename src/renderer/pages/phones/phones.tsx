import { Alert, Button, Group, Skeleton, Stack, Switch, Text } from '@mantine/core'
import { IconDeviceMobile, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useRead } from '../../api.ts'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { useUser } from '../../session.tsx'
import { LinkDoor, LinkProblem } from './link-door.tsx'
import { PairDialog } from './pair-dialog.tsx'
import { PhoneCard } from './phone-card.tsx'

/** Every phone that sends: how it is, what it may do, and how a new one comes in. */
export function Phones() {
  const { role } = useUser()
  const [withRevoked, setWithRevoked] = useState(false)
  const [pairing, setPairing] = useState(false)
  const { data, error, refetch } = useRead('phones.list', { revoked: withRevoked }, { everyMs: 10_000 })
  const status = useRead('system.status', {}, { everyMs: 15_000 })
  const pair = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setPairing(true)}>
      Pair a phone
    </Button>
  )
  return (
    <Page
      title="Phones"
      about="They send through their own SIMs, and connect to this computer by themselves."
      actions={role === 'admin' && pair}
    >
      <Stack gap="lg">
        <LinkProblem />
        {status.data?.sendingBlockedBy
          .filter(reason => reason !== status.data.linkProblem)
          .map(reason => (
            <Alert key={reason} color="orange" variant="light" title="Nothing is sent at the moment">
              {reason}
            </Alert>
          ))}
        <Problem error={error} onRetry={() => void refetch()} />
        {!data && !error && <Skeleton h={180} />}
        {data?.phones.length === 0 && (
          <Empty icon={IconDeviceMobile} title="No phone is paired yet" action={role === 'admin' ? pair : undefined}>
            {role === 'admin'
              ? 'Any Android phone with Termux will do. Pairing takes one QR code and about two minutes.'
              : 'An administrator pairs phones here.'}
          </Empty>
        )}
        {data?.phones.map(phone => (
          <PhoneCard key={phone.id} phone={phone} />
        ))}
        {role === 'admin' && <LinkDoor />}
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            A phone sends far less than this computer could: about 100 texts an hour for each SIM with the usual limits.
          </Text>
          <Switch
            size="xs"
            label="Show revoked phones"
            checked={withRevoked}
            onChange={event => setWithRevoked(event.currentTarget.checked)}
          />
        </Group>
      </Stack>
      <PairDialog opened={pairing} onClose={() => setPairing(false)} />
    </Page>
  )
}
