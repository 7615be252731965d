import { Skeleton, Stack, Table, Text } from '@mantine/core'
import type { Campaign, Results as Found } from '../../../shared/operations/campaigns.ts'
import { useRead } from '../../api.ts'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { SectionCard } from '../../components/section-card.tsx'
import { figure, percent } from '../../lib/times.ts'

type Step = Found['steps'][number]
type Rate = Step['variants'][number]['replies']

/** What came of each text, side by side, and whether a difference means anything. */
export function Results({ campaign, everyMs }: { readonly campaign: Campaign; readonly everyMs: number | null }) {
  const { data, error, refetch } = useRead(
    'campaigns.results',
    { id: campaign.id },
    everyMs === null ? {} : { everyMs },
  )
  if (!data) return error ? <Problem error={error} onRetry={() => void refetch()} /> : <Skeleton h={240} />
  return (
    <Stack gap="lg">
      {data.steps.map(step => (
        <StepResults key={step.step} step={step} />
      ))}
      <Text size="xs" c="dimmed">
        Rates are of the texts that left, with or without proof. Below each stands where the true rate lies with a
        confidence of 95%. A reply counts for the text before it, and once for each person.
      </Text>
    </Stack>
  )
}

function StepResults({ step: { step, about, variants, verdict } }: { readonly step: Step }) {
  const title = step === 0 ? 'First message' : `Follow-up ${step}`
  return (
    <SectionCard title={title} gap="sm">
      {step > 0 && (
        <Text size="sm" c="dimmed">
          {about}
        </Text>
      )}
      {verdict && (
        <Text size="sm" mt="xs">
          {verdict.sentence}
        </Text>
      )}
      <Table.ScrollContainer minWidth={480} mt="sm">
        <Table layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{verdict ? 'Variant' : 'Text'}</Table.Th>
              <Table.Th w={90} ta="right">
                Sent
              </Table.Th>
              <Table.Th w={90} ta="right">
                Unknown
              </Table.Th>
              <Table.Th w={150} ta="right">
                Replies
              </Table.Th>
              <Table.Th w={150} ta="right">
                Opt-outs
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {variants.map(one => (
              <Table.Tr key={one.label}>
                <Table.Td>
                  <Text size="sm" fw={500} truncate="end" title={one.label}>
                    {one.label || title}
                  </Text>
                  {verdict?.best === one.label && <Pill tone="good">better</Pill>}
                </Table.Td>
                <Table.Td ta="right" className="figures">
                  {figure(one.sent)}
                </Table.Td>
                <Table.Td ta="right" className="figures">
                  {figure(one.unknown)}
                </Table.Td>
                <RateCell rate={one.replies} />
                <RateCell rate={one.optOuts} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </SectionCard>
  )
}

function RateCell({ rate: { people, rate, interval } }: { readonly rate: Rate }) {
  return (
    <Table.Td ta="right" className="figures">
      {figure(people)}
      {rate !== null && ` (${percent(rate)})`}
      {interval !== null && (
        <Text size="xs" c="dimmed">
          {percent(interval[0])} to {percent(interval[1])}
        </Text>
      )}
    </Table.Td>
  )
}
