import { Anchor, Button, Center, Group, Skeleton, Table, Text } from '@mantine/core'
import { Link } from 'wouter'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { date, figure } from '../../lib/times.ts'
import { CellBar } from './chart.tsx'
import type { Period } from './periods.ts'
import { Scrolls, Section } from './section.tsx'
import { withShare } from './share.ts'

/** Campaigns that began in the time, the latest first. */
export function CampaignsReport({ period }: { readonly period: Period }) {
  const list = useGrowingList('analytics.campaigns', period, { size: 20 })
  const most = Math.max(0, ...list.items.map(({ states }) => states.sent))
  return (
    <Section
      title="By campaign"
      about="Campaigns that began in this time, with all that became of them since."
      table="campaigns"
      period={period}
      canSave={list.items.length > 0}
    >
      <Problem error={list.error} onRetry={list.retry} />
      {list.loading && !list.error && <Skeleton h={80} className="late" />}
      {!list.loading && !list.error && list.items.length === 0 && (
        <Text size="sm" c="dimmed">
          No campaign began in this time. Choose a longer one, or{' '}
          <Anchor component={Link} href="/campaigns/new" size="sm" underline="always">
            write a campaign
          </Anchor>
          .
        </Text>
      )}
      {list.items.length > 0 && (
        <Scrolls label="Campaigns">
          <Table verticalSpacing={6} horizontalSpacing="xs" fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Campaign</Table.Th>
                <Table.Th>Began</Table.Th>
                <Table.Th ta="right">Messages</Table.Th>
                <Table.Th>Sent</Table.Th>
                <Table.Th ta="right">Replies</Table.Th>
                <Table.Th ta="right">Opt-outs</Table.Th>
                <Table.Th ta="right">Without proof</Table.Th>
                <Table.Th ta="right">Failed</Table.Th>
                <Table.Th ta="right">Left out</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map(one => (
                <Table.Tr key={one.id}>
                  <Table.Th scope="row" fw={400} data-name title={one.name}>
                    <Anchor component={Link} href={`/campaigns/${one.id}`} size="sm">
                      {one.name}
                    </Anchor>
                  </Table.Th>
                  <Table.Td>{date(one.startedAt)}</Table.Td>
                  <Table.Td ta="right" className="figures">
                    {figure(one.messages)}
                  </Table.Td>
                  <Table.Td className="figures">
                    <Group gap="xs" wrap="nowrap">
                      <CellBar value={one.states.sent} most={most} tone="good" />
                      {figure(one.states.sent)}
                    </Group>
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {withShare(one.replies, one.replyRate)}
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {withShare(one.optOuts, one.optOutRate)}
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {figure(one.states.unknown)}
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {figure(one.states.failed)}
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {figure(one.leftOut)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scrolls>
      )}
      {list.hasMore && (
        <Center>
          <Button variant="default" size="compact-sm" onClick={list.more} loading={list.loadingMore}>
            Show more
          </Button>
        </Center>
      )}
    </Section>
  )
}
