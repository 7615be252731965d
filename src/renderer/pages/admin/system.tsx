import { Button, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { SectionCard } from '../../components/section-card.tsx'
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
      <SectionCard
        title="Doctor"
        action={
          <Button size="compact-sm" variant="default" loading={doctor.isFetching} onClick={() => void doctor.refetch()}>
            Look again
          </Button>
        }
      >
        <Problem error={doctor.error} />
        {doctor.data ? <Findings findings={doctor.data.findings} /> : !doctor.error && <Skeleton h={60} />}
      </SectionCard>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <SectionCard title="What is here" gap="sm">
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
        </SectionCard>
        <SectionCard title="This hub" gap="sm">
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
        </SectionCard>
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
