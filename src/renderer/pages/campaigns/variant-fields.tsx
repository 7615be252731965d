import { ActionIcon, Button, Group, Paper, Radio, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { Goal } from '../../../shared/operations/campaigns.ts'
import type { Audience } from '../../../shared/operations/contacts.ts'
import { MessageField } from './message-field.tsx'
import { TextMeter } from './text-meter.tsx'
import { MOST_VARIANTS, type VariantDraft, withoutVariant, withVariant } from './texts.ts'

/** The first text, or several that are shared out among the audience. */
export function VariantFields({
  value,
  goal,
  problems,
  error,
  replaced,
  shown,
  audience,
  onChange,
  onGoal,
  onShow,
}: {
  readonly value: readonly VariantDraft[]
  readonly goal: Goal
  readonly problems: { readonly all?: string; readonly [key: number]: string }
  /** What the hub says of the text. */
  readonly error: string | undefined
  /** Of the variant whose preview is shown: with plain quotes and dashes. */
  readonly replaced: string | null
  /** The place of the variant whose preview is shown. */
  readonly shown: number
  readonly audience: Audience
  readonly onChange: (value: VariantDraft[]) => void
  readonly onGoal: (goal: Goal) => void
  readonly onShow: (place: number) => void
}) {
  const set = (key: number, change: Partial<VariantDraft>): void =>
    onChange(value.map(one => (one.key === key ? { ...one, ...change } : one)))
  const add = value.length < MOST_VARIANTS && (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => {
        onChange(withVariant(value))
        onShow(value.length)
      }}
    >
      Add variant
    </Button>
  )
  const [only] = value
  if (value.length === 1 && only) {
    return (
      <MessageField
        value={only.template}
        onChange={template => set(only.key, { template })}
        error={problems[only.key] ?? error}
        replaced={replaced}
      >
        {add}
      </MessageField>
    )
  }
  return (
    <Stack gap="sm">
      {value.map((one, place) => (
        <Paper key={one.key} withBorder p="md" role="group" aria-label={`Variant ${one.label}`}>
          <Stack gap="sm">
            <Group align="flex-end" gap="sm" justify="space-between">
              <Group align="flex-end" gap="sm" wrap="nowrap">
                <TextInput
                  label="Label"
                  value={one.label}
                  maxLength={40}
                  onChange={event => set(one.key, { label: event.currentTarget.value })}
                  w={110}
                />
                <TextInput
                  label="Share"
                  inputMode="numeric"
                  value={one.share}
                  onChange={event => set(one.key, { share: event.currentTarget.value })}
                  rightSection={<Text size="sm">%</Text>}
                  w={80}
                />
              </Group>
              <Group gap="xs" wrap="nowrap">
                <Button
                  size="compact-sm"
                  variant={place === shown ? 'light' : 'default'}
                  aria-pressed={place === shown}
                  onClick={() => onShow(place)}
                >
                  Preview
                </Button>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove variant ${one.label}`}
                  onClick={() => {
                    onChange(withoutVariant(value, one.key))
                    onShow(0)
                  }}
                >
                  <IconTrash size={18} aria-hidden />
                </ActionIcon>
              </Group>
            </Group>
            <MessageField
              label={`Message ${one.label}`}
              rows={3}
              value={one.template}
              onChange={template => set(one.key, { template })}
              error={problems[one.key]}
              replaced={place === shown ? replaced : null}
            />
            <TextMeter template={one.template} audience={audience} />
          </Stack>
        </Paper>
      ))}
      {(problems.all ?? error) && (
        <Text size="sm" c="error" role="alert">
          {problems.all ?? error}
        </Text>
      )}
      <Group justify="space-between">
        {add}
        <Radio.Group value={goal} onChange={chosen => onGoal(chosen as Goal)} label="The best one has">
          <Group gap="md" mt={4}>
            <Radio value="replies" label="most replies" />
            <Radio value="few_opt_outs" label="fewest opt-outs" />
          </Group>
        </Radio.Group>
      </Group>
    </Stack>
  )
}
