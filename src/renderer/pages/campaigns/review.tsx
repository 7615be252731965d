import {
  Alert,
  Button,
  Checkbox,
  Group,
  List,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, Redirect, useLocation } from 'wouter'
import { audienceText } from '../../../shared/audience-text.ts'
import { type NamedText, namedTexts, stepText } from '../../../shared/campaign-steps.ts'
import type { Campaign, Review } from '../../../shared/operations/campaigns.ts'
import { call, useChange, useRead } from '../../api.ts'
import { Figure } from '../../components/figure.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { SectionCard } from '../../components/section-card.tsx'
import { requiredText } from '../../lib/consent.ts'
import { dateAndTime, duration, figure, moment } from '../../lib/times.ts'
import { useUser } from '../../session.tsx'
import { expiresAtOf, hoursText, localTime } from './draft.ts'
import { Days } from './forecast.tsx'
import { PhonePreview } from './phone-preview.tsx'

/** What a campaign would do, what stands against it, and the start. */
export function ReviewCampaign({ id }: { readonly id: number }) {
  const { data: campaign, error } = useRead('campaigns.get', { id })
  const review = useReview(campaign)
  if (campaign && campaign.state !== 'draft' && campaign.state !== 'scheduled') {
    return <Redirect to={`/campaigns/${id}`} replace />
  }
  return (
    <Page
      title={campaign ? `Review: ${campaign.name}` : 'Review'}
      actions={
        <Button variant="default" component={Link} href={`/campaigns/${id}/edit`}>
          Edit
        </Button>
      }
    >
      <Stack gap="lg">
        <Problem error={error ?? review.error} onRetry={() => void review.refetch()} />
        {!review.data && !review.error && !error && <Skeleton h={320} aria-label="The audience is being looked at" />}
        {campaign && review.data && (
          <>
            <Findings review={review.data} />
            <Figures review={review.data} />
            <Group align="flex-start" gap="xl" wrap="wrap">
              <Stack flex="1 1 340px" gap="lg">
                <LeftOut review={review.data} />
                <Texts review={review.data} />
                <Plan campaign={campaign} />
                <Days perDay={review.data.perDay} />
              </Stack>
              <Stack flex="1 1 320px" gap="lg">
                <Start campaign={campaign} review={review.data} />
                <Test campaign={campaign} />
                <Preview campaign={campaign} />
              </Stack>
            </Group>
          </>
        )}
      </Stack>
    </Page>
  )
}

/** Looks at the whole audience, so it is asked again only when the plan or the phones have changed, and not at each event. */
function useReview(campaign: Campaign | undefined) {
  const { data: phones } = useRead('phones.list', {})
  const lanes = phones?.phones.map(({ id, connected, canProve, sims }) => [id, connected, canProve, sims])
  return useQuery({
    queryKey: ['review', campaign, lanes],
    queryFn: () => call('campaigns.review', { id: campaign!.id }),
    enabled: campaign !== undefined && phones !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
}

function Findings({ review: { findings, startable } }: { readonly review: Review }) {
  const group = (level: 'error' | 'warning'): string[] =>
    findings.filter(finding => finding.level === level).map(finding => finding.message)
  const [errors, warnings] = [group('error'), group('warning')]
  return (
    <Stack gap="sm">
      {errors.length > 0 && (
        <Alert color="red" variant="light" icon={<IconCircleX aria-hidden />} title="This keeps it from starting">
          <Sentences of={errors} />
        </Alert>
      )}
      {warnings.length > 0 && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} title="Look at this first">
          <Sentences of={warnings} />
        </Alert>
      )}
      {startable && warnings.length === 0 && (
        <Alert color="teal" variant="light" icon={<IconCircleCheck aria-hidden />}>
          <Text size="sm">Nothing stands against it.</Text>
        </Alert>
      )}
    </Stack>
  )
}

function Sentences({ of: sentences }: { readonly of: readonly string[] }) {
  return (
    <List size="sm" spacing={4}>
      {sentences.map(sentence => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
    </List>
  )
}

function Figures({ review }: { readonly review: Review }) {
  const { messages, audience, segments, ucs2, durationMs, endsAt, limitedBy } = review
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      <Figure label="Messages" value={figure(messages)} about={`of ${figure(audience)} in the audience`} />
      <Figure
        label="Segments"
        value={figure(segments)}
        about={ucs2 > 0 ? `${figure(ucs2)} messages are UCS-2` : 'what the carrier counts'}
      />
      <Figure label="Takes" value={durationMs === null ? 'unknown' : duration(durationMs)} about={limitedBy} />
      <Figure
        label="Ends about"
        value={endsAt === null ? 'unknown' : moment(endsAt)}
        about="at the soonest, if it starts now"
      />
    </SimpleGrid>
  )
}

function LeftOut({ review: { leftOut } }: { readonly review: Review }) {
  const shown = leftOut.filter(entry => entry.contacts > 0)
  return (
    <SectionCard title="Left out" gap="sm">
      {shown.length === 0 ? (
        <Text size="sm" c="dimmed">
          Everybody in the audience gets a message.
        </Text>
      ) : (
        <Table>
          <Table.Tbody>
            {shown.map(({ code, contacts, message }) => (
              <Table.Tr key={code}>
                <Table.Td>{message}</Table.Td>
                <Table.Td ta="right" className="figures" w={90}>
                  {figure(contacts)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </SectionCard>
  )
}

/** How many get which text, and when the follow-ups go. */
function Texts({ review: { variants, steps } }: { readonly review: Review }) {
  if (variants.length + steps.length === 0) return null
  return (
    <SectionCard title="Texts" gap="sm">
      <Table>
        <Table.Tbody>
          {variants.map(({ label, share, messages }) => (
            <Table.Tr key={label}>
              <Table.Td>
                Variant {label}, {share}%
              </Table.Td>
              <Table.Td ta="right" className="figures" w={90}>
                {figure(messages)}
              </Table.Td>
            </Table.Tr>
          ))}
          {steps.map(({ step, message, messages, beginsAt, endsAt }) => (
            <Table.Tr key={step}>
              <Table.Td>
                {message}
                {beginsAt !== null && (
                  <Text size="xs" c="dimmed">
                    The first {moment(beginsAt)} at the soonest{endsAt !== null && `, the last about ${moment(endsAt)}`}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right" className="figures" w={90}>
                {figure(messages)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </SectionCard>
  )
}

/** What was decided, in words. */
export function Plan({ campaign }: { readonly campaign: Campaign }) {
  const { data } = useRead('phones.list', {})
  const lanes = (data?.phones ?? []).flatMap(phone =>
    phone.sims.filter(sim => campaign.sims?.includes(sim.id)).map(sim => `${phone.name}, SIM ${sim.slot + 1}`),
  )
  const rows = [
    ...campaign.variants.map(one => [`${one.label}, ${one.share}%`, one.template]),
    ...campaign.steps.map((step, at) => [`Follow-up ${at + 1}`, `${stepText(step)}: ${step.template}`]),
    ...(campaign.variants.length > 0
      ? [
          [
            'Best is',
            campaign.goal === 'replies' ? 'the variant with most replies' : 'the variant with fewest opt-outs',
          ],
        ]
      : []),
    ...(campaign.steps.some(step => step.condition !== 'no_reply')
      ? [['Waits', `${campaign.waitDays === 1 ? '1 day' : `${campaign.waitDays} days`} for replies and tags`]]
      : []),
    ['Audience', audienceText(campaign.audience)],
    ['Consent', requiredText(campaign.requireConsent, campaign.consentKind)],
    ['Allowed hours', `${hoursText(campaign.hours)}, where the recipient is`],
    ['Phones', campaign.sims === null ? 'every one that is switched on' : lanes.join('; ')],
    ['Expires', campaign.expiresAt === null ? 'never' : dateAndTime(campaign.expiresAt)],
  ]
  return (
    <SectionCard title="Plan" gap="sm">
      <Table>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={130} fw={500}>
                {name}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </SectionCard>
  )
}

/** From now on, or at a time to come. */
function Start({ campaign, review }: { readonly campaign: Campaign; readonly review: Review }) {
  const [, go] = useLocation()
  const user = useUser()
  const [at, setAt] = useState(campaign.scheduledAt === null ? '' : localTime(campaign.scheduledAt))
  const [unproven, setUnproven] = useState(false)
  const start = useChange('campaigns.start', { onDone: () => go(`/campaigns/${campaign.id}`) })
  const cannotProve = review.findings.some(finding => finding.code === 'cannot_prove')
  const onlyUnproven = review.findings
    .filter(finding => finding.level === 'error')
    .every(one => one.code === 'cannot_prove')
  const mayStart = review.startable || (unproven && onlyUnproven)
  const scheduledAt = expiresAtOf(at)
  const agreed = unproven ? { allowUnproven: true } : {}
  return (
    <SectionCard title="Start" gap="sm">
      <Stack>
        <Problem error={start.error} />
        {cannotProve && user.role === 'admin' && (
          <Checkbox
            label="Also through phones that cannot prove a send"
            description="What they send ends as unknown."
            checked={unproven}
            onChange={event => setUnproven(event.currentTarget.checked)}
          />
        )}
        <Button
          onClick={() => start.mutate({ id: campaign.id, ...agreed })}
          loading={start.isPending && start.variables.at === undefined}
          disabled={!mayStart}
        >
          Start now
        </Button>
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            type="datetime-local"
            label="Or at"
            value={at}
            onChange={event => setAt(event.currentTarget.value)}
            flex={1}
          />
          <Button
            variant="default"
            disabled={!mayStart || scheduledAt === null}
            loading={start.isPending && start.variables.at !== undefined}
            onClick={() => scheduledAt !== null && start.mutate({ id: campaign.id, at: scheduledAt, ...agreed })}
          >
            Schedule
          </Button>
        </Group>
      </Stack>
    </SectionCard>
  )
}

function Test({ campaign }: { readonly campaign: Campaign }) {
  const [number, setNumber] = useState('')
  const texts = namedTexts(campaign)
  const [at, setAt] = useState(0)
  const { step, variant } = texts[at] ?? texts[0]!
  const test = useChange('campaigns.test', {
    onDone: () => notifications.show({ message: 'The test is on its way to your phone.' }),
  })
  return (
    <SectionCard title="Test message" gap="sm">
      <form
        onSubmit={event => {
          event.preventDefault()
          const given = { id: campaign.id, number: number.replace(/[\s().-]/g, ''), step }
          test.mutate(variant === undefined ? given : { ...given, variant })
        }}
      >
        <Stack>
          <Problem error={test.error} />
          <WhichText texts={texts} at={at} onChange={setAt} />
          <Group align="flex-end" wrap="nowrap">
            <TextInput
              label="Your own number"
              placeholder="+12025550123"
              type="tel"
              value={number}
              onChange={event => setNumber(event.currentTarget.value)}
              flex={1}
            />
            <Button type="submit" variant="default" loading={test.isPending} disabled={number.trim() === ''}>
              Send test
            </Button>
          </Group>
        </Stack>
      </form>
    </SectionCard>
  )
}

/** Nothing where there is one text only. */
function WhichText({
  texts,
  at,
  onChange,
}: {
  readonly texts: readonly NamedText[]
  readonly at: number
  readonly onChange: (at: number) => void
}) {
  if (texts.length < 2) return null
  return (
    <Select
      label="Text"
      data={texts.map(({ name }, place) => ({ value: String(place), label: name }))}
      value={String(at)}
      onChange={place => place !== null && onChange(Number(place))}
      allowDeselect={false}
    />
  )
}

function Preview({ campaign }: { readonly campaign: Campaign }) {
  const texts = namedTexts(campaign)
  const [at, setAt] = useState(0)
  const { template } = texts[at] ?? texts[0]!
  const { data } = useRead('campaigns.preview', { template, audience: campaign.audience, contacts: 8 })
  return (
    <Stack gap="sm">
      <WhichText texts={texts} at={at} onChange={setAt} />
      {data ? <PhonePreview previews={data.previews} /> : <Skeleton h={280} />}
    </Stack>
  )
}
