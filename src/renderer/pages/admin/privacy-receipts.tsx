import { Accordion, List, Stack, Text, Title } from '@mantine/core'
import type { Erasure } from '../../../shared/operations/privacy.ts'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { counted, dateAndTime, figure } from '../../lib/times.ts'
import { More } from './more.tsx'

/** Who was erased when, without saying who. */
export function Receipts() {
  const list = useGrowingList('person.erasures', {})
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        Receipts
      </Title>
      <Problem error={list.error} onRetry={list.retry} />
      {!list.loading && list.items.length === 0 && !list.error && (
        <Text size="sm" c="dimmed">
          Nobody was erased yet.
        </Text>
      )}
      {list.items.length > 0 && (
        <Accordion variant="contained" order={3}>
          {list.items.map(erasure => (
            <Accordion.Item key={erasure.id} value={String(erasure.id)}>
              <Accordion.Control>
                <Text size="sm" component="span" mr="sm">
                  Erasure {erasure.id}, {dateAndTime(erasure.requestedAt)}
                </Text>
                <State erasure={erasure} />
              </Accordion.Control>
              <Accordion.Panel>
                <Receipt erasure={erasure} />
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
      <More list={list} />
    </Stack>
  )
}

function State({ erasure: { state, phones } }: { readonly erasure: Erasure }) {
  if (state === 'waiting') return <Pill tone="wait">waits for texts on their way</Pill>
  const open = phones.filter(phone => phone.confirmedAt === null).length
  return open === 0 ? (
    <Pill tone="good">done</Pill>
  ) : (
    <Pill tone="wait">done here, {counted(open, 'phone')} to confirm</Pill>
  )
}

/** What was erased, what has not been confirmed, and what stays where. */
export function Receipt({ erasure }: { readonly erasure: Erasure }) {
  const { state, underway, finishedAt, removed, phones, stays, requestedBy } = erasure
  const rows = Object.entries(removed)
  return (
    <Stack gap="xs">
      {state === 'waiting' ? (
        <Text size="sm">
          Nothing is sent to this number any more. {counted(underway, 'text is', 'texts are')} on the way; when that has
          come to its end, the person is erased by itself.
        </Text>
      ) : (
        <Text size="sm">
          Done {finishedAt !== null && dateAndTime(finishedAt)}, asked for by {requestedBy}.{' '}
          {rows.length === 0
            ? 'Nothing was there.'
            : `Erased: ${rows.map(([what, count]) => `${what} ${figure(count)}`).join(', ')}.`}
        </Text>
      )}
      {phones.length > 0 && (
        <List size="sm">
          {phones.map(phone => (
            <List.Item key={phone.id}>
              {phone.name}
              {phone.revoked && ' (revoked)'}:{' '}
              {phone.confirmedAt === null
                ? 'has not confirmed yet that its journal names the person no more'
                : `confirmed ${dateAndTime(phone.confirmedAt)}`}
            </List.Item>
          ))}
        </List>
      )}
      <Text size="sm" fw={600}>
        What stays
      </Text>
      <List size="sm">
        {stays.map(one => (
          <List.Item key={one}>{one}</List.Item>
        ))}
      </List>
    </Stack>
  )
}
