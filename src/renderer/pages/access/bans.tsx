import { Alert, Button, Skeleton, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useChange, useRead } from '../../api.ts'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { ago, figure } from '../../lib/times.ts'

const FAIL2BAN = {
  runs: 'fail2ban runs, with the jail of this application.',
  no_jail: 'fail2ban is there, without the jail of this application. The built-in counter counts.',
  no_access: 'fail2ban is there, and cannot be asked by the user who runs this. The built-in counter counts, too.',
  absent: 'fail2ban is not there. The built-in counter serves.',
} as const

/** Addresses whose credentials were refused, and who keeps them out. */
export function Bans() {
  const { data, error, refetch } = useRead('services.bans', {}, { everyMs: 30_000 })
  const lift = useChange('services.lift-ban')
  if (!data) return error ? <Problem error={error} onRetry={() => void refetch()} /> : <Skeleton h={60} />
  const { fail2ban, sources, problem, logs } = data
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {FAIL2BAN[fail2ban.state]}
        {fail2ban.banned.length > 0 && ` It bans ${fail2ban.banned.join(', ')}.`}
      </Text>
      {problem !== '' && (
        <Alert color="orange" title="The proxy could not be told">
          {problem}
        </Alert>
      )}
      {logs
        .filter(log => log.problem !== '')
        .map(log => (
          <Alert key={log.file} color="orange" title={log.file}>
            {log.problem}
          </Alert>
        ))}
      <Problem error={lift.error} />
      {sources.length === 0 ? (
        <Text size="sm" c="dimmed">
          No address has failed.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={480}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Address</Table.Th>
                <Table.Th ta="right">Failures</Table.Th>
                <Table.Th>Last</Table.Th>
                <Table.Th>Banned</Table.Th>
                <Table.Th>
                  <VisuallyHidden>What can be done</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sources.map(source => (
                <Table.Tr key={source.id}>
                  <Table.Td className="figures">{source.address}</Table.Td>
                  <Table.Td className="figures" ta="right">
                    {figure(source.total)}
                  </Table.Td>
                  <Table.Td>{ago(source.lastAt)}</Table.Td>
                  <Table.Td>
                    {source.bannedUntil !== null && <Pill tone="bad">{`Ends ${ago(source.bannedUntil)}`}</Pill>}
                  </Table.Td>
                  <Table.Td ta="right">
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      onClick={() => lift.mutate({ id: source.id })}
                      aria-label={`Forget the failures of ${source.address}`}
                    >
                      Forget
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  )
}
