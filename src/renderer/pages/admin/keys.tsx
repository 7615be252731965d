import {
  Alert,
  Badge,
  Button,
  Group,
  Modal,
  NumberInput,
  Select,
  Skeleton,
  Stack,
  Switch,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Role } from '../../../shared/operations/define.ts'
import type { ApiKey } from '../../../shared/operations/keys.ts'
import { useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Empty } from '../../components/empty.tsx'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Lead } from '../../components/lead.tsx'
import { Problem } from '../../components/problem.tsx'
import { ago, date, dateAndTime } from '../../lib/times.ts'
import { ShownOnce } from './shown-once.tsx'

const ROLES: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'user', label: 'User: imports, sends, answers' },
  { value: 'admin', label: 'Administrator: everything' },
  { value: 'termux', label: 'Phone script: sends and tells the state of its device' },
]

/** Keys for scripts: made, replaced and revoked here, and shown once. */
export function Keys() {
  const [withRevoked, setWithRevoked] = useState(false)
  const { data, error, refetch } = useRead('keys.list', { revoked: withRevoked })
  const [making, setMaking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const rotate = useChange('keys.rotate', { onDone: ({ key }) => setSecret(key) })
  const revoke = useChange('keys.revoke', { onDone: () => setRevoking(null) })
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      Make a key
    </Button>
  )
  return (
    <Stack>
      <Lead action={add}>For scripts that use the HTTP API, which is off until it is asked for.</Lead>
      <Problem error={error ?? rotate.error} onRetry={() => void refetch()} />
      {data && data.environment.length > 0 && (
        <Alert color="yellow">
          The environment of the hub holds keys, too ({data.environment.join(', ')}). They never expire; take them out
          there.
        </Alert>
      )}
      {!data && !error && <Skeleton h={120} />}
      {data?.keys.length === 0 && (
        <Empty icon={IconKey} title="No keys">
          A script that sends, reads replies or imports lists needs one.
        </Empty>
      )}
      {data && data.keys.length > 0 && (
        <Table.ScrollContainer minWidth={600}>
          <Table verticalSpacing="sm" layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th w={70}>Role</Table.Th>
                <Table.Th w={100}>Last used</Table.Th>
                <Table.Th w={120}>Valid until</Table.Th>
                <Table.Th w={192}>
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.keys.map(key => (
                <Table.Tr key={key.id}>
                  <Table.Td>
                    <Text size="sm" fw={500} truncate="end" dir="auto" title={key.name}>
                      {key.name}
                    </Text>
                    <Text size="xs" c="dimmed" className="exact" truncate="end">
                      {key.prefix}…
                    </Text>
                    {key.reminder !== null && key.revokedAt === null && (
                      <Text size="xs" c="var(--mantine-color-orange-light-color)">
                        {key.reminder}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>{key.role}</Table.Td>
                  <Table.Td>{key.lastUsedAt === null ? 'never' : ago(key.lastUsedAt)}</Table.Td>
                  <Table.Td>
                    {key.revokedAt !== null ? (
                      <Badge color="gray">Revoked {date(key.revokedAt)}</Badge>
                    ) : key.expiresAt === null ? (
                      'without an end'
                    ) : (
                      date(key.expiresAt)
                    )}
                    {key.previousUntil !== null && (
                      <Text size="xs" c="dimmed">
                        The one before: until {dateAndTime(key.previousUntil)}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    {key.revokedAt === null && (
                      <Group gap="xs" justify="flex-end" wrap="nowrap">
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => rotate.mutate({ id: key.id })}
                          aria-label={`Replace ${key.name}`}
                        >
                          Replace
                        </Button>
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          color="red"
                          onClick={() => setRevoking(key)}
                          aria-label={`Revoke ${key.name}`}
                        >
                          Revoke
                        </Button>
                      </Group>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Switch
        size="xs"
        label="Show revoked keys"
        checked={withRevoked}
        onChange={event => setWithRevoked(event.currentTarget.checked)}
      />
      <MakeKey opened={making} onClose={() => setMaking(false)} onMade={setSecret} />
      <ShownOnce title="The key" label="API key" secret={secret} onClose={() => setSecret(null)}>
        Copy it now: it is shown this once, and only its hash is kept. A key that was replaced stays valid for a day.
      </ShownOnce>
      <Confirm
        opened={revoking !== null}
        title={`Revoke ${revoking?.name}?`}
        action="Revoke"
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking && revoke.mutate({ id: revoking.id })}
        onClose={() => setRevoking(null)}
      >
        Scripts that use it are refused at once and for good.
      </Confirm>
    </Stack>
  )
}

function MakeKey({
  opened,
  onClose,
  onMade,
}: {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onMade: (key: string) => void
}) {
  return (
    <Modal opened={opened} onClose={onClose} title="Make a key" centered>
      {opened && <MakeKeyForm onClose={onClose} onMade={onMade} />}
    </Modal>
  )
}

function MakeKeyForm({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: (key: string) => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('user')
  const [days, setDays] = useState<number | ''>(90)
  const create = useChange('keys.create', {
    onDone: ({ key }) => {
      onClose()
      onMade(key)
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate({ name: name.trim(), role, days: days === '' ? null : days })
      }}
    >
      <Stack>
        <Problem error={create.error} />
        <TextInput
          label="Name"
          description="What uses it, such as the name of the script."
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label="Role"
          data={ROLES}
          allowDeselect={false}
          value={role}
          onChange={value => setRole(value as Role)}
        />
        <NumberInput
          label="Valid for (days)"
          description="Leave it empty for a key without an end."
          min={1}
          max={3650}
          allowDecimal={false}
          value={days}
          onChange={value => setDays(value === '' ? '' : Number(value))}
        />
        <FormButtons disabled={name.trim() === ''} loading={create.isPending} onCancel={onClose}>
          Make it
        </FormButtons>
      </Stack>
    </form>
  )
}
