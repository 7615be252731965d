import { Button, Group, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { date, figure } from '../../lib/times.ts'
import { Findings } from '../phones/findings.tsx'
import { Backups } from './backups.tsx'
import { Reset } from './reset.tsx'

/** How the hub is: its doctor, its figures, what listens where, and backups. */
export function SystemHealth() {
  const status = useRead('system.status', {})
  const stats = useRead('system.stats', {})
  const doctor = useRead('system.doctor', {})
  return (
    <Stack gap="xl">
      <Paper withBorder p="lg">
        <Stack>
          <Group justify="space-between">
            <Title order={2} size="h5">
              Doctor
            </Title>
            <Button
              size="compact-sm"
              variant="default"
              loading={doctor.isFetching}
              onClick={() => void doctor.refetch()}
            >
              Look again
            </Button>
          </Group>
          <Problem error={doctor.error} />
          {doctor.data ? <Findings findings={doctor.data.findings} /> : !doctor.error && <Skeleton h={60} />}
        </Stack>
      </Paper>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Paper withBorder p="lg">
          <Title order={2} size="h5" mb="md">
            What is here
          </Title>
          <Problem error={stats.error} />
          {stats.data ? (
            <Facts
              facts={[
                ['Contacts', figure(stats.data.contacts)],
                ['Messages', figure(sum(stats.data.messages))],
                ['Texts that came in', figure(stats.data.inbound)],
                ['Suppressed numbers', figure(stats.data.suppressions)],
                ['Campaigns', figure(sum(stats.data.campaigns))],
                ['Database', `${figure(Math.ceil(stats.data.bytes / 1_000_000))} MB`],
              ]}
            />
          ) : (
            !stats.error && <Skeleton h={120} />
          )}
        </Paper>
        <Paper withBorder p="lg">
          <Title order={2} size="h5" mb="md">
            This hub
          </Title>
          <Problem error={status.error} />
          {status.data ? (
            <Facts
              facts={[
                ['Version', status.data.version],
                ['Data folder', status.data.dataFolder ?? ''],
                ['Phone link', status.data.link?.listening.join(', ') || 'does not listen'],
                ['HTTP API', status.data.http ? status.data.http.listening.join(', ') : 'off'],
                ['Web mode', status.data.http?.web ? 'on' : 'off'],
                ...(status.data.http?.certificateUntil
                  ? ([['Certificate until', date(status.data.http.certificateUntil)]] as const)
                  : []),
              ]}
            />
          ) : (
            !status.error && <Skeleton h={120} />
          )}
        </Paper>
      </SimpleGrid>
      <Backups />
      <Reset />
    </Stack>
  )
}

function Facts({ facts }: { readonly facts: readonly (readonly [string, string])[] }) {
  return (
    <Stack gap={6}>
      {facts.map(([what, value]) => (
        <Group key={what} justify="space-between" wrap="nowrap" align="flex-start">
          <Text size="sm" c="dimmed" flex="none">
            {what}
          </Text>
          <Text size="sm" className="figures" ta="right" style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
