import { Alert, Group, SimpleGrid, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { IconPlayerPause } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Redirect } from 'wouter'
import type { Campaign, Progress } from '../../../shared/operations/campaigns.ts'
import { refresh, useRead } from '../../api.ts'
import { Figure } from '../../components/figure.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { counted, dateAndTime, duration, figure, moment, percent } from '../../lib/times.ts'
import { Actions } from './actions.tsx'
import { Days, HeldMessages } from './forecast.tsx'
import { Messages } from './messages.tsx'
import { Outcomes } from './outcomes.tsx'
import { useRate } from './rate.ts'
import { Replies } from './replies.tsx'
import { Results } from './results.tsx'
import { Plan } from './review.tsx'
import { CampaignPill, StatesBar } from './states.tsx'

/** How often what a running campaign shows is read anew, whether something happened or not. */
const LIVE_MS = 5_000

/** One campaign that was started or scheduled: how it goes, and what came of it. */
export function CampaignView({ id }: { readonly id: number }) {
  const { data: campaign, error, refetch } = useRead('campaigns.get', { id })
  if (!campaign) {
    return (
      <Page title="Campaign">
        {error ? <Problem error={error} onRetry={() => void refetch()} /> : <Skeleton h={360} />}
      </Page>
    )
  }
  if (campaign.state === 'draft') return <Redirect to={`/campaigns/${id}/edit`} replace />
  return (
    <Page
      title={campaign.name}
      about={
        <Group gap="sm">
          <CampaignPill state={campaign.state} />
          {aboutOf(campaign)}
        </Group>
      }
      actions={<Actions campaign={campaign} />}
    >
      <Stack gap="lg">
        {campaign.state === 'paused' && (
          <Alert color="yellow" variant="light" icon={<IconPlayerPause aria-hidden />}>
            <Text size="sm">It is paused. What no phone has attempted waits until you resume it.</Text>
          </Alert>
        )}
        {campaign.state === 'scheduled' ? <Plan campaign={campaign} /> : <Live campaign={campaign} />}
      </Stack>
    </Page>
  )
}

function aboutOf({ state, scheduledAt, startedAt, finishedAt }: Campaign): string {
  if (state === 'scheduled' && scheduledAt !== null) return `starts ${dateAndTime(scheduledAt)}`
  return [
    startedAt !== null && `began ${moment(startedAt)}`,
    finishedAt !== null && `ended ${moment(finishedAt)}`,
    startedAt !== null && finishedAt !== null && `took ${duration(finishedAt - startedAt)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

function Live({ campaign }: { readonly campaign: Campaign }) {
  const { id } = campaign
  const isOpen = campaign.state === 'running' || campaign.state === 'paused'
  const { data, error, refetch, dataUpdatedAt } = useRead(
    'campaigns.progress',
    { id },
    isOpen ? { everyMs: LIVE_MS } : {},
  )
  const rate = useRate(data, dataUpdatedAt)
  const hasResults = campaign.variants.length > 0 || campaign.steps.length > 0
  const client = useQueryClient()
  const isLate = data !== undefined && data.state !== campaign.state
  // The counters are asked for all the time: what they know first holds for the rest of the screen too.
  useEffect(() => {
    if (isLate) void refresh(client, ['campaigns'])
  }, [client, isLate])
  if (!data) return error ? <Problem error={error} onRetry={() => void refetch()} /> : <Skeleton h={320} />
  return (
    <>
      <Stack gap="xs">
        <StatesBar states={data.states} messages={data.messages} />
        <Text size="sm" c="dimmed" className="figures">
          {figure(data.states.sent)} sent of {counted(data.messages, 'message')}
          {!data.filled && isOpen && ', and more are being made'}
          {data.filled && isOpen && campaign.steps.length > 0 && ', and follow-ups may come'}
        </Text>
      </Stack>
      <Figures progress={data} rate={rate} isOpen={isOpen} />
      <Tabs defaultValue="states" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="states">States</Tabs.Tab>
          <Tabs.Tab value="messages">Messages</Tabs.Tab>
          <Tabs.Tab value="replies">Replies ({figure(data.replies)})</Tabs.Tab>
          {hasResults && <Tabs.Tab value="results">Results</Tabs.Tab>}
          <Tabs.Tab value="plan">Plan</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="states" pt="lg">
          <Stack gap="lg">
            {isOpen && <Ahead id={id} />}
            <Outcomes campaign={campaign} progress={data} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="messages" pt="lg">
          <Messages campaignId={id} progress={data} />
        </Tabs.Panel>
        <Tabs.Panel value="replies" pt="lg">
          <Replies campaignId={id} />
        </Tabs.Panel>
        {hasResults && (
          <Tabs.Panel value="results" pt="lg">
            <Results campaign={campaign} everyMs={isOpen ? LIVE_MS : null} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="plan" pt="lg">
          <Plan campaign={campaign} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function Figures({
  progress,
  rate,
  isOpen,
}: {
  readonly progress: Progress
  readonly rate: number | null
  readonly isOpen: boolean
}) {
  const { states, replies, optOuts, segmentsSent } = progress
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      <Figure label="Sent" value={figure(states.sent)} about={counted(segmentsSent, 'segment')} />
      {isOpen ? <Outlook id={progress.id} rate={rate} /> : <Trouble progress={progress} />}
      <Figure
        label="Replies"
        value={figure(replies)}
        about={states.sent > 0 ? `${percent(replies / states.sent)} of those sent` : undefined}
      />
      <Figure
        label="Opt-outs"
        value={figure(optOuts)}
        about={states.sent > 0 ? `${percent(optOuts / states.sent)} of those sent` : undefined}
      />
    </SimpleGrid>
  )
}

/** How fast it goes, and when it ends. */
function Outlook({ id, rate }: { readonly id: number; readonly rate: number | null }) {
  const { data } = useRead('campaigns.outlook', { id }, { everyMs: 15_000 })
  const perMinute = rate === null ? null : rate < 10 ? rate.toFixed(1) : figure(Math.round(rate))
  const end = data?.endsAt ? `ends about ${moment(data.endsAt)}` : ''
  const next = data?.nextAt ? `the next at ${moment(data.nextAt)}` : ''
  return (
    <Figure
      label="Rate"
      value={perMinute === null ? '–' : `${perMinute} / min`}
      about={[end, data?.limitedBy, next].filter(Boolean).join(', ') || undefined}
    />
  )
}

/** What is held until when, and what the days ahead are likely to bring. */
function Ahead({ id }: { readonly id: number }) {
  const { data } = useRead('campaigns.outlook', { id }, { everyMs: 15_000 })
  if (!data) return null
  return (
    <>
      <HeldMessages held={data.held} />
      <Days perDay={data.perDay} />
    </>
  )
}

function Trouble({ progress: { states } }: { readonly progress: Progress }) {
  const troubled = states.failed + states.unknown
  return (
    <Figure
      label="Failed or unknown"
      value={figure(troubled)}
      about={troubled > 0 ? 'the reasons are below' : 'every message has a clear end'}
    />
  )
}
