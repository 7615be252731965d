import { Alert, Button, Group, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { ApiError, call, useChange, useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { counted, dateAndTime, figure } from '../../lib/times.ts'
import { transport } from '../../transport/index.ts'
import { RestoreDialog } from './restore-dialog.tsx'

/** Copies of the whole database. They hold everything, so only the window on the hub's own computer deals with them. */
export function Backups() {
  if (transport.kind === 'web') {
    return (
      <Text size="sm" c="dimmed">
        Backups are made, checked and restored on the computer of the hub: in its window, or with campaign-connector
        backup.
      </Text>
    )
  }
  return <LocalBackups />
}

function LocalBackups() {
  const { data, error, refetch } = useRead('backups.list', {})
  const create = useChange('backups.create')
  const [checked, setChecked] = useState<{ path: string; result: OutputOf<'backups.verify'> } | null>(null)
  const [checking, setChecking] = useState<string | null>(null)
  const [problem, setProblem] = useState<Error | null>(null)
  const [restoring, setRestoring] = useState<string | null>(null)
  const choose = async (): Promise<void> => {
    setProblem(null)
    const answer = await window.connector!.restore.choose()
    if (!answer.ok) setProblem(new ApiError(answer.error))
    else if (answer.data) setRestoring(answer.data.path)
  }
  const verify = async (path: string): Promise<void> => {
    setChecking(path)
    setProblem(null)
    try {
      setChecked({ path, result: await call('backups.verify', { path }) })
    } catch (found) {
      setProblem(found as Error)
    } finally {
      setChecking(null)
    }
  }
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h5">
            Backups
          </Title>
          <Group gap="sm">
            <Button variant="default" onClick={() => void choose()}>
              Restore from a file
            </Button>
            <Button variant="default" loading={create.isPending} onClick={() => create.mutate({})}>
              Make one now
            </Button>
          </Group>
        </Group>
        <Problem error={error ?? create.error ?? problem} onRetry={() => void refetch()} />
        {checked && (
          <Alert color={checked.result.ok ? 'teal' : 'red'} role="status">
            {checked.result.ok
              ? `${nameOf(checked.path)} is whole: ${counted(checked.result.contacts, 'contact')}, ${counted(checked.result.messages, 'message')}.`
              : `${nameOf(checked.path)}: ${checked.result.faults.join(' ')}`}
          </Alert>
        )}
        {!data && !error && <Skeleton h={80} />}
        {data?.backups.length === 0 && (
          <Text size="sm" c="dimmed">
            There is none yet. One is made every day while the hub runs.
          </Text>
        )}
        {data && data.backups.length > 0 && (
          <Table>
            <Table.Tbody>
              {data.backups.map(backup => (
                <Table.Tr key={backup.path}>
                  <Table.Td>{dateAndTime(backup.createdAt)}</Table.Td>
                  <Table.Td>{nameOf(backup.path)}</Table.Td>
                  <Table.Td className="figures" ta="right">
                    {figure(Math.ceil(backup.bytes / 1_000_000))} MB
                  </Table.Td>
                  <Table.Td ta="right">
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      loading={checking === backup.path}
                      onClick={() => void verify(backup.path)}
                      aria-label={`Check ${nameOf(backup.path)}`}
                    >
                      Check
                    </Button>
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="red"
                      onClick={() => setRestoring(backup.path)}
                      aria-label={`Restore ${nameOf(backup.path)}`}
                    >
                      Restore
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
      <RestoreDialog path={restoring} onClose={() => setRestoring(null)} />
    </Paper>
  )
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
