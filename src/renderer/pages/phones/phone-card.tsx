import { ActionIcon, Alert, Badge, Button, Group, Menu, Paper, Stack, Text, Title, Tooltip } from '@mantine/core'
import { IconBattery, IconBatteryCharging, IconDots, IconStethoscope } from '@tabler/icons-react'
import { useState } from 'react'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { useChange } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Problem } from '../../components/problem.tsx'
import { ago, counted, dateAndTime } from '../../lib/times.ts'
import { useUser } from '../../session.tsx'
import { Findings } from './findings.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import { SimRow } from './sim-row.tsx'

export type PhoneView = OutputOf<'phones.list'>['phones'][number]

export function PhoneCard({ phone }: { readonly phone: PhoneView }) {
  const { role } = useUser()
  const [asking, setAsking] = useState<'rename' | 'rotate' | 'revoke' | 'write-off' | 'accept' | null>(null)
  const close = (): void => setAsking(null)
  const rotate = useChange('phones.rotate-key', { onDone: close })
  const revoke = useChange('phones.revoke', { onDone: close, touches: ['system', 'campaigns', 'messages'] })
  const writeOff = useChange('phones.write-off', { onDone: close, touches: ['system', 'messages'] })
  const accept = useChange('phones.accept-journal', { onDone: close, touches: ['system', 'messages'] })
  const doctor = useChange('phones.run-doctor')
  const isAdmin = role === 'admin' && phone.revokedAt === null
  const { battery = null, warnings = [] } = phone.status ?? {}
  return (
    <Paper withBorder p="lg" component="section" aria-label={phone.name}>
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h5" lineClamp={1} dir="auto" title={phone.name} style={{ overflowWrap: 'anywhere' }}>
            {phone.name}
          </Title>
          {isAdmin && (
            <Group gap="xs" wrap="nowrap" flex="none">
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconStethoscope size={15} aria-hidden />}
                disabled={!phone.connected}
                loading={doctor.isPending}
                onClick={() => doctor.mutate({ id: phone.id })}
              >
                Run the doctor
              </Button>
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon variant="default" aria-label={`More for ${phone.name}`}>
                    <IconDots size={16} aria-hidden />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => setAsking('rename')}>Rename</Menu.Item>
                  <Menu.Item onClick={() => setAsking('rotate')} disabled={!phone.connected}>
                    Give it a new key
                  </Menu.Item>
                  <Menu.Item color="red" onClick={() => setAsking('revoke')}>
                    Revoke
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </Group>
          )}
        </Group>
        <Group gap="4px var(--mantine-spacing-sm)">
          <Connection phone={phone} />
          {battery && (
            <Tooltip label={battery.plugged ? 'Charging' : 'On battery'}>
              <Group gap={4} wrap="nowrap">
                {battery.plugged ? (
                  <IconBatteryCharging size={18} stroke={1.6} aria-hidden />
                ) : (
                  <IconBattery size={18} stroke={1.6} aria-hidden />
                )}
                <Text size="sm" className="figures">
                  {Math.round(battery.percent)} %
                </Text>
              </Group>
            </Tooltip>
          )}
          <Text size="xs" c="dimmed">
            Agent {phone.agentVersion}, paired {dateAndTime(phone.pairedAt)}
            {phone.holding > 0 && `, holds ${counted(phone.holding, 'text')} that it has not attempted`}
            {phone.revokedAt !== null && `, revoked ${dateAndTime(phone.revokedAt)}`}
          </Text>
        </Group>
        <Problem error={doctor.error} />
        {phone.journalProblem !== null && isAdmin && (
          <Alert color="red" variant="light" title="This phone is not let in">
            <Stack gap="xs" align="flex-start">
              <Text size="sm">
                {phone.journalProblem === 'journal_changed'
                  ? 'It comes with another memory than before: it was reset, or another phone has its key.'
                  : 'Its memory is older than what it has told before: it was restored, or it is a copy.'}{' '}
                What it held is without proof now. Let it in if you know why, or revoke it and pair it again.
              </Text>
              <Button size="compact-sm" variant="default" onClick={() => setAsking('accept')}>
                Let it in
              </Button>
            </Stack>
          </Alert>
        )}
        {phone.replayNeeded && isAdmin && (
          <Alert color="orange" variant="light" title="A backup was restored">
            <Stack gap="xs" align="flex-start">
              <Text size="sm">
                Nothing is sent until this phone has told what it sent since. Connect it; if it is gone for good, write
                it off.
              </Text>
              <Button size="compact-sm" variant="default" onClick={() => setAsking('write-off')}>
                Write it off
              </Button>
            </Stack>
          </Alert>
        )}
        {warnings.map(warning => (
          <Alert key={warning} color="yellow" variant="light">
            {warning}
          </Alert>
        ))}
        {phone.sims.map(sim => (
          <SimRow key={sim.id} phone={phone} sim={sim} isAdmin={isAdmin} />
        ))}
        <Findings findings={phone.findings} />
      </Stack>
      <RenameDialog phone={phone} opened={asking === 'rename'} onClose={close} />
      <Confirm
        opened={asking === 'rotate'}
        title={`Give ${phone.name} a new key?`}
        action="Give it a new key"
        danger={false}
        busy={rotate.isPending}
        error={rotate.error}
        onConfirm={() => rotate.mutate({ id: phone.id })}
        onClose={close}
      >
        The phone takes it over by itself, and the old one stops working. Nothing has to be done on the phone.
      </Confirm>
      <Confirm
        opened={asking === 'revoke'}
        title={`Revoke ${phone.name}?`}
        action="Revoke"
        type={phone.name}
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate({ id: phone.id })}
        onClose={close}
      >
        It is cut off at once. Texts that it may have attempted are without proof then and are not sent again by
        themselves; those it has not attempted go to other phones. To use it again it has to be paired anew.
      </Confirm>
      <Confirm
        opened={asking === 'write-off'}
        title={`Write ${phone.name} off?`}
        action="Write it off"
        type={phone.name}
        busy={writeOff.isPending}
        error={writeOff.error}
        onConfirm={() => writeOff.mutate({ id: phone.id })}
        onClose={close}
      >
        Sending goes on without knowing what this phone did since the backup. Whatever it may have sent becomes unknown,
        so that nobody gets it twice.
      </Confirm>
      <Confirm
        opened={asking === 'accept'}
        title={`Let ${phone.name} in?`}
        action="Let it in"
        type={phone.name}
        busy={accept.isPending}
        error={accept.error}
        onConfirm={() => accept.mutate({ id: phone.id })}
        onClose={close}
      >
        What its old memory held stays unknown. If you did not reset or restore this phone yourself, revoke it instead:
        somebody may have its key.
      </Confirm>
    </Paper>
  )
}

function Connection({ phone }: { readonly phone: PhoneView }) {
  if (phone.revokedAt !== null) return <Badge color="gray">Revoked</Badge>
  if (phone.connected) return <Badge color="teal">Connected</Badge>
  return (
    <Badge color="orange" variant="light">
      {phone.lastSeenAt === null ? 'Never seen' : `Away, last seen ${ago(phone.lastSeenAt)}`}
    </Badge>
  )
}
