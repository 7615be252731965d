import {
  ActionIcon,
  Button,
  Group,
  Modal,
  Paper,
  Skeleton,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconArrowDown, IconArrowUp, IconPlus, IconRobot } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { CONSENT_TO } from '../../../shared/consent.ts'
import type { KeywordRule } from '../../../shared/operations/rules.ts'
import { ApiError, useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Empty } from '../../components/empty.tsx'
import { Lead } from '../../components/lead.tsx'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { SectionCard } from '../../components/section-card.tsx'
import { WholeNumber } from '../../components/whole-number.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { dateAndTime } from '../../lib/times.ts'
import { More } from './more.tsx'
import { FITS, RuleForm } from './rule-form.tsx'

/** Keywords that answer, tag, add to a list, record consent or notify; what was held back; and the limits that keep robots apart. */
export function Rules() {
  const { data, error, refetch } = useRead('rules.list', {})
  const [editing, setEditing] = useState<KeywordRule | 'new' | null>(null)
  const order = useChange('rules.order')
  const ids = data?.rules.map(rule => rule.id) ?? []
  const move = (at: number, by: number) => {
    const moved = [...ids]
    moved.splice(at + by, 0, ...moved.splice(at, 1))
    order.mutate({ ids: moved })
  }
  return (
    <Stack gap="xl">
      <Stack>
        <Lead
          action={
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing('new')}>
              Add a rule
            </Button>
          }
        >
          The first rule whose words stand in a text acts. Opt-outs, START and HELP come before all of them, and nobody
          who has opted out is answered.
        </Lead>
        <Problem error={error ?? order.error} onRetry={() => void refetch()} />
        {!data && !error && <Skeleton h={120} />}
        {data?.rules.length === 0 && (
          <Empty icon={IconRobot} title="No rules">
            Add one to answer “hours” by itself, or to let people join a list by text.
          </Empty>
        )}
        {data?.rules.map((rule, at) => (
          <RuleCard
            key={rule.id}
            rule={rule}
            onEdit={() => setEditing(rule)}
            onUp={at === 0 ? null : () => move(at, -1)}
            onDown={at === ids.length - 1 ? null : () => move(at, 1)}
          />
        ))}
      </Stack>
      <TryRules />
      <Limits />
      <HeldBack />
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' ? 'Add a rule' : 'Edit the rule'}
        size="lg"
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {editing !== null && <RuleForm rule={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      </Modal>
    </Stack>
  )
}

function RuleCard({
  rule,
  onEdit,
  onUp,
  onDown,
}: {
  readonly rule: KeywordRule
  readonly onEdit: () => void
  readonly onUp: (() => void) | null
  readonly onDown: (() => void) | null
}) {
  const [removing, setRemoving] = useState(false)
  const update = useChange('rules.update')
  const remove = useChange('rules.delete', { onDone: () => setRemoving(false) })
  const does = [
    ...(rule.tag === '' ? [] : [`tags “${rule.tag}”`]),
    ...(rule.list === '' ? [] : [`adds to “${rule.list}”`]),
    ...(rule.consent === null ? [] : [`records consent to ${CONSENT_TO[rule.consent.kind]}`]),
    ...(rule.notify ? ['notifies'] : []),
    ...(rule.waitMinutes === 0 ? [] : [`at most every ${rule.waitMinutes} min for each person`]),
  ]
  return (
    <Paper withBorder p="md" component="section" aria-label={rule.name}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Stack gap={2} miw={0}>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {rule.name}
            </Text>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {FITS[rule.fits]}: {rule.phrases.map(phrase => `“${phrase}”`).join(' or ')}
            </Text>
            {rule.answer !== '' && (
              <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                Answers: {rule.answer}
              </Text>
            )}
            {rule.consent !== null && (
              <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                They agree to: “{rule.consent.wording}”
              </Text>
            )}
            {does.length > 0 && (
              <Text size="sm" c="dimmed">
                {does.join(' · ')}
              </Text>
            )}
          </Stack>
          <Switch
            label="Active"
            checked={rule.active}
            onChange={event => update.mutate({ id: rule.id, active: event.currentTarget.checked })}
          />
        </Group>
        <Problem error={update.error} />
        <Group gap="xs">
          <ActionIcon
            variant="default"
            disabled={!onUp}
            onClick={() => onUp?.()}
            aria-label={`Try ${rule.name} earlier`}
          >
            <IconArrowUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            disabled={!onDown}
            onClick={() => onDown?.()}
            aria-label={`Try ${rule.name} later`}
          >
            <IconArrowDown size={16} aria-hidden />
          </ActionIcon>
          <Button size="compact-sm" variant="default" onClick={onEdit} aria-label={`Edit ${rule.name}`}>
            Edit
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            onClick={() => setRemoving(true)}
            aria-label={`Delete ${rule.name}`}
          >
            Delete
          </Button>
        </Group>
      </Stack>
      <Confirm
        opened={removing}
        title={`Delete ${rule.name}?`}
        action="Delete"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ id: rule.id })}
        onClose={() => setRemoving(false)}
      >
        What it did stays in the threads.
      </Confirm>
    </Paper>
  )
}

function TryRules() {
  const [text, setText] = useState('')
  const [number, setNumber] = useState('')
  const [asked] = useDebouncedValue(text, 250)
  const [from] = useDebouncedValue(number.replace(/[\s().-]/g, ''), 250)
  const isNumber = /^\+[1-9]\d{4,14}$/.test(from)
  const { data, error } = useRead(
    'rules.try',
    { text: asked, ...(isNumber && { number: from }) },
    { enabled: asked.trim() !== '' },
  )
  const shown = asked.trim() === '' ? undefined : data
  return (
    <SectionCard title="Try it">
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <Textarea
          label="What would this text do?"
          placeholder="When are you open?"
          autosize
          minRows={1}
          maxLength={2000}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          miw={280}
        />
        <TextInput
          label="From this number"
          placeholder="+12025550123"
          value={number}
          maxLength={30}
          onChange={event => setNumber(event.currentTarget.value)}
          error={from !== '' && !isNumber ? 'Write it with + and the country code.' : undefined}
          maw={280}
        />
      </Group>
      <Problem error={error} />
      <div role="status">
        {shown && (
          <Stack gap="xs">
            <Group gap="xs">
              <Pill tone={shown.heldFor !== '' ? 'wait' : shown.rule ? 'good' : 'quiet'}>
                {shown.rule ? shown.rule.name : 'No rule acts'}
              </Pill>
              <Text size="sm">{shown.why}</Text>
            </Group>
            {shown.answer !== '' && <Text size="sm">Answer: {shown.answer}</Text>}
          </Stack>
        )}
      </div>
    </SectionCard>
  )
}

function Limits() {
  const { data } = useRead('settings.get', {})
  return data ? <LimitsForm key={JSON.stringify(data.autoAnswers)} limits={data.autoAnswers} /> : null
}

function LimitsForm({ limits }: { readonly limits: { readonly perHour: number; readonly perDay: number } }) {
  const [draft, setDraft] = useState(limits)
  const update = useChange('settings.update', {
    onDone: () => notifications.show({ message: 'Limits of automatic answers: saved.' }),
  })
  const fields = update.error instanceof ApiError ? update.error.fields : {}
  return (
    <SectionCard title="Limits for each number">
      <Text size="sm" c="dimmed" maw={640}>
        Of all rules, START and HELP together. What says of itself that nobody wrote it, and the same text three times
        in a day, is not answered either; then a number gets no automatic answer until it was silent for a day or
        somebody has answered by hand.
      </Text>
      <form
        onSubmit={event => {
          event.preventDefault()
          update.mutate({ autoAnswers: draft })
        }}
      >
        <Group align="flex-end">
          <WholeNumber
            label="Answers an hour"
            min={1}
            max={60}
            value={draft.perHour}
            onChange={perHour => setDraft({ ...draft, perHour })}
            error={fields['autoAnswers.perHour']}
            w={160}
          />
          <WholeNumber
            label="Answers a day"
            min={1}
            max={200}
            value={draft.perDay}
            onChange={perDay => setDraft({ ...draft, perDay })}
            error={fields['autoAnswers.perDay']}
            w={160}
          />
          <Button type="submit" variant="default" loading={update.isPending}>
            Save
          </Button>
        </Group>
        {Object.keys(fields).length === 0 && <Problem error={update.error} />}
      </form>
    </SectionCard>
  )
}

function HeldBack() {
  const list = useGrowingList('rules.actions', { held: true }, { size: 10 })
  return (
    <SectionCard title="Held back">
      <Problem error={list.error} onRetry={list.retry} />
      {!list.loading && !list.error && list.items.length === 0 && (
        <Text size="sm" c="dimmed">
          No automatic answer was held back.
        </Text>
      )}
      {list.items.map(action => (
        <Stack key={action.inboundId} gap={2}>
          <Group gap="xs">
            <Text component={Link} href={`/inbox/${action.threadId}`} size="sm" fw={500} c="blue.8" className="exact">
              {action.number}
            </Text>
            <Text size="sm">{action.rule || action.cause.toUpperCase()}</Text>
            <Text size="xs" c="dimmed">
              {dateAndTime(action.at)}
            </Text>
          </Group>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            “{action.body}”
          </Text>
          <Text size="xs" c="dimmed">
            {action.why}
          </Text>
        </Stack>
      ))}
      <More list={list} />
    </SectionCard>
  )
}
