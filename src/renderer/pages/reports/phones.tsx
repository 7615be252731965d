import { Anchor, Group, Skeleton, Table, Text } from '@mantine/core'
import { Link } from 'wouter'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { figure } from '../../lib/times.ts'
import { CellBar } from './chart.tsx'
import type { Period } from './periods.ts'
import { Scrolls, Section } from './section.tsx'
import { withShare } from './share.ts'

type Phone = OutputOf<'analytics.phones'>['phones'][number]

/** What each phone and each of its SIMs sent. */
export function PhonesReport({ period }: { readonly period: Period }) {
  const { data, error, refetch } = useRead('analytics.phones', period)
  const phones = data?.phones ?? []
  const most = Math.max(0, ...phones.map(({ sent }) => sent))
  return (
    <Section
      title="By phone"
      about="All that phones sent: campaigns, replies and confirmations. Replies are answers to campaigns."
      table="phones"
      period={period}
      canSave={phones.length > 0}
    >
      <Problem error={error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton h={80} className="late" />}
      {data && phones.length === 0 && (
        <Text size="sm" c="dimmed">
          No phone is paired.{' '}
          <Anchor component={Link} href="/phones" size="sm" underline="always">
            Pair one
          </Anchor>
        </Text>
      )}
      {phones.length > 0 && (
        <Scrolls label="Phones">
          <Table verticalSpacing={6} horizontalSpacing="xs" fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Phone</Table.Th>
                <Table.Th>SIM</Table.Th>
                <Table.Th>Sent</Table.Th>
                <Table.Th ta="right">Of campaigns</Table.Th>
                <Table.Th ta="right">Segments</Table.Th>
                <Table.Th ta="right">Without proof</Table.Th>
                <Table.Th ta="right">Failed</Table.Th>
                <Table.Th ta="right">Replies</Table.Th>
                <Table.Th ta="right">Opt-outs</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {phones.map(phone => (
                <PhoneRows key={phone.id} phone={phone} most={most} />
              ))}
            </Table.Tbody>
          </Table>
        </Scrolls>
      )}
    </Section>
  )
}

/** A phone, and its SIMs where there are several. */
function PhoneRows({ phone, most }: { readonly phone: Phone; readonly most: number }) {
  return (
    <>
      <Table.Tr>
        <Table.Th scope="row" fw={500} data-name dir="auto" title={phone.name}>
          {phone.name}
          {phone.revoked && ' (revoked)'}
        </Table.Th>
        <SimCell name={phone.sims.length > 1 ? 'all' : simName(phone.sims[0])} />
        <LaneCells lane={phone} most={most} />
        <Table.Td ta="right" className="figures">
          {withShare(phone.replies, phone.replyRate)}
        </Table.Td>
        <Table.Td ta="right" className="figures">
          {withShare(phone.optOuts, phone.optOutRate)}
        </Table.Td>
      </Table.Tr>
      {phone.sims.length > 1 &&
        phone.sims.map(sim => (
          <Table.Tr key={sim.id}>
            <Table.Td />
            <SimCell name={simName(sim)} />
            <LaneCells lane={sim} most={most} />
            <Table.Td />
            <Table.Td />
          </Table.Tr>
        ))}
    </>
  )
}

function SimCell({ name }: { readonly name: string }) {
  return (
    <Table.Td data-name title={name}>
      {name}
    </Table.Td>
  )
}

function LaneCells({ lane, most }: { readonly lane: Phone | Phone['sims'][number]; readonly most: number }) {
  return (
    <>
      <Table.Td className="figures">
        <Group gap="xs" wrap="nowrap">
          <CellBar value={lane.sent} most={most} tone="good" />
          {figure(lane.sent)}
        </Group>
      </Table.Td>
      {[lane.ofCampaigns, lane.segmentsSent, lane.unknown, lane.failed].map((value, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns are always these.
        <Table.Td key={at} ta="right" className="figures">
          {figure(value)}
        </Table.Td>
      ))}
    </>
  )
}

function simName(sim: Phone['sims'][number] | undefined): string {
  if (!sim) return ''
  return sim.carrier ? `SIM ${sim.slot + 1}, ${sim.carrier}` : `SIM ${sim.slot + 1}`
}
