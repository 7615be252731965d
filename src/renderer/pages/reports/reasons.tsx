import { Group, Skeleton, Table, Text } from '@mantine/core'
import { useRead } from '../../api.ts'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { figure } from '../../lib/times.ts'
import { MessagePill } from '../campaigns/states.tsx'
import { CellBar } from './chart.tsx'
import type { Period } from './periods.ts'
import { Scrolls, Section } from './section.tsx'

/** Why messages were not sent, and who was left out of campaigns that began in the time. */
export function ReasonsReport({ period }: { readonly period: Period }) {
  const { data, error, refetch } = useRead('analytics.reasons', period)
  const rows = data ? data.reasons.length + data.leftOut.length : 0
  const most = Math.max(
    0,
    ...(data?.reasons.map(({ messages }) => messages) ?? []),
    ...(data?.leftOut.map(({ contacts }) => contacts) ?? []),
  )
  return (
    <Section
      title="Not sent, and why"
      about="Messages that ended without a proof of having left, and contacts that campaigns left out at their start."
      table="reasons"
      period={period}
      canSave={rows > 0}
    >
      <Problem error={error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton h={80} className="late" />}
      {data && rows === 0 && (
        <Text size="sm" c="dimmed">
          Nothing. All that was tried in this time was sent.
        </Text>
      )}
      {data && rows > 0 && (
        <Scrolls label="Reasons">
          <Table verticalSpacing={6} horizontalSpacing="xs" fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>What</Table.Th>
                <Table.Th>Why</Table.Th>
                <Table.Th>How many</Table.Th>
                <Table.Th ta="right">Of campaigns</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.reasons.map(({ state, reason, meaning, messages, ofCampaigns }) => (
                <Table.Tr key={`${state} ${reason}`}>
                  <Table.Td>
                    <MessagePill state={state} />
                  </Table.Td>
                  <Table.Td data-wraps>{meaning}</Table.Td>
                  <Table.Td className="figures">
                    <Group gap="xs" wrap="nowrap">
                      <CellBar value={messages} most={most} tone={state === 'failed' ? 'bad' : 'wait'} />
                      {figure(messages)}
                    </Group>
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {figure(ofCampaigns)}
                  </Table.Td>
                </Table.Tr>
              ))}
              {data.leftOut.map(({ code, meaning, contacts }) => (
                <Table.Tr key={code}>
                  <Table.Td>
                    <Pill tone="quiet">Left out</Pill>
                  </Table.Td>
                  <Table.Td data-wraps>{meaning}</Table.Td>
                  <Table.Td className="figures">
                    <Group gap="xs" wrap="nowrap">
                      <CellBar value={contacts} most={most} tone="quiet" />
                      {figure(contacts)}
                    </Group>
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {figure(contacts)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scrolls>
      )}
    </Section>
  )
}
