import { Button, Center, Checkbox, Select, Skeleton, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import type { Progress } from '../../../shared/operations/campaigns.ts'
import { MESSAGE_STATES, type Message, type MessageState } from '../../../shared/operations/messages.ts'
import { useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { atBoth, figure, moment } from '../../lib/times.ts'
import { MESSAGE_WORDS, MessagePill } from './states.tsx'

const AGAIN: ReadonlySet<MessageState> = new Set(['unknown', 'failed', 'expired', 'cancelled'])

/** Why a follow-up was ended before its time. */
const ENDED: Readonly<Record<string, string>> = {
  answered: 'They have texted, so no reminder is needed.',
  tag_removed: 'The tag was taken away.',
  stopped: 'They had opted out.',
}

/** Each message of a campaign, newest first. */
export function Messages({ campaignId, progress }: { readonly campaignId: number; readonly progress: Progress }) {
  const [state, setState] = useState<MessageState | null>(null)
  const list = useGrowingList('messages.list', { campaignId, states: state === null ? [] : [state] })
  const [again, setAgain] = useState<Message | null>(null)
  const { data: outcomes } = useRead('campaigns.outcomes', { id: campaignId })
  const meanings = new Map(outcomes?.groups.map(({ reason, meaning }) => [reason, meaning]))
  return (
    <Stack>
      <Select
        label="State"
        placeholder="All"
        clearable
        clearButtonProps={{ 'aria-label': 'Show all' }}
        maw={260}
        value={state}
        onChange={value => setState(value as MessageState | null)}
        data={MESSAGE_STATES.filter(one => progress.states[one] > 0 || one === state).map(one => ({
          value: one,
          label: `${MESSAGE_WORDS[one].label} (${figure(progress.states[one])})`,
        }))}
      />
      <Problem error={list.error} onRetry={list.retry} />
      {list.loading && <Skeleton h={160} />}
      {!list.loading && list.items.length === 0 && (
        <Text size="sm" c="dimmed">
          There is no message here.
        </Text>
      )}
      {list.items.length > 0 && (
        <Table.ScrollContainer minWidth={670}>
          <Table verticalSpacing="xs" layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={140}>Number</Table.Th>
                <Table.Th w={200}>State</Table.Th>
                <Table.Th>Text</Table.Th>
                <Table.Th w={130}>When</Table.Th>
                <Table.Th w={108}>
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map(message => (
                <Table.Tr key={message.id}>
                  <Table.Td className="figures">{message.number}</Table.Td>
                  <Table.Td>
                    <MessagePill state={message.state} />
                    {message.state === 'cancelled' && ENDED[message.reason] && (
                      <Text size="xs" c="dimmed">
                        {ENDED[message.reason]}
                      </Text>
                    )}
                    {message.held && (
                      <Text size="xs" c="dimmed" lineClamp={4} title={`because ${message.held.because}`}>
                        until {atBoth(message.held.until, message.held.zone)}, because {message.held.because}
                      </Text>
                    )}
                    {meanings.has(message.reason) && (
                      <Text size="xs" c="dimmed" lineClamp={2} title={meanings.get(message.reason)}>
                        {meanings.get(message.reason)}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td maw={260}>
                    {(message.step > 0 || message.variant !== '') && (
                      <Text size="xs" c="dimmed" truncate="end">
                        {[message.step > 0 && `Follow-up ${message.step}`, message.variant].filter(Boolean).join(', ')}
                      </Text>
                    )}
                    <Text size="sm" truncate="end" title={message.body ?? undefined}>
                      {message.textRemovedAt === null ? (message.body ?? '') : <i>text removed by age rule</i>}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" c="dimmed">
                      {moment(message.settledAt ?? message.attemptedAt ?? message.createdAt)}
                    </Text>
                    {message.phone !== null && (
                      <Text size="xs" c="dimmed" truncate="end" title={message.phone}>
                        {message.phone}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    {AGAIN.has(message.state) && (
                      <Button size="compact-xs" variant="default" onClick={() => setAgain(message)}>
                        Send again
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {list.hasMore && (
        <Center>
          <Button variant="default" onClick={list.more} loading={list.loadingMore}>
            Show more
          </Button>
        </Center>
      )}
      {again && <SendAgain message={again} onClose={() => setAgain(null)} />}
    </Stack>
  )
}

/** Makes a new message that names the old one, after a clear word on what that can mean. */
function SendAgain({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const [agreed, setAgreed] = useState(false)
  const isUnknown = message.state === 'unknown'
  const send = useChange('messages.send-again', { touches: ['campaigns', 'inbox'], onDone: onClose })
  return (
    <Confirm
      opened
      title="Send this again?"
      action="Send again"
      danger={isUnknown}
      busy={send.isPending}
      error={send.error}
      onConfirm={() => send.mutate({ id: message.id, mayArriveTwice: agreed })}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">A new message to {message.number} with the same text waits for its turn.</Text>
        {isUnknown && (
          <Checkbox
            label="The first one may have left: I accept that they may get it twice."
            checked={agreed}
            onChange={event => setAgreed(event.currentTarget.checked)}
          />
        )}
      </Stack>
    </Confirm>
  )
}
