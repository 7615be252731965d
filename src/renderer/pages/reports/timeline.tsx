import { Select, SimpleGrid, Table } from '@mantine/core'
import type { ReportUnit } from '../../../shared/operations/analytics.ts'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { figure } from '../../lib/times.ts'
import { Columns, type Series } from './chart.tsx'
import type { Period } from './periods.ts'
import { Scrolls, Section } from './section.tsx'
import { withShare } from './share.ts'

type Report = OutputOf<'analytics.timeline'>

const SENT: readonly Series[] = [
  { label: 'Sent', tone: 'good' },
  { label: 'Without proof', tone: 'wait' },
  { label: 'Failed', tone: 'bad' },
  { label: 'Not sent', tone: 'quiet' },
]
const CAME: readonly Series[] = [
  { label: 'Opt-outs', tone: 'bad' },
  { label: 'Other replies', tone: 'ink' },
]

/** By hours, days, weeks or months: two pictures, and a table that says the same. */
export function Timeline({
  data,
  period,
  by,
  onBy,
}: {
  readonly data: Report
  readonly period: Period
  readonly by: ReportUnit | null
  readonly onBy: (by: ReportUnit | null) => void
}) {
  const points = data.points.map(point => ({
    ...point,
    label: labelOf(data.by, point),
    short: SHORT[data.by].format(point.from),
  }))
  return (
    <Section
      title="By time"
      about="Messages of campaigns, by when they were tried."
      table="timeline"
      period={period}
      by={data.by}
      canSave
      actions={
        <Select
          aria-label="Shown by"
          size="xs"
          w={130}
          data={unitsFor(data).map(value => ({ value, label: `By ${value}` }))}
          value={by ?? data.by}
          onChange={value => onBy(value as ReportUnit | null)}
          allowDeselect={false}
        />
      }
    >
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
        <Columns
          title="Messages"
          series={SENT}
          points={points.map(({ label, short, sent, unknown, failed, notSent }) => ({
            ...{ label, short },
            values: [sent, unknown, failed, notSent],
          }))}
        />
        <Columns
          title="Replies"
          series={CAME}
          points={points.map(({ label, short, replies, optOuts }) => ({
            label,
            short,
            values: [optOuts, replies - optOuts],
          }))}
        />
      </SimpleGrid>
      <Scrolls label="Messages and replies by time">
        <Table verticalSpacing={6} horizontalSpacing="xs" fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              {HEADS.map(head => (
                <Table.Th key={head} ta="right">
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {points.map(point => (
              <Row key={point.from} label={point.label} figures={point} />
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Row label="Together" figures={data.total} isTotal />
          </Table.Tfoot>
        </Table>
      </Scrolls>
    </Section>
  )
}

const HEADS = ['Sent', 'Segments', 'Without proof', 'Failed', 'Not sent', 'Replies', 'Opt-outs', 'Other texts sent']

function Row({
  label,
  figures,
  isTotal = false,
}: {
  readonly label: string
  readonly figures: Report['total']
  readonly isTotal?: boolean
}) {
  const { sent, segmentsSent, unknown, failed, notSent, replies, replyRate, optOuts, optOutRate, otherSent } = figures
  const cells = [sent, segmentsSent, unknown, failed, notSent].map(figure)
  return (
    <Table.Tr fw={isTotal ? 600 : undefined}>
      <Table.Th scope="row" fw="inherit">
        {label}
      </Table.Th>
      {[...cells, withShare(replies, replyRate), withShare(optOuts, optOutRate), figure(otherSent)].map((cell, at) => (
        <Table.Td key={HEADS[at]} ta="right" className="figures">
          {cell}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}

const LENGTH_MS: Readonly<Record<ReportUnit, number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
}

/** Units by which the period has a number of points that can be looked at, and the one it is shown by. */
function unitsFor({ from, to, by }: Report): ReportUnit[] {
  return (Object.keys(LENGTH_MS) as ReportUnit[]).filter(unit => {
    const points = (to - from) / LENGTH_MS[unit]
    return unit === by || (points >= 1 && points <= 120)
  })
}

const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' })
const week = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const hour = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' })
/** Below the columns. */
const SHORT: Readonly<Record<ReportUnit, Intl.DateTimeFormat>> = {
  hour: new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }),
  day: new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' }),
  week: new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' }),
  month: new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' }),
}
const month = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' })

function labelOf(by: ReportUnit, { from, to }: { readonly from: number; readonly to: number }): string {
  if (by === 'hour') return hour.format(from)
  if (by === 'month') return month.format(from)
  return by === 'day' || to - from <= LENGTH_MS.day ? day.format(from) : week.formatRange(from, to - 1)
}
