import { Badge, Button, Group, Skeleton, Stack, Table, Text, Title, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import type { LockoutKind, LoginOutcome } from '../../../shared/operations/accounts.ts'
import { useChange } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { ago, dateAndTime } from '../../lib/times.ts'
import { programOf } from '../../lib/user-agent.ts'
import { More } from './more.tsx'

const OUTCOMES: Readonly<Record<LoginOutcome, string>> = {
  ok: 'Signed in',
  wrong_password: 'Wrong password',
  unknown_user: 'No such user',
  not_active: 'Account not active',
  locked: 'Locked',
  password_check_failed: 'Wrong password at a check',
}
const LOCKS: Readonly<Record<LockoutKind, string>> = {
  account: 'Account',
  source: 'Sign-ins from',
  key_source: 'API keys from',
}

/** Who is signed in, who tried, and who is locked out. */
export function Access() {
  return (
    <Stack gap="xl">
      <Lockouts />
      <Sessions />
      <Logins />
    </Stack>
  )
}

function Lockouts() {
  const list = useGrowingList('lockouts.list', {})
  const lift = useChange('lockouts.lift')
  if (list.items.length === 0 && !list.error) return null
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        Locked out
      </Title>
      <Problem error={list.error ?? lift.error} onRetry={list.retry} />
      {list.items.map(lock => (
        <Group key={lock.id} justify="space-between" wrap="nowrap">
          <Text size="sm">
            {LOCKS[lock.kind]} <b>{lock.subject ?? 'a name that no user has'}</b>: {lock.failures} failures
            {lock.lockedUntil !== null && `, locked until ${dateAndTime(lock.lockedUntil)}`}
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => lift.mutate({ id: lock.id })}
            loading={lift.isPending}
          >
            Lift
          </Button>
        </Group>
      ))}
      <More list={list} />
    </Stack>
  )
}

function Sessions() {
  const list = useGrowingList('sessions.list', {})
  const revoke = useChange('sessions.revoke')
  const [asking, setAsking] = useState(false)
  const revokeAll = useChange('sessions.revoke-all', { onDone: () => setAsking(false), touches: ['auth'] })
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h5">
          Signed in now
        </Title>
        <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
          Sign everybody out
        </Button>
      </Group>
      <Problem error={list.error ?? revoke.error} onRetry={list.retry} />
      {list.loading && <Skeleton h={80} />}
      {list.items.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>User</Table.Th>
                <Table.Th>Where</Table.Th>
                <Table.Th>Last seen</Table.Th>
                <Table.Th>Ends</Table.Th>
                <Table.Th>
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map(session => (
                <Table.Tr key={session.id}>
                  <Table.Td>
                    <Group gap="2px var(--mantine-spacing-xs)">
                      {session.username} {session.current && <Badge>this one</Badge>}
                    </Group>
                  </Table.Td>
                  <Table.Td>{placeOf(session)}</Table.Td>
                  <Table.Td>{ago(session.lastSeenAt)}</Table.Td>
                  <Table.Td>{ago(session.expiresAt)}</Table.Td>
                  <Table.Td ta="right">
                    {!session.current && (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        onClick={() => revoke.mutate({ id: session.id })}
                        aria-label={`End the session of ${session.username} at ${session.ip ?? 'the computer of the hub'}`}
                      >
                        End
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <More list={list} />
      <Confirm
        opened={asking}
        title="Sign everybody out?"
        action="Sign everybody out"
        busy={revokeAll.isPending}
        error={revokeAll.error}
        onConfirm={() => revokeAll.mutate({})}
        onClose={() => setAsking(false)}
      >
        Every session ends, yours too. Campaigns and API keys go on.
      </Confirm>
    </Stack>
  )
}

function Logins() {
  const list = useGrowingList('logins.list', {})
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        Sign-ins so far
      </Title>
      <Problem error={list.error} onRetry={list.retry} />
      {list.loading && <Skeleton h={80} />}
      {list.items.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>User</Table.Th>
                <Table.Th>Where</Table.Th>
                <Table.Th>What became of it</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map(login => (
                <Table.Tr key={login.id}>
                  <Table.Td className="figures" style={{ whiteSpace: 'nowrap' }}>
                    {dateAndTime(login.at)}
                  </Table.Td>
                  <Table.Td>
                    {login.username ?? (
                      <Text span size="sm" c="dimmed">
                        a name that no user has
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>{placeOf(login)}</Table.Td>
                  <Table.Td>
                    <Badge color={login.outcome === 'ok' ? 'teal' : 'orange'}>{OUTCOMES[login.outcome]}</Badge>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <More list={list} />
    </Stack>
  )
}

function placeOf({ ip, userAgent }: { readonly ip: string | null; readonly userAgent: string }): string {
  return ip === null ? 'The window on the computer of the hub' : `${programOf(userAgent)}, ${ip}`
}
