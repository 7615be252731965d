import { Button, SimpleGrid, Skeleton, Stack } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { ReportUnit } from '../../../shared/operations/analytics.ts'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { useRead } from '../../api.ts'
import { Empty } from '../../components/empty.tsx'
import { Figure } from '../../components/figure.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { ownZone } from '../../lib/days.ts'
import { counted, figure, percent } from '../../lib/times.ts'
import { CampaignsReport } from './campaigns.tsx'
import { type Choice, PeriodPicker, periodOf } from './period-picker.tsx'
import { PhonesReport } from './phones.tsx'
import { ReasonsReport } from './reasons.tsx'
import './reports.css'
import { Timeline } from './timeline.tsx'

/** What phones sent and how people answered, over a time that the person chooses. */
export function Reports() {
  const [choice, setChoice] = useState<Choice>({ preset: 'weeks', own: null })
  const [by, setBy] = useState<ReportUnit | null>(null)
  const period = periodOf(choice, Date.now())
  const timeline = useRead('analytics.timeline', { ...period, zone: ownZone, ...(by && { by }) })
  const stats = useRead('system.stats', {})
  const isNew = stats.data !== undefined && hasNothing(stats.data)
  return (
    <Page
      title="Reports"
      about={`What phones sent and how people answered, by the days of ${ownZone.replaceAll('_', ' ')}.`}
    >
      <Stack gap="xl">
        <Problem error={timeline.error} onRetry={() => void timeline.refetch()} />
        {isNew ? (
          <Empty
            icon={IconChartBar}
            title="Nothing to report yet"
            action={
              <Button component={Link} href="/campaigns/new">
                Write a campaign
              </Button>
            }
          >
            Once a campaign sends, its figures are here: by day, campaign and phone, with the reasons for what failed.
          </Empty>
        ) : (
          <>
            <PeriodPicker
              choice={choice}
              onChange={next => {
                setChoice(next)
                setBy(null)
              }}
            />
            {!timeline.data && !timeline.error && <Skeleton h={240} className="late" />}
            {timeline.data && (
              <>
                <Totals total={timeline.data.total} />
                <Timeline data={timeline.data} period={period} by={by} onBy={setBy} />
              </>
            )}
            <CampaignsReport period={period} />
            <PhonesReport period={period} />
            <ReasonsReport period={period} />
          </>
        )}
      </Stack>
    </Page>
  )
}

function Totals({ total }: { readonly total: OutputOf<'analytics.timeline'>['total'] }) {
  const share = (rate: number | null): string | undefined =>
    rate === null ? undefined : `${percent(rate)} of what was sent`
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      <Figure label="Sent by campaigns" value={figure(total.sent)} about={counted(total.segmentsSent, 'segment')} />
      <Figure label="Replies" value={figure(total.replies)} about={share(total.replyRate)} />
      <Figure label="Opt-outs" value={figure(total.optOuts)} about={share(total.optOutRate)} />
      <Figure
        label="Without proof, or failed"
        value={figure(total.unknown + total.failed)}
        about={`${figure(total.unknown)} without proof, ${figure(total.failed)} failed`}
      />
    </SimpleGrid>
  )
}

/** Whether no message has ever come to an end. */
function hasNothing({ messages, inbound }: OutputOf<'system.stats'>): boolean {
  const { sent, unknown, failed, suppressed, expired, cancelled } = messages
  return sent + unknown + failed + suppressed + expired + cancelled + inbound === 0
}
