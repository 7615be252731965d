import { ActionIcon, Badge, Button, Group, Menu, Skeleton, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { IconDots, IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { User } from '../../../shared/operations/users.ts'
import { useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Lead } from '../../components/lead.tsx'
import { Problem } from '../../components/problem.tsx'
import { date } from '../../lib/times.ts'
import { useUser } from '../../session.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { UserDialog } from './user-dialog.tsx'

/** Who has an account, and what they may do. */
export function Users() {
  const { data, error, refetch } = useRead('users.list', {})
  const [editing, setEditing] = useState<User | 'new' | null>(null)
  const [password, setPassword] = useState<User | null>(null)
  const [removing, setRemoving] = useState<User | null>(null)
  const update = useChange('users.update', { touches: ['sessions'] })
  const remove = useChange('users.delete', { onDone: () => setRemoving(null), touches: ['sessions'] })
  return (
    <Stack>
      <Lead
        action={
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setEditing('new')}>
            Add a user
          </Button>
        }
      >
        Administrators may do everything. Users import, send and answer, and see neither phones' keys nor this page.
      </Lead>
      <Problem error={error ?? update.error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton h={120} />}
      {data && (
        <Table.ScrollContainer minWidth={600}>
          <Table verticalSpacing="sm" layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>User name</Table.Th>
                <Table.Th>Name</Table.Th>
                <Table.Th w={120}>Role</Table.Th>
                <Table.Th w={120}>Since</Table.Th>
                <Table.Th w={56}>
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.users.map(user => (
                <Table.Tr key={user.id}>
                  <Table.Td>
                    <Group gap="xs">
                      <Text size="sm" fw={500} truncate="end" title={user.username}>
                        {user.username}
                      </Text>
                      {!user.active && <Badge color="gray">Not active</Badge>}
                    </Group>
                    {user.mustChangePassword && (
                      <Text size="xs" c="var(--mantine-color-orange-light-color)">
                        Has to change the password
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" truncate="end" dir="auto" title={user.fullName}>
                      {user.fullName}
                    </Text>
                    <Text size="xs" c="dimmed" truncate="end" title={user.email}>
                      {user.email}
                    </Text>
                  </Table.Td>
                  <Table.Td>{user.role === 'admin' ? 'Administrator' : 'User'}</Table.Td>
                  <Table.Td>{date(user.createdAt)}</Table.Td>
                  <Table.Td>
                    <UserActions
                      user={user}
                      onEdit={() => setEditing(user)}
                      onPassword={() => setPassword(user)}
                      onActive={active => update.mutate({ id: user.id, active })}
                      onRemove={() => setRemoving(user)}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <UserDialog editing={editing} onClose={() => setEditing(null)} />
      <PasswordDialog user={password} onClose={() => setPassword(null)} />
      <Confirm
        opened={removing !== null}
        title={`Delete ${removing?.username}?`}
        action="Delete"
        type={removing?.username ?? ''}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => removing && remove.mutate({ id: removing.id })}
        onClose={() => {
          remove.reset()
          setRemoving(null)
        }}
      >
        Their sessions end at once. What they did stays in the audit log under their number. To keep the account for
        later, deactivate it instead.
      </Confirm>
    </Stack>
  )
}

function UserActions({
  user,
  onEdit,
  onPassword,
  onActive,
  onRemove,
}: {
  readonly user: User
  readonly onEdit: () => void
  readonly onPassword: () => void
  readonly onActive: (active: boolean) => void
  readonly onRemove: () => void
}) {
  const own = useUser().id === user.id
  return (
    <Group justify="flex-end">
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" aria-label={`More for ${user.username}`}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onEdit}>Edit</Menu.Item>
          <Menu.Item onClick={onPassword} disabled={own}>
            Set a one-time password
          </Menu.Item>
          <Menu.Item onClick={() => onActive(!user.active)} disabled={own}>
            {user.active ? 'Deactivate' : 'Activate'}
          </Menu.Item>
          <Menu.Item color="red" onClick={onRemove} disabled={own}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}
