import { Button, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import type { Campaign, LeftOut, Progress } from '../../../shared/operations/campaigns.ts'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { MESSAGE_STATES } from '../../../shared/operations/messages.ts'
import { useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Problem } from '../../components/problem.tsx'
import { SectionCard } from '../../components/section-card.tsx'
import { figure } from '../../lib/times.ts'
import { MESSAGE_WORDS, MessagePill } from './states.tsx'

/** Messages by state, what went wrong and why, and who was left out. */
export function Outcomes({ campaign, progress }: { readonly campaign: Campaign; readonly progress: Progress }) {
  const states = MESSAGE_STATES.filter(state => progress.states[state] > 0)
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <SectionCard title="Messages" gap="sm">
        <Table>
          <Table.Tbody>
            {states.map(state => (
              <Table.Tr key={state}>
                <Table.Td w={130}>
                  <MessagePill state={state} />
                </Table.Td>
                <Table.Td>
                  <Text size="sm" c="dimmed">
                    {MESSAGE_WORDS[state].about}
                  </Text>
                </Table.Td>
                <Table.Td ta="right" className="figures" w={70}>
                  {figure(progress.states[state])}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </SectionCard>
      <Stack gap="lg">
        <Troubles campaignId={campaign.id} isTroubled={progress.states.failed + progress.states.unknown > 0} />
        <LeftOutCounts leftOut={progress.leftOut} />
      </Stack>
    </SimpleGrid>
  )
}

type Trouble = OutputOf<'campaigns.outcomes'>['groups'][number]

function Troubles({ campaignId, isTroubled }: { readonly campaignId: number; readonly isTroubled: boolean }) {
  const { data, error } = useRead('campaigns.outcomes', { id: campaignId })
  const [deciding, setDeciding] = useState<{ group: Trouble; as: 'sent' | 'failed' } | null>(null)
  const decide = useChange('messages.decide-all', { touches: ['campaigns'], onDone: () => setDeciding(null) })
  return (
    <SectionCard title="Failed or unknown" gap="sm">
      <Problem error={error} />
      {!isTroubled && (
        <Text size="sm" c="dimmed">
          Nothing.
        </Text>
      )}
      <Stack>
        {isTroubled &&
          data?.groups.map(group => (
            <Group key={`${group.state} ${group.reason}`} justify="space-between" wrap="nowrap" align="flex-start">
              <Stack gap={4}>
                <Group gap="sm">
                  <MessagePill state={group.state} />
                  <Text size="sm" fw={600} className="figures">
                    {figure(group.messages)}
                  </Text>
                </Group>
                <Text size="sm">{group.meaning}</Text>
              </Stack>
              {group.state === 'unknown' && (
                <Stack gap={6} flex="none">
                  <Button size="compact-sm" variant="default" onClick={() => setDeciding({ group, as: 'sent' })}>
                    Mark as sent
                  </Button>
                  <Button size="compact-sm" variant="default" onClick={() => setDeciding({ group, as: 'failed' })}>
                    Mark as failed
                  </Button>
                </Stack>
              )}
            </Group>
          ))}
      </Stack>
      <Confirm
        opened={deciding !== null}
        title={`Mark ${figure(deciding?.group.messages ?? 0)} as ${deciding?.as}?`}
        action={`Mark as ${deciding?.as}`}
        danger={false}
        busy={decide.isPending}
        error={decide.error}
        onConfirm={() => deciding && decide.mutate({ campaignId, reason: deciding.group.reason, as: deciding.as })}
        onClose={() => setDeciding(null)}
      >
        {deciding?.group.meaning} Nothing is sent by this, and it cannot be taken back.
        {(deciding?.group.messages ?? 0) > 1000 && ' A thousand are marked at a time.'}
      </Confirm>
    </SectionCard>
  )
}

const LEFT_OUT_WORDS: Readonly<Record<LeftOut, string>> = {
  suppressed: 'On the suppression list',
  zone_ambiguous: 'No allowed hour in common where they may be',
  field_missing: 'A field of the text is missing',
  body_too_long: 'The text is too long for them',
  body_empty: 'The text is empty for them',
  template_error: 'The text could not be made for them',
  consent_missing: 'No consent on record',
  consent_other_kind: 'Consent of another kind',
  has_message: 'Their number has a message already',
}

function LeftOutCounts({ leftOut }: { readonly leftOut: Readonly<Record<string, number>> }) {
  const shown = Object.entries(leftOut).filter(([, contacts]) => contacts > 0)
  if (shown.length === 0) return null
  return (
    <SectionCard title="Left out at the start" gap="sm">
      <Table>
        <Table.Tbody>
          {shown.map(([code, contacts]) => (
            <Table.Tr key={code}>
              <Table.Td>{LEFT_OUT_WORDS[code as LeftOut] ?? code}</Table.Td>
              <Table.Td ta="right" className="figures">
                {figure(contacts)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </SectionCard>
  )
}
