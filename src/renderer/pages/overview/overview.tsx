import { Alert, Anchor, Grid, Group, Progress, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import { useRead } from '../../api.ts'
import { Figure } from '../../components/figure.tsx'
import { Page } from '../../components/page.tsx'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { SectionCard } from '../../components/section-card.tsx'
import { midnight } from '../../lib/days.ts'
import { ago, counted, figure, percent } from '../../lib/times.ts'
import { useUser } from '../../session.tsx'
import { CampaignPill } from '../campaigns/states.tsx'
import { HALTS } from '../phones/halts.ts'
import { FirstSteps } from './first-steps.tsx'

/** What runs now, what waits for somebody, and how the last weeks went. */
export function Overview() {
  const stats = useRead('system.stats', {})
  const isNew = stats.data !== undefined && stats.data.messages.sent === 0
  const client = useQueryClient()
  // Without the hub every part would say the same.
  if (stats.error && !stats.data) {
    return (
      <Page title="Overview">
        <Problem error={stats.error} onRetry={() => void client.refetchQueries({ type: 'active' })} />
      </Page>
    )
  }
  return (
    <Page title="Overview">
      <Stack gap="xl">
        <Problem error={stats.error} onRetry={() => void stats.refetch()} />
        <Warnings />
        {isNew && <FirstSteps stats={stats.data} />}
        <Grid gap="xl">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Running />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack gap="xl">
              <Waiting />
              <PhonesNow />
            </Stack>
          </Grid.Col>
        </Grid>
        {!isNew && <Periods />}
      </Stack>
    </Page>
  )
}

function Warnings() {
  const { data } = useRead('system.status', {}, { everyMs: 15_000 })
  return data?.sendingBlockedBy.map(reason => (
    <Alert key={reason} color="orange" title="Nothing is sent at the moment">
      {reason}
    </Alert>
  ))
}

function Running() {
  const { data, error, refetch } = useRead('campaigns.list', { states: ['running', 'paused', 'scheduled'], limit: 20 })
  return (
    <SectionCard title="Campaigns now">
      <Problem error={error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton h={72} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          None is running or scheduled.{' '}
          <Anchor component={Link} href="/campaigns/new" size="sm" underline="always">
            Write one
          </Anchor>
        </Text>
      )}
      {data?.items.map(campaign => {
        const share = campaign.messages === 0 ? 0 : campaign.ended / campaign.messages
        return (
          <Stack key={campaign.id} gap={6}>
            <Group justify="space-between" wrap="nowrap">
              <Anchor
                component={Link}
                href={`/campaigns/${campaign.id}`}
                size="sm"
                fw={500}
                truncate="end"
                dir="auto"
                title={campaign.name}
              >
                {campaign.name}
              </Anchor>
              <CampaignPill state={campaign.state} />
            </Group>
            <Progress value={share * 100} size="sm" aria-label={`Progress of ${campaign.name}`} />
            <Text size="xs" c="dimmed" className="figures">
              {figure(campaign.sent)} sent of {figure(campaign.messages)},{' '}
              {counted(campaign.replies, 'reply', 'replies')}
            </Text>
          </Stack>
        )
      })}
    </SectionCard>
  )
}

/** Credentials that end soon and services that need a look: for administrators, who alone may ask. */
function useAccessLines() {
  const enabled = useUser().role === 'admin'
  const grants = useRead('grants.list', {}, { enabled })
  const services = useRead('services.list', {}, { enabled })
  const soon = grants.data?.grants.filter(grant => grant.expiresSoon || grant.state === 'expired').length ?? 0
  const troubled = services.data?.services.filter(
    ({ file, health }) => (file !== null && (file.drift > 0 || file.problem !== '')) || health?.ok === false,
  ).length
  return [
    {
      href: '/admin/people',
      count: soon,
      one: 'credential ends soon or has ended',
      many: 'credentials end soon or have ended',
    },
    { href: '/admin/services', count: troubled ?? 0, one: 'service needs a look', many: 'services need a look' },
  ]
}

function Waiting() {
  const access = useAccessLines()
  const inbox = useRead('inbox.counts', {})
  const stats = useRead('system.stats', {})
  const lines = [
    { href: '/inbox', count: inbox.data?.unread ?? 0, one: 'thread has a new reply', many: 'threads have new replies' },
    {
      href: '/inbox/review',
      count: inbox.data?.review ?? 0,
      one: 'text may be an opt-out',
      many: 'texts may be opt-outs',
    },
    {
      href: '/campaigns',
      count: stats.data?.messages.unknown ?? 0,
      one: 'message is without proof',
      many: 'messages are without proof',
    },
    ...access,
  ].filter(line => line.count > 0)
  return (
    <SectionCard title="Waiting for somebody" gap="sm">
      <Problem error={inbox.error} />
      {!inbox.data && !inbox.error && <Skeleton h={24} />}
      {inbox.data && lines.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing. New replies show up here.
        </Text>
      )}
      {lines.map(({ href, count, one, many }) => (
        <Anchor key={href} component={Link} href={href} size="sm">
          {counted(count, one, many)}
        </Anchor>
      ))}
    </SectionCard>
  )
}

function PhonesNow() {
  const { data, error } = useRead('phones.list', {}, { everyMs: 15_000 })
  return (
    <SectionCard title="Phones" gap="sm">
      <Problem error={error} />
      {!data && !error && <Skeleton h={24} />}
      {data?.phones.length === 0 && (
        <Anchor component={Link} href="/phones" size="sm">
          Pair the first phone
        </Anchor>
      )}
      {data?.phones.map(phone => {
        const halted = phone.status?.lanes.find(
          lane => lane.halt !== null && lane.halt !== 'gate' && lane.halt !== 'sim_missing',
        )
        return (
          <Group key={phone.id} justify="space-between" gap="4px var(--mantine-spacing-sm)">
            <Anchor component={Link} href="/phones" size="sm" truncate="end" dir="auto" title={phone.name}>
              {phone.name}
            </Anchor>
            {!phone.connected ? (
              <Pill tone="wait">
                {phone.lastSeenAt === null ? 'never seen' : `away, seen ${ago(phone.lastSeenAt)}`}
              </Pill>
            ) : halted?.halt ? (
              <Pill tone="wait">{HALTS[halted.halt].what}</Pill>
            ) : (
              <Pill tone="good">ready</Pill>
            )}
          </Group>
        )
      })}
    </SectionCard>
  )
}

function Periods() {
  const now = Date.now()
  const periods = [
    { title: 'Today', from: midnight(now) },
    { title: 'The last 7 days', from: midnight(now, -6) },
    { title: 'The last 4 weeks', from: midnight(now, -27) },
  ]
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h5">
          Campaigns that began
        </Title>
        <Anchor component={Link} href="/reports" size="sm">
          All reports
        </Anchor>
      </Group>
      {periods.map(period => (
        <Period key={period.title} {...period} />
      ))}
    </Stack>
  )
}

function Period({ title, from }: { readonly title: string; readonly from: number }) {
  const { data, error } = useRead('analytics.totals', { from })
  if (error) return <Problem error={error} title={title} />
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Figure label="Campaigns" value={data ? figure(data.campaigns) : '…'} />
        <Figure
          label="Sent"
          value={data ? figure(data.states.sent) : '…'}
          about={data ? counted(data.segmentsSent, 'segment') : undefined}
        />
        <Figure
          label="Replies"
          value={data ? figure(data.replies) : '…'}
          about={data && data.replyRate !== null ? `${percent(data.replyRate)} of what was sent` : undefined}
        />
        <Figure
          label="Opt-outs"
          value={data ? figure(data.optOuts) : '…'}
          about={data && data.optOutRate !== null ? `${percent(data.optOutRate)} of what was sent` : undefined}
        />
      </SimpleGrid>
    </Stack>
  )
}
