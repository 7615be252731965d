import { ActionIcon, Autocomplete, Button, Group, Paper, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { Audience } from '../../../shared/operations/contacts.ts'
import { useRead } from '../../api.ts'
import { MessageField } from './message-field.tsx'
import { TextMeter } from './text-meter.tsx'
import { type Condition, MOST_STEPS, newStep, type StepDraft } from './texts.ts'

const CONDITIONS: readonly { readonly value: Condition; readonly label: string }[] = [
  { value: 'no_reply', label: 'Without a reply' },
  { value: 'reply', label: 'After a reply' },
  { value: 'tag', label: 'After a tag' },
]

const ABOUT: Readonly<Record<Condition, string>> = {
  no_reply: 'To everybody who has not texted by then, counted from the text before it.',
  reply: 'To whoever answers, counted from their first reply.',
  tag: 'To whoever’s conversation gets this tag in the inbox.',
}

/** Follow-ups: further texts that people get later, each once at most. */
export function StepFields({
  value,
  problems,
  waitDays,
  audience,
  onChange,
  onWaitDays,
}: {
  readonly value: readonly StepDraft[]
  readonly problems: { readonly [key: number]: string }
  readonly waitDays: string
  readonly audience: Audience
  readonly onChange: (value: StepDraft[]) => void
  readonly onWaitDays: (value: string) => void
}) {
  const set = (key: number, change: Partial<StepDraft>): void =>
    onChange(value.map(step => (step.key === key ? { ...step, ...change } : step)))
  return (
    <Stack>
      {value.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing follows the first message.
        </Text>
      )}
      {value.map((step, at) => (
        <StepCard
          key={step.key}
          name={`Follow-up ${at + 1}`}
          step={step}
          audience={audience}
          problem={problems[step.key]}
          onChange={change => set(step.key, change)}
          onRemove={() => onChange(value.filter(other => other.key !== step.key))}
        />
      ))}
      {value.some(step => step.condition !== 'no_reply') && (
        <TextInput
          label="Waits for replies and tags"
          description="So many days after its last text; then the campaign is completed."
          inputMode="numeric"
          value={waitDays}
          onChange={event => onWaitDays(event.currentTarget.value)}
          rightSection={<Text size="sm">days</Text>}
          rightSectionWidth={56}
          w={260}
        />
      )}
      {value.length < MOST_STEPS && (
        <Button
          variant="default"
          size="compact-sm"
          w="fit-content"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => onChange([...value, newStep()])}
        >
          Add follow-up
        </Button>
      )}
    </Stack>
  )
}

function StepCard({
  name,
  step,
  audience,
  problem,
  onChange,
  onRemove,
}: {
  readonly name: string
  readonly step: StepDraft
  readonly audience: Audience
  readonly problem: string | undefined
  readonly onChange: (change: Partial<StepDraft>) => void
  readonly onRemove: () => void
}) {
  const { data } = useRead('inbox.tags', {}, { enabled: step.condition === 'tag' })
  return (
    <Paper withBorder p="md" role="group" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Text size="sm" fw={600}>
            {name}
          </Text>
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${name.toLowerCase()}`} onClick={onRemove}>
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
        <Group align="flex-end" gap="sm">
          <Select
            label="When"
            data={CONDITIONS.map(one => ({ ...one }))}
            value={step.condition}
            onChange={condition => condition && onChange({ condition })}
            allowDeselect={false}
            w={160}
          />
          {step.condition === 'tag' && (
            <Autocomplete
              label="Tag"
              data={data?.tags.map(tag => tag.name) ?? []}
              value={step.tag}
              maxLength={120}
              onChange={tag => onChange({ tag })}
              w={130}
            />
          )}
          <Group align="flex-end" gap="xs" wrap="nowrap">
            <TextInput
              label="Wait"
              inputMode="numeric"
              value={step.delay}
              onChange={event => onChange({ delay: event.currentTarget.value })}
              w={56}
            />
            <Select
              aria-label="Unit of the wait"
              data={['hours', 'days']}
              value={step.unit}
              onChange={unit => unit && onChange({ unit: unit as StepDraft['unit'] })}
              allowDeselect={false}
              w={90}
            />
          </Group>
        </Group>
        <Text size="xs" c="dimmed">
          {ABOUT[step.condition]}
        </Text>
        <MessageField
          label={`Text of ${name.toLowerCase()}`}
          rows={2}
          value={step.template}
          onChange={template => onChange({ template })}
          error={problem}
          replaced={null}
        />
        <TextMeter template={step.template} audience={audience} />
      </Stack>
    </Paper>
  )
}
