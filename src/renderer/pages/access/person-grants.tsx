import {
  Button,
  Group,
  Menu,
  Modal,
  NumberInput,
  Select,
  Stack,
  Switch,
  Table,
  Text,
  VisuallyHidden,
} from '@mantine/core'
import { useState } from 'react'
import type { Friend, Grant } from '../../../shared/operations/friends.ts'
import type { Credential } from '../../../shared/operations/grants.ts'
import { useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { ago, date } from '../../lib/times.ts'
import { CredentialDialog } from './credential-dialog.tsx'

const TOUCHES = ['friends', 'services']

/** What a person may open: show, renew, let expire, end, and give more. */
export function PersonGrants({ person }: { readonly person: Friend }) {
  const [shown, setShown] = useState<{ credential: Credential; grant: Grant; fresh: boolean } | null>(null)
  return (
    <Stack gap="sm">
      {person.grants.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing yet.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Service</Table.Th>
                <Table.Th>User name</Table.Th>
                <Table.Th>Counts until</Table.Th>
                <Table.Th>Last access</Table.Th>
                <Table.Th>
                  <VisuallyHidden>What can be done</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {person.grants.map(grant => (
                <GrantRow
                  key={grant.id}
                  grant={grant}
                  onCredential={(credential, fresh) => setShown({ credential, grant, fresh })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <NewGrant person={person} />
      <CredentialDialog
        title={shown ? `${shown.grant.person} at ${shown.grant.service}` : ''}
        credential={shown?.credential ?? null}
        fresh={shown?.fresh ?? false}
        onClose={() => setShown(null)}
      />
    </Stack>
  )
}

function GrantRow({
  grant,
  onCredential,
}: {
  readonly grant: Grant
  readonly onCredential: (credential: Credential, fresh: boolean) => void
}) {
  const [asking, setAsking] = useState<'end' | 'renew' | 'days' | null>(null)
  const close = () => setAsking(null)
  const reveal = useChange('grants.reveal', { onDone: credential => onCredential(credential, false) })
  const renew = useChange('grants.regenerate', {
    touches: TOUCHES,
    onDone: credential => {
      close()
      onCredential(credential, true)
    },
  })
  const end = useChange('grants.delete', { touches: TOUCHES, onDone: close })
  const { person, service, username } = grant
  return (
    <Table.Tr>
      <Table.Td>{service}</Table.Td>
      <Table.Td className="exact" style={{ overflowWrap: 'anywhere' }}>
        {username ?? <Text c="dimmed">asks for none</Text>}
      </Table.Td>
      <Table.Td>
        <Until grant={grant} />
      </Table.Td>
      <Table.Td>{grant.lastAccessAt === null ? <Text c="dimmed">none seen</Text> : ago(grant.lastAccessAt)}</Table.Td>
      <Table.Td ta="right">
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {username !== null && (
            <Button
              size="compact-sm"
              variant="default"
              disabled={!grant.known}
              loading={reveal.isPending}
              onClick={() => reveal.mutate({ id: grant.id })}
              aria-label={`Show the password of ${person} at ${service}`}
            >
              Show
            </Button>
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-sm" variant="subtle" aria-label={`More for ${person} at ${service}`}>
                More
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {username !== null && <Menu.Item onClick={() => setAsking('renew')}>New password</Menu.Item>}
              <Menu.Item disabled={grant.state === 'expired'} onClick={() => setAsking('days')}>
                How long it counts
              </Menu.Item>
              <Menu.Item color="red" onClick={() => setAsking('end')}>
                End it
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
        <Problem error={reveal.error} />
        <Confirm
          opened={asking === 'renew'}
          title={`A new password for ${person} at ${service}?`}
          action="Make it"
          busy={renew.isPending}
          error={renew.error}
          onConfirm={() => renew.mutate({ id: grant.id })}
          onClose={close}
        >
          The present one stops at once, also where it is saved.
        </Confirm>
        <Confirm
          opened={asking === 'end'}
          title={`${person} cannot open ${service} any more?`}
          action="End it"
          busy={end.isPending}
          error={end.error}
          onConfirm={() => end.mutate({ id: grant.id })}
          onClose={close}
        >
          The credential stops at the next request. Nobody else is touched.
        </Confirm>
        <DaysDialog grant={grant} opened={asking === 'days'} onClose={close} />
      </Table.Td>
    </Table.Tr>
  )
}

function Until({ grant }: { readonly grant: Grant }) {
  if (grant.state === 'expired') return <Pill tone="bad">Expired</Pill>
  if (grant.expiresAt === null) return <Text c="dimmed">it is ended</Text>
  const day = date(grant.expiresAt)
  return grant.expiresSoon ? <Pill tone="wait">{`Ends ${ago(grant.expiresAt)}`}</Pill> : day
}

function DaysDialog({
  grant,
  opened,
  onClose,
}: {
  readonly grant: Grant
  readonly opened: boolean
  readonly onClose: () => void
}) {
  const [limited, setLimited] = useState(grant.expiresAt !== null)
  const [days, setDays] = useState<number | string>(90)
  const change = useChange('grants.set-expiry', { touches: TOUCHES, onDone: onClose })
  return (
    <Modal opened={opened} onClose={onClose} title={`How long ${grant.person} may open ${grant.service}`} centered>
      <form
        onSubmit={event => {
          event.preventDefault()
          change.mutate({ id: grant.id, days: limited ? Number(days) : null })
        }}
      >
        <Stack>
          <Problem error={change.error} />
          <Switch
            label="It ends by itself"
            checked={limited}
            onChange={event => setLimited(event.currentTarget.checked)}
          />
          {limited && (
            <NumberInput
              label="Days from now"
              min={1}
              max={3650}
              allowDecimal={false}
              value={days}
              onChange={setDays}
            />
          )}
          <FormButtons loading={change.isPending} disabled={limited && !(Number(days) >= 1)} onCancel={onClose}>
            Save
          </FormButtons>
        </Stack>
      </form>
    </Modal>
  )
}

function NewGrant({ person }: { readonly person: Friend }) {
  const { data } = useRead('services.list', {})
  const [chosen, setChosen] = useState<string | null>(null)
  const create = useChange('grants.create', { touches: TOUCHES, onDone: () => setChosen(null) })
  const held = new Set(person.grants.map(grant => grant.serviceId))
  const open = (data?.services ?? []).filter(service => !held.has(service.id))
  if (data && open.length === 0) return null
  return (
    <Stack gap="xs">
      <Problem error={create.error} />
      <Group align="flex-end">
        <Select
          label="May also open"
          placeholder="Choose a service"
          data={open.map(service => ({ value: String(service.id), label: service.name }))}
          value={chosen}
          onChange={setChosen}
          searchable
          w={280}
        />
        <Button
          variant="default"
          disabled={chosen === null}
          loading={create.isPending}
          onClick={() => create.mutate({ personId: person.id, serviceId: Number(chosen) })}
        >
          Grant
        </Button>
      </Group>
    </Stack>
  )
}
