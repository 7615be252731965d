import {
  Alert,
  Badge,
  Button,
  Checkbox,
  Group,
  Modal,
  Paper,
  Skeleton,
  Stack,
  Switch,
  Table,
  Text,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconWebhook } from '@tabler/icons-react'
import { useState } from 'react'
import type { DeliveryState, Webhook, WebhookTopic } from '../../../shared/operations/webhooks.ts'
import { ApiError, useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Empty } from '../../components/empty.tsx'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Lead } from '../../components/lead.tsx'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { ago, dateAndTime, figure } from '../../lib/times.ts'
import { More } from './more.tsx'
import { ShownOnce } from './shown-once.tsx'

const TOPICS: Readonly<Record<WebhookTopic, string>> = {
  'inbound.text': 'A text came in',
  'message.state': 'A message was sent, failed or is unknown',
  'campaign.state': 'A campaign started, was paused or ended',
  'phone.reach': 'A phone is out of reach, or back',
}
const STATES: Readonly<Record<DeliveryState, { readonly word: string; readonly color: string }>> = {
  pending: { word: 'Waiting', color: 'gray' },
  delivered: { word: 'Taken', color: 'teal' },
  given_up: { word: 'Given up', color: 'red' },
  before_restore: { word: 'From before a restore', color: 'orange' },
}

/** Where the hub tells other programs what happens. */
export function Webhooks() {
  const { data, error, refetch } = useRead('webhooks.list', {})
  const [editing, setEditing] = useState<Webhook | 'new' | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  return (
    <Stack>
      <Lead
        action={
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing('new')}>
            Add a webhook
          </Button>
        }
      >
        Signed, and tried again for two days. Only https and this computer itself are told.
      </Lead>
      <Problem error={error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton h={120} />}
      {data?.webhooks.length === 0 && (
        <Empty icon={IconWebhook} title="No webhooks">
          Add one to let a CRM or a script know of replies and of what became of messages.
        </Empty>
      )}
      {data?.webhooks.map(webhook => (
        <WebhookCard key={webhook.id} webhook={webhook} onEdit={() => setEditing(webhook)} onSecret={setSecret} />
      ))}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' ? 'Add a webhook' : 'Edit the webhook'}
        centered
      >
        {editing !== null && (
          <WebhookForm
            webhook={editing === 'new' ? null : editing}
            onClose={() => setEditing(null)}
            onSecret={setSecret}
          />
        )}
      </Modal>
      <ShownOnce title="The signing secret" label="Secret" secret={secret} onClose={() => setSecret(null)}>
        Copy it now: it is shown this once. With it the other program checks that a delivery is from this hub.
      </ShownOnce>
    </Stack>
  )
}

function WebhookCard({
  webhook,
  onEdit,
  onSecret,
}: {
  readonly webhook: Webhook
  readonly onEdit: () => void
  readonly onSecret: (secret: string) => void
}) {
  const [shown, setShown] = useState(false)
  const [removing, setRemoving] = useState(false)
  const update = useChange('webhooks.update')
  const test = useChange('webhooks.test', { onDone: () => setShown(true) })
  const rotate = useChange('webhooks.rotate-secret', { onDone: ({ secret }) => onSecret(secret) })
  const remove = useChange('webhooks.delete', { onDone: () => setRemoving(false) })
  return (
    <Paper withBorder p="lg" component="section" aria-label={webhook.name}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Stack gap={2} miw={0}>
            <Group gap="xs">
              <Text fw={600}>{webhook.name}</Text>
              {webhook.failingSince !== null && <Badge color="red">Failing since {ago(webhook.failingSince)}</Badge>}
            </Group>
            <Text size="sm" c="dimmed" className="exact" truncate>
              {webhook.url}
            </Text>
            <Text size="xs" c="dimmed">
              {webhook.events.map(event => TOPICS[event]).join(' · ')}
            </Text>
          </Stack>
          <Switch
            label="Active"
            checked={webhook.active}
            onChange={event => update.mutate({ id: webhook.id, active: event.currentTarget.checked })}
          />
        </Group>
        <Problem error={update.error ?? test.error ?? rotate.error} />
        {webhook.lastError !== '' && webhook.failingSince !== null && (
          <Alert color="orange">
            {webhook.lastError} {figure(webhook.pending)} wait.
          </Alert>
        )}
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => setShown(!shown)} aria-expanded={shown}>
            Deliveries
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            loading={test.isPending}
            disabled={!webhook.active}
            onClick={() => test.mutate({ id: webhook.id })}
          >
            Send a test
          </Button>
          <Button size="compact-sm" variant="default" onClick={onEdit}>
            Edit
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            loading={rotate.isPending}
            onClick={() => rotate.mutate({ id: webhook.id })}
          >
            New secret
          </Button>
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => setRemoving(true)}>
            Delete
          </Button>
        </Group>
        {shown && <Deliveries webhook={webhook} />}
      </Stack>
      <Confirm
        opened={removing}
        title={`Delete ${webhook.name}?`}
        action="Delete"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ id: webhook.id })}
        onClose={() => setRemoving(false)}
      >
        What waits for it is not delivered any more.
      </Confirm>
    </Paper>
  )
}

function Deliveries({ webhook }: { readonly webhook: Webhook }) {
  const list = useGrowingList('webhooks.deliveries', { id: webhook.id }, { size: 20 })
  const replay = useChange('webhooks.replay')
  if (list.items.length === 0 && !list.loading && !list.error) {
    return (
      <Text size="sm" c="dimmed">
        Nothing has happened yet that it is told of.
      </Text>
    )
  }
  return (
    <Stack gap="xs">
      <Problem error={list.error ?? replay.error} onRetry={list.retry} />
      <Table>
        <Table.Tbody>
          {list.items.map(delivery => (
            <Table.Tr key={delivery.id}>
              <Table.Td className="figures">{dateAndTime(delivery.at)}</Table.Td>
              <Table.Td>{delivery.event}</Table.Td>
              <Table.Td>
                <Badge color={STATES[delivery.state].color}>{STATES[delivery.state].word}</Badge>
              </Table.Td>
              <Table.Td>
                <Text size="xs" c="dimmed">
                  {delivery.error || (delivery.status !== null ? `answered ${delivery.status}` : '')}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => replay.mutate({ id: webhook.id, delivery: delivery.id })}
                  aria-label={`Send ${delivery.event} of ${dateAndTime(delivery.at)} again`}
                >
                  Again
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <More list={list} />
    </Stack>
  )
}

function WebhookForm({
  webhook,
  onClose,
  onSecret,
}: {
  readonly webhook: Webhook | null
  readonly onClose: () => void
  readonly onSecret: (secret: string) => void
}) {
  const [name, setName] = useState(webhook?.name ?? '')
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [events, setEvents] = useState<string[]>([...(webhook?.events ?? ['inbound.text'])])
  const create = useChange('webhooks.create', {
    onDone: ({ secret }) => {
      onClose()
      onSecret(secret)
    },
  })
  const update = useChange('webhooks.update', { onDone: onClose })
  const error = create.error ?? update.error
  const fields = error instanceof ApiError ? error.fields : {}
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        const given = { name: name.trim(), url: url.trim(), events: events as WebhookTopic[] }
        if (webhook) update.mutate({ id: webhook.id, ...given })
        else create.mutate(given)
      }}
    >
      <Stack>
        {Object.keys(fields).length === 0 && <Problem error={error} />}
        <TextInput
          label="Name"
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          error={fields['name']}
          data-autofocus
        />
        <TextInput
          label="Address"
          placeholder="https://"
          value={url}
          onChange={event => setUrl(event.currentTarget.value)}
          error={fields['url']}
        />
        <Checkbox.Group label="Is told when" value={events} onChange={setEvents} error={fields['events']}>
          <Stack gap="xs" mt="xs">
            {Object.entries(TOPICS).map(([topic, words]) => (
              <Checkbox key={topic} value={topic} label={words} />
            ))}
          </Stack>
        </Checkbox.Group>
        <FormButtons
          loading={create.isPending || update.isPending}
          disabled={name.trim() === '' || url.trim() === '' || events.length === 0}
          onCancel={onClose}
        >
          {webhook ? 'Save' : 'Add'}
        </FormButtons>
      </Stack>
    </form>
  )
}
